"""Office spreadsheets → exchange tables: :func:`take_in` reads, :meth:`Intake.write` writes."""

from shouwang.tables.intake.intake import Intake, take_in
from shouwang.tables.intake.kindwords import KindWords, load_words

__all__ = ["Intake", "KindWords", "load_words", "take_in"]
