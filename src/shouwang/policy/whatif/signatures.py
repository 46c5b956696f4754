"""When two plans work out the same: a signature per value, over everything that it rests on.

Two household values with the same signature are the same for every household, whatever the facts. What differs in
name only (the numbering of aggregates, say) has the same signature; what reads a changed number, day, kind or text,
however far below, has another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlglot import exp

from shouwang.policy.builtins import window_first, window_last
from shouwang.policy.columns.base import Surroundings
from shouwang.policy.duckdb_prepared import LAYOUTS, prepared_sql
from shouwang.policy.duckdb_sql import sql, sql_type
from shouwang.policy.expressions import Node, Primitive, Value, column
from shouwang.policy.pack import Pack
from shouwang.policy.plan import Plan, RowSet, Step
from shouwang.policy.prepared import PREPARED

Resolve = Callable[[str], str]
_NAME = re.compile(r'"([^"]+)"')


class Signatures:
    """Signatures of the values of one plan; ``relations`` as the engine has them."""

    def __init__(self, plan: Plan, relations: Mapping[str, str]) -> None:
        self.plan = plan
        self.around = Surroundings(plan.on, plan.window, relations, plan.present, plan.parameters)
        self._kinds = kinds_signature(plan.pack)
        self._calendar = calendar_signature(plan.pack)
        self._known: dict[tuple[str, str], str] = {}
        self._primitives = {
            primitive.name: (row_set, primitive)
            for row_set in (*plan.row_sets.values(), *plan.village_sets.values())
            for primitive in row_set.primitives.values()
        }
        self._rows: dict[str, dict[str, Step]] = {
            name: {step.name: step for step in row_set.steps} for name, row_set in plan.row_sets.items()
        }

    def of(self, name: str) -> str:
        """The signature of a household value: a step, a given or prepared column, a parameter that differs by place."""
        return self._once("", name, lambda: self._household(name))

    def of_village(self, name: str) -> str:
        """The signature of a village value."""
        steps = {step.name: step for step in self.plan.village}
        return self._once("village", name, lambda: self._village(name, steps))

    def _once(self, floor: str, name: str, work_out: Callable[[], str]) -> str:
        key = (floor, name)
        if key not in self._known:
            self._known[key] = work_out()
        return self._known[key]

    def _household(self, name: str) -> str:
        step = self.plan.step(name) or self.plan.step(name.removesuffix("__n").removesuffix("__d"))
        if step is not None:
            return _digest(step.name, name, self._value(step.value, self.of))
        if name in self._primitives:
            return self._aggregate(*self._primitives[name])
        if name.startswith("parameter__"):
            return _digest(name, by_place(self.plan, name.removeprefix("parameter__")), self.plan.pack.area)
        if name in self.plan.household_prepared:
            return self._prepared("households", name)
        return _digest("given", name)

    def _village(self, name: str, steps: Mapping[str, Step]) -> str:
        if name in steps:
            return _digest(name, self._value(steps[name].value, self.of_village))
        if name in self._primitives:
            return self._aggregate(*self._primitives[name])
        return _digest("given", name)

    def _aggregate(self, row_set: RowSet, primitive: Primitive) -> str:
        below = self.of if row_set.table == "households" else self._row_of(_rows_of(row_set))
        argument = self._value(primitive.argument, below) if primitive.argument is not None else "*"
        return _digest(row_set.name, row_set.table, self._group(row_set), primitive.function, argument)

    def _group(self, row_set: RowSet) -> str:
        """What makes the rows of a group: the rows below it, the column, the condition."""
        if not row_set.of:
            return ""
        where = self._value(row_set.where, self._row_of(row_set.of)) if row_set.where is not None else ""
        return _digest(row_set.of, self._row_of(row_set.of)(row_set.by), where)

    def _row_of(self, floor: str) -> Resolve:
        return lambda name: self._once(floor, name, lambda: self._row(floor, name))

    def _row(self, floor: str, name: str) -> str:
        row_set = self.plan.row_sets[floor]
        step = self._rows[floor].get(name)
        if step is not None:
            return _digest(name, self._value(step.value, self._row_of(floor)))
        if not row_set.of:
            return (
                self._prepared(row_set.table, name)
                if name in PREPARED[row_set.table]
                else _digest("given", name)
            )
        for grouped in row_set.grouped_steps:
            if grouped.name == name:
                return _digest(name, self._group(row_set), self._value(grouped.value, self._grouped(row_set)))
        return self._row_of(row_set.of)(name)

    def _grouped(self, row_set: RowSet) -> Resolve:
        primitives = {primitive.name: primitive for primitive in row_set.grouped.values()}

        def resolve(name: str) -> str:
            primitive = primitives[name]
            argument = primitive.argument
            inner = self._value(argument, self._row_of(row_set.of)) if argument is not None else "*"
            return _digest(primitive.function, inner)

        return resolve

    def _prepared(self, table: str, name: str) -> str:
        """The SQL of a prepared column, and what it reads beside its own table."""
        text = prepared_sql(table, name, self.around)
        parts = [table, name, text.expression, *text.joins]
        parts += [LAYOUTS[layout](self.around) for layout in PREPARED[table][name].layouts]
        whole = " ".join(parts)
        if "pack_kinds" in whole or "cost_fences" in whole:
            parts.append(self._kinds)
        if "working_days" in whole:
            parts.append(self._calendar)
        if "cost_fences" in whole:
            parts += [
                str(window_first(self.plan.on, self.plan.window)),
                str(window_last(self.plan.on, self.plan.window)),
            ]
        return _digest(*parts)

    def _value(self, value: Value, resolve: Resolve) -> str:
        kind = sql_type(value.type)
        nodes = [value.node, *([value.denominator] if value.denominator is not None else [])]
        return _digest(kind, *(_text(node, resolve) for node in nodes))


def _rows_of(row_set: RowSet) -> str:
    """The floor on which an aggregate's argument is read: alerts without a household have the steps of alerts."""
    return row_set.table if row_set.name == "unmatched_alerts" else row_set.name


