"""Working days, limits and holidays, counted as the official notices say."""

from shouwang.calendar.holidays import HolidayTable, read_table
from shouwang.calendar.workdays import (
    NO_TABLE,
    Calendar,
    UnknownYear,
    add_working_days,
    calendar_of,
    is_working_day,
    limit_in_days,
    working_days_between,
    working_days_left,
)

__all__ = [
    "NO_TABLE",
    "Calendar",
    "HolidayTable",
    "UnknownYear",
    "add_working_days",
    "calendar_of",
    "is_working_day",
    "limit_in_days",
    "read_table",
    "working_days_between",
    "working_days_left",
]
