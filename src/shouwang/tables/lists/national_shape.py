"""What we know of monitored households, in the words and columns of the national system (ALR-6).

A cell that we do not know stays empty. So do cells whose meaning in the system nobody has told us: 文化程度,
the five sums of income (their period), 合规自付支出 and 理赔 (ours are the household's, theirs each person's),
综合保障, and 联系电话, which stands behind 监测联系人 and may be the contact's.
"""

from __future__ import annotations

from shouwang.tables.dictionary import labels
from shouwang.tables.intake import codes
from shouwang.tables.intake.model import Record, put
from shouwang.tables.lists.fields import person_key
from shouwang.tables.lists.ours import Ours, county_and_town
from shouwang.tables.lists.work import INCOME_COLUMNS

TITLE = "防止返贫监测对象信息查询"
HEADS = (
    "县", "乡", "村", "户编号", "人编号", "姓名", "证件号码", "证件类型", "与户主关系", "性别", "民族", "出生日期",
    "文化程度", "在校生状况", "健康状况", "劳动技能", "是否参加城乡居民基本医疗保险", "户类型", "监测对象类别",
    "识别监测时间", "风险是否已消除", "消除监测时间", "致贫/返贫风险1", "致贫/返贫风险2", "致贫/返贫风险3",
    "致贫/返贫风险4", "致贫/返贫风险5", "整户无劳动能力兜底保障户", "实施开发式帮扶措施情况", "是否危房户",
    "是否解决安全饮用水", "工资性收入", "生产经营性收入", "财产性收入", "转移性收入", "生产经营性支出", "人均纯收入",
    "合规自付支出", "理赔", "产业帮扶", "就业帮扶", "公益性岗位帮扶", "金融帮扶", "教育帮扶", "健康帮扶",
    "住房安全保障", "饮水安全保障", "综合保障", "社会帮扶", "监测联系人", "联系电话",
)  # fmt: skip
_STAGES = {
    "preschool": "学前教育", "primary": "小学", "junior": "初中", "senior": "普通高中", "vocational": "中职",
    "college": "大专", "university": "本科及以上",
}  # fmt: skip
_RISKS = {"project_failed": "产业项目失败", "job_unstable": "务工就业不稳"}
_RELATIONS = {
    "child": ("之子", "之女"), "parent": ("之父", "之母"), "grandchild": ("之孙子", "之孙女"),
    "grandparent": ("之祖父", "之祖母"),
}  # fmt: skip
_MEASURES = {
    "industry": "产业帮扶", "employment": "就业帮扶", "public_post": "公益性岗位帮扶", "microcredit": "金融帮扶",
    "education_aid": "教育帮扶", "medical_aid": "健康帮扶", "housing": "住房安全保障", "water": "饮水安全保障",
    "social": "社会帮扶",
}  # fmt: skip


def sheet_rows(ours: Ours, income_year: int | None = None) -> list[list[str]]:
    """One row per present member of a monitored household, cells in the order of :data:`HEADS`.

    ``income_year`` says which year 人均纯收入 is to be of; without it the cell stays empty.
    """
    numbers = _national_numbers(ours)
    measures = _measures(ours)
    rows = []
    for home in ours.monitored():
        fixed = _household_cells(ours, home, measures, income_year)
        fixed["户编号"] = numbers.get(home["household_id"], home["household_id"])
        for person in ours.people(home["household_id"]):
            cells = fixed | _person_cells(person)
            cells["人编号"] = numbers.get(person["member_id"], person["member_id"])
            rows.append([cells.get(head, "") for head in HEADS])
    return rows


def national_tables(ours: Ours, income_year: int | None = None) -> dict[str, list[Record]]:
    """Our monitored households as the tables that a reader makes of :func:`sheet_rows`."""
    numbers = _national_numbers(ours)
    homes, people = [], []
    for home in ours.monitored():
        number = home["household_id"]
        members = ours.people(number)
        if not members:
            continue
        national_id = numbers.get(number, number)
        columns = ("area_code", "household_type", "monitoring_status", "monitoring_type")
        head = next((row["name"] for row in members if row.get("relation") == "head" and "name" in row), "")
        income = home.get(INCOME_COLUMNS.get(ours.on.year - (income_year or 0), ""))
        record = put(
            {}, national_id=national_id, household_id=number, head_name=head,
            **{name: home.get(name) for name in columns},
            identified_on=_first_of_month(home.get("identified_on")),
            resolved_on=_first_of_month(home.get("resolved_on")),
            risks=";".join(_risks(ours, number)), people=len(members),
            income_year=income_year if income else None, net_income_per_capita=income,
        )  # fmt: skip
        homes.append(record)
        for person in members:
            known = {c: person.get(c) for c in ("name", "sex", "relation", "labour_capacity")}
            person_id = numbers.get(person["member_id"], person["member_id"])
            people.append(
                put(
                    {}, national_member_id=person_id, national_id=national_id, household_id=number,
                    member_id=person["member_id"], id_number=person_key(person.get("id_number")), **known,
                )
            )  # fmt: skip
    return {"national_households": homes, "national_members": people}


