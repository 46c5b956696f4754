"""How a fault in income, assets and guarantees is planted; the functions are as in :mod:`flaw_people`."""

from __future__ import annotations

import random

from shouwang.generator import dwelling, economy, visiting
from shouwang.generator.home import RANGE, Home, Row

_NET_SPREAD = 1.04  # amounts of a household lie within 3 % of its model's


def not_itemised(home: Home, _chance: random.Random) -> bool:
    """At or below the range, and one of the stated zeros is missing."""
    zero = next((row for row in home.items if row["kind"].endswith(".total") and row["amount"] == 0), None)
    if zero is None or home.visit is None or home.net_per_capita * _NET_SPREAD > RANGE:
        return False
    home.items.remove(zero)
    home.mark("money.not_itemised")
    return True


def band_disagrees(home: Home, _chance: random.Random) -> bool:
    if home.visit is None or not home.visit["campaign"] or home.net_per_capita < 13000 or not home.items:
        return False
    home.visit["income_band"] = "to_10000"
    home.mark("money.band_disagrees")
    return True


def very_low(home: Home, chance: random.Random) -> bool:
    """An unresolved household with 3,000 yuan a person."""
    if home.visit is None or any(row["kind"] in ("transfer.dibao", "transfer.tekun") for row in home.items):
        return False
    if (
        home.trouble
        or any(one.cells["public_post"] for one in home.people)
        or any(one.works for one in home.people)
    ):
        return False
    economy.reach(home, 3000.0, chance)
    economy.state_zeros(home)
    dwelling.look_back(home, chance)
    dwelling.modest(home)
    home.mark("money.level")
    return True


def disability_money(home: Home, _chance: random.Random) -> bool:
    if any(one.cells["disability_level"] for one in home.people):
        return False
    return _rename(
        home, "money.benefit_without_person", "transfer.farm_subsidy", "transfer.disability", slot=1
    )


def self_used(home: Home, _chance: random.Random) -> bool:
    if not any(row["kind"] == "expense.self_used_input" and row["amount"] > 10 for row in home.items):
        return False
    return _rename(home, "money.self_used_pair", "production.self_used", "production.other")


def _rename(home: Home, finding: str, kind: str, new: str, **more: int) -> bool:
    row = next((row for row in home.items if row["kind"] == kind and row["amount"] > 10), None)
    if row is None:
        return False
    row |= {"kind": new} | more
    home.mark(finding)
    return True


def no_expense(home: Home, _chance: random.Random) -> bool:
    """Production of more than 5,000 yuan, and the expense taken off it instead of entered."""
    spent = [row for row in home.items if row["kind"].startswith("expense.")]
    made = [
        row
        for row in home.items
        if row["kind"].startswith("production.") and not row["kind"].endswith(("total", "self_used"))
    ]
    amount = sum(float(row["amount"]) for row in spent if row["kind"] == "expense.operating")
    if {row["kind"] for row in spent} != {"expense.operating"} or sum(
        float(row["amount"]) for row in made
    ) - amount < 5400:
        return False
    biggest = max(made, key=lambda row: float(row["amount"]))
    if float(biggest["amount"]) <= amount + 10 or home.net_per_capita < RANGE * 1.1:
        return False
    biggest["amount"] = round(float(biggest["amount"]) - amount, 2)
    for row in spent:
        home.items.remove(row)
    home.mark("money.production_one_sided")
    return True


def _counted(home: Home, *kinds: str) -> Row | None:
    return next(
        (row for row in home.items if row["kind"] in kinds and row["realised"] and row["amount"] > 20), None
    )


_LOOSE = ("transfer.farm_subsidy", "transfer.ecology", "transfer.industry_award", "property.land_transfer")


def suspicious_note(home: Home, _chance: random.Random) -> bool:
    row = _counted(home, *_LOOSE, "transfer.support", "transfer.other")
    if row is None:
        return False
    row["note"] = "春节慰问金"
    home.mark("money.excluded_words", "income_items", row)
    return True


