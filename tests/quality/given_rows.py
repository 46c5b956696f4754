"""Rows as a test gives them, on one DuckDB connection, and what prepared columns make of them on both backends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import duckdb

from shouwang.policy.closure import compile_plan
from shouwang.policy.columns.base import Context
from shouwang.policy.columns.themes import LAYOUTS
from shouwang.policy.duckdb_prepared import prepared_sql, surroundings
from shouwang.policy.plan import Plan, build
from shouwang.policy.prepared import PREPARED
from shouwang.tables.dictionary import TABLES
from shouwang.tables.exchange import sql_type
from tests.policy.comparing import national

Row = dict[str, Any]


@lru_cache(maxsize=64)
def plan_of(on: date, window: str, present: tuple[tuple[str, frozenset[str]], ...]) -> tuple[Plan, Context]:
    """The national plan for what there is, and what prepared columns look at besides the row."""
    plan = build(national(), on, {"window": window}, dict(present))
    return plan, compile_plan(plan).context


@dataclass
class GivenRows:
    """Tables of rows. ``lacking``: table → columns that the data lack as a whole; a table left out is not there."""

    on: date
    tables: Mapping[str, Sequence[Row]]
    window: str = "visit"
    lacking: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        present = {
            name: frozenset(TABLES[name].by_name) - frozenset(self.lacking.get(name, ()))
            for name in self.tables
        }
        self.connection = duckdb.connect(config={"threads": 1})
        relations = {name: self._load(name, columns) for name, columns in present.items()}
        plan, self.context = plan_of(self.on, self.window, tuple(present.items()))
        self.around = surroundings(plan, relations)

    def _load(self, name: str, present: frozenset[str]) -> str:
        """One list per column that some row has; the rest are empty."""
        rows, columns = (
            self.tables[name],
            [column for column in TABLES[name].columns if column.name in present],
        )
        filled = [column for column in columns if any(row.get(column.name) is not None for row in rows)]
        listed = ", ".join(
            f'unnest(?::{sql_type(column)}[]) AS "{column.name}"' if column in filled
            else f'CAST(NULL AS {sql_type(column)}) AS "{column.name}"'
            for column in columns
        )  # fmt: skip
        self.connection.execute(
            f"CREATE TEMP TABLE given_{name} AS SELECT unnest(?::INTEGER[]) AS place, {listed}",
            [[*range(len(rows))], *([row.get(column.name) for row in rows] for column in filled)],
        )
        return f"given_{name}"

    def by_duckdb(self, table: str, name: str) -> list[Any]:
        """The column of every row, with its layouts; AssertionError where a join adds or drops a row."""
        for layout in PREPARED[table][name].layouts:
            self.connection.execute(
                f'CREATE OR REPLACE TEMP TABLE "{layout}" AS {LAYOUTS[layout](self.around)}'
            )
        column = prepared_sql(table, name, self.around)
        found = self.connection.execute(
            f"SELECT t.place, {column.expression} FROM given_{table} AS t {' '.join(column.joins)} ORDER BY t.place"
        ).fetchall()
        assert [row[0] for row in found] == list(range(len(self.tables[table])))
        return [row[1] for row in found]

    def by_python(self, table: str, name: str) -> list[Any]:
        """The same by Python, household by household."""
        households: dict[Any, dict[str, list[Row]]] = {}
        for other, rows in self.tables.items():
            for row in rows:
                whole = households.setdefault(row.get("household_id"), {key: [] for key in self.tables})
                whole[other].append(
                    {key: value for key, value in row.items() if key not in self.lacking.get(other, ())}
                )
        work_out, seen = PREPARED[table][name].work_out, dict[Any, int]()
        results = []
        for row in self.tables[table]:
            number = row.get("household_id")
            place = seen[number] = seen.get(number, -1) + 1
            whole = households[number]
            results.append(work_out(whole[table][place], whole, self.context))
        return results

    def differing(self, table: str, names: Sequence[str]) -> dict[str, Any]:
        """Column → the first row in which the two differ, with what each says. Columns that cannot be there are left out."""
        found = {}
        for name in names:
            if not set(PREPARED[table][name].needs) <= self.around.columns[table]:
                continue
            pairs = zip(
                self.tables[table], self.by_duckdb(table, name), self.by_python(table, name), strict=True
            )
            wrong = [pair for pair in pairs if pair[1] != pair[2]]
            if wrong:
                found[name] = wrong[0]
        return found
