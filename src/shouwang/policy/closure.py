"""The plan as a Python function for one household: the same lowered trees as the SQL, written out as Python.

``compile_plan(plan)`` gives a :class:`Closure`; calling it with the facts of one household gives every step's value.
Exact numbers are int and Decimal, quotients are pairs, unknown is None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from shouwang.calendar.workdays import Calendar, calendar_of
from shouwang.policy.builtins import window_first, window_last
from shouwang.policy.expressions import Node, Value
from shouwang.policy.plan import Plan, RowSet
from shouwang.policy.plan_writer import PlanWriter
from shouwang.policy.prepared import PREPARED, Context

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Closure:
    """One compiled plan. ``evaluate(household, tables)`` works out every step of one household."""

    plan: Plan
    function: Any
    context: Context
    source: str
    rows: Any = None  # the rows of each table with quality rules, by table

    def evaluate(
        self,
        household: Row,
        tables: Mapping[str, Sequence[Row] | None],
        fences: Mapping[tuple[str, str], Any] | None = None,
    ) -> dict[str, Any]:
        """Every value by name; a quotient has two, ``name__n`` and ``name__d``. Columns not given are unknown."""
        context = replace(self.context, fences=fences) if fences else self.context
        area = household.get("area_code") or self.plan.pack.area
        local = {f"parameter__{r.name}": r.at(area) for r in self.plan.parameters.values() if r.by_area}
        values: dict[str, Any] = self.function(
            household, {**tables, "households": [household]}, local, context
        )
        return values

    def row_results(
        self, household: Row, tables: Mapping[str, Sequence[Row] | None]
    ) -> list[tuple[str, Row, bool | None]]:
        """Rule, row and result for every quality rule of a row and every row; the row has all values it was told by.

        Columns of neighbours are read from the rows as given facts.
        """
        found = []
        by_table = self.rows({**tables, "households": [household]}, self.context) if self.rows else {}
        for rule in self.plan.pack.quality.values():
            for table in rule.row_tables:
                found += [(rule.name, row, row[rule.alias]) for row in by_table.get(table, ())]
        return found

    def bits(self, values: Mapping[str, Any]) -> tuple[int, int]:
        """The fired and the unknown rules as two bit sets, a bit per rule in the pack's order."""
        fired = unknown = 0
        for place, rule in enumerate(self.plan.per_household.values()):
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


def compile_plan(plan: Plan, calendar: Calendar | None = None, *, with_rows: bool = False) -> Closure:
    """The function of a plan; compiling takes some hundredths of a second, so keep it.

    ``with_rows`` keeps the rows of every row set among the values, under the name that :func:`rows_of` gives.
    """
    writer = _Writer(plan)
    source = writer.write(with_rows=with_rows)
    namespace: dict[str, Any] = {**_FUNCTIONS, **writer.constants}
    exec(compile(source, f"<plan {plan.pack.id}>", "exec"), namespace)  # noqa: S102 (written from checked trees, never from input)
    context = Context(
        plan.on, window_first(plan.on, plan.window), window_last(plan.on, plan.window), plan.pack.kinds,
        calendar or pack_calendar(plan),
        parameters={name: r.everywhere.value if r.everywhere else None for name, r in plan.parameters.items()},
        ranges=plan.ranges,
        area=plan.pack.area,
    )  # fmt: skip
    return Closure(plan, namespace["evaluate"], context, source, namespace.get("row_rules"))


def rows_of(row_set: str) -> str:
    """Under which name the values of a household have the rows of a row set, where they were asked for."""
    return f"rows of {row_set}"


def compile_one(node: Node) -> Callable[[Row], Any]:
    """One lowered tree as a function of a row of named values."""
    writer = _Writer(None)
    text = f"lambda r: {writer.expression(node, 'r')}"
    function: Callable[[Row], Any] = eval(text, {**_FUNCTIONS, **writer.constants})  # noqa: S307 (written from checked trees, never from input)
    return function


def evaluate_one(value: Value, row: Mapping[str, Any]) -> Any:
    """One lowered value over one row of named values: what the compiled plan would give for it."""
    return compile_one(value.node)(row)


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


