"""What was planted is what a screening finds, and households without trouble are left in peace."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from shouwang.generator import streams
from shouwang.generator.troubles import TROUBLES
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.loading import load

HOUSEHOLDS = 17000  # a whole stock of models and a little more
_PROGRESS = {"visit.missing", "income.livestock", "income.cost_outlier"}  # natural in any data, no trouble


@pytest.fixture(scope="module")
def screened(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[dict[str, set[str]], dict[str, dict[str, str]]]:
    """Rules that fired by household, and the truth by household."""
    out = tmp_path_factory.mktemp("truth") / "data"
    streams.generate(out, HOUSEHOLDS, 5, with_details=False)
    return _fired(out), _truth(out)


def _truth(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "truth" / "truth.csv").open(encoding="utf-8") as file:
        return {row["household_id"]: row for row in csv.DictReader(file)}


def _fired(folder: Path) -> dict[str, set[str]]:
    engine = Engine.open(folder, load("chongqing-xihe-2024"), date(2024, 9, 1), {})
    found: dict[str, set[str]] = defaultdict(set)
    for _count in engine.partitions():
        for rule in engine.plan.pack.rules.values():
            if rule.when is not None:
                query = f'SELECT household_id FROM screened WHERE "{rule.alias}"'
                for (household,) in engine.connection.execute(query).fetchall():
                    found[household].add(rule.name)
    engine.connection.close()
    return found


@pytest.mark.req("RSK-2")
def test_every_planted_trouble_is_found(
    screened: tuple[dict[str, set[str]], dict[str, dict[str, str]]],
) -> None:
    fired, truth = screened
    rules = load("chongqing-xihe-2024").rules
    missed = Counter(
        (row["trouble"], finding)
        for household, row in truth.items()
        for finding in (row["findings"] or "").split(";")
        if finding in rules and finding not in fired[household]
    )
    assert not missed


@pytest.mark.req("RSK-2")
def test_nearly_every_kind_of_trouble_occurs(
    screened: tuple[dict[str, set[str]], dict[str, dict[str, str]]],
) -> None:
    _, truth = screened
    planted = {row["trouble"] for row in truth.values()}
    assert {trouble.name for trouble in TROUBLES if trouble.group == "none"} <= planted
    assert len(planted) >= len(TROUBLES) - 2


@pytest.mark.req("RSK-2")
def test_untroubled_households_are_left_in_peace(
    screened: tuple[dict[str, set[str]], dict[str, dict[str, str]]],
) -> None:
    fired, truth = screened
    extra = Counter(
        rule for household, rules in fired.items() if household not in truth for rule in rules - _PROGRESS
    )
    assert not extra
