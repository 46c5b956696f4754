"""What a :class:`shouwang.policy.rescreening.Screening` tells of one household."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shouwang.language import current
from shouwang.policy import wording
from shouwang.policy.cases import Facts
from shouwang.policy.closure import Closure
from shouwang.policy.plan import Plan, placeholders, reads
from shouwang.policy.prepared import PREPARED
from shouwang.policy.rescreening.gaps import Reasons
from shouwang.policy.rescreening.quality import DataFinding


@dataclass(frozen=True)
class Finding:
    """A rule that fired on a household, with its sentence in the language now spoken."""

    rule: str
    level: str
    problem: str | None
    clause: str
    says: str


@dataclass(frozen=True)
class Screened:
    """The results of one household. ``unknown`` says per rule which facts are missing (none: a parameter or a whole table).

    ``stale`` are the indicators and rules that may change with the next refresh, since they rest on neighbours; ``data``
    are the findings about the data (rule, table, row), where the screening was opened with them.
    """

    household_id: str
    area_code: str | None
    indicators: Mapping[str, Any]
    findings: tuple[Finding, ...]
    unknown: Mapping[str, tuple[str, ...]]
    bits: tuple[int, int]
    stale: frozenset[str]
    data: frozenset[DataFinding] = frozenset()


class Told:
    """Makes results out of the values that the closure gives for a household."""

    def __init__(self, closure: Closure, reasons: Reasons) -> None:
        self.closure = closure
        self.plan = closure.plan
        self.reasons = reasons
        self.rules = [rule for rule in self.plan.pack.rules.values() if rule.when is not None]
        shown = [name for name, entry in self.plan.pack.indicators.items() if entry.shown]
        self.everything = frozenset({*self.plan.pack.rules, *shown})
        self.resting = resting_on_neighbours(self.plan)

    def of(
        self, facts: Facts, values: Mapping[str, Any], stale: frozenset[str],
        data: frozenset[DataFinding] = frozenset(),
    ) -> Screened:  # fmt: skip
        """The results of a household from its values."""
        unknown = [rule for rule in self.rules if values[rule.alias] is None]
        missing = self.reasons.of(values, [rule.alias for rule in unknown])
        return Screened(
            str(facts.household["household_id"]),
            facts.household.get("area_code"),
            self.closure.shown(values),
            tuple(
                self._finding(rule.name, facts, values) for rule in self.rules if values[rule.alias] is True
            ),
            {rule.name: missing[rule.alias] for rule in unknown},
            self.closure.bits(values),
            stale,
            data,
        )

    def _finding(self, name: str, facts: Facts, values: Mapping[str, Any]) -> Finding:
        rule, language = self.plan.pack.rules[name], current()
        says = (rule.says_en or rule.says) if language == "en" else rule.says
        named = {place: self._value(place, facts, values) for place in placeholders(says)}
        sentence = wording.sentence(self.plan, name, named, language)
        return Finding(name, rule.level, rule.problem, rule.clause, sentence)

    def _value(self, name: str, facts: Facts, values: Mapping[str, Any]) -> Any:
        if self.plan.step(name) is not None:
            return self.closure.shown_one(name, values)
        if name in self.plan.parameters:
            return self.plan.parameters[name].at(str(facts.household.get("area_code") or self.plan.pack.area))
        return values[name] if name in values else facts.household.get(name)


def resting_on_neighbours(plan: Plan) -> frozenset[str]:
    """The shown indicators and the rules whose value follows, at however many steps, from columns of neighbours."""
    found = {name for name in plan.household_prepared if PREPARED["households"][name].neighbours}
    for row_set in plan.row_sets.values():
        if any(PREPARED[row_set.table][name].neighbours for name in row_set.prepared):
            found |= {primitive.name for primitive in row_set.primitives.values()}
    for step in plan.household:
        if reads(step.value) & found:
            found |= {step.name, f"{step.name}__n", f"{step.name}__d"}
    shown = {name for name, entry in plan.pack.indicators.items() if entry.shown and name in found}
    return frozenset(shown | {rule.name for rule in plan.pack.rules.values() if rule.alias in found})
