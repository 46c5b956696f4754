"""The tree under a value: its formula, what it reads, what that reads, down to facts and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shouwang.language import _, current
from shouwang.policy.explained_formula import (
    filled_in,
    in_words,
    label_of,
    masked,
    masked_name,
    said,
    say_fact,
)
from shouwang.policy.explained_household import Household, evaluate
from shouwang.policy.explained_income import classes, member_name
from shouwang.policy.expressions import Primitive, names, parse
from shouwang.policy.expressions import parameters as parameters_of
from shouwang.policy.pack import ParameterValue
from shouwang.policy.plan import RowSet, Step, reads
from shouwang.policy.prepared import PREPARED
from shouwang.policy.wording import clause_in_words
from shouwang.tables.dictionary import TABLES

_TELLING = {
    "members": ("relation",), "income_items": ("kind", "amount", "received_on"), "alerts": ("kind", "source", "received_on"),
    "visits": ("visited_on", "mode"), "cases": ("discovered_on",), "measures": ("kind", "planned_on", "done_on"),
    "satisfaction": ("asked_on", "about"), "leaflets": ("kind", "given_on"), "loans": ("amount", "lent_on"), "projects": ("kind",),
}  # fmt: skip


@dataclass
class Forest:
    """Makes the trees of one household. ``used`` gathers the parameters that some formula reads."""

    household: Household
    used: set[str] = field(default_factory=set)
    _made: dict[str, dict[str, Any]] = field(default_factory=dict)

    def tree(self, name: str, seen: set[str] | None = None) -> dict[str, Any]:
        """The node of a value; what stands further up in the same tree is named again (``again``), not opened again.

        A node has name, label, value, said; a worked-out one also expression, place (file:line), words, filled and
        ``reads``; an aggregate the ``rows`` that made it.
        """
        seen = set() if seen is None else seen
        step = self.household.plan.step(name)
        if step is None:
            return self._fact(name)
        if name in seen:
            return {**self._head(name), "again": True}
        seen.add(name)
        node = {**self._head(name), **self._formula(step)}
        source = parse(step.source.text)
        if step.kind == "aggregate":
            node["rows"] = self._rows(step)
        else:
            node["reads"] = [self.tree(read, seen) for read in sorted(names(source))]
        node["parameters"] = [self.parameter(read) for read in sorted(parameters_of(source))]
        return node

    def _head(self, name: str) -> dict[str, Any]:
        value = self.household.shown(name)
        return {
            "name": name,
            "label": label_of(self.household.plan.pack, name),
            "value": value,
            "said": said(self.household, name),
        }

    def _formula(self, step: Step) -> dict[str, Any]:
        made = self._made.get(step.name)
        if made is None:
            pack, source = self.household.plan.pack, parse(step.source.text)
            text = " ".join(str(step.source.text).split())
            codes = pack.indicators[step.name].codes if step.name in pack.indicators else None
            filled = "" if step.kind == "aggregate" else filled_in(self.household, source, codes)
            table = self._set_of(step.name) if step.kind == "aggregate" else "households"
            made = {"expression": text, "place": str(step.source.place), "words": in_words(pack, source, table, codes), "filled": filled,
                    "clause": clause_in_words(pack, self._clause(step.name), current())}  # fmt: skip
            self._made[step.name] = made
        return made

    def _set_of(self, name: str) -> str:
        return next(
            (table for table, listed in self.household.plan.pack.aggregates.items() if name in listed), ""
        )

    def _clause(self, name: str) -> str:
        pack = self.household.plan.pack
        if name in pack.indicators:
            return pack.indicators[name].clause
        if name.removeprefix("focus_") in pack.focus:
            return pack.focus[name.removeprefix("focus_")].clause
        return next((rule.clause for rule in pack.rules.values() if rule.alias == name), "")

    def _fact(self, name: str) -> dict[str, Any]:
        value = self.household.shown(name)
        entry = TABLES["households"].by_name.get(name)
        shown = (
            value
            if value is None or not isinstance(value, str) or entry is None
            else (value if entry.codes else say_fact(entry, value))
        )
        return {
            "name": name,
            "label": label_of(self.household.plan.pack, name),
            "value": shown,
            "said": said(self.household, name),
            "fact": True,
        }

    def parameter(self, name: str) -> dict[str, Any]:
        """A parameter as it holds for this household, with its clause."""
        self.used.add(name)
        pack = self.household.plan.pack
        held = self.held(name)
        value = held.value if held else None
        text = _("未定") if value is None else said(self.household, name)
        return {
            "name": name, "label": label_of(pack, name), "value": value.isoformat() if isinstance(value, date) else value, "said": text,
            "unit": pack.parameters[name].unit if name in pack.parameters else "", "place": str(pack.parameters[name].place) if name in pack.parameters else "",
            "clause": clause_in_words(pack, held.clause, current()) if held else "",
            "set_by_hand": self.household.plan.parameters[name].set_by_hand,
        }  # fmt: skip

    def held(self, name: str) -> ParameterValue | None:
        """The dated value of a parameter that holds where the household lives."""
        resolved = self.household.plan.parameters[name]
        for prefix, value in resolved.by_area:
            if self.household.area.startswith(prefix):
                return value
        return resolved.everywhere

    # the rows behind an aggregate

    def _rows(self, step: Step) -> list[dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        for name in sorted(reads(step.value)):
            if name in self.household.aggregates:
                row_set, primitive = self.household.aggregates[name]
                for row in _telling(self.household.rows[row_set.name], primitive):
                    found.setdefault(id(row), self._row(row_set, row, primitive))
        return list(found.values())

    def _row(self, row_set: RowSet, row: Mapping[str, Any], primitive: Primitive) -> dict[str, Any]:
        facts = facts_read(row_set, primitive) - set(_TELLING.get(row_set.table, ()))
        return {
            "row": describe(self.household, row_set, row),
            "counts": None if primitive.argument is None else evaluate(primitive.argument, row),
            "facts": {
                label_of(self.household.plan.pack, name, row_set.table): self._said(row_set, row, name)
                for name in sorted(facts)
            },
        }

    def _said(self, row_set: RowSet, row: Mapping[str, Any], name: str) -> str:
        if name == "kind" and row_set.table == "income_items":
            return self.household.plan.pack.label(str(row[name]), current())
        if name == "member_id":
            return member_name(self.household, row[name])
        if name == "counts_as":
            return classes().get(str(row[name]), say_fact(None, row[name]))
        return say_fact(TABLES[row_set.table].by_name.get(name), row[name])


def _telling(rows: list[dict[str, Any]], primitive: Primitive) -> list[dict[str, Any]]:
    """The rows that make an aggregate what it is."""
    if primitive.argument is None:
        return rows
    results = [(row, evaluate(primitive.argument, row)) for row in rows]
    if primitive.function in ("any", "every"):
        decisive = primitive.function == "any"
        return [row for row, value in results if value is decisive] or [
            row for row, value in results if value is None
        ]
    return [row for row, value in results if value is not None and value != 0]


def facts_read(row_set: RowSet, primitive: Primitive) -> set[str]:
    """The given and prepared columns that an aggregate reads of its rows, through the row steps."""
    if primitive.argument is None or row_set.of:
        return set()
    steps = {step.name: step.value for step in row_set.steps}
    waiting, seen = sorted(reads(primitive.argument)), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            prepared = PREPARED[row_set.table].get(name)
            waiting += (
                sorted(reads(steps[name])) if name in steps else list(prepared.needs) if prepared else []
            )
    known = TABLES[row_set.table].by_name.keys() | PREPARED[row_set.table].keys()
    return seen & known - {"household_id", "is_latest"}


def describe(household: Household, row_set: RowSet, row: Mapping[str, Any]) -> str:
    """A row as people tell it from others: the member's name, or kind and day; names masked."""
    if row_set.of:
        return (
            member_name(household, row[row_set.by])
            if row_set.by == "member_id"
            else masked(row[row_set.by] or "")
        )
    parts = [masked_name(row["name"])] if row_set.table == "members" else []
    for name in _TELLING.get(row_set.table, ()):
        if row[name] is None:
            continue
        if name == "kind" and row_set.table == "income_items":
            parts.append(household.plan.pack.label(str(row[name]), current()))
        else:
            parts.append(say_fact(TABLES[row_set.table].by_name.get(name), row[name]))
    return " ".join(part for part in parts if part) or masked(
        row[TABLES[row_set.table].key] if TABLES[row_set.table].key else ""
    )
