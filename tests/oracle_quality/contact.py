"""phone.*, fresh.*"""

from __future__ import annotations

import re
from datetime import date, timedelta

from tests.oracle.logic import Truth, all3, any3, is_one_of, not3

from .registry import of_members, of_rows, rule
from .world import Household, Row, add_years, any_of, days_between, more

PATTERN = re.compile(r"1[3-9][0-9]{9}")
PLACES = ("county", "province", "outside")


def bad_phone(text: str) -> bool:
    return PATTERN.fullmatch(text) is None or any(d * 8 in text for d in "0123456789")


@rule("phone.form")
def _form(h: Household) -> Truth:
    phone = h.get("phone")
    if phone is not None:
        return bad_phone(phone)
    return all3([h.empty("phone"), any3([h.lifted, h.monitored, h.visited])])


@rule("phone.shared")
def _shared(h: Household) -> Truth:
    phone = h.get("phone")
    many: Truth = None
    if phone is not None:
        many = sum(o.get("phone") == phone for o in h.world.households.values()) >= h.par("phone_shared")
    return any3([many, _members_apart(h)])


def _members_apart(h: Household) -> Truth:
    """Members with one phone who work in different places."""
    if h.members is None:
        return None
    found: list[Truth] = [False]
    for n, a in enumerate(h.members):
        for b in h.members[n + 1 :]:
            if a.get("phone") is None or b.get("phone") is None or a["phone"] != b["phone"]:
                continue
            places = (a.get("employment_place"), b.get("employment_place"))
            found.append(places[0] in PLACES and places[1] in PLACES and places[0] != places[1])
    return any3(found)


@rule("phone.cadre")
def _cadre(h: Household) -> Truth:
    """A phone of an account of ours: contacts, visitors and others are accounts."""
    accounts = h.world.rows("accounts")
    if accounts is None:
        return None
    phones = {a["phone"] for a in accounts if a.get("phone")}

    def ours(text: str | None) -> Truth:
        return None if text is None else text in phones

    calls = any_of(
        h.rows("visits"), lambda v: all3([is_one_of(v.get("mode"), "remote"), ours(v.get("contact_phone"))])
    )
    own = ours(h.get("phone"))
    return own if h.rows("visits") is None else any3([own, calls])


@rule("phone.contact")
def _contact(h: Household) -> Truth:
    name = h.get("contact") or (h.case.get("contact") if h.case else None)
    if name is None:
        known = h.world.has("households", "contact")
        return False if known else None
    member = h.any_member(lambda m: is_one_of(m.get("name"), name))
    count = sum((o.get("contact") or (o.case.get("contact") if o.case else None)) == name for o in h.world.households.values())
    return any3([member, count > h.par("contact_max")])


# ---- fresh.*


@rule("fresh.stale")
def _stale(h: Household) -> Truth:
    past = days_between(h.get("last_changed_on"), h.on)
    return any3(
        [
            all3([h.unresolved, more(past, h.par("stale_days"))]),
            all3([h.resolved, more(past, h.par("stale_resolved_days"))]),
        ]
    )


def last_quarter(on: date, grace: int) -> tuple[str, date, date]:
    """The last quarter that ended more than ``grace`` days before ``on``."""
    year, quarter = on.year, 4
    while True:
        first = date(year, 3 * quarter - 2, 1)
        end = (date(year + 1, 1, 1) if quarter == 4 else date(year, 3 * quarter + 1, 1)) - timedelta(days=1)
        if (on - end).days > grace:
            return f"{year}Q{quarter}", first, end
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)


@rule("fresh.quarter_missing")
def _quarter(h: Household) -> Truth:
    name, first, last = last_quarter(h.on, h.par("quarter_grace"))
    rows = h.rows("income_items")
    there: Truth = None
    if rows is not None:
        there = any3(
            False
            if item.get("realised") is False or not item["kind"].startswith(("wage.", "property.", "transfer.", "production."))
            else item["quarter"] == name
            if item.get("quarter") is not None
            else first <= item["received_on"] <= last
            if item.get("received_on")
            else None
            for item in rows
        )
    return all3([h.lifted_or_monitored, not3(there)])


@of_rows("fresh.late_entry", "visits")
def _late(h: Household, v: Row) -> Truth:
    received = v.get("received_at")
    return more(days_between(v.get("visited_on"), received.date() if received else None), h.par("entry_days"))


@of_rows("fresh.entered_in_bulk", "visits")
def _bulk(h: Household, v: Row) -> Truth:
    """The visitor is the account; an hour that holds this visit's entry."""
    if v.get("visitor") is None or v.get("received_at") is None:
        return None
    others = [
        o
        for o in h.world.rows("visits") or []
        if o.get("visitor") == v["visitor"] and o.get("received_at") is not None
    ]
    hour = timedelta(hours=1)
    for start in others:
        inside = [o for o in others if start["received_at"] <= o["received_at"] <= start["received_at"] + hour]
        days = {o["visited_on"] for o in inside if o.get("visited_on")}
        if v in inside and len(inside) >= h.par("bulk_n") and len(days) >= 5:
            return True
    return False


@rule("fresh.contact_visit")
def _contact_visit(h: Household) -> Truth:
    name = h.get("contact") or (h.case.get("contact") if h.case else None)
    days = h.par("contact_visit_days")
    long = more(days_between(h.get("identified_on"), h.on), days)
    if name is None:
        return all3([h.unresolved, long, None]) if not h.world.has("households", "contact") else False
    came = any_of(
        h.visits_so_far, lambda v: all3([is_one_of(v.get("visitor"), name), (h.on - v["visited_on"]).days <= days])
    )
    return all3([h.unresolved, long, not3(came)])


@of_members("fresh.expired")
def _expired(h: Household, m: Row) -> Truth:
    def since(column: str, *days: date | None) -> Truth:
        given = [
            g["given_on"]
            for g in h.rows("given") or []
            if g.get("column_name") == column and g.get("member_id") == m["member_id"] and g.get("given_on")
        ]
        if not given:
            return None if m.get(column) is None or h.world.rows("given") is None or not given else False
        known = [d for d in days if d is not None]
        return any(max(given) < d <= h.on for d in known)

    birth = m.get("birth_date")
    turns = [add_years(birth, h.par("labour_age_from")), add_years(birth, h.par("labour_age_to") + 1)] if birth else []
    school = date(h.on.year, 9, 1) if h.on >= date(h.on.year, 9, 1) else date(h.on.year - 1, 9, 1)
    labour = since("labour_capacity", *turns) if birth else None
    return any3(
        [
            all3([m.get("labour_capacity") is not None, labour]),
            all3([m.get("school_stage") is not None, since("school_stage", school)]),
            all3([m.get("medical_insurance") is not None, since("medical_insurance", date(h.on.year, 1, 1))]),
        ]
    )
