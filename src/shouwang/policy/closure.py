"""The plan as a Python function for one household: the same lowered trees as the SQL, written out as Python.

``compile_plan(plan)`` gives a :class:`Closure`; calling it with the facts of one household gives every step's value.
Exact numbers are int and Decimal, quotients are pairs, unknown is None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from sqlglot import exp

from shouwang.calendar.workdays import Calendar, calendar_of
from shouwang.policy.builtins import window_first, window_last
from shouwang.policy.expressions import Node, Primitive, Value
from shouwang.policy.plan import Plan, RowSet, Step
from shouwang.policy.prepared import PREPARED, Context

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Closure:
    """One compiled plan. ``evaluate(household, tables)`` works out every step of one household."""

    plan: Plan
    function: Any
    context: Context
    source: str

    def evaluate(
        self,
        household: Row,
        tables: Mapping[str, Sequence[Row] | None],
        fences: Mapping[tuple[str, str], Any] | None = None,
    ) -> dict[str, Any]:
        """Every value by name; a quotient has two, ``name__n`` and ``name__d``. Columns not given are unknown."""
        context = (
            self.context
            if not fences
            else Context(
                self.context.on,
                self.context.window_first,
                self.context.window_last,
                self.context.kinds,
                self.context.calendar,
                fences,
            )
        )
        area = household.get("area_code") or self.plan.pack.area
        local = {f"parameter__{r.name}": r.at(area) for r in self.plan.parameters.values() if r.by_area}
        values: dict[str, Any] = self.function(household, tables, local, context)
        return values

    def bits(self, values: Mapping[str, Any]) -> tuple[int, int]:
        """The fired and the unknown rules as two bit sets, a bit per rule in the pack's order."""
        fired = unknown = 0
        for place, rule in enumerate(self.plan.pack.rules.values()):
            if rule.when is not None:
                result = values[rule.alias]
                fired |= (result is True) << place
                unknown |= (result is None) << place
        return fired, unknown

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The indicators as they are shown, rounded half away from zero at the very end; lists as tuples."""
        found = {
            name: self.shown_one(name, values)
            for name, entry in self.plan.pack.indicators.items()
            if entry.shown
        }
        found["focus_categories"] = tuple(
            name for name in self.plan.pack.focus if values.get(f"focus_{name}") is True
        )
        return found

    def shown_one(self, name: str, values: Mapping[str, Any]) -> Any:
        """One value as it is shown."""
        step = self.plan.step(name)
        entry = self.plan.pack.indicators.get(name)
        places = entry.places if entry else 2
        if step is not None and step.value.denominator is not None:
            return rounded_quotient(values[f"{name}__n"], values[f"{name}__d"], places)
        value = values.get(name)
        if (
            step is not None
            and step.value.type.base == "number"
            and step.value.type.scale > places
            and value is not None
        ):
            return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        return value


def rounded_quotient(top: Any, bottom: Any, places: int) -> Decimal | None:
    """``top / bottom`` rounded half away from zero, exactly; None where either is unknown or the bottom is 0."""
    if top is None or bottom is None or bottom == 0:
        return None
    with localcontext() as context:
        context.prec = 80
        scaled = Decimal(top) * (10**places) * 2, Decimal(bottom) * 2
        negative = (scaled[0] < 0) != (scaled[1] < 0)
        whole = (abs(scaled[0]) + abs(scaled[1]) / 2) // abs(scaled[1])
        rounded: Decimal = (-whole if negative else whole).scaleb(-places)
        return rounded


def compile_plan(plan: Plan, calendar: Calendar | None = None) -> Closure:
    """The function of a plan; compiling takes some hundredths of a second, so keep it."""
    writer = _Writer(plan)
    source = writer.write()
    namespace: dict[str, Any] = {**_FUNCTIONS, **writer.constants}
    exec(compile(source, f"<plan {plan.pack.id}>", "exec"), namespace)  # noqa: S102 (written from checked trees, never from input)
    context = Context(
        plan.on, window_first(plan.on, plan.window), window_last(plan.on, plan.window), plan.pack.kinds,
        calendar or pack_calendar(plan),
    )  # fmt: skip
    return Closure(plan, namespace["evaluate"], context, source)


def evaluate_one(value: Value, row: Mapping[str, Any]) -> Any:
    """One lowered value over one row of named values: what the compiled plan would give for it."""
    writer = _Writer.__new__(_Writer)
    writer.lines, writer.constants = [], {}
    text = writer._expression(value.node, "r")
    return eval(text, {**_FUNCTIONS, **writer.constants, "r": row})  # noqa: S307 (written from checked trees, never from input)


def aggregate_of(function: str, values: Sequence[Any]) -> Any:
    """One aggregate over the values of its argument: ``sum``, ``count``, ``min``, ``max``, ``any``, ``every``."""
    return _FUNCTIONS[f"agg_{function}"](values)


def pack_calendar(plan: Plan) -> Calendar:
    """The working days that hold for a pack: the package's years, completed by the pack's table."""
    from shouwang.calendar.holidays import HolidayTable

    years = plan.pack.calendar
    if not years:
        return calendar_of()
    holidays = frozenset(day for entry in years.values() for day in entry["holidays"])
    workdays = frozenset(day for entry in years.values() for day in entry["workdays"])
    return calendar_of(HolidayTable(years=frozenset(years), holidays=holidays, workdays=workdays))


class _Writer:
    """Writes the function ``evaluate(household, tables, local, context)``, floor by floor."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {}

    def write(self) -> str:
        self._line(0, "def evaluate(household, tables, local, context):")
        self._line(1, "h = {}")
        for row_set in self.plan.row_sets.values():
            if row_set.present and (row_set.primitives or row_set.given or row_set.grouped_steps):
                self._row_set(row_set)
        for name in sorted({"household_id", *self.plan.household_given}):
            self._line(1, f"h[{name!r}] = household.get({name!r})")
        for name in sorted(self.plan.household_prepared):
            self._line(1, f"h[{name!r}] = {self._prepared('households', name)}(household, tables, context)")
        self._line(1, "h.update(local)")
        for step in self.plan.household:
            self._step(1, step, "h")
        self._line(1, "return h")
        return "\n".join(self.lines) + "\n"

    def _line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def _prepared(self, table: str, name: str) -> str:
        constant = f"prepared_{table}_{name}"
        self.constants[constant] = PREPARED[table][name].work_out
        return constant

    def _row_set(self, row_set: RowSet) -> None:
        name = row_set.name
        if row_set.of:
            self._grouped_rows(row_set)
            self._line(1, f"for r in rows_{name}:")
            self._line(2, "pass")
        else:
            self._line(1, f"rows_{name} = []")
            self._line(1, f"for given in tables.get({name!r}) or ():")
            self._line(2, "r = {}")
            for column in sorted(row_set.given):
                self._line(2, f"r[{column!r}] = given.get({column!r})")
            for column in sorted(row_set.prepared):
                self._line(
                    2, f"r[{column!r}] = {self._prepared(row_set.table, column)}(given, tables, context)"
                )
        for step in row_set.steps:
            self._step(2, step, "r")
        if not row_set.of:
            self._line(2, f"rows_{name}.append(r)")
        self._aggregates(1, row_set.primitives.values(), f"rows_{name}", "h")

    def _grouped_rows(self, row_set: RowSet) -> None:
        if not row_set.grouped_steps:
            self._line(1, f"rows_{row_set.name} = []")
            return
        self._line(1, "groups = {}")
        self._line(1, f"for r in rows_{row_set.of}:")
        condition = self._expression(row_set.where.node, "r") if row_set.where is not None else "True"
        self._line(2, f"if {condition} is True:")
        self._line(3, f"groups.setdefault(r[{row_set.by!r}], []).append(r)")
        self._line(1, f"rows_{row_set.name} = []")
        self._line(1, "for key, members in groups.items():")
        self._line(2, f"g = {{{row_set.by!r}: key}}")
        self._aggregates(2, row_set.grouped.values(), "members", "g")
        for step in row_set.grouped_steps:
            self._step(2, step, "g")
        self._line(2, f"rows_{row_set.name}.append(g)")

    def _aggregates(self, depth: int, primitives: Any, rows: str, target: str) -> None:
        for primitive in primitives:
            self._line(depth, f"{target}[{primitive.name!r}] = {self._aggregate(primitive, rows)}")

    def _aggregate(self, primitive: Primitive, rows: str) -> str:
        if primitive.argument is None:
            return f"len({rows})"
        argument = self._expression(primitive.argument.node, "r")
        return f"agg_{primitive.function}([{argument} for r in {rows}])"

    def _step(self, depth: int, step: Step, target: str) -> None:
        if step.value.denominator is not None:
            self._line(
                depth, f"{target}[{step.name + '__n'!r}] = {self._expression(step.value.node, target)}"
            )
            self._line(
                depth, f"{target}[{step.name + '__d'!r}] = {self._expression(step.value.denominator, target)}"
            )
            return
        self._line(depth, f"{target}[{step.name!r}] = {self._expression(step.value.node, target)}")

    def _constant(self, value: Any) -> str:
        if isinstance(value, (int, str, bool)) or value is None:
            return repr(value)
        name = f"constant_{len(self.constants)}"
        self.constants[name] = value
        return name

    def _expression(self, node: Node, rows: str) -> str:
        return str(_WRITE[type(node)](self, node, rows))

    def _children(self, nodes: Sequence[Node], rows: str) -> str:
        return ", ".join(self._expression(node, rows) for node in nodes)

    def column(self, node: Any, rows: str) -> str:
        return f"{rows}[{node.name!r}]"

    def literal(self, node: Any, rows: str) -> str:
        if node.is_string:
            return repr(node.this)
        return self._constant(Decimal(node.this) if "." in node.this else int(node.this))

    def cast(self, node: Any, rows: str) -> str:
        return self._constant(date.fromisoformat(node.this.this))

    def logical(self, node: Any, rows: str) -> str:
        parts, stack = [], [node]
        while stack:
            top = stack.pop()
            if type(top) is type(node):
                stack += [top.expression, top.this]
            elif isinstance(top, exp.Paren) and type(top.this) is type(node):
                stack.append(top.this)
            else:
                parts.append(top)
        return f"{'all3' if isinstance(node, exp.And) else 'any3'}(({self._children(parts, rows)},))"

    def paren(self, node: Any, rows: str) -> str:
        return self._expression(node.this, rows)

    def unary(self, node: Any, rows: str) -> str:
        return f"{_NAMES[type(node)]}({self._expression(node.this, rows)})"

    def binary(self, node: Any, rows: str) -> str:
        return f"{_NAMES[type(node)]}({self._children((node.this, node.expression), rows)})"

    def is_null(self, node: Any, rows: str) -> str:
        return f"({self._expression(node.this, rows)} is None)"

    def member(self, node: Any, rows: str) -> str:
        return f"is_in({self._expression(node.this, rows)}, ({self._children(node.expressions, rows)},))"

    def case(self, node: Any, rows: str) -> str:
        branches = "".join(
            f"{self._expression(branch.args['true'], rows)} if {self._expression(branch.this, rows)} is True else "
            for branch in node.args["ifs"]
        )
        default = node.args.get("default")
        return f"({branches}{self._expression(default, rows) if default is not None else None})"

    def variadic(self, node: Any, rows: str) -> str:
        return f"{_NAMES[type(node)]}(({self._children((node.this, *node.expressions), rows)},))"


