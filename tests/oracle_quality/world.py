"""A made-up world: tables of dict rows, and small questions about one household that many rules ask.

Three values as in ``tests.oracle``: ``None`` is unknown. An empty cell is ``None``; a column that the world lacks as a
whole makes even "is it empty" unknown; a table that is not there is ``None``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from math import asin, cos, radians, sin, sqrt
from typing import Any

from shouwang.tables.dictionary import TABLES
from tests.oracle.facts import Facts, window
from tests.oracle.kinds import KINDS
from tests.oracle.logic import Truth, all3, any3, is_one_of, less, not3, years_old
from tests.oracle.money import Income, at_or_below, income, person_months

Row = dict[str, Any]
ZERO = Decimal(0)
DEVELOPMENT = ("industry", "employment", "public_post", "microcredit", "skills", "consumption")
GUARANTEES = ("school_dropout", "uninsured_member", "housing_unsafe", "water_unsafe")
EARTH = 6371000.0


def _defaults() -> dict[str, Any]:
    numbers = {
        "age_max": 110, "parent_gap": 14, "serving_age_from": 17, "serving_age_to": 35, "size_max": 12,
        "labour_age_from": 16, "labour_age_to": 60, "school_from": 6, "school_to": 15,
        "public_post_age_from": 16, "public_post_age_to": 69, "month_wage_min": 400, "month_wage_max": 30000,
        "income_low": 4000, "identified_income_max": 20000, "farmland_max": 100, "forest_max": 200,
        "high_salary_amount": 100000, "risks_max": 5, "big_household": 4, "village_km": 10,
        "work_months_min": 3, "county_cost_max": 2000, "pension_age_from": 50, "production_min": 5000,
        "expense_ratio": 2, "income_rise_ratio": 1, "guarantee_days": 30, "benefit_days": 60,
        "measure_days": 30, "green_days": 5, "green_close_days": 30, "same_case_n": 5, "same_plan_n": 10,
        "removal_batch": 10, "look_back_days": 365, "phone_shared": 3, "contact_max": 10, "stale_days": 180,
        "stale_resolved_days": 365, "quarter_grace": 30, "entry_days": 3, "bulk_n": 30, "bulk_days": 5,
        "contact_visit_days": 90, "accuracy_k": 2, "far_m": 200, "accuracy_max_m": 100, "fast_n": 20,
        "share_z": 3, "one_point_n": 5, "one_point_m": 20, "speed_max": 80, "day_from": 7, "day_to": 21,
        "visits_per_day": 30, "income_gap": 100, "list_days": 45, "alert_lag_days": 60, "mean_size_from": 1,
        "mean_size_to": 8,
    }  # fmt: skip
    shares = {
        "labour_share": "0.25", "labour_share_big": "0.5", "fast_z": "3.5", "alike_share": "0.85",
        "round_share": "0.9", "income_gap_share": "0.05", "unmatched_share": "0.1", "sheet_gap": "0.05",
        "sheet_jump": "0.1",
    }  # fmt: skip
    dates = {"cases_from": date(2021, 5, 1), "premium_cutoff": (4, 1)}
    return {**numbers, **{name: Decimal(text) for name, text in shares.items()}, **dates}


DEFAULTS = _defaults()


@dataclass
class World:
    """All tables on one day. ``columns`` says which columns a table that is there has."""

    on: date
    tables: dict[str, list[Row] | None]
    columns: dict[str, frozenset[str]]
    settings: Mapping[str, Any] = field(default_factory=dict)
    person_keys: Counter[str] | None = None  # filled when first asked for

    @cached_property
    def households(self) -> dict[str, Household]:
        return {row["household_id"]: Household(self, row) for row in self.tables["households"] or []}

    @cached_property
    def window(self) -> tuple[date, date]:
        return window(self.on, {})

    def rows(self, table: str) -> list[Row] | None:
        return self.tables.get(table)

    def has(self, table: str, *columns: str) -> bool:
        return self.rows(table) is not None and set(columns) <= self.columns[table]

    def empty(self, table: str, row: Row, column: str) -> Truth:
        """Whether a cell is empty; unknown where the column is not there."""
        return row.get(column) is None if self.has(table, column) else None

    @property
    def lacks_columns(self) -> bool:
        return any(len(names) < len(TABLES[table].by_name) for table, names in self.columns.items())

    def par(self, name: str) -> Any:
        return self.settings.get(name, DEFAULTS.get(name))

    @cached_property
    def by_household(self) -> dict[str, dict[str, list[Row]]]:
        found: dict[str, dict[str, list[Row]]] = {}
        for table, rows in self.tables.items():
            index = found.setdefault(table, {})
            for row in rows or []:
                if row.get("household_id") is not None:
                    index.setdefault(row["household_id"], []).append(row)
        return found


def codes(text: str | None) -> list[str] | None:
    """The codes of a list cell; empty is not known."""
    return None if text is None else text.split(";")


def add_years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def days_between(first: date | None, last: date | None) -> int | None:
    return None if first is None or last is None else (last - first).days


def more(a: Any, b: Any) -> Truth:
    return less(b, a)


def metres(a: tuple[float, float] | None, b: tuple[float, float] | None) -> float | None:
    """The great circle between two (lng, lat)."""
    if a is None or b is None:
        return None
    (x1, y1), (x2, y2) = a, b
    h = sin(radians(y2 - y1) / 2) ** 2 + cos(radians(y1)) * cos(radians(y2)) * sin(radians(x2 - x1) / 2) ** 2
    return float(int(2 * EARTH * asin(min(1.0, sqrt(h))) + 0.5))  # whole metres, as the rules say them


def point(row: Row | None) -> tuple[float, float] | None:
    if row is None or row.get("lng") is None or row.get("lat") is None:
        return None
    return (row["lng"], row["lat"])


class Household:
    """One household of the world."""

    def __init__(self, world: World, row: Row) -> None:
        self.world, self.row, self.on = world, row, world.on
        self.id: str = row["household_id"]
        self.get: Callable[[str], Any] = row.get
        self.par = world.par

    # ---- rows

    def rows(self, table: str) -> list[Row] | None:
        """The household's rows; none where the table is there without one."""
        if self.world.rows(table) is None:
            return None
        return self.world.by_household[table].get(self.id, [])

    def empty(self, column: str) -> Truth:
        return self.world.empty("households", self.row, column)

    @property
    def all_members(self) -> list[Row] | None:
        return self.rows("members")

    def present(self, member: Row, day: date | None = None) -> bool:
        left = member.get("left_on")
        return left is None or left > (day or self.on)

    @property
    def members_and_left(self) -> list[Row]:
        return self.rows("members") or []

    def members_on(self, day: date) -> list[Row] | None:
        rows = self.rows("members")
        return None if rows is None else [m for m in rows if self.present(m, day)]

    @cached_property
    def members(self) -> list[Row] | None:
        return self.members_on(self.on)

    def any_member(self, ask: Callable[[Row], Truth]) -> Truth:
        return None if self.members is None else any3(ask(m) for m in self.members)

    def no_member(self, ask: Callable[[Row], Truth]) -> Truth:
        return not3(self.any_member(ask))

    # ---- people

    def age(self, member: Row, on: date | None = None) -> int | None:
        birth = member.get("birth_date")
        day = on or self.on
        return None if birth is None or birth > day else years_old(birth, day)

    # ---- status

    def status(self, *wanted: str) -> Truth:
        return is_one_of(self.get("monitoring_status"), *wanted)

    @property
    def unresolved(self) -> Truth:
        return self.status("unresolved")

    @property
    def resolved(self) -> Truth:
        return self.status("resolved")

    @property
    def monitored(self) -> Truth:
        return self.status("unresolved", "resolved")

    @property
    def lifted(self) -> Truth:
        return is_one_of(self.get("household_type"), "lifted")

    @property
    def lifted_or_monitored(self) -> Truth:
        return any3([self.lifted, self.monitored])

    # ---- visits, cases

    @cached_property
    def visits_so_far(self) -> list[Row] | None:
        rows = self.rows("visits")
        return (
            None if rows is None else [v for v in rows if v.get("visited_on") and v["visited_on"] <= self.on]
        )

    @cached_property
    def latest_visit(self) -> Row | None:
        return max(
            self.visits_so_far or [],
            key=lambda v: (v["visited_on"], str(v.get("received_at") or ""), str(v.get("visit_id") or "")),
            default=None,
        )

    @property
    def visited(self) -> Truth:
        return None if self.visits_so_far is None else bool(self.visits_so_far)

    @cached_property
    def case(self) -> Row | None:
        """The latest case that is not withdrawn; ``None`` where there is none (or no table: see has_cases)."""
        return max(
            [c for c in self.rows("cases") or [] if c.get("withdrawn_on") is None],
            key=lambda c: (
                c.get("discovered_on") or date.min,
                c.get("approved_on") or date.min,
                c.get("case_id") or "",
            ),
            default=None,
        )

    @property
    def risks(self) -> list[str] | None:
        return codes(self.case.get("risks")) if self.case else None

    def has_risk(self, *wanted: str) -> Truth:
        """Whether one is among the risks of the case; no case, no risk."""
        if self.rows("cases") is None:
            return None
        if self.case is None:
            return False
        return None if self.risks is None else any(code in self.risks for code in wanted)

    # ---- money

    def in_window(self, item: Row, span: tuple[date, date] | None = None) -> Truth:
        """Realised, and in the window."""
        if item.get("realised") is False:
            return False
        first, last = span or self.world.window
        day = item.get("received_on")
        return None if day is None else first <= day <= last

    def items(self, *prefixes: str, member: str | None = None) -> list[tuple[Row, Truth]] | None:
        """Items of kinds that begin so, with whether they are realised and in the window."""
        rows = self.rows("income_items")
        if rows is None:
            return None
        return [
            (i, self.in_window(i))
            for i in rows
            if i["kind"].startswith(prefixes) and (member is None or i.get("member_id") == member)
        ]

    def has_item(self, *prefixes: str, member: str | None = None) -> Truth:
        found = self.items(*prefixes, member=member)
        return None if found is None else any3(inside for _item, inside in found)

    def paid(self, kind: str, member: str | None = None) -> Truth:
        """Money of that kind, more than 0, realised and in the window."""
        found = self.items(kind, member=member)
        return (
            None if found is None else any3(all3([inside, more(i.get("amount"), 0)]) for i, inside in found)
        )

    def own_item(self, member: Row, *kinds: str, may: tuple[str, ...] = ()) -> Truth:
        """Whether there is such an item of the member in the window.

        Not known: one that may be it, being nobody's, undated, not realised or a stated total that may hold it.
        """
        rows = self.rows("income_items")
        if rows is None:
            return None
        first, last = self.world.window
        found: list[Truth] = []
        for item in rows:
            day = item.get("received_on")
            if not item["kind"].startswith((*kinds, *may)) or item.get("member_id") not in (
                None,
                member["member_id"],
            ):
                continue
            if day is not None and not first <= day <= last:
                continue
            sure = day is not None and item.get("realised") is not False and item.get("member_id") is not None
            found.append(
                True if sure and item["kind"].startswith(kinds) and item["kind"] not in may else None
            )
        return any3(found)

    def total(self, *prefixes: str, member: str | None = None) -> Decimal | None:
        """sum(kind); unknown where an item of the kind lacks its date or amount."""
        found = self.items(*prefixes, member=member)
        if found is None:
            return None
        total = ZERO
        for item, inside in found:
            if inside is False:
                continue
            if inside is None or item.get("amount") is None:
                return None
            total += item["amount"]
        return total

    @cached_property
    def _oracle_facts(self) -> Facts:
        return Facts(self.row, self.all_members, {"income_items": self.rows("income_items")})

    @cached_property
    def earned(self) -> Income:
        return income(self._oracle_facts, self.on, {}, KINDS)

    @cached_property
    def person_months(self) -> int | None:
        return person_months(self._oracle_facts)

    def npc_at_most(self, limit: Decimal | None) -> Truth:
        return at_or_below(self.earned.net, self.person_months, limit)

    @property
    def at_or_below_range(self) -> Truth:
        return self.npc_at_most(self.par("monitoring_range"))


def works(member: Row) -> Truth:
    return any3(
        [
            is_one_of(member.get("employment_place"), "county", "province", "outside"),
            more(member.get("months_worked"), 0),
        ]
    )


def ill(member: Row) -> Truth:
    return any3(member.get(c) for c in ("serious_illness", "chronic_illness", "mental_disorder"))


def disabled(member: Row) -> Truth:
    return more(member.get("disability_level"), 0)


def healthy(member: Row) -> Truth:
    return all3([not3(ill(member)), not3(disabled(member))])


def able(member: Row) -> Truth:
    return is_one_of(member.get("labour_capacity"), "skilled", "ordinary")


def able_or_weak(member: Row) -> Truth:
    return is_one_of(member.get("labour_capacity"), "skilled", "ordinary", "weak")


def between(value: Any, low: Any, high: Any) -> Truth:
    return None if value is None or low is None or high is None else bool(low <= value <= high)


def outside(value: Any, low: Any, high: Any) -> Truth:
    return not3(between(value, low, high))


def any_of(rows: Iterable[Row] | None, ask: Callable[[Row], Truth]) -> Truth:
    return None if rows is None else any3(ask(row) for row in rows)
