"""The findings about the data (QLT-1 to QLT-3) of a run: quality.csv, and how often each rule fired or stayed unknown.

One line per household or row that a rule fired on, with the row's own number, who mends it and how serious it is.
What is unknown is counted, not listed: what is missing has rules of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shouwang.language import current
from shouwang.policy import duckdb_quality as queries
from shouwang.policy.duckdb_engine import PARTITION, Engine

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

    ``engine`` is the one of :meth:`Engine.for_quality`. Findings come ordered by household, rule and row within a
    portion.
    """
    counts, plan = QualityCounts(), engine.plan
    for low, high in engine.bounds(size):
        portions = []
        if plan.per_household:
            engine.connection.execute(queries.households(plan, engine.relations, low, high))
            _count(engine, counts, "judged", [rule.name for rule in plan.per_household.values()])
            portions.append(queries.findings_of_households(plan, current()))
        for table in queries.tables_in_partitions(plan):
            portions.append(_rows(engine, counts, table, low, high))
        _write(write, portions)
    _write(write, [_rows(engine, counts, table, None, None) for table in queries.tables_at_once(plan)])
    return counts


def _rows(engine: Engine, counts: QualityCounts, table: str, low: str | None, high: str | None) -> str:
    plan = engine.plan
    engine.connection.execute(queries.rows(plan, table, engine.relations, low, high))
    _count(engine, counts, f"judged_{table}", queries.rules_of(plan, table))
    return queries.findings_of_rows(plan, table, engine.relations, current())


def _count(engine: Engine, counts: QualityCounts, relation: str, rules: list[str]) -> None:
    aliases = [engine.plan.pack.quality[rule].alias for rule in rules]
    chosen = ", ".join(f'count(*) FILTER ("{a}"), count(*) FILTER ("{a}" IS NULL)' for a in aliases)
    row: tuple[Any, ...] = engine.connection.execute(f"SELECT {chosen} FROM {relation}").fetchone() or ()
    for place, rule in enumerate(rules):
        counts.fired[rule] += row[2 * place]
        counts.unknown[rule] += row[2 * place + 1]


def _write(write: Callable[[str], None] | None, portions: list[str]) -> None:
    if write is not None and portions:
        columns = ", ".join(f'"{name}"' for name in COLUMNS)
        together = " UNION ALL ".join(f"({portion})" for portion in portions)
        write(f'SELECT {columns} FROM ({together}) ORDER BY household_id, place, "row"')