def twice(home: Home, _chance: random.Random) -> bool:
    """One income entered in two equal parts on one day."""
    row = _counted(home, *_LOOSE)
    if row is None:
        return False
    row["amount"] = round(float(row["amount"]) / 2, 2)
    again = dict(row)
    home.items.insert(next(at for at, one in enumerate(home.items) if one is row) + 1, again)
    home.mark("money.twice", "income_items", again)
    return True


def unlinked(home: Home, _chance: random.Random) -> bool:
    row = _counted(home, *_LOOSE)
    if row is None:
        return False
    row["slot"] = 90
    home.mark("money.unlinked", "income_items", row)
    return True


def doubled_income(home: Home, _chance: random.Random) -> bool:
    if not home.items or home.net_per_capita < RANGE * 1.1:
        return False
    last = round(home.net_per_capita / 2.3, 2)
    home.cells |= {
        "income_per_capita_last_year": last,
        "income_per_capita_two_years_ago": round(last / 1.05, 2),
        "income_per_capita_three_years_ago": round(last / 1.08, 2),
    }
    home.mark("money.against_last_year")
    return True


def poor_with_car(home: Home, _chance: random.Random) -> bool:
    if home.net_per_capita * _NET_SPREAD > RANGE or not home.items:
        return False
    home.cells["cars"] = 1
    home.mark("asset.against_income")
    return True


def many_cattle(home: Home, _chance: random.Random) -> bool:
    if (
        home.lifted
        or home.status != "none"
        or not any(row["kind"] == "production.livestock" for row in home.items)
    ):
        return False
    home.cells |= {"cattle_stock": 6, "cattle_sold": 12}
    home.mark("asset.official_size")
    return True


def no_structure(home: Home, _chance: random.Random) -> bool:
    if not home.cells["self_built_house"]:
        return False
    home.cells["house_structure"] = None
    home.mark("asset.land_house")
    return True


def _visited_before(home: Home, days: int, chance: random.Random, **more: object) -> Row:
    """Turns the visit of the campaign into one of so many days ago."""
    assert home.visit is not None
    home.visit |= {
        "campaign": False,
        "who": "own",
        "visited_on": home.back(days),
        "minutes": chance.randint(12, 20),
    } | more
    return home.visit


def alert_disagrees(home: Home, chance: random.Random) -> bool:
    if home.visit is None or home.status != "none":
        return False
    _visited_before(home, 60, chance)
    home.mark(
        "guarantee.alert_disagrees",
        "alerts",
        home.alert("housing", "unsafe_house", 20, disposition="problem"),
    )
    return True


def monitored_type(home: Home, _chance: random.Random) -> bool:
    home.cells["monitoring_type"] = "sudden_hardship"
    home.mark("guarantee.type")
    return True


def open_long(home: Home, chance: random.Random) -> bool:
    if home.visit is None or home.alerts or home.cells["away"]:
        return False
    _visited_before(home, 60, chance)
    home.cells["water_unsafe"] = True
    visiting.at_risk(home, "unsafe_water")
    home.visit |= {"mode": "in_person", "study_place": None, "study_people": None}
    for finding in ("guarantee.open_long", "water.unsafe", "identify.left_out"):
        home.mark(finding)
    return True


def closed_unproved(home: Home, chance: random.Random) -> bool:
    """A visit named the house two months ago; the campaign's call says that all is well."""
    if home.visit is None or home.focus or home.visit["mode"] == "in_person" or home.measures:
        return False
    visiting.add(home, home.back(60), "own", chance, risk=True, causes="unsafe_housing")
    home.mark("guarantee.closed_unproved")
    return True


def old_alone(home: Home, _chance: random.Random) -> bool:
    seen = home.visit is not None and home.visit["mode"] == "in_person"
    if (
        seen
        or home.earlier_visits
        or not home.cells["self_built_house"]
        or any(one.age < 62 for one in home.people)
    ):
        return False
    home.cells["house_structure"] = "adobe"
    home.mark("guarantee.old_alone")
    return True


def not_covered(home: Home, _chance: random.Random) -> bool:
    if not home.supported_by_state or home.status != "none":
        return False
    for row in home.items:
        if row["kind"] in ("transfer.dibao", "transfer.tekun"):
            row["kind"] = "transfer.support"
    home.cells["dibao_tier"] = None
    home.mark("safeguard.not_covered")
    return True
