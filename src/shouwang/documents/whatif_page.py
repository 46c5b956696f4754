"""A what-if on one self-contained HTML page: the answer, a chart by village, every rule before and after, the curve.

The page loads nothing and has no script. It names no household: the list is in the workbook.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from shouwang.documents.summary_page import environment
from shouwang.documents.whatif_chart import Curve, VillageBars, curve, shown, village_bars
from shouwang.documents.whatif_words import answer, headline, lead, side, words
from shouwang.language import _, current
from shouwang.policy.whatif.result import Count, Sweep, WhatIf
from shouwang.policy.whatif.targets import FIRST, Target
from shouwang.policy.wording import clause_in_words

_CHARTED = 20  # villages in the chart; the others are said below it
_LISTED = 200  # villages in the table
_COLUMNS = 4  # targets beside one another in the table of villages
_LINES = 4  # lines of the curve
_KEYS = (*FIRST[:2], "required_mode=in_person")  # what stands large on top


@dataclass(frozen=True)
class Row:
    """One target with its counts, and its clause as offices write it."""

    target: Target
    count: Count
    clause: str


@dataclass(frozen=True)
class VillageRow:
    """One village: households, those that move, and in and out of the chosen targets."""

    name: str
    households: int
    moved: int
    ways: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Left:
    """The villages that the chart does not draw, and their households that come in and go out."""

    villages: int
    came_in: int
    went_out: int


def write_page(path: Path, found: WhatIf) -> None:
    """Writes the page in the language now spoken."""
    path.write_text(render_page(found), encoding="utf-8")


def render_page(found: WhatIf) -> str:
    """The page as HTML; every text is escaped."""
    rows = [_row(found, place) for place in range(len(found.targets))]
    moving = sorted((row for row in rows if _moves(row.count)), key=_by_moves)
    chosen = moving[:_COLUMNS]
    villages = _villages(found, chosen)
    return (
        environment()
        .get_template("whatif.html")
        .render(
            f=found, w=words(), language="en" if current() == "en" else "zh-CN",
            headline=headline(found), lead=lead(found), before=side(found.before), after=side(found.after),
            keys=[row for key in _KEYS for row in rows if row.target.id == key],
            rows=moving, still=[row for row in rows if not _moves(row.count)],
            chosen=chosen, villages=villages[:_LISTED], more=len(villages) - _LISTED,
            chart=_chart(found, chosen), sweep=found.sweep, curve=_curve(found.sweep), table=_sweep_table(found.sweep),
            answer=answer, changed=[row for row in found.parameters if row["differs"]],
        )
    )  # fmt: skip


def _row(found: WhatIf, place: int) -> Row:
    target = found.targets[place]
    pack = found.after.pack if target.id in found.after.pack.rules else found.before.pack
    return Row(target, found.totals[place], clause_in_words(pack, target.clause, current()))


def _moves(count: Count) -> bool:
    return bool(count.moved or count.became_unknown or count.became_known)


def _by_moves(row: Row) -> tuple[bool, int, bool, int]:
    """What offices ask first on top, then what moves most; the other ways of visiting mirror one another."""
    return not row.count.moved, _rank(row.target), row.target.group == "visit", -row.count.moved


def _rank(target: Target) -> int:
    first = (*FIRST, _KEYS[-1])
    return first.index(target.id) if target.id in first else len(first)


def _villages(found: WhatIf, chosen: Sequence[Row]) -> list[VillageRow]:
    moved: dict[str, set[str]] = {}
    for move in found.moves:
        moved.setdefault(move.area_code, set()).add(move.household_id)
    places = [found.targets.index(row.target) for row in chosen]
    rows = []
    for village in found.villages:
        if village.area_code in moved:
            counts = [village.counts.get(place, Count()) for place in places]
            ways = tuple((count.came_in, count.went_out) for count in counts)
            name = village.name or village.area_code or _("村不知道")
            rows.append(VillageRow(name, village.households, len(moved[village.area_code]), ways))
    return sorted(rows, key=lambda row: (-row.moved, row.name))


def _chart(found: WhatIf, chosen: Sequence[Row]) -> tuple[Target, VillageBars, Left] | None:
    """The chart of the first of the targets that move; with what the villages past the first twenty come to."""
    if not chosen or not chosen[0].count.moved:
        return None
    place = found.targets.index(chosen[0].target)
    counts = [
        (village.name or village.area_code or _("村不知道"), village.counts.get(place, Count()))
        for village in found.villages
    ]
    rows = sorted(
        ((name, c.came_in, c.went_out) for name, c in counts if c.moved), key=lambda r: (-r[1] - r[2], r[0])
    )
    rest = rows[_CHARTED:]
    bars = village_bars(rows[:_CHARTED])
    left = Left(len(rest), sum(row[1] for row in rest), sum(row[2] for row in rest))
    return (chosen[0].target, bars, left) if bars is not None else None


def _curve(sweep: Sweep | None) -> Curve | None:
    lines = _lines(sweep)
    if sweep is None or not lines or not any(max(sweep.fired[place]) for place in lines):
        return None
    marks = [None if mark is None else Decimal(str(mark)) for mark in sweep.marks]
    return curve(
        list(sweep.values),
        [(sweep.targets[place].label, sweep.fired[place]) for place in lines],
        (marks[0], marks[1]),
    )


def _lines(sweep: Sweep | None) -> list[int]:
    """The targets drawn: those asked first, then those that vary most."""
    if sweep is None:
        return []
    varying = [
        place for place in range(len(sweep.targets)) if min(sweep.fired[place]) != max(sweep.fired[place])
    ]

    def key(place: int) -> tuple[int, int]:
        return _rank(sweep.targets[place]), min(sweep.fired[place]) - max(sweep.fired[place])

    drawn = [
        place
        for place in varying
        if sweep.targets[place].group != "visit" or sweep.targets[place].id in _KEYS
    ]
    return sorted(drawn, key=key)[:_LINES]


def _sweep_table(sweep: Sweep | None) -> tuple[list[Target], list[tuple[str, list[tuple[int, int]]]]]:
    """The targets that vary, and for each value its households and those not known."""
    if sweep is None:
        return [], []
    places = [
        p for p in range(len(sweep.targets)) if len(set(sweep.fired[p])) > 1 or len(set(sweep.unknown[p])) > 1
    ]
    rows = [
        (shown(Decimal(value)), [(sweep.fired[place][at], sweep.unknown[place][at]) for place in places])
        for at, value in enumerate(sweep.values)
    ]
    return [sweep.targets[place] for place in places], rows
