"""Three readings of one law agree cell by cell: the oracle (written apart, in plain Python), the closure and DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from shouwang.policy.case_runner import through_duckdb
from tests.oracle.facts import Facts as OracleFacts
from tests.oracle.facts import Row
from tests.oracle.households import ON, PARAMETERS, TABLES, households, random_facts, without
from tests.policy.comparing import (
    SETTINGS,
    by_closure,
    by_duckdb,
    by_oracle,
    closure_for,
    differences,
    facts_of,
    in_batches,
    national,
    present_in,
)

NEIGHBOURS = frozenset({"income.cost_outlier"})  # needs the village: compared in the batches alone
DAYS = (date(2024, 2, 29), date(2024, 8, 30), date(2024, 8, 31), date(2024, 12, 31), date(2025, 1, 1))


def differing(
    crowd: Sequence[OracleFacts], on: date = ON, parameters: Row = PARAMETERS
) -> dict[str, list[str]]:
    return {cell: examples[:3] for cell, examples in in_batches(crowd, on=on, parameters=parameters).items()}


@pytest.mark.req(
    "INC-1",
    "INC-2",
    "INC-3",
    "INC-4",
    "INC-5",
    "INC-6",
    "INC-7",
    "RSK-1",
    "RSK-2",
    "CAS-1",
    "CAS-4",
    "CAS-5",
    "CAS-6",
)
@pytest.mark.parametrize("first", [0, 10_000])
def test_all_three_agree_on_whole_households(first: int) -> None:
    assert differing([random_facts(seed) for seed in range(first, first + 300)]) == {}


@pytest.mark.req("INC-1", "INC-5", "RSK-2", "QLT-1")
@pytest.mark.parametrize("first", [20_000, 30_000])
def test_all_three_agree_where_rows_have_holes(first: int) -> None:
    assert differing([random_facts(seed, row_holes=True) for seed in range(first, first + 300)]) == {}


@pytest.mark.req("INC-2", "ALR-2", "GUA-1")
@pytest.mark.parametrize("on", DAYS, ids=str)
def test_all_three_agree_on_days_at_an_edge(on: date) -> None:
    """29 February, the days about the school year's, the last and the first day of a year."""
    parameters = PARAMETERS | {"campaign_from": date(on.year, 1, 1)}
    assert differing([random_facts(seed, on=on, row_holes=True) for seed in range(120)], on, parameters) == {}


@pytest.mark.req("RSK-2", "QLT-1")
@pytest.mark.parametrize("table", [*TABLES, "members"])
def test_all_three_agree_where_a_table_is_missing(table: str) -> None:
    crowd = [without(random_facts(seed, row_holes=True), table) for seed in range(40_000, 40_060)]
    assert differing(crowd) == {}


@pytest.mark.req("RSK-2", "QLT-1")
def test_all_three_agree_without_a_range_and_a_campaign() -> None:
    """What no document has set is unknown, and so is what rests on it."""
    unset = PARAMETERS | {"monitoring_range": None, "campaign_from": None}
    crowd = [random_facts(seed) for seed in range(50_000, 50_120)]
    assert differing(crowd, parameters=unset) == {}
    batch = by_duckdb(
        [facts_of(facts) for facts in crowd],
        national(),
        ON,
        {"monitoring_range": None, "campaign_from": None},
    )
    assert {answer.findings["visit.missing"] for answer in batch.answers} == {None}
    assert True not in {answer.findings["income.below_range"] for answer in batch.answers}


@pytest.mark.req("INC-1", "RSK-1", "RSK-2")
@settings(max_examples=150)
@given(households(row_holes=True))
def test_the_closure_agrees_with_the_oracle(facts: OracleFacts) -> None:
    """Any household, any tables missing; where it fails hypothesis finds the smallest one."""
    own = facts_of(facts)
    closure = by_closure(own, closure_for(own, national(), ON, SETTINGS))
    assert differences(by_oracle(facts, on=ON, parameters=PARAMETERS), closure, ignore=NEIGHBOURS) == {}


@pytest.mark.req("RSK-2")
def test_bit_sets_say_what_the_findings_say() -> None:
    """A bit per rule in the pack's order, in DuckDB's words and in the closure's whole numbers alike."""
    crowd = [facts_of(random_facts(seed)) for seed in range(60_000, 60_040)]
    batch = by_duckdb(crowd, national(), ON, SETTINGS)
    rules = list(national().rules)
    assert len(rules) > 40
    for facts, answer in zip(crowd, batch.answers, strict=True):
        fired = sum(1 << rules.index(name) for name, value in answer.findings.items() if value is True)
        unknown = sum(1 << rules.index(name) for name, value in answer.findings.items() if value is None)
        assert answer.bits == (fired, unknown)
        assert by_closure(facts, batch.closure, batch.fences).bits == (fired, unknown)


@pytest.mark.req("INC-3")
def test_a_villages_fence_leaves_out_who_is_no_member() -> None:
    """The costs of a conscript who shares no income are not counted, neither of the household nor of the village."""
    crowd = []
    for number, cost in enumerate((100, 110, 120, 130, 400), 1):
        crowd.append(_worker(number, cost))
    away = _worker(6, 4000)
    away.members[0] |= {"serving": True, "shares_income": False}  # type: ignore[index]
    crowd.append(away)
    assert differing(crowd) == {}
    batch = by_duckdb([facts_of(facts) for facts in crowd], national(), ON, SETTINGS)
    assert [answer.findings["income.cost_outlier"] for answer in batch.answers] == [False] * 4 + [True, False]
    # 100 110 120 130 400: Q1 110, Q3 130, fence 130 + 1.5 × 20
    assert batch.fences[("500199100001", "in_county")] == Decimal(160)


def _worker(number: int, cost: int) -> OracleFacts:
    household_id = f"h{number}"
    items = [
        {"item_id": f"{household_id}-{kind}", "household_id": household_id, "member_id": f"{household_id}-1", "kind": f"{kind}.in_county",
         "amount": Decimal(amount), "received_on": date(2024, 5, 1)}
        for kind, amount in (("wage", 9000), ("cost", cost))
    ]  # fmt: skip
    member = {"member_id": f"{household_id}-1", "household_id": household_id, "relation": "head"}
    empty: dict[str, list[Row] | None] = {name: [] for name in TABLES}
    household = {
        "household_id": household_id,
        "area_code": "500199100001",
        "household_type": "general",
        "monitoring_status": "none",
    }
    return OracleFacts(household, [member], empty | {"income_items": items})


@pytest.mark.req("RSK-2")
def test_a_household_is_judged_the_same_alone_and_among_others() -> None:
    crowd = [facts_of(random_facts(seed)) for seed in range(70_000, 70_020)]
    together, _ = through_duckdb(crowd, national(), ON, SETTINGS, present_in(crowd[0]))
    alone, _ = through_duckdb(crowd[:1], national(), ON, SETTINGS, present_in(crowd[0]))
    indicators, findings = together[0]
    assert alone[0][0] == indicators
    assert {name for name in findings if alone[0][1][name] != findings[name]} <= NEIGHBOURS
