"""The module for the phone and the closure say the same of every household, cell by cell, in one Node process."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, Inexact, localcontext
from pathlib import Path
from random import Random
from typing import Any

import pytest

from shouwang.policy import parameters
from shouwang.policy.cases import Facts, read_cases
from shouwang.policy.closure import Closure, compile_plan
from shouwang.policy.loading import load
from shouwang.policy.plan import build
from shouwang.tables.dictionary import TABLES as DICTIONARY
from tests.oracle.households import ON, TABLES, random_facts, without
from tests.policy.comparing import ALL_COLUMNS, SETTINGS, closure_for, facts_of, national
from tests.policy.test_prepared import value

from .engines import Node, by_closure, by_node, differences

PACKS = Path(__file__).parents[2] / "packs"
DAYS = (
    date(2024, 2, 29),
    date(2024, 8, 30),
    date(2024, 8, 31),
    date(2024, 12, 31),
    date(2025, 1, 1),
    date(2031, 6, 1),
)
FENCES = {
    (area, place): Decimal(fence)
    for area in ("500199100001", "500199100002")
    for place, fence in (("outside_province", "3900.1250"), ("in_province", "1000"), ("in_county", "160"))
}


def differing(
    process: Node, name: str, closure: Closure, crowd: Sequence[Facts],
    fences: Mapping[tuple[str, str], Any] | None = None,
) -> dict[str, list[str]]:  # fmt: skip
    """Household → cells in which the two differ."""
    told = by_node(process, name, closure, crowd, fences)
    pairs = zip(crowd, told, strict=True)
    found = {
        str(facts.household["household_id"]): differences(by_closure(facts, closure, fences), one)
        for facts, one in pairs
    }
    return {household: cells[:5] for household, cells in found.items() if cells}


@pytest.mark.req("INC-1", "INC-2", "INC-3", "INC-4", "INC-5", "INC-6", "INC-7", "RSK-1", "RSK-2", "VIS-4")
@pytest.mark.parametrize("row_holes", [False, True])
def test_the_module_agrees_with_the_closure(process: Node, row_holes: bool) -> None:
    crowd = [facts_of(random_facts(seed, row_holes=row_holes)) for seed in range(80_000, 80_400)]
    closure = closure_for(crowd[0], national(), ON, SETTINGS)
    assert differing(process, f"whole_{row_holes}", closure, crowd, FENCES) == {}
    fired = unknown = 0
    for facts in crowd:
        bits = closure.bits(closure.evaluate(facts.household, facts.tables, FENCES))
        fired, unknown = fired | bits[0], unknown | bits[1]
    assert fired.bit_count() > 35  # a crowd of calm households would agree about nothing
    assert unknown.bit_count() > 20


@pytest.mark.req("INC-2", "ALR-2", "CAS-1")
@pytest.mark.parametrize("on", DAYS, ids=str)
def test_they_agree_on_days_at_an_edge(process: Node, on: date) -> None:
    """29 February, the school year's bounds, the turn of the year, and a year whose holidays nobody knows."""
    crowd = [facts_of(random_facts(seed, on=on, row_holes=True)) for seed in range(90)]
    window = "visit" if on.day % 2 else "year"
    closure = closure_for(crowd[0], national(), on, {**SETTINGS, "window": window})
    assert differing(process, f"on_{on}", closure, crowd) == {}


@pytest.mark.req("RSK-2", "QLT-1")
@pytest.mark.parametrize("table", [*TABLES, "members"])
def test_they_agree_where_a_table_is_missing(process: Node, table: str) -> None:
    crowd = [facts_of(without(random_facts(seed, row_holes=True), table)) for seed in range(81_000, 81_040)]
    assert (
        differing(process, f"without_{table}", closure_for(crowd[0], national(), ON, SETTINGS), crowd) == {}
    )


@pytest.mark.req("RSK-2", "QLT-1")
def test_they_agree_where_the_plan_knows_a_table_that_the_household_has_not(process: Node) -> None:
    """One module serves all households of a phone: what is not there is undefined, null or empty."""
    closure = compile_plan(build(national(), ON, SETTINGS))
    crowd = [facts_of(random_facts(seed, row_holes=True)) for seed in range(82_000, 82_060)]
    random = Random(5)
    for facts in crowd:
        for name in list(facts.tables):
            if random.random() < 0.2:
                facts.tables[name] = None
            elif random.random() < 0.2:
                del facts.tables[name]
    crowd += [
        Facts({"household_id": "bare"}, {}),
        Facts({"household_id": "empty"}, {name: [] for name in ALL_COLUMNS}),
    ]
    assert differing(process, "sparse", closure, crowd, FENCES) == {}


@pytest.mark.req("INC-1")
def test_they_agree_on_the_largest_amounts(process: Node) -> None:
    """DECIMAL(12,2) to its end in every cell: nothing is rounded, neither by 28 digits of Python nor by a double."""
    crowd = [facts_of(random_facts(seed)) for seed in range(87_000, 87_060)]
    for place, facts in enumerate(crowd):
        for row in (facts.household, *(row for rows in facts.tables.values() for row in rows or ())):
            row.update(
                {
                    name: Decimal("9999999999.99") - place
                    for name, one in row.items()
                    if isinstance(one, Decimal) and one
                }
            )
    closure = closure_for(crowd[0], national(), ON, SETTINGS)
    with localcontext() as context:
        context.traps[Inexact] = True
        values = [closure.evaluate(facts.household, facts.tables, FENCES) for facts in crowd]
    assert (
        max(one["net_income"] or 0 for one in values) > 50 * 10**9
    )  # times a quotient of cents: far beyond 2^53
    assert differing(process, "largest", closure, crowd, FENCES) == {}


