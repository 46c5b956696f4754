"""Which days of which years are holidays and make-up working days, as the State Council's notices say.

The package ``chinesecalendar`` knows the years whose notice had come out when it was made; a pack completes
it with a table of its own. A year that neither knows is unknown: it is never guessed to be Monday to Friday.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from chinese_calendar import constants

from shouwang.errors import InputError
from shouwang.language import _


@dataclass(frozen=True)
class HolidayTable:
    """Years, their holidays and their make-up working days (Saturdays and Sundays that are worked).

    A year of a pack replaces what the package says of that year; dates of a neighbouring year are added to it
    (a New Year's notice may make the last Sunday of December a working day).
    """

    years: frozenset[int] = frozenset()
    holidays: frozenset[dt.date] = frozenset()
    workdays: frozenset[dt.date] = frozenset()


def read_table(
    plain: Mapping[int, Mapping[str, Iterable[dt.date | str]]], *, where: str = ""
) -> HolidayTable:
    """The table of a pack: ``{2027: {"holidays": ["2027-01-01", …], "workdays": […]}}``.

    Dates are ISO texts or dates. InputError (``where`` names the file) for a text that is no date, a date
    more than a year away, a day that is both, or years that leave a gap after the years already known.
    """
    holidays: set[dt.date] = set()
    workdays: set[dt.date] = set()
    for year, days in plain.items():
        holidays |= {_date(value, int(year), where) for value in days.get("holidays") or ()}
        workdays |= {_date(value, int(year), where) for value in days.get("workdays") or ()}
    for day in sorted(holidays & workdays):
        raise InputError(
            _("{day} 既写成假日又写成上班日").format(day=day),
            where=where,
            remedy=_("请按国务院办公厅通知只留一个"),
        )
    years = frozenset(int(year) for year in plain)
    _refuse_gap(years, where)
    return HolidayTable(years, frozenset(holidays), frozenset(workdays))


def complete(table: HolidayTable) -> HolidayTable:
    """The package's years and the table's together."""
    official = _official()
    return HolidayTable(
        official.years | table.years,
        _without(official.holidays, table) | table.holidays,
        _without(official.workdays, table) | table.workdays,
    )


def _without(days: frozenset[dt.date], table: HolidayTable) -> frozenset[dt.date]:
    said = table.holidays | table.workdays
    return frozenset(day for day in days if day.year not in table.years and day not in said)


@lru_cache(maxsize=1)
def _official() -> HolidayTable:
    holidays, workdays = frozenset(constants.holidays), frozenset(constants.workdays)
    return HolidayTable(frozenset(day.year for day in holidays), holidays, workdays)


def _refuse_gap(years: frozenset[int], where: str) -> None:
    known = years | _official().years
    for year in range(min(known), max(known)):
        if year not in known:
            raise InputError(
                _("假日表缺少 {year} 年").format(year=year), where=where, remedy=_("年份要相连，请补上这一年")
            )


def _date(value: dt.date | str, year: int, where: str) -> dt.date:
    try:
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        day = dt.date.min
    if abs(day.year - year) > 1:
        raise InputError(
            _("{year} 年的假日表里，“{value}”不是该年的日期").format(year=year, value=value),
            where=where,
            remedy=_("日期请写成 2024-09-01 的样子"),
        )
    return day
