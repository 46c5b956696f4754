"""Made-up households full of edges and gaps, for comparing the oracle with other readers of the same law.

``random_facts(seed)`` is plain and fast; :func:`households` is a hypothesis strategy over the same maker.
``python -m tests.oracle.households`` prints how often each finding fires, does not fire and is unknown.
Rows of income items and alerts have their dates and amounts unless ``row_holes`` is asked for.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from .drawn_rows import BANDS, DrawnRows
from .facts import Facts, Row
from .judge import DEFAULTS, VillageFacts, judge
from .kinds import INCOME, KINDS, PLACES
from .logic import last_31_august, months_before
from .money import income, person_months

ON = date(2024, 10, 15)
PARAMETERS: Row = DEFAULTS | {
    "monitoring_range": Decimal(8300),
    "campaign_from": date(2024, 8, 25),
    "focus": "XH",
}
AREAS = ("500199100001", "500199100002", "500199101001")
CAPACITIES = ("skilled", "ordinary", "weak", "lost", "none")
TROUBLES = {
    "school_dropout": 0.06,
    "uninsured_member": 0.06,
    "housing_unsafe": 0.08,
    "water_unsafe": 0.08,
    "food_short": 0.05,
    "clothing_short": 0.05,
}
PAST = [
    Decimal(text) for text in ("0", "8000", "9960", "10000", "10375", "12500", "12500.01", "15000", "18750")
]
COUNTED = [kind for kind, meaning in KINDS.items() if meaning.counts_as in INCOME and not meaning.total]
EXPENSES = [kind for kind, meaning in KINDS.items() if meaning.counts_as in ("expense", "expense_subsidy")]
TOTALS = [kind for kind, meaning in KINDS.items() if meaning.total]
EXCLUDED = [kind for kind, meaning in KINDS.items() if meaning.counts_as == "not_counted"]


TABLES = (
    "income_items",
    "alerts",
    "visits",
    "cases",
    "measures",
    "satisfaction",
    "leaflets",
    "loans",
    "projects",
)


def random_facts(
    seed: int, *, on: date = ON, household_id: str | None = None, row_holes: bool = False
) -> Facts:
    """One household, the same for the same seed; ids are unique. All tables are there: see `without`."""
    return _Maker(Random(seed), on, household_id or f"h{seed:06}", row_holes).facts()


def without(facts: Facts, *names: str) -> Facts:
    """The same household where these tables (``members`` too) are missing as a whole."""
    tables = {name: None if name in names else rows for name, rows in facts.tables.items()}
    return Facts(facts.household, None if "members" in names else facts.members, tables)


def households(*, on: date = ON, row_holes: bool = False) -> st.SearchStrategy[Facts]:
    """The same households as a strategy, now and then with tables missing; all have the id ``h1``."""

    def build(random: Random) -> Facts:
        facts = _Maker(random, on, "h1", row_holes).facts()
        missing = [name for name in (*TABLES, "members") if random.random() < 0.1]
        return without(facts, *missing) if random.random() < 0.3 else facts

    return st.randoms(use_true_random=False).map(build)


def villages(size: int, *, on: date = ON, row_holes: bool = False) -> st.SearchStrategy[list[Facts]]:
    """Lists of up to ``size`` households, with ids h1, h2, …"""

    def build(random: Random, count: int) -> list[Facts]:
        return [_Maker(random, on, f"h{n}", row_holes).facts() for n in range(1, count + 1)]

    return st.builds(build, st.randoms(use_true_random=False), st.integers(1, size))


class _Maker(DrawnRows):
    """Adds the household, its members and its income."""

    # ---- the household

    def facts(self) -> Facts:
        household = self.household()
        members = [self.member(n) for n in range(1, self.pick((1, 2, 2, 3, 3, 4, 5)) + 1)]
        facts = Facts(household, members, {})
        self.ids = [m["member_id"] for m in members]
        facts.tables = {
            "income_items": self.items(facts),
            "alerts": [
                self.alert(n) for n in range(self.pick((0, 0, 1) if self.calm else (0, 1, 1, 2, 3, 5)))
            ],
            "visits": [self.visit(n) for n in range(self.pick((0, 1, 1, 1, 2, 3)))],
            "cases": self.cases(household),
            "measures": [self.measure(n) for n in range(self.pick((0, 0, 1, 2, 2, 3)))],
            "satisfaction": [self.satisfaction() for _ in range(self.pick((0, 1, 1, 2)))],
            "leaflets": [self.leaflet() for _ in range(self.pick((0, 1, 2, 3)))],
            "loans": [self.loan() for _ in range(self.pick((0, 0, 1, 1, 2)))],
            "projects": [self.project(n) for n in range(self.pick((0, 0, 1, 1)))],
        }
        return facts

    def household(self) -> Row:
        status = self.pick(
            ("none", "none", "none", "unresolved", "unresolved", "unresolved", "resolved", "resolved")
        )
        resolved = status == "resolved"
        identified = self.before(183, 730, 731, spread=1400)
        row = {
            "household_type": self.pick(("general", "lifted", "lifted")),
            "monitoring_status": status,
            "identified_on": identified if status != "none" else None,
            "resolved_on": self._resolved_on(identified) if resolved else None,
            "away": self.chance(0.25),
            "cannot_communicate": self.chance(0.2),
            "low_income_group": self.chance(0.3),
            "income_band": self.pick(BANDS) if self.chance(0.5) else None,
            "contact": self.pick(("", "", "联系人甲", "联系人乙")),
            "willing": not self.chance(0.12),
            "able_to_develop": not self.chance(0.12),
            "dibao_tier": self.pick(("full", "highest", "other", "other")),
        }
        for name, share in TROUBLES.items():
            row[name] = self.yes(share)
        for name in ("cattle_stock", "cattle_sold", "sheep_stock", "sheep_sold"):
            row[name] = self.pick((0, 0, 0, 0, 1, 7))
        for name in ("last_year", "two_years_ago", "three_years_ago"):
            row[f"income_per_capita_{name}"] = self.pick(PAST[1:] * 6 + PAST[:1])
        return {"household_id": self.id, "area_code": self.pick(AREAS), **self.some(row | self.expenses())}

    def _resolved_on(self, identified: date) -> date:
        if self.chance(0.3):
            return identified + timedelta(days=self.pick((182, 183, 184)))
        return self.before(183, spread=500)

    def expenses(self) -> Row:
        """Answers on expense: often all, sometimes none; the rise around 1.5 × and 3,000."""
        if self.chance(0.15):
            return {"insurance_payout": self.pick((None, Decimal(500)))}
        oop = {
            f"oop_{n}": self.pick((Decimal(0), Decimal(0), self.amount(9000)))
            for n in ("education", "medical", "other")
        }
        total = sum(oop.values(), Decimal(0))
        past = [
            total - 3000,
            total - 3000 + Decimal("0.01"),
            (total / Decimal("1.5")).quantize(Decimal("0.01")),
            Decimal(0),
        ]
        oop["compliant_expense_last_year"] = max(self.pick([*past, self.amount(9000)]), Decimal(0))
        oop["insurance_payout"] = self.pick((Decimal(0), Decimal(0), self.amount(3000), None))
        return oop

    # ---- members

    def member(self, number: int) -> Row:
        child = number > 1 and self.chance(0.4)
        row = {
            "relation": "head" if number == 1 else ("child" if child else "other"),
            "birth_date": self._child_birth()
            if child
            else date(self.r.randint(1940, 2004), self.r.randint(1, 12), 5),
            "months_in_household": self.pick((12, 12, 12, 12, 12, 0, 1, 5, 7, 11)),
            "left_on": self.pick((*[None] * 12, self.on, self.on - timedelta(days=1), self.before())),
            "labour_capacity": self.pick(("none", "lost", "lost", *CAPACITIES)) if not child else "none",
            "medical_insurance": not self.yes(0.08),
            "public_post": None if child else self.chance(0.25),
        }
        if child:
            sick = self.yes(0.35)
            row |= {
                "in_school": not (sick or self.yes(0.2)),
                "cannot_attend": sick,
                "home_teaching": sick and self.chance(0.5),
            }
        if self.chance(0.06):
            row |= {
                "serving": self.pick((True, True, False)),
                "shares_income": self.pick((True, False, False)),
            }
        return {"member_id": f"{self.id}-m{number}", "household_id": self.id, **self.some(row)}

    def _child_birth(self) -> date:
        """Around the two bounds of school age, or in between; 29 February now and then."""
        entry = last_31_august(self.on)
        edge = self.pick((date(entry.year - 6, 8, 31), months_before(self.on, 16 * 12), None, None))
        if edge is None:
            return self.pick(
                (date(self.on.year - self.r.randint(3, 17), self.r.randint(1, 12), 11), date(2012, 2, 29))
            )
        return edge + timedelta(days=self.pick((-1, 0, 1)))

    # ---- income

    def items(self, facts: Facts) -> list[Row]:
        style = self.pick(("none", "excluded", "totals", "few", "few", "few", "few", "mixed", "mixed"))
        kinds: list[str] = []
        if style == "excluded":
            kinds = [self.pick(EXCLUDED)]
        elif style == "totals":
            kinds = [
                *self.r.sample(TOTALS, self.r.randint(1, 5)),
                *self._sample(("cost.in_county", "expense.dedicated_subsidy")),
            ]
        elif style in ("few", "mixed"):
            kinds = [self.pick(COUNTED) for _ in range(self.r.randint(1, 3))]
            kinds += self._sample(
                (*[f"wage.{p}" for p in PLACES], *[f"cost.{p}" for p in PLACES], "cost.travel_subsidy")
            )
            kinds += self._sample(EXPENSES) + self._sample(
                ("transfer.tekun", "transfer.dibao", "wage.public_post")
            )
            kinds += self._sample(TOTALS if style == "mixed" else EXCLUDED)
        rows = [self.item(n, kind) for n, kind in enumerate(kinds)]
        if kinds and self.chance(0.75):
            self._aim(facts, rows)
        return rows

    def _sample(self, kinds: Sequence[str]) -> list[str]:
        return [kind for kind in kinds if self.chance(0.25)]

    def item(self, number: int, kind: str) -> Row:
        first = months_before(self.on, 12)
        day = self.pick((self.before(spread=760), self.before(spread=360), self.before(spread=300),
                         first, first + timedelta(days=1), self.on, self.on + timedelta(days=1)))  # fmt: skip
        top = 6000 if kind.startswith(("cost", "expense")) else 14000
        row: Row = {"item_id": f"{self.id}-i{number}", "household_id": self.id, "kind": kind}
        row |= {
            "amount": self.amount(top),
            "received_on": day,
            "realised": self.pick((None, None, True, True, False)),
        }
        if self.chance(0.7):
            row["member_id"] = self.pick(self.ids)
        if self.chance(0.3):
            row["quarter"] = f"{day.year}Q{(day.month + 2) // 3}"
        return self._row_holes({k: v for k, v in row.items() if v is not None}, "amount", "received_on")

    def _aim(self, facts: Facts, rows: list[Row]) -> None:
        """One more item that brings the income per person to a bound, to the fen."""
        probe = Facts(facts.household, facts.members, {"income_items": rows})
        net, months = income(probe, self.on, PARAMETERS, KINDS).net, person_months(facts)
        if net is None or not months:
            return
        get = facts.household.get
        last = get("income_per_capita_last_year")
        spent = sum((get(f"oop_{n}") or Decimal(0) for n in ("education", "medical", "other")), Decimal(0))
        spent -= get("insurance_payout") or Decimal(0)
        bounds: list[Decimal] = [
            Decimal(n) for n in (8300, 8300, 8300, 10000, 12000, 16000, 20000, 30000, 9500, 14000)
        ]
        bounds += [last * Decimal("0.8")] * 4 if last else []
        target = self.pick(bounds) * months / 12 + self.pick((0, 0, 0, spent, spent)) - net
        target = target.quantize(Decimal("0.01")) + self.pick(
            (Decimal(0), Decimal(0), Decimal("0.01"), Decimal("-0.01"))
        )
        kind = "transfer.other" if target >= 0 else "expense.operating"
        rows.append(
            {
                "item_id": f"{self.id}-aim",
                "household_id": self.id,
                "kind": kind,
                "amount": abs(target),
                "received_on": self.on,
            }
        )


def frequencies(
    count: int, *, on: date = ON, parameters: Row = PARAMETERS, report: Callable[[str], None] = print
) -> None:
    """Prints how often each finding (and focus category) is true, false, unknown over so many households."""
    crowd = [random_facts(seed, on=on) for seed in range(count)]
    by_area = {
        area: VillageFacts([f for f in crowd if f.household["area_code"] == area][:60]) for area in AREAS
    }
    tally: dict[str, Counter[bool | None]] = {}
    for facts in crowd:
        result = judge(facts, on=on, parameters=parameters, village=by_area[facts.household["area_code"]])
        for name, value in {**result.findings, **{f"focus {k}": v for k, v in result.focus.items()}}.items():
            tally.setdefault(name, Counter())[value] += 1
    for name, counter in sorted(tally.items()):
        shares = [100 * counter[value] / count for value in (True, False, None)]
        mark = "  <-- under 1 %" if min(shares[:2]) < 1 else ""
        report(
            f"{name:32} fires {shares[0]:5.1f} %  not {shares[1]:5.1f} %  unknown {shares[2]:5.1f} %{mark}"
        )


if __name__ == "__main__":
    frequencies(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
