"""The faults in the data about people: identity, composition, labour, school, health and work."""

from __future__ import annotations

from shouwang.generator import flaw_people as people
from shouwang.generator import flaw_visits as visits
from shouwang.generator import flaw_work as work
from shouwang.generator.flaw import Flaw, unwatched

_m = people.member

OF_PEOPLE: tuple[Flaw, ...] = (
    # identity
    unwatched("identity.missing", "成员没有证件号码", people.number("missing")),
    unwatched("identity.form", "证件号码少一位", people.number("form")),
    unwatched("identity.check_digit", "校验位写错", people.number("check_digit")),
    unwatched("identity.old_number", "还是 15 位旧号码", people.number("old_number", people.adult)),
    unwatched("identity.birth_date", "出生日期与号码差一天", people.number("birth_date", people.adult)),
    unwatched("identity.sex", "孩子性别登记错", people.other_sex),
    unwatched("identity.duplicate", "一名学生登记两次", people.entered_twice),
    unwatched(
        "identity.certificate_form",
        "残疾人证第 19 位不对",
        people.number("certificate_form", people.disabled),
    ),
    unwatched(
        "identity.certificate_level",
        "残疾人证等级与登记不同",
        people.number("certificate_level", people.disabled),
    ),
    # composition
    unwatched("household.one_head", "没有户主", people.no_head),
    unwatched("household.head_name", "户主姓名写成别人", visits.wrong_head_name),
    unwatched("household.spouse", "配偶与户主同性别", people.same_sex),
    unwatched(
        "household.relation_sex",
        "关系原文与性别不符",
        _m("household.relation_sex", lambda p: p.word in ("之子", "之女", "孙子", "孙女"), people.wrong_word),
    ),
    unwatched(
        "household.generation_gap",
        "配偶登记成父母",
        _m(
            "household.generation_gap",
            lambda p: p.relation == "spouse",
            lambda _p: {"relation": "parent", "relation_word": None},
        ),
    ),
    unwatched("household.months", "在户 13 个月", people.months),
    unwatched(
        "household.serving",
        "服役人员没有填是否共享收支",
        _m("household.serving", people.conscript, lambda _p: {"serving": True, "shares_income": None}),
    ),
    unwatched("household.size", "一户登记 13 人", people.crowd),
    unwatched("household.place", "经纬度写反，或没有组", visits.place),
    unwatched("household.twice", "与邻户户主同名同电话", visits.twin),
    # labour and school
    unwatched(
        "labour.under_16",
        "未成年人填了普通劳动力",
        _m("labour.under_16", people.pupil, lambda _p: {"labour_capacity": "ordinary"}),
    ),
    unwatched(
        "labour.over_60_ordinary",
        "老人填了普通劳动力",
        _m(
            "labour.over_60_ordinary",
            lambda p: p.age >= 62 and not p.cells["disability_level"],
            lambda _p: {"labour_capacity": "ordinary", "labour_reason": None},
        ),
    ),
    unwatched(
        "labour.over_60_skilled",
        "老人填了技能劳动力",
        _m(
            "labour.over_60_skilled",
            lambda p: p.age >= 62 and not p.cells["disability_level"],
            lambda _p: {
                "labour_capacity": "skilled",
                "labour_reason": None,
                "trade": "cook",
                "skill_certificate": "职业技能等级证书（五级）",
            },
        ),
    ),
    unwatched(
        "labour.healthy_not_able",
        "健康的人填了无劳动力",
        _m(
            "labour.healthy_not_able",
            lambda p: (
                people.adult(p)
                and p.able
                and not p.works
                and not p.cells["public_post"]
                and not any(p.cells[c] for c in ("serious_illness", "mental_disorder", "chronic_illness"))
            ),
            lambda _p: {"labour_capacity": "none", "trade": None, "skill_certificate": None},
        ),
    ),
    unwatched(
        "labour.weak_reason",
        "弱劳动力没有原因",
        _m(
            "labour.weak_reason",
            lambda p: p.cells["labour_capacity"] == "weak",
            lambda _p: {"labour_reason": None},
        ),
    ),
    unwatched(
        "labour.skilled_proof",
        "技能劳动力没有证书",
        _m(
            "labour.skilled_proof",
            lambda p: p.cells["labour_capacity"] == "skilled",
            lambda _p: {"skill_certificate": None},
        ),
    ),
    unwatched(
        "labour.severe_disability_able",
        "重度残疾填了普通劳动力",
        _m(
            "labour.severe_disability_able",
            lambda p: p.cells["disability_level"] in (1, 2) and 17 <= p.age <= 59,
            lambda _p: {"labour_capacity": "ordinary", "labour_reason": None},
        ),
    ),
    unwatched("labour.unable_works", "无劳动力的人在务工", work.unable_works),
    unwatched(
        "school.missing",
        "在校而没有学段",
        _m("school.missing", people.pupil, lambda _p: {"school_stage": None}),
    ),
    unwatched("school.flag_disagrees", "走访说有辍学，孩子都在校", people.dropout_flag),
    unwatched(
        "school.stage_age",
        "小学生填了高中",
        _m(
            "school.stage_age",
            lambda p: people.pupil(p) and p.age <= 12,
            lambda _p: {"school_stage": "senior"},
        ),
    ),
    unwatched(
        "school.cannot_attend",
        "能上学却有送教上门",
        _m("school.cannot_attend", people.pupil, lambda _p: {"home_teaching": True}),
    ),
    unwatched(
        "school.student_works",
        "高中生在务工",
        _m(
            "school.student_works",
            people.senior,
            lambda _p: {"employment_place": "county", "months_worked": 2},
        ),
    ),
    # health
    unwatched(
        "health.missing",
        "精神障碍没有填",
        _m(
            "health.missing",
            lambda p: p.cells["labour_reason"] != "illness",
            lambda _p: {"mental_disorder": None},
        ),
    ),
    unwatched("health.insurance_flag", "走访说有人未参保，成员都参保", people.insurance_flag),
    unwatched(
        "health.double_insurance",
        "重复参保",
        _m(
            "health.double_insurance",
            lambda p: bool(p.cells["medical_insurance"]),
            lambda _p: {"insurance_kinds": "resident;employee"},
        ),
    ),
    unwatched("health.uninsured_but_paid", "未参保却有代缴", people.uninsured_but_paid),
    unwatched("health.serving_uninsured", "服役人员填了未参保", people.serving_uninsured),
    unwatched(
        "health.family_doctor",
        "慢性病未签约",
        _m(
            "health.family_doctor",
            lambda p: bool(p.cells["chronic_illness"]),
            lambda _p: {"family_doctor": False},
        ),
    ),
    unwatched("health.pension_unpaid", "参保老人没有养老金条目", work.pension_unpaid),
    # work
    unwatched("job.under_16", "未成年人务工", work.child_at_work),
    unwatched(
        "job.place_and_months",
        "有务工月数而未务工",
        _m("job.place_and_months", people.working, lambda _p: {"employment_place": "none"}),
    ),
    unwatched("job.work_and_wage", "有工资而未务工", work.no_work_but_wage),
    unwatched("job.wage_place", "工资与务工地点不符", work.wage_place),
    unwatched("job.month_wage", "一个月挣了三万多", work.month_wage),
    unwatched("job.public_post_person", "七十多岁在公益性岗位", work.old_in_post),
    unwatched("job.cost", "没有人外出却有交通补助", work.travel_subsidy),
)
