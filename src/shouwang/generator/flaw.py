"""A kind of fault in the data, and the shares of it.

Shares are of the households of the group (:func:`shouwang.generator.dealing.groups`). All are plausible and made up; no
statistics stand behind them.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from shouwang.generator.home import Home

Plant = Callable[[Home, random.Random], bool]
UNWATCHED, LIFTED, MONITORED = 0.0008, 0.004, 0.012


@dataclass(frozen=True)
class Flaw:
    """``name`` is the finding; ``plant`` returns False where the household cannot have it."""

    name: str
    zh: str
    group: str
    share: float
    plant: Plant


def unwatched(name: str, zh: str, plant: Plant) -> Flaw:
    """A fault of households that are not monitored."""
    return Flaw(name, zh, "none", UNWATCHED, plant)


def lifted(name: str, zh: str, plant: Plant) -> Flaw:
    """A fault of lifted households that are not monitored."""
    return Flaw(name, zh, "lifted", LIFTED, plant)


def unresolved(name: str, zh: str, plant: Plant) -> Flaw:
    """A fault of monitored households that are not resolved."""
    return Flaw(name, zh, "unresolved", MONITORED, plant)


def resolved(name: str, zh: str, plant: Plant) -> Flaw:
    """A fault of monitored households that are resolved."""
    return Flaw(name, zh, "resolved", MONITORED, plant)
