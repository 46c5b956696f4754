"""The national system's export of monitored households: matched to the registry, and completing it.

Months (YYYYMM) are kept as the first day of the month: of 识别监测时间 and 消除监测时间 no day is known.
The roster is the registry: where the two disagree on a household's status or type, its value stays and
both places are told. What a person has in the export alone fills what the roster leaves open, where the
number matches.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from shouwang.language import _
from shouwang.tables.intake import codes
from shouwang.tables.intake.amounts import plain, read_amount, unit_factor
from shouwang.tables.intake.areas import Villages, village_of
from shouwang.tables.intake.dates import read_date
from shouwang.tables.intake.heads import year_of
from shouwang.tables.intake.layout import Table
from shouwang.tables.intake.members import member_record
from shouwang.tables.intake.model import FileReading, Record, RowReading, put
from shouwang.tables.intake.registry import Household, Match, Registry
from shouwang.tables.intake.roster import contradiction, household_number, household_words, place
from shouwang.tables.intake.wording import group_key, is_dash, person_name

_MEASURES = (
    "industry",
    "employment",
    "public_post",
    "microcredit",
    "skills",
    "consumption",
    "medical_aid",
    "education_aid",
    "housing",
    "water",
    "insurance",
    "social",
)
_FILLED = (
    "birth_date",
    "sex",
    "labour_capacity",
    "medical_insurance",
    "in_school",
    "school_stage",
    "ethnic_group",
    "serious_illness",
    "chronic_illness",
    "disability_certificate",
    "relation",
    "relation_word",
)


@dataclass
class NationalReader:
    """Reads exports. ``proposals`` takes matches by name and village for a person to confirm."""

    registry: Registry
    villages: Villages
    on: date
    listed: set[str] = field(default_factory=set)  # households that an export lists
    covered: set[str] = field(default_factory=set)  # villages that an export covers

    def read(self, reading: FileReading, table: Table) -> list[tuple[int, RowReading, Match]]:
        """Matches every row, then completes the households; returns the matches with their rows."""
        matches = []
        by_household: dict[str, list[tuple[int, RowReading, Match, Record]]] = {}
        for row in table.rows:
            entry, match, record = self._row(reading, table, row)
            reading.rows.append(entry)
            matches.append((row, entry, match))
            number = household_number(reading, table, row) or entry.name
            by_household.setdefault(number, []).append((row, entry, match, record))
        for number, group in by_household.items():
            self._complete(reading, table, number, group)
        return matches

    def _row(self, reading: FileReading, table: Table, row: int) -> tuple[RowReading, Match, Record]:
        village = village_of(table, row, self.villages)
        name = person_name(table.value(row, "name")) or person_name(table.value(row, "head_name"))
        entry = RowReading(
            table.sheet.name, row + 1, "national_export", name, village, group_key(table.value(row, "group"))
        )
        record = member_record(reading, table, row, entry, ("", ""), self.on)
        match = self.registry.match(entry.id, name, village, entry.group)
        entry.match, entry.match_rows = match.how, [person.ref for person in match.persons]
        if match.how == "by_id":
            person = match.persons[0]
            for column in _FILLED:
                if column in record and column not in person.record:
                    person.record[column] = record[column]
        return entry, match, record

    def _complete(
        self,
        reading: FileReading,
        table: Table,
        number: str,
        group: list[tuple[int, RowReading, Match, Record]],
    ) -> None:
        first = next((row for row, _e, _m, record in group if record.get("relation") == "head"), group[0][0])
        household = household_of(self.registry, number, [match for _r, _e, match, _rec in group])
        if household is None:
            reading.misunderstood(
                table,
                first,
                "household_no" if "household_no" in table.columns else None,
                _("花名册里没有这一户，或不能确定是哪一户，没有并入。"),
                "household",
            )
            return
        self.listed.add(household.household_id)
        self.covered.add(household.village)
        for _row, entry, _match, _record in group:
            entry.values["household"] = household.household_id
        agreed = self._agrees(reading, table, first, household)
        if agreed:
            self._monitoring(reading, table, first, household)
        self._case(reading, table, first, household)
        self._facts(table, first, household)
        self._measures(table, [row for row, _e, _m, _r in group], household)
        self._people_differ(reading, table, [row for row, _e, _m, _r in group])

    def _agrees(self, reading: FileReading, table: Table, row: int, household: Household) -> bool:
        """Compares status and type; the roster's value stays. Whether the status is the same."""
        kind, status = status_and_type(reading, table, row)
        same = True
        for column, value, source in (
            ("monitoring_status", status, "resolved" if "resolved" in table.columns else "monitoring_type"),
            ("household_type", kind, "household_type"),
        ):
            known = household.record.get(column)
            if not value or source not in table.columns:
                continue
            if known is None and column not in household.places:
                put(household.record, **{column: value})
            elif known is not None and known != value:
                here = place(reading, table, row, source)
                why = contradiction(column, known, household.places.get(column, ""), value, here)
                reading.quarantine(table, row, source, why, "contradiction")
                same = same and column != "monitoring_status"
        return same

    def _monitoring(self, reading: FileReading, table: Table, row: int, household: Household) -> None:
        record = household.record
        if "monitoring_type" not in record:
            put(record, monitoring_type=codes.monitoring_type(table.value(row, "monitoring_type")))
        for column, source in (("identified_on", "identified"), ("resolved_on", "resolved_on")):
            said = read_date(table.value(row, source))
            if source in table.columns and not said.blank and said.day is None:
                reading.quarantine(table, row, source, _("日期读不出年月。"), "date")
            elif said.day:
                put(record, **{column: said.day})

    def _case(self, reading: FileReading, table: Table, row: int, household: Household) -> None:
        contact = person_name(table.value(row, "contact"))
        put(
            household.case,
            household_id=household.household_id,
            case_id=f"case-{household.household_id}",
            risks=";".join(risks_of(reading, table, row)),
            contact=contact,
            no_labour_safeguard=codes.yes_no(table.value(row, "no_labour")),
            development_done=codes.yes_no(table.value(row, "development")),
        )
        put(household.record, contact=contact)

    def _facts(self, table: Table, row: int, household: Household) -> None:
        safe = codes.yes_no(table.value(row, "safe_water"))
        put(
            household.record,
            housing_unsafe=codes.yes_no(table.value(row, "unsafe_house")),
            water_unsafe=None if safe is None else not safe,
        )
        for source, year in (
            ("year_income", year_of(table.head("year_income"))),
            ("last_income", self.on.year - 1),
        ):
            amount = read_amount(table.value(row, source), unit_factor(table.head(source))).yuan
            names = {1: "last_year", 2: "two_years_ago", 3: "three_years_ago"}
            back = self.on.year - year if year else 0
            if amount is not None and back in names:
                put(household.record, **{f"income_per_capita_{names[back]}": plain(amount)})

    def _measures(self, table: Table, rows: list[int], household: Household) -> None:
        for kind in _MEASURES:
            if any(codes.yes_no(table.value(row, f"m_{kind}")) for row in rows):
                measure = put(
                    {},
                    measure_id=f"measure-{household.household_id}-{kind}",
                    household_id=household.household_id,
                    kind=kind,
                )
                if measure not in household.measures:
                    household.measures.append(measure)

    def _people_differ(self, reading: FileReading, table: Table, rows: list[int]) -> None:
        said = {person_name(table.value(row, "contact")) for row in rows} - {""}
        if len(said) > 1:
            reading.note(_("有的户各行的联系人不一致，取户主行的联系人。"))

    def missing(self, household: Household) -> bool:
        """Whether the roster calls a household monitored that the exports of its village do not list."""
        status = household.record.get("monitoring_status")
        return (
            status in ("unresolved", "resolved")
            and household.village in self.covered
            and household.household_id not in self.listed
        )


