"""Alerts that name no household: whose they are follows from identity numbers, and changes as members do.

An alert belongs to the household that alone has a member with its number (as ``duckdb_engine`` matches them);
the rest counts for its village.
"""

from __future__ import annotations

from typing import Any

import duckdb

from shouwang.policy.cases import Facts
from shouwang.tables.exchange import Source


class LooseAlerts:
    """The alerts without a household of their own, and which household each of them belongs to now."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, alerts: Source | None, members: Source | None
    ) -> None:
        self.connection = connection
        self.rows: list[dict[str, Any]] = []
        self.owner: list[str | None] = []
        self._holders: dict[str, set[str]] = {}  # number of an alert → households with such a member
        self._numbers: dict[str, set[str]] = {}  # household → those numbers it has
        self.there = alerts is not None
        if alerts is not None:
            self._read(alerts, members)

    def _read(self, alerts: Source, members: Source | None) -> None:
        own = "household_id" in alerts.columns
        chosen = "*" if own else "*, CAST(NULL AS VARCHAR) AS household_id"
        where = "WHERE household_id IS NULL" if own else ""
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE loose_alerts AS SELECT {chosen}, row_number() OVER () - 1 AS place FROM {alerts.relation} {where}"
        )
        cursor = self.connection.execute("SELECT * EXCLUDE (place) FROM loose_alerts ORDER BY place")
        names = [entry[0] for entry in cursor.description]
        self.rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        self.by_number = (
            members is not None and {"id_number", "household_id"} <= members.columns and "id_number" in names
        )
        if self.by_number and members is not None:
            self._holders = {row["id_number"]: set() for row in self.rows if row["id_number"] is not None}
            found = self.connection.execute(
                f"SELECT household_id, id_number FROM {members.relation} WHERE id_number IN (SELECT id_number FROM loose_alerts)"
            )
            for household, number in found.fetchall():
                self._holders[number].add(household)
                self._numbers.setdefault(household, set()).add(number)
        self.owner = [self._owner(row) for row in self.rows]

    def _owner(self, row: dict[str, Any]) -> str | None:
        holders = self._holders.get(row.get("id_number") or "", set())
        return next(iter(holders)) if len(holders) == 1 else None

    def of(self, household_id: str) -> list[dict[str, Any]]:
        """The alerts that now belong to a household by number."""
        if household_id not in self._numbers:
            return []
        return [row for row, owner in zip(self.rows, self.owner, strict=True) if owner == household_id]

    def change(self, household_id: str, facts: Facts | None) -> tuple[set[str], set[str]]:
        """Follows a household's change of members; gives the households and the areas for which alerts moved."""
        if not self._holders:
            return set(), set()
        members = (facts.tables.get("members") or ()) if facts is not None else ()
        before = self._numbers.pop(household_id, set())
        after = {member["id_number"] for member in members if member.get("id_number") in self._holders}
        if after:
            self._numbers[household_id] = after
        for number in before - after:
            self._holders[number].discard(household_id)
        for number in after - before:
            self._holders[number].add(household_id)
        households: set[str] = set()
        areas: set[str] = set()
        for place, row in enumerate(self.rows) if before != after else ():
            was, now = self.owner[place], self._owner(row)
            if was != now:
                self.owner[place] = now
                households |= {owner for owner in (was, now) if owner is not None}
                areas |= {row["area_code"]} if row.get("area_code") else set()
        return households, areas

    def unmatched(self) -> str | None:
        """The relation of the alerts that belong to no household; None where there is no table of alerts."""
        if not self.there:
            return None
        free = [place for place, owner in enumerate(self.owner) if owner is None]
        self.connection.execute("CREATE OR REPLACE TEMP TABLE free_alerts (place BIGINT)")
        self.connection.execute("INSERT INTO free_alerts SELECT unnest(?::BIGINT[])", [free])
        return "(SELECT * EXCLUDE (place) FROM loose_alerts SEMI JOIN free_alerts USING (place))"
