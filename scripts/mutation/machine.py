"""One plan as functions that are called when a value is wanted, so that a mutant costs only what depends on it.

A :class:`Machine` has the lowered tree of every value (see :class:`Cell`) and knows what reads what. A :class:`State` is
one household; a state with a :class:`Change` takes from the state it rests on whatever the change cannot reach.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from scripts.mutation.sites import HOUSEHOLD, ROWS, VILLAGE, Cell, Names
from shouwang.policy.cases import Facts
from shouwang.policy.closure import Closure, aggregate_of, compile_one
from shouwang.policy.columns.base import Context, Tables
from shouwang.policy.expressions import Node, Value
from shouwang.policy.plan import Plan, RowSet, Step, reads
from shouwang.policy.prepared import PREPARED

Gathered = tuple[str, str, Value | None]
"""An aggregate: over which rows, the function, and its argument (None: ``count(*)``)."""
KEYS = {"villages": 12, "towns": 9, "unmatched_alerts": 12}
"""How many digits of an area code name the village or the town."""


class Machine:
    """The values of one plan by cell: how each is worked out, and which cells read it."""

    def __init__(self, plan: Plan, names: Names, closure: Closure) -> None:
        self.plan, self.names, self.closure = plan, names, closure
        self.context = closure.context
        self.nodes: dict[Cell, Node] = {}
        self.gathered: dict[Cell, Gathered] = {}
        self.groups: dict[str, RowSet] = {}
        self.wheres: dict[str, Node | None] = {}
        self.readers: dict[Cell, set[Cell]] = defaultdict(set)
        self._functions: dict[Cell, Callable[[Any], Any] | None] = {}
        self._reached: dict[frozenset[Cell], dict[str, set[str]]] = {}
        for row_set in (*plan.row_sets.values(), *plan.row_rules.values()):
            self._row_set(row_set)
        self._steps(HOUSEHOLD, plan.household)
        for name, row_set in plan.village_sets.items():
            for primitive in row_set.primitives.values():
                source = "alerts" if name == "unmatched_alerts" else HOUSEHOLD
                self._gather(
                    (VILLAGE, primitive.name), (name, primitive.function, primitive.argument), source
                )
        self._steps(VILLAGE, plan.village)

    def _row_set(self, row_set: RowSet) -> None:
        self._steps(row_set.name, row_set.steps)
        for primitive in row_set.primitives.values():
            self._gather(
                (HOUSEHOLD, primitive.name),
                (row_set.name, primitive.function, primitive.argument),
                row_set.name,
            )
        if not row_set.of:
            return
        self.groups[row_set.name] = row_set
        self.wheres[row_set.name] = row_set.where.node if row_set.where is not None else None
        rows = (row_set.name, ROWS)
        for name in {row_set.by} | (reads(row_set.where) if row_set.where is not None else set()):
            self.readers[(row_set.of, name)].add(rows)
        for primitive in row_set.grouped.values():
            self._gather(
                (row_set.name, primitive.name),
                (row_set.of, primitive.function, primitive.argument),
                row_set.of,
            )
            self.readers[rows].add((row_set.name, primitive.name))
        self._steps(row_set.name, row_set.grouped_steps)

    def _gather(self, cell: Cell, gathered: Gathered, source: str) -> None:
        self.gathered[cell] = gathered
        for name in reads(gathered[2]) if gathered[2] is not None else ():
            self.readers[(source, name)].add(cell)
        if source in self.groups or self.plan.row_sets.get(source, RowSet("", "")).of:
            self.readers[(source, ROWS)].add(cell)

    def _steps(self, floor: str, steps: Iterable[Step]) -> None:
        for step in steps:
            for cell, node in halves((floor, step.name), step.value).items():
                self.nodes[cell] = node
                for name in reads(step.value):
                    self.readers[(floor, name)].add(cell)

    def function(self, cell: Cell) -> Callable[[Any], Any] | None:
        """How a value is worked out from the others of its row; None for what is given."""
        if cell not in self._functions:
            node = self.nodes.get(cell)
            self._functions[cell] = None if node is None else compile_one(node)
        return self._functions[cell]

    def reached(self, starts: Iterable[Cell]) -> dict[str, set[str]]:
        """By floor, the names of the values that depend on any of ``starts``, these included."""
        key = frozenset(starts)
        if key not in self._reached:
            found, waiting = set(key), list(key)
            while waiting:
                for reader in self.readers.get(waiting.pop(), ()):
                    if reader not in found:
                        found.add(reader)
                        waiting.append(reader)
            by_floor: dict[str, set[str]] = defaultdict(set)
            for floor, name in found:
                by_floor[floor].add(name)
            self._reached[key] = by_floor
        return self._reached[key]


def halves(cell: Cell, value: Value) -> dict[Cell, Node]:
    """The cells of a value: one, or two where it is a quotient."""
    if value.denominator is None:
        return {cell: value.node}
    floor, name = cell
    return {(floor, f"{name}__n"): value.node, (floor, f"{name}__d"): value.denominator}


@dataclass
class Change:
    """What is otherwise: functions and aggregates of cells, the rows of a group, and what that reaches."""

    affected: Mapping[str, set[str]]
    starts: tuple[Cell, ...] = ()
    functions: dict[Cell, Callable[[Any], Any]] = field(default_factory=dict)
    gathered: dict[Cell, Gathered] = field(default_factory=dict)
    wheres: dict[str, Node] = field(default_factory=dict)


class Cells(dict[str, Any]):
    """The values of one row, each worked out when it is first wanted."""

    def __init__(
        self, state: State | Village, floor: str, given: Mapping[str, Any], base: Cells | None = None
    ) -> None:
        super().__init__()
        self.state, self.floor, self.given, self.base = state, floor, given, base
        self.members: list[int] = []

    def __missing__(self, name: str) -> Any:
        affected = self.state.change.affected.get(self.floor, ()) if self.state.change is not None else ()
        value = (
            self.base[name]
            if self.base is not None and name not in affected
            else self.state.work_out(self, name)
        )
        self[name] = value
        return value


class State:
    """One household of a machine; with a change, over the state ``base`` without it."""

    def __init__(
        self, machine: Machine, facts: Facts, fences: Mapping[tuple[str, str], Any],
        base: State | None = None, change: Change | None = None,
    ) -> None:  # fmt: skip
        self.machine, self.facts, self.base, self.change = machine, facts, base, change
        self.context: Context = base.context if base else replace(machine.context, fences=fences)
        self.tables: Tables = base.tables if base else {**facts.tables, "households": [facts.household]}
        self._rows: dict[str, Sequence[Cells]] = {}
        self.household: Cells = Cells(self, HOUSEHOLD, facts.household, base.household if base else None)

    def changed(self, change: Change) -> State:
        """The same household under a change."""
        return State(self.machine, self.facts, {}, self, change)

    def work_out(self, cells: Cells, name: str) -> Any:
        """A value of a row by the plan, as prepared, or as given."""
        cell, change = (cells.floor, name), self.change
        gathered = (change.gathered.get(cell) if change else None) or self.machine.gathered.get(cell)
        if gathered is not None:
            return self._gathered(cells, gathered)
        function = (change.functions.get(cell) if change else None) or self.machine.function(cell)
        if function is not None:
            return function(cells)
        if cells.floor == HOUSEHOLD and name.startswith("parameter__"):
            area = self.facts.household.get("area_code") or self.machine.plan.pack.area
            return self.machine.plan.parameters[name.removeprefix("parameter__")].at(area)
        table = "households" if cells.floor == HOUSEHOLD else cells.floor
        prepared = PREPARED[table].get(name) if table in PREPARED else None
        return (
            cells.given.get(name)
            if prepared is None
            else prepared.work_out(cells.given, self.tables, self.context)
        )

    def _gathered(self, cells: Cells, gathered: Gathered) -> Any:
        source, function, argument = gathered
        rows = self.rows(source)
        if cells.floor != HOUSEHOLD:
            rows = [rows[place] for place in cells.members]
        return gather(function, argument, rows)

    def rows(self, floor: str) -> Sequence[Cells]:
        """The rows of a table or group; those of the state below where the change does not reach them."""
        if floor not in self._rows:
            self._rows[floor] = self._made(floor)
        return self._rows[floor]

    def _made(self, floor: str) -> Sequence[Cells]:
        affected = self.change.affected.get(floor, set()) if self.change else set()
        if self.base is not None and ROWS not in affected:
            return [self._over(row) for row in self.base.rows(floor)] if affected else self.base.rows(floor)
        if floor in self.machine.groups:
            return self._grouped(floor)
        return [Cells(self, floor, row) for row in self.facts.tables.get(floor) or ()]

    def _over(self, row: Cells) -> Cells:
        made = Cells(self, row.floor, row.given, row)
        made.members = row.members
        return made

    def _grouped(self, name: str) -> list[Cells]:
        group = self.machine.groups[name]
        where = (self.change.wheres.get(name) if self.change else None) or self.machine.wheres[name]
        condition = compile_one(where) if where is not None else None
        found: dict[Any, Cells] = {}
        for place, row in enumerate(self.rows(group.of)):
            if condition is None or condition(row) is True:
                key = row[group.by]
                if key not in found:
                    found[key] = Cells(self, name, {group.by: key})
                found[key].members.append(place)
        return list(found.values())

    def values(self, cell: Cell) -> list[Any]:
        """A value of the household, or of each row of a floor."""
        floor, name = cell
        if name == ROWS:
            return [(row.given, row.members) for row in self.rows(floor)]
        return [self.household[name]] if floor == HOUSEHOLD else [row[name] for row in self.rows(floor)]


class Village:
    """The values of the village of the first of some households."""

    def __init__(
        self, states: Sequence[State], base: Village | None = None, change: Change | None = None
    ) -> None:
        self.states, self.base, self.change = states, base, change
        self.machine = states[0].machine
        self.area = str(states[0].facts.household.get("area_code") or "")
        self.cells: Cells = Cells(self, VILLAGE, {}, base.cells if base else None)

    def changed(self, change: Change) -> Village:
        """The same village under a change."""
        reached = set(change.affected) - {VILLAGE}
        return Village([s.changed(change) for s in self.states] if reached else self.states, self, change)

    def work_out(self, cells: Cells, name: str) -> Any:
        cell, change = (VILLAGE, name), self.change
        gathered = (change.gathered.get(cell) if change else None) or self.machine.gathered.get(cell)
        if gathered is not None:
            source, named, argument = gathered
            return gather(named, argument, self._rows(source))
        function = (change.functions.get(cell) if change else None) or self.machine.function(cell)
        return function(cells) if function else None

    def _rows(self, source: str) -> list[Cells]:
        if source == "unmatched_alerts":
            rows = [
                row
                for state in self.states
                for row in state.rows("alerts")
                if row.given.get("household_id") is None
            ]
            return [row for row in rows if row.given.get("area_code") == self.area]
        digits = KEYS[source]
        return [
            s.household
            for s in self.states
            if str(s.facts.household.get("area_code"))[:digits] == self.area[:digits]
        ]


def gather(function: str, argument: Value | None, rows: Sequence[Cells]) -> Any:
    """An aggregate over rows."""
    if argument is None:
        return len(rows)
    work_out = compiled(argument)
    return aggregate_of(function, [work_out(row) for row in rows])


_COMPILED: dict[
    int, tuple[Value, Callable[[Any], Any]]
] = {}  # the value is kept, so that its id stays its own


def compiled(argument: Value) -> Callable[[Any], Any]:
    """The function of an argument, made once while its plan lives (see :func:`forget`)."""
    if id(argument) not in _COMPILED:
        _COMPILED[id(argument)] = (argument, compile_one(argument.node))
    return _COMPILED[id(argument)][1]


def forget() -> None:
    """Lets go of the functions of plans that are done with."""
    _COMPILED.clear()
