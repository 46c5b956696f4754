"""A place changes what it must by one edit of YAML: a value, a kind of income, a rule, a rule switched off."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shouwang.policy.loading import load
from tests.policy.trial_packs import household, income, screened, trial_pack

XIHE = "chongqing-xihe-2024"
VILLAGE = {"area_code": "500151122201"}


@pytest.mark.req("INC-6", "RSK-2")
def test_a_new_value_of_a_parameter(tmp_path: Path) -> None:
    facts = [household(1, VILLAGE, income_items=[income(8500)])]
    before = load(XIHE)
    after = trial_pack(
        tmp_path / "trial", XIHE,
        parameters='monitoring_range:\n  values: [{from: 2024-09-01, area: "500151", value: 8800, clause: 试验 §1}]\n',
    )  # fmt: skip
    ((indicators, findings),) = screened(before, facts)
    assert (indicators["income_band"], findings["income.below_range"]) == ("to_10000", False)
    ((indicators, findings),) = screened(after, facts)
    assert (indicators["income_band"], findings["income.below_range"]) == ("at_or_below_range", True)
    assert after.hash != before.hash


@pytest.mark.req("INC-5")
def test_a_new_kind_of_income_that_counts_and_one_that_does_not(tmp_path: Path) -> None:
    pack = trial_pack(
        tmp_path / "trial", XIHE,
        income=(
            "kinds:\n  transfer.winter_heating: {name: 取暖补贴, counts_as: transfer, clause: 试验 §2}\n"
            "  excluded.raffle: {name: 抽奖, counts_as: not_counted, class: non_income, clause: 试验 §3}\n"
        ),
    )  # fmt: skip
    items = [income(9000), income(300, "transfer.winter_heating"), income(5000, "excluded.raffle")]
    ((indicators, _findings),) = screened(pack, [household(1, VILLAGE, income_items=items)])
    assert indicators["transfer"] == indicators["net_income"] == Decimal(9300)


@pytest.mark.req("INC-5")
def test_a_kind_that_a_place_counts_otherwise(tmp_path: Path) -> None:
    pack = trial_pack(
        tmp_path / "trial", XIHE, income="kinds:\n  excluded.gift: {counts_as: transfer, clause: 试验 §4}\n"
    )
    ((indicators, _findings),) = screened(
        pack, [household(1, VILLAGE, income_items=[income(100, "excluded.gift")])]
    )
    assert indicators["net_income"] == Decimal(100)


@pytest.mark.req("RSK-2")
def test_a_new_rule_finds_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    rule = (
        "own.far_work:\n  name: 省外务工户\n  level: look\n  clause: 试验 §5\n  when: wage_outside_items > 0 and net_income >= 10000\n"
        "  says: 纯收入 {net_income} 元\n"
    )
    aggregate = "aggregates:\n  income_items:\n    wage_outside_items: count(case when counted and kind = 'wage.outside_province' then 1 end)\n"
    pack = trial_pack(tmp_path / "trial", XIHE, rules=rule, indicators=aggregate)
    crowd = [
        household(1, VILLAGE, income_items=[income(10000, "wage.outside_province")]),
        household(2, VILLAGE, income_items=[income("9999.99", "wage.outside_province")]),
        household(3, VILLAGE, income_items=[income(20000)]),
        household(4, VILLAGE),
    ]
    results = [findings["own.far_work"] for _indicators, findings in screened(pack, crowd)]
    assert results == [True, False, False, False]
    old = screened(load(XIHE), crowd)
    for (_now, now), (_then, then) in zip(screened(pack, crowd), old, strict=True):
        assert {name: value for name, value in now.items() if name != "own.far_work"} == then


@pytest.mark.req("RSK-2")
def test_a_rule_switched_off_finds_nothing_and_leaves_the_others(tmp_path: Path) -> None:
    facts = [household(1, VILLAGE | {"household_type": "lifted", "sheep_stock": 3, "food_short": True})]
    ((_indicators, findings),) = screened(load(XIHE), facts)
    assert findings["income.livestock"] is True
    assert findings["basics.short"] is True
    ((_indicators, without),) = screened(
        trial_pack(tmp_path / "trial", XIHE, rules="income.livestock: {off: true}\n"), facts
    )
    assert without == {name: value for name, value in findings.items() if name != "income.livestock"}


@pytest.mark.req("RSK-2")
def test_a_condition_of_a_rule_that_a_place_changes(tmp_path: Path) -> None:
    facts = [household(1, VILLAGE | {"food_short": False, "clothing_short": True})]
    pack = trial_pack(tmp_path / "trial", XIHE, rules="basics.short: {when: food_short, clause: 试验 §6}\n")
    ((_indicators, findings),) = screened(pack, facts)
    assert findings["basics.short"] is False
    assert (pack.rules["basics.short"].clause, pack.rules["basics.short"].label) == (
        "试验 §6",
        load(XIHE).rules["basics.short"].label,
    )


@pytest.mark.req("RSK-1")
def test_the_focus_categories_that_a_place_chooses(tmp_path: Path) -> None:
    facts = [
        household(
            1, VILLAGE, alerts=[{"kind": "job_loss", "source": "cadre", "received_on": date(2024, 8, 1)}]
        )
    ]
    ((indicators, _findings),) = screened(load(XIHE), facts)
    assert indicators["focus_categories"] == ()
    pack = trial_pack(tmp_path / "trial", XIHE, head="focus_categories: [unstable]\n")
    ((indicators, _findings),) = screened(pack, facts)
    assert (indicators["focus_categories"], indicators["required_mode"]) == (("unstable",), "in_person")


@pytest.mark.req("ALR-2")
def test_a_place_lists_the_holidays_of_a_year_that_is_not_known_yet(tmp_path: Path) -> None:
    alert = {
        "kind": "accident",
        "source": "cadre",
        "received_on": date(2031, 3, 3),
        "verified_on": date(2031, 3, 11),
    }
    facts, on = [household(1, VILLAGE, alerts=[alert])], date(2031, 3, 20)
    ((_indicators, findings),) = screened(load(XIHE), facts, on=on)
    assert findings["alert.overdue"] is None
    text = 'years:\n  "2031": {holidays: [2031-03-05], workdays: [], clause: 试验 §7}\n'
    ((_indicators, findings),) = screened(trial_pack(tmp_path / "trial", XIHE, calendar=text), facts, on=on)
    assert findings["alert.overdue"] is False  # 4, 6, 7, 10, 11 March
    text = text.replace("[2031-03-05]", "[]")
    ((_indicators, findings),) = screened(trial_pack(tmp_path / "other", XIHE, calendar=text), facts, on=on)
    assert findings["alert.overdue"] is True
