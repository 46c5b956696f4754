"""risk.*: of an unresolved household's case, facts at discovered_on or later."""

from __future__ import annotations

from datetime import date

from tests.oracle.logic import Truth, all3, any3, is_one_of, less, months_before, not3

from .guarantees import given_on
from .registry import of_rows, rule
from .world import GUARANTEES, Household, Row, able, able_or_weak, any_of, codes, disabled, ill, works


def discovered(h: Household) -> date | None:
    return h.case.get("discovered_on") if h.case else None


def members_then(h: Household) -> list[Row] | None:
    """Members who were there at the discovery or later."""
    day = discovered(h)
    return h.members if day is None else h.members_on(day)


def nobody_then(h: Household, ask: object) -> Truth:
    rows = members_then(h)
    return None if rows is None else not3(any3(ask(m) for m in rows))  # type: ignore[operator]


def is_current(h: Household, case: Row) -> bool:
    return h.case is not None and case is h.case


@of_rows("risk.number", "cases")
def _number(h: Household, case: Row) -> Truth:
    risks = codes(case.get("risks"))
    many = None if risks is None else len(risks) > h.par("risks_max")
    none = all3([case.get("approved_on") is not None, h.world.empty("cases", case, "risks")])
    return all3(
        [
            is_current(h, case),
            h.unresolved,
            any3([none, False if risks is None and none is not None else many]),
        ]
    )


@of_rows("risk.detail", "cases")
def _detail(h: Household, case: Row) -> Truth:
    risks = codes(case.get("risks"))
    named = None if risks is None else bool({"disaster", "project_failed", "other"} & set(risks))
    return all3([is_current(h, case), h.unresolved, named, h.world.empty("cases", case, "risk_notes")])


@rule("risk.disability")
def _disability(h: Household) -> Truth:
    return all3([h.unresolved, h.has_risk("disability"), nobody_then(h, disabled)])


@rule("risk.illness")
def _illness(h: Household) -> Truth:
    return all3(
        [h.unresolved, h.has_risk("illness"), any3([nobody_then(h, ill), is_one_of(h.get("oop_medical"), 0)])]
    )


@rule("risk.schooling")
def _schooling(h: Household) -> Truth:
    day = discovered(h) or h.on

    def at_school(m: Row) -> Truth:
        age = h.age(m, day)
        now = h.age(m)
        old_enough = None if now is None else now >= h.par("school_from")
        return any3(
            [
                m.get("in_school"),
                all3(
                    [old_enough, None if now is None else (now if age is None else age) <= h.par("school_to")]
                ),
            ]
        )

    return all3([h.unresolved, h.has_risk("schooling"), nobody_then(h, at_school)])


@rule("risk.housing_water")
def _housing_water(h: Household) -> Truth:
    found = []
    for risk, flag, kind in (
        ("unsafe_housing", "housing_unsafe", "unsafe_house"),
        ("unsafe_water", "water_unsafe", "unsafe_water"),
    ):
        alerts = h.rows("alerts")
        came = None if alerts is None else any3(is_one_of(a.get("kind"), kind) for a in alerts)
        was = any(risk in (codes(v.get("causes")) or []) for v in h.visits_so_far or [])
        never = False if _answered_yes(h, flag) else not3(h.get(flag))
        found.append(all3([h.has_risk(risk), never, not3(came), not was]))
    return all3([h.unresolved, any3(found)])


def _answered_yes(h: Household, flag: str) -> bool:
    visits = {v["visit_id"] for v in h.visits_so_far or []}
    return any(
        a.get("question") == flag and a.get("answer") == "true" and a.get("visit_id") in visits
        for a in h.rows("answers") or []
    )


@rule("risk.job")
def _job(h: Household) -> Truth:
    lost = any_of(h.rows("alerts"), lambda a: is_one_of(a.get("kind"), "job_loss"))
    worked = any3([not3(nobody_then(h, works)), h.has_item("wage.") is True])
    return all3(
        [
            h.unresolved,
            h.has_risk("job_unstable"),
            any3([nobody_then(h, able_or_weak), all3([not3(worked), not3(lost)])]),
        ]
    )


