"""Quarters and years side by side: this window, the window a year before, and the years that are known (INC-7, INC-9).

Both windows are worked out by the same plan, once for the day and once for the day a year before; here only the
amounts of items that count are sorted by kind and quarter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from shouwang.language import _, current
from shouwang.policy.closure import rounded_quotient
from shouwang.policy.explained_household import Household
from shouwang.policy.explained_income import item_rows, reasons
from shouwang.policy.income_paper.data import Compared, Comparison, Pair, Year
from shouwang.policy.income_paper.parts import PARTS

_INCOMES = ("wage", "property", "transfer", "production")
_YEARS = ("last_year", "two_years_ago", "three_years_ago")
_CHANGES = ("income_change", "last_year_change")


def a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for 29 February."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def comparison(now: Household, before: Household) -> Comparison:
    """``before`` is the same household worked out on the day a year before."""
    context = now.closure.context
    keys = list(_quarters(context.window_first, context.window_last))
    this, last = _by_kind(now, keys), _by_kind(before, [_year_back(key) for key in keys])
    rows = []
    for kind in now.plan.pack.kinds.values():
        if kind.code in (this or {}) or kind.code in (last or {}):
            empty = (Decimal("0.00"),) * len(keys)
            rows.append(
                Compared(
                    now.plan.pack.label(kind.code, current()),
                    None if this is None else this.get(kind.code, empty),
                    None if last is None else last.get(kind.code, empty),
                    kind.counts_as in _INCOMES,
                )
            )
    names = (*PARTS, "net_income")
    pairs = [
        Pair(now.plan.pack.label(name, current()), now.shown(name), before.shown(name)) for name in names
    ]
    return Comparison(
        tuple((_said(key), _said(_year_back(key))) for key in keys), tuple(rows), tuple(pairs), tuple(_years(now)),
        before.closure.context.window_first, before.closure.context.window_last,
    )  # fmt: skip


def _key(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def _said(key: str) -> str:
    return _("{year}年{quarter}季度").format(year=key[:4], quarter=key[5])


def _year_back(key: str) -> str:
    return f"{int(key[:4]) - 1}{key[4:]}"


def _quarters(first: date, last: date) -> Iterator[str]:
    """The quarters that a window touches: five where it begins inside one."""
    seen = ""
    while first <= last:
        if _key(first) != seen:
            seen = _key(first)
            yield seen
        first += timedelta(days=1)


def _by_kind(household: Household, keys: list[str]) -> dict[str, tuple[Decimal, ...]] | None:
    """Kind → what its counting items come to by quarter; None where no item of the window counts."""
    found: dict[str, list[Decimal]] = {}
    for row in item_rows(household):
        if not reasons(household, row):
            key = row["quarter_key"] if row["quarter_key"] in keys else _key(row["received_on"])
            sums = found.setdefault(str(row["kind"]), [Decimal("0.00")] * len(keys))
            sums[keys.index(key)] += Decimal(row["amount"])
    return {kind: tuple(sums) for kind, sums in found.items()} or None


def _years(household: Household) -> Iterator[Year]:
    """This window's income per person, then what is known of earlier years; changes are the pack's indicators."""
    label = _("本次核算（{first} 至 {last}）").format(
        first=household.closure.context.window_first, last=household.closure.context.window_last
    )
    changes: list[Any] = [household.shown(name) for name in _CHANGES]
    yield Year(label, household.shown("net_income_per_capita"), changes[0])
    words = {"last_year": _("上年"), "two_years_ago": _("前年"), "three_years_ago": _("大前年")}
    for place, name in enumerate(_YEARS, 1):
        value, older = (household.row.get(f"income_per_capita_{year}") for year in (name, _older(place)))
        change = changes[place] if place < len(changes) else _change(value, older)
        yield Year(words[name], value, change)


def _older(place: int) -> str:
    return _YEARS[place] if place < len(_YEARS) else ""


def _change(value: Any, older: Any) -> Decimal | None:
    """The share by which a year differs from the one before it: no indicator of the pack, so worked out here."""
    return None if value is None or older is None else rounded_quotient(value - older, older, 4)
