"""Small packs in a temporary folder that extend a shipped one, and households to try them on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from shouwang.policy.case_runner import through_closure, through_duckdb
from shouwang.policy.cases import Facts
from shouwang.policy.closure import compile_plan
from shouwang.policy.loading import load
from shouwang.policy.pack import Pack
from tests.policy.comparing import ALL_COLUMNS, HOUSEHOLD_TABLES

ON = date(2024, 9, 5)
Result = tuple[dict[str, Any], dict[str, bool | None]]


def write_pack(folder: Path, extends: str = "national", head: str = "", **files: str) -> Path:
    """Writes a pack of that folder's name; ``files`` are the texts of rules, parameters, indicators and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    text = f"id: {folder.name}\ntitle: 试验\nextends: {extends}\n{head}"
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    return folder


def trial_pack(folder: Path, extends: str = "national", head: str = "", **files: str) -> Pack:
    """The same, read and checked."""
    return load(str(write_pack(folder, extends, head, **files)))


def household(
    number: int = 1, columns: Mapping[str, Any] | None = None, **tables: Sequence[Mapping[str, Any]]
) -> Facts:
    """A household with one head; every table is there, most without a row of it."""
    household_id = f"h{number:04d}"
    own = {
        "household_id": household_id,
        "area_code": "500199100001",
        "household_type": "general",
        "monitoring_status": "none",
    }
    rows: dict[str, list[dict[str, Any]] | None] = {name: [] for name in HOUSEHOLD_TABLES}
    rows["members"] = [_row("members", household_id, 1, {"relation": "head"})]
    for name, listed in tables.items():
        rows[name] = [_row(name, household_id, place, row) for place, row in enumerate(listed, 1)]
    return Facts(own | dict(columns or {}), rows)


_KEYS = {"members": "member_id", "income_items": "item_id", "alerts": "alert_id", "visits": "visit_id", "cases": "case_id",
         "measures": "measure_id", "projects": "project_id"}  # fmt: skip


def _row(table: str, household_id: str, place: int, row: Mapping[str, Any]) -> dict[str, Any]:
    key = {_KEYS[table]: f"{household_id}-{place}"} if table in _KEYS else {}
    return {"household_id": household_id, **key, **row}


def income(amount: str | int, kind: str = "transfer.other", **more: Any) -> dict[str, Any]:
    """One item in the window."""
    return {"kind": kind, "amount": Decimal(str(amount)), "received_on": date(2024, 5, 1), **more}


def screened(
    pack: Pack, households: Sequence[Facts], settings: Mapping[str, Any] | None = None, on: date = ON,
    present: Mapping[str, frozenset[str]] | None = None,
) -> list[Result]:  # fmt: skip
    """Every household by DuckDB and by the closure, which must agree; the indicators shown and the findings."""
    there = present or {name: ALL_COLUMNS[name] for name in ("households", *HOUSEHOLD_TABLES)}
    results, (engine, fences) = through_duckdb(households, pack, on, dict(settings or {}), there)
    closure = compile_plan(engine.plan)
    for facts, result in zip(households, results, strict=True):
        assert through_closure(facts, closure, fences) == result
    return results
