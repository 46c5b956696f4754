"""Income and expense of one household (XH annex 5, annex 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .facts import Facts, Row, alert_within, apart, window
from .kinds import INCOME, PLACES, KindMeaning
from .logic import Truth, all3

Kinds = dict[str, KindMeaning]
ZERO = Decimal(0)


def money(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def person_months(facts: Facts) -> int | None:
    """Months of all members: 12 where not said and for who serves and shares, 0 for who does not share."""
    if facts.members is None:
        return None
    total = 0
    for member in facts.members:
        if apart(member):
            continue
        months = member.get("months_in_household")
        total += 12 if member.get("serving") is True or months is None else int(months)
    return total


def countable(facts: Facts, kinds: Kinds) -> list[tuple[Row, KindMeaning]] | None:
    """Items that count by kind, member and realisation, of any date; ``None`` where the table is missing."""
    items = facts.rows("income_items")
    if items is None:
        return None
    gone = {m["member_id"] for m in facts.members or [] if apart(m) and m.get("member_id") is not None}
    found = []
    for item in items:
        meaning = kinds.get(str(item.get("kind")))
        if meaning is None or meaning.counts_as == "not_counted" or item.get("realised") is False:
            continue
        if item.get("member_id") is None or item["member_id"] not in gone:
            found.append((item, meaning))
    return found


@dataclass
class Income:
    """The four incomes, the expense and their sum, in yuan; ``None`` where not known."""

    wage: Decimal | None = None
    property: Decimal | None = None
    transfer: Decimal | None = None
    production: Decimal | None = None
    production_expense: Decimal | None = None

    net: Decimal | None = None  # their sum less the expense


def income(facts: Facts, on: date, parameters: Row, kinds: Kinds) -> Income:
    """All unknown where no item counts. An item without date or amount makes its own class unknown."""
    items = countable(facts, kinds)
    if items is None:
        return Income()
    first, last = window(on, parameters)
    undated = [(i, k) for i, k in items if i.get("received_on") is None]
    counted = [(i, k) for i, k in items if i.get("received_on") and first <= i["received_on"] <= last]
    if not counted:
        return Income()
    holes = {k.counts_as for _i, k in undated} | {k.counts_as for i, k in counted if i.get("amount") is None}
    result = Income(
        wage=None if holes & {"wage", "cost", "travel_subsidy"} else _wage(counted),
        production_expense=None if holes & {"expense", "expense_subsidy"} else _expense(counted),
    )
    for name in ("property", "transfer", "production"):
        setattr(result, name, None if name in holes else _class(counted, name))
    parts = (result.wage, result.property, result.transfer, result.production)
    known = [part for part in parts if part is not None]
    if len(known) == 4 and result.production_expense is not None:
        result.net = sum(known, ZERO) - result.production_expense
    return result


def _sum(items: list[tuple[Row, KindMeaning]], counts_as: str, **wanted: object) -> Decimal:
    found = [
        Decimal(str(item["amount"]))
        for item, kind in items
        if kind.counts_as == counts_as and all(getattr(kind, name) == value for name, value in wanted.items())
    ]
    return sum(found, ZERO)


def _only_total(items: list[tuple[Row, KindMeaning]], name: str) -> bool:
    """Whether the class has a stated total and no other counted item."""
    flags = [kind.total for _item, kind in items if kind.counts_as == name]
    return bool(flags) and all(flags)


def _class(items: list[tuple[Row, KindMeaning]], name: str) -> Decimal:
    return _sum(items, name, total=_only_total(items, name))


def _expense(items: list[tuple[Row, KindMeaning]]) -> Decimal:
    return max(_class(items, "expense") - _sum(items, "expense_subsidy"), ZERO)


def _wage(items: list[tuple[Row, KindMeaning]]) -> Decimal:
    if _only_total(items, "wage"):
        cost, subsidy = _sum(items, "cost"), _sum(items, "travel_subsidy")
        return max(_class(items, "wage") - max(cost - subsidy, ZERO), ZERO)
    workers = {item.get("member_id") for item, _kind in items}
    return sum((_wage_of([p for p in items if p[0].get("member_id") == w]) for w in workers), ZERO)


def _wage_of(items: list[tuple[Row, KindMeaning]]) -> Decimal:
    """One member's wage, place by place, never below zero at one place; the public post bears no cost."""
    wage = _sum(items, "wage", total=False, place=None)
    subsidy = _sum(items, "travel_subsidy")
    for place in PLACES:
        cost = _sum(items, "cost", place=place)
        offset = min(cost, subsidy)
        subsidy -= offset
        wage += max(_sum(items, "wage", place=place) - (cost - offset), ZERO)
    return wage