def _known(function: Any) -> Any:
    """A function of two values that is unknown where either is."""
    return lambda a, b: None if a is None or b is None else function(a, b)


def _all3(values: Sequence[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def _any3(values: Sequence[bool | None]) -> bool | None:
    if True in values:
        return True
    return None if None in values else False


def _in(value: Any, options: Sequence[Any]) -> bool | None:
    if value is None:
        return None
    return value in options or (None if None in options else False)


def _sum(values: Sequence[Any]) -> Any:
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else None


def _extreme(function: Any) -> Any:
    def pick(values: Sequence[Any]) -> Any:
        return function((value for value in values if value is not None), default=None)

    return pick


_FUNCTIONS: dict[str, Any] = {
    "all3": _all3, "any3": _any3, "is_in": _in, "not3": lambda a: None if a is None else not a,
    "negative": lambda a: None if a is None else -a, "absolute": lambda a: None if a is None else abs(a),
    "add": _known(lambda a, b: a + b), "subtract": _known(lambda a, b: a - b), "multiply": _known(lambda a, b: a * b),
    "eq": _known(lambda a, b: a == b), "ne": _known(lambda a, b: a != b), "lt": _known(lambda a, b: a < b),
    "le": _known(lambda a, b: a <= b), "gt": _known(lambda a, b: a > b), "ge": _known(lambda a, b: a >= b),
    "first_known": lambda values: next((value for value in values if value is not None), None), "largest": max, "smallest": min,
    "agg_sum": _sum, "agg_count": lambda values: sum(value is not None for value in values),
    "agg_min": _extreme(min), "agg_max": _extreme(max), "agg_any": _any3, "agg_every": _all3,
}  # fmt: skip

_NAMES: dict[Any, str] = {
    exp.Not: "not3", exp.Neg: "negative", exp.Abs: "absolute", exp.Add: "add", exp.Sub: "subtract", exp.Mul: "multiply",
    exp.EQ: "eq", exp.NEQ: "ne", exp.LT: "lt", exp.LTE: "le", exp.GT: "gt", exp.GTE: "ge",
    exp.Coalesce: "first_known", exp.Greatest: "largest", exp.Least: "smallest",
}  # fmt: skip

_WRITE: dict[Any, Any] = {
    exp.Column: _Writer.column, exp.Literal: _Writer.literal, exp.Cast: _Writer.cast, exp.Paren: _Writer.paren,
    exp.Boolean: lambda writer, node, rows: repr(bool(node.this)), exp.Null: lambda writer, node, rows: "None",
    exp.And: _Writer.logical, exp.Or: _Writer.logical, exp.Not: _Writer.unary, exp.Neg: _Writer.unary, exp.Abs: _Writer.unary,
    exp.Is: _Writer.is_null, exp.In: _Writer.member, exp.Case: _Writer.case,
    exp.Coalesce: _Writer.variadic, exp.Greatest: _Writer.variadic, exp.Least: _Writer.variadic,
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), _Writer.binary),
}  # fmt: skip
