"""Walks a plan floor by floor and writes it out as a program for one household.

What is the same in every language is here: which values are worked out, in which order, from what, and which few
functions (``add``, ``all3``, ``agg_sum`` …) they are made of. A language adds its syntax: the methods that raise
NotImplementedError. Each program's main function is ``evaluate(household, tables, …)``; in it ``h`` holds the values of the
household, ``given`` a row as it came, ``r`` a row with its values, ``g`` a group of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from sqlglot import exp

from shouwang.policy.expressions import Node, Primitive, Value
from shouwang.policy.plan import Plan, RowSet, Step


class PlanWriter:
    """Writes lines; a subclass knows how its language says them."""

    NAMES: ClassVar[dict[Any, str]] = {
        exp.Not: "not3", exp.Neg: "negative", exp.Abs: "absolute", exp.Add: "add", exp.Sub: "subtract",
        exp.Mul: "multiply", exp.EQ: "eq", exp.NEQ: "ne", exp.LT: "lt", exp.LTE: "le", exp.GT: "gt", exp.GTE: "ge",
        exp.And: "all3", exp.Or: "any3", exp.Coalesce: "first_known", exp.Greatest: "largest", exp.Least: "smallest",
    }  # fmt: skip
    INDENT = "    "

    def __init__(self, plan: Plan | None) -> None:
        self._plan = plan
        self.lines: list[str] = []

    @property
    def plan(self) -> Plan:
        """The plan that is written; a writer of single expressions has none."""
        assert self._plan is not None
        return self._plan

    def line(self, depth: int, text: str) -> None:
        """One line at a depth of indentation."""
        self.lines.append(self.INDENT * depth + text)

    # the floors

    def floors(self) -> None:
        """Every value of the plan that one household has, into ``h``."""
        for row_set in self.plan.row_sets.values():
            if row_set.present and (row_set.primitives or row_set.given or row_set.grouped_steps):
                self.row_set(row_set)
        for name in sorted({"household_id", *self.plan.household_given}):
            self.assign(1, "h", name, self.given("household", name))
        for name in sorted(self.plan.household_prepared):
            self.assign(1, "h", name, self.prepared("households", name, "household"))
        self.parameters_by_area(1)
        for step in self.plan.household:
            self.step(1, step, "h")

    def row_set(self, row_set: RowSet) -> None:
        """The rows of a table, or groups of rows, with their values, and what is gathered from them."""
        rows = f"rows_{row_set.name}"
        if row_set.of:
            self.grouped_rows(row_set, rows)
            if row_set.steps:
                self.each(1, "r", rows)
                self.steps(2, row_set.steps, "r")
                self.end(1)
        else:
            self.new_list(1, rows)
            self.table_rows(row_set)
            self.append(2, rows, "r")
            self.end(1)
        self.aggregates(1, row_set.primitives.values(), rows, "h")

    def table_rows(self, row_set: RowSet) -> None:
        """Opens the loop over a table's rows, each with its values; the caller adds what is done with it, and ends it."""
        self.each(1, "given", self.rows_of(row_set.table))
        self.new_row(2, "r")
        for column in sorted(row_set.given):
            self.assign(2, "r", column, self.given("given", column))
        for column in sorted(row_set.prepared):
            self.assign(2, "r", column, self.prepared(row_set.table, column, "given"))
        self.steps(2, row_set.steps, "r")

    def grouped_rows(self, row_set: RowSet, rows: str) -> None:
        """The groups of a row set by one of its columns, in the order in which they appear."""
        self.new_list(1, rows)
        if not row_set.grouped_steps:
            return
        condition = self.expression(row_set.where.node, "r") if row_set.where is not None else None
        self.each_group(1, row_set, condition)
        self.aggregates(2, row_set.grouped.values(), "members", "g")
        self.steps(2, row_set.grouped_steps, "g")
        self.append(2, rows, "g")
        self.end(1)

    def aggregates(self, depth: int, primitives: Iterable[Primitive], rows: str, target: str) -> None:
        for primitive in primitives:
            if primitive.argument is None:
                text = self.number_of(rows)
            else:
                text = self.aggregate(primitive.function, self.expression(primitive.argument.node, "r"), rows)
            self.assign(depth, target, primitive.name, text)

    def steps(self, depth: int, steps: Iterable[Step], target: str) -> None:
        for step in steps:
            self.step(depth, step, target)

    def step(self, depth: int, step: Step, target: str) -> None:
        """One named value; a quotient is two."""
        value: Value = step.value
        if value.denominator is None:
            self.assign(depth, target, step.name, self.expression(value.node, target))
            return
        self.assign(depth, target, f"{step.name}__n", self.expression(value.node, target))
        self.assign(depth, target, f"{step.name}__d", self.expression(value.denominator, target))

    # expressions

    def expression(self, node: Node, rows: str) -> str:
        """The text of a lowered tree over the values in ``rows``."""
        return str(_WRITE[type(node)](self, node, rows))

    def children(self, nodes: Sequence[Node], rows: str) -> list[str]:
        return [self.expression(node, rows) for node in nodes]

    def _column(self, node: Any, rows: str) -> str:
        return self.value(rows, node.name)

    def _literal(self, node: Any, rows: str) -> str:
        return self.text(node.this) if node.is_string else self.number(node.this)

    def _cast(self, node: Any, rows: str) -> str:
        return self.day(node.this.this)

    def _boolean(self, node: Any, rows: str) -> str:
        return self.truth(bool(node.this))

    def _null(self, node: Any, rows: str) -> str:
        return self.truth(None)

    def _paren(self, node: Any, rows: str) -> str:
        return self.expression(node.this, rows)

    def _logical(self, node: Any, rows: str) -> str:
        # a long chain of and/or is a deep left tree: written flat
        parts: list[Node] = []
        stack = [node]
        while stack:
            top = stack.pop()
            if type(top) is type(node):
                stack += [top.expression, top.this]
            elif isinstance(top, exp.Paren) and type(top.this) is type(node):
                stack.append(top.this)
            else:
                parts.append(top)
        return self.over(self.NAMES[type(node)], self.children(parts, rows))

    def _unary(self, node: Any, rows: str) -> str:
        return f"{self.NAMES[type(node)]}({self.expression(node.this, rows)})"

    def _binary(self, node: Any, rows: str) -> str:
        return f"{self.NAMES[type(node)]}({', '.join(self.children((node.this, node.expression), rows))})"

    def _is_null(self, node: Any, rows: str) -> str:
        return self.is_null(self.expression(node.this, rows))

    def _member(self, node: Any, rows: str) -> str:
        return self.is_in(self.expression(node.this, rows), self.children(node.expressions, rows))

    def _case(self, node: Any, rows: str) -> str:
        branches = [
            (self.expression(branch.this, rows), self.expression(branch.args["true"], rows))
            for branch in node.args["ifs"]
        ]
        default = node.args.get("default")
        return self.choice(branches, self.truth(None) if default is None else self.expression(default, rows))

    def _variadic(self, node: Any, rows: str) -> str:
        return self.over(self.NAMES[type(node)], self.children((node.this, *node.expressions), rows))

    # what a language says in its own way: values

    def value(self, rows: str, name: str) -> str:
        """A named value of ``h``, ``r`` or ``g``."""
        raise NotImplementedError

    def text(self, text: str) -> str:
        raise NotImplementedError

    def number(self, text: str) -> str:
        """An exact number that is not negative, from its digits."""
        raise NotImplementedError

    def day(self, text: str) -> str:
        """A date, from its ISO text."""
        raise NotImplementedError

    def truth(self, value: bool | None) -> str:
        """True, false or unknown."""
        raise NotImplementedError

    def is_null(self, text: str) -> str:
        raise NotImplementedError

    def is_in(self, text: str, options: Sequence[str]) -> str:
        raise NotImplementedError

    def choice(self, branches: Sequence[tuple[str, str]], default: str) -> str:
        """The value of the first branch whose condition is true."""
        raise NotImplementedError

    def over(self, function: str, parts: Sequence[str]) -> str:
        """A function of any number of values."""
        raise NotImplementedError

    def aggregate(self, function: str, argument: str, rows: str) -> str:
        """A function of the values of ``argument``, an expression over ``r``, for all rows."""
        raise NotImplementedError

    def number_of(self, rows: str) -> str:
        """How many rows there are."""
        raise NotImplementedError

    # what a language says in its own way: statements

    def given(self, row: str, name: str) -> str:
        """A column of a row as it came; unknown where it is not there."""
        raise NotImplementedError

    def prepared(self, table: str, name: str, row: str) -> str:
        """The prepared column of a row as it came."""
        raise NotImplementedError

    def parameters_by_area(self, depth: int) -> None:
        """Puts the parameters whose value depends on the place into ``h``."""
        raise NotImplementedError

    def assign(self, depth: int, target: str, name: str, text: str) -> None:
        raise NotImplementedError

    def rows_of(self, table: str) -> str:
        """The rows of a table as they came; none where it is not there."""
        raise NotImplementedError

    def new_list(self, depth: int, name: str) -> None:
        raise NotImplementedError

    def new_row(self, depth: int, name: str) -> None:
        raise NotImplementedError

    def append(self, depth: int, rows: str, row: str) -> None:
        raise NotImplementedError

    def each(self, depth: int, variable: str, rows: str) -> None:
        """Opens a loop."""
        raise NotImplementedError

    def each_group(self, depth: int, row_set: RowSet, condition: str | None) -> None:
        """Opens a loop over groups: ``members`` are the rows, ``g`` the group with the column it is made by."""
        raise NotImplementedError

    def end(self, depth: int) -> None:
        """Closes a loop."""
        raise NotImplementedError


_WRITE: dict[Any, Any] = {
    exp.Column: PlanWriter._column, exp.Literal: PlanWriter._literal, exp.Cast: PlanWriter._cast,
    exp.Boolean: PlanWriter._boolean, exp.Null: PlanWriter._null, exp.Paren: PlanWriter._paren,
    exp.Is: PlanWriter._is_null, exp.In: PlanWriter._member, exp.Case: PlanWriter._case,
    **dict.fromkeys((exp.And, exp.Or), PlanWriter._logical),
    **dict.fromkeys((exp.Not, exp.Neg, exp.Abs), PlanWriter._unary),
    **dict.fromkeys((exp.Coalesce, exp.Greatest, exp.Least), PlanWriter._variadic),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), PlanWriter._binary),
}  # fmt: skip
