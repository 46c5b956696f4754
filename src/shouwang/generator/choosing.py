"""Choosing what is spoiled, in the database in which all tables stand, and noting what must be found."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

_PLANTED = 'CREATE TABLE planted (trouble VARCHAR, finding VARCHAR, area_code VARCHAR, household_id VARCHAR, "table" VARCHAR, "row" VARCHAR)'


@dataclass
class Desk:
    """The database, the day, and the households that have had their trouble already (table ``troubled``)."""

    connection: duckdb.DuckDBPyConnection
    on: date
    seed: int
    shares: Mapping[str, float]
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed}/spoiling")  # noqa: S311 - made-up data
        self.connection.execute(_PLANTED)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.connection.execute(query).fetchall()

    def run(self, query: str, *values: Any) -> None:
        """One statement."""
        self.connection.execute(query, list(values))

    def some(self, kind: str, query: str) -> list[tuple[Any, ...]]:
        """As many of the rows as the share of the kind asks for, of households without trouble; in a mixed order.

        The query has the household number (or the area) in its first column and says ``{free}`` where only households
        without trouble may stand.
        """
        share = self.shares.get(kind, 0)
        if share <= 0:
            return []
        found = self.rows(query.format(free="household_id NOT IN (SELECT household_id FROM troubled)"))
        found.sort(key=str)
        self.chance.shuffle(found)
        return found[: int(share * len(found) + self.chance.random())]

    def mark(
        self,
        kind: str,
        finding: str,
        household: str | None,
        table: str = "households",
        row: str | None = None,
        area: str | None = None,
    ) -> None:
        """Notes a finding that must follow, and that the household has its trouble."""
        area = area or (household[:12] if household else None)
        self.run("INSERT INTO planted VALUES (?, ?, ?, ?, ?, ?)", kind, finding, area, household, table, row)
        if household:
            self.run("INSERT INTO troubled VALUES (?)", household)