class _Writer(PlanWriter):
    """Writes the function ``evaluate(household, tables, local, context)`` as Python says it."""

    def __init__(self, plan: Plan | None) -> None:
        super().__init__(plan)
        self.constants: dict[str, Any] = {}

    def write(self, *, with_rows: bool = False) -> str:
        """The source of ``evaluate``, and of ``row_rules`` where there are any."""
        self.line(0, "def evaluate(household, tables, local, context):")
        self.line(1, "h = {}")
        self.floors()
        for row_set in self.plan.row_sets.values() if with_rows else ():
            if row_set.primitives and row_set.present:
                self.line(1, f"h[{rows_of(row_set.name)!r}] = rows_{row_set.name}")
        self.line(1, "return h")
        if self.plan.row_rules:
            self.line(0, "def row_rules(tables, context):")
            for row_set in self.plan.row_rules.values():
                self.row_set(row_set)
            listed = ", ".join(f"{name!r}: rows_{name}" for name in self.plan.row_rules)
            self.line(1, f"return {{{listed}}}")
        return "\n".join(self.lines) + "\n"

    def _constant(self, value: Any) -> str:
        if isinstance(value, int):
            return repr(value)
        name = f"constant_{len(self.constants)}"
        self.constants[name] = value
        return name

    # values

    def value(self, rows: str, name: str) -> str:
        return f"{rows}[{name!r}]"

    def text(self, text: str) -> str:
        return repr(text)

    def number(self, text: str) -> str:
        return self._constant(Decimal(text) if "." in text else int(text))

    def day(self, text: str) -> str:
        return self._constant(date.fromisoformat(text))

    def truth(self, value: bool | None) -> str:
        return repr(value)

    def is_null(self, text: str) -> str:
        return f"({text} is None)"

    def is_in(self, text: str, options: Sequence[str]) -> str:
        return f"is_in({text}, ({', '.join(options)},))"

    def choice(self, branches: Sequence[tuple[str, str]], default: str) -> str:
        return (
            "("
            + "".join(f"{then} if {condition} is True else " for condition, then in branches)
            + default
            + ")"
        )

    def over(self, function: str, parts: Sequence[str]) -> str:
        return f"{function}(({', '.join(parts)},))"

    def aggregate(self, function: str, argument: str, rows: str) -> str:
        return f"agg_{function}([{argument} for r in {rows}])"

    def number_of(self, rows: str) -> str:
        return f"len({rows})"

    # statements

    def given(self, row: str, name: str) -> str:
        return f"{row}.get({name!r})"

    def prepared(self, table: str, name: str, row: str) -> str:
        constant = f"prepared_{table}_{name}"
        self.constants[constant] = PREPARED[table][name].work_out
        return f"{constant}({row}, tables, context)"

    def parameters_by_area(self, depth: int) -> None:
        self.line(depth, "h.update(local)")

    def assign(self, depth: int, target: str, name: str, text: str) -> None:
        self.line(depth, f"{target}[{name!r}] = {text}")

    def rows_of(self, table: str) -> str:
        return f"tables.get({table!r}) or ()"

    def new_list(self, depth: int, name: str) -> None:
        self.line(depth, f"{name} = []")

    def new_row(self, depth: int, name: str) -> None:
        self.line(depth, f"{name} = {{}}")

    def append(self, depth: int, rows: str, row: str) -> None:
        self.line(depth, f"{rows}.append({row})")

    def each(self, depth: int, variable: str, rows: str) -> None:
        self.line(depth, f"for {variable} in {rows}:")

    def each_group(self, depth: int, row_set: RowSet, condition: str | None) -> None:
        self.line(depth, "groups = {}")
        self.line(depth, f"for r in rows_{row_set.of}:")
        self.line(depth + 1, f"if {condition or True} is True:")
        self.line(depth + 2, f"groups.setdefault(r[{row_set.by!r}], []).append(r)")
        self.line(depth, "for key, members in groups.items():")
        self.line(depth + 1, f"g = {{{row_set.by!r}: key}}")

    def end(self, depth: int) -> None:
        """Indentation ends a loop."""


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
