"""Runs cases through the closure and through DuckDB; both must give what the case expects, and the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from shouwang.policy import parameters, quality_cases
from shouwang.policy.case_tables import load_tables, renumbered
from shouwang.policy.cases import Case, Facts, Failure, compare, read_cases
from shouwang.policy.closure import Closure, compile_plan
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.duckdb_outputs import shown
from shouwang.policy.loading import find, load
from shouwang.policy.pack import Pack
from shouwang.policy.plan import VILLAGE_SETS, Plan, build
from shouwang.tables.dictionary import TABLES

Results = tuple[dict[str, Any], dict[str, bool | None]]
_SENSITIVE: dict[str, frozenset[str]] = {}  # by the pack's hash: working it out takes a plan


def run_cases(folder: str, files: Sequence[Path] = ()) -> tuple[int, list[Failure]]:
    """Runs every case of a pack (its ``cases/``, or ``files``); returns how many there were and what failed.

    Cases of one day, with the same parameters and tables, go through DuckDB together: planning costs more than
    a household.
    """
    paths = list(files) or case_files(find(folder))
    own = find(folder).name
    packs: dict[str, Pack] = {}
    together: dict[Any, list[Case]] = {}
    about_data: dict[Any, list[Case]] = {}
    count = 0
    for path in paths:
        for case in read_cases(path):
            count += 1
            if (
                case.pack not in packs
            ):  # cases of a pack that is not among the shipped ones name its folder's name
                packs[case.pack] = load(folder if case.pack == own else case.pack)
            pack = packs[case.pack]
            if case.about_quality:
                about_data.setdefault(quality_cases.group(case), []).append(case)
            if case.about_household or not case.about_quality:
                together.setdefault(_group(case, pack), []).append(case)
    failures = [
        failure for cases in together.values() for failure in run_together(cases, packs[cases[0].pack])
    ]
    for cases in about_data.values():
        failures += quality_cases.run_together(cases, packs[cases[0].pack])
    return count, sorted(failures, key=lambda failure: (failure.case.file, failure.case.line))


def case_files(folder: Path) -> list[Path]:
    """The files with cases of a pack's folder: those about households first, then those about the data."""
    return [
        *sorted((folder / "cases").glob("*.yaml")),
        *sorted((folder / "cases" / "quality").glob("*.yaml")),
    ]


def _group(case: Case, pack: Pack) -> tuple[Any, ...]:
    """What cases must share to be run together; one with a village of its own stays alone."""
    alone = (case.file, case.line) if case.village or "area_code" in case.facts.household else ()
    settings = tuple(sorted((name, str(value)) for name, value in case.settings.items()))
    lacking = frozenset(sensitive_columns(pack) - case.facts.present["households"])
    tables = frozenset(name for name in case.facts.present if name != "households")
    return (case.pack, case.on, settings, lacking, tables, alone)


def _sensitive(pack: Pack) -> frozenset[str]:
    plan = build(pack, date(2024, 9, 1))
    tests = (node for step in plan.household for node in step.value.node.find_all(exp.Is))
    return frozenset(
        name
        for node in tests
        for column in node.find_all(exp.Column)
        if (name := column.name) in plan.household_given
    )


def sensitive_columns(pack: Pack) -> frozenset[str]:
    """Household columns for which lacking as a whole and being empty are not the same: those tested by ``is null``."""
    if pack.hash not in _SENSITIVE:
        _SENSITIVE[pack.hash] = _sensitive(pack)
    return _SENSITIVE[pack.hash]


def run_together(cases: Sequence[Case], pack: Pack) -> list[Failure]:
    """What these cases fail on, for each of the two backends; an empty list where all pass."""
    first, pack = cases[0], _narrowed(pack, cases)
    settings = {name: parameters.checked(pack, name, value) for name, value in first.settings.items()}
    facts = (
        [renumbered(case.facts, place) for place, case in enumerate(cases, 1)]
        if len(cases) > 1
        else [first.facts]
    )
    present = dict(first.facts.present)
    lacking = sensitive_columns(pack) - first.facts.present["households"]
    if first.village:
        together = (facts.present["households"] for facts in (first.facts, *first.village))
        present["households"] = frozenset().union(*together)
    else:
        everything = frozenset(TABLES["households"].by_name) - lacking
        present["households"] = everything - (
            frozenset() if "area_code" in first.facts.household else {"area_code"}
        )
    batch, (engine, fences) = through_duckdb([*facts, *first.village], pack, first.on, settings, present)
    closure = compile_plan(engine.plan)
    villages = _village_results(engine, first.facts)
    found = []
    for case, own, results in zip(cases, facts, batch, strict=False):
        for where, (indicators, rules) in (
            ("DuckDB", results),
            ("closure", through_closure(own, closure, fences)),
        ):
            messages = compare(case, indicators, {**rules, **villages})
            if messages:
                found.append(Failure(case, where, messages))
    return found


