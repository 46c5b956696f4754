"""Made-up worlds full of edges, gaps and rubbish: villages of a few households that share numbers and phones.

``python -m tests.oracle_quality.made_up`` prints how often each rule is true, false and unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from shouwang.tables.dictionary import TABLES
from tests.oracle.logic import last_31_august, months_before

from .identity import check_character
from .world import Row, World, add_years

ON = date(2024, 10, 15)
SETTINGS: dict[str, Any] = {
    "monitoring_range": Decimal(8300), "fast_n": 4, "one_point_n": 2, "same_case_n": 3, "same_plan_n": 3,
    "removal_batch": 3, "visits_per_day": 3, "bulk_n": 3, "bulk_days": 2, "contact_max": 3, "share_z": 1,
    "fast_z": Decimal("1.45"), "size_max": 5,
}  # fmt: skip
OPTIONAL = [
    "members",
    "income_items",
    "alerts",
    "visits",
    "cases",
    "measures",
    "satisfaction",
    "leaflets",
    "loans",
    "projects",
    "problems",
    "answers",
    "photos",
    "given",
    "villages",
    "accounts",
    "lists",
    "listed",
    "national_households",
    "national_members",
]
NAMES = ("甲一", "乙二", "丙三", "丁四", "戊五")
CADRES = ("联系人甲", "联系人乙", "联系人丙")
RELATION_WORDS = {
    "head": ("户主",), "spouse": ("配偶", "妻子", "丈夫"), "child": ("长子", "次女", "之子", "之女"),
    "parent": ("父亲", "母亲"), "grandchild": ("孙子", "孙女"), "grandparent": ("祖父", "祖母"),
    "other": ("其他",),
}  # fmt: skip


class Maker:
    """Draws values: mostly sound, near a bound, missing by this household's share of gaps, now and then rubbish."""

    def __init__(self, random: Random, on: date) -> None:
        self.r, self.on = random, on
        self.gap, self.odd = 0.0, 0.1

    def mood(self) -> None:
        """How careless the next household's clerk is."""
        self.gap = self.r.choice((0.0, 0.0, 0.0, 0.03, 0.15))
        self.odd = self.r.choice((0.02, 0.05, 0.15, 0.4))

    def chance(self, share: float) -> bool:
        return self.r.random() < share

    def pick(self, values: Sequence[Any]) -> Any:
        return self.r.choice(list(values))

    def usually(self, value: Any, others: Sequence[Any]) -> Any:
        return self.pick(others) if self.chance(self.odd) else value

    def gaps(self, row: Row, *keep: str) -> Row:
        return {k: None if k not in keep and self.chance(self.gap) else v for k, v in row.items()}

    def before(self, *bounds: int, spread: int = 400) -> date:
        """By one of the bounds in days, give or take one, or anywhere in the spread."""
        if bounds and self.chance(0.6):
            return self.on - timedelta(days=self.pick(bounds) + self.pick((-1, 0, 0, 1)))
        return self.on - timedelta(days=self.r.randint(0, spread))

    def maybe(self, share: float, value: Any) -> Any:
        return value if self.chance(share) else None

    def yes(self, share: float | None = None) -> bool:
        return self.chance(self.odd if share is None else share)


