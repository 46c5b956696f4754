"""Differences of the two lists → rows that a person decides (ALR-5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from shouwang.tables.dictionary import labels
from shouwang.tables.intake.idnumbers import check_character, masked
from shouwang.tables.intake.model import Record
from shouwang.tables.lists import compare
from shouwang.tables.lists.fields import EMPTY, HOUSEHOLD_FIELDS, MEMBER_FIELDS, Field, column_of, shown
from shouwang.tables.lists.listed import listed_rows
from shouwang.tables.lists.ours import Ours
from shouwang.tables.lists.rows import Subject, WorkRow
from shouwang.tables.lists.theirs import Theirs
from shouwang.tables.lists.totals import Total, totals

INCOME_COLUMNS = {
    1: "income_per_capita_last_year",
    2: "income_per_capita_two_years_ago",
    3: "income_per_capita_three_years_ago",
}


@dataclass
class Work:
    """All rows of a comparison, the totals, and what has to be said beside them."""

    rows: list[WorkRow] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def of(self, sheet: str) -> list[WorkRow]:
        """The rows of one sheet."""
        return [row for row in self.rows if row.sheet == sheet]


def make_work(ours: Ours, theirs: Theirs, gap: Decimal, share: Decimal) -> Work:
    """Compares everything. ``gap`` (yuan) and ``share`` say when two incomes of one year are far apart."""
    work = Work()
    if theirs.tables["national_households"]:
        pairs = compare.by_key(theirs.tables["national_households"], "household_id")
        work.rows += _households(ours, theirs, pairs)
        work.rows += _people(ours, theirs, pairs)
        work.rows += _values(ours, theirs, pairs, work.notes)
        work.rows += _incomes(ours, pairs, gap, share, work.notes)
        work.totals = totals(ours, theirs)
    work.rows += listed_rows(ours, theirs, work.notes)
    return work


# ---- households ------------------------------------------------------------------------------------------


def _households(ours: Ours, theirs: Theirs, pairs: dict[str, compare.Row]) -> list[WorkRow]:
    """Households that are monitored here and not in their list, or in their list and not ours."""
    found = [
        _household_row(
            ours, row, None, "只在我方", "我方是监测对象，全国系统导出表里没有这一户", "ad", "only_ours"
        )
        for row in ours.monitored()
        if row["household_id"] not in pairs
    ]
    for row in theirs.tables["national_households"]:
        number = row.get("household_id", "")
        if not number:
            found.append(
                _household_row(
                    ours, None, row, "只在全国系统", _alike(theirs, row["national_id"]), "abd", "only_theirs"
                )
            )
        elif pairs[number] is not row:
            why = f"全国系统另有一户（{pairs[number]['national_id']}）也是我方这一户"
            found.append(
                _household_row(ours, ours.households[number], row, "全国系统重复", why, "ad", "told")
            )
    return sorted(found, key=lambda row: (str(row.cells[0]), str(row.cells[3]), str(row.cells[4])))


def _household_row(
    ours: Ours, mine: Record | None, other: compare.Row | None, side: str, why: str, options: str, what: str
) -> WorkRow:
    one, two = mine or {}, other or {}
    statuses = labels("monitoring_status")
    cells = (
        ours.village(one.get("area_code") or two.get("area_code", "")),
        one.get("head_name") or two.get("head_name", ""),
        side,
        one.get("household_id", ""),
        two.get("national_id", ""),
        statuses.get(one.get("monitoring_status", ""), ""),
        statuses.get(two.get("monitoring_status", ""), ""),
        why,
    )
    subject = Subject(household_id=one.get("household_id", ""), national_id=two.get("national_id", ""))
    return WorkRow("户", what, subject, cells, options)


def _alike(theirs: Theirs, key: str) -> str:
    """Who of ours has the same name: a hint for a person, never a match."""
    persons = theirs.proposed.get(key, [])
    if not persons:
        return "我方没有证件号码或姓名相同的人"
    where = "、".join(dict.fromkeys(person.household.household_id for person in persons[:3]))
    return f"我方同村有同名的人（户编号 {where}），请核对是不是同一户"


# ---- people ----------------------------------------------------------------------------------------------


def _people(ours: Ours, theirs: Theirs, pairs: dict[str, compare.Row]) -> list[WorkRow]:
    """People of households that both lists have, whom only one list has or whom ours has elsewhere."""
    found = []
    there = compare.by_key(theirs.tables["national_members"], "member_id")
    for number, pair in pairs.items():
        for member in ours.people(number):
            if member["member_id"] not in there:
                subject = Subject(number, member["member_id"], pair["national_id"])
                why = "已不在户的，选“另填”并填减少日期"
                found.append(_person_row(ours, number, member, subject, "只在我方", why, "acd", "only_ours"))
    for row in theirs.tables["national_members"]:
        number = row.get("household_id", "")
        if not number or pairs[number]["national_id"] != row["national_id"]:
            continue
        mine = ours.members.get(row.get("member_id", ""))
        subject = Subject(number, row.get("member_id", ""), row["national_id"], row["national_member_id"])
        if mine is None:
            why = (
                _alike(theirs, row["national_member_id"])
                if row["national_member_id"] in theirs.proposed
                else ""
            )
            found.append(_person_row(ours, number, row, subject, "只在全国系统", why, "abd", "only_theirs"))
        elif mine["household_id"] != number:
            why = f"这个人在我方另一户（户编号 {mine['household_id']}）"
            found.append(_person_row(ours, number, row, subject, "户不同", why, "ad", "told"))
    return sorted(found, key=lambda row: (str(row.cells[0]), str(row.cells[2]), str(row.cells[3])))


def _person_row(
    ours: Ours,
    number: str,
    person: compare.Row,
    subject: Subject,
    side: str,
    why: str,
    options: str,
    what: str,
) -> WorkRow:
    home = ours.households[number]
    relation = labels("relation").get(person.get("relation", ""), "")
    cells = (
        ours.village(home.get("area_code", "")),
        home.get("head_name", ""),
        number,
        person.get("name", ""),
        masked(person.get("id_number", "")),
        relation,
        side,
        why,
    )
    if what == "only_ours":
        return WorkRow("人", what, subject, cells, options, "members", "left_on")
    return WorkRow("人", what, subject, cells, options)


# ---- values ----------------------------------------------------------------------------------------------


def _values(ours: Ours, theirs: Theirs, pairs: dict[str, compare.Row], notes: list[str]) -> list[WorkRow]:
    homes = {key: compare.with_risks(row, ours.cases) for key, row in ours.households.items() if key in pairs}
    fields = _fields(homes, pairs, HOUSEHOLD_FIELDS, notes)
    there = compare.by_key(theirs.tables["national_members"], "member_id")
    people = {key: row for key, row in ours.members.items() if key in there}
    found = [
        _value_row(ours, difference, pairs[difference.key], None)
        for difference in compare.compare(homes, pairs, fields).differences
    ]
    fields = _fields(people, there, MEMBER_FIELDS, notes)
    found += [
        _value_row(ours, difference, there[difference.key], people[difference.key])
        for difference in compare.compare(people, there, fields).differences
    ]
    return sorted(found, key=lambda row: (str(row.cells[0]), str(row.cells[2])))


def _fields(
    mine: dict[str, compare.Row] | dict[str, Record],
    other: dict[str, compare.Row],
    fields: tuple[Field, ...],
    notes: list[str],
) -> list[Field]:
    """The fields that both lists know anything of; the others are said once instead of in every row."""
    known = compare.shared(mine.values(), other.values(), fields)
    left_out = [field.label for field in fields if field not in known]
    if left_out and mine:
        notes.append(f"没有比的项目（至少一方整列没有内容）：{'、'.join(left_out)}")
    return known


def _value_row(
    ours: Ours, difference: compare.Difference, other: compare.Row, member: Record | None
) -> WorkRow:
    field_, number = difference.field, member["household_id"] if member else difference.key
    home = ours.households[number]
    subject = Subject(
        number,
        member["member_id"] if member else "",
        other["national_id"],
        other.get("national_member_id", ""),
    )
    column = column_of(field_.table, field_.column)
    month = field_.how == "month"
    mine, theirs = difference.left or "", difference.right or ""
    cells = (
        ours.village(home.get("area_code", "")),
        home.get("head_name", ""),
        number,
        member.get("name", "") if member else "",
        field_.label,
        shown(column, mine, month=month),
        shown(column, theirs, month=month),
        _why(difference, field_.table == "cases" and number not in ours.cases),
    )
    options = {"differs": "abcd", "only_left": "acd", "only_right": "bcd"}[difference.kind]
    if field_.table == "cases" and number not in ours.cases:
        options = "d"
    return WorkRow("字段差异", "value", subject, cells, options, field_.table, field_.column, mine, theirs)


def _why(difference: compare.Difference, no_case: bool) -> str:
    if no_case:
        return "我方没有监测档案，请先建档再填风险"
    if difference.field.how == "id" and difference.left and difference.right:
        return _number_hint(difference.left, difference.right)
    if difference.kind == "only_right":
        return "我方没有填"
    return "全国系统没有填" if difference.kind == "only_left" else ""


def _number_hint(mine: str, theirs: str) -> str:
    """Where two identity numbers differ and whether their check characters are right; the digits stay hidden."""
    if len(mine) != len(theirs):
        return f"位数不同：我方 {len(mine)} 位，全国系统 {len(theirs)} 位"
    places = "、".join(str(at) for at, (a, b) in enumerate(zip(mine, theirs, strict=True), 1) if a != b)
    wrong = [
        side
        for side, number in (("我方", mine), ("全国系统", theirs))
        if len(number) == 18 and number[:17].isdigit() and check_character(number[:17]) != number[17]
    ]
    told = f"；{'、'.join(wrong)}校验位不对" if wrong else ""
    return f"第 {places} 位不同{told}"


# ---- incomes ---------------------------------------------------------------------------------------------


def _incomes(
    ours: Ours, pairs: dict[str, compare.Row], gap: Decimal, share: Decimal, notes: list[str]
) -> list[WorkRow]:
    found, unsaid = [], 0
    for number, row in pairs.items():
        amount = row.get("net_income_per_capita")
        column = INCOME_COLUMNS.get(ours.on.year - int(row.get("income_year") or 0))
        if amount and column is None:
            unsaid += 1
        elif amount and column:
            mine = ours.households[number].get(column)
            if mine is None or compare.far_apart(Decimal(mine), Decimal(amount), gap, share):
                found.append(_income_row(ours, number, row, column, mine))
    if unsaid:
        notes.append(
            f"全国系统的人均纯收入有 {unsaid} 户没有说是哪一年（或不是近三年），没有比；"
            "知道年度的，重做时加 --income-year 年份"
        )
    return sorted(found, key=lambda row: (str(row.cells[0]), str(row.cells[2])))


def _income_row(ours: Ours, number: str, row: compare.Row, column: str, mine: str | None) -> WorkRow:
    home, other = ours.households[number], Decimal(row["net_income_per_capita"])
    distance = other - Decimal(mine) if mine is not None else None
    cells = (
        ours.village(home.get("area_code", "")),
        home.get("head_name", ""),
        number,
        row["income_year"],
        Decimal(mine) if mine is not None else EMPTY,
        other,
        distance if distance is not None else "",
        (abs(distance) / other * 100).quantize(Decimal("0.1")) if distance is not None and other else "",
        "我方没有填" if mine is None else "",
    )
    subject = Subject(household_id=number, national_id=row["national_id"])
    options = "bcd" if mine is None else "abcd"
    return WorkRow(
        "收入",
        "value",
        subject,
        cells,
        options,
        "households",
        column,
        mine or "",
        row["net_income_per_capita"],
    )
