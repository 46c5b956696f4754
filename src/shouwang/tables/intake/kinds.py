"""What a table is: told by its columns first, then by the words of its title, its sheet and its file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shouwang.language import current
from shouwang.tables.intake.layout import Table


@dataclass(frozen=True)
class Kind:
    """One kind of table: fields that speak for it, fields it cannot do without, and words in titles."""

    code: str
    zh: str
    needs: tuple[frozenset[str], ...]  # one of each set must be there
    fields: frozenset[str]
    words: str


def _kind(code: str, zh: str, needs: str, fields: str, words: str) -> Kind:
    groups = tuple(frozenset(group.split("|")) for group in needs.split())
    return Kind(code, zh, groups, frozenset(fields.split()), words)


_PERSON = "name|head_name|id|cert"
KINDS = (
    _kind(
        "national_export",
        "监测对象信息（系统导出）",
        "household_no|id name|head_name monitoring_type|identified",
        "monitoring_type identified resolved resolved_on risk1 risk2 no_labour development person_no",
        "监测对象信息|信息查询",
    ),
    _kind(
        "problem_ledger",
        "疑似问题核实台账（附件3）",
        "problem_type|description level|verification|problem_type",
        "level problem_type description verification household_type town",
        "疑似问题|核实台账|附件3|问题台账",
    ),
    _kind(
        "income",
        "收支明细",
        "item amount",
        "item amount income_date household_no basis",
        "收入明细|收支|收入台账|收入登记",
    ),
    _kind(
        "roster",
        "农户花名册",
        "name|head_name relation|household_type|labour",
        "relation household_no head_name size household_type labour schooling insurance health",
        "花名册|农户名册|户籍|家庭成员|人口",
    ),
    _kind(
        "civil_affairs",
        "民政名单（低保、特困、临时救助）",
        _PERSON,
        "apply_kind result monthly accepted_on approved_on refusal relief_amount",
        "民政|低保|特困|临时救助|社会救助",
    ),
    _kind(
        "medical_insurance",
        "医保大额自付费用名单",
        f"{_PERSON} own_cost|total_cost",
        "own_cost total_cost disease settled_on reimbursed",
        "医保|自付|大额|医疗费用",
    ),
    _kind(
        "disability",
        "残联持证人员名单",
        "cert|disability_level name|cert|id",
        "cert disability_kind disability_level issued_on",
        "残联|残疾|持证",
    ),
    _kind(
        "education",
        "教育疑似失学辍学名单",
        _PERSON,
        "school grade guardian dropout_on dropout_reason",
        "教育|辍学|失学|学生",
    ),
    _kind(
        "housing",
        "住建疑似危房名单",
        "name|head_name|address|id",
        "house_grade structure built judged_on",
        "住建|危房|住房安全|房屋",
    ),
    _kind("employment", "人社失业名单", _PERSON, "lost_on lost_reason work_from", "人社|失业|返乡|就业局"),
    _kind(
        "emergency",
        "应急受灾名单",
        _PERSON,
        "disaster_kind hit_on hit_people loss house_damage crop_damage relief",
        "应急|受灾|灾害|洪涝|汛期",
    ),
    _kind("accident", "意外事故名单", _PERSON, "accident_kind accident_on", "意外|事故|交通"),
    _kind(
        "health",
        "卫健大病、精神障碍名单",
        _PERSON,
        "disease mental_kind diagnosed_on",
        "卫健|卫生|大病|重病|精神",
    ),
    _kind(
        "water",
        "水利饮水安全名单",
        "name|head_name|address|id",
        "water_problem water_on",
        "水利|饮水|缺水|供水",
    ),
    _kind(
        "agriculture",
        "农业农村产业风险名单",
        _PERSON,
        "product price project_name failure",
        "农业|产业|滞销|价格|项目失败",
    ),
    _kind("deceased", "死亡人员名单", f"{_PERSON} died_on", "died_on", "死亡|去世|殡葬|火化|已故"),
    _kind("moved_out", "户籍迁出人员名单", f"{_PERSON} moved_on", "moved_on", "迁出|户口迁移|户籍迁移"),
    _kind(
        "application", "农户自主申报名单", _PERSON, "claim", "自主申报|自主申请|农户申请|农户申报|救助平台"
    ),
)
BY_CODE = {kind.code: kind for kind in KINDS}
DEPARTMENTS = tuple(kind.code for kind in KINDS[4:])
_TITLE_WEIGHT, _FIELD_WEIGHT = 3, 2
_TELLING = frozenset(  # heads that only one kind of list has
    [
        "lost_on",
        "dropout_on",
        "hit_on",
        "disaster_kind",
        "house_grade",
        "own_cost",
        "cert",
        "apply_kind",
        "accident_on",
        "accident_kind",
        "water_problem",
        "mental_kind",
        "dropout_reason",
        "lost_reason",
        "refusal",
        "died_on",
        "moved_on",
    ]
)


def score(kind: Kind, table: Table, file_name: str) -> int:
    """How much speaks for the kind; 0 where it cannot be."""
    names = set(table.columns)
    if any(not names & group for group in kind.needs):
        return 0
    points = _FIELD_WEIGHT * (len(names & kind.fields) + len(names & kind.fields & _TELLING))
    near = f"{table.title} {table.sheet.name}"
    if re.search(kind.words, near):
        points += _TITLE_WEIGHT
    if re.search(kind.words, file_name):
        points += _TITLE_WEIGHT - 1
    return points


def kind_of_table(table: Table, file_name: str) -> Kind | None:
    """The kind that most speaks for; None below four points or where two kinds are even."""
    points = sorted(
        ((score(kind, table, file_name), -number) for number, kind in enumerate(KINDS)), reverse=True
    )
    best, second = points[0], points[1]
    if best[0] < 4 or best[0] == second[0]:
        return None
    return KINDS[-best[1]]


_ENGLISH = {
    "national_export": "monitored households (national export)",
    "problem_ledger": "ledger of suspected problems (annex 3)",
    "income": "income items",
    "roster": "roster of households",
    "civil_affairs": "civil affairs: dibao, tekun, relief",
    "medical_insurance": "medical insurance: large own payments",
    "disability": "disability federation: certificates",
    "education": "education: may have left school",
    "housing": "housing: may be unsafe",
    "employment": "jobs: out of work",
    "emergency": "emergency: hit by a disaster",
    "accident": "accidents",
    "health": "health: serious illness, mental disorder",
    "water": "water: supply problems",
    "agriculture": "agriculture: risks of production",
    "deceased": "deaths",
    "moved_out": "people who moved out",
}


def name(code: str) -> str:
    """What people call a kind of table, in the language now spoken."""
    kind = BY_CODE[code]
    return _ENGLISH.get(code, kind.zh) if current() == "en" else kind.zh
