"""Exact numbers, three values, order and days in JavaScript against Python's, over inputs that hypothesis makes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.calendar.workdays import calendar_of
from shouwang.policy import closure, phone_code
from shouwang.policy.builtins import last_31_august, years_between

from .engines import Node, canonical

FUNCTIONS = closure._FUNCTIONS
THREE = st.sampled_from([True, False, None])
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=4) | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-100, max_value=100, places=2
) | st.integers(-(10**40), 10**40).map(Decimal)  # fmt: skip
TEXTS = st.text(st.characters(codec="utf-8"), max_size=4) | st.text(
    "a\U0001f600\ufffd\ue000\u4e2d", max_size=3
)
DATES = st.dates(date(1, 1, 1), date(9999, 12, 31))
ROOMY = 400  # digits: enough that Python rounds nothing


@pytest.fixture(scope="module")
def runtime(process: Node) -> Node:
    """The whole runtime as one module that exports everything."""
    parts = phone_code.statements()
    names = [name for name in parts if not name.startswith("prepared[")]
    text = "\n".join(["const prepared = {};", *parts.values(), f"export {{ {', '.join(names)} }};"])
    assert set(process.load("runtime", text)) == set(names)
    return process


def sent(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"n": format(value, "f")}
    if isinstance(value, (list, tuple)):
        return [sent(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def same(runtime: Node, name: str, arguments: Sequence[Sequence[Any]], wanted: Sequence[Any]) -> None:
    got = runtime.call("runtime", name, [sent(parts) for parts in arguments])
    assert got == [canonical(value) for value in wanted], (name, arguments)


@pytest.mark.req("INC-1")
@settings(max_examples=120, deadline=None)
@given(pairs=st.lists(st.tuples(NUMBERS | st.none(), NUMBERS | st.none()), min_size=8, max_size=8))
def test_exact_numbers(runtime: Node, pairs: list[tuple[Any, Any]]) -> None:
    with localcontext() as context:
        context.prec = ROOMY
        for name in ("add", "subtract", "multiply", "eq", "ne", "lt", "le", "gt", "ge"):
            same(runtime, name, pairs, [FUNCTIONS[name](*pair) for pair in pairs])
        for name in ("negative", "absolute"):
            same(runtime, name, [pair[:1] for pair in pairs], [FUNCTIONS[name](pair[0]) for pair in pairs])
        known = [pair for pair in pairs if None not in pair]
        for name in ("largest", "smallest"):
            same(runtime, name, known, [FUNCTIONS[name](pair) for pair in known])


@pytest.mark.req("INC-1")
@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(NUMBERS | st.none(), NUMBERS | st.none(), st.integers(0, 6)), min_size=8, max_size=8)
)
def test_what_is_shown_is_rounded_half_away_from_zero(
    runtime: Node, triples: list[tuple[Any, Any, int]]
) -> None:
    ties = [(Decimal(n), Decimal(200), 2) for n in (1, -1, 3, -3, 0)] + [(Decimal("2.5"), Decimal("-1"), 0)]
    cases = [*triples, *ties, (Decimal(1), Decimal(0), 2)]
    same(runtime, "rounded_quotient", cases, [_half_away(*case) for case in cases])


def _half_away(top: Decimal | None, bottom: Decimal | None, places: int) -> Decimal | None:
    if top is None or not bottom:
        return None
    exact = Fraction(top) / Fraction(bottom)
    whole = int(abs(exact) * 10**places + Fraction(1, 2))
    with localcontext() as context:
        context.prec = ROOMY
        return Decimal(whole if exact >= 0 else -whole).scaleb(-places)


@pytest.mark.req("INC-1")
@settings(max_examples=60, deadline=None)
@given(
    st.lists(NUMBERS | st.integers(-(2**53), 2**53), min_size=5, max_size=5),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_numbers_come_in_as_texts_or_numbers(runtime: Node, numbers: list[Any], double: float) -> None:
    given_ = [format(value, "f") if isinstance(value, Decimal) else value for value in numbers]
    same(runtime, "exact", [[value] for value in (*given_, " 08.50 ", "1e3", "12E-4", ".5", "5.", "", None)],
         [*numbers, Decimal("8.5"), 1000, Decimal("0.0012"), Decimal("0.5"), 5, None, None])  # fmt: skip
    same(runtime, "exact", [[double]], [Decimal(repr(double))])  # a double is the decimal that it prints as


@pytest.mark.req("RSK-2")
def test_what_is_no_number_no_day_and_no_truth_is_refused(runtime: Node) -> None:
    for function, wrong in (
        ("exact", ["abc", "1,000", "--1", ".", "1e9999", True, "NaN", "1 2"]),
        ("a_day", ["2024-02-30", "2024-9-1", "01.09.2024", "2024-09-01T00:00:00", 20240901, "", "2024"]),
        ("a_truth", ["yes", 1, 0, "true"]),
        ("a_text", [True, {}]),
        ("a_place", ["x", {}]),
    ):
        for value, told in zip(
            wrong, runtime.call("runtime", function, [[value] for value in wrong]), strict=True
        ):
            assert isinstance(told, dict), (function, value, told)
            assert " is n" in told["error"]


@pytest.mark.req("RSK-2")
@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(THREE, max_size=5), min_size=6, max_size=6))
def test_three_values(runtime: Node, lists: list[list[bool | None]]) -> None:
    for name in ("all3", "any3"):
        same(runtime, name, lists, [FUNCTIONS[name](values) for values in lists])
    for name in ("agg_any", "agg_every", "agg_count"):
        same(runtime, name, [[values] for values in lists], [FUNCTIONS[name](values) for values in lists])
    same(runtime, "first_known", lists, [FUNCTIONS["first_known"](values) for values in lists])
    same(runtime, "not3", [[True], [False], [None]], [False, True, None])


@pytest.mark.req("RSK-2", "INC-1")
@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.lists(NUMBERS | st.none(), max_size=5), min_size=4, max_size=4),
    st.lists(TEXTS | st.none(), max_size=5),
)
def test_aggregates(runtime: Node, lists: list[list[Any]], texts: list[Any]) -> None:
    with localcontext() as context:
        context.prec = ROOMY
        for name in ("agg_sum", "agg_count", "agg_min", "agg_max"):
            same(runtime, name, [[values] for values in lists], [FUNCTIONS[name](values) for values in lists])
        for name in ("agg_count", "agg_min", "agg_max"):
            same(runtime, name, [[texts]], [FUNCTIONS[name](texts)])
        for values in (*lists, texts):
            same(
                runtime,
                "is_in",
                [[one, *values] for one in values],
                [FUNCTIONS["is_in"](one, values) for one in values],
            )


@pytest.mark.req("RSK-2")
@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=8, max_size=8))
def test_texts_are_ordered_by_code_point(runtime: Node, pairs: list[tuple[str, str]]) -> None:
    fixed = [("\ufffd", "\U0001f600"), ("\U0001f600", "\ue000"), ("a", "a\U0001f600"), ("中", "中文")]
    for name in ("eq", "lt", "ge", "ne"):
        same(runtime, name, [*pairs, *fixed], [FUNCTIONS[name](*pair) for pair in (*pairs, *fixed)])


@pytest.mark.req("INC-2", "ALR-2")
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(DATES, DATES), min_size=6, max_size=6))
def test_days_and_years_between(runtime: Node, pairs: list[tuple[date, date]]) -> None:
    pairs = [*pairs, (date(2012, 2, 29), date(2024, 2, 28)), (date(2012, 2, 29), date(2025, 3, 1))]
    same(runtime, "days_between", pairs, [(end - start).days for start, end in pairs])
    same(runtime, "years_between", pairs, [years_between(*pair) for pair in pairs])
    days = [day for _start, day in pairs if day > date(1, 9, 1)]
    same(runtime, "last_31_august", [[day] for day in days], [last_31_august(day) for day in days])


@pytest.mark.req("ALR-2")
def test_the_working_days_of_a_module_are_the_calendars(process: Node) -> None:
    """Every day that the calendar knows, and the days about its ends."""
    from shouwang.policy.javascript import write
    from shouwang.policy.plan import build
    from tests.policy.comparing import ON, national

    text = (
        write(build(national(), ON))
        + "export function working(days) { return days.map((day) => OWN.calendar.knows(day) ? OWN.calendar.is_working_day(day) : null); }\n"
    )
    process.load("calendar", text)
    calendar = calendar_of()
    span = (calendar.last - calendar.first).days
    days = [calendar.first + timedelta(days=n) for n in range(-2, span + 3)]
    told = process.call("calendar", "working", [[[day.isoformat() for day in days]]])[0]
    assert told == [calendar.is_working_day(day) if calendar.knows(day) else None for day in days]
