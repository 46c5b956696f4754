"""Writes made-up data of any size as exchange tables, in bounded memory, with the truth beside it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from shouwang.errors import InputError
from shouwang.generator import details, expansion, layout, sheets, templates
from shouwang.generator.choosing import Desk
from shouwang.generator.shares import Shares, defaults, kinds
from shouwang.generator.spoiling import spoil
from shouwang.language import _
from shouwang.tables.dictionary import TABLES as DICTIONARY

Step = Callable[[int, str], None]
_WEIGHTS = {"households": 14, "members": 40, "income_items": 25, "visits": 12, "leaflets": 3}
TABLES = ("households", *templates.CHILDREN, "villages", "accounts", "problems")
STEPS = sum(_WEIGHTS.get(table, 1) for table in TABLES) + 1
DETAILED = 20_000
"""Up to so many households answers, photos and lists are written where nothing else is said."""
_OPTIONS = {
    "csv": "(FORMAT csv, HEADER true, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S')",
    "parquet": "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)",
}


def generate(
    folder: Path,
    households: int,
    seed: int,
    *,
    file_format: str = "csv",
    area: str = "500151122",
    on: date = date(2024, 9, 1),
    shares: Shares | None = None,
    with_details: bool | None = None,
    step: Step = lambda _done, _text: None,
) -> dict[str, int]:
    """Writes the exchange tables of ``households`` made-up households into the new folder ``folder``.

    ``shares`` says how much of each kind of trouble (:mod:`shouwang.generator.shares`). ``with_details`` adds answers,
    photos, when facts were given and the lists of others, with the troubles that only they show; None means yes up to
    :data:`DETAILED` households. Also ``truth/truth.csv`` (household_id, trouble, findings), ``truth/findings.csv`` (every
    finding that must follow, with its row) and ``truth/truth.json`` (what each kind is, its share and how often it was
    planted). The same size, seed, shares, format and day give the same bytes.
    Returns the rows of every table. ``step(done, text)`` counts to :data:`STEPS`. Raises
    :class:`InputError` for a size or area that cannot be, or a folder that is not empty; nothing has been
    written then.
    """
    _check(folder, households, file_format)
    shares = defaults() if shares is None else shares
    detailed = households <= DETAILED if with_details is None else with_details
    villages = layout.villages(households, area, seed)
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "truth").mkdir(parents=True)
    try:
        rows = _write(partial, households, seed, file_format, on, villages, shares, detailed, step)
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return rows


def _check(folder: Path, households: int, file_format: str) -> None:
    if households <= 0:
        raise InputError(
            _("户数须为正整数，不能是 {count}").format(count=households),
            where="--households",
            remedy=_("例如 --households 2000"),
        )
    if file_format not in _OPTIONS:
        raise InputError(
            _("不认识的格式“{name}”").format(name=file_format),
            where="--format",
            remedy=_("请用 csv 或 parquet"),
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            _("{folder} 已存在且不是空文件夹").format(folder=folder.name),
            where="--out",
            remedy=_("请换一个新文件夹"),
        )


def connect(villages: list[layout.Village], database: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An engine with the table ``village``, set to keep order and to build joins on the small side only; in memory,
    or in a file for tables that are kept.
    """
    connection = duckdb.connect(str(database) if database else ":memory:")
    connection.execute("SET threads = 2")
    connection.execute("SET memory_limit = '160MB'")
    connection.execute("SET preserve_insertion_order = true")
    # The stream of households must stay the side that flows: never collected, never reordered.
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    connection.execute(
        "CREATE TABLE village (code VARCHAR, county VARCHAR, town VARCHAR, name VARCHAR,"
        " first BIGINT, size BIGINT,"
        " lng DOUBLE, lat DOUBLE)"
    )
    connection.executemany(
        "INSERT INTO village VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(v.code, v.county, v.town, v.name, v.first, v.size, v.lng, v.lat) for v in villages],
    )
    return connection


