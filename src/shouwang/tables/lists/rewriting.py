"""The registry with its changes, written as a new exchange folder: as a whole or not at all.

Files without a change are copied byte for byte. In a file with one, only the decided cells change: columns that
the dictionary does not know, their order and every other cell stay.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.dictionary import TABLES
from shouwang.tables.exchange import Source
from shouwang.tables.exchange_sheet import read_sheet
from shouwang.tables.exchange_types import literal, quoted, sql_type
from shouwang.tables.exchange_write import write_table
from shouwang.tables.intake.model import Record
from shouwang.tables.lists.deciding import Change, Outcome
from shouwang.tables.lists.ours import Ours

CHANGES = "changes.csv"
_COLUMNS = ("household_id", "member_id", "table", "column", "old", "new", "decided", "remark")


@dataclass
class _Edits:
    """What happens to one table: cells by key and column ('' clears), and rows that are added."""

    cells: dict[str, dict[str, str]]
    added: list[Record]

    @property
    def columns(self) -> list[str]:
        return list(dict.fromkeys(name for row in (*self.cells.values(), *self.added) for name in row))


@contextmanager
def new_folder(target: Path, source: Path) -> Iterator[Path]:
    """A folder beside ``target`` that takes its place when all went well; InputError where it cannot be."""
    if target.resolve() == source.resolve() or source.resolve() in target.resolve().parents:
        raise InputError(_("结果不能写进原来的文件夹。"), where="--into", remedy=_("请另给一个新文件夹。"))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(
            _("已经有 {folder}，没有覆盖。").format(folder=target),
            where="--into",
            remedy=_("请另给一个新文件夹。"),
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise InputError(
            _("不能写入：{why}。").format(why=error.strerror or error), where=str(target),
            remedy=_("请检查磁盘空间和文件夹权限。"),
        ) from error  # fmt: skip
    try:
        yield fresh
        fresh.chmod(0o755)
        if target.exists():
            target.rmdir()
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def write_registry(ours: Ours, outcome: Outcome, folder: Path) -> None:
    """Writes every table of ours with its changes, and ``changes.csv``."""
    for name, source in ours.sources.items():
        edits = _edits(name, outcome)
        if not edits.columns:
            shutil.copy2(source.path, folder / source.path.name)
        else:
            _REWRITE[source.path.suffix.lower()](source, edits, folder / source.path.name)
    for name, rows in outcome.added.items():
        if name not in ours.sources:
            write_table(TABLES[name], rows, folder / f"{name}.csv")
    _write_changes(outcome.changes, folder / CHANGES)


def _edits(table: str, outcome: Outcome) -> _Edits:
    cells: dict[str, dict[str, str]] = {}
    for change in outcome.changes:
        if change.table == table and change.column:
            cells.setdefault(change.key, {})[change.column] = change.new
    return _Edits(cells, outcome.added.get(table, []))


def _write_changes(changes: list[Change], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows([getattr(change, name) for name in _COLUMNS] for change in changes)


def _csv(source: Source, edits: _Edits, path: Path) -> None:
    with source.path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
        header = list(rows[0]) if rows else []
    names = {name: name.strip() for name in header}
    header += [name for name in edits.columns if name not in names.values()]
    key = next(name for name in header if name.strip() == source.table.key)
    by_column = {stripped: name for name, stripped in names.items()}
    for row in rows:
        for column, value in edits.cells.get(row[key], {}).items():
            row[by_column.get(column, column)] = value
    rows += [{by_column.get(name, name): value for name, value in row.items()} for row in edits.added]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _parquet(source: Source, edits: _Edits, path: Path) -> None:
    table, target = TABLES[source.table.name], literal(str(path))
    with duckdb.connect() as connection:
        connection.execute(f"create table t as select * from read_parquet({literal(str(source.path))})")
        known = {str(row[0]) for row in connection.execute("describe t").fetchall()}
        for name in edits.columns:
            if name not in known:
                connection.execute(f"alter table t add column {quoted(name)} {sql_type(table.column(name))}")
        for key, cells in edits.cells.items():
            for name, value in cells.items():
                change = f"update t set {quoted(name)} = ? where {quoted(table.key)} = ?"
                connection.execute(change, [value or None, key])
        for row in edits.added:
            columns, marks = ", ".join(map(quoted, row)), ", ".join("?" * len(row))
            connection.execute(f"insert into t ({columns}) values ({marks})", list(row.values()))
        connection.execute(f"copy t to {target} (format parquet, compression zstd)")


def _xlsx(source: Source, edits: _Edits, path: Path) -> None:
    if source.extra:
        raise InputError(
            _("有数据字典里没有的列（{names}），改写会丢掉它们").format(names="、".join(source.extra[:3])),
            where=source.path.name,
            remedy=_("请把这张表另存为 CSV UTF-8 后再试"),
        )
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "sheet.csv"
        read_sheet(source.table, source.path, texts)
        with texts.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    header = [*(rows[0] if rows else []), *edits.columns]
    columns = [column.name for column in source.table.columns if column.name in header]
    for row in rows:
        row.update(edits.cells.get(row[source.table.key], {}))
    known = [{name: value or None for name, value in row.items()} for row in (*rows, *edits.added)]
    write_table(source.table, known, path, columns)


_REWRITE = {".csv": _csv, ".parquet": _parquet, ".xlsx": _xlsx}