@pytest.mark.req("INC-1", "RSK-2")
def test_they_agree_where_parameters_depend_on_the_place(process: Node) -> None:
    pack = load("chongqing-xihe-2024")
    closure = compile_plan(build(pack, ON))
    assert any(resolved.by_area for resolved in closure.plan.parameters.values())
    crowd = [facts_of(random_facts(seed)) for seed in range(83_000, 83_060)]
    for place, facts in enumerate(crowd):
        facts.household["area_code"] = (None, "500151122201", "500199100001")[place % 3]
    assert differing(process, "places", closure, crowd) == {}
    ranges = {closure.evaluate(f.household, f.tables)["parameter__monitoring_range"] for f in crowd}
    assert ranges == {None, 8300}


@pytest.mark.req("QLT-1", "VIS-4")
def test_they_agree_on_findings_about_the_data(process: Node) -> None:
    """Those of the household, and those of every row with all the values of the row."""
    closure = compile_plan(build(national(), ON, SETTINGS, quality=True))
    crowd = [laid(facts_of(random_facts(seed, row_holes=True)), seed) for seed in range(86_000, 86_150)]
    assert differing(process, "quality", closure, crowd) == {}
    results = [one for facts in crowd for one in closure.row_results(facts.household, facts.tables)]
    assert {result for _rule, _row, result in results} >= {True, False}
    judged = {rule for rule, _row, _result in results}
    of_households = {table.name for table in DICTIONARY.values() if "household_id" in table.by_name}
    assert judged == {
        rule.name for rule in national().quality.values() if of_households & set(rule.row_tables)
    }


def laid(facts: Facts, seed: int) -> Facts:
    """The household with a row more in every table, of random cells: columns that the oracle's households have not."""
    random = Random(seed)
    number = facts.household["household_id"]
    for table in DICTIONARY.values():
        if table.name == "households" or "household_id" not in table.by_name:
            continue
        row = {column.name: value(random, column, ON) for column in table.columns}
        row |= {"household_id": number, **({table.key: f"{number}-more"} if table.key else {})}
        facts.tables[table.name] = [*(facts.tables.get(table.name) or []), row]
    return facts


@pytest.mark.req("RSK-2")
def test_they_agree_where_no_document_has_set_a_value(process: Node) -> None:
    crowd = [facts_of(random_facts(seed)) for seed in range(84_000, 84_060)]
    closure = compile_plan(build(national(), ON, {"monitoring_range": None, "campaign_from": None}))
    assert differing(process, "unset", closure, crowd) == {}


@pytest.mark.req("INC-1", "INC-5", "RSK-1", "RSK-2")
@pytest.mark.parametrize(
    "path", sorted(PACKS.glob("*/cases/*.yaml")), ids=lambda path: f"{path.parts[-3]}-{path.stem}"
)
def test_they_agree_on_the_cases_of_a_pack(process: Node, path: Path) -> None:
    """Cases of one day and the same settings go together: a plan costs more than a household."""
    together: dict[str, list[Any]] = {}
    for case in read_cases(path):
        together.setdefault(json.dumps([case.pack, str(case.on), case.settings], default=str), []).append(
            case
        )
    assert together
    for place, cases in enumerate(together.values()):
        pack, first = load(cases[0].pack), cases[0]
        settings = {name: parameters.checked(pack, name, value) for name, value in first.settings.items()}
        closure = compile_plan(build(pack, first.on, settings))
        crowd = [facts for case in cases for facts in (case.facts, *case.village)]
        assert differing(process, f"{path.parts[-3]}-{path.stem}-{place}", closure, crowd) == {}


@pytest.mark.req("QLT-1", "QLT-2", "VIS-4")
@pytest.mark.parametrize(
    "path", sorted(PACKS.glob("*/cases/quality/*.yaml")), ids=lambda path: f"{path.parts[-4]}-{path.stem}"
)
def test_they_agree_on_the_cases_about_the_data(process: Node, path: Path) -> None:
    """What is known of neighbours is a fact given to both; here nobody gives it, and it is unknown to both."""
    together: dict[str, list[Any]] = {}
    for case in read_cases(path):
        together.setdefault(json.dumps([case.pack, str(case.on), case.settings], default=str), []).append(
            case
        )
    assert together
    for place, cases in enumerate(together.values()):
        pack, first = load(cases[0].pack), cases[0]
        settings = {name: parameters.checked(pack, name, value) for name, value in first.settings.items()}
        closure = compile_plan(build(pack, first.on, settings, quality=True))
        crowd = [facts for case in cases for facts in (case.facts, *case.village)]
        assert differing(process, f"quality-{path.stem}-{place}", closure, crowd) == {}
