"""Rows written in the exchange format: CSV, XLSX or Parquet, read back by ``open_folder`` as they were."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
import xlsxwriter

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.dictionary import TABLES, Column, Table, Type
from shouwang.tables.exchange_types import cast_text, csv_scan, literal

Row = Mapping[str, object]
_XLSX_ROWS = 1_048_576


def write_folder(folder: Path, tables: Mapping[str, Iterable[Row]], format: str = "csv") -> dict[str, Path]:
    """Writes ``{table name: rows}`` into ``folder`` (made where it is missing), one file per table."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, rows in tables.items():
        written[name] = folder / f"{name}.{format}"
        write_table(TABLES[name], rows, written[name])
    return written


def write_table(table: Table, rows: Iterable[Row], path: Path, columns: Sequence[str] | None = None) -> int:
    """Writes rows (column → value, None or missing = not known) to ``path`` and gives their number.

    The suffix of ``path`` chooses the format. ``columns`` are the columns to write; without it, those that
    occur in some row, in the dictionary's order (rows are then held in memory). A file stands whole or not
    at all.
    """
    if columns is None:
        rows = list(rows)
        seen = {name for row in rows for name in row}
        columns = [column.name for column in table.columns if column.name in seen or column.name == table.key]
    chosen = [table.by_name[name] for name in columns]
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        count = _WRITE[path.suffix](chosen, rows, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def text_of(value: object, column: Column) -> str:
    """The exchange format's text of a value: ISO dates, true/false, two places; '' for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat() if column.type is Type.DATETIME else value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if column.type is Type.LIST and not isinstance(value, str) and isinstance(value, Iterable):
        return ";".join(str(item) for item in value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return repr(value) if isinstance(value, float) else str(value)


def _csv(columns: Sequence[Column], rows: Iterable[Row], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in columns])
        for row in rows:
            writer.writerow([text_of(row.get(column.name), column) for column in columns])
            count += 1
    return count


def _xlsx(columns: Sequence[Column], rows: Iterable[Row], path: Path) -> int:
    """One sheet; numbers as numbers, all else as text, so that nothing can become a formula."""
    workbook = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = workbook.add_worksheet()
    count = 0
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column.name)
    for count, row in enumerate(rows, start=1):
        if count >= _XLSX_ROWS:
            workbook.close()
            raise InputError(
                _("一张工作表最多 {rows} 行数据，装不下").format(rows=_XLSX_ROWS - 1),
                where=path.name,
                remedy=_("请改用 csv 或 parquet 格式"),
            )
        for at, column in enumerate(columns):
            text = text_of(row.get(column.name), column)
            if text == "":
                continue
            if column.type in (Type.MONEY, Type.NUMBER, Type.INT):
                sheet.write_number(count, at, float(text))  # at most 12 digits: exact in a cell
            elif sheet.write_string(count, at, text) < 0:  # xlsxwriter cuts what a cell cannot hold
                raise InputError(
                    _("第 {row} 行 {column} 列的文字超过单元格上限").format(
                        row=count + 1, column=column.name
                    ),
                    where=path.name,
                    remedy=_("请改用 csv 或 parquet 格式"),
                )
    workbook.close()
    return count


def _parquet(columns: Sequence[Column], rows: Iterable[Row], path: Path) -> int:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        texts = Path(folder) / "rows.csv"
        count = _csv(columns, rows, texts)
        typed = ", ".join(map(cast_text, columns))
        scan = csv_scan(texts, [column.name for column in columns])
        connection.execute(
            f"copy (select {typed} from {scan}) to {literal(str(path))} (format parquet, compression zstd)"
        )
    return count


_WRITE = {".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet}