def export_line(ours: Ours) -> str:
    """The second row of an export: who made it and when."""
    code = next((row.get("area_code", "") for row in ours.monitored()), "")
    return f"导出单位：{''.join(county_and_town(ours, code))}    导出时间：{ours.on.isoformat()}"


def _national_numbers(ours: Ours) -> dict[str, str]:
    """Ours → the system's own number, of households and of people, where the folder holds its list."""
    found: dict[str, str] = {}
    for table, key, number in (
        ("national_households", "household_id", "national_id"),
        ("national_members", "member_id", "national_member_id"),
    ):
        for row in ours.tables.get(table, []):
            if row.get(key):
                found.setdefault(row[key], row[number])
    return found


def _measures(ours: Ours) -> dict[str, set[str]] | None:
    if "measures" not in ours.sources:
        return None
    found: dict[str, set[str]] = {}
    for row in ours.tables["measures"]:
        found.setdefault(row["household_id"], set()).add(row.get("kind", ""))
    return found


def _household_cells(
    ours: Ours, home: Record, measures: dict[str, set[str]] | None, income_year: int | None
) -> dict[str, str]:
    number, case = home["household_id"], ours.cases.get(home["household_id"], {})
    code = home.get("area_code", "")
    county, town = county_and_town(ours, code)
    risks = [_RISKS.get(risk, labels("cause").get(risk, "")) for risk in _risks(ours, number)]
    water = home.get("water_unsafe")
    cells = {
        "县": county,
        "乡": town,
        "村": ours.villages.name(code),
        "户类型": labels("household_type").get(home.get("household_type", ""), ""),
        "监测对象类别": labels("monitoring_type").get(home.get("monitoring_type", ""), ""),
        "识别监测时间": _month(home.get("identified_on")),
        "风险是否已消除": "是" if home["monitoring_status"] == "resolved" else "否",
        "消除监测时间": _month(home.get("resolved_on")),
        "整户无劳动能力兜底保障户": _yes(case.get("no_labour_safeguard")),
        "实施开发式帮扶措施情况": {"true": "已实施", "false": "未实施"}.get(
            case.get("development_done", ""), ""
        ),
        "是否危房户": _yes(home.get("housing_unsafe")),
        "是否解决安全饮用水": _yes({"true": "false", "false": "true"}.get(water or "")),
        "人均纯收入": home.get(INCOME_COLUMNS.get(ours.on.year - (income_year or 0), ""), ""),
        "监测联系人": case.get("contact") or home.get("contact", ""),
        **{f"致贫/返贫风险{at}": risk for at, risk in enumerate(risks, start=1)},
    }
    if measures is not None:
        kinds = measures.get(number, set())
        cells |= {head: "是" if kind in kinds else "否" for kind, head in _MEASURES.items()}
    return cells


def _person_cells(person: Record) -> dict[str, str]:
    certificate = person.get("disability_certificate", "") if person.get("id_type") == "disability" else ""
    kind = {"resident": "居民身份证", "disability": "残疾人证"}.get(person.get("id_type", ""), "")
    school = {"true": _STAGES.get(person.get("school_stage", ""), ""), "false": "非在校生"}
    return {
        "姓名": person.get("name", ""),
        "证件号码": certificate or person.get("id_number", ""),
        "证件类型": kind if person.get("id_number") else "",
        "与户主关系": _relation(person),
        "性别": labels("sex").get(person.get("sex", ""), ""),
        "民族": codes.ethnic_name(person.get("ethnic_group", "")),
        "出生日期": person.get("birth_date", "").replace("-", ""),
        "在校生状况": school.get(person.get("in_school", ""), ""),
        "健康状况": _health(person),
        "劳动技能": labels("labour_capacity").get(person.get("labour_capacity", ""), ""),
        "是否参加城乡居民基本医疗保险": _yes(person.get("medical_insurance")),
    }


def _relation(person: Record) -> str:
    relation, sex = person.get("relation", ""), person.get("sex", "")
    if relation in _RELATIONS and sex:
        return _RELATIONS[relation][sex == "female"]
    return labels("relation").get(relation, "")


def _health(person: Record) -> str:
    """One state as the system words it; none where something is not known or several hold at once."""
    ill, long = person.get("serious_illness"), person.get("chronic_illness")
    level = person.get("disability_level")
    states = [
        word
        for word, holds in (
            ("患有大病", ill == "true"),
            ("长期慢性病", long == "true"),
            ("残疾", level is not None and level != "0"),
        )
        if holds
    ]
    if states:
        return states[0] if len(states) == 1 else ""
    return "健康" if ill == long == "false" else ""


def _risks(ours: Ours, household_id: str) -> list[str]:
    return [risk for risk in ours.cases.get(household_id, {}).get("risks", "").split(";") if risk][:5]


def _first_of_month(day: str | None) -> str | None:
    return f"{day[:7]}-01" if day else None


def _month(day: str | None) -> str:
    return day[:7].replace("-", "") if day else ""


def _yes(value: str | None) -> str:
    return {"true": "是", "false": "否"}.get(value or "", "")
