"""Geometry of the income chart: bars to scale in yuan, and the monitoring range as one thick line.

The area of a bar is its households, since bands are not equally wide; so is that of the unknown beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 920, 300
_LEFT, _TOP, _BOTTOM = 12, 46, 250  # the first bar's side; top and foot of the bars
_UNKNOWN = 96  # room on the right for those whose income is not known
_GAP = 2
_TICK_ROOM = 64  # a figure under the axis needs so much


@dataclass(frozen=True)
class Bar:
    """One bar in pixels; ``below`` where it lies at or under the range (it is hatched, not only coloured)."""

    x: float
    y: float
    width: float
    height: float
    households: int
    below: bool


@dataclass(frozen=True)
class Tick:
    """A figure under the axis."""

    x: float
    value: Decimal


@dataclass(frozen=True)
class Histogram:
    """Bars, ticks, the place of the range (None where it is unset), and the bar of the unknown."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    range_x: float | None
    unknown: Bar
    width: int = WIDTH
    height: int = HEIGHT
    foot: int = _BOTTOM


def histogram(
    bins: Sequence[tuple[Decimal, Decimal | None, int]], monitoring_range: Decimal | None, unknown: int
) -> Histogram:
    """Lays out bins ``(low, high, households)``; an open last bin is drawn as wide as the one before."""
    ends = _ends(bins)
    first, last = bins[0][0], ends[-1]
    scale = (WIDTH - _LEFT - _UNKNOWN) / float(last - first)
    left_of_unknown, right_of_unknown = WIDTH - _UNKNOWN + 28, WIDTH - 12

    def x(value: Decimal) -> float:
        return round(_LEFT + float(value - first) * scale, 1)

    spans = [(x(low), x(end), count) for (low, _high, count), end in zip(bins, ends, strict=True)]
    spans.append((left_of_unknown, right_of_unknown, unknown))
    densest = max(count / (right - left) for left, right, count in spans) or 1

    def bar(left: float, right: float, households: int, below: bool) -> Bar:
        height = round((_BOTTOM - _TOP) * households / (right - left) / densest, 1)
        return Bar(left, _BOTTOM - height, round(right - left - _GAP, 1), height, households, below)

    bars = tuple(
        bar(x(low), x(end), households, monitoring_range is not None and end <= monitoring_range)
        for (low, _high, households), end in zip(bins, ends, strict=True)
    )
    shown = monitoring_range is not None and first <= monitoring_range <= last
    range_x = x(monitoring_range) if monitoring_range is not None and shown else None
    return Histogram(
        bars,
        _ticks([low for low, _high, _households in bins], x, range_x),
        range_x,
        bar(left_of_unknown, right_of_unknown, unknown, False),
    )


def _ends(bins: Sequence[tuple[Decimal, Decimal | None, int]]) -> list[Decimal]:
    ends: list[Decimal] = []
    width = Decimal(1)
    for low, high, _households in bins:
        width = high - low if high is not None else width
        ends.append(low + width)
    return ends


def _ticks(lows: Sequence[Decimal], x: Callable[[Decimal], float], range_x: float | None) -> tuple[Tick, ...]:
    """The lower ends, without those that would stand on one another or on the line of the range."""
    ticks: list[Tick] = []
    for low in lows:
        crossed = range_x is not None and abs(x(low) - range_x) < _TICK_ROOM / 2
        if not crossed and (not ticks or x(low) - ticks[-1].x >= _TICK_ROOM):
            ticks.append(Tick(x(low), low))
    return tuple(ticks)
