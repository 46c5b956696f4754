"""A what-if finds exactly the households in which two whole screenings differ, whatever is changed (RSK-5)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.policy.closure import compile_plan
from shouwang.policy.whatif.changes import mixed
from shouwang.policy.whatif.sweep import SweepOrder
from shouwang.policy.whatif.whatif import terms
from tests.oracle.households import random_facts
from tests.policy.comparing import facts_of, present_in
from tests.policy.trial_packs import write_pack
from tests.whatif.trying import ON, SETS, Answers, fired, screened, tried, ways, written

pytestmark = pytest.mark.req("RSK-5")

CROWD = [facts_of(random_facts(seed)) for seed in range(90)]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("crowd") / "facts", CROWD)


@pytest.fixture(scope="module")
def before(facts: Path) -> Answers:
    return screened(facts, "national", ON, SETS)


OTHER_PACK = {
    "rules": "income.fall: {when: 'net_income_per_capita < income_per_capita_last_year'}\n",
    "income": "kinds:\n  transfer.pension: {name: 养老金, counts_as: not_counted, class: other, clause: 试验}\n",
    "parameters": "plan_limit:\n  values: [{value: 3, clause: 试验}]\n",
}

CHANGES: dict[str, dict[str, Any]] = {
    "a threshold": {"then": {"monitoring_range": "12000"}},
    "a threshold that no document gives": {"then": {"monitoring_range": "unset"}},
    "an age and a limit, read row by row": {"then": {"verify_limit": "60", "school_to": "13"}},
    "the window and two limits": {"then": {"window": "year", "plan_limit": "40", "income_fall_ratio": "0.05"}},
    "the day": {"then_on": date(2024, 12, 20)},
    "the day and a threshold": {"then_on": date(2025, 3, 1), "then": {"monitoring_range": "9900"}},
    "another pack": {"then_pack": "other"},
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_exactly_the_households_in_which_two_screenings_differ(
    facts: Path, before: Answers, tmp_path: Path, change: dict[str, Any]
) -> None:
    change = dict(change)
    if change.get("then_pack"):
        change["then_pack"] = str(write_pack(tmp_path / "other", **OTHER_PACK))
    found = tried(facts, **change)
    sets = {**SETS, **change.get("then", {})}
    after = screened(facts, change.get("then_pack", "national"), change.get("then_on", ON), sets)
    rules = {target.id: place for place, target in enumerate(found.targets) if target.group == "rule"}
    moved = {
        (move.household_id, found.targets[move.target].id): (move.was, move.is_)
        for move in found.moves if found.targets[move.target].id in rules
    }  # fmt: skip
    assert moved == {pair: (before[pair], after[pair]) for pair in before if before[pair] is not after[pair]}
    assert moved, "the change must move somebody, or this proves nothing"
    for rule, place in rules.items():
        count = found.totals[place]
        sides = [[answers[pair] for pair in answers if pair[1] == rule] for answers in (before, after)]
        assert (count.before, count.before_unknown) == (sides[0].count(True), sides[0].count(None))
        assert (count.after, count.after_unknown) == (sides[1].count(True), sides[1].count(None))
        assert count.after - count.before == count.came_in - count.went_out
        assert count.after_unknown - count.before_unknown == count.became_unknown - count.became_known


def test_the_findings_of_two_whole_screenings(facts: Path, tmp_path: Path) -> None:
    one = fired(facts, tmp_path / "one", SETS)
    other = fired(facts, tmp_path / "other", {**SETS, "monitoring_range": "12000"})
    told = ways(tried(facts, {"monitoring_range": "12000"}))
    rules = {rule for _household, rule in one | other}
    assert {pair for pair in told["in"] if pair[1] in rules} == other - one
    assert {pair for pair in told["out"] if pair[1] in rules} == one - other
    assert other - one


def test_villages_add_up_and_partitions_do_not_matter(facts: Path) -> None:
    whole = tried(facts, {"monitoring_range": "12000", "school_to": "17"})
    parts = tried(facts, {"monitoring_range": "12000", "school_to": "17"}, partition=17)
    assert parts.totals == whole.totals
    assert parts.moves == whole.moves
    assert parts.villages == whole.villages
    assert parts.by_change == whole.by_change
    assert sum(village.households for village in whole.villages) == whole.households == len(CROWD)
    for place, total in whole.totals.items():
        for name, value in vars(total).items():
            assert sum(getattr(v.counts[place], name) for v in whole.villages if place in v.counts) == value


def test_only_what_is_asked_for(facts: Path) -> None:
    whole = tried(facts, {"monitoring_range": "12000"})
    some = tried(facts, {"monitoring_range": "12000"}, only=["income.below_range", "required_mode"])
    assert [t.id for t in some.targets] == [
        t.id for t in whole.targets if t.id == "income.below_range" or t.value == "required_mode"
    ]
    assert {m.household_id for m in some.moves if some.targets[m.target].id == "income.below_range"} == {
        m.household_id for m in whole.moves if whole.targets[m.target].id == "income.below_range"
    }


def test_reasons_are_those_that_the_closure_gives(facts: Path) -> None:
    """Each single change made by itself through the other backend moves exactly the households that are said."""
    then = {"monitoring_range": "12000", "school_to": "17", "income_fall_ratio": "0.05"}
    found = tried(facts, then)
    one, other = (terms("national", ON, sets).fixed() for sets in (SETS, {**SETS, **then}))
    households = {facts_.household["household_id"]: facts_ for facts_ in CROWD}
    assert {change.name for change in found.changes} == set(then)
    values: list[dict[str, dict[str, Any]]] = []
    for change in found.changes:
        side = mixed(one, other, [change])
        closures: dict[Any, Any] = {}
        own = {}
        for household_id, facts_ in households.items():
            closure = _closure(closures, side, facts_)
            own[household_id] = closure.evaluate(facts_.household, facts_.tables)
        values.append(own)
    checked = 0
    for move in found.moves:
        target = found.targets[move.target]
        if target.id == "income.cost_outlier":
            continue  # needs the fences of the village
        alone = tuple(
            place for place, own in enumerate(values) if _answer(own[move.household_id], target) is move.is_
        )
        assert (move.changes == alone and not move.together) if alone else move.together
        checked += 1
    assert checked > 20


def _closure(known: dict[Any, Any], side: Any, facts_: Any) -> Any:
    from shouwang.policy.plan import build

    present = {**present_in(facts_), **{name: present_in(CROWD[0])[name] for name in present_in(CROWD[0])}}
    key = frozenset(present)
    if key not in known:
        known[key] = compile_plan(build(side.pack, side.on, side.settings, present))
    return known[key]


def _answer(values: dict[str, Any], target: Any) -> Any:
    value = values[target.value]
    return value if not target.code or value is None else value == target.code


@given(
    st.sampled_from(["7000", "8300", "9100", "12000", "unset"]),
    st.sampled_from(["7000", "8300", "9100", "12000", "unset"]),
    st.sampled_from([("income_fall_ratio", "0.05"), ("plan_limit", "40"), ("expense_rise_min", "500")]),
)
@settings(max_examples=4)
def test_swapping_both_sides_swaps_in_and_out(
    facts: Path, one: str, other: str, more: tuple[str, str]
) -> None:
    there = {**SETS, "monitoring_range": one}
    back = {**SETS, "monitoring_range": other, more[0]: more[1]}
    onward = tried(facts, back, sets=there)
    held = terms("national", ON, {}).pack.parameters[more[0]].at(ON, "")
    assert held is not None
    returned = tried(facts, {**there, more[0]: str(held.value)}, sets=back)
    answers = {(m.household_id, onward.targets[m.target].id): (m.was, m.is_) for m in onward.moves}
    swapped = {(m.household_id, returned.targets[m.target].id): (m.is_, m.was) for m in returned.moves}
    assert answers == swapped
    for place, target in enumerate(onward.targets):
        count, again = (
            onward.totals[place],
            returned.totals[[t.id for t in returned.targets].index(target.id)],
        )
        assert (count.came_in, count.became_unknown) == (again.went_out, again.became_known)
        assert (count.before, count.after_unknown) == (again.after, again.before_unknown)


@pytest.mark.parametrize(
    ("parameter", "span", "once"),
    [("monitoring_range", "8000:12000:2000", True), ("verify_limit", "5:65:30", False)],
)
def test_a_sweep_is_what_repeated_screening_gives(facts: Path, parameter: str, span: str, once: bool) -> None:
    order = SweepOrder.read(terms("national", ON, {}).pack, f"{parameter}={span}")
    sweep = tried(facts, {"income_fall_ratio": "0.3"}, order=order, partition=40).sweep
    assert sweep is not None
    assert sweep.planned_once is once
    rules = {target.id: place for place, target in enumerate(sweep.targets) if target.group == "rule"}
    some = set[int]()
    for at, value in enumerate(order.values):
        answers = screened(facts, "national", ON, {**SETS, parameter: str(value)})
        for rule, place in rules.items():
            own = [answer for pair, answer in answers.items() if pair[1] == rule]
            assert sweep.fired[place][at] == own.count(True)
            assert sweep.unknown[place][at] == own.count(None)
            some.add(sweep.fired[place][at])
    assert len(some) > 1
