"""The one place that runs the plan on DuckDB: lays out what the SQL rests on, and goes partition by partition.

A partition is a range of household numbers, some ten thousand households; memory stays flat however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy import duckdb_outputs as outputs
from shouwang.policy import gaps
from shouwang.policy.builtins import window_first, window_last
from shouwang.policy.closure import pack_calendar
from shouwang.policy.duckdb_prepared import (
    LAYOUTS,
    key_columns,
    layouts_needed,
    neighbours_read,
    prepared_sql,
    surroundings,
)
from shouwang.policy.duckdb_sql import bit_words, partition_query, village_query
from shouwang.policy.mistakes import nearest
from shouwang.policy.pack import Pack
from shouwang.policy.plan import Plan, build, reads
from shouwang.tables.exchange import Source, open_folder

PARTITION = 200_000  # households
PARTITION_WITH_QUALITY = 200_000
MEMORY_WITH_QUALITY = "850MB"  # what DuckDB may hold when the rows of every table are judged too


@dataclass
class Engine:
    """One folder of facts and one plan on one connection. Use :meth:`open`, then :meth:`partitions`, then the rest."""

    connection: duckdb.DuckDBPyConnection
    sources: dict[str, Source]
    plan: Plan
    relations: dict[str, str]
    laid_out: set[str] = field(default_factory=set)  # layouts of neighbours that are there
    judging: Plan | None = (
        None  # the plan with the quality rules of households beside the others, where they are wanted
    )
    also: set[str] = field(default_factory=set)  # further columns of ``screened``
    bounds_now: tuple[str | None, str | None] = (None, None)  # of the partition that is in ``screened``

    @classmethod
    def open(
        cls,
        folder: Path,
        pack: Pack,
        on: date,
        settings: Mapping[str, Any],
        *,
        memory: str = "320MB",
        scratch: Path | None = None,
    ) -> Engine:
        """Opens the folder, checks it, builds the plan for what is there and lays out kinds, calendar and fences."""
        connection, sources = open_facts(folder, memory=memory, scratch=scratch)
        return cls.over(
            connection,
            {name: source.relation for name, source in sources.items()},
            {name: source.columns for name, source in sources.items()},
            pack,
            on,
            settings,
            sources,
        )

    @classmethod
    def over(
        cls, connection: duckdb.DuckDBPyConnection, relations: Mapping[str, str], columns: Mapping[str, frozenset[str]],
        pack: Pack, on: date, settings: Mapping[str, Any], sources: dict[str, Source] | None = None,
        *, quality: bool = False,
    ) -> Engine:  # fmt: skip
        """The same over relations that are there already (``relations`` and ``columns`` by table)."""
        relations, present = with_households(connection, relations, columns)
        plan = build(pack, on, settings, present, quality=quality)
        engine = cls(connection, sources or {}, plan, relations)
        engine.lay_out()
        return engine

    @cached_property
    def edges(self) -> dict[str, list[gaps.Edge]]:
        """The reasons of each step for being unknown; only who asks for them waits for them."""
        return gaps.all_edges(self.plan)

    @cached_property
    def facts(self) -> list[str]:
        """Every fact that may be missing, in a fixed order."""
        return gaps.facts(self.edges)

    # what the plan rests on

    def lay_out(self) -> None:
        """Makes what the SQL of the plan rests on beside the facts: kinds, calendar, fences, neighbours."""
        pack, connection = self.plan.pack, self.connection
        codes = ", ".join(sorted({outputs.text(kind.counts_as) for kind in pack.kinds.values()}))
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE pack_kinds (kind VARCHAR, counts_as ENUM({codes}), work_place VARCHAR, is_total BOOLEAN)"
        )
        rows = [(kind.code, kind.counts_as, kind.place_of_work, kind.total) for kind in pack.kinds.values()]
        connection.executemany("INSERT INTO pack_kinds VALUES (?, ?, ?, ?)", rows)
        self._check_kinds()
        self._lay_out_calendar()
        if any(name.startswith("cost_fence_") for name in self.plan.household_prepared):
            self.lay_out_fences()
        self._lay_out_neighbours()

    def judge_too(self, plan: Plan, columns: set[str]) -> None:
        """Lets ``screened`` be worked out by a plan that has more beside its own, and have these columns of it too."""
        self.connection.execute(f"SET memory_limit = '{MEMORY_WITH_QUALITY}'")
        self.judging, self.also = plan, columns

    def for_quality(self, pack: Pack, settings: Mapping[str, Any]) -> Engine:
        """The engine of the findings about the data, over the same facts on the same connection."""
        present = dict(self.plan.present)
        return Engine.over(
            self.connection, self.relations, present, pack, self.plan.on, settings, self.sources, quality=True
        )

    def _lay_out_neighbours(self) -> None:
        """What prepared columns know of other households: one relation per layout, made once before the partitions."""
        around = surroundings(self.plan, self.relations)
        for name in layouts_needed(self.plan):
            self.connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {LAYOUTS[name](around)}')
            self.laid_out.add(name)

    def neighbour_values(self, table: str) -> dict[tuple[Any, ...], dict[str, Any]]:
        """Row key (:func:`key_columns`) → neighbour column → value, for the columns of ``table`` that the plan reads."""
        wanted = neighbours_read(self.plan, table)
        if not wanted:
            return {}
        around = surroundings(self.plan, self.relations)
        chosen, joins = [], list[str]()
        for name in wanted:
            prepared = prepared_sql(table, name, around)
            chosen.append(f'{prepared.expression} AS "{name}"')
            joins += [join for join in prepared.joins if join not in joins]
        keys = key_columns(table)
        named = ", ".join(f't."{key}"' for key in keys)
        cursor = self.connection.execute(
            f"SELECT {named}, {', '.join(chosen)} FROM {self.relations[table]} AS t {' '.join(joins)}"
        )
        n = len(keys)
        return {row[:n]: dict(zip(wanted, row[n:], strict=True)) for row in cursor.fetchall()}

    def _check_kinds(self) -> None:
        if "kind" not in self.plan.present.get("income_items", frozenset()):
            return
        unknown = self.connection.execute(
            f"SELECT DISTINCT kind FROM {self.relations['income_items']} WHERE kind IS NOT NULL AND kind NOT IN (SELECT kind FROM pack_kinds) ORDER BY 1 LIMIT 5"
        ).fetchall()
        if unknown:
            kind = str(unknown[0][0])
            raise InputError(
                _("政策包里没有收支类别 {kind}").format(kind=kind),
                where=str(self.sources["income_items"].path.name if self.sources else "income_items"),
                remedy=_("改成政策包里的类别，或在政策包的 income.yaml 里加上它；{near}").format(
                    near=nearest(kind, self.plan.pack.kinds)
                ),
            )

    def _lay_out_calendar(self) -> None:
        if "verify_working_days" not in self.plan.row_sets["alerts"].prepared and not (
            self.plan.village_sets and self.plan.village_sets["unmatched_alerts"].primitives
        ):
            return
        self.connection.execute("CREATE OR REPLACE TEMP TABLE working_days (day DATE, number INTEGER)")
        calendar = pack_calendar(self.plan)
        self.connection.execute(
            f"INSERT INTO working_days SELECT CAST({outputs.text(str(calendar.first))} AS DATE) + CAST(i AS INTEGER), n FROM "
            "(SELECT unnest(?) AS n, generate_subscripts(?, 1) - 1 AS i)",
            [self._counts(calendar)] * 2,
        )

    @staticmethod
    def _counts(calendar: Any) -> list[int]:
        days = (calendar.last - calendar.first).days + 1
        return [calendar.count(calendar.first + timedelta(days=n)) for n in range(days)]

    def lay_out_fences(self) -> None:
        """The upper fence of employment cost by village and place: third quartile and one and a half times the spread."""
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE cost_fences (area_code VARCHAR, work_place VARCHAR, fence DECIMAL(18,4))"
        )
        present = self.plan.present
        if (
            "income_items" not in present
            or not {"kind", "amount", "received_on"} <= present["income_items"]
            or "area_code" not in present["households"]
        ):
            return
        first, last = (
            window_first(self.plan.on, self.plan.window),
            window_last(self.plan.on, self.plan.window),
        )
        realised = "AND coalesce(i.realised, true)" if "realised" in present["income_items"] else ""
        member = "i.member_id" if "member_id" in present["income_items"] else "NULL"
        absent = ""
        if {"member_id"} <= present["income_items"] and {
            "member_id",
            "serving",
            "shares_income",
        } <= present.get("members", frozenset()):
            absent = f"AND (i.member_id IS NULL OR i.member_id NOT IN (SELECT member_id FROM {self.relations['members']} WHERE serving AND NOT shares_income AND member_id IS NOT NULL))"
        costs = [
            outputs.text(kind.code)
            for kind in self.plan.pack.kinds.values()
            if kind.counts_as == "employment_cost" and not kind.total
        ]
        self.connection.execute(f"""
            INSERT INTO cost_fences
            WITH costs AS (
                SELECT i.household_id, {member} AS member_id, k.work_place, sum(i.amount) AS cost
                FROM {self.relations["income_items"]} AS i JOIN pack_kinds AS k ON k.kind = i.kind
                WHERE i.kind IN ({", ".join(costs)}) AND i.received_on BETWEEN DATE '{first}' AND DATE '{last}' {realised} {absent}
                GROUP BY ALL HAVING sum(i.amount) > 0)
            SELECT area_code, work_place, CAST(round(q3 + 1.5 * (q3 - q1), 4) AS DECIMAL(18,4)) FROM (
                SELECT h.area_code, c.work_place, quantile_cont(CAST(c.cost AS DOUBLE), 0.75) AS q3, quantile_cont(CAST(c.cost AS DOUBLE), 0.25) AS q1
                FROM costs AS c JOIN {self.relations["households"]} AS h ON h.household_id = c.household_id
                WHERE h.area_code IS NOT NULL GROUP BY ALL)
        """)

    # partition by partition

    def bounds(self, size: int = PARTITION) -> list[tuple[str | None, str | None]]:
        """Ranges of household numbers of about ``size`` households each; one without bounds where there are fewer."""
        found = self.connection.execute(
            f"SELECT DISTINCT household_id FROM (SELECT household_id, row_number() OVER () AS place FROM {self.relations['households']}) WHERE place > 1 AND place % {size} = 1 ORDER BY 1"
        ).fetchall()
        edges = [None, *(row[0] for row in found), None]
        return list(pairwise(edges))

    def partitions(self, size: int = PARTITION, *, everything: bool = False) -> Iterator[int]:
        """Works out one partition after the other into the table ``screened``; yields its number of households.

        ``screened`` has what a run writes and both bit sets; with ``everything`` every step as well.
        """
        made = ", ".join(["*", *bit_words(self.plan), *outputs.shown_columns(self.plan)])
        wanted = None if everything else outputs.columns_written(self.plan, self.village_columns())
        if wanted is not None:
            wanted |= self.also
        for low, high in self.bounds(size):
            self.bounds_now = low, high
            query = partition_query(self.judging or self.plan, self.relations, low, high, wanted=wanted)
            self.make("screened", f"SELECT {made} FROM ({query})")
            row = self.connection.execute("SELECT count(*) FROM screened").fetchone()
            yield int(row[0]) if row else 0

    def make(self, name: str, query: str) -> None:
        """Puts what a query of the plan works out into the temporary table ``name``, in place of what it had."""
        try:
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
        except duckdb.OutOfRangeException:
            raise InputError(
                _("政策包里有一个算式，算出的数大到放不下"),
                where=self.plan.pack.id,
                remedy=_("不要把几个商连乘；拆成几个指标分别比较"),
            ) from None

    def gaps_of(self, only: str) -> None:
        """Works out, for the household numbers in the relation ``only``, which facts are missing: table ``gaps``."""
        everything = partition_query(self.plan, self.relations, None, None, only=only)
        query = outputs.gaps_query(self.plan, self.edges, self.facts, f"({everything})")
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE gaps AS {query}")

    def hash_of_partition(self) -> int:
        """The sum of a hash of each household's results; sums of partitions add up to that of the run."""
        row = self.connection.execute(
            f"SELECT sum(CAST(md5_number_lower({outputs.canonical(self.plan)}) AS HUGEINT)) FROM screened"
        ).fetchone()
        return int(row[0] or 0) if row else 0

    def village_columns(self) -> list[str]:
        """The household columns that village values read."""
        found = {"household_id", "area_code"}
        for row_set in self.plan.village_sets.values():
            if row_set.table == "households":
                for primitive in row_set.primitives.values():
                    found |= reads(primitive.argument) if primitive.argument is not None else set()
        return sorted(found)

    def village_rows(self, households: str) -> list[dict[str, Any]]:
        """Every village with its values, from a relation that has :meth:`village_columns`."""
        cursor = self.connection.execute(village_query(self.plan, households, self.relations.get("alerts")))
        names = [entry[0] for entry in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def open_facts(
    folder: Path, *, memory: str = "320MB", scratch: Path | None = None
) -> tuple[duckdb.DuckDBPyConnection, dict[str, Source]]:
    """A connection on which the tables of the folder are open and checked."""
    connection = duckdb.connect(
        config={"memory_limit": memory, "threads": 2, "preserve_insertion_order": False}
    )
    if scratch is not None:
        connection.execute(f"SET temp_directory = {outputs.text(str(scratch))}")
    return connection, open_folder(folder, connection, check="basic" if _is_large(folder) else "full")


def with_households(
    connection: duckdb.DuckDBPyConnection, relations: Mapping[str, str], columns: Mapping[str, frozenset[str]]
) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """The relations and their columns, alerts matched with the households they belong to."""
    relations, present = dict(relations), dict(columns)
    if "alerts" in relations:
        relations["alerts"] = _match_alerts(connection, relations, present)
        present["alerts"] = present["alerts"] | {"household_id"}
    return relations, present


def _is_large(folder: Path) -> bool:
    return sum(path.stat().st_size for path in folder.glob("*.*") if path.is_file()) > 20_000_000


def _match_alerts(
    connection: duckdb.DuckDBPyConnection, relations: Mapping[str, str], present: Mapping[str, frozenset[str]]
) -> str:
    """Alerts with the household they belong to: as given, else by an identity number that one household alone has."""
    own = "a.household_id" if "household_id" in present["alerts"] else "CAST(NULL AS VARCHAR)"
    by_number = (
        "members" in relations and "id_number" in present["members"] and "id_number" in present["alerts"]
    )
    excluded = " EXCLUDE (household_id)" if "household_id" in present["alerts"] else ""
    if by_number:
        join = (
            f"LEFT JOIN (SELECT id_number, any_value(household_id) AS household_id FROM {relations['members']} WHERE id_number IN "
            f"(SELECT a.id_number FROM {relations['alerts']} AS a WHERE {own} IS NULL) GROUP BY id_number HAVING count(DISTINCT household_id) = 1) AS m "
            f"ON m.id_number = a.id_number"
        )
        own = f"coalesce({own}, m.household_id)"
    else:
        join = ""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE alerts_matched AS SELECT a.*{excluded}, {own} AS household_id FROM {relations['alerts']} AS a {join}"
    )
    return "alerts_matched"
