"""All rules of quality-rules.md over a world: per household, and of rows that are nobody's."""

from __future__ import annotations

from tests.oracle.logic import Truth

from . import (  # noqa: F401
    composition, contact, guarantees, identity, lifecycle, lists, measures, money_rules, paradata, people, risks,
    sheets, work,
)  # fmt: skip
from .registry import HOUSEHOLD_RULES, WORLD_RULES
from .world import World


def judge(world: World, household_id: str) -> dict[str, Truth]:
    """Every rule about one household or its rows."""
    home = world.households[household_id]
    return {name: ask(home) for name, ask in HOUSEHOLD_RULES.items()}


def judge_world(world: World) -> dict[str, Truth]:
    """Every rule about rows that belong to no household."""
    return {name: ask(world) for name, ask in WORLD_RULES.items()}
