"""The findings about the data within a :class:`shouwang.policy.rescreening.Screening`.

A household is judged at once by the closure, with what is known of its neighbours. A refresh lays out all columns of
neighbours again (they may reach any other household: an identity number, a plan, an interviewer) and judges only the
households for whose rows one of them is not what it was. Rows that belong to no household are few: their tables are
judged as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shouwang.policy import duckdb_quality as queries
from shouwang.policy.cases import Facts
from shouwang.policy.closure import compile_plan
from shouwang.policy.duckdb_engine import Engine, with_households
from shouwang.policy.duckdb_prepared import key_columns
from shouwang.policy.plan import Plan
from shouwang.policy.prepared import PREPARED
from shouwang.policy.quality_cases import with_neighbours
from shouwang.policy.rescreening.facts import FactTables
from shouwang.tables.dictionary import TABLES

DataFinding = tuple[
    str, str, str
]  # rule, table, number of the row ('' where the table has none, and for households)


class DataFindings:
    """What is wrong with the data of each household, and of the rows that belong to none."""

    def __init__(self, engine: Engine, settings: Mapping[str, Any], facts: FactTables) -> None:
        self.engine = engine.for_quality(engine.plan.pack, settings)
        self.facts = facts
        self.closure = compile_plan(self.engine.plan)
        self.stale = _resting_on_neighbours(self.engine.plan)
        self._rules_of_rows = _rules_of_rows(self.engine.plan)
        self.neighbours = self._neighbours()
        self.of_households: dict[str, frozenset[DataFinding]] = {}
        self.of_rows: frozenset[DataFinding] = frozenset()
        self._judge_all()

    def judge(self, facts: Facts) -> frozenset[DataFinding]:
        """The findings about one household's data, with its neighbours as last known."""
        known = with_neighbours(facts, self.neighbours)
        values = self.closure.evaluate(known.household, known.tables)
        found = {
            (rule.name, "households", "")
            for rule in self.engine.plan.per_household.values()
            if values[rule.alias] is True
        }
        rows = self.closure.rows({**known.tables, "households": [known.household]}, self.closure.context)
        for table, key, rules in self._rules_of_rows:
            for row in rows.get(table, ()):
                found |= {
                    (rule, table, str(row.get(key) or "")) for rule, alias in rules if row[alias] is True
                }
        return frozenset(found)

    def refresh(self, changed: Mapping[str, Facts | None]) -> set[str]:
        """Follows changes that are laid over the facts; gives the households whose neighbours' columns moved."""
        columns = {name: frozenset(self.engine.plan.present[name]) for name in self.facts.relations}
        relations, _present = with_households(self.engine.connection, self.facts.relations, columns)
        self.engine.relations.update(relations)
        self.engine.lay_out()
        before, self.neighbours = self.neighbours, self._neighbours()
        moved = self._moved(before) - changed.keys()
        for household_id in changed:
            self.of_households.pop(household_id, None)
        self.of_rows = self._judge_rows()
        return moved

    def take(self, judged: Iterable[tuple[str, frozenset[DataFinding]]]) -> None:
        """Keeps the findings of households that were judged again."""
        for household_id, found in judged:
            self.of_households[household_id] = found

    def all(self) -> set[tuple[str, ...]]:
        """Household ('' for the rows judged as a whole), rule, table, row: everything that is found."""
        listed = {
            (household_id, *finding)
            for household_id, found in self.of_households.items()
            for finding in found
        }
        return listed | {("", *finding) for finding in self.of_rows}

    def _neighbours(self) -> dict[str, dict[tuple[Any, ...], dict[str, Any]]]:
        found = {table: self.engine.neighbour_values(table) for table in self.facts.columns}
        return {table: values for table, values in found.items() if values}

    def _moved(self, before: Mapping[str, Mapping[tuple[Any, ...], Any]]) -> set[str]:
        """The households with a row whose columns of neighbours are not what they were."""
        found: set[str] = set()
        for table, now in self.neighbours.items():
            was = before.get(table, {})
            keys = {key for key, values in now.items() if was.get(key) != values}
            if keys:
                names = ", ".join(f'"{name}"' for name in key_columns(table))
                rows = self.engine.connection.execute(
                    f"SELECT household_id, {names} FROM now_{table}"
                ).fetchall()
                found |= {row[0] for row in rows if row[1:] in keys and row[0] is not None}
        return found

    def _judge_all(self) -> None:
        plan, connection, relations = self.engine.plan, self.engine.connection, self.engine.relations
        found: dict[str, set[DataFinding]] = {}
        for low, high in self.engine.bounds():
            portions = []
            if plan.per_household:
                connection.execute(queries.households(plan, relations, low, high))
                portions.append(queries.found(plan, "households"))
            for table in queries.tables_in_partitions(plan):
                connection.execute(queries.rows(plan, table, relations, low, high))
                portions.append(queries.found(plan, table))
            for household_id, *finding in self._findings(portions):
                found.setdefault(household_id, set()).add((finding[0], finding[1], finding[2]))
        self.of_households = {household_id: frozenset(findings) for household_id, findings in found.items()}
        self.of_rows = self._judge_rows()

    def _judge_rows(self) -> frozenset[DataFinding]:
        plan, relations, portions = self.engine.plan, self.engine.relations, []
        for table in queries.tables_at_once(plan):
            self.engine.connection.execute(queries.rows(plan, table, relations, None, None))
            portions.append(queries.found(plan, table))
        return frozenset((rule, table, row) for _household, rule, table, row in self._findings(portions))

    def _findings(self, portions: list[str]) -> list[tuple[str, str, str, str]]:
        portions = [portion for portion in portions if portion]
        if not portions:
            return []
        together = " UNION ALL ".join(f"({portion})" for portion in portions)
        return self.engine.connection.execute(
            f'SELECT household_id, finding, "table", "row" FROM ({together})'
        ).fetchall()


def _resting_on_neighbours(plan: Plan) -> frozenset[str]:
    """The rules that may change with a refresh, whatever household it is that changed."""
    read = {table: row_set.prepared for table, row_set in plan.row_rules.items()}
    read["households"] = plan.household_prepared
    resting = {
        table for table, names in read.items() if any(PREPARED[table][name].neighbours for name in names)
    }
    return frozenset(rule.name for rule in plan.pack.quality.values() if resting & set(rule.of))


def _rules_of_rows(plan: Plan) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Table, its key, and the rules of its rows with their aliases; tables that are judged as a whole left out."""
    tables = [table for table in plan.row_rules if table not in queries.AT_ONCE]
    return [
        (
            table,
            TABLES[table].key,
            [(rule.name, rule.alias) for rule in plan.pack.quality.values() if table in rule.row_tables],
        )
        for table in tables
    ]
