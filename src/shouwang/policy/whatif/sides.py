"""One side of a what-if on the connection that both sides share: its plan, and what its SQL rests on.

What the SQL of a plan rests on beside the facts (kinds, calendar, fences …) stands in tables of fixed names. Where two
sides differ in it each keeps a copy, and :meth:`Side.enter` puts its own in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from shouwang.policy.builtins import window_first, window_last
from shouwang.policy.columns.base import Surroundings
from shouwang.policy.duckdb_engine import Engine, open_facts, with_households
from shouwang.policy.duckdb_prepared import LAYOUTS, layouts_needed
from shouwang.policy.duckdb_sql import partition_query
from shouwang.policy.plan import Plan, build, narrowed
from shouwang.policy.whatif.changes import Terms
from shouwang.policy.whatif.signatures import Signatures, calendar_signature, kinds_signature
from shouwang.tables.exchange import Source

_LAID = ("pack_kinds", "working_days", "cost_fences")


@dataclass
class OpenedFacts:
    """The tables of an exchange folder on one connection, opened and checked once for both sides."""

    connection: duckdb.DuckDBPyConnection
    sources: dict[str, Source]
    relations: dict[str, str]
    present: dict[str, frozenset[str]]
    laid: str = ""  # whose kinds, calendar, fences … stand in place

    @classmethod
    def open(cls, folder: Path, scratch: Path | None = None) -> OpenedFacts:
        """Opens the folder; InputError for what cannot be used."""
        connection, sources = open_facts(folder, scratch=scratch)
        relations = {name: source.relation for name, source in sources.items()}
        columns = {name: source.columns for name, source in sources.items()}
        return cls(connection, sources, *with_households(connection, relations, columns))


@dataclass
class Side:
    """A plan over the opened facts. ``name`` is short and tells its tables from those of other sides."""

    name: str
    terms: Terms
    facts: OpenedFacts
    plan: Plan
    signatures: Signatures
    _laid_out: set[str] = field(default_factory=set)  # fingerprints of which this side has copies
    _narrowed: dict[frozenset[str], Plan] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, terms: Terms, facts: OpenedFacts) -> Side:
        """Plans a side; PackError where the pack cannot be used on the facts."""
        plan = build(terms.pack, terms.on, terms.settings, facts.present)
        return cls(name, terms, facts, plan, Signatures(plan, facts.relations))

    def rows(
        self, names: Iterable[str], columns: Mapping[str, str], low: str | None = None, high: str | None = None, only: str = ""
    ) -> str:  # fmt: skip
        """The query for household values of a range of households: household_id, area_code, and ``columns``.

        ``names`` are the values to work out, ``columns`` maps their columns to the names under which they are wanted.
        Puts in place what the query rests on: run it before another side is asked.
        """
        key = frozenset(names)
        if key not in self._narrowed:
            self._narrowed[key] = narrowed(self.plan, key)
        plan = self._narrowed[key]
        self.enter(plan)
        wanted = {"household_id", "area_code", *columns}
        query = partition_query(plan, self.facts.relations, low, high, wanted=wanted, only=only)
        area = "area_code" if "area_code" in plan.household_given else "CAST(NULL AS VARCHAR) AS area_code"
        chosen = ", ".join(f'"{column}" AS {name}' for column, name in columns.items())
        return f"SELECT household_id, {area}{', ' if chosen else ''}{chosen} FROM ({query})"

    def engine(self, plan: Plan | None = None) -> Engine:
        """The engine of this side; what the plan rests on is not yet in place."""
        return Engine(self.facts.connection, self.facts.sources, plan or self.plan, self.facts.relations)

    def enter(self, plan: Plan | None = None) -> None:
        """Puts in place what the plan rests on beside the facts, from this side's copy where it has one."""
        plan = plan or self.plan
        print_ = self._fingerprint(plan)
        if self.facts.laid == print_:
            return
        engine = self.engine(plan)
        if print_ in self._laid_out:
            for name in self._tables(plan):
                engine.connection.execute(
                    f'CREATE OR REPLACE TEMP TABLE "{name}" AS FROM "{self.name}__{name}"'
                )
        else:
            engine.lay_out()
            for name in self._tables(plan):
                engine.connection.execute(
                    f'CREATE OR REPLACE TEMP TABLE "{self.name}__{name}" AS FROM "{name}"'
                )
            self._laid_out = {print_}
        self.facts.laid = print_

    @staticmethod
    def _tables(plan: Plan) -> list[str]:
        fences = any(name.startswith("cost_fence_") for name in plan.household_prepared)
        return [name for name in _LAID if name != "cost_fences" or fences] + layouts_needed(plan)

    def _fingerprint(self, plan: Plan) -> str:
        """What the tables of :meth:`_tables` are made from."""
        around = Surroundings(plan.on, plan.window, self.facts.relations, plan.present, plan.parameters)
        pack = plan.pack
        parts = [
            kinds_signature(pack),
            calendar_signature(pack),
            *(LAYOUTS[name](around) for name in layouts_needed(plan)),
        ]
        if "cost_fences" in self._tables(plan):
            parts += [str(window_first(plan.on, plan.window)), str(window_last(plan.on, plan.window))]
        parts.append(str("verify_working_days" in plan.row_sets["alerts"].prepared))
        return "|".join(parts)
