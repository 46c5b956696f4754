"""measure.*"""

from __future__ import annotations

from datetime import date, timedelta

from tests.oracle.logic import Truth, all3, any3, is_one_of, less, not3

from .registry import of_rows, rule
from .world import DEVELOPMENT, Household, Row, able_or_weak, any_of, days_between, disabled, more, works

KINDS_OF_RISK: dict[str, tuple[str, ...]] = {
    "illness": ("medical_aid", "insurance", "dibao", "tekun", "temporary_relief", "social"),
    "schooling": ("education_aid", "social"),
    "unsafe_housing": ("housing",),
    "unsafe_water": ("water",),
    "disability": ("dibao", "tekun", "medical_aid", "social"),
    "project_failed": DEVELOPMENT,
    "job_unstable": DEVELOPMENT,
}


def is_done(h: Household, m: Row) -> bool:
    return m.get("done_on") is not None and m["done_on"] <= h.on


def has_measure(h: Household, ask: object) -> Truth:
    return any_of(h.rows("measures"), ask)  # type: ignore[arg-type]


@of_rows("measure.kind_for_risk", "measures")
def _kind(h: Household, m: Row) -> Truth:
    risk, kind = m.get("risk"), m.get("kind")
    if risk is None:
        return None
    fits: Truth = True if risk not in KINDS_OF_RISK else is_one_of(kind, *KINDS_OF_RISK[risk])
    foreign = None
    if h.rows("cases") is not None:
        if h.case is None:
            foreign = False
        else:
            since = not3(less(m.get("planned_on") or m.get("done_on"), h.case.get("discovered_on")))
            foreign = all3([since, not3(h.has_risk(risk))])
    return any3([not3(fits), foreign])


@of_rows("measure.job_without_worker", "measures")
def _job(h: Household, m: Row) -> Truth:
    post = is_one_of(m.get("kind"), "public_post")
    work = is_one_of(m.get("kind"), "employment", "public_post")
    done = is_done(h, m)
    waited = done and (h.on - m["done_on"]).days > h.par("benefit_days")
    worked: Truth = None
    if done and h.rows("income_items") is not None:
        wages = any3(
            False if i.get("realised") is False or not i["kind"].startswith("wage.") else None if i.get("received_on") is None else m["done_on"] <= i["received_on"] <= h.on
            for i in h.rows("income_items") or []
        )
        worked = any3([wages, h.any_member(works)])
    no_post = h.no_member(lambda p: p.get("public_post"))
    return all3(
        [
            done,
            any3(
                [
                    all3([work, h.no_member(able_or_weak)]),
                    all3([work, waited, not3(worked)]),
                    all3([post, no_post]),
                ]
            ),
        ]
    )


@of_rows("measure.benefit_unpaid", "measures")
def _unpaid(h: Household, m: Row) -> Truth:
    done, kind = is_done(h, m), m.get("kind")
    subsidy = all3([done, is_one_of(m.get("detail"), "travel_subsidy"), is_one_of(h.total("cost.travel_subsidy"), 0)])
    if not done:
        return False
    if kind not in ("dibao", "tekun"):
        return any3([None if kind is None else False, subsidy])
    end = m["done_on"] + timedelta(days=h.par("benefit_days"))
    if h.on <= end:
        return any3([False, subsidy])
    first = h.world.window[0]
    paid: Truth = None
    items = h.rows("income_items")
    if items is not None:
        wanted = ("transfer.dibao", "transfer.tekun")
        paid = any3(
            False if i.get("realised") is False or i["kind"] not in wanted else None if i.get("received_on") is None else m["done_on"] <= i["received_on"] <= end
            for i in items
        )
        if paid is False and (m["done_on"] < first or h.has_item("transfer.total")):
            paid = None
    return any3([not3(paid), subsidy])


def _item_since(h: Household, day: date | None, *kinds: str) -> Truth:
    rows = h.rows("income_items")
    if rows is None:
        return None
    return any3(
        False if i.get("realised") is False or i["kind"] not in kinds else None if i.get("received_on") is None or day is None else day <= i["received_on"] <= h.on
        for i in rows
    )


