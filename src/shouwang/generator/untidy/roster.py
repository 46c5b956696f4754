"""农户花名册.xlsx: one sheet per village, heads that differ, household cells merged over the members."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from shouwang.generator.layout import Village
from shouwang.generator.township import Row, Township
from shouwang.generator.untidy import mangling, words
from shouwang.generator.untidy.mangling import Written
from shouwang.generator.untidy.sheet import Book, Sheet, count_ids, id_truth, place

FILE = "农户花名册.xlsx"
_HEADS = {
    "seq": ("序号", "户序号"),
    "household": ("户编码", "家庭编号", "户编号"),
    "group": ("所在组", "村民小组", "社/组"),
    "head": ("户主姓名", "户主"),
    "type": ("农户类型", "户类别"),
    "size": ("家庭人口数", "人口数"),
    "name": ("家庭成员", "姓名"),
    "relation": ("与户主关系", "家庭关系"),
    "id": ("公民身份号码", "身份证号码"),
    "sex": ("性别",),
    "labour": ("劳动能力", "劳动力状况"),
    "health": ("健康状况", "身体状况"),
    "school": ("在校情况", "就读情况"),
    "insured": ("医疗保险", "是否参保"),
    "place": ("务工地点", "就业地点"),
    "months": ("务工月数", "就业月数"),
    "phone": ("手机号码", "联系方式"),
    "date": ("更新日期", "核实日期"),
    "note": ("备注",),
}
_HOUSEHOLD = ("seq", "household", "group", "head", "type", "size")
_ORDERS = (
    (
        ("seq", "group", "household", "head", "size", "type"),
        ("name", "id", "relation", "sex", "health", "labour", "school", "insured"),
        ("place", "months"),
        ("phone", "date", "note"),
    ),
    (
        ("seq", "household", "head", "group", "type", "size"),
        ("relation", "name", "sex", "id", "labour", "health", "insured", "school"),
        ("place", "months"),
        ("date", "phone", "note"),
    ),
    (
        ("household", "seq", "group", "head", "type", "size"),
        ("name", "relation", "sex", "id", "school", "labour", "health", "insured"),
        ("months", "place"),
        ("phone", "note", "date"),
    ),
)


@dataclass
class Roster:
    """The truth of the file, and where everybody stands: (reference, village name, row of members, what
    was written).
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    ids: list[tuple[str, str, Written]] = field(default_factory=list)
    odd: list[dict[str, str]] = field(default_factory=list)
    people: list[tuple[str, Village, Row, Written]] = field(default_factory=list)
    sheets: dict[str, int] = field(default_factory=dict)
    blank_rows: int = 0


def write(town: Township, folder: Path, chance: random.Random) -> Roster:
    """Writes the file and returns its truth."""
    roster, members = Roster(), town.by_household("members")
    book = Book(folder / FILE)
    for number, village in enumerate(town.villages):
        households = [row for row in town.tables["households"] if row["area_code"] == village.code]
        sheet = book.sheet(village.name)
        _Page(sheet, village, number, roster, chance).write(households, members)
    book.close()
    return roster


