"""Working days of China: is one, how many between, the n-th after; and the limits that rest on them.

Everything is answered from one array of cumulative counts, so a question costs the same however far apart its
days are, and an engine can join the counts as a table (:meth:`Calendar.rows`).
"""

from __future__ import annotations

import datetime as dt
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from shouwang.calendar.holidays import HolidayTable, complete

_DAY = dt.timedelta(days=1)
_SATURDAY = 5
NO_TABLE = HolidayTable()


class UnknownYear(LookupError):
    """The holidays of ``year`` are in no table, so whatever rests on them is unknown."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"the holidays of {year} are not known")


class Calendar:
    """The working days of all years that the package or the pack's table knows, counted up."""

    def __init__(self, table: HolidayTable = NO_TABLE) -> None:
        known = complete(table)
        self.first = dt.date(min(known.years), 1, 1)
        self.last = dt.date(max(known.years), 12, 31)
        self._base = self.first.toordinal() - 1
        self._counts = array("l", [0])  # [n]: working days among the first n days
        for ordinal in range(self._base + 1, self.last.toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            works = day in known.workdays or (day.weekday() < _SATURDAY and day not in known.holidays)
            self._counts.append(self._counts[-1] + works)

    def knows(self, day: dt.date) -> bool:
        """Whether the holidays of the day's year are known."""
        return self.first <= day <= self.last

    def count(self, day: dt.date) -> int:
        """Working days from the first known day up to and including ``day``; UnknownYear outside.

        The day before the first one counts 0, so that a span may begin there.
        """
        place = day.toordinal() - self._base
        if not 0 <= place < len(self._counts):
            raise UnknownYear(day.year)
        return self._counts[place]

    def is_working_day(self, day: dt.date) -> bool:
        """Whether people work on ``day``; UnknownYear where its year is in no table."""
        if not self.knows(day):
            raise UnknownYear(day.year)
        return self.count(day) > self.count(day - _DAY)

    def between(self, start: dt.date, end: dt.date) -> int:
        """Working days after ``start`` up to and including ``end``; negative where ``end`` is earlier."""
        return self.count(end) - self.count(start)

    def add(self, start: dt.date, days: int) -> dt.date:
        """The ``days``-th working day after ``start`` (before it where negative); ``start`` itself for 0."""
        if days == 0:
            return start
        reached = self.count(start) if days > 0 else self.count(start - _DAY) + 1
        target = reached + days
        if target < 1:
            raise UnknownYear(self.first.year - 1)
        if target > self._counts[-1]:
            raise UnknownYear(self.last.year + 1)
        return dt.date.fromordinal(self._base + bisect_left(self._counts, target))

    def rows(self, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, int | None]]:
        """Each day from ``first`` to ``last`` with its :meth:`count`, None where the year is unknown.

        Joined as a table, ``count(end) - count(start)`` is :meth:`between`, and NULL where it is unknown.
        """
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = dt.date.fromordinal(ordinal)
            yield day, self.count(day) if self.knows(day) else None


@lru_cache(maxsize=8)
def calendar_of(table: HolidayTable = NO_TABLE) -> Calendar:
    """The calendar of a table, made once."""
    return Calendar(table)


def is_working_day(day: dt.date, table: HolidayTable = NO_TABLE) -> bool:
    """Whether people work on ``day``, make-up days included; UnknownYear where nobody knows."""
    return calendar_of(table).is_working_day(day)


def working_days_between(start: dt.date, end: dt.date, table: HolidayTable = NO_TABLE) -> int:
    """Working days after ``start`` up to and including ``end``: 2024-09-12 to 2024-09-20 is 5."""
    return calendar_of(table).between(start, end)


def add_working_days(start: dt.date, days: int, table: HolidayTable = NO_TABLE) -> dt.date:
    """The last day of a limit of ``days`` working days that starts to run after ``start``."""
    return calendar_of(table).add(start, days)


def limit_in_days(start: dt.date, days: int) -> dt.date:
    """The last day of a limit of ``days`` calendar days after ``start``; holidays count as days."""
    return start + dt.timedelta(days=days)


def working_days_left(due: dt.date, on: dt.date, table: HolidayTable = NO_TABLE) -> int:
    """Working days left after ``on`` until the last day ``due``; below zero by how many it is late."""
    return working_days_between(on, due, table)
