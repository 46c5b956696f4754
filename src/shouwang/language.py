"""Chinese first, English complete: gettext for everything a person reads.

Message ids are the Chinese sentences; ``locale/en`` translates them. The language is Chinese unless
``SHOUWANG_LANGUAGE`` says ``en``, or :func:`use` was called (the command line's ``--language``).
"""

from __future__ import annotations

import gettext as _gettext
import os
from pathlib import Path

LANGUAGES = ("zh", "en")
_LOCALE = Path(__file__).parent / "locale"
_current = "zh"
_translations: _gettext.NullTranslations = _gettext.NullTranslations()


def use(language: str) -> None:
    """Speak ``zh`` or ``en`` from now on; anything else is an error of the caller."""
    global _current, _translations
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {LANGUAGES}, not {language!r}")
    _current = language
    _translations = (
        _gettext.translation("shouwang", _LOCALE, languages=["en"])
        if language == "en"
        else _gettext.NullTranslations()
    )


def current() -> str:
    """``zh`` or ``en``."""
    return _current


def _(message: str) -> str:
    """The sentence in the language now spoken; ``message`` is the Chinese one, with ``{names}`` to fill."""
    return _translations.gettext(message)


def from_environment() -> str:
    """The language that ``SHOUWANG_LANGUAGE`` asks for; Chinese where it asks for nothing we speak."""
    wanted = os.environ.get("SHOUWANG_LANGUAGE", "zh")[:2].lower()
    return wanted if wanted in LANGUAGES else "zh"
