"""Rows of the other tables of a made-up world."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tests.oracle.drawn_rows import ALERT_KINDS, BANDS, DISPOSITIONS, SAFEGUARDS
from tests.oracle.facts import CAUSES, DEVELOPMENT
from tests.oracle.kinds import KINDS
from tests.oracle.logic import months_before

from .made_up import CADRES, People
from .world import GUARANTEES, Row

USUAL = [
    "wage.public_post",
    "wage.outside_province",
    "wage.in_province",
    "wage.in_county",
    "cost.outside_province",
    "cost.in_county",
    "cost.travel_subsidy",
    "transfer.dibao",
    "transfer.tekun",
    "transfer.pension",
    "transfer.disability",
    "property.land_transfer",
    "production.crops",
    "production.livestock",
    "production.self_used",
    "expense.operating",
    "expense.self_used_input",
    "excluded.insurance_premium",
    "excluded.medical_reimbursement",
    "wage.total",
    "production.total",
    "transfer.total",
    "expense.total",
]
DETAILS = (None, None, "travel_subsidy", "premium_subsidy", "disability_subsidy", "study_grant")
NOTES = (None, "工资", "临时救助", "春节慰问金", "贷款贴息", "报销款", "礼金", "理赔款", "卖菜")
STEPS = [
    "applied_on",
    "verified_on",
    "reviewed_on",
    "notice_from",
    "notice_to",
    "town_reviewed_on",
    "approved_on",
    "plan_on",
]

# what a row of a department's list says
SAID = {
    "health": "serious_illness", "disability": "disability_level", "medical_insurance": "medical_insurance",
    "education": "in_school", "housing": "housing_unsafe", "water": "water_unsafe",
}  # fmt: skip

Tables = dict[str, list[Row] | None]


class Rows(People):
    """Fills the tables, village by village."""

    def village(self, area: str, tables: Tables) -> None:
        middle = (106.0 + int(area[-3:]) / 50, 29.5)
        self.day = self.before(spread=60)  # the day on which most of the village was visited
        self.batch = self.before(spread=300)  # the day of many of its papers
        self.alike = self.chance(0.3)  # a village whose papers are all one
        for number in range(1, self.pick((1, 3, 4, 5)) + 1):
            self.mood()
            self.one_household(f"{area}{number:04d}", area, middle, tables)

    def one_household(
        self, household_id: str, area: str, middle: tuple[float, float], tables: Tables
    ) -> None:
        def add(table: str, rows: list[Row]) -> None:
            found = tables[table]
            assert found is not None
            key = {"income_items": "item_id", "alerts": "alert_id", "visits": "visit_id", "cases": "case_id",
                   "measures": "measure_id", "problems": "problem_id", "projects": "project_id"}.get(table)  # fmt: skip
            for n, row in enumerate(rows, 1):
                found.append(
                    ({key: f"{household_id}-{n}"} if key else {}) | {"household_id": household_id} | row
                )

        home = self.household(household_id, area, middle)
        members: list[Row] = []
        for n in range(1, self.pick((1, 1, 2, 3, 4, 5, 6)) + 1):
            members.append(self.member(n, household_id, members[0] if members else None))
        home["head_name"] = self.usually(members[0]["name"], ("张三", None))
        if self.chance(0.02):
            members = []
        self.ids = [m["member_id"] for m in members]
        add("households", [home])
        add("members", members)
        add("income_items", self.items())
        alerts = [self.alert() for _ in range(self.pick((0, 0, 1, 1, 2, 3)))]
        add("alerts", alerts)
        visits = [self.visit(home, middle) for _ in range(self.pick((0, 1, 1, 2, 3)))]
        add("visits", visits)
        add("cases", self.cases(home))
        add("measures", [self.measure() for _ in range(self.pick((0, 1, 1, 2, 3)))])
        add("problems", [self.problem() for _ in range(self.pick((0, 0, 1)))])
        add("satisfaction", [{"asked_on": self.before()}])
        add("leaflets", [{"kind": "help", "given_on": self.future()}])
        add("loans", [{"lent_on": self.before(), "due_on": self.on + timedelta(days=400)}])
        add("projects", [{"started_on": self.before()}])
        add("given", self.given(members))
        for n in range(1, len(visits) + 1):
            visit_id = f"{household_id}-{n}"
            add("answers", [{"visit_id": visit_id, **a} for a in self.answers()])
            add(
                "photos",
                [{"visit_id": visit_id, "photo_hash": self.usually(visit_id, ("same1", "same2", None))}],
            )
        national = self.national(home, members)
        add("national_households", national[0])
        add("national_members", national[1])
        add("listed", self.listed(home, members))

    def future(self) -> date:
        return self.usually(
            self.before(), (self.on, self.on + timedelta(days=1), date(1900, 1, 1), date(1899, 12, 31))
        )  # type: ignore[no-any-return]

    # ---- money

    def items(self) -> list[Row]:
        rows = []
        for _n in range(self.pick((0, 1, 3, 4, 6, 8))):
            kind = self.pick(USUAL) if self.chance(0.9) else self.pick(list(KINDS))
            first = months_before(self.on, 12)
            day = self.pick((self.before(), self.before(), self.before(60, 365, 366), first, first + timedelta(days=1), self.on,
                             self.on + timedelta(days=1), date(self.on.year, 7, 1), date(self.on.year, 6, 30)))  # fmt: skip
            named = not kind.endswith("total") and self.chance(0.85)
            row: Row = {
                "kind": kind,
                "amount": self.pick(
                    (
                        Decimal(0),
                        Decimal(800),
                        Decimal(1200),
                        Decimal(2000),
                        Decimal("2000.01"),
                        Decimal(5000),
                        Decimal(9000),
                        Decimal(100000),
                        Decimal("100000.01"),
                        Decimal(self.r.randint(1, 30000)),
                    )
                ),
                "received_on": day if not self.chance(self.gap / 3) else None,
                "quarter": self.maybe(0.3, f"{day.year}Q{(day.month + 2) // 3}"),
                "realised": self.pick((None, True, True, True, False)),
                "note": self.pick(NOTES),
                "member_id": self.pick(self.ids) if named and self.ids else None,
            }
            if self.chance(self.gap / 3):
                row["amount"] = None
            if self.yes(self.odd / 4):
                row["member_id"] = "somebody-else"
            rows.append(row)
            if self.yes(self.odd / 2):
                rows.append(dict(row))
        return rows

    # ---- alerts, visits

    def alert(self) -> Row:
        event = self.before(30, 31, 365, spread=500)
        received = event + timedelta(days=self.r.randint(0, 5))
        row = {
            "kind": self.pick(
                ALERT_KINDS + ["dropout", "unsafe_house", "unsafe_water", "job_loss", "disaster"] * 2
            ),
            "source": "cadre",
            "event_on": event,
            "received_on": received,
            "verified_on": self.maybe(0.7, received + timedelta(days=self.r.randint(0, 5))),
            "disposition": self.pick((*DISPOSITIONS, "problem", "helped")),
        }
        return self.gaps(row)

    def visit(self, home: Row, middle: tuple[float, float]) -> Row:
        day = self.pick((self.day, self.day, self.before(spread=400), self.before(90, 365), self.on))
        start = datetime.combine(
            day, time(self.pick((6, 7, 9, 9, 10, 10, 20, 21)), self.pick((0, 0, 1, 30, 59)))
        )
        minutes = self.pick((1, 2, 15, 20, 25, 25, 30, 35, 60, -5, 0))
        lng = home.get("lng") or middle[0]
        lat = home.get("lat") or middle[1]
        received = start + timedelta(hours=self.pick((1, 2, 30, 72, 96)))
        if self.alike:
            received = datetime.combine(self.on - timedelta(days=1), time(9, self.r.randint(0, 59)))
            lng, lat = middle
        risk = self.yes(0.4)
        row = {
            "mode": self.pick(("in_person", "in_person", "in_person", "remote", "village_study")),
            "visitor": self.pick((*CADRES, None)),
            "lng": lng + self.pick((0.0, 0.0, 0.0001, 0.003)),
            "lat": lat + self.pick((0.0, 0.0, 0.0001, 0.003)),
            "accuracy_m": Decimal(str(self.usually(8, (0, 20, 100, "100.01", 60)))),
            "started_at": start,
            "ended_at": start + timedelta(minutes=minutes),
            "contact_name": "某",
            "contact_phone": self.phone(),
            "study_place": "村委会",
            "study_people": self.pick(("甲;乙;丙", "甲、乙、丙", "甲;乙", "甲;乙;甲", None)),
            "form": self.pick(("annex1", "annex1", "secretary_round", None)),
            "received_at": received,
            "income_band": self.pick((*BANDS[:3], "to_16000")) if not self.alike else "to_16000",
            "risk": risk,
            "causes": ";".join(self.r.sample(CAUSES, self.pick((1, 1, 2))))
            if risk != self.yes(0.2)
            else None,
            "signed_by": "签",
        }
        return {"visited_on": day if not self.yes(0.05) else day + timedelta(days=1), **self.gaps(row)}

    def answers(self) -> list[Row]:
        rows = [{"question": q, "answer": "true" if self.yes(0.3) else "false"} for q in GUARANTEES]
        rows += [{"question": f"q{n}", "answer": self.pick(("false", "false", "甲", "乙"))} for n in range(5)]
        rows.append({"question": "income_wage", "answer": self.pick(("1000", "12000", "12500", "0"))})
        return [{**row, "prefilled": self.usually(False, (True, None))} for row in rows if self.chance(0.9)]

    # ---- cases, measures

    def cases(self, home: Row) -> list[Row]:
        if home.get("monitoring_status") == "none" and self.chance(0.7):
            return []
        return [self.case(home) for _ in range(self.pick((0, 1, 1, 1, 1, 2)))]

    def case(self, home: Row) -> Row:
        start = self.batch if self.alike else self.before(30, 31, 60, 365, spread=900)
        row: Row = {"discovered_on": start}
        day = start
        for name in STEPS:
            day += timedelta(days=0 if self.alike else self.r.randint(0, 4))
            row[name] = day
        if self.yes():
            row["approved_on"] = None
        if home.get("identified_on") and self.chance(0.4):
            row["approved_on"] = home["identified_on"]
        removed = (
            home.get("resolved_on")
            if home.get("resolved_on") and self.chance(0.6)
            else self.maybe(self.odd, self.before(spread=200))
        )
        row |= {
            "discovery_source": self.pick(("visit", "application", "alert")),
            "green_channel": self.yes(0.4),
            "state": self.pick((None, "applied", "approved", "resolved", "rolled_back", "withdrawn", "其他")),
            "removal_approved_on": (
                self.batch + timedelta(days=self.pick((0, 3, 6, 7))) if self.alike and removed else removed
            ),
            "rolled_back_on": self.maybe(self.odd / 2, self.before(spread=100)),
            "withdrawn_on": self.maybe(self.odd / 2, self.before(spread=100)),
            "no_labour_safeguard": self.yes(0.3),
            "safeguard_confirmed_on": self.maybe(0.7, self.before()),
            "development_done": self.yes(0.4),
            "removal_manner": self.pick(("help", "help", "natural", None)),
            "removal_income_per_capita": self.pick((None, Decimal(8300), Decimal("8300.01"), Decimal(12000))),
            "risks": ";".join(self.r.sample(CAUSES, self.pick((1, 1, 2, 3, 5, 6)))),
            "risk_notes": self.maybe(0.7, "说明"),
            "contact": self.pick((*CADRES, None, None)),
        }
        if removed:
            row["removal_consent_on"] = self.pick(
                (None, removed, removed + timedelta(days=1), removed - timedelta(days=1))
            )
        return self.gaps(row)

    def measure(self) -> Row:
        planned = self.batch if self.alike else self.before(30, 60, 61, spread=500)
        row = {
            "kind": self.pick((*DEVELOPMENT, *SAFEGUARDS, "dibao", "tekun", "employment", "public_post"))
            if not self.alike
            else "industry",
            "detail": self.pick(DETAILS),
            "risk": self.pick(CAUSES),
            "planned_on": planned,
            "done_on": self.maybe(0.6, planned + timedelta(days=self.pick((0, 1, 30, 60)))),
            "amount": self.pick((None, Decimal(0), Decimal(500))),
            "unit": self.pick((None, "镇")),
        }
        return self.gaps(row)

    def problem(self) -> Row:
        found = self.before(spread=200)
        return {
            "level": "household",
            "problem": self.pick(("education", "medical", "housing", "water", "income")),
            "found_on": found,
            "verification": self.pick(("problem", "not_a_problem", None)),
            "verified_on": self.maybe(0.7, found + timedelta(days=3)),
            "closed_on": self.maybe(0.5, found + timedelta(days=20)),
        }

    def given(self, members: list[Row]) -> list[Row]:
        rows: list[Row] = [
            {"column_name": flag, "given_on": self.before(30, 31, spread=90)}
            for flag in GUARANTEES
            if self.chance(0.3)
        ]
        for m in members:
            for column in ("labour_capacity", "school_stage", "medical_insurance"):
                if self.chance(0.4):
                    rows.append({"member_id": m["member_id"], "column_name": column, "given_on": self.pick((self.before(spread=600), date(self.on.year, 8, 31), date(self.on.year, 9, 1), date(self.on.year, 1, 1)))})  # fmt: skip
        return rows

    # ---- lists

    def national(self, home: Row, members: list[Row]) -> tuple[list[Row], list[Row]]:
        monitored = home.get("monitoring_status") in ("unresolved", "resolved")
        if not self.usually(monitored, (True, False)):
            return [], []
        copied = [
            "area_code",
            "head_name",
            "household_type",
            "monitoring_status",
            "monitoring_type",
            "identified_on",
            "resolved_on",
        ]
        row = {name: home.get(name) for name in copied}
        row |= {
            "national_id": f"N{home['household_id']}",
            "risks": self.usually(None, ("illness", "schooling;illness")),
            "people": len(members),
            "income_year": self.pick((self.on.year, self.on.year - 1, self.on.year - 2, None)),
            "net_income_per_capita": self.pick(
                (Decimal(9000), Decimal(9100), Decimal("9100.01"), Decimal(14000), None)
            ),
        }
        if self.yes():
            row[self.pick(("head_name", "monitoring_type", "identified_on"))] = None
        if self.yes():
            row["monitoring_status"] = self.pick(("none", "unresolved", "resolved"))
        people = []
        for m in members:
            if self.yes():
                continue
            other = {
                n: m.get(n) for n in ("member_id", "name", "id_number", "sex", "relation", "labour_capacity")
            }
            if self.yes():
                other[self.pick(("name", "sex", "relation", "labour_capacity", "id_number"))] = self.pick(
                    (None, None)
                )
            if self.yes():
                other["name"] = f" {other['name']} "
            if self.yes(0.3):
                other["member_id"] = None
            people.append(
                {"national_member_id": f"N{m['member_id']}", "national_id": row["national_id"], **other}
            )
        return [row], people

    def listed(self, home: Row, members: list[Row]) -> list[Row]:
        rows: list[Row] = []
        for list_id, source in self.list_ids():
            for m in members:
                if not self.chance(0.2):
                    continue
                kind: Any = self.pick(("dibao", "tekun")) if source == "civil_affairs" else SAID.get(source)
                row = {
                    "list_id": list_id,
                    "id_number": m.get("id_number"),
                    "name": m.get("name"),
                    "area_code": home.get("area_code"),
                    "member_id": m["member_id"],
                    "match": self.usually("confirmed", ("proposed", "none")),
                    "kind": kind,
                    "holds": self.usually(True, (False, None)),
                    "level": self.usually(m.get("disability_level"), (1, 2))
                    if source == "disability"
                    else None,
                    "event_on": self.maybe(0.5, self.before(60, 61, 120)),
                }
                rows.append({"listed_id": f"{list_id}-{m['member_id']}", **row})
        return rows

    def list_ids(self) -> list[tuple[str, str]]:
        sources = [
            "civil_affairs",
            "medical_insurance",
            "health",
            "disability",
            "education",
            "housing",
            "water",
            "deceased",
            "moved_out",
        ]
        return [(f"{source}-{n}", source) for source in sources for n in (1, 2)]

    def world_tables(self, tables: Tables) -> None:
        """Lists, accounts and village sheets."""
        self.gap, self.odd = 0.02, 0.15
        homes = tables["households"] or []
        areas = sorted({h["area_code"] for h in homes if h.get("area_code") and len(h["area_code"]) == 12})
        lists, accounts, sheets = tables["lists"], tables["accounts"], tables["villages"]
        assert lists is not None
        assert accounts is not None
        assert sheets is not None
        for list_id, source in self.list_ids():
            if self.chance(0.7):
                lists.append({
                    "list_id": list_id, "source": source, "area_code": self.pick((None, "500199", "500199101")),
                    "received_on": self.before(45, 46, spread=90), "complete": self.pick((True, False, None)),
                })  # fmt: skip
        for n, name in enumerate(CADRES):
            accounts.append({"account_id": f"a{n}", "name": name, "phone": f"1990000{n:04d}"})
        for area in areas:
            own = [h for h in homes if h.get("area_code") == area]
            people = sum(m["household_id"] == h["household_id"] for h in own for m in tables["members"] or [])
            for year in (self.on.year - 1, self.on.year - 2):
                if self.chance(0.85):
                    sheets.append(self.sheet(area, year, len(own), people))
        for town in sorted({a[:9] for a in areas}):
            rows = [s for s in sheets if s["area_code"].startswith(town) and s["year"] == self.on.year - 1]
            names = ("registered_households", "registered_people", "resident_households", "resident_people")
            total = {n: sum(s[n] or 0 for s in rows) for n in names}
            total["resident_people"] += self.pick((0, 0, 1))
            sheets.append({"area_code": town + "000", "year": self.on.year - 1, **total})

    def sheet(self, area: str, year: int, households: int, people: int) -> Row:
        row: Row = {
            "registered_households": households + self.usually(0, (1, 0)),
            "registered_people": people + self.usually(0, (1, -1)),
            "resident_households": max(households - self.usually(0, (1,)), 0),
            "resident_people": max(people - self.usually(0, (1, 2)), 0),
        }
        row = self.gaps(row)
        return {"area_code": area, "year": year, **row}
