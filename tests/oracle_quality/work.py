"""job.*"""

from __future__ import annotations

from decimal import Decimal

from tests.oracle.logic import Truth, all3, any3, is_one_of, less, not3

from .registry import of_members, rule
from .world import Household, Row, any_of, more, outside, works

PLACES = {"outside": "wage.outside_province", "province": "wage.in_province", "county": "wage.in_county"}


@of_members("job.under_16")
def _under_16(h: Household, m: Row) -> Truth:
    rows = h.items("wage.", member=m["member_id"])
    least = h.par("labour_age_from")
    young = None
    if rows is not None:
        young = any3(
            False
            if item.get("realised") is False
            else less(h.age(m, item["received_on"]), least)
            if item.get("received_on")
            else None
            for item, _inside in rows
        )
    return any3([young, all3([works(m), less(h.age(m), least)])])


@of_members("job.place_and_months")
def _place_and_months(h: Household, m: Row) -> Truth:
    months, place = m.get("months_worked"), m.get("employment_place")
    no_place = any3([h.world.empty("members", m, "employment_place"), is_one_of(place, "none")])
    somewhere = is_one_of(place, "county", "province", "outside")
    no_months = any3([h.world.empty("members", m, "months_worked"), is_one_of(months, 0)])
    return any3([all3([more(months, 0), no_place]), all3([somewhere, no_months]), more(months, 12)])


@of_members("job.work_and_wage")
def _work_and_wage(h: Household, m: Row) -> Truth:
    rows = h.items("wage.", member=m["member_id"])
    if rows is None:
        return None
    wage = any3(t for _i, t in rows)
    other = any3(t for i, t in rows if i["kind"] != "wage.public_post")
    long = not3(less(m.get("months_worked"), h.par("work_months_min")))
    return any3([all3([long, not3(wage)]), all3([other, not3(works(m))])])


@of_members("job.wage_place")
def _wage_place(h: Household, m: Row) -> Truth:
    place = m.get("employment_place")
    rows = h.items(*PLACES.values(), member=m["member_id"])
    if rows is None or place is None:
        return None
    if place == "none":
        return False
    other = any3(t for i, t in rows if i["kind"] != PLACES[place])
    same = any3(t for i, t in rows if i["kind"] == PLACES[place])
    return all3([other, not3(same)])


@of_members("job.month_wage")
def _month_wage(h: Household, m: Row) -> Truth:
    months, wage = m.get("months_worked"), h.total("wage.", member=m["member_id"])
    if months is None or wage is None:
        return None
    if months <= 0 or wage == 0:
        return False
    return wage < h.par("month_wage_min") * months or wage > h.par("month_wage_max") * months


@of_members("job.public_post_person")
def _post_person(h: Household, m: Row) -> Truth:
    far = all3(
        [not3(less(m.get("months_worked"), 10)), is_one_of(m.get("employment_place"), "province", "outside")]
    )
    aged = outside(h.age(m), h.par("public_post_age_from"), h.par("public_post_age_to"))
    return all3([m.get("public_post"), any3([aged, is_one_of(m.get("labour_capacity"), "lost", "none"), far])])


@of_members("job.public_post_pay")
def _post_pay(h: Household, m: Row) -> Truth:
    rows = h.items("wage.public_post")
    if rows is None:
        return None
    own = any3(t for i, t in rows if i.get("member_id") == m["member_id"])
    any_post = any3(t for i, t in rows if i.get("member_id") in (None, m["member_id"]))
    post = m.get("public_post")
    return any3([all3([post, not3(any_post)]), all3([not3(post), own])])


@rule("job.cost")
def _cost(h: Household) -> Truth:
    items = h.items("cost.", "wage.")
    if items is None:
        return None
    members = sorted({i["member_id"] for i, _t in items if i.get("member_id") is not None})
    found: list[Truth] = []
    for member in members:
        for name in ("outside_province", "in_province", "in_county"):
            has_cost = h.has_item(f"cost.{name}", member=member)
            cost = h.total(f"cost.{name}", member=member)
            wage = h.total(f"wage.{name}", member=member)
            found.append(all3([more(cost, 0), more(cost, wage)]))
            found.append(all3([has_cost, not3(h.has_item(f"wage.{name}", member=member))]))
            if name == "in_county":
                found.append(more(cost, h.par("county_cost_max")))
    away = h.any_member(lambda m: is_one_of(m.get("employment_place"), "province", "outside"))
    found.append(all3([h.has_item("cost.travel_subsidy"), not3(away)]))
    return any3(found)


_ = (Decimal, any_of)
