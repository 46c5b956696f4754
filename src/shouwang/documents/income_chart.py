"""Geometry of the small chart of the income paper: per quarter two bars, this window and the one a year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 720, 150
_TOP, _FOOT = 24, 118


@dataclass(frozen=True)
class Bar:
    """One bar in pixels; ``last`` is the window a year before (hatched, not only coloured)."""

    x: float
    y: float
    width: float
    height: float
    value: Decimal
    last: bool


@dataclass(frozen=True)
class QuarterChart:
    """Bars and the names of the quarters under them."""

    bars: tuple[Bar, ...]
    names: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    foot: int = _FOOT


def quarter_chart(
    quarters: Sequence[str], this: Sequence[Decimal] | None, last: Sequence[Decimal] | None
) -> QuarterChart | None:
    """None where neither window is known or all is zero: then there is nothing to draw."""
    amounts = [*(this or ()), *(last or ())]
    highest = max(amounts, default=Decimal(0))
    if highest <= 0:
        return None
    room = WIDTH / len(quarters)
    wide = min(room * 0.32, 60.0)
    bars, names = [], []
    for place, name in enumerate(quarters):
        middle = room * (place + 0.5)
        names.append((round(middle, 1), name))
        for values, left, is_last in ((last, middle - wide - 2, True), (this, middle + 2, False)):
            if values is not None:
                tall = round(float(values[place] / highest) * (_FOOT - _TOP), 1)
                bars.append(Bar(round(left, 1), _FOOT - tall, round(wide, 1), tall, values[place], is_last))
    return QuarterChart(tuple(bars), tuple(names))