def household_of(registry: Registry, number: str, matches: list[Match]) -> Household | None:
    """The household of ours that rows of one household of the export mean.

    By the people whose numbers match, else by the household's own number; None where they disagree evenly.
    """
    sure = [match.persons[0].household for match in matches if match.how == "by_id"]
    votes = Counter(id(household) for household in sure)
    own = registry.household(number)
    if not votes or (own is not None and votes.get(id(own))):
        return own
    best = votes.most_common(2)
    if len(best) > 1 and best[0][1] == best[1][1]:
        return None
    return next(household for household in sure if id(household) == best[0][0])


def status_and_type(reading: FileReading, table: Table, row: int) -> tuple[str | None, str | None]:
    """Household type and monitoring status of a row; a monitored type with 风险是否已消除 says the status."""
    kind, status = household_words(reading, table, row)
    if status in (None, "none") and codes.monitoring_type(table.value(row, "monitoring_type")):
        said = codes.yes_no(table.value(row, "resolved"))
        status = None if said is None else "resolved" if said else "unresolved"
    return kind, status


def risks_of(reading: FileReading, table: Table, row: int) -> list[str]:
    """The causes that the five columns of risks name, in their order; a word that is not known is told."""
    risks: list[str] = []
    for number in range(1, 6):
        source = f"risk{number}"
        word = table.text(row, source)
        if not word or is_dash(word):
            continue
        code = codes.cause(word)
        if code is None:
            reading.misunderstood(table, row, source, _("看不懂的致贫返贫风险。"), "risk")
        elif code not in risks:
            risks.append(code)
    return risks
