"""A what-if as plain values for machines: the content of whatif.json."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from shouwang.documents.whatif_words import because
from shouwang.policy.whatif.changes import Change, Terms
from shouwang.policy.whatif.result import Count, Move, WhatIf


def machine(found: WhatIf, *, households: bool = True) -> dict[str, Any]:
    """Everything, in plain values; without ``households`` the list of those that move is left out.

    Numbers that were set are text, days ISO dates; true, false and null (not known) are answers.
    """
    told = {
        "before": _terms(found.before),
        "after": _terms(found.after),
        "households": found.households,
        "moved_households": found.moved_households,
        "changes": [
            {**_change(m.change), "households_alone": m.households, "moves_alone": m.pairs} for m in found.by_change
        ],
        "together": found.together,
        "not_explained": found.open,
        "findings": {
            target.id: {"name": target.label, **asdict(found.totals[place])} for place, target in enumerate(found.targets)
        },
        "untouched": [target.id for target in found.untouched],
        "villages": [
            {
                "area_code": village.area_code, "name": village.name, "households": village.households,
                "findings": {found.targets[place].id: asdict(count) for place, count in sorted(village.counts.items()) if _moves(count)},
            }
            for village in found.villages
        ],
        "village_findings": [
            {"area_code": m.area_code, "village": m.name, "finding": m.rule, "before": m.was, "after": m.is_} for m in found.village_moves
        ],
        "parameters": list(found.parameters),
    }  # fmt: skip
    if found.sweep is not None:
        sweep = found.sweep
        told["sweep"] = {
            "parameter": sweep.name, "values": [_plain(value) for value in sweep.values],
            "findings": {
                target.id: {"fired": list(sweep.fired[place]), "unknown": list(sweep.unknown[place])}
                for place, target in enumerate(sweep.targets)
            },
        }  # fmt: skip
    if households:
        told["moves"] = [_move(found, move) for move in found.moves]
    return told


def _terms(terms: Terms) -> dict[str, Any]:
    settings = {name: _plain(value) for name, value in terms.settings.items()}
    return {"pack": terms.pack.id, "pack_hash": terms.pack.hash, "on": terms.on.isoformat(), "set": settings}


def _change(change: Change) -> dict[str, Any]:
    names = ("part", "section", "name", "label", "before", "after", "clause_before", "clause_after")
    return {name: getattr(change, name) for name in names}


def _moves(count: Count) -> bool:
    return bool(count.moved or count.became_unknown or count.became_known)


def _move(found: WhatIf, move: Move) -> dict[str, Any]:
    return {
        "household_id": move.household_id, "area_code": move.area_code, "finding": found.targets[move.target].id,
        "before": move.was, "after": move.is_, "way": move.way, "changes": [found.changes[place].name for place in move.changes],
        "together": move.together, "because": because(found, move), "facts": move.facts,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    return value.isoformat() if isinstance(value, date) else value