class _Page:
    """One village's sheet."""

    def __init__(
        self, sheet: Sheet, village: Village, number: int, roster: Roster, chance: random.Random
    ) -> None:
        self.sheet, self.village, self.roster, self.chance = sheet, village, roster, chance
        self.parts = _ORDERS[number % len(_ORDERS)]
        self.columns = {key: at for at, key in enumerate(key for part in self.parts for key in part)}
        self.row = 0

    def write(self, households: list[Row], members: dict[str, list[Row]]) -> None:
        """Title, unit row, head of two rows, households, total, signatures."""
        last = len(self.columns) - 1
        self.sheet.merge(
            0,
            0,
            0,
            f"{self.village.county}{self.village.town}{self.village.name}农户花名册",
            to=last,
            style="title",
        )
        self.sheet.write(1, 0, f"填报单位：{self.village.town}{self.village.name}村民委员会")
        self.sheet.write(1, last - 3, "填报日期：2024年8月26日")
        self._head()
        self.row, first = 4, len(self.roster.rows)
        for number, home in enumerate(households, 1):
            if number > 1 and home["group_name"] != households[number - 2]["group_name"]:
                self.row += 1
                self.roster.blank_rows += 1
            self._household(number, home, members[home["household_id"]])
        count = len(self.roster.rows) - first
        self.roster.sheets[self.village.name] = count
        self.sheet.write(self.row, 0, self.chance.choice(("合计", "小计")))
        self.sheet.write(self.row, self.columns["head"], f"{len(households)}户")
        self.sheet.write(self.row, self.columns["size"], count)
        self.sheet.write(self.row + 2, 0, "填表人：          审核人：          村支部书记（签字）：")

    def _head(self) -> None:
        titles = (None, "家庭成员情况", "务工情况", None)
        for title, part in zip(titles, self.parts, strict=True):
            first = self.columns[part[0]]
            if title:
                self.sheet.merge(2, 2, first, title, to=first + len(part) - 1, style="head")
            for key in part:
                text = self.chance.choice(_HEADS[key])
                self.sheet.merge(3 if title else 2, 3, self.columns[key], text, style="head")

    def _household(self, number: int, home: Row, people: list[Row]) -> None:
        top, bottom = self.row, self.row + len(people) - 1
        size = len(people)
        if self.chance.random() < 0.004:
            size += 1
            self._odd(top, "size", "stated size is not the number of member rows")
        kinds = (
            [self.chance.choice(words.HOUSEHOLD[home["household_type"]])]
            if home["household_type"] == "lifted"
            else []
        )
        kinds += [words.STATUS[home["monitoring_status"]]] if home["monitoring_status"] != "none" else []
        cells = {
            "seq": number,
            "household": home["household_id"],
            "group": mangling.group(home["group_name"], self.chance),
            "head": mangling.name(home["head_name"], self.chance),
            "size": size,
            "type": "、".join(kinds) or self.chance.choice(words.HOUSEHOLD["general"]),
        }
        for key in _HOUSEHOLD:
            self.sheet.merge(top, bottom, self.columns[key], cells[key])
        truth = {
            "household_type": home["household_type"],
            "monitoring_status": home["monitoring_status"],
            "group": int(home["group_name"].removesuffix("组")),
        }
        for place_, person in enumerate(people):
            self._member(person, home, truth if place_ == 0 else {})
            self.row += 1

    def _odd(self, row: int, key: str, why: str) -> None:
        self.roster.odd.append({"sheet": self.sheet.name, "cell": place(row, self.columns[key]), "why": why})

    def _member(self, person: Row, home: Row, household: Row) -> None:
        number = mangling.identity(person["id_number"], self.chance)
        cells, truth = self._cells(person)
        cells["id"] = number.cell
        for key, value in cells.items():
            self.sheet.write(self.row, self.columns[key], value)
        self.roster.ids.append((self.sheet.name, place(self.row, self.columns["id"]), number))
        self.roster.people.append((f"{self.sheet.name}!{self.row + 1}", self.village, person, number))
        self.roster.rows.append(
            {
                "sheet": self.sheet.name,
                "row": self.row + 1,
                "household": f"{self.village.code}/{home['household_id']}",
                "name": person["name"],
                **truth,
                **household,
                **id_truth(number),
            }
        )

    def _cells(self, person: Row) -> tuple[dict[str, mangling.Cell], Row]:
        choose = self.chance.choice
        sex, insured = words.SEX[person["sex"]], person["medical_insurance"]
        if self.chance.random() < 0.002:
            sex = "女" if sex == "男" else "男"
            self._odd(self.row, "sex", "sex disagrees with the true person and the ID")
        if insured and self.chance.random() < 0.03:
            insured = None
        school = (
            choose(words.STAGE[person["school_stage"]])
            if person["in_school"]
            else choose(words.NOT_IN_SCHOOL)
        )
        in_school = True if person["in_school"] else None if school is None else False
        labour = person["labour_capacity"]
        months = person["months_worked"] or None
        when = self.chance.random() < 0.002
        if when:
            self._odd(self.row, "date", "date cannot be read")
        updated = self._updated()
        cells: dict[str, mangling.Cell] = {
            "name": mangling.name(person["name"], self.chance),
            "sex": sex,
            "health": words.health(person),
            "relation": choose(words.RELATION.get(person["relation_word"], ("配偶",))),
            "labour": choose(words.LABOUR[labour]) if labour else None,
            "school": school,
            "insured": choose(words.INSURED[insured]),
            "place": choose(words.PLACE[person["employment_place"]]),
            "months": choose((months, f"{months}个月")) if months else None,
            "phone": person["phone"],
            "date": choose(mangling.UNREADABLE_DATES) if when else mangling.day(updated, self.chance),
            "note": None,
        }
        return cells, {
            "relation": person["relation"],
            "labour": labour,
            "insured": insured,
            "phone": person["phone"],
            "stage": person["school_stage"],
            "in_school": in_school,
            "date": None if when else updated.isoformat(),
        }

    def _updated(self) -> date:
        return date(2024, 8, 25) - timedelta(days=self.chance.randint(0, 230))


def truth(roster: Roster) -> dict[str, Any]:
    """The roster's part of truth.json."""
    rows = roster.rows
    return (
        {
            "file": FILE,
            "what": "roster of all households, one sheet per village",
            "data_rows": len(rows),
            "households": len({row["household"] for row in rows}),
            "members": len(rows),
            "persons": len(rows),
            "blank_rows": roster.blank_rows,
            "subtotal_rows": len(roster.sheets),
            "rows_by_sheet": roster.sheets,
            "ids": count_ids(roster.ids),
            "other_cells_to_quarantine_or_flag": roster.odd,
            "rows": rows,
        }
        | {key: _count(rows, key) for key in ("labour", "insured", "stage", "in_school", "relation")}
        | {
            key: _count([row for row in rows if key in row], key)
            for key in ("household_type", "monitoring_status")
        }
    )


def _count(rows: list[Row], key: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[str(row[key])] = found.get(str(row[key]), 0) + 1
    return found
