"""job.*"""

from __future__ import annotations

from tests.oracle.facts import apart
from tests.oracle.logic import Truth, all3, any3, is_one_of, less, not3

from .registry import of_members, rule
from .world import Household, Row, more, outside, works

PLACES = {"outside": "wage.outside_province", "province": "wage.in_province", "county": "wage.in_county"}


@of_members("job.under_16")
def _under_16(h: Household, m: Row) -> Truth:
    rows = h.items("wage.", member=m["member_id"])
    least = h.par("labour_age_from")
    young = None
    if rows is not None:
        days = [i.get("received_on") for i, _inside in rows if i.get("realised") is not False]
        young = any3(None if d is None else less(h.age(m, d), least) for d in days if d is None or d <= h.on)
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
    wage = h.own_item(m, "wage.")
    other = any3(wage_at(h, m, place) for place in PLACES)
    long = not3(less(m.get("months_worked"), h.par("work_months_min")))
    return any3([all3([long, not3(wage)]), all3([other, not3(works(m))])])


@of_members("job.wage_place")
def _wage_place(h: Household, m: Row) -> Truth:
    place = m.get("employment_place")
    some = any3(wage_at(h, m, other) for other in PLACES)
    same: Truth = None if place is None else True if place == "none" else wage_at(h, m, place)
    return all3([some, not3(same)])


def wage_at(h: Household, m: Row, place: str) -> Truth:
    """A wage item of the member from that place; a stated total may be it."""
    return h.own_item(m, PLACES[place], may=("wage.total",))


@of_members("job.month_wage")
def _month_wage(h: Household, m: Row) -> Truth:
    months, wage = m.get("months_worked"), h.total("wage.", member=m["member_id"])
    paid = [i for i, t in h.items("wage.", member=m["member_id"]) or [] if t is not False]
    if not months or months < 0 or wage is None or not paid or not _clear(h, m):
        return None  # without a wage item job.work_and_wage tells
    return wage < h.par("month_wage_min") * months or wage > h.par("month_wage_max") * months


def _clear(h: Household, m: Row) -> bool:
    """No wage that may be the member's too: nobody's, undated, not realised, or a total."""
    first, last = h.world.window
    for item in h.rows("income_items") or []:
        day = item.get("received_on")
        if not item["kind"].startswith("wage.") or item.get("member_id") not in (None, m["member_id"]):
            continue
        if day is not None and not first <= day <= last:
            continue
        if (
            day is None
            or item.get("realised") is False
            or item.get("member_id") is None
            or item["kind"] == "wage.total"
        ):
            return False
    return True


@of_members("job.public_post_person")
def _post_person(h: Household, m: Row) -> Truth:
    far = all3(
        [not3(less(m.get("months_worked"), 10)), is_one_of(m.get("employment_place"), "province", "outside")]
    )
    aged = outside(h.age(m), h.par("public_post_age_from"), h.par("public_post_age_to"))
    return all3(
        [m.get("public_post"), any3([aged, is_one_of(m.get("labour_capacity"), "lost", "none"), far])]
    )


@of_members("job.public_post_pay")
def _post_pay(h: Household, m: Row) -> Truth:
    own = h.own_item(m, "wage.public_post", may=("wage.total",))
    post = m.get("public_post")
    return any3([all3([post, not3(own)]), all3([not3(post), own])])


@rule("job.cost")
def _cost(h: Household) -> Truth:
    items = h.items("cost.", "wage.")
    if items is None:
        return None
    # who serves and does not share is no member; the items do not count (rules.md)
    gone = {m["member_id"] for m in h.all_members or [] if apart(m)}
    members = sorted({i["member_id"] for i, _t in items if i.get("member_id") is not None} - gone)
    found: list[Truth] = []
    # a wage that names nobody may be anybody's, and one without a day or amount is not compared
    nobodys = any3(t for i, t in items if i["kind"].startswith("wage.") and i.get("member_id") is None)
    dated = all(t is not None and (t is False or i.get("amount") is not None) for i, t in items)
    clear: Truth = True if nobodys is False and dated else None
    for member in members:
        for name in ("outside_province", "in_province", "in_county"):
            cost = h.total(f"cost.{name}", member=member)
            wage = h.total(f"wage.{name}", member=member)
            found.append(all3([more(cost, 0), more(cost, wage), clear]))
            if name == "in_county":
                found.append(more(cost, h.par("county_cost_max")))
    away = h.any_member(lambda m: is_one_of(m.get("employment_place"), "province", "outside"))
    from_away = h.has_item("wage.outside_province", "wage.in_province")
    if from_away is False and h.has_item("wage.total") is not False:
        from_away = None  # a stated total may be from there
    found.append(all3([h.has_item("cost.travel_subsidy"), not3(away), not3(from_away)]))
    return any3(found)
