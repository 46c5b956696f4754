"""Deals the kinds of trouble to households, so that each kind keeps its share of the households that it is for."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Generic, Protocol, TypeVar

from shouwang.generator.home import Home


class Kind(Protocol):
    """A kind of trouble: its name, and the group of households that it is for."""

    @property
    def name(self) -> str: ...

    @property
    def group(self) -> str: ...


K = TypeVar("K", bound=Kind)


def groups(home: Home) -> set[str]:
    """The groups that a household belongs to: its monitoring status, and (lifted, not monitored) ``lifted``."""
    found = {home.status}
    if home.lifted and home.status == "none":
        found.add("lifted")
    return found


class Dealer(Generic[K]):
    """Counts for every kind how many households it is owed, and deals it as soon as a whole one is.

    So a share holds to within one household of its group, as far as enough households fit.
    """

    def __init__(self, kinds: Iterable[K], shares: Mapping[str, float], chance: random.Random) -> None:
        self._kinds = [kind for kind in kinds if shares.get(kind.name, 0) > 0]
        self._shares = shares
        self._owed = {kind.name: chance.random() for kind in self._kinds}

    def owed(self, home: Home) -> list[K]:
        """The kinds that are due for a household of these groups, the longest owed first; counts the household."""
        groups_of = groups(home)
        mine = [kind for kind in self._kinds if kind.group in groups_of]
        for kind in mine:
            self._owed[kind.name] += self._shares[kind.name]
        due = [kind for kind in mine if self._owed[kind.name] >= 1]
        return sorted(due, key=lambda kind: -self._owed[kind.name])

    def dealt(self, kind: K) -> None:
        """Takes note that the kind was planted."""
        self._owed[kind.name] -= 1
