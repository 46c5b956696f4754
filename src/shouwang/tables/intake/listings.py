"""What other lists say, kept beside the registry and never mixed into it.

The national export becomes ``national_households`` and ``national_members``, a department's list becomes
``lists`` and ``listed``: what the list says in our codes, and which household and member of ours it means
(ALR-1, ALR-5, ALR-6). A person is certain by an identity number that one present member has; within a household
that is certain, by a name that both sides have once. A name and a village alone are only proposed.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shouwang.tables.dictionary import CODES
from shouwang.tables.intake import codes
from shouwang.tables.intake.amounts import plain, read_amount, unit_factor
from shouwang.tables.intake.areas import Villages, code_in, village_of
from shouwang.tables.intake.dates import read_date
from shouwang.tables.intake.departments import NO_ALERT, Department, disability_level_said
from shouwang.tables.intake.heads import year_of
from shouwang.tables.intake.layout import Table
from shouwang.tables.intake.members import member_record
from shouwang.tables.intake.model import FileReading, Record, RowReading, put
from shouwang.tables.intake.national import household_of, risks_of, status_and_type
from shouwang.tables.intake.proposals import stable_id
from shouwang.tables.intake.registry import Household, Match, Person, Registry
from shouwang.tables.intake.roster import group_name, household_number
from shouwang.tables.intake.wording import group_key, person_name, squeezed, tidy

TABLES = ("lists", "listed", "national_households", "national_members")
_SOURCES = frozenset(code.code for code in CODES["list_source"])
_WHEN = re.compile(
    r"(?:导出|推送|下发|反馈|接收|填报|填表|制表|统计|上报|数据)(?:时间|日期)[:]?\s*([0-9][^\s]*)"
)
_INCOME = re.compile(r"(家庭)?人均(纯|可支配)收入")

# What a list of a department says, in the names of our own columns where we have one; the value of ``holds``.
_SAYS: dict[str, tuple[str, bool]] = {
    "dibao_new": ("dibao", True),
    "dibao_refused": ("dibao", False),
    "dibao_applied": ("dibao_applied", True),
    "tekun_new": ("tekun", True),
    "tekun_refused": ("tekun", False),
    "tekun_applied": ("tekun_applied", True),
    "dropout": ("in_school", False),
    "unsafe_house": ("housing_unsafe", True),
    "unsafe_water": ("water_unsafe", True),
    "large_relief": ("large_relief", True),
    "large_medical_cost": ("large_medical_cost", True),
    "serious_illness": ("serious_illness", True),
    "mental_disorder": ("mental_disorder", True),
}


@dataclass
class _Row:
    """One row of the export: where it stands, what it says of a person, and who that may be."""

    row: int
    entry: RowReading
    record: Record
    match: Match


@dataclass
class Listings:
    """Takes lists in, one table of a file after the other; ``tables`` are rows of the exchange format.

    ``income_year`` is the year that a head 人均纯收入 without a year means, None where nobody said it.
    ``places`` tells for each row's key where it stands in its file.
    """

    registry: Registry
    villages: Villages
    on: date
    income_year: int | None = None
    tables: dict[str, list[Record]] = field(default_factory=lambda: {name: [] for name in TABLES})
    places: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, list[Person]] = field(default_factory=dict)  # row key → members of the same name
    _seen: set[str] = field(default_factory=set)
    _areas: dict[str, set[str]] = field(default_factory=dict)

    # ---- lists of departments -----------------------------------------------------------------------------

    def department(
        self,
        reading: FileReading,
        table: Table,
        row: int,
        department: Department,
        seen: tuple[RowReading, Match],
    ) -> None:
        """Takes in one row of a department's list, which ``departments.read_row`` read and the registry matched."""
        if department.source not in _SOURCES and department.lists not in _SOURCES:
            return
        entry, match = seen
        source = department.lists or department.source
        kind, holds = _says(table, row, source, entry.values["alert"])
        key = stable_id("listed", reading.file, entry)
        certain, person = match.how == "by_id", match.persons[0] if len(match.persons) == 1 else None
        level = disability_level_said(table, row) if kind == "disability_level" else None
        code = self.villages.code(entry.village)
        record = put(
            {},
            listed_id=key,
            list_id=self._list(reading, table, source, code, entry.values.get("received_on")),
            id_number=entry.id.number,
            name=entry.name,
            area_code=code,
            household_id=person.household.household_id if person else None,
            member_id=person.record["member_id"] if person else None,
            match="confirmed" if certain else "proposed" if match.persons else "none",
            kind=kind,
            holds=holds,
            level=level,
            event_on=entry.values["event_on"],
        )
        self.tables["listed"].append(record)
        self.places[key] = _place(reading, entry)
        if match.persons and not certain:
            self.proposed[key] = match.persons

    def _list(self, reading: FileReading, table: Table, source: str, code: str, received: date | None) -> str:
        """The list that a file is for a source: one row of ``lists``, with the newest day that it names."""
        digest = hashlib.blake2s(f"{reading.file}\n{source}".encode(), digest_size=8).hexdigest()
        key = f"list-{digest}"
        days = [day for day in (received, _written_on(table.title)) if day]
        record = next((row for row in self.tables["lists"] if row["list_id"] == key), None)
        if record is None:
            record = put({}, list_id=key, source=source)
            self.tables["lists"].append(record)
            self.places[key] = reading.file
        latest = max([*(day.isoformat() for day in days), record.get("received_on", "")])
        put(record, received_on=latest)
        covered = self._areas.setdefault(key, set())
        covered.update({code} - {""})
        put(record, area_code=_common(covered))
        return key

    # ---- the national export ------------------------------------------------------------------------------

    def national(self, reading: FileReading, table: Table) -> None:
        """Takes in one table of an export: its households, its people, and who of ours they are."""
        groups: dict[str, list[_Row]] = {}
        current = ""
        for row in table.rows:
            read = self._row(reading, table, row)
            number = household_number(reading, table, row) or ""
            if number:
                current = number
            elif read.record.get("relation") == "head" or not current:
                current = stable_id("national", reading.file, read.entry)
            groups.setdefault(current, []).append(read)
        for number, rows in groups.items():
            if number in self._seen:
                continue  # a second export lists the household again: the first one stands
            self._seen.add(number)
            self._household(reading, table, number, rows)

    def _row(self, reading: FileReading, table: Table, row: int) -> _Row:
        village = village_of(table, row, self.villages)
        name = person_name(table.value(row, "name")) or person_name(table.value(row, "head_name"))
        group = group_key(table.value(row, "group"))
        entry = RowReading(table.sheet.name, row + 1, "national_export", name, village, group)
        record = member_record(reading, table, row, entry, ("", ""), self.on)
        return _Row(row, entry, record, self.registry.match(entry.id, name, village, group))

    def _household(self, reading: FileReading, table: Table, number: str, rows: list[_Row]) -> None:
        first = next((line for line in rows if line.record.get("relation") == "head"), rows[0])
        ours = household_of(self.registry, number, [line.match for line in rows])
        if ours is not None and not _named_alike(ours, rows):
            ours = None  # the number alone is no proof: systems number households each for itself
        kind, status = status_and_type(reading, table, first.row)
        head = first.entry.name if first.record.get("relation") == "head" else ""
        code = self.villages.code(first.entry.village) or code_in(number)
        record: Record = put(
            {},
            national_id=number,
            household_id=ours.household_id if ours else None,
            area_code=code,
            head_name=person_name(table.value(first.row, "head_name")) or head,
            household_type=kind,
            monitoring_status=status,
            monitoring_type=codes.monitoring_type(table.value(first.row, "monitoring_type")),
            identified_on=read_date(table.value(first.row, "identified")).day,
            resolved_on=read_date(table.value(first.row, "resolved_on")).day,
            risks=";".join(risks_of(reading, table, first.row)),
            people=len(rows),
            phone=_own_phone(table, first.row),
            group_name=group_name(table, first.row),
        )
        put(record, **self._income(table, first.row))
        self.tables["national_households"].append(record)
        self.places[number] = _place(reading, first.entry)
        self._list(reading, table, "national", code, None)
        if ours is None and first.match.persons:
            self.proposed[number] = first.match.persons
        self._people(reading, table, number, rows, ours)

    def _income(self, table: Table, row: int) -> dict[str, Any]:
        """Net income per person and the year it is of, where the head says it or somebody did."""
        column = table.columns.get("year_income", table.columns.get("last_income"))
        if column is None:
            column = next((c for c, head in table.heads.items() if _INCOME.fullmatch(squeezed(head))), None)
        if column is None:
            return {}
        head = table.heads[column]
        year = year_of(head) or (self.on.year - 1 if "last_income" in table.columns else self.income_year)
        amount = read_amount(table.sheet.value(row, column), unit_factor(head)).yuan
        return {} if amount is None else {"income_year": year, "net_income_per_capita": plain(amount)}

    def _people(
        self, reading: FileReading, table: Table, number: str, rows: list[_Row], ours: Household | None
    ) -> None:
        found = _members(rows, ours)
        for line in rows:
            key = squeezed(table.value(line.row, "person_no"))
            if not key or f"person {key}" in self._seen:
                key = stable_id("national-person", reading.file, line.entry)
            self._seen.add(f"person {key}")
            person = found.get(line.row)
            record = put(
                {},
                national_member_id=key,
                national_id=number,
                household_id=ours.household_id if ours else None,
                member_id=person.record["member_id"] if person else None,
                name=line.entry.name,
                **{c: line.record.get(c) for c in ("id_number", "sex", "relation", "labour_capacity")},
            )
            self.tables["national_members"].append(record)
            self.places[key] = _place(reading, line.entry)
            if person is None and line.match.persons:
                self.proposed[key] = line.match.persons


