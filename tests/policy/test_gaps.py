"""unknown.csv names the facts that somebody must ask for: those that keep a finding open, and no others."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shouwang.policy.cases import Facts
from shouwang.policy.screening import screen
from tests.policy.folders import DAY, read_csv, write_folder
from tests.policy.trial_packs import household, income

WELL: dict[str, Any] = {
    "school_dropout": False, "uninsured_member": False, "housing_unsafe": False, "water_unsafe": False, "food_short": False,
    "clothing_short": False, "oop_education": 0, "oop_medical": 0, "oop_other": 0, "insurance_payout": 0, "low_income_group": False,
    "income_per_capita_last_year": 9000, "income_per_capita_two_years_ago": 9000, "income_per_capita_three_years_ago": 9000,
    "compliant_expense_last_year": 0, "cannot_communicate": False, "contact": "联系人甲",
}  # fmt: skip
HEAD = {
    "relation": "head",
    "birth_date": date(1980, 1, 5),
    "medical_insurance": True,
    "labour_capacity": "ordinary",
    "public_post": False,
}
CHILD = {
    "relation": "child",
    "birth_date": date(2014, 1, 5),
    "medical_insurance": True,
    "in_school": True,
    "labour_capacity": "none",
}


def well(
    number: int,
    members: list[dict[str, Any]] | None = None,
    columns: dict[str, Any] | None = None,
    **tables: Any,
) -> Facts:
    """A household of which everything is known that most findings need; ``columns`` and tables say what is not."""
    rows = {"members": members or [HEAD], "income_items": [income(90000)], "visits": [{"visited_on": date(2024, 8, 30), "mode": "in_person",
            "respondent": "member", "risk": False}], **tables}  # fmt: skip
    return household(number, WELL | (columns or {}), **rows)


CROWD: dict[str, tuple[Facts, dict[str, set[str]], set[str]]] = {
    "everything known": (
        well(1), {}, {"income.below_range", "medical.uninsured", "housing.unsafe", "education.out_of_school", "identify.left_out"}),
    "a member's insurance": (
        well(2, [HEAD | {"medical_insurance": None}]), {"medical.uninsured": {"members.medical_insurance"}}, {"housing.unsafe"}),
    "the house": (
        well(3, columns={"housing_unsafe": None}), {"housing.unsafe": {"housing_unsafe"}}, {"water.unsafe"}),
    "no income at all": (
        well(4, income_items=[]), {"income.below_range": {"income_items"}, "income.fall": {"income_items"}}, {"housing.unsafe"}),
    "an amount": (
        well(5, income_items=[income(90000) | {"amount": None}]), {"income.below_range": {"income_items.amount"}}, {"medical.uninsured"}),
    "a day of receipt": (
        well(6, income_items=[income(100), income(90000) | {"received_on": None}]), {"income.below_range": {"income_items.received_on"}}, set()),
    "a child's birth": (
        well(7, [HEAD, CHILD | {"birth_date": None, "in_school": False, "cannot_attend": False}]), {"education.out_of_school": {"members.birth_date"}},
        {"education.home_teaching"}),
    "a child's school": (
        well(8, [HEAD, CHILD | {"in_school": None, "cannot_attend": False}]), {"education.out_of_school": {"members.in_school"}}, set()),
    "the status": (
        well(9, columns={"monitoring_status": None, "housing_unsafe": True}), {"identify.left_out": {"monitoring_status"}}, {"housing.unsafe"}),
    "an alert's cost": (
        well(10, alerts=[{"kind": "large_medical_cost", "source": "cadre", "received_on": date(2024, 5, 1), "disposition": "no_risk"}]),
        {"expense.rise": {"alerts.amount"}}, {"income.below_range", "expense.burden"}),
    "settled by what is known": (
        well(11, columns={"food_short": True, "clothing_short": None, "monitoring_status": "unresolved"}), {}, {"basics.short", "identify.left_out"}),
    "last year's income": (
        well(12, columns={"income_per_capita_last_year": None}), {"income.fall": {"income_per_capita_last_year"}}, {"income.below_range"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def missing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, set[str]]]:
    """Household → finding → the facts that unknown.csv names."""
    base = tmp_path_factory.mktemp("gaps")
    folder = write_folder(base / "facts", [facts for facts, _missing, _known in CROWD.values()])
    screen(
        folder,
        "national",
        DAY,
        base / "out",
        settings={"monitoring_range": "8300", "campaign_from": "2024-08-23"},
    )
    found: dict[str, dict[str, set[str]]] = {}
    for row in read_csv(base / "out" / "unknown.csv"):
        found.setdefault(row["household_id"], {})[row["finding"]] = set(row["missing"].split(";"))
    return found


@pytest.mark.req("QLT-1", "RSK-2")
@pytest.mark.parametrize("name", CROWD)
def test_the_right_facts_are_named(missing: dict[str, dict[str, set[str]]], name: str) -> None:
    facts, expected, known = CROWD[name]
    found = missing.get(facts.household["household_id"], {})
    assert {finding: found.get(finding) for finding in expected} == expected
    assert known & set(found) == set()


@pytest.mark.req("QLT-1")
def test_what_lacks_as_a_whole_is_said_once_in_the_run(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path / "facts", [well(1), well(2)], tables=["members", "income_items", "visits"]
    )
    summary = screen(
        folder,
        "national",
        DAY,
        tmp_path / "out",
        settings={"monitoring_range": "8300", "campaign_from": "2024-08-23"},
    )
    assert "alerts" in summary["missing_tables"]
    assert "members" not in summary["missing_tables"]
    assert summary["counts"]["unknown"]["alert.overdue"] == 2
    named = {fact for row in read_csv(tmp_path / "out" / "unknown.csv") for fact in row["missing"].split(";")}
    assert not any(fact.startswith("alerts") for fact in named)
