"""Cases about the data: run through the closure and through DuckDB; both must give what the case expects.

A column that a case leaves out is empty, a table that it leaves out is not there; ``lacking`` names columns that the
data lack as a whole. A case with a ``village``, with ``lacking`` or ``alone: true`` stands alone, for what it says of
neighbours or lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import duckdb

from shouwang.policy import duckdb_quality as queries
from shouwang.policy import parameters
from shouwang.policy.case_tables import load_tables, renumbered
from shouwang.policy.cases import Case, Facts, Failure, compare_rules
from shouwang.policy.closure import Closure, compile_plan
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.duckdb_prepared import key_columns
from shouwang.policy.pack import Pack
from shouwang.policy.plan import Plan
from shouwang.tables.dictionary import TABLES

Results = dict[str, bool | None]


def group(case: Case) -> tuple[Any, ...]:
    """What cases must share to be run together."""
    alone = (case.file, case.line) if case.village or case.alone or case.lacking else ()
    settings = tuple(sorted((name, str(value)) for name, value in case.settings.items()))
    return (case.pack, case.on, settings, frozenset(case.facts.present), alone)


def run_together(cases: Sequence[Case], pack: Pack) -> list[Failure]:
    """What these cases fail on, for each of the two backends; an empty list where all pass."""
    first = cases[0]
    named = {rule for case in cases for rule in case.about_quality}  # the others would only cost time
    pack = replace(pack, quality={name: rule for name, rule in pack.quality.items() if name in named})
    facts = (
        [renumbered(case.facts, place) for place, case in enumerate(cases, 1)]
        if len(cases) > 1
        else [first.facts]
    )
    engine = engine_over([*facts, *first.village], pack, first)
    closure = compile_plan(engine.plan)
    neighbours = {table: engine.neighbour_values(table) for table in engine.relations}
    found = []
    for case, own in zip(cases, facts, strict=True):
        for where, results in (
            ("DuckDB", through_duckdb(engine, own)),
            ("closure", through_closure(closure, with_neighbours(own, neighbours))),
        ):
            messages = compare_rules(
                (case.quality, case.quality_absent, case.quality_unknown, case.quality_ruled_out), results
            )
            if messages:
                found.append(Failure(case, where, messages))
    return found


def engine_over(households: Sequence[Facts], pack: Pack, case: Case) -> Engine:
    """The quality engine over these households, with all columns there but those that the case lacks; worked out."""
    settings = {name: parameters.checked(pack, name, value) for name, value in case.settings.items()}
    present = {
        name: frozenset(TABLES[name].by_name) - case.lacking.get(name, frozenset())
        for name in case.facts.present
    }
    connection = duckdb.connect(config={"threads": 1})
    relations = load_tables(connection, present, households)
    engine = Engine.over(connection, relations, present, pack, case.on, settings, quality=True)
    plan = engine.plan
    if plan.per_household:
        connection.execute(queries.households(plan, engine.relations, None, None))
    for table in present_tables(plan):
        connection.execute(queries.rows(plan, table, engine.relations, None, None))
    return engine


def with_neighbours(
    facts: Facts, neighbours: Mapping[str, Mapping[tuple[Any, ...], Mapping[str, Any]]]
) -> Facts:
    """The facts with what is known of neighbours, as every backend but the one that works it out is given it."""

    def joined(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
        key = tuple(row.get(name) for name in key_columns(table)) if neighbours.get(table) else ()
        return {**row, **neighbours.get(table, {}).get(key, {})}

    tables = {
        name: None if rows is None else [joined(name, row) for row in rows]
        for name, rows in facts.tables.items()
    }
    return Facts(joined("households", facts.household), tables)


def through_duckdb(engine: Engine, facts: Facts) -> Results:
    """Every rule's result for one household: of its rows, yes where one row says yes, else unknown where one is.

    A table that is not there says nothing; where none of a rule's tables is, the rule is unknown.
    """
    plan, household_id = engine.plan, facts.household["household_id"]
    found: dict[str, list[bool | None]] = {name: [] for name in plan.pack.quality}
    rules = list(plan.per_household.values())
    if rules:
        chosen = ", ".join(f'"{rule.alias}"' for rule in rules)
        row = engine.connection.execute(
            f"SELECT {chosen} FROM judged WHERE household_id = ?", [household_id]
        ).fetchone()
        for rule, result in zip(rules, row or (), strict=True):
            found[rule.name].append(result)
    for table in present_tables(plan):
        own = "" if table in queries.AT_ONCE else f" WHERE household_id = '{household_id}'"
        names = queries.rules_of(plan, table)
        chosen = ", ".join(f'"{plan.pack.quality[name].alias}"' for name in names)
        for row in engine.connection.execute(f"SELECT {chosen} FROM judged_{table}{own}").fetchall():
            for name, result in zip(names, row, strict=True):
                found[name].append(result)
    return _together(plan, found)


def through_closure(closure: Closure, facts: Facts) -> Results:
    """The same by the closure."""
    plan = closure.plan
    values = closure.evaluate(facts.household, facts.tables)
    found: dict[str, list[bool | None]] = {name: [] for name in plan.pack.quality}
    for rule in plan.per_household.values():
        found[rule.name].append(values[rule.alias])
    for name, _row, result in closure.row_results(facts.household, facts.tables):
        found[name].append(result)
    return _together(plan, found)


def present_tables(plan: Plan) -> list[str]:
    """The tables that are there and whose rows are judged."""
    return [*queries.tables_in_partitions(plan), *queries.tables_at_once(plan)]


def _together(plan: Plan, found: Mapping[str, Sequence[bool | None]]) -> Results:
    there = {"households", *present_tables(plan)}
    return {
        rule.name: _any(found[rule.name]) if there & set(rule.of) else None
        for rule in plan.pack.quality.values()
    }


def _any(results: Iterable[bool | None]) -> bool | None:
    known = list(results)
    return True if True in known else None if None in known else False
