"""Which mutants a group of cases kills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scripts.mutation.machine import Change, Machine, forget, halves
from scripts.mutation.mutants import Mutant, beside
from scripts.mutation.parameters import ParameterMutant
from scripts.mutation.sites import HOUSEHOLD, VILLAGE, Cell, Site
from scripts.mutation.trials import Stage, Together, Trial, stage
from shouwang.policy.closure import compile_one
from shouwang.policy.expressions import parameters as parameters_in
from shouwang.policy.expressions import parse
from shouwang.policy.mistakes import ExpressionMistake
from shouwang.policy.pack import Pack

Any_ = Mutant | ParameterMutant


@dataclass
class Verdict:
    """The mutants that a group's cases kill, and the cases that fail without any mutant."""

    killed: set[int]
    failing: list[str]


def kill(group: Together, packs: Mapping[str, Pack], mutants: Mapping[int, Any_]) -> Verdict:
    """Tries every mutant on every case of the group."""
    forget()
    pack = packs[group.pack]
    made = stage(group, pack)
    failing = [
        f"{t.case.file}:{t.case.line}: {'; '.join(wrong)}" for t in made.trials if (wrong := t.wrong())
    ]
    made.trials = [trial for trial in made.trials if not trial.wrong()]
    watched = [(trial, trial.watched()) for trial in made.trials]
    killed = {
        number for number, mutant in mutants.items()
        if isinstance(mutant, Mutant) and _kills(made.machine, mutant, watched)
    }  # fmt: skip
    read = _parameters_read(made)
    for number, mutant in mutants.items():
        if (
            isinstance(mutant, ParameterMutant)
            and mutant.name in read
            and mutant.name not in group.cases[0].settings
        ):
            other = mutant.applied(pack)
            if other is not pack and any(trial.wrong() for trial in stage(group, other).trials):
                killed.add(number)
    return Verdict(killed, failing)


def _parameters_read(made: Stage) -> set[str]:
    """The parameters that the group's values may rest on."""
    plan = made.machine.plan
    steps = [
        *plan.household,
        *plan.village,
        *(s for r in plan.row_sets.values() for s in (*r.steps, *r.grouped_steps)),
    ]
    steps += [step for row_set in plan.row_rules.values() for step in row_set.steps]
    wheres = [group.where for group in plan.pack.groups.values() if group.where is not None]
    found = set(made.asked) | {"window", "monitoring_range"}
    for expression in {step.source.text for step in steps} | {where.text for where in wheres}:
        found |= parameters_in(parse(expression))
    return found


def _kills(machine: Machine, mutant: Mutant, watched: Iterable[tuple[Trial, Mapping[str, set[str]]]]) -> bool:
    starts = starts_of(machine, mutant.site)
    if not starts:
        return False
    affected = machine.reached(starts)
    near = [
        trial
        for trial, named in watched
        if any(names & affected.get(floor, set()) for floor, names in named.items())
    ]
    if not near:
        return False
    change = change_of(machine, mutant, starts)
    return change is not None and any(_notices(trial, change) for trial in near)


def _notices(trial: Trial, change: Change) -> bool:
    try:
        return _differs(trial, change) and bool(trial.wrong(change))
    except (ArithmeticError, TypeError, ValueError):
        return True  # the case fails, if not with a sentence


def _differs(trial: Trial, change: Change) -> bool:
    """Whether the mutated value itself differs anywhere; where it does not, nothing else can."""
    if trial.village is not None:
        return True
    state = trial.state.changed(change)
    return any(state.values(cell) != trial.state.values(cell) for cell in change.starts)


def starts_of(machine: Machine, site: Site) -> tuple[Cell, ...]:
    """The values of a plan that a site makes; none where the plan does not have them."""
    if site.kind == "where":
        return (
            site.cells
            if machine.groups.get(site.floors[0]) and machine.groups[site.floors[0]].grouped_steps
            else ()
        )
    found = []
    for floor, name in site.cells:
        found += [
            cell
            for cell in ((floor, name), (floor, f"{name}__n"), (floor, f"{name}__d"))
            if cell in machine.nodes
        ]
    return tuple(found)


def change_of(machine: Machine, mutant: Mutant, starts: tuple[Cell, ...]) -> Change | None:
    """The mutant as a change of this plan; None where it changes nothing there (its table is not there, say)."""
    site, names = mutant.site, machine.names
    change = Change(dict(machine.reached(starts)), starts)
    more = beside(site, names)
    for floor in site.floors:
        if not any(start[0] == floor for start in starts) or not _is_there(machine, site, floor):
            continue
        try:
            value, needed = names.lower(site, floor, mutant.tree, more)
        except ExpressionMistake:
            return None
        if site.kind == "where":
            change.wheres[floor] = value.node
            continue
        change.functions |= {
            cell: compile_one(node) for cell, node in halves((floor, site.alias), value).items()
        }
        change.gathered |= {(floor, name): gathered for name, gathered in needed.items()}
        change.affected = {**change.affected, floor: change.affected[floor] | set(needed)}
    return change if change.functions or change.wheres else None


def _is_there(machine: Machine, site: Site, floor: str) -> bool:
    sets = {**machine.plan.row_sets, **machine.plan.village_sets}
    source = site.source if site.kind in ("aggregate", "village", "group") else floor
    return source in (HOUSEHOLD, VILLAGE) or source not in sets or sets[source].present
