"""The departments' lists: civil affairs, medical insurance, disability, education, housing, jobs,
emergency.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from shouwang.generator.untidy import lists, mangling, words
from shouwang.generator.untidy.lists import Case, Desk, Entry, List
from shouwang.generator.untidy.sheet import id_truth, place

Department = Callable[[Desk, Path], dict[str, Any]]


def civil_affairs(desk: Desk, folder: Path) -> dict[str, Any]:
    """民政_新增低保特困名单.csv in GB18030: approved, refused and open applications."""
    file = "民政_低保特困审批情况.csv"
    heads = {
        "seq": "序号",
        "village": "所在村",
        "group": "组别",
        "name": "申请人",
        "id": "身份证号码",
        "applied": "救助类型",
        "accepted": "申请日期",
        "result": "审核结果",
        "decided": "审批时间",
        "money": "月保障金额",
        "why": "未通过原因",
    }
    kinds = tuple(f"{what}_{how}" for what in ("dibao", "tekun") for how in ("applied", "new", "refused"))
    entries = [_application(desk, case) for case in desk.with_outsiders(desk.alerts(*kinds))]
    one = List(heads, entries)
    placed = lists.write_csv(folder / file, one, "gb18030")
    return lists.truth(
        file, "civil affairs: new, refused and open 低保 and 特困", "civil_affairs", placed, [one]
    ) | {"encoding": "GB18030"}


def _application(desk: Desk, case: Case) -> Entry:
    choose, chance = desk.chance.choice, desk.chance
    what, _line, how = (case.kind or "").partition("_")
    decided = case.event_on + timedelta(days=chance.randint(5, 20)) if how != "applied" else None
    return desk.entry(
        case,
        {
            "applied": choose(
                ("低保", "最低生活保障", "农村低保") if what == "dibao" else ("特困供养", "分散供养特困")
            ),
            "result": choose(
                {
                    "new": ("同意", "审批通过"),
                    "refused": ("不同意", "不予批准"),
                    "applied": ("审批中", "待审批"),
                }[how]
            ),
            "accepted": mangling.text_day(case.event_on, chance),
            "decided": mangling.text_day(decided, chance) if decided else None,
            "money": chance.randint(300, 620) if how == "new" else None,
            "why": choose(("家庭财产超标", "有法定赡养人且有赡养能力")) if how == "refused" else None,
        },
        share_missing=0.18,
        numbers=False,
        event_on=None,
    )


def medical_insurance(desk: Desk, folder: Path) -> dict[str, Any]:
    """医保_自付费用较高人员.xlsx on two sheets, amounts in every way of writing, a total row."""
    file = "医保_自付费用较高人员.xlsx"
    heads = {
        "seq": "序号",
        "village": "村社区",
        "name": "姓名",
        "id": "证件号码",
        "disease": "疾病名称",
        "all": "医疗总费用",
        "own": "个人负担费用",
        "day": "出院日期",
        "note": "备注",
    }
    cases = desk.alerts("large_medical_cost")
    cases += [
        desk.case(person, "large_medical_cost", desk.town.on - timedelta(days=desk.chance.randint(40, 240)))
        for person in desk.some(0.06, lambda row: bool(row["chronic_illness"] or row["serious_illness"]))
    ]
    cases = desk.with_outsiders(cases)
    odd: list[dict[str, str]] = []
    sheets = {}
    for sheet, part in (
        ("城乡居民医保", cases[: len(cases) * 2 // 3]),
        ("职工医保", cases[len(cases) * 2 // 3 :]),
    ):
        entries = [_cost(desk, case) for case in part]
        title = f"{desk.place.town}2024年自付费用较高人员（{sheet}）"
        sheets[sheet] = List(
            heads, entries, [title, "统计截止：2024年7月31日"], {"seq": "合计", "own": _sum(entries)}
        )
    placed = lists.write_xlsx(folder / file, sheets)
    column = list(heads).index("own")
    odd = [
        {"sheet": sheet, "cell": place(row - 1, column), "why": "amount cannot be read"}
        for sheet, row, entry in placed
        if entry.truth["amount"] is None
    ]
    part_truth = lists.truth(
        file, "medical insurance: large own payments", "medical_insurance", placed, list(sheets.values())
    )
    return part_truth | {"total_rows": 2, "other_cells_to_quarantine_or_flag": odd}


def _cost(desk: Desk, case: Case) -> Entry:
    chance = desk.chance
    own = Decimal(case.alert.get("amount") or chance.randint(30, 260) * 100)
    unread = chance.random() < 0.02
    return desk.entry(
        case,
        {
            "disease": chance.choice(("冠心病", "脑梗死", "尿毒症", "肺癌", "股骨骨折")),
            "all": mangling.amount((own * Decimal("1.7")).quantize(Decimal("0.01")), chance),
            "own": chance.choice(mangling.UNREADABLE_AMOUNTS) if unread else mangling.amount(own, chance),
            "day": mangling.day(case.event_on, chance),
        },
        group=False,
        share_missing=0.06,
        amount=None if unread else f"{own:.2f}",
    )


def _sum(entries: list[Entry]) -> str:
    return f"{sum(Decimal(entry.truth['amount'] or 0) for entry in entries):,.2f}元"


def disability(desk: Desk, folder: Path) -> dict[str, Any]:
    """残联_残疾人名册.xls: number of the certificate is ID, kind and level; only levels one and two are
    alerts.
    """
    file = "残联_残疾人名册.xls"
    heads = {
        "seq": "序号",
        "name": "姓名",
        "sex": "性别",
        "id": "残疾人证号码",
        "what": "残疾类型",
        "level": "残疾级别",
        "day": "初次发证日期",
        "village": "村（居）",
        "group": "村民小组",
        "phone": "联系电话",
    }
    holders = desk.some(0.9, lambda row: row["disability_level"] > 0)
    cases = [
        desk.case(
            person,
            "severe_disability" if person["disability_level"] <= 2 else None,
            desk.town.on - timedelta(days=desk.chance.randint(10, 3000)),
        )
        for person in holders
    ]
    one = List(heads, [_certificate(desk, case) for case in cases], [f"{desk.place.town}残疾人名册"])
    sheets = {"名册": one}
    placed = lists.write_xls(folder / file, sheets)
    if placed is None:
        file = file + "x"
        placed = lists.write_xlsx(folder / file, sheets)
    return lists.truth(file, "disability federation: holders of a certificate", "disability", placed, [one])


def _certificate(desk: Desk, case: Case) -> Entry:
    chance, person = desk.chance, case.person
    level, what = person["disability_level"], int(person["disability_certificate"][18])
    entry = desk.entry(
        case,
        {
            "sex": words.SEX[person["sex"]],
            "what": ["视力", "听力", "言语", "肢体", "智力", "精神", "多重"][what - 1],
            "level": f"{'零一二三四'[level]}级",
            "day": case.event_on.isoformat(),
            "phone": person["phone"],
        },
        level=level,
        identity=False,
    )
    number = mangling.Written(person["disability_certificate"], person["id_number"], "as_written", "plain")
    if chance.random() < 0.15:
        number = mangling.Written(
            f" {person['disability_certificate']}　", person["id_number"], "repaired", "blanks"
        )
    match = desk.matcher.match(case.village, person["name"], case.home["group_name"], number)
    entry.number, entry.cells["id"] = number, number.cell
    entry.truth |= id_truth(number) | {"match": match.how, "match_rows": list(match.rows)}
    return entry


def education(desk: Desk, folder: Path) -> dict[str, Any]:
    """教育_未到校学生.xlsx: children who may have left school."""
    file = "教育_未到校学生名单.xlsx"
    heads = {
        "seq": "序号",
        "name": "学生",
        "sex": "性别",
        "id": "学生身份证号",
        "school": "就读学校",
        "grade": "班级",
        "guardian": "家长姓名",
        "day": "离校时间",
        "village": "所在村",
        "group": "社",
        "note": "备注",
    }
    away = desk.alerts(
        "dropout", who=lambda row: row["in_school"] is False and 6 <= row["birth_date"].year - 2008 <= 12
    )
    told = {case.person["member_id"] for case in away}
    on = desk.town.on
    away = [case for case in away if 6 <= (on - case.person["birth_date"]).days // 365 <= 15]
    away += [
        desk.case(row, "dropout", on - timedelta(days=desk.chance.randint(30, 150)))
        for row in desk.some(
            0.03,
            lambda row: 7 * 366 <= (on - row["birth_date"]).days < 15 * 365 and row["member_id"] not in told,
        )
    ]
    entries = [
        desk.entry(
            case,
            {
                "sex": words.SEX[case.person["sex"]],
                "school": f"{desk.place.town}{desk.chance.choice(('中心小学', '初级中学'))}",
                "grade": desk.chance.choice(("五年级", "七年级", "八年级")),
                "guardian": case.home["head_name"],
                "day": mangling.day(case.event_on, desk.chance),
                "note": desk.chance.choice((None, "厌学", "随父母外出")),
            },
            share_missing=0.05,
        )
        for case in desk.with_outsiders(away)
    ]
    one = List(heads, entries, [f"{desk.place.town}疑似失学辍学学生名单"])
    placed = lists.write_xlsx(folder / file, {"名单": one})
    return lists.truth(file, "education: children who may have left school", "education", placed, [one])


def housing(desk: Desk, folder: Path) -> dict[str, Any]:
    """住建_危房排查.xlsx: houses by address and owner, no ID numbers; B级 is no alert."""
    file = "住建_危房排查结果.xlsx"
    heads = {
        "seq": "编号",
        "name": "房主姓名",
        "address": "房屋坐落",
        "structure": "结构类型",
        "built": "建造年份",
        "grade": "房屋安全等级",
        "day": "排查日期",
        "note": "备注",
    }
    heads_of = [row for row in desk.town.tables["members"] if row["relation"] == "head"]
    on, chance = desk.town.on, desk.chance
    cases = desk.alerts("unsafe_house", who=lambda row: row["relation"] == "head")
    unsafe = {row["household_id"] for row in desk.town.tables["households"] if row["housing_unsafe"]}
    cases += [
        desk.case(row, "unsafe_house", on - timedelta(days=chance.randint(10, 120)))
        for row in heads_of
        if row["household_id"] in unsafe
    ]
    cases += [
        desk.case(row, None, on - timedelta(days=chance.randint(10, 120)))
        for row in desk.some(0.004, lambda row: row["relation"] == "head")
    ]
    entries = []
    for case in desk.with_outsiders(cases):
        group = mangling.group(case.home["group_name"], chance)
        entries.append(
            desk.entry(
                case,
                {
                    "address": f"{desk.place.town}{case.village}{group}{chance.randint(1, 60)}号",
                    "built": chance.randint(1965, 1998),
                    "structure": chance.choice(("土木结构", "土坯房")),
                    "grade": chance.choice(("C级", "D级")) if case.kind else "B级",
                    "day": mangling.day(case.event_on, chance),
                },
                identity=False,
            )
        )
    one = List(heads, entries, [f"{desk.place.town}农村住房安全排查结果", "单位：间"])
    placed = lists.write_xlsx(folder / file, {"排查": one})
    return lists.truth(file, "housing: houses that may be unsafe, no ID numbers", "housing", placed, [one])


def jobs(desk: Desk, folder: Path) -> dict[str, Any]:
    """人社_登记失业人员.csv in UTF-8 with a byte order mark."""
    file = "人社_登记失业人员.csv"
    heads = {
        "name": "姓名",
        "sex": "性别",
        "id": "公民身份号码",
        "address": "户籍地",
        "from": "原就业地",
        "day": "失业时间",
        "why": "离职原因",
        "phone": "手机号",
    }
    cases = desk.alerts("job_loss", who=lambda row: bool(row["months_worked"]))
    cases += [
        desk.case(row, "job_loss", desk.town.on - timedelta(days=desk.chance.randint(15, 140)))
        for row in desk.some(0.012, lambda row: bool(row["months_worked"]))
    ]
    town = desk.place
    entries = [
        desk.entry(
            case,
            {
                "sex": words.SEX[case.person["sex"]],
                "from": desk.chance.choice(("浙江", "广东", "本区")),
                "phone": case.person["phone"],
                "address": f"{town.county}{town.town}{case.village}{case.home['group_name']}",
                "why": desk.chance.choice(("工厂停工", "合同到期")),
                "day": mangling.text_day(case.event_on, desk.chance),
            },
            share_missing=0.04,
            numbers=False,
        )
        for case in desk.with_outsiders(cases)
    ]
    one = List(heads, entries)
    placed = lists.write_csv(folder / file, one, "utf-8-sig")
    return lists.truth(file, "jobs: people out of work", "employment", placed, [one]) | {
        "encoding": "UTF-8 with BOM"
    }


def emergency(desk: Desk, folder: Path) -> dict[str, Any]:
    """应急_汛期受灾户.xlsx: households hit by the July floods."""
    file = "应急_汛期受灾户统计.xlsx"
    heads = {
        "seq": "序号",
        "village": "行政村",
        "group": "社别",
        "name": "户主姓名",
        "id": "户主身份证号",
        "people": "受灾人数",
        "what": "灾害类型",
        "house": "房屋受损",
        "crop": "农作物受灾（亩）",
        "loss": "经济损失（万元）",
        "day": "受灾日期",
        "relief": "救灾情况",
    }
    cases = desk.alerts("disaster", who=lambda row: row["relation"] == "head")
    cases += [
        desk.case(row, "disaster", desk.town.on - timedelta(days=desk.chance.randint(48, 60)))
        for row in desk.some(0.012, lambda row: row["relation"] == "head")
    ]
    chance = desk.chance
    cases = sorted(desk.with_outsiders(cases), key=lambda case: case.village)
    entries = [
        desk.entry(
            case,
            {
                "people": len(desk.members[case.home["household_id"]]),
                "what": chance.choice(("洪涝", "滑坡", "风雹")),
                "house": chance.randint(0, 2),
                "crop": round(chance.uniform(0, 6), 1),
                "loss": round(chance.uniform(0.2, 5), 1),
                "day": mangling.day(case.event_on, chance),
                "relief": chance.choice((None, None, "已救助", "申请中")),
            },
            share_missing=0.45,
        )
        for case in cases
    ]
    total: dict[str, mangling.Cell] = {"seq": "总计", "name": f"{len(entries)}户"}
    one = List(heads, entries, [f"{desk.place.town}2024年汛期受灾户统计", "统计时间：2024年8月"], total)
    placed = lists.write_xlsx(folder / file, {"受灾户": one})
    return lists.truth(file, "emergency: households hit by a disaster", "emergency", placed, [one])


DEPARTMENTS: tuple[Department, ...] = (
    civil_affairs,
    medical_insurance,
    disability,
    education,
    housing,
    jobs,
    emergency,
)
