"""Mutating the packs: mutants are made, cases kill them, and what no case looks at is reported as surviving."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts import mutate_packs
from scripts.mutation.mutants import Mutant, mutants_of
from scripts.mutation.parameters import parameter_mutants
from scripts.mutation.reporting import Equivalent, Report, written
from scripts.mutation.run import Outcome, Whole, load_packs, mutants_in, run, whole
from scripts.mutation.trials import PACKS, all_together
from shouwang.policy.case_runner import case_files
from shouwang.policy.loading import find

CASE = """
- name: 有牛的监测户
  pack: chongqing-xihe-2024
  "on": 2024-09-05
  household: {household_type: general, monitoring_status: unresolved, cattle_stock: 1, cattle_sold: 0, sheep_stock: 0, sheep_sold: 0}
  expect: {findings: [income.livestock]}
- name: 两年都降
  pack: chongqing-xihe-2024
  "on": 2024-09-05
  household: {income_per_capita_last_year: 9000, income_per_capita_two_years_ago: 9001, income_per_capita_three_years_ago: 9002}
  expect: {findings: [income.two_year_fall]}
- name: 上年没有降
  pack: chongqing-xihe-2024
  "on": 2024-09-05
  household: {income_per_capita_last_year: 9001, income_per_capita_two_years_ago: 9001, income_per_capita_three_years_ago: 9002}
  expect: {absent: [income.two_year_fall]}
