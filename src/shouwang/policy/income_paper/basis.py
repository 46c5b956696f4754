"""What the items of the paper rest on, and whether the household agrees (INC-9; XH annex 5 §1-§4)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from shouwang.language import _, current
from shouwang.policy.explained_household import Household
from shouwang.policy.income_paper.data import Agreement, BasisShare
from shouwang.policy.income_paper.items import Fate, Sorted
from shouwang.tables.dictionary import CODES, labels

ORDER = tuple(code.code for code in CODES["basis"])  # from the strongest, as annex 5 names them
# Where annex 5 asks for a contract or a record first: wages (§1), property (§2). Transfers and production have no order.
_WRITTEN_FIRST = ("wage", "property")
_WRITTEN = ("contract", "payment_record")


def agreement(household: Household, listed: Sequence[Sorted]) -> Agreement:
    """Shares of amount by basis over the items that count, costs and expenses too, and which items want a look.

    Items whose day or amount is not known have no share, but want a look like the others.
    """
    counted = [entry for entry in listed if entry.fate is Fate.COUNTED]
    looked_at = [entry for entry in listed if entry.fate in (Fate.COUNTED, Fate.UNKNOWN)]
    columns = household.plan.present.get("income_items", frozenset())
    return Agreement(
        tuple(_shares(counted)),
        _numbers([entry for entry in looked_at if entry.item.basis is None]),
        _numbers([entry for entry in looked_at if entry.item.agreed is False]),
        _numbers([entry for entry in looked_at if entry.item.agreed is None]),
        _numbers([entry for entry in looked_at if _is_weaker(entry)]),
        "basis" in columns,
        "agreed" in columns,
    )


def _is_weaker(entry: Sorted) -> bool:
    return entry.counts_as in _WRITTEN_FIRST and entry.item.basis not in (None, *_WRITTEN)


def _numbers(entries: Sequence[Sorted]) -> tuple[int, ...]:
    return tuple(sorted(entry.item.number for entry in entries))


def _shares(counted: Sequence[Sorted]) -> list[BasisShare]:
    words = labels("basis", current())
    whole = _sum(counted)
    found = []
    for code in (*ORDER, None):
        own = [entry for entry in counted if entry.item.basis == code]
        amount = _sum(own)
        share = (amount / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP) if whole else None
        found.append(BasisShare(words[code] if code else _("没有写依据"), len(own), amount, share))
    return found


def _sum(entries: Sequence[Sorted]) -> Decimal:
    return sum((entry.item.amount or Decimal(0) for entry in entries), Decimal("0.00"))
