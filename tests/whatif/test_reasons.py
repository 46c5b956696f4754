"""Who moves and because of what, on households made by hand (RSK-5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shouwang.documents.whatif_words import because
from tests.policy.trial_packs import household, income, write_pack
from tests.whatif.trying import ON, moves, tried, written

pytestmark = pytest.mark.req("RSK-5")


def reason(found: Any, move: Any) -> str:
    return because(found, move)


def test_a_threshold_alone(tmp_path: Path) -> None:
    """Both bounds, to the cent: 8,300.01 and 8,500.00 come in, 8,300.00 was in, 8,500.01 stays out."""
    amounts = ["8300.00", "8300.01", "8312.40", "8500.00", "8500.01"]
    facts = written(
        tmp_path / "facts",
        [household(n, income_items=[income(amount)]) for n, amount in enumerate(amounts, 1)],
    )
    found = tried(facts, {"monitoring_range": "8500"})
    in_ = moves(found, "income.below_range")
    assert set(in_) == {"h0002", "h0003", "h0004"}
    assert all(move.way == "in" for move in in_.values())
    assert reason(found, in_["h0003"]) == "监测范围 8,300 元 → 8,500 元"
    assert in_["h0003"].facts == "人均纯收入 8,312.40 元"
    assert set(moves(found, "at_or_below")) == set(in_)
    assert set(moves(found, "identify.left_out")) == set(in_)
    assert {m.way for m in moves(found, "required_mode=in_person").values()} == {"in"}
    back = tried(
        facts, {"monitoring_range": "8300"}, sets={"monitoring_range": "8500", "campaign_from": "2024-08-25"}
    )
    out = moves(back, "income.below_range")
    assert {(name, move.way) for name, move in out.items()} == {(name, "out") for name in in_}
    assert found.by_change[0].households == 3
    assert found.villages[0].counts[0].came_in == 3


def test_a_birthday(tmp_path: Path) -> None:
    """Six by the last 31 August makes a child of school age: the day lets the household in, nothing else does."""
    child = {"relation": "child", "birth_date": date(2018, 8, 31), "in_school": False, "cannot_attend": False}
    older = {**child, "birth_date": date(2017, 1, 1)}
    facts = written(tmp_path / "facts", [household(1, members=[child]), household(2, members=[older])])
    found = tried(facts, on=date(2024, 8, 30), then_on=date(2024, 9, 1))
    in_ = moves(found, "education.out_of_school")
    assert set(in_) == {"h0001"}
    assert reason(found, in_["h0001"]) == "筛查日 2024-08-30 → 2024-09-01"
    assert "否 → 是" in in_["h0001"].facts


def test_an_item_that_leaves_the_window(tmp_path: Path) -> None:
    """An item of 2023-09-10 counts on 2024-09-09 and no more on 2024-09-10: a fact that ages."""
    old = {"kind": "wage.in_county", "amount": Decimal(5000), "received_on": date(2023, 9, 10)}
    facts = written(
        tmp_path / "facts",
        [household(1, income_items=[old, income(8000)]), household(2, income_items=[income(20000)])],
    )
    assert not tried(facts, on=date(2024, 9, 8), then_on=date(2024, 9, 9)).moves
    found = tried(facts, on=date(2024, 9, 9), then_on=date(2024, 9, 10))
    in_ = moves(found, "income.below_range")
    assert set(in_) == {"h0001"}
    assert in_["h0001"].facts.startswith("人均纯收入 13,000.00 → 8,000.00")
    assert [change.part for change in found.changes] == ["day"]


def test_two_changes_only_together(tmp_path: Path) -> None:
    """9,000 in the window of the visit, 8,600 in that of the year: only the window and the range together let it in."""
    items = [
        income(8600),
        {"kind": "transfer.other", "amount": Decimal(400), "received_on": date(2023, 9, 20)},
    ]
    alone = household(2, income_items=[income(8650)])
    either = household(3, income_items=[income(8250), {**items[1], "amount": Decimal(200)}])
    facts = written(tmp_path / "facts", [household(1, income_items=items), alone, either])
    found = tried(facts, {"monitoring_range": "8700", "window": "year"})
    in_ = moves(found, "income.below_range")
    names = [change.name for change in found.changes]
    assert set(in_) == {"h0001", "h0002", "h0003"}
    assert in_["h0001"].together
    assert {names[place] for place in in_["h0001"].changes} == {"monitoring_range", "window"}
    assert "一起才变" in reason(found, in_["h0001"])
    assert (in_["h0002"].together, [names[p] for p in in_["h0002"].changes]) == (False, ["monitoring_range"])
    assert {names[place] for place in in_["h0003"].changes} == {"monitoring_range", "window"}
    assert not in_["h0003"].together
    assert "各自都够" in reason(found, in_["h0003"])
    by_name = {moved.change.name: moved.households for moved in found.by_change}
    assert by_name == {"monitoring_range": 2, "window": 1}
    assert found.together > 0
    assert found.open == 0


def test_a_bystander_is_no_reason(tmp_path: Path) -> None:
    """A third change that has nothing to do with it stands in no reason."""
    items = [
        income(8600),
        {"kind": "transfer.other", "amount": Decimal(400), "received_on": date(2023, 9, 20)},
    ]
    facts = written(tmp_path / "facts", [household(1, income_items=items)])
    found = tried(facts, {"monitoring_range": "8700", "window": "year", "income_fall_ratio": "0.5"})
    names = [change.name for change in found.changes]
    assert {names[p] for p in moves(found, "at_or_below")["h0001"].changes} == {"monitoring_range", "window"}


def test_two_packs_a_kind_and_a_text(tmp_path: Path) -> None:
    other = write_pack(
        tmp_path / "other",
        income="kinds:\n  transfer.pension: {name: 养老金或离退休金, counts_as: not_counted, class: other, clause: 试验 §1}\n",
        rules="basics.short: {when: 'food_short'}\nour.own: {name: 自定, level: household, problem: other, clause: 试验 §2, when: unsafe_house_open, says: 有}\n",
    )
    pension = household(1, income_items=[income(5000, "transfer.pension"), income(6000)])
    cold = household(2, {"food_short": False, "clothing_short": True}, income_items=[income(20000)])
    house = household(
        3, income_items=[income(20000)], alerts=[{"kind": "unsafe_house", "received_on": date(2024, 8, 1)}]
    )
    facts = written(tmp_path / "facts", [pension, cold, house])
    found = tried(facts, then_pack=str(other))
    below = moves(found, "income.below_range")["h0001"]
    assert reason(found, below) == "养老金或离退休金 转移性收入 → 不计入"
    assert "11,000.00 → 6,000.00" in below.facts
    short = moves(found, "basics.short")["h0002"]
    assert (short.way, found.changes[short.changes[0]].section) == ("out", "rules")
    own = moves(found, "our.own")["h0003"]
    assert (own.way, own.was, found.changes[own.changes[0]].name) == ("in", False, "our.own")
    assert {change.part for change in found.changes} == {"kind", "text"}


def test_unknown_is_no_no(tmp_path: Path) -> None:
    poor, rich = household(1, income_items=[income(100)]), household(2, income_items=[income(20000)])
    silent = household(3)
    facts = written(tmp_path / "facts", [poor, rich, silent])
    found = tried(facts, {"monitoring_range": "unset"})
    gone = moves(found, "income.below_range")
    assert {name: (m.was, m.is_, m.way) for name, m in gone.items()} == {
        "h0001": (True, None, "out"), "h0002": (False, None, "unknown"),
    }  # fmt: skip
    count = found.totals[[t.id for t in found.targets].index("income.below_range")]
    assert (count.before, count.after, count.before_unknown, count.after_unknown) == (1, 0, 1, 3)
    assert (count.went_out, count.became_unknown, count.became_known) == (1, 2, 0)
    assert reason(found, gone["h0002"]) == "监测范围 8,300 元 → 未设定"
    back = tried(facts, {"monitoring_range": "8300"}, sets={"monitoring_range": "unset"})
    assert {n: m.way for n, m in moves(back, "income.below_range").items()} == {
        "h0001": "in",
        "h0002": "known",
    }


def test_a_value_of_one_place(tmp_path: Path) -> None:
    """A parameter by place: only the town whose value changes moves."""
    text = "monitoring_range:\n  values:\n    - {{area: '500199101', value: {}, clause: 镇}}\n    - {{area: '500199', value: 8300, clause: 县}}\n"
    packs = [
        write_pack(tmp_path / name, parameters=text.format(value))
        for name, value in (("one", 8300), ("two", 9000))
    ]
    crowd = [
        household(n, {"area_code": area}, income_items=[income(8700)])
        for n, area in enumerate(("500199100001", "500199101001"), 1)
    ]
    facts = written(tmp_path / "facts", crowd)
    found = tried(facts, pack=str(packs[0]), then_pack=str(packs[1]), sets={})
    assert set(moves(found, "at_or_below")) == {"h0002"}
    assert [v.counts[0].came_in if 0 in v.counts else 0 for v in found.villages] == [0, 1]
    assert "9,000" in reason(found, moves(found, "at_or_below")["h0002"])


def test_a_rule_about_villages(tmp_path: Path) -> None:
    unresolved = {"monitoring_status": "unresolved", "identified_on": date(2024, 1, 1)}
    resolved = {
        "monitoring_status": "resolved",
        "identified_on": date(2023, 1, 1),
        "resolved_on": date(2024, 1, 1),
    }
    crowd = [household(1, unresolved), household(2, resolved), household(3, resolved)]
    villages = [{"area_code": "500199100001", "village": "桃花村"}]
    facts = written(tmp_path / "facts", crowd, villages=villages)
    found = tried(facts, {"unresolved_share": "0.3"})
    assert [(m.rule, m.name, m.was, m.is_) for m in found.village_moves] == [
        ("region.unresolved_share", "桃花村", False, True)
    ]
    assert not found.moves
    assert not tried(facts, {"unresolved_share": "0.4"}).village_moves


def test_too_many_mixtures_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the bound on mixtures is reached the reason is said to be open, and --explain-all works it out."""
    from shouwang.policy.whatif import whatif

    monkeypatch.setattr(whatif, "MIXTURES", 3)
    items = [
        income(8600),
        {"kind": "transfer.other", "amount": Decimal(400), "received_on": date(2023, 9, 20)},
    ]
    facts = written(tmp_path / "facts", [household(1, income_items=items)])
    then = {"monitoring_range": "8700", "window": "year", "income_fall_ratio": "0.5"}
    found = tried(facts, then)
    assert found.open > 0
    assert "--explain-all" in reason(found, moves(found, "at_or_below")["h0001"])
    assert tried(facts, then, explain_all=True).open == 0


def test_the_day_of_the_examples() -> None:
    assert date(2024, 9, 5) == ON  # the items of trial_packs.income stand in its window