class People(Maker):
    """Households and members."""

    def household(self, household_id: str, area: str, middle: tuple[float, float]) -> Row:
        status = self.pick(("none", "none", "unresolved", "unresolved", "resolved"))
        lifted = self.chance(0.5)
        identified = self.before(30, 60, 90, spread=1500) if status != "none" or self.yes() else None
        row: Row = {
            "group_name": "一社",
            "phone": self.phone(),
            "household_type": "lifted" if lifted else "general",
            "monitoring_status": status,
            "monitoring_type": self.usually(
                None if status == "none" else "unstable_lifted" if lifted else "marginal",
                (None, "unstable_lifted", "marginal", "sudden_hardship"),
            ),
            "identified_on": identified,
            "resolved_on": self.before(60, 120, 365, spread=700)
            if status == "resolved" or self.yes()
            else None,
            "lng": middle[0] + self.pick((0.0, 0.001, 0.002, 0.0025)),
            "lat": middle[1] + self.pick((0.0, 0.0005, 0.0018, 0.003)),
            "income_per_capita_last_year": self.pick(
                (None, Decimal(0), Decimal(9000), Decimal("14000.40"), Decimal(21000))
            ),
            "income_per_capita_two_years_ago": self.pick(
                (None, Decimal(9000), Decimal(20000), Decimal("20000.01"))
            ),
            "income_per_capita_three_years_ago": self.pick((None, Decimal(9000), Decimal(20001))),
            "dibao_tier": self.pick(("full", "highest", "other")),
            "contact": self.usually(self.pick((*CADRES, f"{area}联系人", f"{area}联系人", None)), NAMES),
            "oop_medical": self.pick((Decimal(0), Decimal(500))),
            "farmland_mu": self.pick(
                (Decimal(0), Decimal("3.5"), Decimal(3), Decimal(100), Decimal("100.01"))
            ),
            "forest_mu": self.pick((Decimal(0), Decimal(3), Decimal(200), Decimal("200.01"))),
            "house_structure": self.pick((None, "adobe", "earth_wood", "brick_concrete")),
            "self_built_house": self.chance(0.7),
            "cars": self.usually(0, (1, 2)),
            "flats_in_county": self.usually(0, (1,)),
            "business": self.yes(0.05),
            "large_breeder": self.yes(),
            "large_grower": self.yes(),
            "scale_producer": self.yes(),
            "high_salary": self.yes(),
            "cattle_sold": self.pick((0, 0, 9, 10)),
            "sheep_sold": self.pick((0, 0, 49, 50)),
            "last_changed_on": self.before(180, 365, spread=500),
        }
        rest = ["flats_in_city", "flats_elsewhere", "shops_in_county", "shops_in_city", "shops_elsewhere", "commercial_vehicles", "machinery"]  # fmt: skip
        row |= dict.fromkeys(rest, 0) | dict.fromkeys(("public_payroll", "village_official"), False)
        for flag in ("school_dropout", "uninsured_member", "housing_unsafe", "water_unsafe"):
            row[flag] = self.yes(0.2)
        if self.yes():
            row |= self.pick(
                (
                    {"lng": 0.0},
                    {"lat": 0.0},
                    {"lng": row["lat"], "lat": row["lng"]},
                    {"lat": row["lat"] + 0.2},
                )
            )
        place = self.usually(area, (area, area[:9], area[:11] + "9", None))
        return {**self.gaps(row, "contact"), "household_id": household_id, "area_code": place}

    def phone(self) -> str | None:
        return self.usually(
            f"1990000{self.r.randint(0, 60):04d}",
            (
                "19900000001",
                "19900000001",
                "12900000001",
                "1990000000",
                "199000000010",
                "199" + "3" * 8,
                "19" + "9" * 8 + "0",
                "电话",
                None,
            ),
        )

    def member(self, number: int, household_id: str, head: Row | None) -> Row:
        relation = (
            "head"
            if number == 1
            else self.pick(("spouse", "child", "child", "parent", "grandchild", "grandparent", "other"))
        )
        birth = self.birth(relation, head)
        sex = self.pick(("male", "female"))
        age = self.on.year - birth.year
        school = 6 <= age <= 17
        working = self.chance(0.5) and age >= 16
        row: Row = {
            "name": self.pick(NAMES),
            "relation": self.usually(relation, ("head", "spouse", "child", "other")),
            "relation_word": self.maybe(0.7, self.pick(RELATION_WORDS[relation])),
            "id_number": self.number(birth, sex),
            "id_type": self.usually("resident", ("foreign", "none", "disability", None)),
            "birth_date": birth if self.chance(0.97) else birth + timedelta(days=1),
            "sex": sex,
            "months_in_household": self.usually(12, (0, 6, 11, 13, None)),
            "joined_on": self.maybe(self.odd, self.before(spread=500)),
            "left_on": self.maybe(self.odd, self.pick((self.on, self.on + timedelta(days=1), self.before()))),
            "labour_capacity": self.usually(
                "none" if age < 16 else "weak" if age > 60 else "ordinary", ("skilled", "ordinary", "weak", "lost", "none")
            ),
            "trade": self.maybe(self.odd, "cook"),
            "skill_certificate": self.maybe(self.odd, "证书"),
            "labour_reason": self.usually("over_60" if age > 60 else None, (None, "over_60", "illness", "disability")),
            "medical_insurance": not self.yes(),
            "insurance_kinds": self.usually("resident", ("employee", "resident;employee", None)),
            "pension_enrolled": not self.yes(0.3),
            "family_doctor": self.yes(0.7),
            "in_school": school if not self.yes() else not school,
            "school_stage": self.usually(
                None if not school else "primary" if age < 12 else "junior", ("preschool", "senior", "vocational", "college", None)
            ),
            "home_teaching": self.yes(),
            "cannot_attend": self.yes(),
            "disability_level": self.usually(0, (0, 1, 2, 3, 4)),
            "serious_illness": self.yes(),
            "mental_disorder": self.yes(0.02),
            "chronic_illness": self.yes(),
            "phone": self.maybe(0.5, self.phone()),
            "employment_place": self.usually(self.pick(("county", "province", "outside")) if working else "none", ("none", None, "outside")),
            "months_worked": self.usually(self.pick((2, 3, 9, 10, 12)) if working else 0, (0, 2, 3, 12, 13, None)),
            "public_post": self.yes(0.15),
            "serving": self.yes(0.05),
            "shares_income": self.pick((True, True, False, None)),
        }  # fmt: skip
        row["disability_certificate"] = self.certificate(row)
        row = dict(self.gaps(row).items())
        return {"member_id": f"{household_id}-{number}", "household_id": household_id, **row}

    def birth(self, relation: str, head: Row | None) -> date:
        edges = [
            months_before(self.on, 12 * age) + timedelta(days=self.pick((-1, 0, 1)))
            for age in (16, 16, 17, 36, 50, 60, 61, 61, 70, 6, 15, 110, 111)
        ]
        school = last_31_august(self.on)
        edges += [add_years(school, -n) + timedelta(days=self.pick((0, 1))) for n in (6, 7, 12, 15, 18, 21)]
        edges += [date(1996, 2, 29), self.before(spread=400)]
        if (
            head is not None
            and head.get("birth_date")
            and relation in ("child", "parent", "grandchild", "grandparent")
        ):
            gap = self.pick((14, 14, 25, 28, 28, 50)) * (1 if relation in ("child", "grandchild") else -1)
            edges += [add_years(head["birth_date"], gap) + timedelta(days=self.pick((-1, 0, 1)))] * 10
        day = (
            self.pick(edges)
            if self.chance(0.5)
            else date(self.r.randint(1945, 2004), self.r.randint(1, 12), 5)
        )
        return min(max(day, date(1905, 1, 1)), self.on + timedelta(days=self.pick((0, 0, 0, 1))))

    def number(self, birth: date, sex: str) -> str | None:
        first = f"500199{birth:%Y%m%d}{self.r.randint(0, 3):02d}"
        odd = self.r.randint(0, 4) * 2 + (sex == "male")
        first += str(odd % 10)
        good = first + check_character(first)
        rubbish = (
            None, "", f" {good} ", good[:-1], good[:-1] + "0", good[:-1] + "X", good[:-1] + "x", good + "43", good + "43B1",
            good + "9", "999999" + good[6:], "50019919991332001" + "X", first[:16] + "A" + good[17], good[:6] + good[8:17],
            "500199520230001", "500199491312003", "123456", "５００１９９１９７００３０２００１３", good + "44B", "50019919700302001a",
        )  # fmt: skip
        return self.usually(good, rubbish) or None

    def certificate(self, row: Row) -> str | None:
        number = row["id_number"]
        if not self.chance(0.9 if row["disability_level"] else self.odd * 0.5):
            return None
        own = (number or "500199197003020013").strip()[:18]
        level = row["disability_level"] or self.pick((1, 4))
        return self.usually(
            f"{own}{self.r.randint(1, 7)}{level}",
            (own, f"{own}8{level}", f"{own}15", f"{own}10", f"{own}1{level}B1", f"500199197003020013{1}{level}", "残疾证", f" {own}4{level}"),
        )  # fmt: skip


