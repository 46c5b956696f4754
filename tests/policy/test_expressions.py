"""What an expression means is the same on both backends: three values, exact quotients, rows put together."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import product
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.policy.closure import Closure, compile_plan, rounded_quotient
from shouwang.policy.loading import load
from shouwang.policy.pack import Pack
from shouwang.policy.plan import build
from tests.oracle.logic import Truth, all3, any3, not3
from tests.policy.comparing import ALL_COLUMNS
from tests.policy.trial_packs import ON, household, income, screened, trial_pack

LOGIC: dict[str, tuple[str, Callable[[Truth, Truth, Truth], Truth]]] = {
    "all": ("a and b and c", lambda a, b, c: all3([a, b, c])),
    "some": ("a or b or c", lambda a, b, c: any3([a, b, c])),
    "mixed": ("a and (b or not c)", lambda a, b, c: all3([a, any3([b, not3(c)])])),
    "neither": ("not (a or b)", lambda a, b, c: not3(any3([a, b]))),
    "first": ("coalesce(a, b, c)", lambda a, b, c: next((v for v in (a, b, c) if v is not None), None)),
    "empty": ("a is null or b is not null", lambda a, b, c: a is None or b is not None),
    "branch": (
        "case when a then b when b then c else not a end",
        lambda a, b, c: b if a else c if b else not3(a),
    ),
    "same": ("a = b", lambda a, b, c: None if a is None or b is None else a is b),
}
COLUMNS = {"a": "water_unsafe", "b": "housing_unsafe", "c": "food_short"}


def findings_pack(folder: Path, conditions: dict[str, str], indicators: str = "") -> Pack:
    rules = "".join(
        f'own.{name}: {{name: 试验, level: look, clause: X, says: 有, when: "{text}"}}\n'
        for name, text in conditions.items()
    )
    return trial_pack(folder, rules=rules, **({"indicators": indicators} if indicators else {}))


@pytest.mark.req("RSK-2")
def test_three_values_on_every_combination(tmp_path: Path) -> None:
    names = "indicators:\n" + "".join(f"  {letter}: {name}\n" for letter, name in COLUMNS.items())
    pack = findings_pack(tmp_path / "trial", {name: text for name, (text, _meaning) in LOGIC.items()}, names)
    combinations = list(product((True, False, None), repeat=3))
    crowd = [
        household(n, dict(zip(COLUMNS.values(), values, strict=True)))
        for n, values in enumerate(combinations, 1)
    ]
    for values, (_indicators, findings) in zip(combinations, screened(pack, crowd), strict=True):
        expected = {name: meaning(*values) for name, (_text, meaning) in LOGIC.items()}
        assert {name: findings[f"own.{name}"] for name in LOGIC} == expected, values


@pytest.mark.req("INC-1", "INC-6")
def test_exactly_the_range_is_never_on_the_wrong_side() -> None:
    """120 sizes of household at exactly 7,500 yuan a person, one fen below and one above."""
    sizes = range(1, 121)
    steps = [Decimal("-0.01"), Decimal(0), Decimal("0.01")]
    crowd = []
    for months, step in product(sizes, steps):
        people = [12] * (months // 12) + ([months % 12] if months % 12 else [])
        members = [{"relation": "head", "months_in_household": count} for count in people]
        amount = 7500 * Decimal(months) / 12 + step
        crowd.append(household(len(crowd) + 1, members=members, income_items=[income(str(amount))]))
    results = screened(load("national"), crowd, {"monitoring_range": Decimal(7500)})
    for (months, step), (indicators, findings) in zip(product(sizes, steps), results, strict=True):
        assert findings["income.below_range"] is (step <= 0), (months, step)
        assert (indicators["income_band"] == "at_or_below_range") is (step <= 0), (months, step)
        assert indicators["person_years"] == rounded_quotient(months, 12, 4)


QUOTIENT = "12 * income_per_capita_last_year / sheep_stock"
COMPARE = {
    "le": ("<=", le),
    "lt": ("<", lt),
    "ge": (">=", ge),
    "gt": (">", gt),
    "eq": ("=", eq),
    "ne": ("<>", ne),
}
MONEY = (None, *(Decimal(text) for text in ("0", "0.01", "8300", "7500", "-3", "-0.01", "99999.99")))
COUNTS = (None, 0, 1, 7, 12, 119, -7)


@pytest.fixture(scope="module")
def quotients(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    conditions = {
        name: f"{QUOTIENT} {sign} income_per_capita_two_years_ago" for name, (sign, _op) in COMPARE.items()
    }
    conditions |= {
        "there": "q is not null",
        "inverse": "1 / q > 0",
        "sum": "q + q / 2 > 3",
        "product": "q * 2 >= q",
    }
    shown = f"indicators:\n  q: {{is: {QUOTIENT}, shown: true, places: 2, name: 商}}\n"
    return findings_pack(tmp_path_factory.mktemp("packs") / "trial", conditions, shown)


@pytest.fixture(scope="module")
def quotient_closure(quotients: Pack) -> Closure:
    return compile_plan(build(quotients, ON, {}, ALL_COLUMNS))


def meaning(top: Decimal | None, bottom: int | None, bound: Decimal | None) -> dict[str, Truth]:
    """By fractions: dividing by zero is unknown."""
    q = None if top is None or not bottom else Fraction(top) * 12 / bottom
    found: dict[str, Truth] = {
        name: None if q is None or bound is None else op(q, Fraction(bound))
        for name, (_sign, op) in COMPARE.items()
    }
    found["there"] = q is not None
    found["inverse"] = None if q is None or q == 0 else 1 / q > 0
    found["sum"] = None if q is None else q * 3 / 2 > 3
    found["product"] = None if q is None else q * 2 >= q
    return found


def columns(top: Decimal | None, bottom: int | None, bound: Decimal | None) -> dict[str, object]:
    return {
        "income_per_capita_last_year": top,
        "sheep_stock": bottom,
        "income_per_capita_two_years_ago": bound,
    }


@pytest.mark.req("INC-1", "INC-7")
def test_quotients_compare_crosswise_whatever_the_signs(quotients: Pack) -> None:
    rows = list(product(MONEY, COUNTS, MONEY))
    crowd = [household(number, columns(*row)) for number, row in enumerate(rows, 1)]
    for row, (indicators, findings) in zip(rows, screened(quotients, crowd), strict=True):
        expected = meaning(*row)
        assert {name: findings[f"own.{name}"] for name in expected} == expected, row
        assert (indicators["q"] is None) is (row[0] is None or not row[1])


@pytest.mark.req("INC-1", "INC-6")
@given(st.integers(-(10**10), 10**10), st.integers(-200, 200), st.integers(-(10**10), 10**10))
def test_no_quotient_is_ever_off(quotient_closure: Closure, top: int, bottom: int, bound: int) -> None:
    row = (Decimal(top) / 100, bottom, Decimal(bound) / 100)
    facts = household(1, columns(*row))
    values = quotient_closure.evaluate(facts.household, facts.tables)
    expected = meaning(*row)
    assert {name: values[f"found_own_{name}"] for name in expected} == expected


@pytest.mark.req("INC-1")
@given(st.integers(-(10**12), 10**12), st.integers(-(10**6), 10**6), st.integers(0, 4))
def test_shown_quotients_round_half_away_from_zero(top: int, bottom: int, places: int) -> None:
    shown = rounded_quotient(top, bottom, places)
    if bottom == 0:
        assert shown is None
        return
    assert shown is not None
    off = abs(Fraction(shown) - Fraction(top, bottom))
    assert off <= Fraction(1, 2 * 10**places)
    if off == Fraction(1, 2 * 10**places):
        assert abs(Fraction(shown)) > abs(Fraction(top, bottom))


@pytest.mark.req("INC-1")
def test_dividing_by_nobody_is_unknown() -> None:
    nobody = household(
        1, members=[{"relation": "head", "months_in_household": 0}], income_items=[income(9000)]
    )
    ((indicators, findings),) = screened(load("national"), [nobody], {"monitoring_range": Decimal(8300)})
    assert (indicators["person_years"], indicators["net_income"]) == (0, Decimal(9000))
    assert indicators["net_income_per_capita"] is None
    assert indicators["income_band"] is None
    assert findings["income.below_range"] is None
    assert findings["income.fall"] is None


@pytest.mark.req("QLT-1")
def test_lacking_a_column_is_not_an_empty_one(tmp_path: Path) -> None:
    """Of an empty cell it is known that nothing stands there; of a column that no table has, nothing is known."""
    conditions = {
        "null": "willing is null", "there": "willing is not null", "either": "willing is null or food_short",
        "default": "coalesce(willing, true)", "table": "dissatisfied is null",
    }  # fmt: skip
    pack = findings_pack(tmp_path / "trial", conditions)
    facts = [household(1, {"food_short": False}), household(2, {"food_short": True})]
    there = {"households": ALL_COLUMNS["households"], "satisfaction": ALL_COLUMNS["satisfaction"]}

    def own(present: dict[str, frozenset[str]]) -> list[dict[str, Truth]]:
        return [
            {name: findings[f"own.{name}"] for name in conditions}
            for _i, findings in screened(pack, facts, present=present)
        ]

    known: dict[str, Truth] = {"null": True, "there": False, "either": True, "default": True, "table": False}
    assert own(there) == [known, known]
    lacking = {"households": ALL_COLUMNS["households"] - {"willing"}}
    unknown: dict[str, Truth] = {"null": None, "there": None, "either": None, "default": True, "table": None}
    assert own(lacking) == [unknown, unknown | {"either": True}]


ANSWERS = list(product((None, 1, 5), repeat=2))


@pytest.mark.req("RSK-2")
def test_any_and_every_have_three_values(tmp_path: Path) -> None:
    """Over rows: one yes settles any, one no settles every, else an unknown row leaves it open; no row: no and yes."""
    aggregates = "aggregates:\n  satisfaction:\n    some_low: any(satisfied <= 2)\n    all_low: every(satisfied <= 2)\n    lowest: min(satisfied)\n"
    conditions = {"some": "some_low", "all": "all_low", "lowest": "lowest <= 2"}
    pack = findings_pack(tmp_path / "trial", conditions, aggregates)
    rows: list[tuple[int | None, ...]] = [(), *[(value,) for value in (None, 1, 5)], *ANSWERS]
    crowd = [
        household(n, satisfaction=[{"satisfied": value} for value in row]) for n, row in enumerate(rows, 1)
    ]
    for row, (_indicators, findings) in zip(rows, screened(pack, crowd), strict=True):
        low = [None if value is None else value <= 2 for value in row]
        known = [value for value in row if value is not None]
        assert findings["own.some"] is any3(low)
        assert findings["own.all"] is all3(low)
        assert findings["own.lowest"] is (min(known) <= 2 if known else None)


@pytest.mark.req("INC-1")
def test_the_larger_of_something_unknown_is_unknown(tmp_path: Path) -> None:
    """SQL's greatest and least pass over NULL; here unknown stays unknown."""
    conditions = {"greatest": "greatest(oop_medical, 5) >= 5", "least": "least(oop_medical, oop_other) <= 5"}
    pack = findings_pack(tmp_path / "trial", conditions)
    cells = [(None, None), (None, Decimal(1)), (Decimal(9), Decimal(3)), (Decimal(9), Decimal(7))]
    crowd = [household(n, {"oop_medical": one, "oop_other": two}) for n, (one, two) in enumerate(cells, 1)]
    results = [(findings["own.greatest"], findings["own.least"]) for _i, findings in screened(pack, crowd)]
    assert results == [(None, None), (None, None), (True, True), (True, False)]