def _narrowed(pack: Pack, cases: Sequence[Case]) -> Pack:
    """The pack with what the cases speak of, and what that reads: a plan of less is made sooner."""
    named = {
        name
        for case in cases
        for name in (*case.indicators, *case.findings, *case.absent, *case.unknown, *case.ruled_out)
    }
    texts = {name: [entry.expression.text] for name, entry in pack.indicators.items()}
    texts |= {f"focus_{name}": [focus.when.text] for name, focus in pack.focus.items()}
    texts |= {
        rule.alias: [rule.when.text if rule.when is not None else "", rule.says, rule.says_en]
        for rule in pack.rules.values()
    }
    stack = [name for name in texts if name in named or name.startswith("focus_")]
    stack += [rule.alias for name, rule in pack.rules.items() if name in named]
    for village in VILLAGE_SETS:
        stack += re.findall(
            r"\w+", " ".join(str(one.text) for one in pack.aggregates.get(village, {}).values())
        )
    read: set[str] = set()
    while stack:
        name = stack.pop()
        if name in texts and name not in read:
            read.add(name)
            stack += re.findall(r"\w+", " ".join(map(str, texts[name])))
    return replace(
        pack,
        rules={name: rule for name, rule in pack.rules.items() if name in named or rule.alias in read},
        indicators={
            name: replace(entry, shown=entry.shown and name in named)
            for name, entry in pack.indicators.items()
            if name in read
        },
    )


def through_closure(
    facts: Facts, plan: Plan | Closure, fences: Mapping[tuple[str, str], Any] | None = None
) -> Results:
    """The indicators as shown and the rules' results of one household, by the closure."""
    closure = plan if isinstance(plan, Closure) else compile_plan(plan)
    values = closure.evaluate(facts.household, facts.tables, fences)
    rules = closure.plan.pack.rules.values()
    return closure.shown(values), {rule.name: values[rule.alias] for rule in rules if rule.when is not None}


def through_duckdb(
    households: Sequence[Facts],
    pack: Pack,
    on: Any,
    settings: Mapping[str, Any],
    present: Mapping[str, frozenset[str]] | None = None,
) -> tuple[list[Results], tuple[Engine, dict[tuple[str, str], Any]]]:
    """The same for many households at once, by DuckDB; ``present`` says which tables and columns there are."""
    connection = duckdb.connect(config={"threads": 1})
    if present is None:
        present = {
            **households[0].present,
            "households": frozenset().union(*(facts.present["households"] for facts in households)),
        }
    relations = load_tables(connection, present, households)
    engine = Engine.over(connection, relations, present, pack, on, settings)
    for _count in engine.partitions(everything=True):
        pass
    fences = {}
    if any(name.startswith("cost_fence_") for name in engine.plan.household_prepared):
        rows = connection.execute("SELECT area_code, work_place, fence FROM cost_fences").fetchall()
        fences = {(area, place): fence for area, place, fence in rows}
    return _results(engine, [str(facts.household["household_id"]) for facts in households]), (engine, fences)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _results(engine: Engine, ids: Sequence[str]) -> list[Results]:
    plan = engine.plan
    names = [name for name, entry in plan.pack.indicators.items() if entry.shown]
    rules = [rule for rule in plan.pack.rules.values() if rule.when is not None]
    columns = [
        *(f"{shown(plan, name)}" for name in names),
        "focus_categories",
        *(_quoted(rule.alias) for rule in rules),
    ]
    rows = {
        row[0]: row[1:]
        for row in engine.connection.execute(
            f"SELECT household_id, {', '.join(columns)} FROM screened"
        ).fetchall()
    }
    found = []
    for household_id in ids:
        row = rows[household_id]
        indicators = dict(zip(names, row, strict=False))
        indicators["focus_categories"] = tuple(filter(None, row[len(names)].split(";")))
        found.append(
            (indicators, dict(zip([rule.name for rule in rules], row[len(names) + 1 :], strict=True)))
        )
    return found


def _village_results(engine: Engine, facts: Facts) -> dict[str, bool | None]:
    """The results of village rules for the household's village."""
    if "area_code" not in engine.plan.present["households"]:
        return {}
    engine.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE case_households AS SELECT {', '.join(_quoted(c) for c in engine.village_columns())} FROM screened"
    )
    rules = [rule for rule in engine.plan.pack.rules.values() if rule.when is None]
    for row in engine.village_rows("case_households"):
        if row["area_code"] == facts.household.get("area_code"):
            return {rule.name: row[rule.alias] for rule in rules}
    return {}
