"""How a trouble in a household's facts is planted: income, expense, guarantees, alerts, visits, what is
missing.
"""

from __future__ import annotations

import random
from datetime import date

from shouwang.generator import visiting
from shouwang.generator.home import RANGE, Home
from shouwang.generator.person import Person

_QUARTER_DAYS = 400


def low(home: Home, _chance: random.Random) -> None:
    """The income that was laid is the trouble; the visitor sees it."""
    visiting.at_risk(home, "other", notes="收入低")


def exact(home: Home, chance: random.Random) -> None:
    low(home, chance)
    home.exact = True


def helped_outside(home: Home, chance: random.Random) -> None:
    low(home, chance)
    ago = chance.randint(20, 120)
    home.alert("civil_affairs", "dibao_new", ago, disposition="helped")


def fall(home: Home, chance: random.Random) -> None:
    last = home.net_per_capita / chance.uniform(0.55, 0.76)
    home.cells |= {
        "income_per_capita_last_year": round(last, 2),
        "income_per_capita_two_years_ago": round(last / 1.06, 2),
        "income_per_capita_three_years_ago": round(last / 1.13, 2),
    }


def two_year_fall(home: Home, _chance: random.Random) -> None:
    last = home.net_per_capita / 1.02
    home.cells |= {
        "income_per_capita_last_year": round(last, 2),
        "income_per_capita_two_years_ago": round(last * 1.08, 2),
        "income_per_capita_three_years_ago": round(last * 1.15, 2),
    }


def _needed(home: Home, chance: random.Random) -> float:
    """What must be spent so that 60 to 88 per cent of the range remains."""
    left = RANGE * chance.uniform(0.6, 0.88)
    return round((home.net_per_capita - left) * home.months / 12, 2)


def burden(home: Home, chance: random.Random) -> None:
    spent = _needed(home, chance)
    home.cells |= {
        "oop_medical": spent,
        "oop_education": 0,
        "insurance_payout": 0,
        "compliant_expense_last_year": round(spent * 0.9, 2),
    }
    _ill(home)


def _ill(home: Home) -> None:
    head = home.people[0].cells
    head |= {"chronic_illness": True, "family_doctor": True}


def large_medical(home: Home, chance: random.Random) -> None:
    """The department knows of more than the household told."""
    spent = _needed(home, chance)
    home.cells |= {
        "oop_medical": 300,
        "oop_education": 0,
        "insurance_payout": 0,
        "compliant_expense_last_year": round(spent, 2),
    }
    _ill(home)
    home.alert("medical_insurance", "large_medical_cost", chance.randint(10, 200), amount=spent)


def expense_rise(home: Home, _chance: random.Random) -> None:
    spent = round(min(6000, home.net_per_capita * home.months / 12 * 0.25) + 3500, 2)
    home.cells |= {
        "oop_medical": spent,
        "oop_education": 0,
        "compliant_expense_last_year": round(spent / 4, 2),
    }
    _ill(home)


def _pupil(home: Home) -> Person:
    return next(person for person in home.people if person.pupil_age)


def dropout(home: Home, chance: random.Random) -> None:
    _pupil(home).cells |= {"in_school": False, "school_stage": None}
    home.cells["school_dropout"] = True
    visiting.at_risk(home, "schooling")
    if chance.random() < 0.5:
        home.alert("education", "dropout", chance.randint(5, 60), disposition="problem")


def no_home_teaching(home: Home, _chance: random.Random) -> None:
    _pupil(home).cells |= {
        "in_school": False,
        "school_stage": None,
        "cannot_attend": True,
        "home_teaching": False,
        "disability_level": 2,
    }


def uninsured(home: Home, chance: random.Random) -> None:
    chance.choice(home.people).cells |= {"medical_insurance": False, "insurance_kinds": None}
    home.cells["uninsured_member"] = True
    visiting.at_risk(home, "illness")


def unsafe_house(home: Home, chance: random.Random) -> None:
    home.cells |= {
        "housing_unsafe": True,
        "self_built_house": True,
        "homestead": True,
        "house_structure": chance.choice(("earth_wood", "adobe")),
    }
    visiting.at_risk(home, "unsafe_housing")


def unsafe_house_alert(home: Home, chance: random.Random) -> None:
    home.alert("housing", "unsafe_house", chance.randint(1, 4), disposition="pending", verified_on=None)


def unsafe_water(home: Home, _chance: random.Random) -> None:
    home.cells["water_unsafe"] = True
    visiting.at_risk(home, "unsafe_water")


def basics(home: Home, chance: random.Random) -> None:
    home.cells["clothing_short" if chance.random() < 0.5 else "food_short"] = True


