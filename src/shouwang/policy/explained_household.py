"""One household with everything that a plan works out for it, row by row and value by value.

The closure gives the household's values. What it keeps to itself, the values of single rows (does this item count?),
is worked out here from the same lowered trees, one expression at a time: this runs when somebody looks, not in a run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlglot import exp

from shouwang.policy.closure import Closure, aggregate_of, evaluate_one
from shouwang.policy.expressions import Node, Primitive, Scope, Value, column, lower
from shouwang.policy.plan import Plan, RowSet, Step, absent, reference
from shouwang.policy.prepared import PREPARED, Context
from shouwang.policy.types import of_column
from shouwang.tables.dictionary import TABLES

Row = Mapping[str, Any]


class _Known(dict[str, Any]):
    """Values by name; what is not there is unknown."""

    def __missing__(self, key: str) -> None:
        return None


@dataclass
class Household:
    """The facts of one household and what the plan makes of them.

    ``row`` is its row of ``households``; ``tables`` its rows of the others, None where a table is missing as a
    whole; ``fences`` the upper fence of employment cost by village and place (yuan).
    """

    closure: Closure
    row: Row
    tables: Mapping[str, Sequence[Row] | None]
    fences: Mapping[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        return self.closure.plan

    @property
    def area(self) -> str:
        """The village code, or the area of the pack where the household has none."""
        return str(self.row.get("area_code") or self.plan.pack.area)

    @cached_property
    def values(self) -> dict[str, Any]:
        """Every value of the household by name, as the closure gives them."""
        return _Known(self.closure.evaluate(self.row, self.tables, self.fences))

    @cached_property
    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Row set → its rows with the values of the plan's row steps; groups have one row per group."""
        context = Context(
            self.closure.context.on, self.closure.context.window_first, self.closure.context.window_last,
            self.closure.context.kinds, self.closure.context.calendar, self.fences,
        )  # fmt: skip
        found: dict[str, list[dict[str, Any]]] = {}
        for row_set in self.plan.row_sets.values():
            rows = self._grouped(row_set, found) if row_set.of else self._given(row_set, context)
            for row in rows:
                for step in row_set.steps:
                    row[step.name] = evaluate(step.value, row)
            found[row_set.name] = rows
        return found

    def _given(self, row_set: RowSet, context: Any) -> list[dict[str, Any]]:
        rows = []
        for given in self.tables.get(row_set.table) or ():
            row: dict[str, Any] = _Known(given)
            row.update(
                {
                    name: PREPARED[row_set.table][name].work_out(given, self.tables, context)
                    for name in sorted(row_set.prepared)
                }
            )
            rows.append(row)
        return rows

    def _grouped(self, row_set: RowSet, found: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
        groups: dict[Any, list[dict[str, Any]]] = {}
        for row in found[row_set.of] if row_set.grouped_steps else ():
            if row_set.where is None or evaluate(row_set.where, row) is True:
                groups.setdefault(row[row_set.by], []).append(row)
        rows = []
        for key, members in groups.items():
            group: dict[str, Any] = _Known({row_set.by: key})
            group.update(
                {primitive.name: aggregate(primitive, members) for primitive in row_set.grouped.values()}
            )
            for step in row_set.grouped_steps:
                group[step.name] = evaluate(step.value, group)
            rows.append(group)
        return rows

    @cached_property
    def symbols(self) -> dict[str, Value]:
        """What expressions of households may name, so that parts of their texts can be worked out too."""
        there = self.plan.present.get("households", frozenset())
        found: dict[str, Value] = {}
        for entry in TABLES["households"].columns:
            kind = of_column(entry)
            if kind is not None:
                found[entry.name] = Value(kind, column(entry.name)) if entry.name in there else absent(kind)
        for prepared in PREPARED["households"].values():
            known = all(need in there for need in prepared.needs)
            found[prepared.name] = (
                Value(prepared.type, column(prepared.name)) if known else absent(prepared.type)
            )
        for step in self.plan.household:
            lacking = step.kind == "aggregate" and isinstance(step.value.node, exp.Null)
            found[step.name] = absent(step.value.type) if lacking else reference(step.name, step.value)
        return found

    def worked(self, tree: Node) -> Any:
        """The value of a part of a household expression; a quotient gives True, False or None only in comparisons."""
        value = lower(
            tree, Scope(self.symbols, {name: entry.value for name, entry in self.plan.parameters.items()})
        )
        return evaluate(value, self.values)

    @cached_property
    def aggregates(self) -> dict[str, tuple[RowSet, Primitive]]:
        """Name of a primitive aggregate → the row set it runs over and itself."""
        return {
            p.name: (row_set, p)
            for row_set in self.plan.row_sets.values()
            for p in row_set.primitives.values()
        }

    def shown(self, name: str) -> Any:
        """A value as people see it: rounded half up at the very end; a parameter as it holds in this place."""
        if self.plan.step(name) is not None:
            return self.closure.shown_one(name, self.values)
        if name in self.plan.parameters:
            return self.plan.parameters[name].at(self.area)
        return self.values[name] if name in self.values else self.row.get(name)

    def is_rounded(self, name: str) -> bool:
        """Whether what people see differs from the value that rules compare."""
        step = self.plan.step(name)
        shown = self.shown(name)
        if step is None or shown is None or not step.value.type.numeric:
            return False
        if step.value.denominator is not None:
            return bool(shown * self.values[f"{name}__d"] != self.values[f"{name}__n"])
        return bool(shown != self.values[name])

    def result(self, step: Step) -> Any:
        """The value of a step: None where it is unknown."""
        return self.shown(step.name) if step.value.denominator is not None else self.values[step.name]


def evaluate(value: Value, row: Mapping[str, Any]) -> Any:
    """A lowered value over one row: a number, a word, a date, a truth value, or None where it is unknown."""
    return evaluate_one(value, row if isinstance(row, _Known) else _Known(row))


def aggregate(primitive: Primitive, rows: Sequence[Mapping[str, Any]]) -> Any:
    """One aggregate over rows."""
    if primitive.argument is None:
        return len(rows)
    listed = [evaluate(primitive.argument, row) for row in rows]
    return aggregate_of(primitive.function, listed)
