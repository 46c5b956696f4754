"""What differs between two runs: who newly has which finding and who lost it, which indicators moved, and why in general.

The results are compared in DuckDB, never row by row in Python; the reasons come from what the runs say of
themselves: day, pack, parameters, facts.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy.duckdb_outputs import text
from shouwang.policy.duckdb_sql import WORD
from shouwang.policy.runs.differences import differences
from shouwang.policy.runs.store import StoredRun

COLUMNS = ("kind", "household_id", "area_code", "name", "was", "now")
STATES = ("fired", "unknown", "no", "")  # '' is: not in this run
_XLSX_ROWS = 1_048_575
_NOT_INDICATORS = ("household_id", "area_code")


@dataclass(frozen=True)
class Comparison:
    """What differs, counted (``told``), and every difference as a row (:meth:`write`)."""

    told: dict[str, Any]
    connection: duckdb.DuckDBPyConnection

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Every difference: kind (finding, village, quality, indicator), household, area, name, was, now."""
        cursor = self.connection.execute(
            f"SELECT {', '.join(COLUMNS)} FROM moved ORDER BY kind, area_code, household_id, name"
        )
        while batch := cursor.fetchmany(10_000):
            yield from batch

    def write(self, out: Path) -> int:
        """Writes every difference to a .csv or .xlsx file and gives their number; the file stands whole or not at all."""
        if out.suffix not in _WRITE:
            raise InputError(_("结果只能写成 .csv 或 .xlsx"), where=str(out), remedy=_("改一个文件名"))
        unfinished = out.with_name(f".{out.name}.unfinished")
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            count = _WRITE[out.suffix](self.rows(), unfinished)
            unfinished.replace(out)
        except OSError as error:
            raise InputError(
                _("写不进去：{reason}").format(reason=error.strerror),
                where=str(out),
                remedy=_("换一个能写的位置"),
            ) from None
        finally:
            unfinished.unlink(missing_ok=True)
        return count


def compare(before: StoredRun, after: StoredRun) -> Comparison:
    """Compares two runs; InputError where one is damaged."""
    connection = duckdb.connect(config={"memory_limit": "640MB"})
    for name, run in (("a", before), ("b", after)):
        for table in ("results", "villages", "quality"):
            there = f"{table}.parquet" in run.told["files"]
            source = f"read_parquet({text(str(run.file(f'{table}.parquet')))})" if there else ""
            if there:
                connection.execute(f"CREATE VIEW {name}_{table} AS SELECT * FROM {source}")
    connection.execute(
        "CREATE TEMP TABLE moved (kind VARCHAR, household_id VARCHAR, area_code VARCHAR, name VARCHAR, was VARCHAR, now VARCHAR)"
    )
    _findings(connection, "finding", "results", "household_id", before, after)
    _findings(connection, "village", "villages", "area_code", before, after)
    _quality(connection, before, after)
    _indicators(connection)
    told = {
        "before": before.id,
        "after": after.id,
        "why": differences(before, after),
        "households": _households(connection),
        "findings": _counted(connection, ("finding", "village", "quality")),
        "indicators": dict(
            connection.execute(
                "SELECT name, count(*) FROM moved WHERE kind = 'indicator' GROUP BY 1 ORDER BY 2 DESC, 1"
            ).fetchall()
        ),
    }
    return Comparison(told, connection)


def _both(before: StoredRun, after: StoredRun, table: str) -> bool:
    return all(f"{table}.parquet" in run.told["files"] for run in (before, after))


def _findings(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    table: str,
    key: str,
    before: StoredRun,
    after: StoredRun,
) -> None:
    """One row for each rule and household (or village) whose state differs."""
    if not _both(before, after, table):
        return
    names = list(dict.fromkeys([*before.rules, *after.rules]))
    states = ", ".join(
        f"{{name: {text(rule)}, was: {_state('a', before, rule, key)}, now: {_state('b', after, rule, key)}}}"
        for rule in names
    )
    household = "coalesce(a.household_id, b.household_id)" if key == "household_id" else "NULL"
    same = _same_words(before, after)
    connection.execute(f"""
        INSERT INTO moved SELECT '{kind}', household_id, area_code, u.name, u.was, u.now FROM (
            SELECT {household} AS household_id, coalesce(b.area_code, a.area_code) AS area_code, unnest([{states}]) AS u
            FROM a_{table} AS a FULL JOIN b_{table} AS b ON a.{key} = b.{key}
            WHERE NOT coalesce({same}, false))
        WHERE u.was <> u.now AND NOT (u.was IN ('', 'no') AND u.now IN ('', 'no'))
    """)


def _same_words(before: StoredRun, after: StoredRun) -> str:
    """Whether two rows have the same bit sets, where the bits mean the same."""
    if before.rules != after.rules:
        return "false"
    count = (len(before.rules) + WORD - 1) // WORD
    return " AND ".join(
        f"a.{kind}_{word} = b.{kind}_{word}" for word in range(count) for kind in ("fired", "unknown")
    )


