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


def is_done(h: Household, m: Row) -> Truth:
    if not h.world.has("measures", "done_on"):
        return None
    return m.get("done_on") is not None and m["done_on"] <= h.on


def has_measure(h: Household, ask: object) -> Truth:
    return any_of(h.rows("measures"), ask)  # type: ignore[arg-type]


def _detail(h: Household, m: Row, wanted: str) -> Truth:
    """No detail is none of them."""
    return m.get("detail") == wanted if h.world.has("measures", "detail") else None


@of_rows("measure.kind_for_risk", "measures")
def _kind(h: Household, m: Row) -> Truth:
    risk, kind = m.get("risk"), m.get("kind")
    if risk is None:
        return None
    fits: Truth = True if risk not in KINDS_OF_RISK else is_one_of(kind, *KINDS_OF_RISK[risk])
    foreign = None
    if h.rows("cases") is not None:
        if h.case is None:
            foreign = None
        else:
            since = not3(
                less(m.get("planned_on") or m.get("done_on"), h.case.get("discovered_on"))
            )  # before: of an earlier case
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
            False
            if i.get("realised") is False or not i["kind"].startswith("wage.")
            else None
            if i.get("received_on") is None
            else m["done_on"] <= i["received_on"] <= h.on
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
    if not done:
        return done
    end = m["done_on"] + timedelta(days=h.par("benefit_days"))
    if h.on <= end:
        return False
    first, last = h.world.window
    assistance = ("transfer.dibao", "transfer.tekun", "excluded.tekun_institution")
    paid = any3(
        [_money(h, assistance, m["done_on"], end), _maybe(_money(h, ("transfer.total",), m["done_on"], h.on))]
    )
    travel = _money(h, ("cost.travel_subsidy",), first, last)
    if m["done_on"] < first:  # items of that time need not be there
        paid, travel = _maybe(paid), _maybe(travel) if travel is not True else True
        paid = True if _money(h, assistance, m["done_on"], end) is True else None
        travel = True if travel is True else None
    return any3(
        [
            all3([is_one_of(kind, "dibao", "tekun"), not3(paid)]),
            all3([_detail(h, m, "travel_subsidy"), not3(travel)]),
        ]
    )


def _maybe(truth: Truth) -> Truth:
    return None if truth is not False else False


def _money(h: Household, kinds: tuple[str, ...], first: date, last: date) -> Truth:
    """Whether money of one of the kinds came in from the first to the last day."""
    rows = h.rows("income_items")
    if rows is None:
        return None
    found: list[Truth] = []
    for i in rows:
        day, amount = i.get("received_on"), i.get("amount")
        if i["kind"] not in kinds or i.get("realised") is False or amount == 0:
            continue
        if day is not None and not first <= day <= last:
            continue
        found.append(None if day is None or amount is None else True)
    return any3(found)


def _item_since(h: Household, day: date | None, kind: str) -> Truth:
    """Whether money of the kind that is known came in since; without a day nobody knows."""
    rows = h.rows("income_items")
    if rows is None:
        return None
    days = [
        i["received_on"]
        for i in rows
        if i["kind"] == kind
        and i.get("realised") is not False
        and i.get("received_on")
        and i["received_on"] <= h.on
        and (i.get("amount") or 0) > 0
    ]
    return not3(less(max(days), day)) if days else False


@rule("measure.benefit_unrecorded")
def _unrecorded(h: Household) -> Truth:
    found = []
    for kind in ("dibao", "tekun"):
        paid = _item_since(h, h.get("identified_on"), f"transfer.{kind}")
        found.append(
            all3(
                [
                    h.unresolved,
                    paid,
                    not3(has_measure(h, lambda m, kind=kind: is_one_of(m.get("kind"), kind))),
                ]
            )
        )  # type: ignore[misc]
    post = h.any_member(lambda p: p.get("public_post"))
    found.append(
        all3([h.unresolved, post, not3(has_measure(h, lambda m: is_one_of(m.get("kind"), "public_post")))])
    )
    return any3(found)


@rule("measure.disability_subsidy")
def _disability(h: Household) -> Truth:
    subsidy = has_measure(h, lambda m: _detail(h, m, "disability_subsidy"))
    money = any_of(
        h.rows("income_items"),
        lambda i: i["kind"] == "transfer.disability" and i.get("realised") is not False,
    )
    if money is False and any(i["kind"] == "transfer.total" for i in h.rows("income_items") or []):
        money = None  # the total may hold it
    severe = h.any_member(lambda p: is_one_of(p.get("disability_level"), 1, 2))
    return any3(
        [
            all3([subsidy, h.no_member(disabled)]),
            all3([h.unresolved, severe, not3(subsidy), not3(money)]),
        ]
    )


