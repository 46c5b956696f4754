"""The summary page's figures are those of the result files.

Requirements: REP-3 (charts by area), RSK-2 (rules that fired).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shouwang.documents.summary_from_run import summary_from_run
from shouwang.documents.summary_page import render_summary
from shouwang.policy.loading import load

HOUSEHOLDS = """household_id,area_code,household_type,monitoring_status
1,500151122201,general,none
2,500151122201,lifted,none
3,500151122202,general,unresolved
4,500151122202,general,none
"""
INDICATORS = """household_id,net_income_per_capita,income_band,required_mode
1,8300.00,at_or_below_range,in_person
2,8300.01,to_10000,any
3,-20.00,at_or_below_range,in_person
4,,,
"""
FINDINGS = """household_id,area_code,finding,level,problem,clause,says,values
1,500151122201,income.below_range,household,income,XH,说明,{}
3,500151122202,water.unsafe,household,water,XH,说明,{}
3,500151122202,alert.overdue,village,alert_handling,XH,说明,{}
"""
UNKNOWN = """household_id,finding,missing
4,income.below_range,income_items.amount
4,medical.uninsured,uninsured_member;income_items.amount
2,medical.uninsured,uninsured_member
"""


@pytest.fixture
def run(tmp_path: Path) -> tuple[Path, Path]:
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    out.mkdir()
    (data / "households.csv").write_text(HOUSEHOLDS, encoding="utf-8")
    (data / "villages.csv").write_text(
        "area_code,year,county,town,village\n500151122201,2023,铜梁区,西河镇,甲村\n500151122202,2023,铜梁区,西河镇,乙村\n",
        encoding="utf-8",
    )
    (data / "cases.csv").write_text("case_id,household_id,risks\nC1,3,illness;disaster\n", encoding="utf-8")
    for name, text in (("indicators", INDICATORS), ("findings", FINDINGS), ("unknown", UNKNOWN)):
        (out / f"{name}.csv").write_text(text, encoding="utf-8")
    return data, out


@pytest.mark.req("REP-3", "RSK-2")
def test_figures_of_the_page_are_those_of_the_files(run: tuple[Path, Path]) -> None:
    summary = summary_from_run(*run, load("chongqing-xihe-2024"), date(2024, 9, 1), made_up=True)
    assert (summary.households, summary.at_or_below, summary.unknown_income, summary.in_person) == (
        4,
        2,
        1,
        2,
    )
    assert summary.place == "铜梁区西河镇"
    assert summary.monitoring_range == Decimal(8300)
    assert [bin_.households for bin_ in summary.income][:2] == [2, 1]
    assert sum(bin_.households for bin_ in summary.income) == 3
    first, second = summary.villages
    assert (first.name, first.households, first.at_or_below, first.problems) == (
        "甲村",
        2,
        1,
        {"①收入方面": 1},
    )
    assert (second.name, second.unknown_income, second.problems) == ("乙村", 1, {"⑤饮水安全": 1})
    by_id = {finding.id: finding for finding in summary.findings}
    assert (by_id["medical.uninsured"].fired, by_id["medical.uninsured"].unknown) == (0, 2)
    assert by_id["income.below_range"].fired == 1
    assert {(count.name, count.count) for count in summary.missing} == {
        ("有成员未参加医保", 2),
        ("金额（元）", 1),
    }
    assert {(count.name, count.count) for count in summary.causes} == {("因病", 1), ("因自然灾害", 1)}
    assert {(kind.name, kind.count) for kind in summary.kinds} == {
        ("一般农户", 2),
        ("脱贫户", 1),
        ("一般农户、监测对象（未消除）", 1),
    }


@pytest.mark.req("REP-3")
def test_a_range_set_by_hand_is_the_one_shown(run: tuple[Path, Path]) -> None:
    settings = {"monitoring_range": Decimal(9000)}
    summary = summary_from_run(*run, load("chongqing-xihe-2024"), date(2024, 9, 1), settings=settings)
    assert summary.monitoring_range == Decimal(9000)
    assert summary.income[0].high == Decimal(9000)
    assert "甲村" in render_summary(summary)
