"""A world through the pack: DuckDB and the closure, cell by cell beside the oracle's answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from shouwang.policy import duckdb_quality as queries
from shouwang.policy.cases import Case, Facts
from shouwang.policy.closure import compile_plan
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.duckdb_sql import row_rules_query
from shouwang.policy.loading import load
from shouwang.policy.pack import Pack
from shouwang.policy.quality_cases import engine_over, present_tables, with_neighbours
from shouwang.tables.dictionary import TABLES
from tests.oracle.logic import Truth, any3

from .judge import Cell, key_of
from .registry import HOUSEHOLD_RULES, ROW_RULES
from .world import Row, World

OF_NOBODY = ("villages", "accounts", "lists")


@cache
def pack() -> Pack:
    return load("national")


def facts_of(world: World) -> list[Facts]:
    """One per household; what is nobody's stands with the first, for loading it once."""
    found: list[Facts] = []
    for row in world.tables["households"] or []:
        own: dict[str, list[Row] | None] = {}
        for table, rows in world.tables.items():
            if table != "households":
                own[table] = None if rows is None else world.by_household[table].get(row["household_id"], [])
        if not found:
            for table in own:
                rows = world.tables[table]
                if rows is not None:
                    own[table] = [r for r in rows if r.get("household_id") in (None, row["household_id"])]
        found.append(Facts(row, own))
    return found


def through_pack(world: World) -> tuple[dict[Cell, Truth], dict[Cell, Truth]]:
    """What DuckDB and what the closure say of every cell."""
    facts = facts_of(world)
    lacking = {t: frozenset(TABLES[t].by_name) - columns for t, columns in world.columns.items()}
    case = Case(
        "", "national", world.on, dict(world.settings), facts[0], (), {}, (), (), (), "", 0, lacking=lacking
    )
    engine = engine_over(facts, pack(), case)
    return _duckdb(engine, world), _closure(engine, world, facts)


def _gathered(
    engine: Engine, rows: Iterator[tuple[str, str | None, Row, Truth]], world: World
) -> dict[Cell, Truth]:
    """Rows (rule, table, row, result) gathered per household; rows of nobody's stand for themselves."""
    there = {"households", *present_tables(engine.plan)}
    found: dict[Cell, list[Truth]] = {}
    for rule in engine.plan.pack.quality.values():
        for household_id in world.households if rule.name in HOUSEHOLD_RULES else ():
            found[household_id, rule.name] = [] if there & set(rule.of) else [None]
    for name, table, row, result in rows:
        household = row.get("household_id")
        if household in world.households and name in HOUSEHOLD_RULES and table not in OF_NOBODY:
            found[household, name].append(result)
        elif table in {t for t, _ask in ROW_RULES.values()}:
            found[table, key_of(str(table), row), name] = [result]
    return {cell: any3(results) for cell, results in found.items()}


def _duckdb(engine: Engine, world: World) -> dict[Cell, Truth]:
    def rows() -> Iterator[tuple[str, str | None, Row, Truth]]:
        plan = engine.plan
        names = {rule.alias: rule.name for rule in plan.pack.quality.values()}
        sources = [(None, "SELECT * FROM judged")]
        for table in present_tables(plan):
            wanted = {"household_id", "area_code", "year", "list_id", "national_id"} & set(
                TABLES[table].by_name
            )
            wanted |= {plan.pack.quality[name].alias for name in queries.rules_of(plan, table)}
            sources.append((table, row_rules_query(plan, table, engine.relations, None, None, wanted=wanted)))  # type: ignore[arg-type]
        for source, query in sources:
            cursor = engine.connection.execute(query)
            columns = [c[0] for c in cursor.description or ()]
            for values in cursor.fetchall():
                row: dict[str, Any] = dict(zip(columns, values, strict=True))
                for alias in set(columns) & set(names):
                    yield names[alias], source, row, row[alias]

    return _gathered(engine, rows(), world)


def _closure(engine: Engine, world: World, facts: list[Facts]) -> dict[Cell, Truth]:
    closure = compile_plan(engine.plan)
    neighbours = {table: engine.neighbour_values(table) for table in engine.relations}
    nobodys: dict[str, list[Row] | None] = {table: world.tables[table] for table in OF_NOBODY}

    def rows() -> Iterator[tuple[str, str | None, Row, Truth]]:
        for one in facts:
            own = with_neighbours(Facts(one.household, {**one.tables, **nobodys}), neighbours)
            values = closure.evaluate(own.household, own.tables)
            for rule in closure.plan.per_household.values():
                yield rule.name, None, one.household, values[rule.alias]
            tables = {id(r): t for t, rows in own.tables.items() for r in rows or ()}
            for name, row, result in closure.row_results(own.household, own.tables):
                yield name, _table(row, closure.plan.pack.quality[name].row_tables, tables), dict(row), result

    return _gathered(engine, rows(), world)


def _table(row: Mapping[str, Any], of: tuple[str, ...], _tables: Mapping[int, str]) -> str:
    """The table of a row that a rule judged: by its key where the rule is of several."""
    for table in of:
        if TABLES[table].key and row.get(TABLES[table].key) is not None and len(of) > 1:
            return table
    return of[0]
