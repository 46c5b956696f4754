"""Working days against the official notices and against a calculator that walks day by day.

Requirements: ALR-2 (an alert is verified within 5 working days, Chinese holidays counted), CAS-1 (15 days).
"""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.calendar import (
    Calendar,
    UnknownYear,
    add_working_days,
    calendar_of,
    is_working_day,
    limit_in_days,
    read_table,
    working_days_between,
    working_days_left,
)
from shouwang.errors import InputError

DAY = dt.timedelta(days=1)
DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2026, 6, 30))

# From the notices of the General Office of the State Council: first and last day off, make-up days worked.
NOTICES = {
    2021: [
        ("2021-02-11", "2021-02-17", ["2021-02-07", "2021-02-20"]),
        ("2021-05-01", "2021-05-05", ["2021-04-25", "2021-05-08"]),
        ("2021-10-01", "2021-10-07", ["2021-09-26", "2021-10-09"]),
    ],
    2022: [
        ("2022-01-31", "2022-02-06", ["2022-01-29", "2022-01-30"]),
        ("2022-04-03", "2022-04-05", ["2022-04-02"]),
        ("2022-04-30", "2022-05-04", ["2022-04-24", "2022-05-07"]),
        ("2022-10-01", "2022-10-07", ["2022-10-08", "2022-10-09"]),
    ],
    2023: [
        ("2023-01-21", "2023-01-27", ["2023-01-28", "2023-01-29"]),
        ("2023-04-29", "2023-05-03", ["2023-04-23", "2023-05-06"]),
        ("2023-06-22", "2023-06-24", ["2023-06-25"]),
        ("2023-09-29", "2023-10-06", ["2023-10-07", "2023-10-08"]),
    ],
    2024: [
        ("2024-02-10", "2024-02-17", ["2024-02-04", "2024-02-18"]),
        ("2024-04-04", "2024-04-06", ["2024-04-07"]),
        ("2024-05-01", "2024-05-05", ["2024-04-28", "2024-05-11"]),
        ("2024-09-15", "2024-09-17", ["2024-09-14"]),
        ("2024-10-01", "2024-10-07", ["2024-09-29", "2024-10-12"]),
    ],
    2025: [
        ("2025-01-28", "2025-02-04", ["2025-01-26", "2025-02-08"]),
        ("2025-05-01", "2025-05-05", ["2025-04-27"]),
        ("2025-10-01", "2025-10-08", ["2025-09-28", "2025-10-11"]),
    ],
    2026: [
        ("2026-01-01", "2026-01-03", ["2026-01-04"]),
        ("2026-02-15", "2026-02-23", ["2026-02-14", "2026-02-28"]),
        ("2026-05-01", "2026-05-05", ["2026-05-09"]),
        ("2026-10-01", "2026-10-07", ["2026-09-20", "2026-10-10"]),
    ],
}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.req("ALR-2")
@pytest.mark.parametrize("year", NOTICES)
def test_holidays_and_make_up_days_are_as_the_notices_say(year: int) -> None:
    for first, last, worked in NOTICES[year]:
        off = [day(first) + DAY * n for n in range((day(last) - day(first)).days + 1)]
        assert not any(map(is_working_day, off))
        assert all(is_working_day(day(text)) for text in worked)


@pytest.mark.req("ALR-2")
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-09-12", "2024-09-20", 5),  # 13, 14 (Saturday worked), 18, 19, 20; 15 to 17 Mid-Autumn
        ("2024-09-30", "2024-10-08", 1),
        ("2024-10-11", "2024-10-12", 1),  # a Saturday worked
        ("2024-02-09", "2024-02-18", 1),  # Spring Festival, then a Sunday worked
        ("2024-12-31", "2025-01-02", 1),
        ("2024-09-06", "2024-09-06", 0),
        ("2024-09-20", "2024-09-12", -5),
    ],
)
def test_working_days_between(start: str, end: str, expected: int) -> None:
    assert working_days_between(day(start), day(end)) == expected


@pytest.mark.req("ALR-2")
def test_five_working_days_of_an_alert() -> None:
    assert add_working_days(day("2024-09-12"), 5) == day("2024-09-20")
    assert add_working_days(day("2024-09-14"), 1) == day("2024-09-18")
    assert add_working_days(day("2024-09-14"), 0) == day("2024-09-14")
    assert add_working_days(day("2024-09-18"), -1) == day("2024-09-14")
    assert working_days_left(day("2024-09-20"), day("2024-09-18")) == 2
    assert working_days_left(day("2024-09-20"), day("2024-09-23")) == -1


