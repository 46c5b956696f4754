"""What a what-if came to, as plain values: for the workbook, the page and machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shouwang.policy.whatif.changes import Change, Terms
from shouwang.policy.whatif.targets import Target


@dataclass
class Count:
    """Households of one target: yes and not known on either side, and how many move. ``came_in`` is yes after and not
    before, ``went_out`` yes before and not after; ``became_unknown`` and ``became_known`` count whatever they were.
    """

    before: int = 0
    after: int = 0
    before_unknown: int = 0
    after_unknown: int = 0
    came_in: int = 0
    went_out: int = 0
    became_unknown: int = 0
    became_known: int = 0

    def add(self, was: bool | None, is_: bool | None, households: int = 1) -> None:
        """Counts households that move from one answer to another (the totals of each side are counted apart)."""
        self.came_in += households * (is_ is True)
        self.went_out += households * (was is True)
        self.became_unknown += households * (is_ is None)
        self.became_known += households * (was is None)

    @property
    def moved(self) -> int:
        """Households that come in or go out."""
        return self.came_in + self.went_out


@dataclass
class Village:
    """A village: its households, and the counts of each target by its place."""

    area_code: str
    name: str
    households: int
    counts: dict[int, Count]


@dataclass(frozen=True)
class Move:
    """One household and one target (by place) with another answer than before, and because of what.

    ``changes`` are places of changes: each alone is enough, or all ``together``; none where ``open``.
    """

    household_id: str
    area_code: str
    group_name: str
    head_name: str
    target: int
    was: bool | None
    is_: bool | None
    changes: tuple[int, ...]
    together: bool
    facts: str

    @property
    def way(self) -> str:
        """``in``, ``out``, ``unknown`` or ``known`` (from unknown to no)."""
        if self.is_ is True:
            return "in"
        if self.was is True:
            return "out"
        return "unknown" if self.is_ is None else "known"


@dataclass(frozen=True)
class VillageMove:
    """A village and a rule about villages with another answer than before."""

    area_code: str
    name: str
    rule: str
    label: str
    was: bool | None
    is_: bool | None


@dataclass(frozen=True)
class Moved:
    """How many a change moves all by itself: distinct households, and pairs of household and target."""

    change: Change
    households: int
    pairs: int


@dataclass
class Sweep:
    """Households per target over a range of values of one parameter; ``marks`` are its values before and after."""

    name: str
    label: str
    unit: str
    values: Sequence[Any]
    targets: Sequence[Target]
    fired: Sequence[Sequence[int]]  # target → value → households
    unknown: Sequence[Sequence[int]]
    marks: tuple[Any, Any]
    planned_once: bool = True  # False where every value had to be screened by itself


@dataclass
class WhatIf:
    """The whole answer. ``untouched`` targets read nothing that changed: they are the same and were not worked out."""

    before: Terms
    after: Terms
    households: int
    changes: Sequence[Change]
    targets: Sequence[Target]
    untouched: Sequence[Target]
    totals: Mapping[int, Count]
    villages: Sequence[Village]
    moves: Sequence[Move]
    village_moves: Sequence[VillageMove]
    by_change: Sequence[Moved]
    together: int  # pairs that no single change moves
    open: int  # pairs whose reason was not worked out
    parameters: Sequence[Mapping[str, Any]] = field(default_factory=list)
    sweep: Sweep | None = None

    @property
    def moved_households(self) -> int:
        """Distinct households with any move."""
        return len({move.household_id for move in self.moves})