@rule("measure.benefit_unrecorded")
def _unrecorded(h: Household) -> Truth:
    found = []
    for kind in ("dibao", "tekun"):
        paid = _item_since(h, h.get("identified_on"), f"transfer.{kind}")
        found.append(all3([h.unresolved, paid, not3(has_measure(h, lambda m, kind=kind: is_one_of(m.get("kind"), kind)))]))  # type: ignore[misc]
    post = h.any_member(lambda p: p.get("public_post"))
    found.append(all3([h.unresolved, post, not3(has_measure(h, lambda m: is_one_of(m.get("kind"), "public_post")))]))
    return any3(found)


@rule("measure.disability_subsidy")
def _disability(h: Household) -> Truth:
    subsidy = has_measure(h, lambda m: is_one_of(m.get("detail"), "disability_subsidy"))
    severe = h.any_member(lambda p: is_one_of(p.get("disability_level"), 1, 2))
    return any3(
        [
            all3([subsidy, h.no_member(disabled)]),
            all3([h.unresolved, severe, not3(subsidy), not3(h.has_item("transfer.disability"))]),
        ]
    )


@rule("measure.premium_subsidy")
def _premium(h: Household) -> Truth:
    month, day = h.par("premium_cutoff")
    early = less(h.get("identified_on"), date(h.on.year, month, day))
    subsidy = has_measure(h, lambda m: is_one_of(m.get("detail"), "premium_subsidy"))
    return all3([h.unresolved, early, not3(subsidy), not3(h.has_item("excluded.insurance_premium"))])


@rule("measure.study_aid")
def _study(h: Household) -> Truth:
    aid = has_measure(h, lambda m: is_one_of(m.get("kind"), "education_aid"))
    since = has_measure(
        h,
        lambda m: all3([is_one_of(m.get("kind"), "education_aid"), not3(less(m.get("done_on") or m.get("planned_on"), h.get("identified_on")))]),
    )
    student = h.any_member(lambda p: is_one_of(p.get("school_stage"), "vocational", "college"))
    return any3([all3([aid, h.no_member(lambda p: p.get("in_school"))]), all3([h.unresolved, student, not3(since)])])


@of_rows("measure.overdue", "measures")
def _overdue(h: Household, m: Row) -> Truth:
    late = more(days_between(m.get("planned_on"), h.on), h.par("measure_days"))
    not_done = h.world.empty("measures", m, "done_on")
    no_amount = any3([h.world.empty("measures", m, "amount"), is_one_of(m.get("amount"), 0)])
    return any3([all3([not_done, late]), all3([not3(not_done), no_amount, not3(h.world.empty("measures", m, "unit"))])])


@rule("measure.development_flag")
def _development(h: Household) -> Truth:
    if h.rows("cases") is not None and h.case is None:
        return False
    flag = h.case.get("development_done") if h.case else None
    real = has_measure(h, lambda m: all3([is_done(h, m), is_one_of(m.get("kind"), "industry", "employment", "public_post", "microcredit")]))
    return any3([all3([flag, not3(real)]), all3([not3(flag), real])])


@rule("measure.weak_untried")
def _weak(h: Household) -> Truth:
    able_count = h.any_member(lambda m: is_one_of(m.get("labour_capacity"), "skilled", "ordinary"))
    weak = h.any_member(lambda m: is_one_of(m.get("labour_capacity"), "weak"))
    tried = has_measure(h, lambda m: is_one_of(m.get("kind"), *DEVELOPMENT))
    return all3([h.unresolved, not3(able_count), weak, not3(tried)])


@rule("measure.same_for_all")
def _same(h: Household) -> Truth:
    """With at least so many of the village, with two sets of risks at least: the same kinds, planned on one day."""
    area, own = h.get("area_code"), _plan(h)
    if area is None or h.rows("measures") is None:
        return None
    if own is None:
        return False
    alike = [o for o in h.world.households.values() if o.get("area_code") == area and _plan(o) == own]
    risks = {tuple(sorted(o.risks)) for o in alike if o.risks is not None}
    return len(alike) >= h.par("same_plan_n") and len(risks) > 1


def _plan(h: Household) -> tuple[date, tuple[str, ...]] | None:
    """The day and the kinds, where all were planned on one day."""
    rows = h.rows("measures") or []
    days, kinds = {m.get("planned_on") for m in rows}, {m.get("kind") for m in rows}
    if len(days) != 1 or None in days or None in kinds:
        return None
    return days.pop(), tuple(sorted(kinds))  # type: ignore[return-value, type-var]


_ = any_of
