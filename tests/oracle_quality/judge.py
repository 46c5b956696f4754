"""All rules of quality-rules.md over a world: per household, and of rows that are nobody's."""

from __future__ import annotations

from tests.oracle.logic import Truth

from . import (  # noqa: F401
    composition,
    contact,
    guarantees,
    identity,
    lifecycle,
    lists,
    measures,
    money_rules,
    paradata,
    people,
    risks,
    sheets,
    work,
)  # fmt: skip
from .registry import HOUSEHOLD_RULES, ROW_RULES
from .world import World

Cell = tuple[str, ...]  # (household, rule), or (table, key, rule) for a row that is no household's


def judge(world: World) -> dict[Cell, Truth]:
    """Every rule about every household (or its rows), and about every row that is no household's."""
    found: dict[Cell, Truth] = {}
    for name, ask in HOUSEHOLD_RULES.items():
        for household_id, home in world.households.items():
            found[household_id, name] = ask(home)
    for name, (table, ask_row) in ROW_RULES.items():
        for row in world.rows(table) or []:
            if row.get("household_id") not in world.households:
                found[table, key_of(table, row), name] = ask_row(world, row)
    return found


def key_of(table: str, row: dict[str, object]) -> str:
    keys = {"villages": ("area_code", "year"), "lists": ("list_id",), "national_households": ("national_id",)}
    return "/".join(str(row.get(name)) for name in keys[table])
