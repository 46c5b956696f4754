"""Amounts of money: commas, currency signs, 元 and 万元 in the cell or in the head; never below zero."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from shouwang.tables.intake.wording import is_dash, squeezed
from shouwang.tables.sheets import Value

_AMOUNT = re.compile(
    r"(?:人民币|RMB|CNY|[¥￥$])?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?(万元|万|千元|元整|元|块)?(?:人民币)?"
)
_FACTOR = {"万元": 10_000, "万": 10_000, "千元": 1_000}
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class AmountReading:
    """``yuan`` is None where the cell is empty (``blank``) or cannot be read."""

    yuan: Decimal | None
    blank: bool = False


def unit_factor(head: str, title: str = "") -> int:
    """What a head says of its unit: 10,000 for 万元, 1,000 for 千元, else 1.

    Where the head says nothing, a title row such as 单位：万元 does.
    """
    text = squeezed(head)
    if "元" not in text and "(万)" not in text:
        unit = re.search(r"(?:金额)?单位[:：](\S*)", squeezed(title))
        text = unit[1][:12] if unit else ""
    if "万元" in text or "(万)" in text:
        return 10_000
    return 1_000 if "千元" in text else 1


def read_amount(value: Value, factor: int = 1) -> AmountReading:
    """Yuan with two places. ``factor`` is that of the head; a unit in the cell itself goes before it."""
    if value is None:
        return AmountReading(None, blank=True)
    if isinstance(value, bool):
        return AmountReading(None)
    if isinstance(value, (int, float)):
        if value < 0 or abs(value) >= 1e12 or value != value:
            return AmountReading(None)
        return AmountReading((Decimal(repr(value)) * factor).quantize(_CENT))
    if not isinstance(value, str):
        return AmountReading(None)
    text = squeezed(value).strip("'\"‘’“”`")
    if not text or is_dash(text):
        return AmountReading(None, blank=True)
    found = _AMOUNT.fullmatch(text.upper())
    if not found:
        return AmountReading(None)
    number = Decimal(found[1].replace(",", "") + (found[2] or ""))
    unit = found[3]
    scale = factor if unit is None else _FACTOR.get(unit, 1)
    return AmountReading((number * scale).quantize(_CENT))


def plain(amount: Decimal) -> str:
    """As written in the exchange format: two places, no commas."""
    return f"{amount:.2f}"
