"""The rules about the data, read twice: the oracle here against the pack's through DuckDB and the closure, cell by cell.

SHOUWANG_ORACLE_WORLDS=50 compares so many more worlds (of 22 villages each).
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from .differences import differences, told
from .judge import judge
from .made_up import ON, random_world
from .registry import HOUSEHOLD_RULES, ROW_RULES

IDS = (Path(__file__).parents[1] / "quality" / "rule_ids.txt").read_text(encoding="utf-8").split()
WORLDS = 6 + int(os.environ.get("SHOUWANG_ORACLE_WORLDS", "0"))
DAYS = (date(2024, 2, 29), date(2025, 1, 1))


@pytest.mark.req("QLT-1", "QLT-2")
def test_the_oracle_has_every_rule_of_the_catalogue() -> None:
    assert set(IDS) == HOUSEHOLD_RULES.keys() | ROW_RULES.keys()


@pytest.mark.req("QLT-1", "QLT-2")
@pytest.mark.parametrize(
    ("seed", "on"), [*((n, ON) for n in range(WORLDS)), *((900 + n, day) for n, day in enumerate(DAYS))]
)
def test_oracle_duckdb_and_closure_agree(seed: int, on: date) -> None:
    world = random_world(seed, on=on)
    found = differences(world)
    rules = sorted({cell[-1] for cell in found})
    first = next(iter(sorted(found)), None)
    assert not found, (
        f"{len(found)} cells of {rules}; the first {first} is (oracle, DuckDB, closure) {found[first]}:\n{told(world, first)}"  # type: ignore[index,arg-type]
    )


@pytest.mark.req("QLT-1")
def test_made_up_worlds_fire_and_spare_every_rule() -> None:
    counts = Counter(
        (cell[-1], value) for seed in range(12) for cell, value in judge(random_world(seed)).items()
    )
    assert [rule for rule in IDS if not counts[rule, True]] == []
    assert [rule for rule in IDS if not counts[rule, False]] == []
