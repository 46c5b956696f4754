"""The rows of a paper add up to what the engine works out, and nothing that was collected is left out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shouwang.documents.income_words import agreement_notes
from shouwang.policy.cases import Case, Facts
from shouwang.policy.closure import compile_plan
from shouwang.policy.explained_household import Household
from shouwang.policy.income_paper.compare import a_year_before
from shouwang.policy.income_paper.data import Paper, State
from shouwang.policy.income_paper.paper import income_paper
from shouwang.policy.plan import build
from tests.income_paper.example import BARE, DAY_OF_EXAMPLE, XIHE, bare, full
from tests.income_paper.papers import CASES, household_of, items_of, pack_of, paper_of, paper_of_case
from tests.oracle.households import ON, random_facts
from tests.policy.comparing import SETTINGS, facts_of, present_in


def adds_up(paper: Paper, shown: dict[str, object], items: int) -> None:
    for part in paper.parts:
        assert part.subtotal == shown[part.name], part.name
        states = [line.state for line in part.lines]
        assert State.ADJUSTMENT not in states, part
        if part.subtotal is None:
            assert part.why_unknown
        else:
            assert State.UNKNOWN not in states
            assert sum((line.counted or Decimal(0) for line in part.lines), Decimal(0)) == part.subtotal, part
    assert paper.per_capita.net == shown["net_income"]
    assert paper.per_capita.value == shown["net_income_per_capita"]
    assert paper.expense.after == shown["income_after_expense_per_capita"]
    assert paper.per_capita.follows
    assert paper.expense.follows
    numbers = [item.number for item in items_of(paper)]
    assert numbers == list(range(1, items + 1))


@pytest.mark.req("INC-1", "INC-3", "INC-4", "INC-8")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_rows_of_every_income_case_add_up_to_the_indicators(case: Case) -> None:
    household, _before = household_of(case.facts, case.pack, case.on, case.settings)
    shown = household.closure.shown(household.values)
    items = case.facts.tables["income_items"] or []
    adds_up(paper_of_case(case), shown, len(items))


@pytest.mark.req("INC-1", "INC-3", "INC-4", "INC-5")
@pytest.mark.parametrize("start", range(0, 200, 100))
def test_the_rows_of_made_up_households_add_up_to_the_indicators(start: int) -> None:
    for seed in range(start, start + 100):
        facts = facts_of(random_facts(seed, row_holes=seed % 3 == 0))
        household, _before = household_of(facts, "national", ON, SETTINGS)
        shown = household.closure.shown(household.values)
        adds_up(paper_of(facts, "national", ON, SETTINGS), shown, len(facts.tables["income_items"] or []))


def example(facts: Facts) -> Paper:
    return paper_of(facts, XIHE, DAY_OF_EXAMPLE, {})


@pytest.mark.req("INC-3")
def test_cost_is_taken_per_member_and_place_and_a_wage_is_never_below_zero() -> None:
    lines = example(full()).part("wage").lines
    deducted = {line.text: line.counted for line in lines if line.state is State.DEDUCTION}
    assert deducted == {
        "王春梅县外省内务工成本 1,200.00，从该地工资 800.00 中扣；成本多于工资，扣到零为止": Decimal(
            "-800.00"
        ),
        "陈小平省外务工成本 9,180.00，补助抵 500.00，从该地工资 30,000.00 中扣": Decimal("-8680.00"),
        "陈小平县内务工成本 600.00，从该地工资 11,400.00 中扣": Decimal("-600.00"),
    }
    total = next(line for line in lines if line.state is State.STEPPED_BACK)
    assert (total.item.kind, total.counted) == ("工资性收入（合计）", 0)  # type: ignore[union-attr]
    assert "以明细为准" in total.text


@pytest.mark.req("INC-4")
def test_a_subsidy_beyond_the_expense_is_no_income() -> None:
    facts = full()
    for row in facts.tables["income_items"] or ():
        if row["kind"] == "expense.dedicated_subsidy":
            row["amount"] = Decimal(10000)
    part = example(facts).part("production_expense")
    assert part.subtotal == 0
    assert [line.counted for line in part.lines if line.state is State.FLOOR] == [Decimal("3820.00")]


@pytest.mark.req("INC-5")
def test_what_does_not_count_stands_by_class_with_why_and_clause() -> None:
    groups = example(full()).excluded
    assert [group.title for group in groups] == [
        "1.预期性收入", "2.一次性和临时性收入", "3.政府或单位代缴的转移支付", "4.减轻农户支出的有关定向补贴", "5.非收入所得", "6.其他",
        "不共享收支的成员",
    ]  # fmt: skip
    assert [group.clause.partition("附件")[2] for group in groups] == [
        "5 §6.1", "5 §6.2", "5 §6.3", "5 §6.4", "5 §6.5", "5 §6.6", "5（家庭人口数）",
    ]  # fmt: skip
    assert all(entry.why and entry.clause for group in groups for entry in group.items)


@pytest.mark.req("INC-2", "INC-5")
def test_what_lies_outside_the_window_stands_apart_with_why() -> None:
    facts = full()
    (facts.tables["income_items"] or [])[0]["received_on"] = date(2024, 9, 6)
    paper = example(facts)
    assert {entry.why for entry in paper.outside} == {"早于收入窗口首日", "晚于收入窗口末日"}
    assert len(paper.outside) == 6
    assert paper.head.window_clause.endswith("附件1（倒推连续12个月）")


@pytest.mark.req("INC-2")
def test_an_item_not_realised_is_expected_income() -> None:
    facts = full()
    (facts.tables["income_items"] or [])[0]["realised"] = False
    group = example(facts).excluded[0]
    assert (group.title, len(group.items)) == ("1.预期性收入", 2)


@pytest.mark.req("INC-1", "INC-9")
def test_unknown_is_said_with_what_is_missing() -> None:
    paper = example(bare())
    assert [(part.name, part.subtotal) for part in paper.parts] == [
        ("wage", None), ("property", 0), ("transfer", None), ("production", 1500), ("production_expense", 0),
    ]  # fmt: skip
    assert (paper.per_capita.net, paper.per_capita.value) == (None, None)
    told = "\n".join(paper.lacking)
    for words in ("第 1 笔“县内工资性收入”：日期不知道", "第 2 笔“养老金或离退休金”：金额不知道", "家庭人口数为零或不知道", "工资性收入：有 1 笔缺日期或金额",
                  "上年人均纯收入不知道"):  # fmt: skip
        assert words in told


@pytest.mark.req("INC-9")
def test_basis_and_agreement_are_summed_and_a_weaker_basis_is_only_shown() -> None:
    found = example(full()).agreement
    assert [(share.label, share.items, share.amount) for share in found.shares] == [
        ("合同或协议", 2, Decimal("30840.00")), ("发放或转账记录", 6, Decimal("7906.40")), ("当地市场价格", 3, Decimal("4620.00")),
        ("农户自述", 7, Decimal("39180.00")), ("没有写依据", 1, Decimal("800.00")),
    ]  # fmt: skip
    assert sum(share.share or 0 for share in found.shares) == 1
    numbers = {item.number: item.kind for item in items_of(example(full()))}
    assert [numbers[number] for number in found.without_basis] == ["县外省内工资性收入"]
    assert [numbers[number] for number in found.not_agreed] == ["畜牧业收入"]
    assert [numbers[number] for number in found.not_asked] == ["县内务工交通成本"]
    assert [numbers[number] for number in found.weaker] == ["县内工资性收入", "出租房屋收入"]


@pytest.mark.req("INC-9")
def test_columns_that_lack_as_a_whole_are_said_once() -> None:
    facts = full()
    there = {
        **present_in(facts),
        "income_items": frozenset({"item_id", "household_id", "kind", "amount", "received_on"}),
    }
    for row in facts.tables["income_items"] or ():
        del row["basis"], row["agreed"]
    now, before = (
        compile_plan(build(pack_of(XIHE), day, {}, there)) for day in (DAY_OF_EXAMPLE, date(2023, 9, 5))
    )
    paper = income_paper(Household(now, facts.household, facts.tables), before)
    assert agreement_notes(paper) == [
        "收支条目表没有“依据”这一列，依据都不知道", "收支条目表没有“农户认可”这一列，是否认可都不知道",
    ]  # fmt: skip
    assert [share.items for share in paper.agreement.shares] == [0, 0, 0, 0, 19]


@pytest.mark.req("INC-7")
def test_quarters_and_years_stand_side_by_side() -> None:
    found = example(full()).comparison
    assert found.quarters[0] == ("2023年3季度", "2022年3季度")
    assert found.quarters[-1] == ("2024年3季度", "2023年3季度")
    wage = next(row for row in found.rows if row.label == "省外（国外）工资性收入")
    assert wage.this is not None
    assert wage.last is not None
    assert (wage.this[2], wage.last[2], sum(wage.this)) == (30000, 28000, 30000)
    assert (found.pairs[0].this, found.pairs[0].last) == (Decimal("38120.00"), Decimal("20000.00"))
    assert [(year.value, year.change) for year in found.years] == [
        (Decimal("10783.94"), Decimal("-0.0719")), (11620, Decimal("0.0759")), (10800, Decimal("0.0909")), (9900, None),
    ]  # fmt: skip


@pytest.mark.req("INC-7")
def test_a_year_before_without_items_is_unknown_not_zero() -> None:
    found = example(bare()).comparison
    assert all(row.last is None for row in found.rows)
    assert all(pair.last is None for pair in found.pairs)


@pytest.mark.req("INC-7")
@pytest.mark.parametrize("seed", range(0, 200, 10))
def test_the_quarters_of_a_window_add_up_to_its_items(seed: int) -> None:
    paper = paper_of(facts_of(random_facts(seed)), "national", ON, SETTINGS)
    lines = [line for part in paper.parts for line in part.lines]
    amounts = [
        line.item.amount for line in lines if line.item and line.state in (State.COUNTED, State.SET_OFF)
    ]
    by_quarter = [sum(row.this) for row in paper.comparison.rows if row.this is not None]
    assert sum(by_quarter) == sum(amounts)  # type: ignore[arg-type]


@pytest.mark.req("INC-6")
@pytest.mark.parametrize(("amount", "below"), [("12999.99", True), ("13000", False), ("16000", False)])
def test_the_question_of_13000_is_answered_in_its_band(amount: str, below: bool) -> None:
    facts = bare()
    facts.tables["members"] = [{"household_id": BARE, "member_id": "m", "months_in_household": 12}]
    facts.tables["income_items"] = [
        {"item_id": "i", "household_id": BARE, "kind": "transfer.pension", "amount": Decimal(amount), "received_on": date(2024, 5, 1)}
    ]  # fmt: skip
    found = example(facts).per_capita
    assert (found.band, found.below_13000) == ("to_16000", below)


def test_a_year_before_a_leap_day() -> None:
    assert a_year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert a_year_before(date(2024, 9, 5)) == date(2023, 9, 5)
