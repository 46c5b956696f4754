"""The exchange folder, read into DuckDB: one file per table of the dictionary, typed and checked.

``open_folder`` gives, per table, a relation with typed columns (only those the file has): a view over the
file for Parquet, a temporary table for CSV and XLSX. A file that cannot be used is an InputError with its
place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables import dictionary
from shouwang.tables.exchange_check import Level, Places, check_links, check_table
from shouwang.tables.exchange_read import Opened, open_csv, open_parquet, open_xlsx
from shouwang.tables.exchange_types import sql_type
from shouwang.tables.exchange_write import write_folder, write_table

__all__ = ["FORMATS", "Source", "open_folder", "sql_type", "strange_files", "write_folder", "write_table"]

Format = Literal["csv", "xlsx", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "xlsx", "parquet")
_OPEN = {"csv": open_csv, "xlsx": open_xlsx, "parquet": open_parquet}


@dataclass(frozen=True)
class Source:
    """One table of the folder: ``relation`` is the DuckDB view or temporary table that holds it.

    ``columns`` are the dictionary's columns that the file has, typed by :func:`sql_type`; ``extra`` are those
    of the file that the dictionary does not know (said, not used); ``rows`` is the number of rows.
    """

    table: dictionary.Table
    path: Path
    relation: str
    columns: frozenset[str]
    extra: tuple[str, ...]
    rows: int


def open_folder(
    folder: Path, connection: duckdb.DuckDBPyConnection, *, check: Level = "full"
) -> dict[str, Source]:
    """Opens every table of an exchange folder, by table name; ``households`` is always among them.

    ``check="basic"`` looks at types, codes, empty keys, amounts, area codes and repeated household numbers;
    ``"full"`` also at repeated keys of the other tables and at rows whose household is not in ``households``
    (for a million households about one more CPU second). InputError for a folder, file or cell that cannot be
    used: nothing is guessed, and nothing is rounded.
    """
    paths = _files(folder)
    opened: dict[str, tuple[Source, Places]] = {}
    for name, path in paths.items():
        table = dictionary.TABLES[name]
        found: Opened = _OPEN[path.suffix[1:].lower()](table, path, connection)
        places = Places(path, found.place)
        rows = check_table(connection, table, found.relation, found.columns, places, level=check)
        opened[name] = (Source(table, path, found.relation, found.columns, found.extra, rows), places)
    if check == "full":
        households = opened["households"][0].relation
        for source, places in opened.values():
            check_links(connection, source.table, source.relation, source.columns, households, places)
    return {name: source for name, (source, _places) in opened.items()}


def strange_files(folder: Path) -> tuple[str, ...]:
    """Names of the folder's files that are no table of the dictionary: they are left alone, and said."""
    known = set(_by_table(folder))
    return tuple(
        sorted(
            path.name
            for path in folder.iterdir()
            if path.is_file() and not path.name.startswith((".", "~$")) and _table_of(path) not in known
        )
    )


def _table_of(path: Path) -> str | None:
    fits = path.stem in dictionary.TABLES and path.suffix[1:].lower() in FORMATS
    return path.stem if fits and path.is_file() else None


def _by_table(folder: Path) -> Mapping[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        name = _table_of(path)
        if name is not None:
            found.setdefault(name, []).append(path)
    return {name: found[name] for name in dictionary.TABLES if name in found}


def _files(folder: Path) -> dict[str, Path]:
    """One file per table, in the order of the dictionary; InputError where that is not so."""
    remedy = _("请给出一个文件夹，其中至少有 households.csv、households.xlsx 或 households.parquet")
    if not folder.is_dir():
        raise InputError(_("没有这个文件夹"), where=str(folder), remedy=remedy)
    found = _by_table(folder)
    for paths in found.values():
        if len(paths) > 1:
            names = "、".join(path.name for path in paths)
            raise InputError(
                _("同一张表有几个文件：{names}").format(names=names),
                where=str(folder),
                remedy=_("每张表只留一个文件，请把其余的移走"),
            )
    if "households" not in found:
        raise InputError(_("文件夹里没有农户表（households）"), where=str(folder), remedy=remedy)
    return {name: paths[0] for name, paths in found.items()}
