"""Our side: what an exchange folder knows of households, present members, cases and benefits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

from shouwang.tables.exchange import Source, open_folder
from shouwang.tables.exchange_types import quoted
from shouwang.tables.exchange_write import text_of
from shouwang.tables.intake.areas import Villages
from shouwang.tables.intake.model import Record
from shouwang.tables.intake.registry import Household, Person, Registry
from shouwang.tables.intake.wording import group_key, person_name
from shouwang.tables.lists.fields import person_key
from shouwang.tables.places import division_name

BENEFITS = {"transfer.dibao": "dibao", "transfer.tekun": "tekun"}


@dataclass
class Ours:
    """One exchange folder on one day. Records hold only what is known, as texts of the exchange format."""

    folder: Path
    on: date
    sources: dict[str, Source]
    households: dict[str, Record]
    members: dict[str, Record]  # present ones
    cases: dict[str, Record]  # by household: the latest that is not withdrawn
    tables: dict[str, list[Record]] = field(default_factory=dict)  # measures, villages, lists … as they are
    benefits: dict[str, set[str]] | None = None  # household or member → dibao, tekun; None = no income table
    departed: set[str] = field(default_factory=set)  # members who have left
    registry: Registry = field(default_factory=Registry)
    villages: Villages = field(default_factory=Villages)
    _people: dict[str, list[Record]] = field(default_factory=dict)

    def people(self, household_id: str) -> list[Record]:
        """The present members of a household."""
        return self._people.get(household_id, [])

    def monitored(self) -> list[Record]:
        """Households that are monitored, resolved or not."""
        return [
            row
            for row in self.households.values()
            if row.get("monitoring_status") in ("unresolved", "resolved")
        ]

    def village(self, area_code: str) -> str:
        """The village's name, its code where the folder does not name it."""
        return self.villages.name(area_code) or area_code

    def has_column(self, table: str, column: str) -> bool:
        """Whether the folder has that column."""
        return table in self.sources and column in self.sources[table].columns

    @property
    def identity(self) -> str:
        """What makes this registry this registry: its villages. Rows may come and go."""
        codes = sorted({row.get("area_code", "") for row in self.households.values()})
        return hashlib.blake2s("\n".join(codes).encode(), digest_size=8).hexdigest()


def read_ours(folder: Path, on: date, benefit_days: int = 60) -> Ours:
    """Reads the folder; raises :class:`InputError` where it cannot be used.

    A present member has no ``left_on`` or one after ``on``. A benefit is an income item of dibao or tekun that
    came in the last ``benefit_days``.
    """
    with duckdb.connect() as connection:
        sources = open_folder(folder, connection)
        tables = {name: _rows(connection, source) for name, source in sources.items() if name in _READ}
        benefits = _benefits(connection, sources, on, benefit_days)
    households = {row["household_id"]: row for row in tables.pop("households")}
    people = tables.pop("members", [])
    departed = {row["member_id"] for row in people if row.get("left_on", "9999") <= on.isoformat()}
    members = {row["member_id"]: row for row in people if row["member_id"] not in departed}
    ours = Ours(
        folder, on, sources, households, members, _cases(tables.pop("cases", [])), tables, benefits, departed
    )
    _index(ours)
    return ours


_READ = (
    *("households", "members", "cases", "measures", "villages"),
    *("lists", "listed", "national_households", "national_members"),
)


def _rows(connection: duckdb.DuckDBPyConnection, source: Source) -> list[Record]:
    columns = [column for column in source.table.columns if column.name in source.columns]
    names = ", ".join(quoted(column.name) for column in columns)
    rows = connection.execute(f"select {names} from {source.relation}").fetchall()
    return [
        {
            column.name: text_of(value, column)
            for column, value in zip(columns, row, strict=True)
            if value is not None
        }
        for row in rows
    ]


def _benefits(
    connection: duckdb.DuckDBPyConnection, sources: dict[str, Source], on: date, days: int
) -> dict[str, set[str]] | None:
    source = sources.get("income_items")
    if source is None or not {"kind", "received_on"} <= source.columns:
        return None
    member = "member_id" if "member_id" in source.columns else "null"
    realised = "and coalesce(realised, true)" if "realised" in source.columns else ""
    rows = connection.execute(
        f"select household_id, {member}, kind from {source.relation}"
        f" where kind in (?, ?) and received_on > ? and received_on <= ? {realised}",
        [*BENEFITS, on - timedelta(days=days), on],
    ).fetchall()
    found: dict[str, set[str]] = {}
    for household_id, member_id, kind in rows:
        for key in filter(None, (household_id, member_id)):
            found.setdefault(key, set()).add(BENEFITS[kind])
    return found


def _cases(rows: list[Record]) -> dict[str, Record]:
    latest: dict[str, Record] = {}
    for row in rows:
        known = latest.get(row["household_id"])
        if "withdrawn_on" not in row and (
            known is None or row.get("discovered_on", "") >= known.get("discovered_on", "")
        ):
            latest[row["household_id"]] = row
    return latest


def _index(ours: Ours) -> None:
    """Makes the registry that lists are matched to, the same that an intake makes of a roster."""
    for row in ours.tables.get("villages", []):
        ours.villages.tie(row.get("area_code", ""), row.get("village", ""), row.get("town", ""))
    homes: dict[str, Household] = {}
    for number, row in ours.households.items():
        code = row.get("area_code", "")
        home = Household(number, code, ours.villages.name(code), group_key(row.get("group_name")), row)
        homes[number] = home
        ours.registry.add_household(home, (code, number))
    for place, row in enumerate(ours.members.values(), start=1):
        name, key = person_name(row.get("name")), person_key(row.get("id_number"))
        ours.registry.add_person(Person("members", "", place, name, key, homes[row["household_id"]], row))
        ours._people.setdefault(row["household_id"], []).append(row)


def county_and_town(ours: Ours, area_code: str) -> tuple[str, str]:
    """Names of the county and the town of a village, '' where nobody says them."""
    said = next((row for row in ours.tables.get("villages", []) if row.get("area_code") == area_code), {})
    return (
        said.get("county") or division_name(area_code[:6]),
        said.get("town") or division_name(area_code[:9]),
    )
