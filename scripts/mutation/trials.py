"""The cases of the project, put together as their runners do, and what each of them says of a plan, mutated or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from scripts.mutation.machine import Change, Machine, State, Village
from scripts.mutation.sites import HOUSEHOLD, VILLAGE, Names
from shouwang.policy import case_runner, parameters, quality_cases
from shouwang.policy.case_runner import case_files
from shouwang.policy.case_tables import load_tables, renumbered
from shouwang.policy.cases import Case, Facts, compare, compare_rules, read_cases
from shouwang.policy.closure import compile_plan
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.duckdb_prepared import LAYOUTS, layouts_needed, surroundings
from shouwang.policy.loading import find
from shouwang.policy.pack import Pack
from shouwang.policy.plan import Plan, _Builder
from shouwang.tables.dictionary import TABLES

PACKS = ("national", "chongqing-xihe-2024")
Fences = Mapping[tuple[str, str], Any]


@dataclass(frozen=True)
class Together:
    """Cases that share a pack, a day, settings and tables; about the data or about the household."""

    cases: tuple[Case, ...]
    quality: bool

    @property
    def pack(self) -> str:
        return self.cases[0].pack


def all_together(packs: Mapping[str, Pack], files: Sequence[Path] = ()) -> list[Together]:
    """Every case of the packs (or of ``files``), the largest groups first."""
    found: dict[tuple[Any, ...], list[Case]] = {}
    for path in files or [path for name in PACKS for path in case_files(find(name))]:
        for case in read_cases(path):
            if case.about_quality:
                found.setdefault((True, quality_cases.group(case)), []).append(case)
            if case.about_household or not case.about_quality:
                found.setdefault((False, case_runner._group(case, packs[case.pack])), []).append(case)
    groups = [Together(tuple(cases), bool(key[0])) for key, cases in found.items()]
    return sorted(groups, key=lambda group: -len(group.cases))


class Recorded(dict[str, Any]):
    """A mapping that remembers what was asked of it."""

    def __init__(self, values: Mapping[str, Any], asked: set[str]) -> None:
        super().__init__(values)
        self.asked = asked

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


@dataclass
class Trial:
    """One case over a machine: its own state, its village where it speaks of one, and what it expects."""

    case: Case
    quality: bool
    state: State
    village: Village | None

    def watched(self) -> dict[str, set[str]]:
        """The values that the case says something of, by floor."""
        pack, found = self.state.machine.plan.pack, dict[str, set[str]]()
        case = self.case
        if self.quality:
            for name in case.about_quality:
                rule = pack.quality[name]
                for floor in (HOUSEHOLD if table == "households" else table for table in rule.of):
                    found.setdefault(floor, set()).add(rule.alias)
            return found
        for name in (*case.findings, *case.absent, *case.unknown, *case.ruled_out):
            rule_ = pack.rules[name]
            found.setdefault(HOUSEHOLD if rule_.when is not None else VILLAGE, set()).add(rule_.alias)
        for name in case.indicators:
            own = (
                {f"focus_{code}" for code in pack.focus}
                if name == "focus_categories"
                else {name, f"{name}__n", f"{name}__d"}
            )
            found.setdefault(HOUSEHOLD, set()).update(own)
        return found

    def wrong(self, change: Change | None = None) -> list[str]:
        """What the case finds wrong under a change."""
        state = self.state.changed(change) if change else self.state
        if self.quality:
            case = self.case
            expected = (case.quality, case.quality_absent, case.quality_unknown, case.quality_ruled_out)
            return compare_rules(expected, {name: _of_rows(state, name) for name in case.about_quality})
        village = self.village.changed(change) if self.village and change else self.village
        return compare(self.case, self._indicators(state), self._results(state, village))

    def _indicators(self, state: State) -> dict[str, Any]:
        closure, cells = state.machine.closure, state.household
        found: dict[str, Any] = {}
        for name in self.case.indicators:
            if name == "focus_categories":
                found[name] = tuple(
                    code for code in closure.plan.pack.focus if cells[f"focus_{code}"] is True
                )
            else:
                step = closure.plan.step(name)
                halves = (
                    (f"{name}__n", f"{name}__d") if step and step.value.denominator is not None else (name,)
                )
                found[name] = closure.shown_one(name, {half: cells[half] for half in halves})
        return found

    def _results(self, state: State, village: Village | None) -> dict[str, bool | None]:
        rules, found = state.machine.plan.pack.rules, dict[str, bool | None]()
        for name in (*self.case.findings, *self.case.absent, *self.case.unknown, *self.case.ruled_out):
            if rules[name].when is not None:
                found[name] = state.household[rules[name].alias]
            elif village is not None:
                found[name] = village.cells[rules[name].alias]
        return found


def _of_rows(state: State, name: str) -> bool | None:
    plan = state.machine.plan
    rule = plan.pack.quality[name]
    if not {"households", *quality_cases.present_tables(plan)} & set(rule.of):
        return None
    found = [state.household[rule.alias]] if rule.of_household else []
    for table in rule.row_tables:
        found += [row[rule.alias] for row in state.rows(table)]
    return quality_cases._any(found)


@dataclass
class Stage:
    """One group of cases, ready: its machine, a trial per case, and the parameters that its values rest on."""

    machine: Machine
    trials: list[Trial]
    asked: set[str]  # parameters that prepared columns and layouts read


def stage(group: Together, pack: Pack) -> Stage:
    """Builds the plan of a group, and asks DuckDB for what only neighbours know."""
    first = group.cases[0]
    settings = {name: parameters.checked(pack, name, value) for name, value in first.settings.items()}
    many = len(group.cases) > 1
    facts = [
        renumbered(case.facts, place) if many else case.facts for place, case in enumerate(group.cases, 1)
    ]
    if group.quality:
        named = {rule for case in group.cases for rule in case.about_quality}
        pack = replace(pack, quality={name: rule for name, rule in pack.quality.items() if name in named})
        present = {
            name: frozenset(TABLES[name].by_name) - first.lacking.get(name, frozenset())
            for name in first.facts.present
        }
    else:
        present = _present(first, pack)
    builder = _Builder(pack, first.on, settings, present, quality=group.quality)
    builder.written = builder.written.reached(pack, quality=group.quality)
    plan = builder.build()
    if builder.mistakes:
        raise ValueError(str(builder.mistakes[0]))
    asked = _asked_by_layouts(plan, present)
    everybody, fences = [*facts, *first.village], dict[tuple[str, str], Any]()
    if layouts_needed(plan) or _has_fences(plan):
        everybody, fences = _with_neighbours(everybody, pack, first, settings, present, quality=group.quality)
    machine = Machine(plan, Names(builder, plan), compile_plan(plan))
    context = machine.closure.context
    machine.context = replace(context, parameters=Recorded(context.parameters, asked))
    trials = [
        _trial(case, group, machine, everybody, place, fences) for place, case in enumerate(group.cases)
    ]
    return Stage(machine, trials, asked)


def _present(first: Case, pack: Pack) -> dict[str, frozenset[str]]:
    """What there is for cases about the household, as their runner has it."""
    present = dict(first.facts.present)
    if first.village:
        together = [facts.present["households"] for facts in (first.facts, *first.village)]
        present["households"] = frozenset[str]().union(*together)
        return present
    lacking = case_runner.sensitive_columns(pack) - first.facts.present["households"]
    area = frozenset[str]() if "area_code" in first.facts.household else frozenset({"area_code"})
    present["households"] = frozenset(TABLES["households"].by_name) - lacking - area
    return present


def _has_fences(plan: Plan) -> bool:
    return "area_code" in plan.present["households"] and any(
        n.startswith("cost_fence_") for n in plan.household_prepared
    )


def _with_neighbours(
    everybody: Sequence[Facts], pack: Pack, first: Case, settings: Mapping[str, Any],
    present: Mapping[str, frozenset[str]], *, quality: bool,
) -> tuple[list[Facts], dict[tuple[str, str], Any]]:  # fmt: skip
    connection = duckdb.connect(config={"threads": 1})
    relations = load_tables(connection, present, everybody)
    engine = Engine.over(connection, relations, present, pack, first.on, settings, quality=quality)
    fences = {}
    if _has_fences(engine.plan):
        rows = connection.execute("SELECT area_code, work_place, fence FROM cost_fences").fetchall()
        fences = {(area, place): fence for area, place, fence in rows}
    neighbours = {table: engine.neighbour_values(table) for table in engine.relations}
    connection.close()
    return [quality_cases.with_neighbours(facts, neighbours) for facts in everybody], fences


def _asked_by_layouts(plan: Plan, present: Mapping[str, frozenset[str]]) -> set[str]:
    asked: set[str] = set()
    around = replace(
        surroundings(plan, {name: f"facts_{name}" for name in present}),
        parameters=Recorded(plan.parameters, asked),
    )
    for name in layouts_needed(plan):
        LAYOUTS[name](around)
    return asked


def _trial(
    case: Case, group: Together, machine: Machine, everybody: Sequence[Facts], place: int, fences: Fences
) -> Trial:
    state = State(machine, everybody[place], fences)
    rules = machine.plan.pack.rules
    named = () if group.quality else (*case.findings, *case.absent, *case.unknown, *case.ruled_out)
    village = None
    if any(rules[name].when is None for name in named) and "area_code" in machine.plan.present["households"]:
        others = [State(machine, facts, fences) for facts in everybody[len(group.cases) :]]
        village = Village([state, *others])
    return Trial(case, group.quality, state, village)


def stages(groups: Sequence[Together], packs: Mapping[str, Pack]) -> Iterator[tuple[Together, Stage]]:
    """The groups one after the other, each built when its turn comes."""
    for group in groups:
        yield group, stage(group, packs[group.pack])
