"""The facts of some households out of an opened exchange folder, each ready to be explained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy.closure import Closure, compile_plan
from shouwang.policy.duckdb_engine import Engine
from shouwang.policy.explained_formula import masked
from shouwang.policy.explained_household import Household
from shouwang.tables.dictionary import TABLES

BATCH = 500  # households whose rows are in memory at once
Rows = dict[str, list[dict[str, Any]]]


def fetch_households(engine: Engine, folder: Path, household_ids: Sequence[str]) -> Iterator[Household]:
    """The households in the order asked for. InputError for one that is not there, with the nearest that are."""
    closure = compile_plan(engine.plan)
    for first in range(0, len(household_ids), BATCH):
        yield from _batch(engine, folder, closure, household_ids[first : first + BATCH])


def _batch(
    engine: Engine, folder: Path, closure: Closure, household_ids: Sequence[str]
) -> Iterator[Household]:
    own = _rows(engine, "households", household_ids)
    tables = {
        name: _rows(engine, name, household_ids) if name in engine.relations else None
        for name in TABLES
        if name not in ("households", "villages")
    }
    for household_id in household_ids:
        if household_id not in own:
            raise _not_there(engine, folder, household_id)
        row = own[household_id][0]
        rows = {
            name: None if found is None else found.get(household_id, []) for name, found in tables.items()
        }
        yield Household(closure, row, rows, _fences(engine, row))


def _fences(engine: Engine, row: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """The upper fences of employment cost (yuan) of the household's village, by place."""
    if not any(name.startswith("cost_fence_") for name in engine.plan.household_prepared):
        return {}
    found = engine.connection.execute(
        "SELECT area_code, work_place, fence FROM cost_fences WHERE area_code = ?", [row.get("area_code")]
    )
    return {(area, place): fence for area, place, fence in found.fetchall()}


def _rows(engine: Engine, table: str, household_ids: Sequence[str]) -> Rows:
    if "household_id" not in engine.plan.present.get(table, frozenset()):
        return {}
    cursor = engine.connection.execute(
        f"SELECT * FROM {engine.relations[table]} WHERE household_id IN (SELECT unnest(?))",
        [list(household_ids)],
    )
    names = [entry[0] for entry in cursor.description]
    found: Rows = {}
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        found.setdefault(row["household_id"], []).append(row)
    return found


def _not_there(engine: Engine, folder: Path, household_id: str) -> InputError:
    near = engine.connection.execute(
        f"SELECT household_id FROM {engine.relations['households']} ORDER BY levenshtein(household_id, ?), household_id LIMIT 3",
        [household_id],
    ).fetchall()
    words = "、".join(masked(row[0]) for row in near)
    remedy = _("最接近的户编号：{words}").format(words=words) if near else _("农户表是空的")
    return InputError(
        _("没有户编号为 {id} 的农户").format(id=masked(household_id)), where=str(folder), remedy=remedy
    )
