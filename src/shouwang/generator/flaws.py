"""The kinds of faults in the data that are planted in a household's own rows, named after the finding that tells them.

What needs the rows of neighbours is in :mod:`shouwang.generator.spoiling`.
"""

from __future__ import annotations

import random

from shouwang.generator import flaw_files as files
from shouwang.generator import flaw_measures as measures
from shouwang.generator import flaw_money as money
from shouwang.generator import flaw_people as people
from shouwang.generator import flaw_visits as visits
from shouwang.generator import flaw_work as work
from shouwang.generator.flaw import Flaw, Plant, lifted, resolved, unresolved, unwatched
from shouwang.generator.flaws_of_people import OF_PEOPLE
from shouwang.generator.home import Home

_h = people.household


def _of_household(finding: str, plant: Plant) -> Plant:
    """The same plant, its finding on the household."""

    def planted(home: Home, chance: random.Random) -> bool:
        if not plant(home, chance):
            return False
        home.marks.pop()
        home.mark(finding)
        return True

    return planted


FLAWS: tuple[Flaw, ...] = (
    *OF_PEOPLE,
    # income and assets
    unresolved("money.not_itemised", "监测范围以下而没有填 0", money.not_itemised),
    unwatched("money.band_disagrees", "走访区间与条目不符", money.band_disagrees),
    unresolved("money.level", "人均 3000 元", money.very_low),
    unwatched("money.benefit_without_person", "没有残疾人却有残疾补贴", money.disability_money),
    unwatched("money.production_one_sided", "生产收入没有支出", money.no_expense),
    unwatched("money.self_used_pair", "自产自用只有支出", money.self_used),
    unwatched("money.excluded_words", "备注是慰问金却计入收入", money.suspicious_note),
    unwatched("money.twice", "同一笔收入记了两次", money.twice),
    unwatched("money.unlinked", "条目的成员不在本户", money.unlinked),
    unwatched("money.against_last_year", "收入是上年的两倍多", money.doubled_income),
    unresolved("asset.against_income", "收入低而有汽车", money.poor_with_car),
    unwatched("asset.official_size", "出栏 12 头牛而不是大户", money.many_cattle),
    unwatched("asset.land_house", "自建房没有结构", money.no_structure),
    # guarantees
    unwatched("guarantee.alert_disagrees", "危房预警属实而信息为否", money.alert_disagrees),
    unwatched("guarantee.type", "未监测而有监测类别", money.monitored_type),
    unwatched("guarantee.open_long", "饮水问题两个月没有措施", money.open_long),
    unwatched("guarantee.closed_unproved", "住房问题改为没有而无依据", money.closed_unproved),
    unwatched("guarantee.old_alone", "老人住土坯房未入户看过", money.old_alone),
    # risks
    unresolved("risk.number", "批准而没有风险类型", files.of_case("risk.number", lambda _h: {"risks": None})),
    unresolved(
        "risk.detail",
        "其他风险没有说明",
        files.of_case(
            "risk.detail",
            lambda _h: {"risk_notes": None},
            lambda h: bool({"other", "disaster"} & set(h.risks)),
        ),
    ),
    unresolved(
        "risk.disability",
        "因残而无人残疾",
        files.unfounded("risk.disability", "disability", "social", files.nobody_disabled),
    ),
    unresolved(
        "risk.illness",
        "因病而无人患病",
        files.unfounded("risk.illness", "illness", "medical_aid", files.nobody_ill),
    ),
    unresolved(
        "risk.schooling",
        "因学而无人上学",
        files.unfounded("risk.schooling", "schooling", "social", files.nobody_at_school),
    ),
    unresolved(
        "risk.housing_water",
        "因饮水而从未有过问题",
        files.unfounded("risk.housing_water", "unsafe_water", "water", lambda h: not h.cells["water_unsafe"]),
    ),
    unresolved(
        "risk.job",
        "因就业不稳而无人务工",
        files.unfounded("risk.job", "job_unstable", "skills", files.nobody_works),
    ),
    unresolved(
        "risk.no_labour",
        "缺劳力而劳动力不少",
        files.unfounded("risk.no_labour", "no_labour", "social", files.many_able),
    ),
    unresolved(
        "risk.event",
        "因事故而没有预警",
        files.unfounded("risk.event", "accident", "temporary_relief", lambda _h: True),
    ),
    unresolved("risk.fact_without_risk", "饮水问题不在风险里", files.fact_without_risk),
    unwatched("risk.visit_answer", "无风险却写了原因", files.answer_contradicts),
    # measures
    unresolved("measure.kind_for_risk", "措施与风险不对应", measures.wrong_kind),
    unresolved("measure.job_without_worker", "就业措施而无人务工", measures.job_without_worker),
    unresolved("measure.benefit_unpaid", "低保完成后没有到账", measures.benefit_unpaid),
    unresolved("measure.benefit_unrecorded", "有低保金而没有措施", measures.benefit_unrecorded),
    unresolved("measure.disability_subsidy", "残疾补贴而无人残疾", measures.disability_subsidy),
    unresolved("measure.premium_subsidy", "没有参保补贴", measures.premium_subsidy),
    unresolved("measure.study_aid", "教育资助而无人在校", measures.study_aid),
    unresolved("measure.overdue", "完成而没有金额", measures.no_amount),
    unresolved("measure.development_flag", "标了开发式帮扶而没有措施", measures.development_flag),
    unresolved("measure.weak_untried", "弱劳动力没有开发式措施", measures.weak_untried),
    # cases and removals
    unwatched(
        "dates.future",
        "变更日期在将来",
        _h("dates.future", lambda _h: True, lambda h: {"last_changed_on": h.back(-40)}),
    ),
    unwatched("dates.status", "未监测而有识别时间", files.identified_and_none),
    unresolved("dates.case", "档案状态与日期不符", files.wrong_state),
    unresolved("dates.discovery", "走访发现而当天没有走访", files.unvisited_discovery),
    unresolved(
        "dates.green_channel",
        "绿色通道而没有紧急情形",
        files.of_case("dates.green_channel", lambda _h: {"green_channel": True}, files.no_emergency),
    ),
    resolved(
        "removed.record",
        "没有消除方式",
        _of_household("removed.record", files.of_case("", lambda _h: {"removal_manner": None})),
    ),
    resolved("removed.unanswered", "消除时有风险没有措施落实", files.removed_unanswered),
    resolved("removed.effect_gone", "消除后没有工资", files.effect_gone),
    resolved(
        "removed.consent",
        "消除前未知情",
        files.of_case("removed.consent", lambda _h: {"removal_consent_on": None}),
    ),
    resolved("removed.look_back", "消除一年后没有走访", files.no_look_back),
    unresolved("safeguard.with_labour", "兜底户有劳动力", files.safeguard_with_labour),
    unwatched("safeguard.not_monitored", "未监测而标了兜底户", files.safeguard_unmonitored),
    unresolved("safeguard.no_support", "兜底户低保不是全额", files.tier_too_low),
    unresolved(
        "safeguard.unconfirmed",
        "兜底户没有乡镇确认",
        files.of_case("safeguard.unconfirmed", lambda _h: {"safeguard_confirmed_on": None}, files.flagged),
    ),
    lifted("safeguard.not_covered", "全家无劳动力而没有低保", money.not_covered),
    # phones, freshness, visits
    unwatched("phone.form", "电话少一位", visits.short_phone),
    unwatched("phone.shared", "两人同一电话在不同地方务工", work.phone_of_two),
    unwatched("phone.cadre", "留了走访人的电话", visits.cadre_phone),
    lifted("phone.contact", "联系人是户主本人", visits.contact_is_member),
    unresolved(
        "fresh.stale",
        "一年多没有变更",
        _h("fresh.stale", lambda _h: True, lambda h: {"last_changed_on": h.back(400)}),
    ),
    lifted("fresh.quarter_missing", "上一季度没有收入", files.quarter_missing),
    unwatched("fresh.late_entry", "走访六天后才录入", visits.late_entry),
    unresolved("fresh.contact_visit", "联系人没有走访", files.contact_never_came),
    unwatched(
        "paradata.incomplete",
        "没有签字",
        visits.of_visit("paradata.incomplete", in_person=False, unsigned=True),
    ),
    unwatched("paradata.far", "定位离住址四百多米", visits.of_visit("paradata.far", away=0.0042)),
    unwatched("paradata.poor_fix", "定位精度 150 米", visits.of_visit("paradata.poor_fix", accuracy_m=150)),
    unwatched(
        "paradata.too_fast", "结束早于开始", visits.of_visit("paradata.too_fast", in_person=False, minutes=-6)
    ),
    unwatched("paradata.hours", "清晨五点走访", visits.of_visit("paradata.hours", start=300)),
)
