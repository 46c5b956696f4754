"""Exchange folders for tests: the tables of made-up households as csv, xlsx or parquet."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from shouwang.policy.cases import Facts
from shouwang.tables.dictionary import TABLES
from shouwang.tables.exchange import sql_type
from tests.policy.comparing import HOUSEHOLD_TABLES


def write_folder(
    folder: Path,
    households: Sequence[Facts],
    form: str = "csv",
    tables: Sequence[str] = HOUSEHOLD_TABLES,
    **more: Sequence[Mapping[str, Any]],
) -> Path:
    """Writes households and ``tables`` whole (every column of the dictionary), and other rows given by name."""
    folder.mkdir(parents=True)
    rows: dict[str, Sequence[Mapping[str, Any]]] = {"households": [facts.household for facts in households]}
    rows |= {name: [row for facts in households for row in facts.tables.get(name) or ()] for name in tables}
    for name, listed in (rows | more).items():
        _WRITE[form](folder / f"{name}.{form}", name, listed)
    return folder


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _cells(name: str, rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    return [[_text(row.get(column.name)) for column in TABLES[name].columns] for row in rows]


def _csv(path: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[column.name for column in TABLES[name].columns], *_cells(name, rows)])


def _xlsx(path: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([column.name for column in TABLES[name].columns])
    for row in _cells(name, rows):
        sheet.append([cell or None for cell in row])
    book.save(path)


def _parquet(path: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    connection = duckdb.connect()
    columns = TABLES[name].columns
    listed = ", ".join('"' + column.name + '" ' + sql_type(column) for column in columns)
    connection.execute(f"CREATE TABLE rows ({listed})")
    values = [[row.get(column.name) for column in columns] for row in rows]
    if values:
        connection.executemany(f"INSERT INTO rows VALUES ({', '.join('?' * len(columns))})", values)
    connection.execute(f"COPY rows TO '{path}' (FORMAT parquet)")


_WRITE = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a result."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


DAY = date(2024, 9, 5)