def disaster(home: Home, chance: random.Random) -> None:
    home.alert("emergency", "disaster", chance.randint(4, 60), disposition="problem", note="洪涝")


def accident(home: Home, chance: random.Random) -> None:
    home.alert("cadre", "accident", chance.randint(4, 60), disposition="problem", note="交通事故")


def visit_risk(home: Home, chance: random.Random) -> None:
    assert home.visit is not None
    home.visit |= {
        "risk": True,
        "causes": chance.choice(("illness", "job_unstable", "disaster;job_unstable")),
    }


def alert_overdue(home: Home, chance: random.Random) -> None:
    ago = chance.randint(35, 150)
    late = home.back(ago - chance.randint(16, 30)) if chance.random() < 0.6 else None
    source, kind = ("agriculture", "price_fall") if home.lifted else ("employment", "job_loss")
    home.alert(source, kind, ago, verified_on=late, disposition="no_risk" if late else "pending")


def not_studied(home: Home, chance: random.Random) -> None:
    kind = chance.choice(("dibao_refused", "dibao_applied", "tekun_refused"))
    home.alert("civil_affairs", kind, chance.randint(10, 150), studied_on=None)


def wrong_mode(home: Home, chance: random.Random) -> None:
    assert home.visit is not None
    home.alert("disability", "severe_disability", chance.randint(12, 100))
    home.cells["away"] = False
    home.visit |= {
        "mode": "remote",
        "focus_ticked": ";".join(home.focus),
        "study_place": None,
        "study_people": None,
    }


def wrong_respondent(home: Home, chance: random.Random) -> None:
    assert home.visit is not None
    home.cells["cannot_communicate"] = False
    home.visit["respondent"] = chance.choice(("cadre", "relative"))


def no_items(home: Home, _chance: random.Random) -> None:
    """Nothing is known of this year's income; earlier years are."""
    home.items.clear()
    home.cells |= {"cattle_sold": 0, "sheep_sold": 0}
    home.cells["band_unknown"] = True
    for person in home.people:
        if (person.cells["months_worked"] or 0) >= 3:
            home.mark("job.work_and_wage", "members", person.cells)
        if person.age >= 61 and person.cells["pension_enrolled"]:
            home.mark("health.pension_unpaid", "members", person.cells)
        if person.cells["public_post"]:
            home.mark("job.public_post_pay", "members", person.cells)
            home.mark("employment.public_post")
    if home.lifted:
        home.mark("fresh.quarter_missing")
    if home.supported_by_state:
        home.mark("safeguard.not_covered")


def no_labour_capacity(home: Home, chance: random.Random) -> None:
    cells = chance.choice(home.people).cells
    cells |= dict.fromkeys(("labour_capacity", "labour_reason", "trade", "skill_certificate"))
    home.mark("labour.missing", "members", cells)


def no_guarantees(home: Home, _chance: random.Random) -> None:
    home.cells |= dict.fromkeys(("school_dropout", "uninsured_member", "housing_unsafe", "water_unsafe"))
    for person in home.people:
        person.cells |= {"medical_insurance": None, "insurance_kinds": None}
        home.mark("health.missing", "members", person.cells)
    home.mark("guarantee.missing")


def no_last_year(home: Home, _chance: random.Random) -> None:
    home.cells["income_per_capita_last_year"] = None


def unsatisfied(home: Home, chance: random.Random) -> None:
    asked = home.visit["visited_on"] if home.visit else home.back(3)
    home.satisfaction.append(
        {
            "asked_on": asked,
            "about": chance.choice(("team", "village")),
            "satisfied": chance.choice((1, 2)),
            "reason": "办事拖延",
        }
    )


def quarter_fall(home: Home, _chance: random.Random) -> None:
    """The first quarter brought less than half of the same quarter a year before, from the same work."""
    year = home.on.year
    if home.on < date(year, 4, 1):
        year -= 1
    for row in home.items:
        if row["received_on"] <= date(year, 3, 31) and row["received_on"] >= date(year, 1, 1):
            row["received_on"] = home.back(30)
    home.items.append(
        {
            "kind": "property.other",
            "amount": 6000,
            "slot": None,
            "received_on": date(year - 1, 3, 5),
            "quarter": f"{year - 1}Q1",
            "realised": True,
            "basis": "statement",
            "agreed": True,
        }
    )


def no_leaflet(home: Home, _chance: random.Random) -> None:
    """Last year's leaflet is the last that came."""
    home.leaflets.append({"kind": "application", "given_on": date(home.on.year - 1, 5, 20)})
