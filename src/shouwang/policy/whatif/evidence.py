"""The facts that stand next to a moved bound: what is shown of a household beside the change that moves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlglot import exp

from shouwang.language import _, current
from shouwang.policy.duckdb_sql import shown_indicator
from shouwang.policy.explained_formula import label_of
from shouwang.policy.expressions import Node, names, parameters, parse
from shouwang.policy.plan import Plan, Step, placeholders, reads
from shouwang.policy.whatif.targets import Target
from shouwang.policy.wording import say, type_of

_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)
_MOST = 4  # facts shown beside one move
_FEW = 8  # with more counted values reached, none tells more than another


@dataclass(frozen=True)
class Fact:
    """A household value that is shown beside a move.

    ``why`` is ``compared`` (with changed ``parameters``; ``bound`` is the one that it is compared with directly),
    ``named`` (by the rule's sentence, or the text of a category) or ``counted`` (from rows that a change reaches).
    """

    name: str
    why: str
    parameters: frozenset[str] = frozenset()
    bound: str = ""


def facts(plan: Plan, target: Target, differing: set[str], changed: set[str]) -> list[Fact]:
    """The facts of a target, those that stand nearest to a changed parameter first."""
    found = list(_compared(plan, target, differing, changed))
    found += [Fact(name, "named") for name in _named(plan, target)]
    counted = [step.name for step in _reached(plan, target, differing) if step.kind == "aggregate"]
    if len(counted) <= _FEW:
        found += [Fact(name, "counted") for name in counted]
    return list(dict.fromkeys(found))


def _reached(plan: Plan, target: Target, differing: set[str]) -> Iterable[Step]:
    """The steps that differ and that the target rests on, the nearest first."""
    waiting, seen = [target.value], {target.value}
    while waiting:
        name = waiting.pop(0)
        step = plan.step(name) or plan.step(name.removesuffix("__n").removesuffix("__d"))
        if step is None or step.name not in differing:
            continue
        yield step
        fresh = sorted(reads(step.value) - seen)
        seen |= set(fresh)
        waiting += fresh


def _compared(plan: Plan, target: Target, differing: set[str], changed: set[str]) -> Iterable[Fact]:
    for step in _reached(plan, target, differing):
        if step.kind == "aggregate":
            continue
        for node in _comparisons(parse(step.source.text)):
            moved = parameters(node) & changed
            if moved:
                values = [
                    n
                    for n in dict.fromkeys(column.name for column in node.find_all(exp.Column))
                    if _is_value(plan, n)
                ]
                direct = len(values) == 1 and {type(node.this), type(node.expression)} == {
                    exp.Column,
                    exp.Placeholder,
                }
                yield from (
                    Fact(name, "compared", frozenset(moved), min(moved) if direct else "") for name in values
                )


def _comparisons(tree: Node) -> list[Any]:
    return [node for node in tree.walk() if isinstance(node, _COMPARISONS)]


def _named(plan: Plan, target: Target) -> list[str]:
    rule = plan.pack.rules.get(target.id)
    focus = plan.pack.focus.get(target.id.removeprefix("focus."))
    if rule is not None:
        listed = placeholders((rule.says_en or rule.says) if current() == "en" else rule.says)
    else:
        step = plan.step(target.value)
        listed = (
            sorted(names(parse(focus.when.text)))
            if focus is not None
            else sorted(names(parse(step.source.text)))
            if step
            else []
        )
    return [name for name in dict.fromkeys(listed) if _is_value(plan, name)]


def _is_value(plan: Plan, name: str) -> bool:
    return plan.step(name) is not None or name in plan.household_given or name in plan.household_prepared


def shown_sql(plan: Plan, name: str) -> str:
    """A household value as it is shown, over its columns; NULL where the plan does not have it."""
    step, entry = plan.step(name), plan.pack.indicators.get(name)
    if step is not None:
        return shown_indicator(name, step.value, entry.places if entry else 2)
    return f'"{name}"' if _is_value(plan, name) else "NULL"


@dataclass(frozen=True)
class Seen:
    """The facts of one household: its values before and after, and what the changed parameters are in its place."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    bounds: Mapping[str, tuple[Any, Any]]

    def differs(self, fact: Fact) -> bool:
        """Whether the value is another than before."""
        return bool(self.before.get(fact.name) != self.after.get(fact.name))

    def passed(self, fact: Fact) -> bool:
        """Whether the bound moved across the value, or the value across the bound."""
        values = [
            self.before.get(fact.name),
            self.after.get(fact.name),
            *self.bounds.get(fact.bound, (None, None)),
        ]
        if not all(isinstance(value, (int, Decimal)) and not isinstance(value, bool) for value in values):
            return False
        sides = values[0] - values[2], values[1] - values[3]
        return bool(min(sides) <= 0 <= max(sides))


def said(plan: Plan, listed: Iterable[Fact], seen: Seen, because: set[str]) -> str:
    """The facts of one household in a few words; ``because`` are the parameters that move it.

    Of those compared with one of these only the ones that a bound passed over, where there are any; where nothing is
    compared, what the rule says, and what was counted otherwise.
    """
    chosen = list(listed)
    compared = [fact for fact in chosen if fact.parameters & because]
    passed = [fact for fact in compared if fact.bound in because and seen.passed(fact)]
    shown = passed or compared
    if not shown:
        shown = [fact for fact in chosen if fact.why == "named"]
        if not any(seen.differs(fact) for fact in shown):
            shown += [fact for fact in chosen if fact.why == "counted" and seen.differs(fact)]
    unique = {fact.name: fact for fact in shown}
    return _("，").join(_one(plan, fact, seen) for fact in list(unique.values())[:_MOST])


def _one(plan: Plan, fact: Fact, seen: Seen) -> str:
    values = [_said(side.get(fact.name), type_of(plan, fact.name)) for side in (seen.before, seen.after)]
    shown = values[0] if values[0] == values[1] else f"{values[0]} → {values[1]}"
    if fact.bound and plan.pack.parameters[fact.bound].unit.startswith("yuan"):
        shown = _("{number} 元").format(number=shown)
    return f"{label_of(plan.pack, fact.name)} {shown}"


def _said(value: Any, kind: Any) -> str:
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return say(value, kind, current())
