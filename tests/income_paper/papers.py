"""Income papers of made-up households and of the packs' cases, for tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from shouwang.policy import parameters
from shouwang.policy.cases import Case, Facts, read_cases
from shouwang.policy.closure import Closure, compile_plan
from shouwang.policy.explained_household import Household
from shouwang.policy.income_paper.compare import a_year_before
from shouwang.policy.income_paper.data import Paper
from shouwang.policy.income_paper.paper import income_paper
from shouwang.policy.loading import load
from shouwang.policy.pack import Pack
from shouwang.policy.plan import build
from tests.policy.comparing import present_in

ROOT = Path(__file__).parents[2]
CASES = [case for path in sorted(ROOT.glob("packs/*/cases/income*.yaml")) for case in read_cases(path)]


@lru_cache
def pack_of(name: str) -> Pack:
    return load(name)


@lru_cache(maxsize=256)
def _closures(
    name: str,
    on: date,
    settings: tuple[tuple[str, Any], ...],
    present: tuple[tuple[str, frozenset[str]], ...],
) -> tuple[Closure, Closure]:
    pack = pack_of(name)
    days = (on, a_year_before(on))
    now, before = (compile_plan(build(pack, day, dict(settings), dict(present))) for day in days)
    return now, before


def household_of(facts: Facts, pack: str, on: date, settings: Mapping[str, Any]) -> tuple[Household, Closure]:
    """The household with its values, and the plan of a year before."""
    chosen = tuple(
        (name, parameters.checked(pack_of(pack), name, value)) for name, value in sorted(settings.items())
    )
    now, before = _closures(pack, on, chosen, tuple(sorted(present_in(facts).items())))
    return Household(now, facts.household, facts.tables), before


def paper_of(facts: Facts, pack: str, on: date, settings: Mapping[str, Any]) -> Paper:
    return income_paper(*household_of(facts, pack, on, settings), "")


def paper_of_case(case: Case) -> Paper:
    return paper_of(case.facts, case.pack, case.on, case.settings)


def items_of(paper: Paper) -> Iterator[Any]:
    """Every item on the paper, in the order of its numbers where nothing is forgotten."""
    for part in paper.parts:
        yield from (line.item for line in part.lines if line.item is not None)
    for group in paper.excluded:
        yield from (entry.item for entry in group.items)
    yield from (entry.item for entry in paper.outside)
