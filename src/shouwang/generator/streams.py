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
from shouwang.generator import expansion, layout, templates
from shouwang.generator.troubles import TROUBLES
from shouwang.language import _

Step = Callable[[int, str], None]
_WEIGHTS = {"households": 14, "members": 40, "income_items": 25, "visits": 12, "leaflets": 3}
TABLES = ("households", *templates.CHILDREN, "villages")
STEPS = sum(_WEIGHTS.get(table, 1) for table in TABLES) + 1
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
    step: Step = lambda _done, _text: None,
) -> dict[str, int]:
    """Writes the exchange tables of ``households`` made-up households into the new folder ``folder``.

    Also ``truth/truth.csv`` (household_id, trouble, findings) and ``truth/truth.json`` (what each trouble
    is, its share and how often it was planted). The same size, seed, format and day give the same bytes.
    Returns the rows of every table. ``step(done, text)`` counts to :data:`STEPS`. Raises
    :class:`InputError` for a size or area that cannot be, or a folder that is not empty; nothing has been
    written then.
    """
    _check(folder, households, file_format)
    villages = layout.villages(households, area, seed)
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "truth").mkdir(parents=True)
    try:
        rows = _write(partial, households, seed, file_format, on, villages, step)
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


def connect(villages: list[layout.Village]) -> duckdb.DuckDBPyConnection:
    """An engine with the table ``village``, set to keep order and to build joins on the small side only."""
    connection = duckdb.connect()
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
    step: Step,
) -> dict[str, int]:
    connection = connect(villages)
    try:
        stock = templates.build(connection, households, seed, on)
        _check_numbers(connection, households, stock)
        done, rows = 1, {}
        for table in TABLES:
            step(done, table)
            query = (
                _villages(connection, seed, stock, on)
                if table == "villages"
                else expansion.select(table, seed, stock)
            )
            rows[table] = _copy(connection, query, folder / f"{table}.{file_format}", _OPTIONS[file_format])
            done += _WEIGHTS.get(table, 1)
        step(done, "truth")
        planted = _truth(connection, folder, seed, stock)
    finally:
        connection.close()
    _describe(folder, households, seed, on, planted, rows)
    return rows


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


def _villages(connection: duckdb.DuckDBPyConnection, seed: int, stock: int, on: date) -> str:
    """Annex 2: the sheets of the ends of the last two years, of villages and towns, near the registry's numbers."""
    connection.execute(f"CREATE TABLE peopled AS {expansion.village_people(seed, stock)}")
    return f"""
        WITH last AS (
            SELECT code, county, town, name, (size + size // 60)::INTEGER AS households,
                   (p.people + p.people // 50)::INTEGER AS people, (size - size // 6)::INTEGER AS resident_households,
                   (p.people - p.people // 4)::INTEGER AS resident_people
            FROM village JOIN peopled p(area_code, households, people) ON p.area_code = code),
        numbers AS (
            SELECT *, {on.year - 1} AS year FROM last
            UNION ALL
            SELECT code, county, town, name, households + households // 90, people + people // 70,
                   resident_households + resident_households // 50, resident_people + resident_people // 40, {on.year - 2}
            FROM last),
        towns AS (
            SELECT code[:9] || '000', any_value(county), any_value(town), NULL, sum(households)::INTEGER,
                   sum(people)::INTEGER, sum(resident_households)::INTEGER, sum(resident_people)::INTEGER, year
            FROM numbers GROUP BY code[:9], year)
        SELECT code AS area_code, year::INTEGER AS year, county, town, name AS village, households AS registered_households,
               people AS registered_people, resident_households, resident_people
        FROM (FROM numbers UNION ALL FROM towns) ORDER BY code, year"""


def _truth(connection: duckdb.DuckDBPyConnection, folder: Path, seed: int, stock: int) -> dict[str, int]:
    path = folder / "truth" / "truth.csv"
    _copy(connection, expansion.truth(seed, stock), path, _OPTIONS["csv"])
    counts = connection.execute(
        "SELECT trouble, count(*) FROM read_csv(?, header = true) GROUP BY trouble", [str(path)]
    )
    return dict(counts.fetchall())


def _describe(
    folder: Path,
    households: int,
    seed: int,
    on: date,
    planted: dict[str, int],
    rows: dict[str, int],
) -> None:
    content = {
        "households": households,
        "seed": seed,
        "on": on.isoformat(),
        "rows": rows,
        "note": "share is of the households of the group; one household has at most one planted trouble",
        "troubles": [
            {
                "trouble": trouble.name,
                "zh": trouble.zh,
                "group": trouble.group,
                "share": trouble.share,
                "findings": list(trouble.findings),
                "planted": planted.get(trouble.name, 0),
            }
            for trouble in TROUBLES
        ],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    (folder / "truth" / "truth.json").write_text(text, encoding="utf-8")
