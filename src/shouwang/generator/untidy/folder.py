"""Writes a whole township as untidy spreadsheets."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shouwang.generator.township import Township
from shouwang.generator.untidy import annex3, registers, roster
from shouwang.generator.untidy.departments import DEPARTMENTS
from shouwang.generator.untidy.lists import Desk
from shouwang.generator.untidy.matching import RULES, Matcher

_REGISTERS = (registers.national, registers.income, annex3.ledger)
FILES = 1 + len(DEPARTMENTS) + len(_REGISTERS)


def untidy(
    town: Township, folder: Path, seed: int, step: Callable[[int, str], None] = lambda _done, _text: None
) -> dict[str, Any]:
    """Writes the files into the existing folder ``folder`` and returns the truth: what a right import finds.

    The truth has ``rules``, ``totals`` and one entry per file with its counts, the cells to quarantine
    and its rows; it is not written, so that the folder holds nothing but what an office has
    (:func:`write_truth` does). ``step(done, file)`` counts up to :data:`FILES`.
    """
    chance = random.Random(f"{seed}/untidy")  # noqa: S311 - made-up data
    step(0, roster.FILE)
    people = roster.write(town, folder, chance)
    groups = {row["household_id"]: row["group_name"] for row in town.tables["households"]}
    desk = Desk(town, Matcher(people, groups), chance)
    files = [roster.truth(people)]
    for number, write in enumerate((*DEPARTMENTS, *_REGISTERS), 1):
        files.append(write(desk, folder))
        step(number, files[-1]["file"])
    return {"rules": RULES, "totals": _totals(files), "files": files}


def write_truth(truth: dict[str, Any], path: Path) -> None:
    """Writes the truth as JSON."""
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _totals(files: list[dict[str, Any]]) -> dict[str, Any]:
    alerts: Counter[str] = Counter()
    match: Counter[str] = Counter()
    for file in files:
        alerts.update(file.get("alerts", {}))
        if file.get("alerts") is not None:
            match.update(file["match"])
    ids = [file["ids"] for file in files if "ids" in file]
    return {
        "data_rows": sum(file["data_rows"] for file in files),
        "households": files[0]["households"],
        "members": files[0]["members"],
        **{
            f"ids_{name}": sum(part[name] for part in ids)
            for name in ("accepted", "missing", "words", "quarantined")
        },
        "alerts": dict(sorted(alerts.items())),
        "match_of_department_rows": dict(sorted(match.items())),
    }
