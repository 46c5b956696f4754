"""Working days of China 2023-2025, typed in by hand from the notices of the State Council's office."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

Calendar = Callable[[date], bool]  # whether a day is a working day

_HOLIDAYS = """
2022-12-31/2023-01-02 2023-01-21/2023-01-27 2023-04-05/2023-04-05 2023-04-29/2023-05-03 2023-06-22/2023-06-24
2023-09-29/2023-10-06 2023-12-30/2024-01-01
2024-02-10/2024-02-17 2024-04-04/2024-04-06 2024-05-01/2024-05-05 2024-06-08/2024-06-10 2024-09-15/2024-09-17
2024-10-01/2024-10-07
2025-01-01/2025-01-01 2025-01-28/2025-02-04 2025-04-04/2025-04-06 2025-05-01/2025-05-05 2025-05-31/2025-06-02
2025-10-01/2025-10-08
"""
_MADE_UP = """
2023-01-28 2023-01-29 2023-04-23 2023-05-06 2023-06-25 2023-10-07 2023-10-08
2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12
2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
"""


def _span(text: str) -> Iterator[date]:
    first, last = (date.fromisoformat(part) for part in text.split("/"))
    while first <= last:
        yield first
        first += timedelta(days=1)


HOLIDAYS = frozenset(day for text in _HOLIDAYS.split() for day in _span(text))
MADE_UP = frozenset(date.fromisoformat(text) for text in _MADE_UP.split())


def is_working_day(day: date) -> bool:
    """Other years: Monday to Friday, nothing better is known."""
    if day in MADE_UP:
        return True
    return day.weekday() < 5 and day not in HOLIDAYS


def working_days_after(start: date, end: date, calendar: Calendar = is_working_day) -> int:
    """How many working days lie after ``start``, up to ``end`` itself (0 where ``end`` is not later)."""
    count, day = 0, start
    while day < end:
        day += timedelta(days=1)
        count += calendar(day)
    return count
