"""How JavaScript says what a plan says: the syntax of :class:`PlanWriter`, and the functions of a module."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy.columns.lifecycle import MAY_LIE_AHEAD
from shouwang.policy.parameters import literal
from shouwang.policy.phone_code import column, statements
from shouwang.policy.plan import Plan, RowSet
from shouwang.policy.plan_writer import PlanWriter
from shouwang.policy.prepared import PREPARED
from shouwang.tables.dictionary import CODES, TABLES
from shouwang.tables.dictionary import Type as ColumnType

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def json_of(value: Any) -> str:
    """A value as compact JSON, which is JavaScript too."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def key_of(name: str) -> str:
    """A name as the key of an object."""
    return name if _NAME.fullmatch(name) else json_of(name)


class JavaScriptWriter(PlanWriter):
    """How JavaScript says it. ``constants`` are statements that stand before the program, by their name."""

    INDENT = " "  # a module is read by few and sent to many

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.constants: dict[str, str] = {}

    def functions(self) -> str:
        """The exported functions."""
        self._of_facts("evaluate")
        self.line(1, "const h = {};")
        self.floors()
        self.line(1, "return h;")
        self.line(0, "}")
        self._results()
        if self.plan.row_rules:
            self._row_results()
        return "\n".join(self.lines)

    def _of_facts(self, name: str) -> None:
        """Opens a function of a household's facts, which are read first."""
        self.line(0, f"export function {name}(household, tables = {{}}, context = {{}}) {{")
        self.line(1, 'household = read_row("households", COLUMNS.households, household);')
        self.line(1, "tables = { ...read_tables(COLUMNS, tables), households: [household] };")
        self.line(1, "context = { ...context, ...OWN };")

    def _row_results(self) -> None:
        """``rowResults``: rule id, row and result for every quality rule of a row and every row."""
        rules = [
            (rule.name, rule.alias, table)
            for rule in self.plan.pack.quality.values()
            for table in rule.row_tables
            if table in self.plan.row_rules
        ]
        self.line(0, f"const ROW_RULES = {json_of(rules)};")
        self._of_facts("rowResults")
        for row_set in self.plan.row_rules.values():
            self.row_set(row_set)
        judged = ", ".join(f"{key_of(name)}: rows_{name}" for name in self.plan.row_rules)
        self.line(1, f"return row_results(ROW_RULES, {{ {judged} }});")
        self.line(0, "}")

    def _results(self) -> None:
        indicators = {
            name: self._shown_as(name, entry.places)
            for name, entry in self.plan.pack.indicators.items()
            if entry.shown
        }
        self.line(0, f"const SHOWN = {json_of(indicators)};")
        self.line(0, f"const FOCUS = {json_of(list(self.plan.pack.focus))};")
        self.line(0, "export function bits(values) {")
        self.line(1, "return bits_of(rules, values);")
        self.line(0, "}")
        self.line(0, "export function shown(values) {")
        self.line(1, "return shown_values(SHOWN, FOCUS, values);")
        self.line(0, "}")

    def _shown_as(self, name: str, places: int) -> tuple[str, int]:
        step = self.plan.step(name)
        if step is not None and step.value.denominator is not None:
            return "quotient", places
        if step is not None and step.value.type.base == "number" and step.value.type.scale > places:
            return "rounded", places
        return "plain", places

    # values

    def value(self, rows: str, name: str) -> str:
        return f"{rows}.{name}" if _NAME.fullmatch(name) else f"{rows}[{json_of(name)}]"

    def text(self, text: str) -> str:
        return json_of(text)

    def number(self, text: str) -> str:
        name = "n_" + text.replace(".", "_")
        self.constants[name] = f"const {name} = exact({json_of(text)});"
        return name

    def day(self, text: str) -> str:
        return json_of(text)

    def truth(self, value: bool | None) -> str:
        return json_of(value)

    def is_null(self, text: str) -> str:
        return f"({text} === null)"

    def is_in(self, text: str, options: Sequence[str]) -> str:
        return f"is_in({', '.join((text, *options))})"

    def choice(self, branches: Sequence[tuple[str, str]], default: str) -> str:
        return (
            "(" + "".join(f"{condition} === true ? {then} : " for condition, then in branches) + default + ")"
        )

    def over(self, function: str, parts: Sequence[str]) -> str:
        return f"{function}({', '.join(parts)})"

    def aggregate(self, function: str, argument: str, rows: str) -> str:
        return f"agg_{function}({rows}.map((r) => {argument}))"

    def number_of(self, rows: str) -> str:
        return f"exact({rows}.length)"

    # statements

    def given(self, row: str, name: str) -> str:
        return self.value(row, name)

    def prepared(self, table: str, name: str, row: str) -> str:
        entry = PREPARED[table][name]
        if entry.neighbours:
            read = "exact" if entry.type.base == "number" else "fact"
            return f"{read}({self.value(row, name)})"
        full = column(f"{table}.{name}")
        if full not in statements():
            self.constants[full] = f"{full} = {of_family(table, name)};"
        return f"fact({full}({row}, tables, household, context))"

    def parameters_by_area(self, depth: int) -> None:
        chosen = [resolved for resolved in self.plan.parameters.values() if resolved.by_area]
        if chosen:
            self.line(depth, "const place = household.area_code || area;")
        for resolved in chosen:
            everywhere = resolved.everywhere.value if resolved.everywhere else None
            pairs = [*((prefix, held.value) for prefix, held in resolved.by_area), ("", everywhere)]
            listed = ", ".join(f"[{json_of(prefix)}, {self.constant(value)}]" for prefix, value in pairs)
            self.assign(depth, "h", f"parameter__{resolved.name}", f"in_place([{listed}], place)")

    def constant(self, value: date | Decimal | int | str | bool | None) -> str:
        """A value of Python, written out; numbers become constants of the module."""
        return self.expression(literal(value), "h")

    def assign(self, depth: int, target: str, name: str, text: str) -> None:
        self.line(depth, f"{self.value(target, name)} = {text};")

    def rows_of(self, table: str) -> str:
        return f"{self.value('tables', table)} || []"

    def new_list(self, depth: int, name: str) -> None:
        self.line(depth, f"const {name} = [];")

    def new_row(self, depth: int, name: str) -> None:
        self.line(depth, f"const {name} = {{}};")

    def append(self, depth: int, rows: str, row: str) -> None:
        self.line(depth, f"{rows}.push({row});")

    def each(self, depth: int, variable: str, rows: str) -> None:
        self.line(depth, f"for (const {variable} of {rows}) {{")

    def each_group(self, depth: int, row_set: RowSet, condition: str | None) -> None:
        chosen = f".filter((r) => {condition} === true)" if condition is not None else ""
        grouped = f"grouped(rows_{row_set.of}{chosen}, {json_of(row_set.by)})"
        self.line(depth, f"for (const [key, members] of {grouped}) {{")
        self.line(depth + 1, f"const g = {{ {key_of(row_set.by)}: key }};")

    def end(self, depth: int) -> None:
        self.line(depth, "}")


