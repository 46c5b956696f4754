"""The findings about the data (QLT-1 to QLT-3) of a run: quality.csv, and how often each rule fired or stayed unknown.

One line per household or row that a rule fired on, with the row's own number, who mends it and how serious it is.
What is unknown is counted, not listed: what is missing has rules of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shouwang.language import current
from shouwang.policy import duckdb_quality as queries
from shouwang.policy.duckdb_engine import PARTITION, Engine
from shouwang.policy.pack import QualityRule, Rule

COLUMNS = (
    "household_id",
    "area_code",
    "finding",
    "severity",
    "mends",
    "table",
    "row",
    "clause",
    "says",
    "values",
)


@dataclass
class QualityCounts:
    """Rule → how many households or rows it fired on, and on how many it stayed unknown."""

    fired: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)


def find_quality(
    engine: Engine, write: Callable[[str], None] | None = None, size: int = PARTITION
) -> QualityCounts:
    """Works out every quality rule, partition by partition; ``write`` takes the query of each portion of findings.

    ``engine`` is the one of :meth:`Engine.for_quality`. A portion is what was found about the households, or the rows
    of one table, of one partition; it is ordered by household, rule and row.
    """
    counts, plan = QualityCounts(), engine.plan
    for low, high in engine.bounds(size):
        if plan.per_household:
            _households(engine, counts, write, low, high)
        for table in queries.tables_in_partitions(plan):
            _rows(engine, counts, write, table, low, high)
    for table in queries.tables_at_once(plan):
        _rows(engine, counts, write, table, None, None)
    return counts


Write = Callable[[str], None] | None


def _households(
    engine: Engine, counts: QualityCounts, write: Write, low: str | None, high: str | None
) -> None:
    plan, run = engine.plan, engine.connection.execute
    run(queries.households(plan, engine.relations, low, high))
    some = _count(engine, counts, "judged", list(plan.per_household.values()))
    if some and write is not None:
        run(queries.told_households(plan, engine.relations))
        _write(write, queries.findings_of_households(plan, current()))
    run("DROP TABLE IF EXISTS told; DROP TABLE judged")


def _rows(
    engine: Engine, counts: QualityCounts, write: Write, table: str, low: str | None, high: str | None
) -> None:
    plan, run = engine.plan, engine.connection.execute
    run(queries.rows(plan, table, engine.relations, low, high))
    rules = [plan.pack.quality[name] for name in queries.rules_of(plan, table)]
    some = _count(engine, counts, f"judged_{table}", rules)
    if some and write is not None:
        run(queries.told_rows(plan, table, engine.relations))
        _write(write, queries.findings_of_rows(plan, table, engine.relations, current()))
    run(f"DROP TABLE IF EXISTS told_{table}; DROP TABLE judged_{table}")


def _count(engine: Engine, counts: QualityCounts, relation: str, rules: Sequence[QualityRule | Rule]) -> int:
    """Counts what fired and what is unknown, and lays out ``fired_households``; returns how many fired."""
    chosen = ", ".join(
        f'count(*) FILTER ("{rule.alias}"), count(*) FILTER ("{rule.alias}" IS NULL)' for rule in rules
    )
    row: tuple[Any, ...] = engine.connection.execute(f"SELECT {chosen} FROM {relation}").fetchone() or ()
    for place, rule in enumerate(rules):
        counts.fired[rule.name] += row[2 * place]
        counts.unknown[rule.name] += row[2 * place + 1]
    engine.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE fired_households AS SELECT DISTINCT household_id FROM {relation} WHERE {queries.fired(rules)}"
    )
    return sum(row[::2])


def _write(write: Callable[[str], None], portion: str) -> None:
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    write(f'SELECT {columns} FROM ({portion}) ORDER BY household_id, place, "row"')
