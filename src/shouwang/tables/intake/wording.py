"""Text as people type it, made comparable: full width, blanks, invisible characters, numerals, groups."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache

from shouwang.tables.sheets import Value

_DOTS = re.compile("[·•‧∙⋅・･●﹒．᛫]")
_DIGITS = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_GROUP = re.compile(r"第?([0-9]{1,3}|[零〇一二两三四五六七八九十百]{1,5})(村民小组|村民组|小组|组|社|队|屯)")


def text_of(value: Value) -> str:
    """A cell as text: whole numbers without their ``.0``, dates in ISO form, empty as ''."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value)


def visible(text: str) -> str:
    """Without control and format characters (zero width, direction marks, BOM)."""
    return "".join(c for c in text if c in "\t\n\r" or unicodedata.category(c) not in ("Cf", "Cc"))


def tidy(value: Value) -> str:
    """NFKC, no invisible characters, outer blanks gone, inner ones single: how free text is kept."""
    return " ".join(unicodedata.normalize("NFKC", visible(text_of(value))).split())


def squeezed(value: Value) -> str:
    """NFKC and no blanks at all: how words are compared."""
    return _squeezed(value if isinstance(value, str) else text_of(value))


@lru_cache(maxsize=65536)
def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", visible(text)).split())


def person_name(value: Value) -> str:
    """A name for comparison and storage: no blanks, every middle dot the same.

    Not NFKC for the characters themselves beyond that: rare characters stay as they are.
    """
    name = squeezed(_DOTS.sub("·", text_of(value)))
    return _DOTS.sub("·", name)


def chinese_number(text: str) -> int | None:
    """``三`` → 3, ``十二`` → 12, ``12`` → 12; None for anything else. Up to 999."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(c not in _DIGITS and c not in "十百" for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, None
    for c in text:
        if c in "十百":
            total += (1 if digit is None else digit) * (10 if c == "十" else 100)
            digit = None
        else:
            digit = _DIGITS[c]
    return total + (digit or 0)


def group_key(value: Value) -> str:
    """A group made comparable: ``第三村民小组``, ``3社``, ``三组`` and 3 are ``3``; names stay."""
    text = squeezed(value)
    found = _GROUP.fullmatch(text)
    if found:
        number = chinese_number(found[1])
        return str(number) if number is not None else text
    number = chinese_number(text)
    if number is not None:
        return str(number)
    return "" if is_dash(text) else re.sub(r"(村民小组|村民组|小组|组|社|队|屯)$", "", text)


def group_in(text: str) -> str:
    """The group that an address names, as :func:`group_key` gives it; '' where it names none."""
    found = _GROUP.search(squeezed(text))
    if not found:
        return ""
    number = chinese_number(found[1])
    return "" if number is None else str(number)


def is_dash(text: str) -> bool:
    """Strokes, slashes and dots alone: written where there is nothing to write."""
    return bool(text) and (text == "无" or all(c in "-—–―‐‑−_/\\、.。·…⋯~～|*" for c in text))


def is_ellipsis(text: str) -> bool:
    """Only dots: a row that says "and so on"."""
    return bool(text) and all(c in ".…⋯。·" for c in text)
