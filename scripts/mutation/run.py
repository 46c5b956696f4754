"""Makes the mutants of the packs and runs them against the cases, in two processes."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import date

from scripts.mutation.killing import Any_, Verdict, kill, starts_of
from scripts.mutation.machine import Machine
from scripts.mutation.mutants import mutants_of
from scripts.mutation.parameters import ParameterMutant, parameter_mutants
from scripts.mutation.sites import HOUSEHOLD, VILLAGE, Cell, Names, Site, sites_of
from scripts.mutation.trials import PACKS, Together
from shouwang.policy.closure import compile_plan
from shouwang.policy.expressions import parameters as parameters_in
from shouwang.policy.loading import load
from shouwang.policy.pack import Pack, QualityRule, Rule
from shouwang.policy.plan import _Builder

PROCESSES = 2
AT_ONCE = 6  # groups that a process is given at a time
DAY = date(2024, 9, 5)


@dataclass
class Whole:
    """A pack with everything it can say: its sites, the names they use, and which sites each rule reaches."""

    pack: Pack
    sites: list[Site]
    machines: dict[bool, Machine]
    reach: dict[str, set[Site]] = field(default_factory=dict)

    def names(self, site: Site) -> Names:
        return self.machines[site.kind in ("quality", "rowrule") or not self._used_by_rules(site)].names

    def _used_by_rules(self, site: Site) -> bool:
        return bool(starts_of(self.machines[False], site))


def whole(pack: Pack) -> Whole:
    """A pack as a whole. What no rule, shown indicator or focus category reads is not mutated: what only sentences say."""
    machines = {}
    for quality in (False, True):
        builder = _Builder(pack, DAY, {}, None, quality=quality)
        plan = builder.build()
        machines[quality] = Machine(plan, Names(builder, plan), compile_plan(plan))
    found = Whole(pack, [], machines)
    sites, reached = sites_of(pack), set[Site]()
    for machine in machines.values():
        by_root = _reach(sites, machine)
        reached |= set().union(*by_root.values())
        found.reach |= {rule: by_root[rule] for rule in _rules(machine)}
    found.sites = [site for site in sites if site in reached]
    return found


def _rules(machine: Machine) -> list[str]:
    plan = machine.plan
    return list(plan.pack.quality if plan.quality else plan.pack.rules)


def _roots(machine: Machine) -> dict[str, list[Cell]]:
    """The values of each rule; of each shown indicator and focus category too, which cases speak of as well."""
    pack, floors = machine.plan.pack, (HOUSEHOLD, VILLAGE, *machine.plan.row_sets)
    rules: dict[str, Rule | QualityRule] = {**pack.rules, **pack.quality}
    found = {rule: [(floor, rules[rule].alias) for floor in floors] for rule in _rules(machine)}
    if machine.plan.quality:
        return found
    found |= {f"focus {name}": [(HOUSEHOLD, f"focus_{name}")] for name in pack.focus}
    shown = [name for name, entry in pack.indicators.items() if entry.shown]
    return found | {
        f"indicator {n}": [(HOUSEHOLD, n), (HOUSEHOLD, f"{n}__n"), (HOUSEHOLD, f"{n}__d")] for n in shown
    }


def _reach(sites: Sequence[Site], machine: Machine) -> dict[str, set[Site]]:
    by_cell: dict[Cell, Site] = {}
    for site in sites:
        by_cell |= dict.fromkeys(starts_of(machine, site), site)
    below: dict[Cell, set[Cell]] = {}
    for cell, readers in machine.readers.items():
        for reader in readers:
            below.setdefault(reader, set()).add(cell)
    found = {}
    for root, waiting in _roots(machine).items():
        seen = set(waiting)
        while waiting:
            new = below.get(waiting.pop(), set()) - seen
            seen |= new
            waiting += new
        found[root] = {by_cell[cell] for cell in seen if cell in by_cell}
    return found


def mutants_in(wholes: Sequence[Whole], rule: str = "", sample: int = 0) -> dict[int, Any_]:
    """The mutants of some packs by number; only those of what a rule reaches, or a sample of them."""
    made: list[Any_] = []
    seen: set[Site | ParameterMutant] = set()
    for one in wholes:
        sites = [
            site for site in one.sites if site not in seen and (not rule or site in one.reach.get(rule, ()))
        ]
        made += [mutant for site in sites for mutant in mutants_of(site, one.names(site))]
        read = set[str]().union(*(parameters_in(site.tree) for site in sites))
        values = [mutant for mutant in parameter_mutants(one.pack) if not rule or mutant.name in read]
        made += [mutant for mutant in values if mutant not in seen]
        seen |= {*sites, *values}
    numbered = dict(enumerate(made))
    if sample and sample < len(numbered):
        chosen = random.Random(1).sample(sorted(numbered), sample)  # the same sample every time
        return {number: numbered[number] for number in sorted(chosen)}
    return numbered


@dataclass
class Outcome:
    """Every mutant, those that a case killed, and the cases that fail by themselves."""

    mutants: dict[int, Any_]
    killed: set[int] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)

    @property
    def survivors(self) -> dict[int, Any_]:
        return {number: mutant for number, mutant in self.mutants.items() if number not in self.killed}


def run(
    mutants: dict[int, Any_], packs: Mapping[str, Pack], groups: Sequence[Together], *, processes: int = PROCESSES,
    told: Callable[[int, int, int], None] | None = None,
) -> Outcome:  # fmt: skip
    """Runs the mutants; those that are killed are not tried again. ``told`` hears how far it is."""
    outcome, done = Outcome(mutants), 0
    for count, verdict in _verdicts(mutants, packs, groups, processes, outcome):
        outcome.killed |= verdict.killed
        outcome.failing |= set(verdict.failing)
        done += count
        if told is not None:
            told(done, len(groups), len(mutants) - len(outcome.killed))
    return outcome


def _verdicts(
    mutants: dict[int, Any_],
    packs: Mapping[str, Pack],
    groups: Sequence[Together],
    processes: int,
    outcome: Outcome,
) -> Iterator[tuple[int, Verdict]]:
    if processes < 2:
        for group in groups:
            yield 1, kill(group, packs, {n: m for n, m in mutants.items() if n not in outcome.killed})
        return
    _SHARED.update(mutants=mutants, packs=packs, groups=groups)
    waiting = [
        list(range(first, min(first + AT_ONCE, len(groups)))) for first in range(0, len(groups), AT_ONCE)
    ]
    waiting[:1] = [[place] for place in waiting[0]]  # the large ones come first, and kill most
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork")) as pool:
        running: dict[Future[Verdict], int] = {}
        while waiting or running:
            while waiting and len(running) < processes:
                places = waiting.pop(0)
                running[pool.submit(_killed_by, places, frozenset(outcome.killed))] = len(places)
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()


_SHARED: dict[str, object] = {}  # what the processes inherit


def _killed_by(places: Sequence[int], killed: frozenset[int]) -> Verdict:
    mutants, packs, groups = _SHARED["mutants"], _SHARED["packs"], _SHARED["groups"]
    assert isinstance(mutants, dict)
    assert isinstance(packs, dict)
    assert isinstance(groups, list)
    found = Verdict(set(), [])
    for place in places:
        left = {n: m for n, m in mutants.items() if n not in killed and n not in found.killed}
        verdict = kill(groups[place], packs, left)
        found.killed |= verdict.killed
        found.failing += verdict.failing
    return found


def load_packs() -> dict[str, Pack]:
    """The packs that are mutated and whose cases are run; those that they extend first."""
    return {name: load(name) for name in PACKS}
