"""Three values and dates. ``None`` is unknown everywhere (Kleene's logic)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

Truth = bool | None


def all3(values: Iterable[Truth]) -> Truth:
    """False if one is false, else unknown if one is unknown, else true."""
    values = list(values)
    if any(v is False for v in values):
        return False
    return None if any(v is None for v in values) else True


def any3(values: Iterable[Truth]) -> Truth:
    """True if one is true, else unknown if one is unknown, else false."""
    values = list(values)
    if any(v is True for v in values):
        return True
    return None if any(v is None for v in values) else False


def not3(value: Truth) -> Truth:
    return None if value is None else not value


def is_one_of(value: object, *codes: object) -> Truth:
    """Whether a known value is one of the codes."""
    return None if value is None else value in codes


def less(a: Any, b: Any) -> Truth:
    return None if a is None or b is None else bool(a < b)


def at_most(a: Any, b: Any) -> Truth:
    return None if a is None or b is None else bool(a <= b)


def years_old(birth: date, on: date) -> int:
    """Full years; who was born on 29 February is a year older on 1 March of a common year."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def months_before(on: date, months: int) -> date:
    """The same day some months before, or the last day of that month where it is shorter."""
    index = on.year * 12 + on.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def last_31_august(on: date) -> date:
    """The last 31 August that is not after ``on``."""
    this = date(on.year, 8, 31)
    return this if this <= on else date(on.year - 1, 8, 31)


def days(count: int) -> timedelta:
    return timedelta(days=count)
