"""What keeps a rule unknown for one household: facts to ask for, tables and columns that lack, parameters unset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shouwang.language import _, current
from shouwang.policy.explained_household import Household, evaluate
from shouwang.policy.explained_tree import Forest, describe, facts_read
from shouwang.policy.expressions import Value, names, parse
from shouwang.policy.expressions import parameters as parameters_of
from shouwang.policy.gaps import Edge, decided_name, nullable_columns, open_name, tested_columns
from shouwang.policy.pack import Rule
from shouwang.policy.plan import RowSet
from shouwang.policy.prepared import PREPARED
from shouwang.policy.types import BOOL
from shouwang.policy.wording import clause_in_words
from shouwang.tables.dictionary import TABLES


def unknown_rules(
    household: Household, forest: Forest, rules: list[Rule], edges: Mapping[str, list[Edge]]
) -> list[dict[str, Any]]:
    """Each unknown rule with the facts to ask for (``ask``), what lacks as a whole, and the parameters without a value."""
    found, missing = [], Missing(household, edges)
    for rule in rules:
        lacking = _Lacking(household)
        lacking.visit(rule.alias)
        forest.used |= lacking.parameters
        step = household.plan.step(rule.alias)
        found.append({
            "finding": rule.name,
            "name": household.plan.pack.label(rule.name, current()),
            "clause": clause_in_words(household.plan.pack, rule.clause, current()),
            "place": str(step.source.place) if step else "",
            "ask": [ask(household, fact) for fact in sorted(missing.of(rule.alias))],
            "lacking": [_whole(name) for name in sorted(lacking.facts)],
            "unset": [forest.parameter(name) for name in sorted(lacking.parameters)],
        })  # fmt: skip
    return found


@dataclass
class Missing:
    """Follows the edges of :mod:`shouwang.policy.gaps` from an unknown value to the facts that keep it unknown."""

    household: Household
    edges: Mapping[str, list[Edge]]
    _found: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, name: str) -> frozenset[str]:
        """The missing facts (``table.column``, ``column`` of households, or a table) of a step; none where it is known."""
        if name not in self._found:
            self._found[name] = frozenset()
            step = self.household.plan.step(name)
            if step is not None and self.household.result(step) is None:
                self._found[name] = frozenset().union(
                    *(self._through(edge) for edge in self.edges[name] if self._holds(edge))
                )
        return self._found[name]

    def _through(self, edge: Edge) -> frozenset[str]:
        return frozenset({edge.fact.removeprefix("households.")}) if edge.fact else self.of(edge.step)

    def _holds(self, edge: Edge) -> bool:
        return all(evaluate(Value(BOOL, node), self._values) is True for node in edge.guard)

    @cached_property
    def _values(self) -> Mapping[str, Any]:
        """The values of the household, and what its rows lack for each aggregate (as ``gaps.gap_aggregates`` says)."""
        plan, found = self.household.plan, self.household.values.copy()
        for row_set in plan.row_sets.values():
            rows = self.household.rows.get(row_set.name, [])
            for primitive in row_set.primitives.values():
                if primitive.argument is None:
                    continue
                results = [(evaluate(primitive.argument, row), row) for row in rows]
                for name in nullable_columns(row_set, primitive):
                    found[open_name(primitive, name)] = any(
                        result is None and row[name] is None for result, row in results
                    )
                for name in tested_columns(row_set, primitive):
                    found[decided_name(primitive, name)] = any(
                        result is True and row[name] is None for result, row in results
                    )
        return found


def ask(household: Household, fact: str) -> dict[str, Any]:
    """A fact to ask for: its table and column in words, and the rows that lack it."""
    table, dot, name = fact.rpartition(".")
    if not dot and fact in TABLES:
        label = TABLES[fact].en if current() == "en" else TABLES[fact].zh
        return {"fact": fact, "label": _("{table}：没有能用的条目").format(table=label), "who": []}
    table = table or "households"
    entry = TABLES[table].by_name[name]
    rows = household.rows.get(table, []) if table != "households" else []
    row_set = household.plan.row_sets.get(table)
    who = (
        [
            describe(household, row_set, row)
            for row in rows
            if row[name] is None and _matters(row_set, row, name)
        ]
        if row_set
        else []
    )
    label = entry.label if table == "households" else f"{_table(table)}·{entry.label}"
    return {"fact": fact, "label": label, "who": [text for text in who if text]}


def _matters(row_set: RowSet, row: Mapping[str, Any], name: str) -> bool:
    """Whether a fact of a row keeps some question about it open (nobody asks whether a grandfather is at school)."""
    primitives = (
        p for p in row_set.primitives.values() if p.function in ("any", "every") and p.argument is not None
    )
    return any(
        name in facts_read(row_set, p) and p.argument is not None and evaluate(p.argument, row) is None
        for p in primitives
    )


def _table(name: str) -> str:
    return TABLES[name].en if current() == "en" else TABLES[name].zh


def _whole(fact: str) -> dict[str, str]:
    table, dot, name = fact.partition(".")
    if not dot:
        return {"fact": table, "label": _("整张表没有：{table}").format(table=_table(table))}
    return {
        "fact": fact,
        "label": _("整列没有：{table}·{column}").format(
            table=_table(table), column=TABLES[table].by_name[name].label
        ),
    }


@dataclass
class _Lacking:
    """Walks from an unknown value to what the data or the documents lack as a whole, through unknown values only."""

    household: Household
    facts: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def visit(self, name: str) -> None:
        step = self.household.plan.step(name)
        if name in self.seen:
            return
        self.seen.add(name)
        if step is None:
            self._fact("households", name)
            return
        if self.household.result(step) is not None:
            return
        source = parse(step.source.text)
        self._unset(parameters_of(source))
        if step.kind == "aggregate":
            self._aggregate(name, names(source))
            return
        for read in names(source):
            self.visit(read)

    def _unset(self, read: set[str]) -> None:
        plan = self.household.plan
        self.parameters |= {
            name
            for name in read
            if name in plan.pack.parameters and plan.parameters[name].at(self.household.area) is None
        }

    def _fact(self, table: str, name: str) -> None:
        there = self.household.plan.present.get(table)
        if there is None:
            self.facts.add(table)
            return
        prepared = PREPARED[table].get(name)
        needs = prepared.needs if prepared is not None else (name,)
        self.facts |= {
            f"{table}.{need}" for need in needs if need in TABLES[table].by_name and need not in there
        }

    def _aggregate(self, name: str, read: set[str]) -> None:
        pack = self.household.plan.pack
        set_name = next(table for table, listed in pack.aggregates.items() if name in listed)
        group = pack.groups.get(set_name)
        table = group.of if group else set_name
        written = dict(pack.rows.get(table, {}))
        if group:
            written |= {**group.aggregates, **group.rows, **({"": group.where} if group.where else {})}
            read = read | {""}
        waiting, seen = sorted(read), set[str]()
        while waiting:
            column = waiting.pop()
            if column in seen:
                continue
            seen.add(column)
            if column in written:
                source = parse(written[column].text)
                self._unset(parameters_of(source))
                waiting += sorted(names(source))
            elif column:
                self._fact(table, column)
