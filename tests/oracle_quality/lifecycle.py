"""dates.*, removed.*, safeguard.*"""

from __future__ import annotations

from datetime import date, timedelta

from tests.oracle.kinds import KINDS
from tests.oracle.logic import Truth, all3, any3, is_one_of, less, not3
from tests.oracle.money import countable

from .measures import is_done
from .registry import of_rows, rule
from .risks import is_current
from .world import Household, Row, able_or_weak, any_of, days_between, more

DATES = {
    "households": "identified_on resolved_on last_changed_on",
    "members": "birth_date joined_on left_on",
    "income_items": "received_on",
    "alerts": "event_on received_on verified_on studied_on",
    "visits": "visited_on data_taken_on",
    "cases": "discovered_on applied_on verified_on reviewed_on notice_from town_reviewed_on approved_on plan_on "
    "removal_proposed_on removal_approved_on rolled_back_on withdrawn_on last_studied_on above_range_since "
    "effect_reviewed_on development_confirmed_on safeguard_village_on safeguard_confirmed_on removal_consent_on",
    "measures": "done_on",
    "satisfaction": "asked_on",
    "leaflets": "given_on",
    "loans": "lent_on",
    "projects": "started_on",
}
MAY_LIE_AHEAD = {
    "cases": "notice_to",
    "measures": "planned_on",
    "loans": "due_on",
    "projects": "dividend_due_on",
}


@rule("dates.future")
def _future(h: Household) -> Truth:
    return any(_wrong_dates(h))


def _wrong_dates(h: Household) -> list[bool]:
    found = []
    births = {m["member_id"]: m.get("birth_date") for m in h.all_members or []}
    for table, names in DATES.items():
        rows = [h.row] if table == "households" else h.rows(table) or []
        ahead = MAY_LIE_AHEAD.get(table, "").split()
        for row in rows:
            planned = table == "income_items" and row.get("realised") is False
            for name in [*names.split(), *ahead]:
                day = row.get(name)
                if day is None:
                    continue
                found.append(day < date(1900, 1, 1) or (day > h.on and name not in ahead and not planned))
            if table == "income_items" and row.get("received_on"):
                birth = births.get(row.get("member_id") or "")
                found.append(birth is not None and row["received_on"] < birth)
    return found


# ---- dates of one case


@rule("dates.status")
def _status(h: Household) -> Truth:
    identified, resolved = h.get("identified_on"), h.get("resolved_on")
    known = h.world.has("cases", "rolled_back_on")
    rolled = any_of(
        h.rows("cases"),
        lambda c: (
            None
            if not known
            else False
            if c.get("rolled_back_on") is None
            else None
            if resolved is None
            else c["rolled_back_on"] >= resolved
        ),
    )
    withdrawn = any_of(
        h.rows("cases"), lambda c: c.get("withdrawn_on") is not None and c["withdrawn_on"] <= h.on
    )
    return any3(
        [
            all3(
                [
                    h.unresolved,
                    None
                    if resolved is None and not h.world.has("households", "resolved_on")
                    else False
                    if resolved is None
                    else not3(less(resolved, identified)),
                    not3(rolled),
                ]
            ),
            all3([h.resolved, h.empty("resolved_on")]),
            all3([h.monitored, h.empty("identified_on")]),
            all3([h.status("none"), not3(h.empty("identified_on")), not3(withdrawn)]),
        ]
    )


def is_open(case: Row) -> bool:
    """Goes on until withdrawn or removed (and not rolled back)."""
    if case.get("withdrawn_on") is not None:
        return False
    removed, rolled = case.get("removal_approved_on"), case.get("rolled_back_on")
    return removed is None or (rolled is not None and rolled >= removed)


def stage(case: Row) -> str:
    if case.get("withdrawn_on") is not None:
        return "withdrawn"
    if not is_open(case):
        return "resolved"
    return "open" if case.get("approved_on") is None else "approved"


STAGE_OF_WORD = {
    **dict.fromkeys(["discovered", "applied", "verified", "reviewed", "noticed", "town_reviewed"], "open"),
    **dict.fromkeys(["approved", "planned", "removal_proposed", "rolled_back"], "approved"),
    "resolved": "resolved",
    "withdrawn": "withdrawn",
}


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