@rule("measure.premium_subsidy")
def _premium(h: Household) -> Truth:
    month, day = h.par("premium_cutoff")
    early = less(h.get("identified_on"), date(h.on.year, month, day))
    subsidy = has_measure(h, lambda m: _detail(h, m, "premium_subsidy"))
    paid = any_of(
        h.rows("income_items"),
        lambda i: i["kind"] == "excluded.insurance_premium" and i.get("realised") is not False,
    )
    return all3([h.unresolved, early, not3(subsidy), not3(paid)])


@rule("measure.study_aid")
def _study(h: Household) -> Truth:
    aid = has_measure(h, lambda m: is_one_of(m.get("kind"), "education_aid"))
    since = has_measure(
        h,
        lambda m: all3(
            [
                is_one_of(m.get("kind"), "education_aid"),
                not3(less(m.get("done_on") or m.get("planned_on"), h.get("identified_on"))),
            ]
        ),
    )
    student = h.any_member(
        lambda p: all3(
            [is_one_of(p.get("school_stage"), "vocational", "college"), p.get("in_school") is not False]
        )
    )
    return any3(
        [all3([aid, h.no_member(lambda p: p.get("in_school"))]), all3([h.unresolved, student, not3(since)])]
    )


@of_rows("measure.overdue", "measures")
def _overdue(h: Household, m: Row) -> Truth:
    late = more(days_between(m.get("planned_on"), h.on), h.par("measure_days"))
    not_done = h.world.empty("measures", m, "done_on")
    no_amount = any3([h.world.empty("measures", m, "amount"), is_one_of(m.get("amount"), 0)])
    return any3(
        [all3([not_done, late]), all3([is_done(h, m), no_amount, not3(h.world.empty("measures", m, "unit"))])]
    )


@rule("measure.development_flag")
def _development(h: Household) -> Truth:
    if h.rows("cases") is not None and h.case is None:
        return False
    flag = h.case.get("development_done") if h.case else None

    def real(m: Row) -> Truth:
        return all3(
            [is_done(h, m), is_one_of(m.get("kind"), "industry", "employment", "public_post", "microcredit")]
        )

    start = h.case.get("discovered_on") if h.case else None
    of_case = has_measure(h, lambda m: all3([real(m), not3(less(m.get("done_on"), start))]))
    return any3([all3([flag, not3(has_measure(h, real))]), all3([not3(flag), of_case])])


@rule("measure.weak_untried")
def _weak(h: Household) -> Truth:
    """By labour_count: whoever leaves on the day itself is counted still, who serves and shares nothing is not."""
    counted = [
        m.get("labour_capacity")
        for m in h.all_members or []
        if (m.get("left_on") is None or m["left_on"] >= h.on)
        and not (m.get("serving") and m.get("shares_income") is False)
    ]
    known = h.all_members is not None
    able_count = any3(is_one_of(capacity, "skilled", "ordinary") for capacity in counted) if known else None
    weak = any3(is_one_of(capacity, "weak") for capacity in counted) if known else None
    tried = has_measure(h, lambda m: is_one_of(m.get("kind"), *DEVELOPMENT))
    return all3([h.unresolved, not3(able_count), weak, not3(tried)])


@rule("measure.same_for_all")
def _same(h: Household) -> Truth:
    """With at least so many of the village, with two sets of risks at least: the same kinds, planned on one day."""
    area = h.get("area_code")
    if h.rows("measures") is None or h.rows("cases") is None or not h.world.has("households", "area_code"):
        return None
    if not (h.world.has("measures", "kind", "planned_on") and h.world.has("cases", "risks")):
        return None
    if area is None or h.risks is None:
        return False
    homes = [o for o in h.world.households.values() if o.get("area_code") == area and o.risks is not None]
    for plan in _plans(h):
        alike = [o for o in homes if plan in _plans(o)]
        if len(alike) >= h.par("same_plan_n") and len({tuple(sorted(set(o.risks or ()))) for o in alike}) > 1:
            return True
    return False


def _plans(h: Household) -> list[tuple[date, tuple[str, ...]]]:
    """Day and kinds of what was planned on each day."""
    found: dict[date, set[str]] = {}
    for m in h.rows("measures") or []:
        if m.get("planned_on") is not None and m.get("kind") is not None:
            found.setdefault(m["planned_on"], set()).add(m["kind"])
    return [(day, tuple(sorted(kinds))) for day, kinds in found.items()]
