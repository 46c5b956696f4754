"""Dates and words that every expression may name: the day of the screening and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shouwang.policy.types import BOOL, DATE, TEXT, Type


@dataclass(frozen=True)
class Builtin:
    """A value that follows from the day: its type, value and what it is for."""

    type: Type
    value: date | str | bool
    zh: str
    en: str


def builtins(on: date, window: str = "visit") -> Mapping[str, Builtin]:
    """The built-in parameters for a screening on ``on``.

    ``window`` is ``visit`` (the 12 months back from the day, XH annex 1) or ``year`` (10-01 to 09-30, XH annex 5);
    ``window_first`` and ``window_last`` are inside; items after ``on`` never count.
    """
    quarters = {
        f"q{n}": (f"{on.year}Q{n}", f"{on.year - 1}Q{n}", on > quarter_end(on.year, n)) for n in (1, 2)
    }
    found = {
        "day": Builtin(DATE, on, "筛查日", "day of the screening"),
        "year_start": Builtin(DATE, date(on.year, 1, 1), "今年1月1日", "1 January of this year"),
        "last_year_start": Builtin(DATE, date(on.year - 1, 1, 1), "去年1月1日", "1 January of last year"),
        "window_first": Builtin(
            DATE, window_first(on, window), "收入窗口首日", "first day of the income window"
        ),
        "window_last": Builtin(
            DATE, window_last(on, window), "收入窗口末日", "last day of the income window"
        ),
        "round_from": Builtin(DATE, date(on.year, 10, 1), "今年10月1日", "1 October of this year"),
        "half_year_ago": Builtin(DATE, on - timedelta(days=183), "183天前", "183 days before"),
        "year_ago": Builtin(DATE, on - timedelta(days=365), "365天前", "365 days before"),
    }
    for name, (this, last, over) in quarters.items():
        number = name[1]
        found[f"{name}_this"] = Builtin(TEXT, this, f"今年第{number}季度", f"quarter {number} of this year")
        found[f"{name}_last"] = Builtin(TEXT, last, f"去年第{number}季度", f"quarter {number} of last year")
        found[f"{name}_over"] = Builtin(BOOL, over, f"第{number}季度已过完", f"quarter {number} is over")
    return found


def window_first(on: date, window: str) -> date:
    """The first day whose items count. The year is collected in its fourth quarter: it began in the last one (XH annex 5)."""
    return date(on.year - 1, 10, 1) if window == "year" else months_back_12(on) + timedelta(days=1)


def window_last(on: date, window: str) -> date:
    """The last day whose items count: ``on``, or 09-30 where the year ends before."""
    return min(on, date(on.year, 9, 30)) if window == "year" else on


def months_back_12(on: date) -> date:
    """The same day a year before; 28 February for 29 February."""
    try:
        return on.replace(year=on.year - 1)
    except ValueError:
        return date(on.year - 1, 2, 28)


def quarter_end(year: int, quarter: int) -> date:
    """The last day of a quarter."""
    return date(year, 3 * quarter, 31 if quarter in (1, 4) else 30)


def last_31_august(on: date) -> date:
    """The last 31 August not after ``on``: who was six by then is of school age."""
    return date(on.year if (on.month, on.day) >= (8, 31) else on.year - 1, 8, 31)


def years_between(birth: date, day: date) -> int | None:
    """Full years of age on ``day``; None before birth."""
    if birth > day:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
