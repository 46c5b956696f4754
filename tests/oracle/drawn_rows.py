"""Made-up alerts, visits, cases, measures and answers of one household: dates near the bounds, and gaps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from .facts import CAUSES, DEVELOPMENT, Row

SAFEGUARDS = (
    "dibao",
    "tekun",
    "medical_aid",
    "temporary_relief",
    "education_aid",
    "housing",
    "water",
    "insurance",
    "social",
)
ALERT_SOURCES = ("civil_affairs", "medical_insurance", "health", "application", "rescue_platform", "cadre")
ALERT_KINDS = [
    "dibao_applied",
    "dibao_new",
    "dibao_refused",
    "tekun_applied",
    "tekun_new",
    "tekun_refused",
    "large_relief",
    "severe_disability",
    "serious_illness",
    "mental_disorder",
    "large_medical_cost",
    "dropout",
    "unsafe_house",
    "unsafe_water",
    "job_loss",
    "disaster",
    "accident",
    "price_fall",
    "project_failed",
    "self_application",
]
MORE_ALERTS = (
    "unsafe_house",
    "unsafe_water",
    "accident",
    "disaster",
    "large_relief",
    "severe_disability",
) * 2
DISPOSITIONS = ("pending", "no_risk", "no_risk", "no_risk", "identified", "helped", "problem")
BANDS = ("at_or_below_range", "to_10000", "to_12000", "to_16000", "to_20000", "to_30000", "over_30000")


class DrawnRows:
    """Draws one household. ``gap`` is this household's share of missing cells, often 0."""

    def __init__(self, random: Random, on: date, household_id: str, row_holes: bool) -> None:
        self.r, self.on, self.id, self.row_holes = random, on, household_id, row_holes
        self.gap = random.choice((0.0, 0.0, 0.0, 0.04, 0.15, 0.5))
        self.calm = random.choice((True, True, False))  # a household without trouble: proposals need these

    # ---- small draws

    def chance(self, share: float) -> bool:
        return self.r.random() < share

    def pick(self, values: Sequence[Any]) -> Any:
        return self.r.choice(list(values))

    def some(self, row: Row, *keep: str) -> Row:
        """Drops cells by the household's gap, but those to keep."""
        return {k: v for k, v in row.items() if v is not None and (k in keep or not self.chance(self.gap))}

    def before(self, *bounds: int, spread: int = 420) -> date:
        """A day before ``on``: by one of the bounds in days, give or take one, or anywhere in the spread."""
        if bounds and self.chance(0.6):
            return self.on - timedelta(days=self.pick(bounds) + self.pick((-1, 0, 0, 1)))
        return self.on - timedelta(days=self.r.randint(0, spread))

    def yes(self, share: float) -> bool:
        """True with that share, much rarer in a calm household."""
        return self.chance(share * 0.1 if self.calm else share)

    def amount(self, top: int) -> Decimal:
        return (
            Decimal(self.r.randint(0, top * 100)) / 100
            if self.chance(0.4)
            else Decimal(self.r.randint(0, top))
        )

    def _row_holes(self, row: Row, *names: str) -> Row:
        for name in names:
            if self.row_holes and self.chance(0.05):
                row.pop(name, None)
        return row

    # ---- alerts, visits

    def alert(self, number: int) -> Row:
        event = self.pick(
            (
                self.before(spread=90),
                self.before(365, 366),
                date(self.on.year, 1, 1),
                date(self.on.year - 1, 12, 31),
            )
        )
        received = event + timedelta(days=self.r.randint(0, 6))
        kind = self.pick((*ALERT_KINDS, *["job_loss"] * 6, *MORE_ALERTS))
        verified = received + timedelta(days=self.pick((0, 3, 4, 5, 6, 7, 8, 9, 10, 12)))
        row: Row = {
            "alert_id": f"{self.id}-a{number}",
            "household_id": self.id,
            "source": self.pick(ALERT_SOURCES),
            "kind": kind,
            "amount": self.pick((Decimal(0), Decimal(3000), self.amount(12000)))
            if kind == "large_medical_cost"
            else None,
            "event_on": event if self.chance(0.9) else None,
            "received_on": received,
            "verified_on": verified if self.chance(0.8) else None,
            "studied_on": received if self.chance(0.6) else None,
            "disposition": self.pick(DISPOSITIONS) if self.chance(0.85) else None,
        }
        row = {k: v for k, v in row.items() if v is not None}
        if self.chance(self.gap / 4):
            row.pop("kind")
        if self.chance(self.gap / 2):
            row.pop("received_on")
            row.setdefault("event_on", event)
        return self._row_holes(row, "event_on", "received_on", "amount")

    def visit(self, number: int) -> Row:
        risk = self.yes(0.5)
        causes = self.r.sample(CAUSES, self.r.randint(1, 3)) if risk and self.chance(0.85) else None
        day = self.pick(
            (self.before(51, 52, spread=60), self.before(spread=300), self.on, self.on + timedelta(days=1))
        )
        row = {
            "visited_on": day,
            "mode": self.pick(("in_person", "in_person", "remote", "village_study")),
            "respondent": self.pick(("member", "member", "relative", "cadre")),
            "form": self.pick((None, "annex1", "annex1", "secretary_round")),
            "income_band": self.pick(BANDS) if self.chance(0.6) else None,
            "risk": risk if self.chance(0.9) else None,
            "causes": causes,
        }
        return {"visit_id": f"{self.id}-v{number}", "household_id": self.id, **self.some(row, "visited_on")}

    # ---- cases, measures

    def cases(self, household: Row) -> list[Row]:
        status = household.get("monitoring_status", "none")
        if status == "none" and self.chance(0.8):
            return []
        return [
            self.case(n, open_=status == "none")
            for n in range(self.pick((1, 1, 1, 1, 1, 2) if self.chance(0.93) else (0,)))
        ]

    def case(self, number: int, *, open_: bool) -> Row:
        start = self.before(10, 15, 16, spread=900) if not open_ else self.before(15, spread=60)
        names = (
            "applied_on",
            "verified_on",
            "reviewed_on",
            "notice_from",
            "notice_to",
            "town_reviewed_on",
            "approved_on",
        )
        steps = self.pick(
            (
                (0, 1, 1, 1, 4, 1, 2),
                (1, 1, 1, 1, 4, 2, 5),
                (1, 1, 1, 1, 4, 3, 5),
                (0, 1, 1, 2, 3, 1, 2),
                (1, 0, -1, 1, 4, 1, 3),
            )
        )
        row: Row = {"discovered_on": start}
        day = start
        for name, step in zip(names, steps, strict=True):
            day += timedelta(days=step)
            row[name] = day if self.chance(0.92) and day <= self.on else None
        if open_ and self.chance(0.6):
            row["approved_on"] = None
        approved = row["approved_on"]
        row["plan_on"] = (
            approved + timedelta(days=self.pick((-3, 0, 5, 9, 10, 11)))
            if approved and self.chance(0.8)
            else None
        )
        row |= {
            "withdrawn_on": self.before(spread=20) if self.chance(0.05) else None,
            "last_studied_on": self.pick(
                (None, self.before(365, spread=900), date(self.on.year, 1, 1), date(self.on.year - 1, 12, 31))
            ),
            "above_range_since": self.pick(
                (None, self.before(183), self.before(183), self.before(183, spread=900))
            ),
            "risks": self.r.sample(CAUSES, self.pick((1, 1, 2, 3)))
            if not self.chance(self.gap / 2)
            else None,
            "contact": self.pick((None, None, "", "联系人丙")),
            "no_labour_safeguard": None if self.chance(self.gap) else self.chance(0.15),
        }
        known = {k: v for k, v in row.items() if v is not None}
        return {"case_id": f"{self.id}-c{number}", "household_id": self.id, **known}

    def measure(self, number: int) -> Row:
        planned = self.before(89, 90, 365, spread=600)
        row = {
            "kind": self.pick((*DEVELOPMENT, *DEVELOPMENT, *SAFEGUARDS, *SAFEGUARDS)),
            "risk": self.pick(CAUSES),
            "planned_on": planned if self.chance(0.95) else None,
        }
        done = planned + timedelta(days=self.r.randint(1, 120)) if self.chance(0.4) else None
        row = self.some(row) | ({"done_on": done} if done else {})
        return {"measure_id": f"{self.id}-p{number}", "household_id": self.id, **row}

    # ---- what is asked beside

    def satisfaction(self) -> Row:
        row = {
            "asked_on": self.before(),
            "about": "help",
            "satisfied": self.pick((1, 2, 3, 3, 4, 4, 5, 5)),
            "contact_known": not self.chance(0.2),
        }
        return {"household_id": self.id, **self.some(row)}

    def leaflet(self) -> Row:
        days = (
            date(self.on.year, 1, 1),
            date(self.on.year, 1, 1),
            date(self.on.year - 1, 12, 31),
            self.before(spread=200),
        )
        return {
            "household_id": self.id,
            **self.some({"kind": self.pick(("application", "help")), "given_on": self.pick(days)}),
        }

    def loan(self) -> Row:
        row = {
            "used_by": self.pick(("household", "household", "household", "enterprise")),
            "overdue": self.chance(0.2),
        }
        return {"household_id": self.id, **self.some(row)}

    def project(self, number: int) -> Row:
        row = {
            "dividend_due": Decimal(1000),
            "dividend_due_on": self.on + timedelta(days=self.pick((-30, -1, -1, 0, 1))),
            "dividend_paid": self.pick((Decimal(0), Decimal("999.99"), Decimal(1000))),
        }
        return {"project_id": f"{self.id}-j{number}", "household_id": self.id, **self.some(row)}
