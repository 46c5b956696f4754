"""Geometry of the what-if's charts: coming in and going out by village, and households over a parameter's values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 920
_ROW, _NAMES, _FIGURES = (
    26,
    190,
    64,
)  # pixels: height of a village, room for names, room for a figure beside a bar
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 250, 24, 300
_TICK_ROOM = 58
_STEPS = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80)


@dataclass(frozen=True)
class VillageBar:
    """One village: where its row lies, and both bars from the middle line outwards (pixels)."""

    name: str
    y: int
    came_in: int
    went_out: int
    in_width: float
    out_width: float


@dataclass(frozen=True)
class VillageBars:
    """Bars to the right are households that come in, to the left those that go out."""

    bars: tuple[VillageBar, ...]
    middle: float
    height: int
    width: int = WIDTH


def village_bars(rows: Sequence[tuple[str, int, int]]) -> VillageBars | None:
    """Lays out ``(village, in, out)``; None where nobody moves."""
    most_in, most_out = max((r[1] for r in rows), default=0), max((r[2] for r in rows), default=0)
    if not most_in and not most_out:
        return None
    room = WIDTH - _NAMES - 2 * _FIGURES
    scale = room / (most_in + most_out)
    middle = _NAMES + _FIGURES + most_out * scale
    bars = tuple(
        VillageBar(
            name, place * _ROW, came_in, went_out, round(came_in * scale, 1), round(went_out * scale, 1)
        )
        for place, (name, came_in, went_out) in enumerate(rows)
    )
    return VillageBars(bars, round(middle, 1), len(rows) * _ROW + 4)


@dataclass(frozen=True)
class Line:
    """One finding over the values: its points as SVG wants them, and where its name stands beside the last one."""

    name: str
    points: str
    x: float
    y: float
    label_y: float
    last: int


@dataclass(frozen=True)
class Mark:
    """A figure at an axis, or a value of the parameter on the chart."""

    at: float
    text: str


@dataclass(frozen=True)
class Curve:
    """Lines over one axis of values; ``before`` and ``after`` where those values lie within it."""

    lines: tuple[Line, ...]
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]
    before: Mark | None
    after: Mark | None
    width: int = WIDTH
    height: int = _BOTTOM + 46
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    foot: int = _BOTTOM


def curve(
    values: Sequence[Decimal],
    lines: Sequence[tuple[str, Sequence[int]]],
    marks: tuple[Decimal | None, Decimal | None],
) -> Curve:
    """Lays out lines of ``(name, households per value)`` over ascending values."""
    first, last = values[0], values[-1]
    most = _round_up(max(max(counts) for _name, counts in lines))
    span = float(last - first) or 1.0

    def x(value: Decimal) -> float:
        return round(_LEFT + float(value - first) / span * (WIDTH - _RIGHT - _LEFT), 1)

    def y(count: int) -> float:
        return round(_BOTTOM - count / most * (_BOTTOM - _TOP), 1)

    drawn = [
        Line(
            name,
            " ".join(f"{x(v)},{y(n)}" for v, n in zip(values, counts, strict=True)),
            x(last),
            y(counts[-1]),
            y(counts[-1]),
            counts[-1],
        )
        for name, counts in lines
    ]
    across: list[Mark] = []
    for value in values:
        if not across or x(value) - across[-1].at >= _TICK_ROOM:
            across.append(Mark(x(value), shown(value)))
    up = tuple(Mark(y(most * part // 4), f"{most * part // 4:,}") for part in range(5))
    shown_marks = [
        Mark(x(mark), shown(mark)) if mark is not None and first <= mark <= last else None for mark in marks
    ]
    return Curve(
        tuple(_apart(drawn)),
        tuple(across),
        up,
        shown_marks[0],
        None if marks[0] == marks[1] else shown_marks[1],
    )


def shown(value: Decimal) -> str:
    """A value at an axis: with thousands commas, whole where it is whole."""
    return f"{int(value):,}" if value == value.to_integral_value() else f"{value.normalize():,f}"


def _round_up(most: int) -> int:
    """The top of the axis: four equal whole steps that hold the largest count."""
    size = 1
    while True:
        for step in (1, 2, 3, 4, 5, 6, 8) if size == 1 else _STEPS:
            whole = step if size == 1 else step * size // 10
            if 4 * whole >= most:
                return 4 * whole
        size *= 10


def _apart(lines: Sequence[Line], room: float = 17.0) -> list[Line]:
    """Names beside the lines' ends, moved so that none stands on another."""
    placed: list[Line] = []
    for line in sorted(lines, key=lambda entry: entry.y):
        at = max(line.y, placed[-1].label_y + room) if placed else line.y
        placed.append(Line(line.name, line.points, line.x, line.y, at, line.last))
    over = placed[-1].label_y - (_BOTTOM + 4) if placed else 0
    return [Line(p.name, p.points, p.x, p.y, p.label_y - max(0.0, over), p.last) for p in placed]