def of_family(table: str, name: str) -> str:
    """The columns that follow from the dictionary: ``NAME_days_ago``, ``LIST_code``, ``household_NAME``, ``case_NAME``, ``date_fault``."""
    columns = TABLES[table].by_name
    day = columns.get(name.removesuffix("_days_ago"))
    if day is not None and day.type is ColumnType.DATE and day.name != name:
        return f"days_ago({json_of(day.name)})"
    for entry in columns.values():
        if entry.type is ColumnType.LIST and entry.codes and name.startswith(f"{entry.name}_"):
            code = name.removeprefix(f"{entry.name}_")
            if code in {known.code for known in CODES[entry.codes]}:
                return f"list_has({json_of(entry.name)}, {json_of(code)})"
    if name == "date_fault" and name in PREPARED[table]:
        days = [entry.name for entry in columns.values() if entry.type is ColumnType.DATE]
        return f"date_fault({json_of(table)}, {json_of([day for day in days if day not in MAY_LIE_AHEAD])})"
    for prefix, other, factory in (
        ("household_", "households", "of_household"),
        ("case_", "cases", "of_current_case"),
    ):
        if name.startswith(prefix) and name.removeprefix(prefix) in TABLES[other].by_name:
            return f"{factory}({json_of(name.removeprefix(prefix))})"
    raise InputError(
        _("预备列 {table}.{name} 还没有手机上的算法").format(table=table, name=name),
        where="src/shouwang/policy/phone",
        remedy=_("照 prepared.js 开头的说明补上一条"),
    )
