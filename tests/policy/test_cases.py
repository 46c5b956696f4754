"""Every case of every pack comes out as the documents say, by DuckDB and by the closure alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from shouwang.policy.case_runner import run_cases
from shouwang.policy.cases import read_cases

PACKS = Path(__file__).parents[2] / "packs"
SHARED = PACKS.parents[1] / "shared" / "cases" / "chongqing-xihe-2024.yaml"
PATHS = sorted(PACKS.glob("*/cases/*.yaml"))


@pytest.mark.req("INC-1", "INC-2", "INC-3", "INC-5", "INC-6", "RSK-1", "RSK-2")
@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_cases_of_a_pack_hold_on_both_backends(path: Path) -> None:
    count, failures = run_cases(path.parent.parent.name, [path])
    assert count == len(read_cases(path)) > 0
    assert [str(failure) for failure in failures] == []


@pytest.mark.req("RSK-1", "RSK-2")
def test_the_public_cases_are_among_them() -> None:
    cases = read_cases(PACKS / "chongqing-xihe-2024" / "cases" / "open.yaml")
    assert len(cases) >= 20
    assert {case.pack for case in cases} == {"chongqing-xihe-2024"}
    assert len({case.name for case in cases}) == len(cases)


@pytest.mark.req("RSK-1", "RSK-2")
@pytest.mark.skipif(not SHARED.is_file(), reason="the shared cases are not beside the project")
def test_the_public_cases_are_those_that_are_shared() -> None:
    own = read_cases(PACKS / "chongqing-xihe-2024" / "cases" / "open.yaml")
    assert {case.name for case in read_cases(SHARED)} <= {case.name for case in own}


@pytest.mark.req("RSK-2")
def test_a_case_that_expects_something_else_fails_on_both_backends(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(
        '- {name: 反例, pack: chongqing-xihe-2024, "on": 2024-09-05, household: {household_type: general, monitoring_status: none},'
        " members: [{relation: head}], income_items: [{member: 1, kind: wage.in_county, amount: 8300, received_on: 2024-02-01}],"
        " expect: {indicators: {net_income: 8301}, findings: [income.fall], absent: [income.below_range]}}\n",
        encoding="utf-8",
    )
    count, failures = run_cases("chongqing-xihe-2024", [tmp_path / "wrong.yaml"])
    assert count == 1
    assert {failure.where for failure in failures} == {"DuckDB", "closure"}
    for failure in failures:
        assert len(failure.messages) == 3
        assert "8301" in failure.messages[0]
        assert "8300" in failure.messages[0]
        assert str(failure).startswith("wrong.yaml:1: 反例")
