"""One file of the exchange folder as a DuckDB relation with typed columns."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.dictionary import Column, Table, Type
from shouwang.tables.exchange_sheet import Sheet, read_sheet
from shouwang.tables.exchange_types import (
    cast_text,
    csv_scan,
    expectation,
    is_bad_text,
    literal,
    quoted,
    shown,
    sql_type,
)

Place = Callable[[int, str], str]  # (row of data from 1, column) → its place in the file, for people
_FEW = 3
# Their household may be unknown.
_KEYLESS = ("alerts", "problems", "listed", "national_households", "national_members")


@dataclass(frozen=True)
class Opened:
    """A relation, the dictionary's columns it has, the file's other columns, and where a row stands."""

    relation: str
    columns: frozenset[str]
    extra: tuple[str, ...]
    place: Place


def open_csv(table: Table, path: Path, connection: duckdb.DuckDBPyConnection) -> Opened:
    """Reads a CSV (UTF-8, BOM allowed, header, empty = not known) into a temporary table."""
    header = _csv_header(path)

    def place(row: int, column: str) -> str:
        return _csv_place(path, row, column)

    return _load_texts(table, path, path, header, connection, place)


def open_xlsx(table: Table, path: Path, connection: duckdb.DuckDBPyConnection) -> Opened:
    """Reads the first sheet of a workbook (row 1 is the header) into a temporary table.

    Cells become the texts of the exchange format first, so both kinds of file meet the same checks.
    """
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "sheet.csv"
        sheet: Sheet = read_sheet(table, path, texts)
        return _load_texts(table, path, texts, sheet.header, connection, sheet.place)


def open_parquet(table: Table, path: Path, connection: duckdb.DuckDBPyConnection) -> Opened:
    """A view over a Parquet file: nothing is copied; other types are cast where that loses nothing."""
    scan = f"read_parquet({literal(str(path))})"
    try:
        described = connection.execute(f"describe select * from {scan}").fetchall()
    except duckdb.Error as error:
        raise InputError(
            _("不是可读的 Parquet 文件"), where=path.name, remedy=_("请重新导出这个文件")
        ) from error
    types = {str(row[0]): str(row[1]) for row in described}
    known, extra = _sorted_out(table, list(types), path)
    relation = f"exchange_{table.name}"

    def place(row: int, column: str) -> str:
        return _("{file} 第 {row} 条记录，{column} 列").format(file=path.name, row=row, column=column)

    _check_parquet_types(connection, scan, known, types, place, path)
    columns = ", ".join(_parquet_column(column, types[column.name]) for column in known)
    connection.execute(f"create or replace temp view {relation} as select {columns} from {scan}")
    return Opened(relation, frozenset(column.name for column in known), extra, place)


# --- texts -----------------------------------------------------------------------------------------------


def _load_texts(
    table: Table,
    path: Path,
    texts: Path,
    header: list[str],
    connection: duckdb.DuckDBPyConnection,
    place: Place,
) -> Opened:
    known, extra = _sorted_out(table, header, path)
    relation = f"exchange_{table.name}"
    scan = csv_scan(texts, header)
    columns = ", ".join(cast_text(column) for column in known)
    # A row is named by its number, so the order of the file must be kept whatever the connection prefers.
    kept = connection.execute("select current_setting('preserve_insertion_order')").fetchone()
    connection.execute("set preserve_insertion_order = true")
    try:
        connection.execute(f"create or replace temp table {relation} as select {columns} from {scan}")
    except duckdb.Error as error:
        _explain(connection, known, path, texts, header, place)
        raise InputError(_unreadable(error), where=path.name, remedy=_csv_remedy()) from error
    finally:
        connection.execute(f"set preserve_insertion_order = {bool(kept and kept[0])}")
    return Opened(relation, frozenset(column.name for column in known), extra, place)


def _explain(
    connection: duckdb.DuckDBPyConnection,
    known: Sequence[Column],
    path: Path,
    texts: Path,
    header: list[str],
    place: Place,
) -> None:
    """Raises the InputError that says which rows cannot be read, or which values are none of their type."""
    scan = csv_scan(texts, header, ", store_rejects = true")
    connection.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    try:
        connection.execute(f"select * from {scan}").fetchall()
        broken = connection.execute(
            f"select line, error_type, error_message from reject_errors order by line limit {_FEW}"
        ).fetchall()
    except duckdb.Error:
        return
    if broken:
        faults = "；".join(_structure(row[0], str(row[1])) for row in broken)
        raise InputError(faults, where=path.name, remedy=_csv_remedy())
    _explain_values(connection, known, texts, header, place)


def _explain_values(
    connection: duckdb.DuckDBPyConnection,
    known: Sequence[Column],
    texts: Path,
    header: list[str],
    place: Place,
) -> None:
    numbered = f'(select row_number() over () as "#", * from {csv_scan(texts, header)})'
    bad: list[tuple[int, Column, str]] = []
    for column in known:
        name = quoted(column.name)
        query = f'select "#", {name} from {numbered} where {is_bad_text(column)} order by 1 limit {_FEW}'
        bad += [(row, column, value) for row, value in connection.execute(query).fetchall()]
    if bad:
        bad.sort(key=lambda item: item[0])
        raise bad_values([(place(row, column.name), column, value) for row, column, value in bad[:_FEW]])


def bad_values(bad: Sequence[tuple[str, Column, object]]) -> InputError:
    """The error for values that are none of their column's type: places, masked values, right writing."""
    faults = [
        _("{place} 的值“{value}”不是{name}应有的写法").format(
            place=where, value=shown(value), name=column.label
        )
        for where, column, value in bad
    ]
    remedies = list(dict.fromkeys(f"{column.name}：{expectation(column)}" for _where, column, _value in bad))
    return InputError("；".join(faults), remedy="；".join(remedies))


