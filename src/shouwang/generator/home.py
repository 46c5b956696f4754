"""One made-up household before it has a name: its facts as rows of the exchange tables, and its trouble.

Columns that only a place and a number give (ids, names, telephone, position) are filled later, for as many
households as are wanted, by :mod:`shouwang.generator.expansion`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from shouwang.generator.person import Person

Row = dict[str, Any]
Mark = tuple[str, str, Row | None]
RANGE = 8300  # yuan per person and year: the range of XH annex 1, around which incomes are laid


@dataclass
class Home:
    """``cells`` are columns of households; each other table has its rows. Money is yuan.

    ``trouble`` is the intended trouble ('' for none) and ``findings`` the rules of the catalogue that it must
    make fire; ``exact`` keeps amounts as they are, where a cent matters.
    """

    on: date
    people: list[Person]
    lifted: bool
    status: str
    net_per_capita: float = 0.0
    cells: Row = field(default_factory=dict)
    items: list[Row] = field(default_factory=list)
    alerts: list[Row] = field(default_factory=list)
    visit: Row | None = (
        None  # of the campaign; its day and hour follow from the household's place in the village
    )
    earlier_visits: list[Row] = field(default_factory=list)
    case: Row | None = None
    measures: list[Row] = field(default_factory=list)
    satisfaction: list[Row] = field(default_factory=list)
    leaflets: list[Row] = field(default_factory=list)
    loans: list[Row] = field(default_factory=list)
    projects: list[Row] = field(default_factory=list)
    trouble: str = ""
    findings: tuple[str, ...] = ()
    exact: bool = False
    marks: list[Mark] = field(default_factory=list)

    def mark(self, finding: str, table: str = "households", row: Row | None = None) -> None:
        """Notes a finding that must follow from what was planted: on the household, or on a row of a table (a dict
        that stands in the household's lists; a person's ``cells`` for members).
        """
        self.marks.append((finding, table, row))

    @property
    def months(self) -> int:
        """Months in the household, all members together."""
        return sum(int(person.cells["months_in_household"]) for person in self.people)

    @property
    def labour(self) -> int:
        return sum(person.able for person in self.people)

    @property
    def weak(self) -> int:
        return sum(person.cells["labour_capacity"] == "weak" for person in self.people)

    @property
    def supported_by_state(self) -> bool:
        """Lifted or monitored with nobody able to work, not even weakly: dibao or tekun is due (GY §3.8)."""
        return self.labour + self.weak == 0 and (self.lifted or self.status != "none")

    @property
    def risks(self) -> list[str]:
        """The risks of the case."""
        return [risk for risk in str((self.case or {}).get("risks") or "").split(";") if risk]

    @property
    def focus(self) -> list[str]:
        """The ten focus categories of XH that hold."""
        last, before = (
            self.cells["income_per_capita_last_year"],
            self.cells["income_per_capita_two_years_ago"],
        )
        found = []
        if self.lifted and self.cells["low_income_group"]:
            found.append("low_income_group")
        if self.lifted and last is not None and last <= 0.8 * before:
            found.append("income_fall")
        if self.status != "none":
            found.append("monitored")
        return found + [code for code in _FOCUS_ALERTS if any(_is(alert, code) for alert in self.alerts)]

    def back(self, days: int) -> date:
        """The day ``days`` before the campaign day."""
        return self.on - timedelta(days=days)

    def alert(self, source: str, kind: str, days_ago: int, **more: Any) -> Row:
        """Adds an alert received ``days_ago`` days back, verified in time and without a risk unless
        ``more`` says so.
        """
        row: Row = {
            "source": source,
            "kind": kind,
            "event_on": self.back(days_ago + 6),
            "received_on": self.back(days_ago),
            "verified_on": self.back(max(days_ago - 3, 0)),
            "disposition": "no_risk",
            "studied_on": None,
        }
        if kind.startswith(("dibao", "tekun")):
            row["studied_on"] = self.back(max(days_ago - 2, 0))
        self.alerts.append(row | more)
        return self.alerts[-1]


_FOCUS_ALERTS = {
    "dibao_new": ("dibao_new",),
    "tekun_new": ("tekun_new",),
    "large_relief": ("large_relief",),
    "severe_disability": ("severe_disability",),
    "serious_illness": ("serious_illness",),
    "mental_disorder": ("mental_disorder",),
    "refused_application": ("dibao_refused", "tekun_refused"),
}


def _is(alert: Row, category: str) -> bool:
    return alert["kind"] in _FOCUS_ALERTS[category]


def pick(chance: random.Random, *choices: tuple[str, float]) -> str:
    """One of the named choices by weight."""
    return chance.choices([name for name, _weight in choices], [weight for _name, weight in choices])[0]