@rule("dates.case")
def _case(h: Household) -> Truth:
    cases = h.rows("cases")
    since = not3(less(h.get("identified_on"), h.par("cases_from")))
    if cases is None:
        return None
    live = [c for c in cases if c.get("withdrawn_on") is None]
    two = (
        sum(is_open(c) and c.get("discovered_on") is not None and c["discovered_on"] <= h.on for c in cases)
        > 1
    )
    words = [STAGE_OF_WORD.get(c.get("state") or "") for c in cases]
    state = any3(None if word is None else word != stage(c) for word, c in zip(words, cases, strict=True))
    months: list[Truth] = []
    for column, wanted in (("identified_on", "approved_on"), ("resolved_on", "removal_approved_on")):
        own, dates = h.get(column), [c[wanted] for c in cases if c.get(wanted) is not None]
        if not any(c.get(wanted) is not None for c in live):
            months.append(False if h.world.has("cases", wanted) else None)
        elif own is None:
            months.append(None)
        else:
            months.append(all(_month(own) != _month(d) for d in dates))
    return any3(
        [
            all3([h.monitored, since, h.case is None]),
            two,
            state,
            all3([h.monitored, months[0]]),
            all3([h.resolved, months[1]]),
        ]
    )


@of_rows("dates.discovery", "cases")
def _discovery(h: Household, case: Row) -> Truth:
    source, day = case.get("discovery_source"), case.get("discovered_on")
    if case.get("withdrawn_on") is not None or day is None:
        return False
    if source is None:
        return None
    if source == "visit":
        visits = h.world.rows("visits")
        if visits is None:
            return None
        kept = min((v["visited_on"] for v in visits if v.get("visited_on")), default=None)
        if kept is None or kept > day:
            return None if kept is None else False
        return not any(v.get("visited_on") == day for v in h.rows("visits") or [])
    alerts = h.world.rows("alerts")
    if alerts is None:
        return None
    kept = min((a["received_on"] for a in alerts if a.get("received_on")), default=None)
    if kept is None or kept > day:
        return None if kept is None else False
    near = [
        a for a in h.rows("alerts") or [] if a.get("received_on") and abs((a["received_on"] - day).days) <= 3
    ]
    if source == "application":
        near = [a for a in near if a.get("source") == "application" or a.get("kind") == "self_application"]
    return not near


@of_rows("dates.green_channel", "cases")
def _green(h: Household, case: Row) -> Truth:
    day, green = case.get("discovered_on"), case.get("green_channel")
    urgent = any_of(h.rows("alerts"), lambda a: a.get("kind") in ("disaster", "accident", "serious_illness"))
    if case.get("withdrawn_on") is not None:
        return False
    helped = None
    if day is not None:
        limit = day + timedelta(days=h.par("green_days"))
        if h.world.has("measures", "done_on"):
            days = [m.get("done_on") for m in h.rows("measures") or []]
            helped = any(d is not None and day <= d <= limit for d in days)
        if h.on <= limit:
            helped = True
    empty = h.world.empty("cases", case, "approved_on")
    late = all3([empty, more(days_between(day, h.on), h.par("green_close_days"))])
    return all3([green, any3([not3(urgent), not3(helped), late])])


@of_rows("dates.same_day", "cases")
def _same_day(h: Household, case: Row) -> Truth:
    names = ("discovered_on", "verified_on", "reviewed_on", "approved_on")
    own = [case.get(n) for n in names]
    area = h.get("area_code")
    if None in own:
        return None
    if area is None:
        return False
    count = 0
    for other in h.world.households.values():
        if other.get("area_code") == area:
            count += sum([c.get(n) for n in names] == own for c in other.rows("cases") or [])
    return count >= h.par("same_case_n")


# ---- removed.*


@rule("removed.record")
def _record(h: Household) -> Truth:
    case = h.case
    if h.rows("cases") is None:
        return None
    if case is None:
        return False
    empty = any3(
        [
            h.world.empty("cases", case, "removal_income_per_capita"),
            *[h.empty(f) for f in ("school_dropout", "uninsured_member", "housing_unsafe", "water_unsafe")],
        ]
    )
    low = None  # the range set for this run is that of the day of the removal, too
    if case.get("removal_income_per_capita") is not None and h.get("resolved_on") is not None:
        low = case["removal_income_per_capita"] <= h.par("monitoring_range")
    by_help = is_one_of(case.get("removal_manner"), "help")
    return all3(
        [
            h.resolved,
            any3([h.world.empty("cases", case, "removal_manner"), all3([by_help, any3([empty, low])])]),
        ]
    )


@of_rows("removed.unanswered", "cases")
def _unanswered(h: Household, case: Row) -> Truth:
    known = h.world.has("measures", "done_on")
    done = None if not known else [m for m in h.rows("measures") or [] if is_done(h, m)]
    risks = case.get("risks")
    left: Truth = None
    if done is not None and risks is not None and h.world.has("measures", "risk"):
        answered = {m.get("risk") for m in done}
        left = any(r not in answered for r in risks.split(";"))
    none = None if done is None else not done
    return all3(
        [is_current(h, case), h.resolved, is_one_of(case.get("removal_manner"), "help"), any3([none, left])]
    )


