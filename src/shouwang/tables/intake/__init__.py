"""Office spreadsheets → exchange tables: :func:`take_in` reads, :meth:`Intake.write` writes."""

from shouwang.tables.intake.intake import Intake, take_in
from shouwang.tables.intake.kindwords import KindWords

__all__ = ["Intake", "KindWords", "take_in"]
