"""From files to exchange tables: opens, tells what each is, reads rosters first, matches the rest to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from shouwang.language import _
from shouwang.tables.intake import areas, departments
from shouwang.tables.intake.income import IncomeReader
from shouwang.tables.intake.kindwords import KindWords
from shouwang.tables.intake.ledger import LedgerReader
from shouwang.tables.intake.listings import Listings
from shouwang.tables.intake.model import FileReading, Finding, Record, RowReading, put
from shouwang.tables.intake.national import NationalReader
from shouwang.tables.intake.opening import Part, expand, open_file, shown
from shouwang.tables.intake.proposals import propose, stable_id
from shouwang.tables.intake.registry import Match, Registry
from shouwang.tables.intake.roster import RosterReader
from shouwang.tables.places import division_name

Progress = Callable[[int, str], None]


@dataclass
class Intake:
    """What an intake found: a reading per file, the registry, and the records of every exchange table."""

    files: list[FileReading]
    registry: Registry
    villages: areas.Villages
    on: date
    area: str
    notes: list[str] = field(default_factory=list)
    tables: dict[str, list[Record]] = field(default_factory=dict)
    proposals: list[Record] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing needs a look: no cell kept out, nothing misunderstood, no match to confirm."""
        return not self.proposals and not any(
            reading.quarantined or reading.not_understood for reading in self.files
        )

    def write(self, folder: Path, report_xlsx: Path | None = None) -> None:
        """Writes the tables, ``proposals.csv`` and ``report.json`` into ``folder``, all or nothing.

        ``report_xlsx`` is the report for people. Raises :class:`InputError` where the folder cannot be
        written or holds other things than an earlier intake.
        """
        from shouwang.tables.intake.folder import write_folder

        write_folder(self, folder, report_xlsx)


def take_in(
    paths: Sequence[Path], *, area: str | None, on: date, words: KindWords, progress: Progress | None = None
) -> Intake:
    """Reads office spreadsheets; writes nothing.

    ``area`` is a county, town or village code; ``on`` the day of the reading; ``words`` the income words of a
    pack. Raises :class:`InputError` for a file that cannot be read and for an area that does not exist.
    """
    files, skipped = expand(paths)
    if area and not re.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}", area):
        areas.check_area(area, set())
    parts: list[Part] = []
    readings: list[FileReading] = []
    for number, path in enumerate(files):
        if progress:
            progress(number, path.name)
        reading = open_file(path, shown(path, files), parts)
        readings.append(reading)
    intake = Intake(readings, Registry(), areas.Villages(), on, area or "")
    if skipped:
        intake.notes.append(_("跳过了不是表格的文件：{names}。").format(names="、".join(skipped)))
    _read_parts(intake, parts, words)
    if area:
        note = areas.check_area(area, set(intake.villages.names))
        intake.notes.extend([note] if note else [])
        _outside(intake, area)
    if progress:
        progress(len(files), "")
    return intake


# ---- reading ------------------------------------------------------------------------------------------


def _read_parts(intake: Intake, parts: list[Part], words: KindWords) -> None:
    """Rosters first, since they are the registry; then exports, which complete it; then the rest."""
    learn_villages(intake.villages, parts)
    registries = [part for part in parts if part.kind == "roster"]
    exports = [part for part in parts if part.kind == "national_export"]
    if not registries:
        registries = exports  # no roster: the export is the registry
        if exports:
            intake.notes.append(_("没有花名册，以系统导出的监测对象作为农户名册。"))
    roster = RosterReader(intake.registry, intake.villages, intake.on, intake.area)
    for part in registries:
        if part.kind == "roster":
            roster.read(part.reading, part.table)
        else:
            roster.read(_quiet(part.reading), part.table)
    national = NationalReader(intake.registry, intake.villages, intake.on)
    for part in exports:
        propose(intake, part.reading.file, national.read(part.reading, part.table), "members")
    _tell_missing(intake, national)
    _collect_registry(intake)
    listings = Listings(intake.registry, intake.villages, intake.on)
    for part in exports:
        if part not in registries:  # an export that is the registry itself is no second list
            listings.national(_quiet(part.reading), part.table)
    for part in parts:
        if part.kind == "income":
            _income(intake, part, words)
        elif part.kind == "problem_ledger":
            _ledger(intake, part)
        elif part.kind in departments.DEPARTMENTS:
            _alerts(intake, part, listings)
    intake.tables.update(listings.tables)
    if parts and not intake.registry.households:
        intake.notes.append(_("没有花名册，名单没有和人对上；请连同花名册一起导入。"))
    _villages(intake)


def _quiet(reading: FileReading) -> FileReading:
    """The export read as a roster leaves its findings to its reading as an export."""
    return FileReading(reading.file, reading.path)