@rule("removed.effect_gone")
def _gone(h: Household) -> Truth:
    resolved, items = h.get("resolved_on"), h.rows("income_items")
    if h.resolved is False or items == []:
        return False
    start = resolved + timedelta(days=h.par("benefit_days")) if resolved else None
    over = None if resolved is None else (h.on - resolved).days >= 2 * h.par("benefit_days")
    found = []
    for kinds, prefixes in (
        (("employment", "public_post"), ("wage.",)),
        (("dibao", "tekun"), ("transfer.dibao", "transfer.tekun")),
        (("industry",), ("production.",)),
    ):
        out = any_of(
            h.rows("measures"), lambda m, kinds=kinds: all3([is_done(h, m), is_one_of(m.get("kind"), *kinds)])
        )
        since = None
        if items is not None:
            counted = [
                i for i, _kind in countable(h._oracle_facts, KINDS) or [] if i["kind"].startswith(prefixes)
            ]
            days = [
                i["received_on"]
                for i in counted
                if i.get("received_on") is not None and i["received_on"] <= h.on
            ]
            since = False if not days else None if start is None else max(days) >= start
        found.append(all3([out, not3(since)]))
    return all3([h.resolved, over, any3(found)])


@of_rows("removed.batch", "cases")
def _batch(h: Household, case: Row) -> Truth:
    day, area = case.get("removal_approved_on"), h.get("area_code")
    if day is None or area is None:
        return None
    days = [
        c["removal_approved_on"]
        for o in h.world.households.values()
        if o.get("area_code") == area
        for c in o.rows("cases") or []
        if c.get("removal_approved_on") is not None
    ]
    year = [d for d in days if d.year == day.year]
    for back in range(7):
        start = day - timedelta(days=back)
        inside = [d for d in days if start <= d <= start + timedelta(days=6)]
        if len(inside) >= h.par("removal_batch") and 2 * len([d for d in inside if d.year == day.year]) > len(
            year
        ):
            return True
    return False


@of_rows("removed.consent", "cases")
def _consent(h: Household, case: Row) -> Truth:
    day = case.get("removal_approved_on")
    if day is None:
        return False
    empty = h.world.empty("cases", case, "removal_consent_on")
    late = more(case.get("removal_consent_on"), day)
    dead = all3([case.get("removal_manner") == "natural", None if h.members is None else not h.members])
    return all3([any3([empty, False if empty else late]), not3(dead)])


@rule("removed.look_back")
def _look_back(h: Household) -> Truth:
    resolved = h.get("resolved_on")
    if h.resolved is False:
        return False
    if h.rows("visits") is None or resolved is None:
        recent = resolved is not None and (h.on - resolved).days <= h.par("look_back_days")
        return (
            False
            if recent or (h.visited and (h.on - h.latest_visit["visited_on"]).days <= h.par("look_back_days"))
            else None
        )  # type: ignore[index]
    after = [v["visited_on"] for v in h.visits_so_far or [] if v["visited_on"] > resolved]
    return all3([h.resolved, (h.on - max([resolved, *after])).days > h.par("look_back_days")])


# ---- safeguard.*


def safeguard(h: Household) -> Truth:
    if h.rows("cases") is None:
        return None
    return False if h.case is None else h.case.get("no_labour_safeguard")


@rule("safeguard.with_labour")
def _with_labour(h: Household) -> Truth:
    return all3([safeguard(h), h.any_member(able_or_weak)])


@rule("safeguard.not_monitored")
def _not_monitored(h: Household) -> Truth:
    return all3([safeguard(h), h.status("none")])


@rule("safeguard.no_support")
def _no_support(h: Household) -> Truth:
    tekun, dibao = h.has_item("transfer.tekun"), h.has_item("transfer.dibao")
    low = not3(is_one_of(h.get("dibao_tier"), "full", "highest"))
    return all3([safeguard(h), not3(tekun), any3([not3(dibao), low])])


@of_rows("safeguard.unconfirmed", "cases")
def _unconfirmed(h: Household, case: Row) -> Truth:
    return all3(
        [
            is_current(h, case),
            case.get("no_labour_safeguard"),
            h.world.empty("cases", case, "safeguard_confirmed_on"),
        ]
    )


@rule("safeguard.not_covered")
def _not_covered(h: Household) -> Truth:
    if h.members is None:
        return None
    known = bool(h.members) and all(m.get("labour_capacity") is not None for m in h.members)
    none = h.has_item("transfer.dibao", "transfer.tekun")
    return all3([h.lifted_or_monitored, known, h.no_member(able_or_weak), not3(none)])