@pytest.mark.req("CAS-1")
def test_calendar_days_run_through_holidays_and_leap_days() -> None:
    assert limit_in_days(day("2024-09-26"), 15) == day("2024-10-11")
    assert limit_in_days(day("2024-02-20"), 10) == day("2024-03-01")


# --- against a calculator that walks ---------------------------------------------------------------------


def walk_between(start: dt.date, end: dt.date) -> int:
    low, high = min(start, end), max(start, end)
    found = sum(is_working_day(low + DAY * n) for n in range(1, (high - low).days + 1))
    return found if start <= end else -found


def walk_add(start: dt.date, days: int) -> dt.date:
    step, left, at = (DAY if days > 0 else -DAY), abs(days), start
    while left:
        at += step
        left -= is_working_day(at)
    return at


@pytest.mark.req("ALR-2", "CAS-1")
@given(DAYS, st.integers(-200, 200))
def test_between_is_what_walking_counts(start: dt.date, span: int) -> None:
    assert working_days_between(start, start + DAY * span) == walk_between(start, start + DAY * span)


@pytest.mark.req("ALR-2", "CAS-1")
@given(DAYS, st.integers(-60, 60))
def test_adding_is_what_walking_reaches(start: dt.date, days: int) -> None:
    assert add_working_days(start, days) == walk_add(start, days)


@pytest.mark.req("ALR-2")
@given(DAYS, st.integers(1, 60))
def test_adding_and_counting_agree(start: dt.date, days: int) -> None:
    due = add_working_days(start, days)
    assert working_days_between(start, due) == days
    assert working_days_between(start, due - DAY) == days - 1


@pytest.mark.req("ALR-2")
def test_rows_can_be_joined() -> None:
    first, last = day("2024-09-01"), day("2024-10-31")
    counts = dict(Calendar().rows(first, last))
    assert len(counts) == 61
    assert counts[day("2024-09-20")] - counts[day("2024-09-12")] == 5


# --- what is not known -----------------------------------------------------------------------------------

NEXT = Calendar().last.year + 1


@pytest.mark.req("ALR-2")
def test_an_unknown_year_is_said_and_never_guessed() -> None:
    last = dt.date(NEXT - 1, 12, 31)
    with pytest.raises(UnknownYear) as caught:
        is_working_day(last + DAY)
    assert caught.value.year == NEXT
    with pytest.raises(UnknownYear):
        working_days_between(last, last + DAY)
    with pytest.raises(UnknownYear) as caught:
        add_working_days(last, 1)
    assert caught.value.year == NEXT
    with pytest.raises(UnknownYear):
        add_working_days(Calendar().first, -1)
    with pytest.raises(UnknownYear):
        is_working_day(Calendar().first - DAY)
    assert dict(Calendar().rows(last, last + DAY))[last + DAY] is None


@pytest.mark.req("ALR-2")
def test_a_table_of_the_pack_makes_a_year_known() -> None:
    table = read_table({NEXT: {"holidays": [f"{NEXT}-01-01"], "workdays": [dt.date(NEXT, 1, 3)]}})
    assert not is_working_day(dt.date(NEXT, 1, 1), table)
    assert is_working_day(dt.date(NEXT, 1, 3), table)
    assert is_working_day(dt.date(NEXT, 7, 1), table) == (dt.date(NEXT, 7, 1).weekday() < 5)
    assert calendar_of(table).last == dt.date(NEXT, 12, 31)


@pytest.mark.req("ALR-2")
def test_a_table_of_the_pack_replaces_its_year_and_adds_to_the_neighbour() -> None:
    changed = read_table({2024: {"holidays": ["2024-09-13", "2023-12-29"], "workdays": ["2024-09-15"]}})
    assert not is_working_day(day("2024-09-13"), changed)
    assert is_working_day(day("2024-09-15"), changed)
    assert not is_working_day(day("2024-09-14"), changed)  # the package's make-up day of that year is gone
    assert not is_working_day(day("2023-12-29"), changed)
    assert is_working_day(day("2023-10-07"), changed)  # the other year stands


@pytest.mark.req("ALR-2")
@pytest.mark.parametrize(
    "plain",
    [
        {NEXT: {"holidays": [f"{NEXT}-02-30"]}},
        {NEXT: {"holidays": [f"{NEXT + 5}-01-01"]}},
        {NEXT: {"holidays": [7]}},
        {NEXT: {"holidays": [f"{NEXT}-01-01"], "workdays": [f"{NEXT}-01-01"]}},
        {NEXT + 1: {"holidays": [f"{NEXT + 1}-01-01"]}},
    ],
)
def test_a_wrong_table_is_refused(plain) -> None:
    with pytest.raises(InputError) as caught:
        read_table(plain, where="calendar.yaml")
    assert caught.value.where == "calendar.yaml"
    assert caught.value.remedy
