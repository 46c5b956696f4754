"""The findings about the data (QLT-1 to QLT-3) of a run: quality.csv, and how often each rule fired or stayed unknown.

One line per household or row that a rule fired on, with the row's own number, who mends it and how serious it is.
What is unknown is counted, not listed: what is missing has rules of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shouwang.language import current
from shouwang.policy import duckdb_quality as queries
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.pack import QualityRule, Rule
from shouwang.policy.plan import build

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


Write = Callable[[str], None]


@dataclass
class QualityRun:
    """Works out the quality rules beside a screening; ``write`` takes the query of each portion of findings.

    ``engine`` is the one of the findings about the data (:func:`beside`). A portion is what was found about the households, or the
    rows of one table, of one partition; it is ordered by household, rule and row.
    """

    engine: Engine
    write: Write
    counts: QualityCounts = field(default_factory=QualityCounts)

    def partition(self, low: str | None, high: str | None, judged: str = "screened") -> None:
        """The households of a range, whose results stand in the table ``judged`` (dropped then), and the rows that are theirs."""
        plan = self.engine.plan
        rules = list(plan.per_household.values())
        if rules and self._some(judged, rules):
            self._run(queries.told_households(plan, judged))
            self._portion(queries.findings_of_households(plan, current()), "told")
        self._run(f"DROP TABLE {judged}")  # it is large, and the rows need the room
        for table in queries.tables_in_partitions(plan):
            self._rows(table, low, high)

    def finish(self) -> None:
        """The rows of tables that belong to no household, or are judged against one another."""
        for table in queries.tables_at_once(self.engine.plan):
            self._rows(table, None, None)

    def _rows(self, table: str, low: str | None, high: str | None) -> None:
        plan = self.engine.plan
        self._run(queries.rows(plan, table, self.engine.relations, low, high))
        if self._some(f"judged_{table}", [plan.pack.quality[name] for name in queries.rules_of(plan, table)]):
            self._run(queries.told_rows(plan, table, self.engine.relations, low, high))
            self._portion(
                queries.findings_of_rows(plan, table, self.engine.relations, current()), f"told_{table}"
            )
        self._run(f"DROP TABLE judged_{table}")

    def _run(self, query: str) -> None:
        self.engine.connection.execute(query)

    def _portion(self, query: str, told: str) -> None:
        columns = ", ".join(f'"{name}"' for name in COLUMNS)
        self.write(f'SELECT {columns} FROM ({query}) ORDER BY household_id, place, "row"')
        self._run(f"DROP TABLE {told}")

    def _some(self, relation: str, rules: Sequence[QualityRule | Rule]) -> bool:
        """Counts what fired and what is unknown, and lays out ``fired_households``; whether anything fired."""
        chosen = ", ".join(
            f'count(*) FILTER ("{rule.alias}"), count(*) FILTER ("{rule.alias}" IS NULL)' for rule in rules
        )
        row: tuple[Any, ...] = (
            self.engine.connection.execute(f"SELECT {chosen} FROM {relation}").fetchone() or ()
        )
        for place, rule in enumerate(rules):
            self.counts.fired[rule.name] += row[2 * place]
            self.counts.unknown[rule.name] += row[2 * place + 1]
        some = any(row[::2])
        if some:
            self._run(
                f"CREATE OR REPLACE TEMP TABLE fired_households AS SELECT DISTINCT household_id FROM {relation} WHERE {queries.fired(rules)}"
            )
        return some


def beside(engine: Engine, settings: Mapping[str, Any], write: Write) -> QualityRun:
    """What works out the quality rules beside a screening by ``engine``, whose partitions then judge both at once."""
    about_data = engine.for_quality(engine.plan.pack, settings)
    engine.judge_too(
        build(engine.plan.pack, engine.plan.on, settings, dict(engine.plan.present), with_quality=True),
        queries.columns_told(about_data.plan),
    )
    return QualityRun(about_data, write)