def _text(node: Node, resolve: Resolve) -> str:
    """The SQL of a tree with every name replaced by its signature."""
    text = sql(node)
    if "'" not in text:  # no words in it: whatever is quoted is a name, and trees need not be copied
        return _NAME.sub(lambda found: resolve(found[1]), text)

    def signed(inner: Node) -> Node:
        return column(resolve(inner.name)) if isinstance(inner, exp.Column) else inner

    return sql(node.transform(signed))


def by_place(plan: Plan, name: str) -> str:
    """The values of a parameter in every place, as text."""
    resolved = plan.parameters[name]
    everywhere = resolved.everywhere.value if resolved.everywhere else None
    return repr(([(area, str(held.value)) for area, held in resolved.by_area], str(everywhere)))


def kinds_signature(pack: Pack) -> str:
    """What every kind of income and expense counts as."""
    return _digest(
        *(
            f"{k.code}|{k.counts_as}|{k.place_of_work}|{k.total}"
            for k in sorted(pack.kinds.values(), key=lambda k: k.code)
        )
    )


def calendar_signature(pack: Pack) -> str:
    """The working days that the pack brings along."""
    return _digest(
        *(
            f"{year}{sorted(days['holidays'])}{sorted(days['workdays'])}"
            for year, days in sorted(pack.calendar.items())
        )
    )


def _digest(*parts: Any) -> str:
    return hashlib.sha1("\x1f".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


def differing(one: Signatures, other: Signatures) -> set[str]:
    """Household steps that the two plans do not work out alike, or that only one of them has."""
    names = {step.name for step in (*one.plan.household, *other.plan.household)}
    return {
        name
        for name in names
        if one.plan.step(name) is None or other.plan.step(name) is None or one.of(name) != other.of(name)
    }


def differing_villages(one: Signatures, other: Signatures, names: Iterable[str]) -> list[str]:
    """Those of the village steps that the two plans do not work out alike, or that only one of them has."""
    there = [{step.name for step in side.plan.village} for side in (one, other)]
    return [
        name
        for name in names
        if (name in there[0]) != (name in there[1])
        or (name in there[0] and one.of_village(name) != other.of_village(name))
    ]
