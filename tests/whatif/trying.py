"""What the tests of what-ifs share: folders of made-up households, both sides, and the moves as plain sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from shouwang.policy.cases import Facts
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.screening import screen
from shouwang.policy.whatif.result import Move, WhatIf
from shouwang.policy.whatif.whatif import Terms, terms, what_if
from tests.policy.folders import read_csv, write_folder

ON = date(2024, 9, 5)
SETS = {"monitoring_range": "8300", "campaign_from": "2024-08-25"}


@lru_cache
def national() -> Terms:
    """The pack that all places share, read once."""
    return terms("national", ON, {})


def tried(
    folder: Path, then: Mapping[str, str] | None = None, *, pack: str = "national", on: date = ON, then_pack: str = "",
    then_on: date | None = None, sets: Mapping[str, str] = SETS, **more: Any,
) -> WhatIf:  # fmt: skip
    """Both sides over a folder: ``then`` are the parameters that are set otherwise."""
    before = terms(pack, on, sets, national() if pack == "national" else None)
    after = terms(then_pack or pack, then_on or on, {**sets, **(then or {})}, before)
    return what_if(folder, before, after, **more)


def moves(found: WhatIf, finding: str) -> dict[str, Move]:
    """Household → its move for one target."""
    return {move.household_id: move for move in found.moves if found.targets[move.target].id == finding}


def ways(found: WhatIf) -> dict[str, set[tuple[str, str]]]:
    """How they move → (household, target)."""
    told: dict[str, set[tuple[str, str]]] = {way: set() for way in ("in", "out", "unknown", "known")}
    for move in found.moves:
        told[move.way].add((move.household_id, found.targets[move.target].id))
    return told


def written(folder: Path, households: Sequence[Facts], **more: Any) -> Path:
    """The households as a folder of CSV."""
    return write_folder(folder, households, **more)


Answers = dict[tuple[str, str], bool | None]


def screened(facts: Path, pack: str, on: date, sets: Mapping[str, str]) -> Answers:
    """(household, rule) → the answer of the engine that every screening runs on, for all rules of households."""
    loaded = terms(pack, on, sets, national())
    engine = Engine.open(facts, loaded.pack, on, loaded.settings)
    rules = [rule for rule in loaded.pack.rules.values() if rule.when is not None]
    for _count in engine.partitions():
        pass
    chosen = ", ".join(f'"{rule.alias}"' for rule in rules)
    rows = engine.connection.execute(f"SELECT household_id, {chosen} FROM screened").fetchall()
    engine.connection.close()
    return {(row[0], rule.name): answer for row in rows for rule, answer in zip(rules, row[1:], strict=True)}


def fired(facts: Path, out: Path, sets: Mapping[str, str]) -> set[tuple[str, str]]:
    """(household, rule) pairs in the findings.csv of a whole screening."""
    screen(facts, "national", ON, out, settings=sets, quality=False)
    return {
        (row["household_id"], row["finding"]) for row in read_csv(out / "findings.csv") if row["household_id"]
    }
