"""The facts of one household, and small questions about them that many rules ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .logic import Truth, any3, is_one_of, months_before

Row = dict[str, Any]
CAUSES = (
    "illness",
    "schooling",
    "unsafe_housing",
    "unsafe_water",
    "disability",
    "disaster",
    "accident",
    "project_failed",
    "job_unstable",
    "no_labour",
    "other",
)
DEVELOPMENT = ("industry", "employment", "public_post", "microcredit", "skills", "consumption")


@dataclass
class Facts:
    """One household. A missing key or ``None`` is not known; a table that is ``None`` is missing."""

    household: Row
    members: list[Row] | None = field(default_factory=list)
    tables: dict[str, list[Row] | None] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row] | None:
        return self.tables.get(table)

    # ---- who belongs to the household

    def present(self, on: date) -> list[Row] | None:
        """Members who have not left before ``on`` and who, if serving, share income."""
        if self.members is None:
            return None
        return [m for m in self.members if not _left(m, on) and not apart(m)]

    # ---- status

    @property
    def lifted(self) -> Truth:
        return is_one_of(self.household.get("household_type"), "lifted")

    def status(self, *codes: str) -> Truth:
        return is_one_of(self.household.get("monitoring_status"), *codes)

    @property
    def monitored(self) -> Truth:
        return self.status("unresolved", "resolved")

    @property
    def lifted_or_monitored(self) -> Truth:
        return any3([self.lifted, self.monitored])

    # ---- rows that stand for the household

    def latest_visit(self, on: date) -> Row | None:
        """The latest visit up to ``on``, whatever its form; ``None`` where there is no row or no table."""
        rows = [v for v in self.rows("visits") or [] if v.get("visited_on") and v["visited_on"] <= on]
        return max(rows, key=_visit_order, default=None)

    def latest_case(self) -> Row | None:
        """The case discovered last, then approved last, then the greater case_id."""
        rows = self.rows("cases") or []
        return max(
            rows,
            key=lambda c: (
                c.get("discovered_on") or date.min,
                c.get("approved_on") or date.min,
                c.get("case_id") or "",
            ),
            default=None,
        )

    def latest_cases(self) -> list[Row] | None:
        """The latest case alone, as a table of one row or none; ``None`` where there is no table."""
        case = self.latest_case()
        return None if self.rows("cases") is None else [case] if case is not None else []

    def case_risks(self) -> set[str] | None:
        """The risks of the latest case; an empty list is not known; without a case there are none."""
        if self.rows("cases") is None:
            return None
        case = self.latest_case()
        if case is None:
            return set()
        return set(case.get("risks") or ()) or None

    def no_labour_safeguard(self) -> Truth:
        """The flag of the latest case; no case, no flag."""
        if self.rows("cases") is None:
            return None
        case = self.latest_case()
        return False if case is None else case.get("no_labour_safeguard")

    def has_contact(self) -> Truth:
        """A name at the household or its latest case; an empty text is known to be none, a missing table is not."""
        case = self.latest_case() or {}
        names = [self.household.get("contact"), case.get("contact")]
        if any(names):
            return True
        if self.rows("cases") is None:
            return None
        return False if "" in names else None


def apart(member: Row) -> bool:
    """Serving and known not to share income: not a member of the household."""
    return member.get("serving") is True and member.get("shares_income") is False


def _left(member: Row, on: date) -> bool:
    return member.get("left_on") is not None and member["left_on"] < on


def _visit_order(visit: Row) -> tuple[Any, ...]:
    return (visit["visited_on"], str(visit.get("received_at") or ""), str(visit.get("visit_id") or ""))


def window(on: date, parameters: Row) -> tuple[date, date]:
    """First and last day, both inside. By default the 12 months up to ``on``; by year from 10-01 to 09-30."""
    if parameters.get("window", "visit") == "year":
        return date(on.year - 1, 10, 1), min(date(on.year, 9, 30), on)
    start = months_before(on, 12)
    return date.fromordinal(start.toordinal() + 1), on


def alert_date(alert: Row) -> date | None:
    """event_on where known, else received_on."""
    found: date | None = alert.get("event_on") or alert.get("received_on")
    return found


def alert_within(alert: Row, span: tuple[date, date]) -> Truth:
    day = alert_date(alert)
    return None if day is None else span[0] <= day <= span[1]


def this_year(day: date | None, on: date) -> Truth:
    return None if day is None else day.year == on.year


def so_far_this_year(day: date | None, on: date) -> Truth:
    """From 1 January of the year of ``on`` up to ``on`` itself."""
    return None if day is None else date(on.year, 1, 1) <= day <= on


def disposition(alert: Row) -> str:
    """An alert without disposition is pending."""
    return str(alert.get("disposition") or "pending")
