"""Chinese first, English complete: gettext for everything a person reads.

Message ids are the Chinese sentences; ``locale/en`` translates them. The language is Chinese unless
``SHOUWANG_LANGUAGE`` says ``en``, or :func:`use` was called (the command line's ``--language``). The server speaks
each person's own: :func:`speaking` holds for one request.
"""

from __future__ import annotations

import gettext as _gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
_LOCALE = Path(__file__).parent / "locale"
_default = "zh"
_here: ContextVar[str | None] = ContextVar("language", default=None)


def use(language: str) -> None:
    """Speak ``zh`` or ``en`` from now on; anything else is an error of the caller."""
    global _default
    _default = _known(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak ``zh`` or ``en`` inside this block and thread alone."""
    token = _here.set(_known(language))
    try:
        yield
    finally:
        _here.reset(token)


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {LANGUAGES}, not {language!r}")
    return language


@cache
def _translations(language: str) -> _gettext.NullTranslations:
    if language == "en":
        return _gettext.translation("shouwang", _LOCALE, languages=["en"])
    return _gettext.NullTranslations()


def current() -> str:
    """``zh`` or ``en``."""
    return _here.get() or _default


def _(message: str) -> str:
    """The sentence in the language now spoken; ``message`` is the Chinese one, with ``{names}`` to fill."""
    return _translations(current()).gettext(message)


def from_environment() -> str:
    """The language that ``SHOUWANG_LANGUAGE`` asks for; Chinese where it asks for nothing we speak."""
    wanted = os.environ.get("SHOUWANG_LANGUAGE", "zh")[:2].lower()
    return wanted if wanted in LANGUAGES else "zh"
