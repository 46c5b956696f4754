"""A folder of facts becomes a folder of results: indicators, findings, what is unknown, and the run itself.

Everything is written beside the output folder first and put in place at the end: nothing stands half written.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import duckdb

import shouwang
from shouwang.language import _, current
from shouwang.policy import duckdb_outputs as outputs
from shouwang.policy import gaps, parameters, wording
from shouwang.policy import quality as quality_
from shouwang.policy.duckdb_engine import PARTITION, PARTITION_WITH_QUALITY, Engine
from shouwang.policy.duckdb_sql import WORD
from shouwang.policy.expressions import parameters as read_parameters
from shouwang.policy.expressions import parse
from shouwang.policy.loading import load
from shouwang.policy.pack import Pack
from shouwang.policy.plan import Plan, placeholders, whole_plan
from shouwang.policy.put_in_place import beside
from shouwang.policy.quality import QualityCounts, QualityRun

FINDING_COLUMNS = ("household_id", "area_code", "finding", "level", "problem", "clause", "says", "values")
UNKNOWN_COLUMNS = ("household_id", "finding", "missing")
WAITING = 100_000  # households with something unknown that are worked out together
Step = Callable[[int, str], None]


@dataclass
class Run:
    """What a screening came to: the content of ``run.json``, and where the results are."""

    folder: Path
    facts: Path
    summary: dict[str, Any]
    plan: Plan
    engine: Engine


@dataclass
class _Tally:
    fired: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    households: int = 0
    hash: int = 0
    waiting: int = 0  # households with an unknown rule, not yet written


def _silent(_done: int, _text: str = "") -> None:
    """Nobody watches."""


def nothing_more(_run: Run) -> None:
    """No further file is written."""


def nothing_each(_engine: Engine) -> None:
    """Nothing more is done with a partition."""


def screen(
    facts: Path, pack_name: str, on: date, out: Path, *, settings: Mapping[str, str] | None = None,
    step: Step = _silent, partition: int = PARTITION, finish: Callable[[Run], None] = nothing_more, quality: bool = True,
    each: Callable[[Engine], None] = nothing_each,
) -> dict[str, Any]:  # fmt: skip
    """Screens the exchange folder ``facts`` with a pack on a day and puts the results into ``out``.

    Writes indicators.csv, findings.csv, unknown.csv, quality.csv (unless ``quality`` is False) and run.json; ``finish`` may write more into ``run.folder`` (the
    ledger) before everything is put in place; ``each`` sees the table ``screened`` of every partition. Returns the content of run.json. InputError for anything unusable.
    """
    pack = load(pack_name)
    chosen = parameters.read_settings(pack, settings or {})
    started = time.perf_counter(), time.process_time()
    with (
        beside(out, "run.json") as folder,
        tempfile.TemporaryDirectory(dir=folder.parent, prefix=".scratch-") as scratch,
    ):
        engine = Engine.open(facts, pack, on, chosen, scratch=Path(scratch))
        with _quality_run(engine, chosen, folder, Path(scratch), wanted=quality) as about_data:
            tally = _write_households(engine, folder, Path(scratch), step, partition, each, about_data)
        villages = _write_villages(engine, folder)
        tally.fired.update(villages)
        summary = _summary(engine, facts, tally, chosen)
        if about_data is not None:
            summary["quality"] = _quality_counts(pack, about_data.counts)
        run = Run(folder, facts, summary, engine.plan, engine)
        finish(run)
        summary["seconds"] = round(time.perf_counter() - started[0], 3)
        summary["cpu_seconds"] = round(time.process_time() - started[1], 3)
        text = json.dumps(summary, ensure_ascii=False, indent=1)
        (folder / "run.json").write_text(text + "\n", encoding="utf-8")
        engine.connection.close()
    return summary


def _write_households(
    engine: Engine,
    folder: Path,
    scratch: Path,
    step: Step,
    partition: int,
    each: Callable[[Engine], None],
    about_data: QualityRun | None,
) -> _Tally:
    tally, plan = _Tally(), engine.plan
    rows = engine.connection.execute(f"SELECT count(*) FROM {engine.relations['households']}").fetchone()
    total = int(rows[0]) if rows else 0
    columns = ", ".join(f'"{name}"' for name in engine.village_columns())
    with (
        _csv(folder / "indicators.csv", outputs.indicator_names(plan)) as indicators,
        _csv(folder / "findings.csv", list(FINDING_COLUMNS)) as findings,
        _csv(folder / "unknown.csv", list(UNKNOWN_COLUMNS)) as unknown,
    ):
        for count in engine.partitions(
            partition if about_data is None else min(partition, PARTITION_WITH_QUALITY)
        ):
            kind = (
                "CREATE TEMP TABLE village_input AS" if not tally.households else "INSERT INTO village_input"
            )
            engine.connection.execute(
                f"{kind} SELECT {columns} FROM screened WHERE area_code IS NOT NULL"
                if "area_code" in plan.household_given
                else f"{kind} SELECT household_id, CAST(NULL AS VARCHAR) AS area_code FROM screened WHERE false"
            )
            tally.households += count
            tally.hash = (tally.hash + engine.hash_of_partition()) % (1 << 64)
            each(engine)
            _copy(
                engine,
                f"SELECT household_id, {outputs.indicators_select(plan)} FROM screened ORDER BY household_id",
                scratch,
                indicators,
            )
            _write_findings(engine, scratch, findings, tally)
            tally.waiting = _gather_unknown(engine, tally)
            if tally.waiting > WAITING:
                _write_unknown(engine, scratch, unknown, tally)
            if about_data is not None:
                about_data.partition(*engine.bounds_now)
            step(tally.households * 100 // max(total, 1), _("{n} 户").format(n=tally.households))
        _write_unknown(engine, scratch, unknown, tally)
    return tally


@contextmanager
def _csv(path: Path, header: list[str]) -> Iterator[IO[bytes]]:
    with path.open("wb") as file:
        file.write((",".join(header) + "\n").encode())
        yield file


def _copy(engine: Engine, query: str, scratch: Path, target: IO[bytes]) -> None:
    """Appends the rows of a query to a CSV file."""
    part = scratch / "part.csv"
    engine.connection.execute(f"COPY ({query}) TO {outputs.text(str(part))} (FORMAT csv, HEADER false)")
    with part.open("rb") as source:
        shutil.copyfileobj(source, target, 1 << 20)


def _write_findings(engine: Engine, scratch: Path, target: IO[bytes], tally: _Tally) -> None:
    engine.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE found AS {outputs.findings_query(engine.plan, current())}"
    )
    for finding, count in engine.connection.execute(
        "SELECT finding, count(*) FROM found GROUP BY 1"
    ).fetchall():
        tally.fired[finding] += count
    columns = ", ".join(f'"{name}"' for name in FINDING_COLUMNS)
    _copy(engine, f"SELECT {columns} FROM found ORDER BY household_id, place", scratch, target)


def _gather_unknown(engine: Engine, tally: _Tally) -> int:
    """Counts the unknown rules and keeps the households that have one; returns how many are kept so far."""
    plan = engine.plan
    rules = [rule for rule in plan.pack.rules.values() if rule.when is not None]
    counts = ", ".join(f'count(*) FILTER ("{rule.alias}" IS NULL)' for rule in rules)
    row = engine.connection.execute(f"SELECT {counts} FROM screened").fetchone() or ()
    for rule, count in zip(rules, row, strict=True):
        tally.unknown[rule.name] += count
    words = (len(plan.pack.rules) + WORD - 1) // WORD
    some = " OR ".join(f"unknown_{word} <> 0" for word in range(words))
    kind = "INSERT INTO waiting" if tally.waiting else "CREATE OR REPLACE TEMP TABLE waiting AS"
    engine.connection.execute(f"{kind} SELECT household_id FROM screened WHERE {some}")
    row = engine.connection.execute("SELECT count(*) FROM waiting").fetchone() or (0,)
    return int(row[0])


def _write_unknown(engine: Engine, scratch: Path, target: IO[bytes], tally: _Tally) -> None:
    """Says of the households that wait which facts are missing; planning this costs, so they are taken together."""
    plan = engine.plan
    if tally.waiting and engine.facts:
        engine.gaps_of("waiting")
        query = f"SELECT household_id, finding, missing FROM ({outputs.unknown_query(plan, engine.facts)}) ORDER BY household_id, place"
        _copy(engine, query, scratch, target)
    tally.waiting = 0


def _write_villages(engine: Engine, folder: Path) -> Counter[str]:
    """Appends the findings of villages to findings.csv."""
    import csv

    plan, fired = engine.plan, Counter[str]()
    rules = [rule for rule in plan.pack.rules.values() if rule.when_village is not None]
    if not rules or "area_code" not in plan.household_given:
        return fired
    with (folder / "findings.csv").open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for row in engine.village_rows("village_input"):
            for rule in rules:
                if row.get(rule.alias) is True:
                    values = {**_parameter_values(plan), **row}
                    shown = {name: _plain(values.get(name)) for name in placeholders(rule.says)}
                    writer.writerow(
                        [
                            "",
                            row["area_code"],
                            rule.name,
                            rule.level,
                            rule.problem or "",
                            rule.clause,
                            wording.sentence(plan, rule.name, values, current()),
                            json.dumps(shown, ensure_ascii=False),
                        ]
                    )
                    fired[rule.name] += 1
    return fired


@contextmanager
def _quality_run(
    engine: Engine, chosen: Mapping[str, Any], folder: Path, scratch: Path, *, wanted: bool
) -> Iterator[QualityRun | None]:
    """What writes quality.csv beside the screening; None where nobody wants it or the pack has no such rules."""
    if not wanted or not engine.plan.pack.quality:
        yield None
        return
    with _csv(folder / "quality.csv", list(quality_.COLUMNS)) as target:
        about_data = quality_.beside(engine, chosen, lambda query: _copy(engine, query, scratch, target))
        yield about_data
        about_data.finish()


def _quality_counts(pack: Pack, counts: QualityCounts) -> dict[str, Any]:
    """How often each rule about the data fired and stayed unknown."""
    return {
        "findings": {rule: counts.fired[rule] for rule in pack.quality if counts.fired[rule]},
        "unknown": {rule: counts.unknown[rule] for rule in pack.quality if counts.unknown[rule]},
    }


def _parameter_values(plan: Plan) -> dict[str, Any]:
    return {
        name: resolved.everywhere.value if resolved.everywhere else None
        for name, resolved in plan.parameters.items()
    }


def _plain(value: Any) -> Any:
    from decimal import Decimal

    return (
        float(value)
        if isinstance(value, Decimal)
        else value.isoformat()
        if isinstance(value, date)
        else value
    )


def _summary(engine: Engine, facts: Path, tally: _Tally, chosen: Mapping[str, Any]) -> dict[str, Any]:
    plan, pack = engine.plan, engine.plan.pack
    used = _used_parameters(plan)
    areas = {pack.area} if pack.area else set[str]()
    listed = parameters.used(plan.parameters, used, areas)
    return {
        "pack": pack.id, "pack_hash": pack.hash, "extends": list(pack.lineage[:-1]), "on": plan.on.isoformat(), "window": plan.window,
        "set": {name: str(value) for name, value in chosen.items()},
        "parameters": listed,
        "unset": [{"parameter": row["name"], "clause": row["clause"], "ask": _("向上级要这个数的文件号")} for row in listed if row["value"] is None],
        "facts": str(facts), "tables": {name: source.rows for name, source in engine.sources.items()},
        "missing_tables": sorted(name for name, row_set in _needed(plan).items() if name not in plan.present and row_set),
        "missing_columns": _missing_columns(plan),
        "columns_not_known": {name: list(source.extra) for name, source in engine.sources.items() if source.extra},
        "counts": {
            "households": tally.households,
            "findings": {rule: tally.fired[rule] for rule in pack.rules if tally.fired[rule]},
            "unknown": {rule: tally.unknown[rule] for rule in pack.rules if tally.unknown[rule]},
        },
        "result_hash": f"{tally.hash:016x}",
        "engine": "duckdb",
        "versions": {"shouwang": shouwang.__version__, "duckdb": duckdb.__version__, "sqlglot": version("sqlglot")},
    }  # fmt: skip


def _needed(plan: Plan) -> dict[str, bool]:
    """Dictionary tables that the pack reads."""
    return {
        name: bool(plan.pack.aggregates.get(name))
        for name, row_set in plan.row_sets.items()
        if not row_set.of
    }


def _missing_columns(plan: Plan) -> dict[str, list[str]]:
    """Columns that the pack reads and a table that is there lacks as a whole."""
    whole = whole_plan(plan.pack)
    found = {}
    for name, given in (
        ("households", whole.household_given),
        *((n, r.given) for n, r in whole.row_sets.items() if not r.of),
    ):
        lacking = sorted(given - plan.present.get(name, frozenset())) if name in plan.present else []
        if lacking:
            found[name] = lacking
    return found


def _used_parameters(plan: Plan) -> set[str]:
    """Every parameter that some expression of the pack names."""
    pack, found = plan.pack, set[str]()
    texts = [entry for table in (*pack.rows.values(), *pack.aggregates.values()) for entry in table.values()]
    texts += [entry.expression for entry in pack.indicators.values()] + [
        entry.when for entry in pack.focus.values()
    ]
    for rule in pack.rules.values():
        texts += [entry for entry in (rule.when, rule.when_village) if entry is not None]
    for entry in texts:
        found |= read_parameters(parse(entry.text))
    return found | ({"window"} & set(plan.parameters))


__all__ = ["FINDING_COLUMNS", "UNKNOWN_COLUMNS", "Run", "gaps", "screen"]