def costs_by_place(facts: Facts, on: date, parameters: Row, kinds: Kinds) -> dict[str, list[Decimal]] | None:
    """For each place the employment cost of each member in the window, gross of the subsidy."""
    items = countable(facts, kinds)
    if items is None:
        return None
    first, last = window(on, parameters)
    sums: dict[tuple[str, object], Decimal] = {}
    for item, kind in items:
        day, amount = item.get("received_on"), money(item.get("amount"))
        if kind.counts_as == "cost" and day and first <= day <= last and amount is not None:
            key = (str(kind.place), item.get("member_id"))
            sums[key] = sums.get(key, ZERO) + amount
    return {place: [v for (p, _m), v in sums.items() if p == place] for place in PLACES}


# ---- expense


def alert_medical(facts: Facts, on: date, parameters: Row) -> Decimal | None:
    """The large medical costs that alerts of the window name; 0 without alerts or their table."""
    span = window(on, parameters)
    total: Decimal | None = ZERO
    for alert in facts.rows("alerts") or []:
        inside = alert_within(alert, span) if alert.get("kind") == "large_medical_cost" else False
        if inside is False:
            continue
        amount = money(alert.get("amount"))
        total = None if inside is None or amount is None or total is None else total + amount
    return total


def _medical_alerted(facts: Facts, on: date, parameters: Row) -> bool:
    """Whether an alert of the window names a cost, be it 0."""
    span = window(on, parameters)
    return any(
        alert.get("kind") == "large_medical_cost" and alert_within(alert, span)
        for alert in facts.rows("alerts") or []
    )


def compliant_expense(facts: Facts, on: date, parameters: Row) -> Decimal | None:
    """Unknown only where nothing was answered and no alert names a cost."""
    education, medical, other = (
        money(facts.household.get(f"oop_{n}")) for n in ("education", "medical", "other")
    )
    stated = alert_medical(facts, on, parameters)
    if stated is None:
        return None
    if (
        education is None
        and medical is None
        and other is None
        and not _medical_alerted(facts, on, parameters)
    ):
        return None
    return (education or ZERO) + max(medical or ZERO, stated) + (other or ZERO)


def insurance_payout(facts: Facts) -> Decimal | None:
    payout = money(facts.household.get("insurance_payout"))
    if payout is not None:
        return payout
    asked = any(facts.household.get(f"oop_{n}") is not None for n in ("education", "medical", "other"))
    return ZERO if asked else None


# ---- comparing without dividing


def per_capita(amount: Decimal | None, months: int | None) -> Fraction | None:
    if amount is None or not months:
        return None
    return Fraction(amount) * 12 / months


def at_or_below(amount: Decimal | None, months: int | None, limit: Decimal | None) -> Truth:
    """Whether amount per person and year ≤ limit; unknown where there is nobody to share it."""
    if amount is None or not months or limit is None:
        return None
    return 12 * amount <= limit * months


def fell(new: Decimal | None, old: Decimal | None, ratio: Decimal | None, months: int | None = 12) -> Truth:
    """new ≤ (1 − ratio) × old; against nothing (0 or less) no share can be taken: any fall is one."""
    if new is None or old is None or ratio is None or not months:
        return None
    if old <= 0:
        return 12 * new < old * months
    return 12 * new <= (1 - ratio) * old * months


def change(new: Fraction | None, old: Decimal | None) -> Fraction | None:
    if new is None or not old:
        return None
    return new / Fraction(old) - 1


# ---- quarters (MC §1.1)


def quarter_fell(facts: Facts, on: date, ratio: Decimal | None, kinds: Kinds, number: int) -> Truth:
    """Counted income of the quarter against last year's; unknown where one of the two has no item."""
    new, old = (_quarter_sum(facts, on, kinds, f"{year}Q{number}") for year in (on.year, on.year - 1))
    return all3([(new is not None and old is not None) or None, fell(new, old, ratio)])


def _quarter_sum(facts: Facts, on: date, kinds: Kinds, quarter: str) -> Decimal | None:
    items = countable(facts, kinds)
    found: list[Decimal | None] = []
    for item, kind in items or []:
        day = item.get("received_on")
        if kind.counts_as not in INCOME or kind.total or (day and day > on):
            continue
        if (item.get("quarter") or (day and f"{day.year}Q{(day.month + 2) // 3}")) == quarter:
            found.append(money(item.get("amount")))
    if not found or None in found:
        return None
    return sum((amount for amount in found if amount is not None), ZERO)


def completed_quarters(on: date) -> list[int]:
    """Of the first two, those whose last day is before ``on``."""
    return [n for n, end in ((1, date(on.year, 3, 31)), (2, date(on.year, 6, 30))) if end < on]
