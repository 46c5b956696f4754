"""The kinds of trouble that are planted, with their shares. At most one per household, so that the truth
is clear.

A share is of the households that the trouble is for: ``none`` is not monitored; ``lifted`` is not
monitored and lifted since 2020; ``unresolved`` and ``resolved`` are monitored. ``findings`` are the rules
of the catalogue that must fire; others may fire with them. A household that cannot have the
trouble drawn for it (no child to miss school) has none.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from shouwang.generator import economy
from shouwang.generator import plant_facts as facts
from shouwang.generator import plant_help as help_
from shouwang.generator.home import Home

Plant = Callable[[Home, random.Random], None]
Fits = Callable[[Home], bool]


@dataclass(frozen=True)
class Trouble:
    """``target`` is the net income per person it needs, as a range in yuan; ``fits`` who can have it."""

    name: str
    zh: str
    group: str
    share: float
    plant: Plant
    findings: tuple[str, ...] = ()
    target: tuple[float, float] | None = None
    fits: Fits = lambda _home: True


def _pupil(home: Home) -> bool:
    return any(person.pupil_age for person in home.people)


def _no_labour(home: Home) -> bool:
    return home.labour + home.weak == 0


def _labour(home: Home) -> bool:
    return home.labour > 0


_LOW, _THIN, _GOOD = (5200.0, 7600.0), (9400.0, 13000.0), (12000.0, 26000.0)
_OUT = "identify.left_out"

TROUBLES: tuple[Trouble, ...] = (
    Trouble(
        "below_range",
        "收入低于监测范围而应纳未纳",
        "none",
        0.008,
        facts.low,
        ("income.below_range", _OUT),
        _LOW,
    ),
    Trouble(
        "below_range_helped_outside",
        "收入低于监测范围，未识别先享低保（体外循环）",
        "none",
        0.0025,
        facts.helped_outside,
        ("income.below_range", "identify.outside"),
        _LOW,
    ),
    Trouble(
        "exactly_at_range",
        "收入正好等于监测范围",
        "none",
        0.0005,
        facts.exact,
        ("income.below_range", _OUT),
        (8300.0, 8300.0),
    ),
    Trouble(
        "below_range_in_procedure",
        "收入低于监测范围，识别程序进行中",
        "none",
        0.001,
        help_.in_procedure,
        ("income.below_range",),
        _LOW,
    ),
    Trouble("income_fall", "收入下降两成以上", "none", 0.012, facts.fall, ("income.fall",), _GOOD),
    Trouble(
        "two_year_fall",
        "收入连续两年下降",
        "none",
        0.008,
        facts.two_year_fall,
        ("income.two_year_fall",),
        _GOOD,
    ),
    Trouble(
        "expense_burden",
        "刚性支出后低于监测范围",
        "none",
        0.007,
        facts.burden,
        ("expense.burden", _OUT),
        _THIN,
    ),
    Trouble(
        "expense_rise",
        "刚性支出骤增",
        "none",
        0.006,
        facts.expense_rise,
        ("expense.rise",),
        (16000.0, 30000.0),
    ),
    Trouble(
        "large_medical_cost",
        "医保推送的大额自付超出负担",
        "none",
        0.002,
        facts.large_medical,
        ("expense.burden", _OUT),
        _THIN,
    ),
    Trouble(
        "dropout",
        "义务教育阶段失学辍学",
        "none",
        0.004,
        facts.dropout,
        ("education.out_of_school", _OUT),
        fits=_pupil,
    ),
    Trouble(
        "no_home_teaching",
        "因身体原因不能上学而未送教上门",
        "none",
        0.001,
        facts.no_home_teaching,
        ("education.home_teaching", _OUT),
        fits=_pupil,
    ),
    Trouble("uninsured", "有成员未参加医保", "none", 0.01, facts.uninsured, ("medical.uninsured", _OUT)),
    Trouble("unsafe_house", "住房安全问题", "none", 0.003, facts.unsafe_house, ("housing.unsafe", _OUT)),
    Trouble(
        "unsafe_house_alert",
        "住建推送疑似危房未处置",
        "none",
        0.002,
        facts.unsafe_house_alert,
        ("housing.unsafe", _OUT),
    ),
    Trouble("unsafe_water", "饮水安全问题", "none", 0.003, facts.unsafe_water, ("water.unsafe", _OUT)),
    Trouble("basics_short", "吃穿有困难", "none", 0.0005, facts.basics, ("basics.short",)),
    Trouble("disaster", "受灾未帮扶（绿色通道）", "none", 0.002, facts.disaster, ("identify.green_channel",)),
    Trouble(
        "accident", "意外事故未帮扶（绿色通道）", "none", 0.001, facts.accident, ("identify.green_channel",)
    ),
    Trouble("visit_says_risk", "走访认为有返贫致贫风险而未识别", "none", 0.003, facts.visit_risk, (_OUT,)),
    Trouble("alert_overdue", "部门预警逾期未核实", "none", 0.006, facts.alert_overdue, ("alert.overdue",)),
    Trouble(
        "alert_not_studied",
        "低保特困申请未同步研判",
        "none",
        0.0025,
        facts.not_studied,
        ("alert.not_studied",),
    ),
    Trouble("wrong_mode", "重点户未入户面访", "none", 0.005, facts.wrong_mode, ("visit.mode",)),
    Trouble(
        "wrong_respondent",
        "有人在家却由干部代答",
        "none",
        0.003,
        facts.wrong_respondent,
        ("visit.respondent",),
    ),
    Trouble("unknown_income", "没有任何收入记录", "none", 0.006, facts.no_items),
    Trouble("unknown_labour", "劳动能力未填", "none", 0.005, facts.no_labour_capacity),
    Trouble("unknown_guarantees", "三保障和饮水未填", "none", 0.005, facts.no_guarantees),
    Trouble("unknown_last_year", "上年收入未填", "none", 0.005, facts.no_last_year),
    Trouble("no_leaflet", "今年没有收到申报明白纸", "none", 0.01, facts.no_leaflet, ("publicity.leaflet",)),
    Trouble("unsatisfied", "群众不满意", "none", 0.002, facts.unsatisfied, ("satisfaction.low",)),
    Trouble(
        "public_post_unpaid",
        "公益性岗位未发工资",
        "lifted",
        0.01,
        help_.post_unpaid,
        ("employment.public_post",),
        fits=lambda home: any(economy.can_hold_post(person) for person in home.people),
    ),
    Trouble(
        "job_lost", "失业后未帮扶就业", "lifted", 0.01, help_.job_lost, ("employment.lost",), fits=_labour
    ),
    Trouble(
        "low_group_no_measure",
        "低收入组没有帮扶措施",
        "lifted",
        0.01,
        help_.low_group_no_measure,
        ("help.low_income_group",),
    ),
    Trouble(
        "low_group_no_contact",
        "低收入组没有帮扶联系人",
        "lifted",
        0.008,
        help_.low_group_no_contact,
        ("help.no_contact",),
    ),
    Trouble("loan_misused", "户贷企用", "lifted", 0.006, help_.loan_misused, ("loan.misused",)),
    Trouble("loan_overdue", "小额信贷逾期", "lifted", 0.006, help_.loan_overdue, ("loan.overdue",)),
    Trouble(
        "dividend_unpaid", "产业分红未付清", "lifted", 0.006, help_.dividend_unpaid, ("project.dividend",)
    ),
    Trouble("quarter_fall", "一季度收入同比下降", "lifted", 0.01, facts.quarter_fall),
    Trouble("no_measure", "监测户没有措施", "unresolved", 0.03, help_.no_measure, ("help.none",)),
    Trouble(
        "risk_without_measure",
        "有风险没有对应措施",
        "unresolved",
        0.05,
        help_.risk_without_measure,
        ("help.risk_without_measure",),
    ),
    Trouble(
        "safeguards_only",
        "有劳动力而一兜了之",
        "unresolved",
        0.04,
        help_.safeguards_only,
        ("help.safeguards_only",),
        fits=_labour,
    ),
    Trouble(
        "development_not_done",
        "开发式帮扶计划未落实",
        "unresolved",
        0.03,
        help_.development_not_done,
        ("help.no_development",),
        fits=_labour,
    ),
    Trouble("no_contact", "监测户没有帮扶联系人", "unresolved", 0.03, help_.no_contact, ("help.no_contact",)),
    Trouble("plan_late", "帮扶计划超过10天", "unresolved", 0.04, help_.plan_late, ("plan.over_10_days",)),
    Trouble("case_late", "识别程序超过15天", "unresolved", 0.04, help_.case_late, ("case.over_15_days",)),
    Trouble("notice_short", "公示不足5天", "unresolved", 0.03, help_.notice_short, ("case.notice_short",)),
    Trouble("steps_disordered", "识别步骤颠倒", "unresolved", 0.02, help_.step_order, ("case.step_order",)),
    Trouble("study_due", "半年未研判", "unresolved", 0.04, help_.study_due, ("study.due",)),
    Trouble(
        "study_over_two_years",
        "两年未消除且未加强帮扶",
        "unresolved",
        0.03,
        help_.study_two_years,
        ("study.over_two_years",),
        fits=lambda home: not _no_labour(home),
    ),
    Trouble(
        "safeguard_unmarked",
        "应标注整户无劳动能力兜底户",
        "unresolved",
        0.06,
        help_.unmarked,
        ("safeguard.candidate",),
        fits=_no_labour,
    ),
    Trouble(
        "removal_ready",
        "符合风险消除条件",
        "unresolved",
        0.05,
        help_.removal_ready,
        ("removal.ready",),
        (11000.0, 15000.0),
        fits=lambda home: not _no_labour(home),
    ),
    Trouble(
        "removed_too_early",
        "监测不满半年即消除",
        "resolved",
        0.03,
        help_.removed_early,
        ("removal.too_early",),
    ),
    Trouble(
        "removed_not_stable",
        "消除后收入又低于监测范围",
        "resolved",
        0.03,
        help_.not_stable,
        ("removal.not_stable", "income.below_range"),
        _LOW,
    ),
    Trouble(
        "removed_no_labour",
        "整户无劳动力兜底户被消除",
        "resolved",
        0.02,
        help_.removed_no_labour,
        ("removal.no_labour",),
        fits=_no_labour,
    ),
    Trouble(
        "new_risk_after_removal",
        "消除后出现新风险",
        "resolved",
        0.04,
        help_.new_risk,
        ("identify.resolved_again",),
    ),
)
