"""What a household earns and spends, laid so that its net income per person comes out as wanted (XH annex
5).
"""

from __future__ import annotations

import random
from typing import Any

from shouwang.generator.home import RANGE, Home, Row
from shouwang.generator.person import Person

_MONTH_WAGE = {"outside": (3200, 6000), "province": (2800, 5200), "county": (1700, 3600)}
_WAGE_KIND = {"outside": "outside_province", "province": "in_province", "county": "in_county"}
_FIXED = ("transfer.", "excluded.", "cost.travel", "property.pv")
_BASIS = {
    "wage": "payment_record",
    "cost": "statement",
    "property": "contract",
    "transfer": "payment_record",
    "production": "local_price",
    "expense": "statement",
    "excluded": "payment_record",
}
_EXCLUDED = (
    ("excluded.relief", 300, 2000),
    ("excluded.consolation", 200, 800),
    ("excluded.gift", 500, 4000),
    ("excluded.medical_reimbursement", 800, 9000),
    ("excluded.price_subsidy", 60, 240),
    ("excluded.insurance_premium", 380, 380),
    ("excluded.insurance_claim", 500, 6000),
    ("excluded.housing_grant", 3000, 21000),
    ("excluded.education_grant", 625, 2000),
    ("excluded.loan_interest", 300, 1800),
    ("excluded.unsold_stock", 800, 5000),
    ("excluded.unpaid_wage", 900, 6000),
    ("excluded.training_grant", 300, 1500),
    ("excluded.lottery", 20, 900),
    ("excluded.donation", 300, 3000),
    ("excluded.in_kind_wage", 200, 900),
    ("excluded.work_study", 400, 1800),
    ("excluded.inheritance", 2000, 9000),
)
_RARE = (
    ("transfer.family_planning", 960, 1440),
    ("transfer.employment_award", 300, 1500),
    ("transfer.other", 300, 2400),
    ("property.equipment_rent", 600, 3000),
    ("property.financial", 50, 900),
    ("production.fishery", 1500, 6000),
    ("expense.depreciation", 200, 800),
    ("expense.tax_and_fees", 100, 600),
    ("expense.dedicated_subsidy", 300, 900),
    ("excluded.unsettled_sale", 800, 4000),
    ("excluded.injury_claim", 3000, 20000),
    ("excluded.demolition", 20000, 80000),
    ("excluded.unpaid_dividend", 100, 900),
)


def earn(home: Home, chance: random.Random) -> None:
    """Gives the household the income items that its people, land and help bring of themselves."""
    _wages(home, chance)
    _public_post(home, chance)
    _transfers(home, chance)
    _farming(home, chance)
    _others(home, chance)
    _rare(home, chance)


def reach(home: Home, target: float, chance: random.Random) -> None:
    """Changes the items so that the net income per person is ``target`` (yuan a year, to the cent), and
    dates them.
    """
    _scale(home, target, chance)
    _believable_work(home)
    for row in home.items:
        row.setdefault("received_on", home.back(chance.randint(4, 355)))