def _state(alias: str, run: StoredRun, rule: str, key: str) -> str:
    if rule not in run.rules:
        return "''"
    word, bit = divmod(run.rules.index(rule), WORD)
    return (
        f"CASE WHEN {alias}.{key} IS NULL THEN '' WHEN {alias}.fired_{word} & {1 << bit} <> 0 THEN 'fired' "
        f"WHEN {alias}.unknown_{word} & {1 << bit} <> 0 THEN 'unknown' ELSE 'no' END"
    )


def _quality(connection: duckdb.DuckDBPyConnection, before: StoredRun, after: StoredRun) -> None:
    """Findings about the data: those that are in one run alone (``name`` is rule, table and row)."""
    if not _both(before, after, "quality"):
        return
    columns = 'household_id, area_code, concat_ws(\' \', finding, "table", "row") AS name'
    for one, other, was, now in (("a", "b", "fired", "no"), ("b", "a", "no", "fired")):
        connection.execute(
            f"INSERT INTO moved SELECT 'quality', household_id, area_code, name, '{was}', '{now}' FROM "
            f"(SELECT {columns} FROM {one}_quality EXCEPT ALL SELECT {columns} FROM {other}_quality)"
        )


def _indicators(connection: duckdb.DuckDBPyConnection) -> None:
    """One row for each household of both runs and indicator that differs."""
    shared = [name for name in _indicator_names(connection, "a") if name in _indicator_names(connection, "b")]
    values = ", ".join(
        f'{{name: {text(name)}, was: CAST(a."{name}" AS VARCHAR), now: CAST(b."{name}" AS VARCHAR)}}'
        for name in shared
    )
    differ = " OR ".join(f'a."{name}" IS DISTINCT FROM b."{name}"' for name in shared)
    if shared:
        connection.execute(f"""
            INSERT INTO moved SELECT 'indicator', household_id, area_code, u.name, coalesce(u.was, ''), coalesce(u.now, '') FROM (
                SELECT b.household_id, b.area_code, unnest([{values}]) AS u
                FROM a_results AS a JOIN b_results AS b ON a.household_id = b.household_id WHERE {differ})
            WHERE u.was IS DISTINCT FROM u.now
        """)


def _indicator_names(connection: duckdb.DuckDBPyConnection, alias: str) -> list[str]:
    described = connection.execute(f"DESCRIBE {alias}_results").fetchall()
    return [
        row[0]
        for row in described
        if row[0] not in _NOT_INDICATORS and not row[0].startswith(("village__", "fired_", "unknown_"))
    ]


def _households(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    row = (
        connection.execute("""
        SELECT count(a.household_id), count(b.household_id), count(*) FILTER (a.household_id IS NULL),
               count(*) FILTER (b.household_id IS NULL),
               count(*) FILTER (a.household_id IS NOT NULL AND b.household_id IS NOT NULL AND a.area_code IS DISTINCT FROM b.area_code)
        FROM a_results AS a FULL JOIN b_results AS b ON a.household_id = b.household_id
    """).fetchone()
        or (0,) * 5
    )
    return dict(zip(("before", "after", "entered", "left", "moved"), row, strict=True))


def _counted(connection: duckdb.DuckDBPyConnection, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    """Per rule: how many newly have it and how many lost it, and what became unknown or known."""
    cursor = connection.execute(f"""
        SELECT kind, CASE WHEN kind = 'quality' THEN split_part(name, ' ', 1) ELSE name END AS finding,
               count(*) FILTER (now = 'fired') AS gained, count(*) FILTER (was = 'fired') AS lost,
               count(*) FILTER (now = 'unknown') AS became_unknown,
               count(*) FILTER (was = 'unknown' AND now IN ('fired', 'no')) AS became_known
        FROM moved WHERE kind IN ({", ".join(map(text, kinds))}) GROUP BY ALL
        ORDER BY kind, gained + lost DESC, became_unknown + became_known DESC, finding
    """)
    names = [entry[0] for entry in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _csv(rows: Iterator[tuple[Any, ...]], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow(["" if value is None else value for value in row])
            count += 1
    return count


def _xlsx(rows: Iterator[tuple[Any, ...]], path: Path) -> int:
    workbook = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = workbook.add_worksheet()
    count = 0
    for place, name in enumerate(COLUMNS):
        sheet.write_string(0, place, name)
    for count, row in enumerate(rows, start=1):
        if count > _XLSX_ROWS:
            workbook.close()
            raise InputError(
                _("一张工作表最多 {rows} 行数据，装不下").format(rows=_XLSX_ROWS),
                where=path.name,
                remedy=_("请改用 csv 格式"),
            )
        for place, value in enumerate(row):
            if value:
                sheet.write_string(count, place, str(value))
    workbook.close()
    return count


_WRITE = {".csv": _csv, ".xlsx": _xlsx}
