"""The facts of cases as relations of DuckDB, several cases in one table under numbers of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from shouwang.policy.cases import Facts
from shouwang.tables.dictionary import TABLES
from shouwang.tables.exchange import sql_type


def renumbered(facts: Facts, place: int) -> Facts:
    """The same facts under another household number, so that cases can stand in one table."""
    old, new = str(facts.household["household_id"]), f"case{place:06d}"

    def renamed(row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: value.replace(old, new, 1)
            if key.endswith("_id") and isinstance(value, str) and value.startswith(old)
            else value
            for key, value in row.items()
        }

    tables = {
        name: None if rows is None else [renamed(row) for row in rows] for name, rows in facts.tables.items()
    }
    return Facts(renamed(facts.household), tables)


def load_tables(
    connection: duckdb.DuckDBPyConnection, present: Mapping[str, frozenset[str]], households: Sequence[Facts]
) -> dict[str, str]:
    """The facts of these households as relations, by table."""
    return {name: _load(connection, name, columns, households) for name, columns in present.items()}


def _load(
    connection: duckdb.DuckDBPyConnection, name: str, columns: frozenset[str], households: Sequence[Facts]
) -> str:
    ordered = [column for column in TABLES[name].columns if column.name in columns]
    connection.execute(
        f"CREATE TEMP TABLE facts_{name} ({', '.join(f'{_quoted(c.name)} {sql_type(c)}' for c in ordered)})"
    )
    rows: Iterable[Mapping[str, Any]] = (
        [facts.household for facts in households] if name == "households"
        else [row for facts in households for row in facts.tables.get(name) or ()]
    )  # fmt: skip
    values = [[row.get(column.name) for column in ordered] for row in rows]
    if values:
        connection.executemany(f"INSERT INTO facts_{name} VALUES ({', '.join('?' * len(ordered))})", values)
    return f"facts_{name}"


def _quoted(name: str) -> str:
    return f'"{name}"'