def _write(
    folder: Path,
    households: int,
    seed: int,
    file_format: str,
    on: date,
    villages: list[layout.Village],
    shares: Shares,
    detailed: bool,
    step: Step,
) -> dict[str, int]:
    database = folder / ".tables.duckdb" if detailed else None
    connection = connect(villages, database)
    try:
        stock = templates.build(connection, households, seed, on, shares)
        sheets.deal(connection, villages, shares, seed)
        _check_numbers(connection, households, stock)
        if detailed:
            _stand(connection, seed, stock, on, shares)
        done, rows = 1, {}
        for table in (*TABLES, *(details.TABLES if detailed else ())):
            step(min(done, STEPS - 1), table)
            query = _kept(table) if detailed else _query(connection, table, seed, stock, on)
            rows[table] = _copy(connection, query, folder / f"{table}.{file_format}", _OPTIONS[file_format])
            done += _WEIGHTS.get(table, 1)
        step(STEPS - 1, "truth")
        planted = _truth(connection, folder, seed, stock, detailed)
    finally:
        connection.close()
        for path in folder.glob(".tables.duckdb*"):
            path.unlink()
    _describe(folder, households, seed, on, planted, rows, shares)
    return rows


def _stand(connection: duckdb.DuckDBPyConnection, seed: int, stock: int, on: date, shares: Shares) -> None:
    """All tables in the database, with details, and the faults that only neighbours show."""
    for table in TABLES:
        connection.execute(f"CREATE TABLE {table} AS {_query(connection, table, seed, stock, on)}")
    connection.execute(f"CREATE TABLE troubled AS SELECT household_id FROM ({expansion.truth(seed, stock)})")
    details.lay_out(connection, seed, on)
    spoil(Desk(connection, on, seed, shares))


def _kept(table: str) -> str:
    first = "household_id, " if "household_id" in DICTIONARY[table].by_name else ""
    return f"SELECT * FROM {table} ORDER BY {first}rowid"


def _query(connection: duckdb.DuckDBPyConnection, table: str, seed: int, stock: int, on: date) -> str:
    if table == "villages":
        return sheets.query(connection, seed, stock, on.year)
    if table == "accounts":
        return expansion.accounts(seed)
    if table == "problems":  # an empty ledger: no problem is open
        columns = (f"NULL::{templates.SQL_TYPES[c.type]} AS {c.name}" for c in DICTIONARY["problems"].columns)
        return f"SELECT {', '.join(columns)} WHERE false"
    return expansion.select(table, seed, stock)


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path, options: str) -> int:
    counted = connection.execute(f"COPY ({query}) TO '{_quoted(path)}' {options}").fetchone()
    return int(counted[0]) if counted else 0


def _quoted(path: Path) -> str:
    return os.fspath(path).replace("'", "''")


def _check_numbers(connection: duckdb.DuckDBPyConnection, households: int, stock: int) -> None:
    """Invented identity numbers are finite: of one age and sex there are 500 for each birthday."""
    most = connection.execute(
        f"SELECT min((days * {templates.NUMBERS_PER_DAY}) // cohort) FROM model_members"
    ).fetchone()
    limit = int(most[0]) * stock if most else 0
    if households > limit:
        raise InputError(
            _("虚构的身份证号只够 {limit} 户").format(limit=limit),
            where="--households",
            remedy=_("请减少户数，或分几次用不同的 --seed"),
        )


def _truth(
    connection: duckdb.DuckDBPyConnection, folder: Path, seed: int, stock: int, detailed: bool
) -> dict[str, int]:
    """Writes what was planted; returns how often each kind was."""
    households, found = folder / "truth" / "truth.csv", folder / "truth" / "findings.csv"
    _copy(connection, expansion.truth(seed, stock), households, _OPTIONS["csv"])
    parts = [expansion.findings(seed, stock), sheets.marks(), *(["FROM planted"] if detailed else [])]
    together = " UNION ALL ".join(f"FROM ({part})" for part in parts)
    _copy(connection, together, found, _OPTIONS["csv"])
    counts = connection.execute(
        "SELECT trouble, count(*) FROM (SELECT DISTINCT trouble, household_id FROM read_csv(?, header = true, all_varchar = true) "
        "UNION SELECT trouble, coalesce(household_id, area_code) FROM read_csv(?, header = true, all_varchar = true)) GROUP BY trouble",
        [str(households), str(found)],
    )
    return dict(counts.fetchall())


def _describe(
    folder: Path,
    households: int,
    seed: int,
    on: date,
    planted: dict[str, int],
    rows: dict[str, int],
    shares: Shares,
) -> None:
    content = {
        "households": households,
        "seed": seed,
        "on": on.isoformat(),
        "rows": rows,
        "note": "share is of the households of the group; one household has at most one planted trouble",
        "troubles": [
            {
                "trouble": kind.name,
                "zh": kind.zh,
                "group": kind.group,
                "share": shares.get(kind.name, 0),
                "planted": planted.get(kind.name, 0),
            }
            for kind in kinds()
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    (folder / "truth" / "truth.json").write_text(text, encoding="utf-8")