def lacking(random: Random) -> dict[str, frozenset[str]]:
    """Which columns a world lacks as a whole: mostly none."""
    if random.random() < 0.6:
        return {}
    found: dict[str, frozenset[str]] = {}
    for table in random.sample(
        ["households", "members", "visits", "cases", "measures", "income_items", "alerts"], 2
    ):
        keys = {
            "household_id",
            "area_code",
            TABLES[table].key,
            "member_id",
            "id_number",
            "kind",
            "visited_on",
            "amount",
        }
        names = [name for name in TABLES[table].by_name if name not in keys]
        found[table] = frozenset(random.sample(names, random.randint(1, 3)))
    return found


def random_world(seed: int, villages: int = 22, on: date = ON) -> World:
    """A world of small villages in two towns; the same for the same seed."""
    from .made_up_rows import Rows

    random = Random(seed)
    maker = Rows(random, on)
    tables: dict[str, list[Row] | None] = {"households": [], **{name: [] for name in OPTIONAL}}
    for number in range(1, villages + 1):
        maker.village(f"500199{100 + number % 2}{number:03d}", tables)
    maker.world_tables(tables)
    if random.random() < 0.5:
        for name in random.sample(OPTIONAL, random.randint(1, 4)):
            tables[name] = None
    lost = lacking(random)
    columns = {
        name: frozenset(TABLES[name].by_name) - lost.get(name, frozenset())
        for name, rows in tables.items()
        if rows is not None
    }
    for name, rows in tables.items():
        if rows is not None:
            tables[name] = [
                {c: row.get(c) for c in TABLES[name].by_name if c in columns[name]} for row in rows
            ]
    return World(on, tables, columns, SETTINGS)


def frequencies(worlds: int) -> None:
    """Prints how often each rule is true, false and unknown."""
    from .judge import judge

    tally: dict[str, Counter[bool | None]] = {}
    for seed in range(worlds):
        for cell, value in judge(random_world(seed)).items():
            tally.setdefault(cell[-1], Counter())[value] += 1
    for name, counts in sorted(tally.items()):
        mark = "  <--" if not counts[True] or not counts[False] else ""
        print(f"{name:34} true {counts[True]:6} false {counts[False]:6} unknown {counts[None]:6}{mark}")


if __name__ == "__main__":
    frequencies(4)