def _structure(line: int, kind: str) -> str:
    texts = {
        "TOO MANY COLUMNS": _("第 {line} 行的列比表头多"),
        "MISSING COLUMNS": _("第 {line} 行的列比表头少"),
        "INVALID ENCODING": _("第 {line} 行不是 UTF-8 编码"),
        "UNQUOTED VALUE": _("第 {line} 行的引号没有配对"),
    }
    return texts.get(kind, _("第 {line} 行无法读取")).format(line=line)


def _unreadable(error: duckdb.Error) -> str:
    return _("文件无法按 CSV 读取（{reason}）").format(reason=shown(str(error).splitlines()[0], 120))


def _csv_remedy() -> str:
    return _("请另存为“CSV UTF-8（逗号分隔）”，首行为列名，每行的列数与首行相同")


def _csv_header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [name.strip() for name in next(csv.reader(file), [])]
    except OSError as error:
        raise InputError(
            _("文件打不开"), where=path.name, remedy=_("请检查文件权限，或换一份文件")
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(_("文件不是 UTF-8 编码"), where=path.name, remedy=_csv_remedy()) from error
    except csv.Error as error:
        raise InputError(_("首行无法按 CSV 读取"), where=path.name, remedy=_csv_remedy()) from error


def _csv_place(path: Path, row: int, column: str) -> str:
    """Where a row of data stands: the row that a spreadsheet shows, blank lines counted."""
    number = row + 1
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        data = 0
        for line, record in enumerate(csv.reader(file), start=1):
            data += bool(record) and line > 1
            if data == row:
                number = line
                break
    return _("{file} 第 {row} 行，{column} 列").format(file=path.name, row=number, column=column)


def _sorted_out(table: Table, header: list[str], path: Path) -> tuple[list[Column], tuple[str, ...]]:
    """The dictionary's columns that the file has, in the file's order, and the other columns."""
    double = sorted({name for name in header if header.count(name) > 1 and name in table.by_name})
    if double:
        raise InputError(
            _("列名重复：{names}").format(names="、".join(double)),
            where=path.name,
            remedy=_("每个列名只能有一列"),
        )
    known = [table.by_name[name] for name in header if name in table.by_name]
    needed = [name for name in _needed(table) if name not in header]
    if needed:
        raise InputError(
            _("缺少列：{names}").format(names="、".join(needed)),
            where=path.name,
            remedy=_("首行须为数据字典中的列名（英文），其中必须有：{names}").format(
                names="、".join(_needed(table))
            ),
        )
    return known, tuple(name for name in header if name and name not in table.by_name)


def _needed(table: Table) -> tuple[str, ...]:
    """The columns without which a table says nothing: its key, and the household its rows are of."""
    needed = [table.key] if table.key else []
    if "household_id" in table.by_name and table.name not in _KEYLESS:
        needed.append("household_id")
    return tuple(dict.fromkeys(needed or [table.columns[0].name]))


# --- Parquet ---------------------------------------------------------------------------------------------


def _kind(type_: str) -> str:
    """The family of a DuckDB type: ``DECIMAL(18,4)`` → decimal, ``UBIGINT`` → integer."""
    if type_.endswith("INT") or type_ == "INTEGER":
        return "integer"
    return type_.partition("(")[0].partition(" ")[0].lower()


_FITS = {
    Type.TEXT: ("varchar", "enum"),
    Type.CODE: ("varchar", "enum"),
    Type.LIST: ("varchar", "enum"),
    Type.DATE: ("date", "timestamp", "varchar"),
    Type.DATETIME: ("timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "varchar"),
    Type.BOOL: ("boolean",),
    Type.INT: ("integer", "decimal", "double", "float"),
    Type.MONEY: ("decimal", "integer", "double", "float"),
    Type.NUMBER: ("decimal", "integer", "double", "float"),
    Type.FLOAT: ("double", "float", "integer", "decimal"),
}


def _is_same(column: Column, type_: str) -> bool:
    return type_ == sql_type(column)


def _parquet_column(column: Column, type_: str) -> str:
    name = quoted(column.name)
    return name if _is_same(column, type_) else f"cast({name} as {sql_type(column)}) as {name}"


def _check_parquet_types(
    connection: duckdb.DuckDBPyConnection,
    scan: str,
    known: Sequence[Column],
    types: dict[str, str],
    place: Place,
    path: Path,
) -> None:
    """InputError for a column that is of another kind, or whose values would change by the cast."""
    for column in known:
        type_ = types[column.name]
        if type_ != '"NULL"' and _kind(type_) not in _FITS[column.type]:
            raise InputError(
                _("{column} 列的类型是 {found}，应为 {wanted}").format(
                    column=column.name, found=type_, wanted=sql_type(column)
                ),
                where=path.name,
                remedy=_("请按数据字典的类型重新导出这一列"),
            )
        if not _is_same(column, type_) and _kind(type_) not in ("enum", '"null"'):
            _check_cast(connection, scan, column, _kind(type_), place)


def _check_cast(
    connection: duckdb.DuckDBPyConnection, scan: str, column: Column, kind: str, place: Place
) -> None:
    name, wanted = quoted(column.name), sql_type(column)
    if kind == "varchar":
        wrong = is_bad_text(column)
    else:
        # Value and typed twin must be equal; a double is compared as a double with its nearest decimal.
        twin = f"try_cast({name} as {wanted})"
        wrong = f"({name} is not null and ({twin} is null or {twin} <> {name}))"
    numbered = f'(select row_number() over () as "#", {name} from {scan})'
    if connection.execute(f"select 1 from {scan} where {wrong} limit 1").fetchone():
        query = f'select "#", {name} from {numbered} where {wrong} order by 1 limit {_FEW}'
        found = connection.execute(query).fetchall()
        raise bad_values([(place(row, column.name), column, value) for row, value in found])
