"""Dates in every usual writing; what lacks its year or its month is kept out, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shouwang.tables.intake.wording import chinese_number, is_dash, squeezed
from shouwang.tables.sheets import Value

_TIME = r"(?:[T上下午]*[0-9]{1,2}(?::|时|点)[0-9]{1,2}(?:[:分][0-9.]{0,9})?秒?(?:Z|\+[0-9:]+)?)?"
_WEEK = r"(?:\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_FULL = re.compile(
    rf"([12][0-9]{{3}})(?:年|[-./、])([0-9]{{1,2}})(?:月|[-./、])([0-9]{{1,2}})(?:日|号)?{_WEEK}{_TIME}"
)
_COMPACT = re.compile(rf"([12][0-9]{{3}})([0-9]{{2}})([0-9]{{2}})(?:\.0)?{_TIME}")
_MONTH = re.compile(r"([12][0-9]{3})(?:年|[-./])([0-9]{1,2})月?(?:份)?|([12][0-9]{3})(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"([12][0-9]{3})(?:年)?(?:第?([一二三四1-4])季度|Q([1-4]))", re.IGNORECASE)
_CHINESE = re.compile(
    r"([零〇○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?"
)
_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 18264, 73050  # 1950-01-01 to 2099-12-31


@dataclass(frozen=True)
class DateReading:
    """``day`` is None where nothing can be read; ``precision`` is ``day``, ``month``, ``quarter`` or ''.

    A month is not a day: its ``day`` is the first of the month, and the reader of the table decides.
    """

    day: date | None
    precision: str = ""
    quarter: str = ""

    @property
    def blank(self) -> bool:
        return self.precision == "blank"


NOTHING = DateReading(None)
BLANK = DateReading(None, "blank")


def read_date(value: Value) -> DateReading:
    """Reads one date cell: real dates, serial numbers, 20240305, and text in every usual writing."""
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return NOTHING
    if isinstance(value, datetime):
        return DateReading(value.date(), "day")
    if isinstance(value, date):
        return DateReading(value, "day")
    if isinstance(value, (int, float)):
        return _from_number(value)
    text = squeezed(value).strip("'\"‘’“”`")
    if not text or is_dash(text):
        return BLANK
    return _from_text(text)


def _from_number(value: int | float) -> DateReading:
    whole = int(value)
    if _FIRST_SERIAL <= value < _LAST_SERIAL:
        return DateReading(_EPOCH + timedelta(days=whole), "day")
    if whole != value:
        return NOTHING  # 2024.1 may be January or October
    text = str(whole)
    return _from_text(text) if len(text) in (6, 8) else NOTHING


def _from_text(text: str) -> DateReading:
    found = _FULL.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    chinese = _CHINESE.fullmatch(text)
    if chinese:
        year, month, day = (chinese_number(part) or 0 for part in chinese.groups())
        return _day(year, month, day)
    quarter = _QUARTER.fullmatch(text)
    if quarter:
        number = quarter[3] or str(chinese_number(quarter[2]))
        return DateReading(None, "quarter", f"{quarter[1]}Q{number}")
    month_only = _MONTH.fullmatch(text)
    if month_only:
        reading = _day(int(month_only[1] or month_only[3]), int(month_only[2] or month_only[4]), 1)
        return DateReading(reading.day, "month") if reading.day else NOTHING
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):
        return _from_number(float(text))  # a serial number in a text cell
    return NOTHING


def _day(year: int, month: int, day: int) -> DateReading:
    try:
        result = date(year, month, day)
    except ValueError:
        return NOTHING
    return DateReading(result, "day") if 1880 <= year <= 2099 else NOTHING