def _believable_work(home: Home) -> None:
    """Months of work that fit the wage that was laid; a wage of next to nothing is odd money and no job."""
    for slot, person in enumerate(home.people, 1):
        wages = [
            row
            for row in home.items
            if row["slot"] == slot and row["kind"].startswith("wage.") and row["kind"] != "wage.public_post"
        ]
        if not wages:
            continue
        total = sum(float(row["amount"]) for row in wages)
        if total < 900:
            costs = [row for row in home.items if row["slot"] == slot and row["kind"].startswith("cost.")]
            for row in [*wages, *costs]:
                home.items.remove(row)
            item(home, "transfer.other", total - sum(float(row["amount"]) for row in costs), person)
            person.cells |= {
                "employment_place": "none",
                "months_worked": 0,
                "sector": None,
                "workplace": None,
            }
        elif total < 460 * person.cells["months_worked"]:
            person.cells["months_worked"] = max(1, int(total // 800))
        if total > 96000:
            home.cells["high_salary"] = True


def item(home: Home, kind: str, amount: float, person: Person | None = None, **more: Any) -> Row:
    """Adds an item; ``slot`` is the member's place in the household, from 1."""
    row: Row = {
        "kind": kind,
        "amount": round(amount, 2),
        "slot": home.people.index(person) + 1 if person else None,
        "realised": True,
        "basis": _BASIS[kind.partition(".")[0]],
        "agreed": True,
    }
    home.items.append(row | more)
    return home.items[-1]


def net(home: Home) -> float:
    """Net income of the household from its items, yuan; the items here never let a wage go below its cost."""
    total = sum(_sign(row["kind"]) * float(row["amount"]) for row in home.items if row["realised"])
    return round(total, 2)


def _sign(kind: str) -> int:
    if kind.startswith("excluded."):
        return 0
    if kind in ("cost.travel_subsidy", "expense.dedicated_subsidy"):
        return 1
    return -1 if kind.startswith(("cost.", "expense.")) else 1


def _wages(home: Home, chance: random.Random) -> None:
    for person in home.people:
        if not person.works:
            continue
        place, months = person.cells["employment_place"], person.cells["months_worked"]
        wage = chance.randint(*_MONTH_WAGE[place]) * months
        item(home, f"wage.{_WAGE_KIND[place]}", wage, person)
        if place == "outside" and not person.cells["board_provided"]:
            item(home, "cost.outside_province", wage * chance.uniform(0.14, 0.2), person)
        elif place == "province" and chance.random() < 0.4:
            item(home, "cost.in_province", wage * chance.uniform(0.08, 0.12), person)


def _public_post(home: Home, chance: random.Random) -> None:
    """A paid post for some lifted and monitored households."""
    fit = [person for person in home.people if can_hold_post(person) and (person.able or person.works)]
    if fit and home.lifted and home.status == "none" and chance.random() < 0.06:
        fit[0].cells["public_post"] = True
        item(home, "wage.public_post", chance.randint(400, 700) * 12, fit[0])


def _paid_every_two_months(home: Home, kind: str, year: int) -> None:
    for payment in range(6):
        item(home, kind, year / 6, home.people[0], received_on=home.back(15 + 60 * payment))


def can_hold_post(person: Person) -> bool:
    """Whether somebody may hold a public post: of the age for it, not unable, not away for most of the year."""
    near = person.cells["employment_place"] in ("none", "county")
    return (
        18 <= person.age <= 68 and near and person.cells["labour_capacity"] in ("skilled", "ordinary", "weak")
    )


def _transfers(home: Home, chance: random.Random) -> None:
    for person in home.people:
        if person.age >= 60 and person.cells["pension_enrolled"]:
            item(home, "transfer.pension", chance.randint(1500, 2400), person)
        if person.cells["disability_level"] in (1, 2) and person.age > 0:
            item(home, "transfer.disability", chance.choice((960, 1080, 2040)), person)
    if home.cells["farmland_mu"] > 0:
        item(home, "transfer.farm_subsidy", home.cells["farmland_mu"] * 96)
    alone = len(home.people) == 1 and home.labour == 0
    planned = any(row["kind"] == "dibao" for row in home.measures)
    if home.status == "unresolved" and not planned:  # what is paid would be a measure, and there is none
        home.cells["dibao_tier"] = None
    elif planned and not home.cells["dibao_tier"]:
        home.cells["dibao_tier"] = "other"
    idle = not home.people[0].works
    if home.cells["dibao_tier"] and alone and idle and not planned and chance.random() < 0.3:
        _paid_every_two_months(home, "transfer.tekun", chance.randint(7800, 9900))
    elif home.cells["dibao_tier"]:
        _paid_every_two_months(home, "transfer.dibao", chance.randint(280, 620) * 12)
    if home.people[0].age > 62 and len(home.people) <= 2 and chance.random() < 0.7:
        item(home, "transfer.support", chance.randint(2000, 6000), home.people[0])
    if home.lifted and chance.random() < 0.25:
        item(home, "transfer.industry_award", chance.randint(500, 2000))
    if chance.random() < 0.04:
        item(home, "transfer.ecology", chance.randint(200, 800))


def _farming(home: Home, chance: random.Random) -> None:
    grows = home.cells["farmland_mu"] > 0
    if grows and chance.random() < 0.75:
        crops = home.cells["farmland_mu"] * chance.randint(700, 1600)
        item(home, "production.crops", crops)
        item(home, "expense.operating", crops * chance.uniform(0.2, 0.4))
    if chance.random() < 0.3 or (home.cells["cattle_sold"] or 0) + (home.cells["sheep_sold"] or 0):
        stock = chance.randint(1500, 12000)
        item(home, "production.livestock", stock)
        item(home, "expense.operating", stock * chance.uniform(0.3, 0.55))
    if grows and chance.random() < 0.08:
        fed = chance.randint(300, 1500)
        item(home, "production.self_used", fed)
        item(home, "expense.self_used_input", fed)
    if chance.random() < 0.05:
        item(home, "production.forestry", chance.randint(500, 4000))
    if any(row["kind"] == "industry" for row in home.measures) and not _produces(home):
        item(home, "production.livestock", chance.randint(1500, 6000))
    if _produces(home) and not any(row["kind"] == "expense.operating" for row in home.items):
        item(home, "expense.operating", _produced(home) * chance.uniform(0.1, 0.3))
    if home.status == "unresolved":
        item(home, "excluded.insurance_premium", 380, home.people[0])


def _others(home: Home, chance: random.Random) -> None:
    if home.cells["farmland_mu"] > 0 and chance.random() < 0.35:
        item(home, "property.land_transfer", home.cells["farmland_mu"] * chance.randint(200, 500))
    if chance.random() < 0.05:
        item(home, "property.pv", chance.randint(800, 2400))
    if chance.random() < 0.12:
        item(home, "property.collective_dividend", chance.randint(50, 400))
    for _one in range(chance.choice((0, 0, 0, 1, 1))):
        kind, low, high = chance.choice(_EXCLUDED)
        item(
            home,
            kind,
            chance.randint(low, high),
            realised=not kind.startswith("excluded.un"),
        )


def _rare(home: Home, chance: random.Random) -> None:
    """Kinds that few households have, each now and then, so that every one is met."""
    if chance.random() > 0.06:
        return
    kind, low, high = chance.choice(_RARE)
    if kind.startswith("expense.") and not _produces(home):
        return
    amount = chance.randint(low, high)
    if kind.startswith("expense."):
        amount = min(amount, int(_produced(home) * 0.2) + 1)
    item(home, kind, amount, home.people[0] if kind.startswith("transfer") else None)
    if kind.startswith("expense.dedicated"):
        item(home, "expense.operating", amount * 2)
    if kind.startswith("production."):
        item(home, "expense.operating", low * 0.4)


def _produces(home: Home) -> bool:
    return _produced(home) > 0


def _produced(home: Home) -> float:
    return sum(float(row["amount"]) for row in home.items if row["kind"].startswith("production."))


def _scale(home: Home, target: float, chance: random.Random) -> None:
    """Multiplies what can vary; what a household then still lacks comes from outside, the last cent on
    the biggest.
    """
    wanted = round(target * 100) * home.months // 12 / 100  # never a cent above the target
    fixed, free = _parts(home)
    if wanted > fixed and free * 1.6 < wanted - fixed:
        _filler(home, wanted - fixed - max(free, 0) * 1.3, chance)
        fixed, free = _parts(home)
    if wanted <= fixed:  # too much that is fixed: all of it shrinks alike
        _multiply(home.items, wanted / net(home))
    elif free > 0:
        _multiply([row for row in home.items if not row["kind"].startswith(_FIXED)], (wanted - fixed) / free)
    biggest = max((row for row in home.items if _sign(row["kind"]) > 0), key=lambda row: float(row["amount"]))
    biggest["amount"] = round(biggest["amount"] + wanted - net(home), 2)
    home.net_per_capita = target


def _parts(home: Home) -> tuple[float, float]:
    """The part of the net income that is fixed by law or contract, and the part that can vary."""
    fixed = sum(
        _sign(row["kind"]) * float(row["amount"]) for row in home.items if row["kind"].startswith(_FIXED)
    )
    return fixed, net(home) - fixed


def _filler(home: Home, amount: float, chance: random.Random) -> None:
    """Something to live on: money from grown children where nobody works, a small trade where somebody
    does.
    """
    if home.labour:
        item(home, "production.other", amount * 1.3)
        item(home, "expense.operating", amount * 0.3)
    elif chance.random() < 0.15:
        item(home, "property.house_rent", amount)
    else:
        item(home, "transfer.support", amount, home.people[0])


def _multiply(rows: list[Row], factor: float) -> None:
    for row in rows:
        if _sign(row["kind"]):
            row["amount"] = round(row["amount"] * factor, 2)


def state_zeros(home: Home) -> None:
    """Where the visit ticked at or below the range: a stated 0 for every class without an item (XH annex
    1).
    """
    for kind in ("wage", "property", "transfer", "production", "expense"):
        if not any(row["kind"].startswith(kind) for row in home.items):
            item(home, f"{kind}.total", 0, received_on=home.back(4))


def usual_target(home: Home, chance: random.Random) -> float:
    """Net income per person of a household without trouble: what it earns, but neither near the range nor
    fabulous.
    """
    spent = (home.cells["oop_education"] + home.cells["oop_medical"]) * 12 / home.months
    least = max(RANGE * 1.12 + chance.randint(0, 3500), 9400 + spent)
    earned = net(home) * 12 / home.months * chance.uniform(0.95, 1.3)
    return round(float(min(max(earned, least), max(52000.0, least))), 2)
