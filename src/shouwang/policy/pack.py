"""What a policy pack holds, as data: parameters, income kinds, indicators, focus categories, rules.

A pack is a folder of YAML (see ``docs/packs.md``). :func:`shouwang.policy.loading.load` reads it together with the
pack it extends; everything here is plain values, each with the file and line it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from shouwang.policy.types import BOOL, DATE, TEXT, Type

COUNTS_AS = (
    "wage", "employment_cost", "travel_subsidy", "property", "transfer", "production",
    "production_expense", "dedicated_subsidy", "not_counted",
)  # fmt: skip
CLASSES = ("expected", "one_off", "paid_on_behalf", "directed", "non_income", "other")
PLACES = ("public_post", "outside_province", "in_province", "in_county")
LEVELS = ("household", "village", "town", "look", "proposal", "progress")
SEVERITIES = ("error", "warn", "look")
MENDS = ("village", "town", "department")


@dataclass(frozen=True)
class Place:
    """Where in the pack something stands."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Expression:
    """The text of an expression and where it stands."""

    text: Any
    place: Place


@dataclass(frozen=True)
class ParameterValue:
    """One dated value; ``None`` is *unset*: no document has given it yet. ``area`` is a prefix of area codes."""

    value: Any
    clause: str
    area: str = ""
    first: date | None = None
    last: date | None = None

    def holds(self, on: date, area: str) -> bool:
        """Whether this value holds on a day in a place (a 12-digit village code, or any prefix of one)."""
        return (
            (self.first is None or self.first <= on)
            and (self.last is None or on <= self.last)
            and area.startswith(self.area)
        )


@dataclass(frozen=True)
class Parameter:
    """A number, share, date or word that documents set. Later and more local values win."""

    name: str
    label: str
    label_en: str
    unit: str
    values: tuple[ParameterValue, ...]
    place: Place

    @property
    def type(self) -> Type:
        """The type its values have; numbers take the most places that any value has (at least four)."""
        known = [value.value for value in self.values if value.value is not None]
        if any(isinstance(value, bool) for value in known):
            return BOOL
        if any(isinstance(value, date) for value in known) or (not known and self.unit == "date"):
            return DATE
        if any(isinstance(value, str) for value in known):
            return TEXT
        scales = [-int(value.as_tuple().exponent) for value in known if isinstance(value, Decimal)]
        return Type("number", max([2, *scales]))

    def at(self, on: date, area: str) -> ParameterValue | None:
        """The value that holds on a day in a place; None where none does."""
        holding = [value for value in self.values if value.holds(on, area)]
        return max(holding, key=lambda value: (len(value.area), value.first or date.min), default=None)

    def areas(self, on: date) -> tuple[str, ...]:
        """The area prefixes that have a value of their own on a day, the longest first."""
        found = {value.area for value in self.values if value.area and value.holds(on, value.area)}
        return tuple(sorted(found, key=lambda area: (-len(area), area)))


@dataclass(frozen=True)
class IncomeKind:
    """What an income item of one kind counts as, with its clause (XH annex 5)."""

    code: str
    label: str
    label_en: str
    counts_as: str
    place_of_work: str | None
    excluded_class: str | None
    total: bool
    clause: str
    place: Place


@dataclass(frozen=True)
class Indicator:
    """One value per household. ``places`` is how many places are shown; ``codes`` the code set of a text."""

    name: str
    label: str
    label_en: str
    expression: Expression
    places: int = 2
    shown: bool = False
    codes: str | None = None
    clause: str = ""


@dataclass(frozen=True)
class Focus:
    """One focus category: households that must be seen in person."""

    name: str
    label: str
    label_en: str
    when: Expression
    clause: str


@dataclass(frozen=True)
class Rule:
    """One finding. ``when`` is per household; ``when_village`` per village, from the villages' own values."""

    name: str
    label: str
    label_en: str
    level: str
    problem: str | None
    when: Expression | None
    when_village: Expression | None
    says: str
    says_en: str
    clause: str
    place: Place

    @property
    def alias(self) -> str:
        """The name under which expressions may read the result: ``found_`` and the id with underscores."""
        return "found_" + self.name.replace(".", "_")


@dataclass(frozen=True)
class QualityRule:
    """One finding about the data (QLT-1 to QLT-3): ``when`` is per row of the tables ``of``, or per household.

    ``severity`` is error (cannot be so), warn (very likely wrong or missing) or look (rare but possible); ``mends``
    says whose work it is. An unknown operand leaves it unknown, and then it does not fire.
    """

    name: str
    label: str
    label_en: str
    severity: str
    mends: str
    of: tuple[str, ...]
    when: Expression
    says: str
    says_en: str
    clause: str
    place: Place

    @property
    def alias(self) -> str:
        """The name of its result: ``found_`` and the id with underscores."""
        return "found_" + self.name.replace(".", "_")

    @property
    def of_household(self) -> bool:
        """Whether it is worked out once per household, from everything that is known of it."""
        return "households" in self.of

    @property
    def row_tables(self) -> tuple[str, ...]:
        """The tables whose rows it judges one by one."""
        return tuple(table for table in self.of if table != "households")


@dataclass(frozen=True)
class Grouping:
    """Rows of a table put together within a household (per member, say), with values of their own."""

    name: str
    of: str
    by: str
    where: Expression | None
    aggregates: Mapping[str, Expression]
    rows: Mapping[str, Expression]
    place: Place


@dataclass
class Pack:
    """A pack with everything it inherits. ``hash`` is over the files of the pack and of those it extends."""

    id: str
    title: str = ""
    title_en: str = ""
    lineage: tuple[str, ...] = ()
    sources: dict[str, str] = field(default_factory=dict)
    area: str = ""
    first: date | None = None
    last: date | None = None
    ledger_title: str = ""
    parameters: dict[str, Parameter] = field(default_factory=dict)
    kinds: dict[str, IncomeKind] = field(default_factory=dict)
    rows: dict[str, dict[str, Expression]] = field(default_factory=dict)
    groups: dict[str, Grouping] = field(default_factory=dict)
    aggregates: dict[str, dict[str, Expression]] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    focus: dict[str, Focus] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    quality: dict[str, QualityRule] = field(default_factory=dict)
    calendar: dict[int, dict[str, list[date]]] = field(default_factory=dict)
    hash: str = ""

    def label(self, name: str, language: str) -> str:
        """What people call a rule, indicator, focus category, parameter or kind; the name itself where none is."""
        groups: tuple[Mapping[str, Any], ...] = (
            self.rules,
            self.quality,
            self.indicators,
            self.focus,
            self.parameters,
            self.kinds,
        )
        for group in groups:
            if name in group:
                return str(group[name].label_en if language == "en" else group[name].label) or name
        return name
