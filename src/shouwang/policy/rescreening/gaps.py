"""What keeps the rules of one household unknown, fast: the edges of :mod:`shouwang.policy.gaps` as Python functions.

Functions are compiled when they are first needed and kept; only what a household leaves unknown is followed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shouwang.policy.closure import Row, compile_one, rows_of
from shouwang.policy.gaps import Edge, decided_name, nullable_columns, open_name, tested_columns
from shouwang.policy.plan import Plan

Guard = Callable[[Row], Any]


@dataclass(frozen=True)
class _RowGap:
    """A household value that says whether some row left an aggregate open, or decided it, for want of a column."""

    row_set: str
    argument: Guard
    column: str
    decided: bool

    def holds(self, rows: Sequence[Row]) -> bool:
        wanted = True if self.decided else None
        return any(row[self.column] is None and self.argument(row) is wanted for row in rows)


class Reasons:
    """Follows unknown rules down to the facts to ask for; compiled for one plan."""

    def __init__(self, plan: Plan, edges: Mapping[str, list[Edge]]) -> None:
        self.plan = plan
        self.edges = edges
        self._guards: dict[str, list[tuple[list[Guard], Edge]]] = {}
        self._gaps: dict[str, _RowGap] | None = None
        self._unknown: dict[str, Guard] = {
            step.name: _is_unknown(step.name, step.value.denominator is not None) for step in plan.household
        }

    def of(self, values: Mapping[str, Any], rules: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Alias of a rule → the facts that are missing (``table.column``, a column of households, or a table)."""
        walk = _Walk(self, _Values(self, values))
        return {
            rule: tuple(fact.removeprefix("households.") for fact in sorted(walk.of(rule))) for rule in rules
        }

    def guarded(self, step: str) -> list[tuple[list[Guard], Edge]]:
        """The edges of a step with their guards compiled."""
        found = self._guards.get(step)
        if found is None:
            found = [([compile_one(node) for node in edge.guard], edge) for edge in self.edges[step]]
            self._guards[step] = found
        return found

    @property
    def gaps(self) -> dict[str, _RowGap]:
        """The household values that say what rows lack, by name (as ``gaps.gap_aggregates`` names them)."""
        if self._gaps is None:
            self._gaps = {}
            for row_set in self.plan.row_sets.values():
                for primitive in row_set.primitives.values():
                    if primitive.argument is None:
                        continue
                    argument = compile_one(primitive.argument.node)
                    for column in nullable_columns(row_set, primitive):
                        name = open_name(primitive, column)
                        self._gaps[name] = _RowGap(row_set.name, argument, column, False)
                    for column in tested_columns(row_set, primitive):
                        name = decided_name(primitive, column)
                        self._gaps[name] = _RowGap(row_set.name, argument, column, True)
        return self._gaps


def _is_unknown(name: str, quotient: bool) -> Guard:
    if not quotient:
        return lambda values: values[name] is None
    top, bottom = f"{name}__n", f"{name}__d"
    return lambda values: values[top] is None or values[bottom] is None or values[bottom] == 0


class _Values(dict[str, Any]):
    """The values of a household; what its rows lack is worked out when a guard asks."""

    def __init__(self, reasons: Reasons, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self._reasons = reasons

    def __missing__(self, name: str) -> Any:
        gap = self._reasons.gaps.get(name)
        found = gap.holds(self.get(rows_of(gap.row_set), ())) if gap is not None else None
        self[name] = found
        return found


class _Walk:
    def __init__(self, reasons: Reasons, values: _Values) -> None:
        self.reasons = reasons
        self.values = values
        self.found: dict[str, frozenset[str]] = {}

    def of(self, step: str) -> frozenset[str]:
        known = self.found.get(step)
        if known is None:
            known = self.found[step] = self._follow(step)
        return known

    def _follow(self, step: str) -> frozenset[str]:
        if not self.reasons._unknown[step](self.values):
            return frozenset()
        facts: set[str] = set()
        for guards, edge in self.reasons.guarded(step):
            if all(guard(self.values) is True for guard in guards):
                facts |= {edge.fact} if edge.fact else self.of(edge.step)
        return frozenset(facts)
