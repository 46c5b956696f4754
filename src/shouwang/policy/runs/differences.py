"""Why the results of two runs may differ: what of day, pack, settings, parameters, facts and versions is not the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shouwang.policy.runs.store import StoredRun


def differences(before: StoredRun, after: StoredRun) -> dict[str, Any]:
    """Why results may differ: what of day, pack, settings, parameters, facts and versions is not the same."""
    found: dict[str, Any] = {}
    for name in ("on", "window", "pack", "pack_hash", "set", "versions"):
        if before.told[name] != after.told[name]:
            found[name] = {"was": before.told[name], "now": after.told[name]}
    if before.told["pack_hash"] != after.told["pack_hash"]:
        found["pack_files"] = _changed_files(before, after)
    parameters = _changed_parameters(before.told, after.told)
    if parameters:
        found["parameters"] = parameters
    facts = _changed_facts(before.told["facts"], after.told["facts"])
    if facts:
        found["facts"] = facts
    return found


def _changed_files(before: StoredRun, after: StoredRun) -> list[str]:
    """The files of the pack that are not the same in both."""
    before.pack()
    after.pack()
    contents = [
        {name: (run.pack_folder.parent / name).read_bytes() for name in run.told["pack_files"]}
        for run in (before, after)
    ]
    return sorted(
        name
        for name in contents[0].keys() | contents[1].keys()
        if contents[0].get(name) != contents[1].get(name)
    )


def _changed_parameters(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    tables = [{(row["name"], row["area"]): row for row in told["parameters"]} for told in (was, now)]
    found = []
    for key in sorted(tables[0].keys() | tables[1].keys()):
        one, other = tables[0].get(key), tables[1].get(key)
        if one != other:
            found.append({"name": key[0], "area": key[1], "was": _held(one), "now": _held(other)})
    return found


def _held(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {"value": row["value"], "clause": row["clause"]}


def _changed_facts(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for table in sorted(was.keys() | now.keys()):
        one, other = was.get(table), now.get(table)
        if one is None or other is None or one["sha256"] != other["sha256"]:
            columns = [set(entry["columns"]) if entry else set() for entry in (one, other)]
            found.append({
                "table": table,
                "rows": {"was": one["rows"] if one else None, "now": other["rows"] if other else None},
                "columns_gone": sorted(columns[0] - columns[1]) if one and other else [],
                "columns_new": sorted(columns[1] - columns[0]) if one and other else [],
            })  # fmt: skip
    return found