def _says(table: Table, row: int, source: str, alert: str | None) -> tuple[str | None, bool | None]:
    """What a row says: the name of our column (or of the matter) and whether it holds; None where not known."""
    if source in ("deceased", "moved_out"):
        return source, True
    if source == "disability":
        return "disability_level", True
    if source == "medical_insurance" and "insurance" in table.columns:
        return "medical_insurance", codes.insured(table.value(row, "insurance"))
    if alert == NO_ALERT:
        return ("housing_unsafe", False) if source == "housing" else (None, None)
    return _SAYS.get(alert or "", (None, None))


def _members(rows: list[_Row], ours: Household | None) -> dict[int, Person]:
    """Row → member of ours: by number; then, in the household of ours, by a name that both have once."""
    found = {line.row: line.match.persons[0] for line in rows if line.match.how == "by_id"}
    if ours is None:
        return found
    taken = {id(person) for person in found.values()}
    free = [person for person in ours.members if id(person) not in taken]
    here = Counter(person.name for person in free)
    there = Counter(line.entry.name for line in rows if line.row not in found)
    for line in rows:
        if line.row not in found and here[line.entry.name] == there[line.entry.name] == 1:
            found[line.row] = next(person for person in free if person.name == line.entry.name)
    return found


def _named_alike(ours: Household, rows: list[_Row]) -> bool:
    """Whether a household has at least one person of the export, by number or by name."""
    names = {person.name for person in ours.members} | {ours.record.get("head_name", "")}
    return any(
        line.entry.name in names or any(person.household is ours for person in line.match.persons)
        for line in rows
        if line.entry.name
    )


def _own_phone(table: Table, row: int) -> str:
    """The household's phone. Right after a contact's name the number is the contact's, so it is left alone."""
    if table.columns.get("contact", -9) + 1 == table.columns.get("phone", -1):
        return ""
    return codes.phone(table.value(row, "phone")) or ""


def _written_on(title: str) -> date | None:
    found = _WHEN.search(tidy(title))
    said = read_date(found[1]) if found else None
    return said.day if said and said.precision == "day" else None


def _common(areas: set[str]) -> str:
    """The village, town or county that a list is about, as 12 digits; '' where it is about several counties."""
    for digits in (12, 9, 6):
        heads = {code[:digits] for code in areas}
        if len(heads) == 1:
            return heads.pop().ljust(12, "0")
    return ""


def _place(reading: FileReading, entry: RowReading) -> str:
    sheet = f"{entry.sheet}!" if entry.sheet else ""
    return f"{reading.file} {sheet}{entry.row}"
