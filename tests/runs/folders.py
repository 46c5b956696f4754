"""What the tests of runs share: households in a folder, a copy of the packs, and a run kept in a store."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from shouwang.policy.cases import Facts
from shouwang.policy.loading import load
from shouwang.policy.runs.runs import keeping
from shouwang.policy.runs.store import StoredRun
from shouwang.policy.screening import screen
from shouwang.tables.places import packs_folder
from tests.oracle.households import random_facts
from tests.policy.comparing import facts_of, national
from tests.policy.folders import write_folder

ON = date(2024, 10, 15)
SETTINGS = {"monitoring_range": "8300", "campaign_from": "2024-08-25"}


def household(seed: int, **columns: Any) -> Facts:
    """A made-up household full of edges and gaps, some of its columns set otherwise."""
    facts = facts_of(random_facts(seed))
    return Facts({**facts.household, **columns}, facts.tables)


def crowd(seeds: Iterable[int]) -> list[Facts]:
    return [household(seed) for seed in seeds]


def copied_pack(folder: Path) -> Path:
    """The national pack in a folder of its own, so that a test may change it."""
    target = folder / "national"
    shutil.copytree(packs_folder() / "national", target, ignore=shutil.ignore_patterns("cases"))
    return target


def kept(
    store: Path, households: Sequence[Facts], scratch: Path, pack: str = "national", *, form: str = "csv",
    on: date = ON, settings: Mapping[str, str] = SETTINGS, quality: bool = False, **more: Any,
) -> tuple[StoredRun, dict[str, Any]]:  # fmt: skip
    """Screens households and keeps the run; gives it and the content of run.json of the normal output.

    The shipped pack is read once for all tests: that takes longer than screening a handful of households.
    """
    folder = write_folder(scratch / "facts", households, form, **more)
    read_once = national() if pack == "national" else None
    with (
        keeping(store, pack) as keeper,
        patch("shouwang.policy.screening.load", lambda name: read_once or load(name)),
    ):
        summary = screen(
            folder, pack, on, scratch / "out", settings=settings, each=keeper.each, finish=keeper.finish,
            quality=quality, partition=25,
        )  # fmt: skip
    assert keeper.kept is not None
    return keeper.kept, summary


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
