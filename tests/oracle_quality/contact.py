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
    """A member's phone is that of members, here or elsewhere, who work in different places."""
    if h.members is None:
        return None
    return any(m.get("phone") is not None and len(_work_places(h, m["phone"])) > 1 for m in h.members)


def _work_places(h: Household, phone: str) -> set[str]:
    return {
        m["employment_place"]
        for m in h.world.rows("members") or []
        if m.get("phone") == phone and m.get("employment_place") in PLACES
    }


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
    name = h.get("contact")  # as registered
    if name is None:
        return None
    member = None if h.members is None else any(m.get("name") == name for m in h.members)
    count = sum(o.get("contact") == name for o in h.world.households.values())
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
            False  # one that is not realised was entered all the same
            if not item["kind"].startswith(("wage.", "property.", "transfer.", "production."))
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
        inside = [
            o for o in others if start["received_at"] <= o["received_at"] <= start["received_at"] + hour
        ]
        days = {o["visited_on"] for o in inside if o.get("visited_on")}
        if v in inside and len(inside) >= h.par("bulk_n") and len(days) >= h.par("bulk_days"):
            return True
    return False


@rule("fresh.contact_visit")
def _contact_visit(h: Household) -> Truth:
    name = h.get("contact") or (h.case.get("contact") if h.case else None)
    days = h.par("contact_visit_days")
    long = more(days_between(h.get("identified_on"), h.on), days)
    if name is None:
        return False if h.rows("cases") is not None or h.world.has("households", "contact") else None
    came = any_of(
        h.visits_so_far,
        lambda v: all3([is_one_of(v.get("visitor"), name), (h.on - v["visited_on"]).days <= days]),
    )
    return all3([h.unresolved, long, not3(came)])


@of_members("fresh.expired")
def _expired(h: Household, m: Row) -> Truth:
    def since(column: str, *days: date) -> Truth:
        given = [
            g["given_on"]
            for g in h.rows("given") or []
            if g.get("column_name") == column and g.get("member_id") == m["member_id"] and g.get("given_on")
        ]
        past = [d for d in days if d <= h.on]  # what has not come yet cannot have passed
        return any(max(given) < d for d in past) if given or not past else None

    birth = m.get("birth_date")
    turns = (
        [add_years(birth, h.par("labour_age_from")), add_years(birth, h.par("labour_age_to") + 1)]
        if birth
        else []
    )
    school = date(h.on.year, 9, 1) if h.on >= date(h.on.year, 9, 1) else date(h.on.year - 1, 9, 1)
    filled = {
        c: not3(h.world.empty("members", m, c))
        for c in ("labour_capacity", "school_stage", "medical_insurance")
    }
    return any3(
        [
            all3([filled["labour_capacity"], since("labour_capacity", *turns) if birth else None]),
            all3([filled["school_stage"], m.get("in_school"), since("school_stage", school)]),
            all3([filled["medical_insurance"], since("medical_insurance", date(h.on.year, 1, 1))]),
        ]
    )