@rule("risk.no_labour")
def _no_labour(h: Household) -> Truth:
    if h.members is None:
        return None
    count = len(h.members)
    share = h.par("labour_share_big" if count >= h.par("big_household") else "labour_share")
    known = sum(able(m) is True for m in h.members)
    unknown = sum(able(m) is None for m in h.members)
    over: Truth = True if known > share * count else None if known + unknown > share * count else False
    return all3([h.unresolved, h.has_risk("no_labour"), over])


@rule("risk.event")
def _event(h: Household) -> Truth:
    day = discovered(h)
    found = []
    for risk, kinds in (
        ("disaster", ("disaster",)),
        ("accident", ("accident",)),
        ("project_failed", ("project_failed", "price_fall")),
    ):
        alerts = h.rows("alerts")
        came = None if alerts is None else any3(_came(a, day, kinds) for a in alerts)
        if risk == "project_failed":
            without: Truth = all3([not3(came), not3(_project(h))])
        else:
            without = not3(came)
        found.append(all3([h.has_risk(risk), without]))
    return all3([h.unresolved, any3(found)])


def _project(h: Household) -> Truth:
    """Any item of production or its expense, of any time."""
    kinds = (
        "production.",
        "expense.operating",
        "expense.depreciation",
        "expense.tax_and_fees",
        "expense.self_used_input",
        "expense.total",
    )
    return any_of(h.rows("income_items"), lambda i: i["kind"].startswith(kinds))


def _came(alert: Row, day: date | None, kinds: tuple[str, ...]) -> Truth:
    if day is None:
        return all3([is_one_of(alert.get("kind"), *kinds), None])
    first, event, received = months_before(day, 12), alert.get("event_on"), alert.get("received_on")
    inside: Truth = any(d is not None and first <= d <= day for d in (event, received))
    if not inside and event is None and (received is None or received > day):
        inside = None  # it may have happened before
    return all3([is_one_of(alert.get("kind"), *kinds), inside])


@rule("risk.fact_without_risk")
def _fact(h: Household) -> Truth:
    risk_of = {
        "water_unsafe": "unsafe_water",
        "housing_unsafe": "unsafe_housing",
        "school_dropout": "schooling",
        "uninsured_member": "illness",
    }
    if h.rows("cases") is not None and h.case is None:
        return False
    return all3(
        [h.unresolved, any3(all3([h.get(f), not3(h.has_risk(r)), _since(h, f)]) for f, r in risk_of.items())]
    )


def _since(h: Household, flag: str) -> bool:
    """Given at the discovery or later, or nobody knows when."""
    given, day = given_on(h, flag), discovered(h)
    return given is None or day is None or given >= day


@rule("risk.visit_answer")
def _visit_answer(h: Household) -> Truth:
    return any_of(h.rows("visits"), lambda v: _answer_wrong(h, v))


def _given_later(h: Household, flag: str, v: Row) -> bool:
    """Noted as given only after the visit."""
    days = [
        g["given_on"]
        for g in h.rows("given") or []
        if g.get("column_name") == flag
        and g.get("member_id") is None
        and g.get("given_on")
        and g["given_on"] <= h.on
    ]
    return bool(days) and max(days) > v["visited_on"]


def _answer_wrong(h: Household, v: Row) -> Truth:
    causes, risk = codes(v.get("causes")), v.get("risk")
    empty = h.world.empty("visits", v, "causes")
    low = is_one_of(v.get("income_band"), "at_or_below_range")
    flags: list[Truth] = [False]
    if v is h.latest_visit:
        flags = [False if _given_later(h, f, v) else h.get(f) for f in GUARANTEES]
        if low is None:
            low = h.at_or_below_range
    later = None
    if h.rows("cases") is not None:
        if h.case is None:
            later = False
        elif causes is None:
            later = False if empty else None
        else:
            after = less(discovered(h), v.get("visited_on"))
            new = None if h.risks is None else bool(set(causes) - set(h.risks))
            later = all3([h.unresolved, after, new])
    return any3([all3([risk, empty]), all3([not3(risk), any3([not3(empty), *flags, low])]), later])