def learn_villages(villages: areas.Villages, parts: list[Part]) -> None:
    """Ties names to codes wherever a row gives both, before anything is matched."""
    for part in parts:
        table = part.table
        if part.kind not in ("roster", "national_export", "income"):
            continue
        for row in table.rows:
            number = table.text(row, "household_no")
            code = table.text(row, "area_code") or areas.code_in(number)
            town = table.text(row, "town")
            if code and part.kind != "income":
                villages.tie(code, areas.village_of(table, row), town)


def _tell_missing(intake: Intake, national: NationalReader) -> None:
    for household in intake.registry.households.values():
        if not national.missing(household):
            continue
        where = household.places.get("monitoring_status", "")
        reading = next((r for r in intake.files if where.startswith(f"{r.file} ")), None)
        if reading is None:
            continue
        sheet, _mark, cell = where.removeprefix(f"{reading.file} ").rpartition("!")
        why = _("花名册记为监测对象，系统导出表里没有这一户，请核对。")
        reading.quarantined.append(Finding(sheet, cell, why, "contradiction"))


def _collect_registry(intake: Intake) -> None:
    households: list[Record] = []
    members: list[Record] = []
    cases: list[Record] = []
    measures: list[Record] = []
    for household in intake.registry.households.values():
        households.append(household.record)
        members.extend(person.record for person in household.members)
        if household.case:
            cases.append(household.case)
        measures.extend(household.measures)
    intake.tables.update(households=households, members=members, cases=cases, measures=measures)


def _income(intake: Intake, part: Part, words: KindWords) -> None:
    reader = IncomeReader(intake.registry, intake.villages, words, intake.on)
    start = len(part.reading.rows)
    matches = reader.read(part.reading, part.table)
    items = intake.tables.setdefault("income_items", [])
    for entry in part.reading.rows[start:]:
        record = entry.values.get("record")
        if record:
            items.append({"item_id": stable_id("item", part.reading.file, entry), **record})
            part.reading.imported["income_items"] += 1
    propose(intake, part.reading.file, matches, "income_items")


def _ledger(intake: Intake, part: Part) -> None:
    start = len(part.reading.rows)
    matches = LedgerReader(intake.registry, intake.villages).read(part.reading, part.table)
    problems = intake.tables.setdefault("problems", [])
    for entry in part.reading.rows[start:]:
        problems.append(
            {"problem_id": stable_id("problem", part.reading.file, entry), **entry.values["record"]}
        )
        part.reading.imported["problems"] += 1
    propose(intake, part.reading.file, matches, "problems")


def _alerts(intake: Intake, part: Part, listings: Listings) -> None:
    department = departments.department_of(part.kind, part.table)
    alerts = intake.tables.setdefault("alerts", [])
    matches = []
    for row in part.table.rows:
        entry = departments.read_row(part.reading, part.table, row, department, intake.villages, intake.on)
        match = intake.registry.match(entry.id, entry.name, entry.village, entry.group)
        entry.match, entry.match_rows = match.how, [person.ref for person in match.persons]
        matches.append((row, entry, match))
        part.reading.rows.append(entry)
        listings.department(part.reading, part.table, row, department, (entry, match))
        kind = entry.values["alert"]
        if kind == departments.NO_ALERT:
            part.reading.no_alert += 1
        elif kind:
            alerts.append(_alert(intake, part.reading, department.source, entry, match))
            part.reading.imported["alerts"] += 1
    propose(intake, part.reading.file, matches, "alerts")


def _alert(intake: Intake, reading: FileReading, source: str, entry: RowReading, match: Match) -> Record:
    values = entry.values
    household = match.persons[0].household.household_id if match.how == "by_id" else None
    return put(
        {},
        alert_id=stable_id("alert", reading.file, entry),
        source=source,
        kind=values["alert"],
        household_id=household,
        id_number=entry.id.number,
        name=entry.name,
        area_code=intake.villages.code(entry.village),
        amount=values["amount"],
        event_on=values["event_on"],
        received_on=values["received_on"],
        note=values["note"],
    )


# ---- villages, area ------------------------------------------------------------------------------------


def _villages(intake: Intake) -> None:
    records = [
        put(
            {},
            area_code=code,
            year=intake.on.year,
            county=division_name(code[:6]),
            town=intake.villages.town(code),
            village=intake.villages.name(code),
        )
        for code in sorted(intake.villages.names)
    ]
    if records:
        intake.tables["villages"] = records


def _outside(intake: Intake, area: str) -> None:
    """Households whose number says that they are of another area are told; they may be the wrong file."""
    outside = sorted(
        {
            household.area_code
            for household in intake.registry.households.values()
            if household.area_code and not household.area_code.startswith(area)
        }
    )
    for reading in intake.files:
        sheets = {
            person.sheet: person.row
            for household in intake.registry.households.values()
            for person in household.members[:1]
            if household.area_code in outside and person.file == reading.file
        }
        for sheet, row in sheets.items():
            why = _("有农户不在 --area {area} 的范围内。").format(area=area)
            reading.not_understood.append(Finding(sheet, "", why, "area", row=row))
