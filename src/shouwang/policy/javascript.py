"""The plan as JavaScript for the phone: the same lowered trees as the closure, written out as one module.

``write(plan)`` gives the text of an ES module that needs nothing else. It exports

- ``evaluate(household, tables, context)``: every value by name, a quotient as ``name__n`` and ``name__d``;
- ``bits(values)``: the fired and the unknown rules as two BigInts, a bit per entry of ``rules``;
- ``shown(values)``: the indicators as they are shown, numbers as decimal texts;
- ``rowResults(household, tables, context)``, where the plan has quality rules of rows: rule id, the row's values and
  the result, as :meth:`Closure.row_results` gives them;
- ``rules`` (rule id → the name of its value, null where it is about the village), ``pack``, ``hash``, ``day``, ``area``.

Facts come in as JSON: the columns of the data dictionary by name, money as text or number, lists as texts with ``;`` or
as arrays; what is missing, null or empty is unknown, a value of the wrong kind is a TypeError that names its column.
Columns of neighbours are given under their own names. Numbers come out as ``Exact`` (BigInt units and places, which
print as a decimal), dates as ISO texts, unknown as null. A module holds for the day and the parameters of its plan.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from shouwang.policy.builtins import window_first, window_last
from shouwang.policy.closure import pack_calendar
from shouwang.policy.columns.relation_words import NAMED
from shouwang.policy.javascript_writer import JavaScriptWriter, json_of, key_of
from shouwang.policy.pack import IncomeKind, ParameterValue
from shouwang.policy.phone_code import reached
from shouwang.policy.plan import Plan
from shouwang.tables.dictionary import TABLES
from shouwang.tables.dictionary import Type as ColumnType

_READ_AS = {
    ColumnType.BOOL: "truth", ColumnType.DATE: "day", ColumnType.FLOAT: "degrees",
    **dict.fromkeys((ColumnType.INT, ColumnType.MONEY, ColumnType.NUMBER), "number"),
}  # fmt: skip


def write(plan: Plan) -> str:
    """The module of a plan; InputError where it needs a prepared column that has no JavaScript."""
    writer = JavaScriptWriter(plan)
    functions = writer.functions()
    words = _words(functions, *reached("\n".join((*writer.constants.values(), functions))))
    own = _own(plan, writer, words)
    constants = "\n".join(writer.constants.values())
    tables = {name: _columns(name, words) for name in TABLES if name == "households" or name in words}
    parts = [
        f"// {plan.pack.id} {plan.on}: written by “shouwang pack javascript”; change the pack, not this file",
        *(f"export const {name} = {json_of(value)};" for name, value in _facts(plan).items()),
        f"const COLUMNS = {json_of(tables)};",
        "const prepared = {};",
        *reached("\n".join((constants, own, functions))),
        constants,
        f"const OWN = {own};",
        functions,
    ]
    return "\n".join(parts) + "\n"


def _words(*texts: str) -> set[str]:
    return {word for text in texts for word in re.findall(r"\w+", text)}


def _facts(plan: Plan) -> dict[str, Any]:
    return {
        "pack": plan.pack.id,
        "hash": plan.pack.hash,
        "day": plan.on.isoformat(),
        "area": plan.pack.area,
        "rules": {
            name: rule.alias if rule.when is not None else None for name, rule in plan.per_household.items()
        },
    }


def _columns(table: str, words: set[str]) -> dict[str, list[str]]:
    """The columns of a table that the module names anywhere, by how they are read."""
    found: dict[str, list[str]] = {}
    for entry in TABLES[table].columns:
        if entry.name in words:
            found.setdefault(_READ_AS.get(entry.type, "text"), []).append(entry.name)
    return found


def _own(plan: Plan, writer: JavaScriptWriter, words: set[str]) -> str:
    """What prepared columns look at besides the row: the day and window, and what the module names of the rest."""
    days = (("on", plan.on), ("window_first", window_first(plan.on, plan.window)),
            ("window_last", window_last(plan.on, plan.window)))  # fmt: skip
    parts = [*(f"{name}: {json_of(day.isoformat())}" for name, day in days), "area"]
    if "kinds" in words:
        parts.append("kinds: {" + ",\n".join(map(_kind, plan.pack.kinds.values())) + "}")
    if "calendar" in words:
        parts.append(f"calendar: {_calendar(plan)}")
    if "parameters" in words:
        begun = tuple(word for word in words if word.endswith("_") and len(word) > 3)  # of `begun_${more}`
        named = (one for name, one in plan.parameters.items() if name in words or name.startswith(begun))
        values = (
            f"{key_of(one.name)}: {writer.constant(one.everywhere.value if one.everywhere else None)}"
            for one in named
        )
        parts.append(f"parameters: {{ {', '.join(values)} }}")
    if "relation_words" in words:
        parts.append(f"relation_words: new Map({json_of([*NAMED.items()])})")
    if "ranges" in words:
        parts.append(f"ranges: [{', '.join(_range(held, writer) for held in plan.ranges)}]")
    return "{ " + ", ".join(parts) + " }"


def _range(held: ParameterValue, writer: JavaScriptWriter) -> str:
    days = (("first", held.first), ("last", held.last))
    between = ", ".join(f"{name}: {json_of(day.isoformat() if day else None)}" for name, day in days)
    return f"{{ value: {writer.constant(held.value)}, area: {json_of(held.area)}, {between} }}"


def _kind(kind: IncomeKind) -> str:
    """What prepared columns ask of a kind of income."""
    names = ("counts_as", "place_of_work", "excluded_class", "total")
    return f"{json_of(kind.code)}: {json_of({name: getattr(kind, name) for name in names})}"


def _calendar(plan: Plan) -> str:
    calendar = pack_calendar(plan)
    base = calendar.first.toordinal()
    turned = []
    for ordinal in range(base, calendar.last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if calendar.is_working_day(day) != (day.isoweekday() <= 5):
            turned.append(ordinal - base)
    gaps = [place - before for before, place in zip([0, *turned], turned, strict=False)]
    text = " ".join(_base36(gap) for gap in gaps)
    return f"calendar_of({json_of(calendar.first.isoformat())}, {json_of(calendar.last.isoformat())}, {json_of(text)})"


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return digits[number] if number < 36 else _base36(number // 36) + digits[number % 36]