"""


@pytest.fixture(scope="module")
def wholes() -> list[Whole]:
    return [whole(pack) for pack in load_packs().values()]


def _own(wholes: list[Whole], rule: str) -> list[Mutant]:
    one = wholes[-1]
    return [m for site in one.sites if site.name == rule for m in mutants_of(site, one.names(site))]


@pytest.mark.req("RSK-2", "QLT-1")
def test_a_rule_is_changed_one_thing_at_a_time(wholes: list[Whole]) -> None:
    changes = {(m.operator, m.before, m.after) for m in _own(wholes, "removal.too_early")}
    assert changes == {
        ("and / or", "… AND monitored_days < :half_year", "… OR monitored_days < :half_year"),
        ("column", "resolved", "(NOT resolved)"),
        ("comparison", "monitored_days < :half_year", "monitored_days <= :half_year"),
        (
            "column",
            "monitored_days",
            next(m.after for m in _own(wholes, "removal.too_early") if m.before == "monitored_days"),
        ),
        ("bound", ":half_year", ":half_year + 1 step"),
        ("bound", ":half_year", ":half_year - 1 step"),
    }
    lists = [m for m in _own(wholes, "safeguard.candidate") if m.operator == "list"]
    assert [m.after for m in lists] == ["dibao_tier IN ('highest')", "dibao_tier IN ('full')"]


@pytest.mark.req("RSK-2")
def test_parameters_move_by_their_smallest_step_and_lists_lose_a_word() -> None:
    made: dict[str, list[str]] = {}
    for mutant in parameter_mutants(load_packs()["chongqing-xihe-2024"]):
        made.setdefault(mutant.name, []).append(str(mutant.after))
    assert made["monitoring_range"] == ["8301", "8299"]
    assert made["income_fall_ratio"] == ["0.21", "0.19"]
    assert made["campaign_from"] == ["2024-08-24", "2024-08-22"]
    assert made["premium_cutoff"] == ["04-02", "03-31"]
    assert made["measure_kinds_schooling"] == ["social", "education_aid"]
    assert "phone_pattern" not in made


@pytest.mark.req("RSK-2", "QLT-1", "QLT-2")
def test_three_rules_are_watched_by_the_cases_of_the_project(wholes: list[Whole]) -> None:
    rules = ("income.two_year_fall", "removal.too_early", "identity.old_number")
    own = [mutant for rule in rules for mutant in _own(wholes, rule)]
    files = [
        path
        for name in PACKS
        for path in case_files(find(name))
        if path.stem in ("open", "income", "focus", "removal", "identity", "mutants")
    ]
    packs = load_packs()
    outcome = run(dict(enumerate(own)), packs, all_together(packs, files), processes=1)
    assert len(own) >= 15
    assert outcome.failing == set()
    assert len(outcome.killed) >= 0.9 * len(own)


@pytest.mark.req("RSK-2")
def test_what_no_case_looks_at_survives(wholes: list[Whole], tmp_path: Path) -> None:
    path = tmp_path / "few.yaml"
    path.write_text(CASE, encoding="utf-8")
    packs, own = load_packs(), [*_own(wholes, "income.two_year_fall"), *_own(wholes, "loan.overdue")]
    outcome = run(dict(enumerate(own)), packs, all_together(packs, [path]), processes=1)
    left = {(m.owner, m.before, m.after) for m in outcome.survivors.values()}
    assert ("rules.loan.overdue", "loan_late", "(NOT loan_late)") in left
    second = "income_per_capita_two_years_ago < income_per_capita_three_years_ago"
    assert ("rules.income.two_year_fall", second, second.replace("<", "<=")) in left
    first = "income_per_capita_last_year < income_per_capita_two_years_ago"
    assert ("rules.income.two_year_fall", first, first.replace("<", "<=")) not in left


@pytest.mark.req("RSK-2")
def test_equivalent_mutants_are_set_apart_and_an_entry_that_is_wrong_is_told(wholes: list[Whole]) -> None:
    own = dict(enumerate(_own(wholes, "removal.too_early")))
    equal = Equivalent(r"rules\.removal\.too_early", "resolved", r"\(NOT resolved\)", "for the test")
    stale = Equivalent("nothing", "a", "b", "for the test")
    kept = Report(Outcome(own, killed=set(own) - {1}), wholes, [equal])
    number = next(n for n, m in own.items() if m.before == "resolved")
    assert len(kept.counted) == len(own) - 1
    report = Report(Outcome(own, killed=set(own)), wholes, [equal, stale])
    assert [m.before for m in report.wrongly] == ["resolved"]
    assert report.unused == [stale]
    assert not report.passes
    assert Report(Outcome(own, killed=set(own) - {number}), wholes, [equal]).passes


@pytest.mark.req("RSK-2")
def test_the_command_names_survivors_and_fails_below_the_bar(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, told = tmp_path / "few.yaml", tmp_path / "told.json"
    path.write_text(CASE, encoding="utf-8")
    options = [
        "--rule",
        "loan.overdue",
        "--cases",
        str(path),
        "--json",
        str(told),
        "--processes",
        "1",
        "--list-survivors",
    ]
    assert mutate_packs.main(options) == 1
    assert "national/rules.yaml:" in capsys.readouterr().out
    outcome = json.loads(told.read_text(encoding="utf-8"))
    assert outcome["killed"] == 0
    assert {entry["owner"] for entry in outcome["survivors"]} >= {"rules.loan.overdue"}
    with pytest.raises(SystemExit):
        mutate_packs.main(["--rule", "no.such"])
    assert "no.such" in capsys.readouterr().err


@pytest.mark.req("RSK-2")
def test_only_the_figures_of_the_page_are_renewed() -> None:
    page = "# 前\n\n<!-- made: mutation -->\n旧\n<!-- end: mutation -->\n\n后\n"
    assert written(page, "新") == "# 前\n\n<!-- made: mutation -->\n\n新\n\n<!-- end: mutation -->\n\n后\n"


@pytest.mark.req("RSK-2")
def test_every_mutant_is_made_once(wholes: list[Whole]) -> None:
    made = mutants_in(wholes, "removal.too_early")
    told = [
        (m.owner, m.operator, str(m.before), str(m.after), str(getattr(m, "tree", ""))) for m in made.values()
    ]
    assert len(set(told)) == len(told)
