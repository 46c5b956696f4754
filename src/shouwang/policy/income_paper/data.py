"""What stands on the income paper of one household, as plain values. Amounts are Decimal yuan; unknown is None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class State(StrEnum):
    """What becomes of a line in its part."""

    COUNTED = "counted"  # adds to the subtotal
    SET_OFF = "set_off"  # a cost or travel subsidy: works through the deduction below it
    STEPPED_BACK = "stepped_back"  # a stated total behind its items
    UNKNOWN = "unknown"  # day or amount not known: the part is unknown
    DEDUCTION = "deduction"  # employment cost taken from wages, no item
    FLOOR = "floor"  # what subsidies exceed the expense by: an expense is not below zero
    ADJUSTMENT = "adjustment"  # the pack works the part out in another way than annex 5


@dataclass(frozen=True)
class Item:
    """One income item as it was collected; ``basis`` is a code of the dictionary, ``number`` runs through the paper."""

    number: int
    day: date | None
    member: str
    kind: str
    amount: Decimal | None
    basis: str | None
    agreed: bool | None
    note: str


@dataclass(frozen=True)
class SetOff:
    """What a deduction is worked out from: places of lines in the part.

    ``earlier`` are the costs of places that the travel subsidy has already offset, in that order.
    """

    wages: tuple[int, ...]
    costs: tuple[int, ...]
    subsidies: tuple[int, ...]
    earlier: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of a part: an item, or what the rules take off. ``counted`` is what it adds to the subtotal."""

    state: State
    item: Item | None
    text: str
    counted: Decimal | None
    clause: str = ""
    set_off: SetOff | None = None


@dataclass(frozen=True)
class Part:
    """One of the five parts of annex 5; ``subtotal`` is the pack's indicator, ``why_unknown`` says why it is None."""

    name: str
    label: str
    clause: str
    lines: tuple[Line, ...]
    subtotal: Decimal | None
    why_unknown: str = ""


@dataclass(frozen=True)
class Excluded:
    """An item that does not count: why, and the clause that says so."""

    item: Item
    why: str
    clause: str


@dataclass(frozen=True)
class ExcludedGroup:
    """The items of one class of annex 5 §6; ``amount`` sums those that are known."""

    title: str
    why: str
    clause: str
    items: tuple[Excluded, ...]
    amount: Decimal


@dataclass(frozen=True)
class Member:
    """A member and the months that count (None: not worked out); ``note`` says why they differ from twelve."""

    name: str
    relation: str
    months: int | None
    note: str


@dataclass(frozen=True)
class Head:
    """Who the paper is about, and on which day, for which window and by which pack it was made."""

    household_id: str
    name: str
    place: str
    group: str
    type: str
    monitoring: str
    area: str
    on: date
    first: date
    last: date
    window_clause: str
    pack: str
    members: tuple[Member, ...] | None  # None: no table of members
    person_months: int | None
    person_years: Decimal | None


@dataclass(frozen=True)
class PerCapita:
    """Net income, per person and year, beside the range; ``follows`` is whether the formula of annex 5 gives it."""

    net: Decimal | None
    value: Decimal | None
    range: Decimal | None
    range_clause: str
    at_or_below: bool | None
    band: str | None
    band_ticked: bool  # the visit ticked it, since the income is not known
    below_13000: bool | None  # annex 1 asks it in the band of 12,000 to 16,000
    follows: bool
    clause: str


@dataclass(frozen=True)
class Expense:
    """Compliant out-of-pocket expense, payout, and income per person after both."""

    education: Decimal | None
    medical: Decimal | None
    medical_listed: Decimal | None  # what alerts name; the larger of the two counts
    other: Decimal | None
    compliant: Decimal | None
    payout: Decimal | None
    payout_said: Decimal | None
    after: Decimal | None
    follows: bool
    clause: str


@dataclass(frozen=True)
class Compared:
    """A row by quarter: this window above, the window a year before below; None where that window is not known."""

    label: str
    this: tuple[Decimal, ...] | None
    last: tuple[Decimal, ...] | None
    income: bool  # adds to the sum of income items


@dataclass(frozen=True)
class Pair:
    """A figure of this window and of the one a year before, each by the rules."""

    label: str
    this: Decimal | None
    last: Decimal | None


@dataclass(frozen=True)
class Year:
    """Income per person of one year; ``change`` against the year before it as a share, where known."""

    label: str
    value: Decimal | None
    change: Decimal | None


@dataclass(frozen=True)
class Comparison:
    """Quarters and years side by side; ``quarters`` are (this, a year before)."""

    quarters: tuple[tuple[str, str], ...]
    rows: tuple[Compared, ...]
    pairs: tuple[Pair, ...]
    years: tuple[Year, ...]
    last_first: date
    last_last: date


@dataclass(frozen=True)
class BasisShare:
    """What rests on one basis; ``share`` of the amounts, None where there are none."""

    label: str
    items: int
    amount: Decimal
    share: Decimal | None


@dataclass(frozen=True)
class Agreement:
    """Basis and agreement (INC-9); the tuples hold numbers of items."""

    shares: tuple[BasisShare, ...]
    without_basis: tuple[int, ...]
    not_agreed: tuple[int, ...]
    not_asked: tuple[int, ...]
    weaker: tuple[int, ...]
    basis_column: bool
    agreed_column: bool


@dataclass(frozen=True)
class Paper:
    """The income paper of one household."""

    head: Head
    parts: tuple[Part, ...]
    per_capita: PerCapita
    expense: Expense
    excluded: tuple[ExcludedGroup, ...]
    outside: tuple[Excluded, ...]
    comparison: Comparison
    agreement: Agreement
    lacking: tuple[str, ...]

    def part(self, name: str) -> Part:
        """One of ``wage``, ``property``, ``transfer``, ``production``, ``production_expense``."""
        return next(part for part in self.parts if part.name == name)
