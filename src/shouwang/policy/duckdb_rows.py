"""Rows of Python put into a DuckDB table at once: row by row would cost a thousand times as much."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import duckdb


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Adds rows, each with a value for every column in the table's order; values are cast to the columns' types.

    Decimals, days and truth values go as their texts, which loses nothing. duckdb.Error for a value that does not fit.
    """
    texts = json.dumps([[_text(value) for value in row] for row in rows], ensure_ascii=False)
    types = [row[1] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
    chosen = ", ".join(f"CAST(r[{place}] AS {kind})" for place, kind in enumerate(types, start=1))
    connection.execute(
        f"""INSERT INTO {table} SELECT {chosen} FROM (SELECT unnest(from_json(?, '[["VARCHAR"]]')) AS r)""",
        [texts],
    )


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
