"""How a fault in the data about work, wages and pensions is planted; the functions are as in :mod:`flaw_people`."""

from __future__ import annotations

import random

from shouwang.generator import economy
from shouwang.generator.flaw_people import members, pupil, working
from shouwang.generator.home import Home, Row
from shouwang.generator.person import Person


def child_at_work(home: Home, _chance: random.Random) -> bool:
    one = next(members(home, pupil), None)
    if one is None:
        return False
    one.cells |= {"employment_place": "county", "months_worked": 2}
    for finding in ("job.under_16", "labour.unable_works", "school.student_works"):
        home.mark(finding, "members", one.cells)
    return True


def unable_works(home: Home, _chance: random.Random) -> bool:
    one = next(members(home, lambda p: p.cells["labour_capacity"] in ("none", "lost") and p.age > 16), None)
    if one is None:
        return False
    one.cells |= {"employment_place": "county", "months_worked": 2}
    home.mark("labour.unable_works", "members", one.cells)
    return True


def pension_unpaid(home: Home, _chance: random.Random) -> bool:
    for slot, one in enumerate(home.people, 1):
        paid = [row for row in home.items if row["slot"] == slot and row["kind"] == "transfer.pension"]
        if one.age >= 61 and paid and len([r for r in home.items if r["kind"] == "transfer.pension"]) == 1:
            for row in paid:
                row["kind"] = "transfer.other"
            home.mark("health.pension_unpaid", "members", one.cells)
            return True
    return False


def wages(home: Home, one: Person) -> list[Row]:
    """The wage items of a member."""
    slot = home.people.index(one) + 1
    return [row for row in home.items if row["slot"] == slot and row["kind"].startswith("wage.")]


def no_work_but_wage(home: Home, _chance: random.Random) -> bool:
    one = next(members(home, lambda p: working(p) and bool(wages(home, p))), None)
    if one is None:
        return False
    one.cells |= {"employment_place": "none", "months_worked": 0}
    home.mark("job.work_and_wage", "members", one.cells)
    return True


def wage_place(home: Home, _chance: random.Random) -> bool:
    one = next(
        members(
            home, lambda p: working(p) and p.cells["employment_place"] == "outside" and bool(wages(home, p))
        ),
        None,
    )
    if one is None or one.cells["public_post"]:
        return False
    one.cells["employment_place"] = "county"
    home.mark("job.wage_place", "members", one.cells)
    return True


def month_wage(home: Home, _chance: random.Random) -> bool:
    for one in members(home, working):
        if sum(float(row["amount"]) for row in wages(home, one)) > 32000:
            one.cells["months_worked"] = 1
            home.mark("job.month_wage", "members", one.cells)
            return True
    return False


def old_in_post(home: Home, _chance: random.Random) -> bool:
    """Somebody over 69 holds a public post; money of another kind becomes its wage."""
    one = next(members(home, lambda p: p.age >= 71 and not p.works), None)
    kinds = ("transfer.support", "transfer.other", "property.house_rent", "property.land_transfer")
    row = next((row for row in home.items if row["kind"] in kinds and row["amount"] > 500), None)
    if one is None or row is None or any(r["kind"] == "wage.public_post" for r in home.items):
        return False
    one.cells["public_post"] = True
    row |= {"kind": "wage.public_post", "slot": home.people.index(one) + 1}
    home.mark("job.public_post_person", "members", one.cells)
    return True


def travel_subsidy(home: Home, _chance: random.Random) -> bool:
    away = any(one.cells["employment_place"] in ("province", "outside") for one in home.people)
    one = next(
        members(home, lambda p: p.cells["employment_place"] == "county" and bool(wages(home, p))), None
    )
    if away or one is None:
        return False
    economy.item(home, "cost.travel_subsidy", 300, one, received_on=home.back(120))
    home.mark("job.cost")
    return True


def phone_of_two(home: Home, _chance: random.Random) -> bool:
    """Head and the second member have one phone and work in different places."""
    if len(home.people) < 2:
        return False
    places = [one.cells["employment_place"] for one in home.people[:2]]
    if "none" in places or places[0] == places[1] or home.people[1].age < 25:
        return False
    home.people[1].cells["fault"] = "phone"
    home.mark("phone.shared")
    return True
