"""A household's own facts: land, house, assets, incomes of earlier years, answers to the questions of
annex 1.
"""

from __future__ import annotations

import random

from shouwang.generator.home import Home, Row


def settle(home: Home, chance: random.Random) -> None:
    """Fills the columns of households that do not depend on the items of income."""
    young = any(person.works and person.able for person in home.people)
    home.cells = {
        "household_type": "lifted" if home.lifted else "general",
        "monitoring_status": home.status,
        "away": chance.random() < 0.04,
        "cannot_communicate": _mute(home, chance),
        "relocated": home.lifted and chance.random() < 0.08,
        "low_income_group": home.lifted and chance.random() < 0.12,
        "food_short": False,
        "clothing_short": False,
        "willing": True,
        "able_to_develop": True,
        "contact": home.status != "none",
        "school_dropout": False,
        "uninsured_member": False,
        "housing_unsafe": False,
        "water_unsafe": False,
        "dibao_tier": _tier(home, young, chance),
        "last_changed_on": home.back(chance.randint(3, 150)),
    }
    home.cells["contact"] = home.cells["contact"] or home.cells["low_income_group"]
    home.cells |= _land(chance) | _house(chance, home) | _goods(chance, young) | _expenses(home, chance)
    home.cells |= _cattle(home, chance)


def _tier(home: Home, young: bool, chance: random.Random) -> str | None:
    """Nobody able in a lifted or monitored household: full dibao (GY §3.8); else one in eight without workers."""
    if home.supported_by_state:
        return "full"
    return chance.choice(("other", "other", "full")) if not young and chance.random() < 0.12 else None


def modest(home: Home) -> None:
    """Takes away what somebody with an income below the range would hardly have."""
    home.cells |= {"cars": 0, "flats_in_county": 0, "commercial_vehicles": 0}


def look_back(home: Home, chance: random.Random) -> None:
    """Incomes of the three years before, rising gently to this year's."""
    last = home.net_per_capita / chance.uniform(1.01, 1.16)
    before = last / chance.uniform(0.97, 1.13)
    home.cells |= {
        "income_per_capita_last_year": round(last, 2),
        "income_per_capita_two_years_ago": round(before, 2),
        "income_per_capita_three_years_ago": round(before / chance.uniform(1.0, 1.13), 2),
    }


def _mute(home: Home, chance: random.Random) -> bool:
    return all(person.age > 70 for person in home.people) and chance.random() < 0.05


def _land(chance: random.Random) -> Row:
    farmland = round(chance.uniform(0.6, 7.5), 1) if chance.random() < 0.85 else 0.0
    forest = round(chance.uniform(0.5, 12), 1) if chance.random() < 0.4 else 0.0
    part = round(forest * chance.choice((0, 0, 0.2, 0.5)), 1)
    return {
        "farmland_mu": farmland,
        "forest_mu": forest,
        "economic_forest_mu": part,
        "ecological_forest_mu": round(max(forest - part, 0) * chance.choice((0, 0.5)), 1),
    }


def _house(chance: random.Random, home: Home) -> Row:
    own = not home.cells["relocated"] and chance.random() < 0.95
    kinds = ("brick_concrete", "brick_wood", "brick_earth", "wood", "stone_wood", "earth_wood", "adobe")
    aged = all(
        person.age >= 60 for person in home.people
    )  # no earth house for them: someone would have to look
    built = chance.choices(kinds, (68, 14, 6, 2, 2, 0 if aged else 6, 0 if aged else 2))[0] if own else None
    return {"homestead": own, "self_built_house": own, "house_structure": built}


def _goods(chance: random.Random, young: bool) -> Row:
    nothing = (
        "flats_in_city",
        "flats_elsewhere",
        "shops_in_county",
        "shops_in_city",
        "shops_elsewhere",
        "machinery",
    )
    none_of = (
        "business",
        "large_grower",
        "large_breeder",
        "scale_producer",
        "public_payroll",
        "village_official",
        "high_salary",
    )
    return (
        dict.fromkeys(nothing, 0)
        | dict.fromkeys(none_of, False)
        | {
            "flats_in_county": int(young and chance.random() < 0.12),
            "cars": int(young and chance.random() < 0.3),
            "commercial_vehicles": int(young and chance.random() < 0.03),
        }
    )


def _expenses(home: Home, chance: random.Random) -> Row:
    students = sum(
        p.cells["school_stage"] in ("senior", "vocational", "college", "university") for p in home.people
    )
    ill = sum(bool(p.cells["serious_illness"]) * 3 + bool(p.cells["chronic_illness"]) for p in home.people)
    education = students * chance.randint(1500, 5000)
    medical = ill * chance.randint(400, 1500) + chance.choice((0, 0, 200, 600))
    return {
        "oop_education": education,
        "oop_medical": medical,
        "oop_other": 0,
        "insurance_payout": 0,
        "compliant_expense_last_year": round((education + medical) * chance.uniform(0.8, 1.1), 2),
    }


def _cattle(home: Home, chance: random.Random) -> Row:
    row: Row = {
        "cattle_stock": 0,
        "cattle_sold": 0,
        "sheep_stock": 0,
        "sheep_sold": 0,
        "livestock_net_income": 0,
    }
    asked = home.lifted or home.status != "none"
    if asked and chance.random() < 0.05:
        row |= {
            "cattle_stock": chance.randint(1, 5),
            "cattle_sold": chance.randint(0, 3),
            "livestock_net_income": 2500,
        }
    elif asked and chance.random() < 0.05:
        row |= {
            "sheep_stock": chance.randint(2, 18),
            "sheep_sold": chance.randint(0, 9),
            "livestock_net_income": 1800,
        }
    return row
