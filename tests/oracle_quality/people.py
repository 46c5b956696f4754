"""labour.*, school.*, health.*"""

from __future__ import annotations

from tests.oracle.facts import apart
from tests.oracle.logic import Truth, all3, any3, is_one_of, last_31_august, less, not3

from .registry import of_members, rule
from .world import Household, Row, able, between, codes, healthy, ill, more, works

STAGE_AGES: dict[str, tuple[int, int]] = {
    "preschool": (-1, 6),
    "primary": (6, 14),
    "junior": (12, 17),
    "senior": (15, 20),
    "vocational": (15, 20),
    "college": (18, 200),
    "university": (18, 200),
}


def capacity(m: Row, *wanted: str) -> Truth:
    return is_one_of(m.get("labour_capacity"), *wanted)


@of_members("labour.missing")
def _missing(h: Household, m: Row) -> Truth:
    return h.world.empty("members", m, "labour_capacity")


@of_members("labour.under_16")
def _under(h: Household, m: Row) -> Truth:
    return all3([less(h.age(m), h.par("labour_age_from")), not3(capacity(m, "none"))])


@of_members("labour.over_60_ordinary")
def _over_ordinary(h: Household, m: Row) -> Truth:
    return all3([more(h.age(m), h.par("labour_age_to")), capacity(m, "ordinary", "lost")])


@of_members("labour.over_60_skilled")
def _over_skilled(h: Household, m: Row) -> Truth:
    return all3([more(h.age(m), h.par("labour_age_to")), capacity(m, "skilled")])


@of_members("labour.healthy_not_able")
def _healthy_not_able(h: Household, m: Row) -> Truth:
    of_age = between(h.age(m), h.par("labour_age_from"), h.par("labour_age_to") - 1)
    return all3([of_age, healthy(m), not3(m.get("in_school")), capacity(m, "weak", "lost", "none")])


@of_members("labour.weak_reason")
def _weak_reason(h: Household, m: Row) -> Truth:
    reason = m.get("labour_reason")
    weak = capacity(m, "weak")
    empty = h.world.empty("members", m, "labour_reason")
    wrong = any3(
        [
            empty,
            all3([is_one_of(reason, "over_60"), less(h.age(m), h.par("labour_age_to"))]),
            all3([is_one_of(reason, "illness"), not3(ill(m))]),
            all3([is_one_of(reason, "disability"), is_one_of(m.get("disability_level"), 0)]),
        ]
    )
    return any3([all3([weak, wrong]), all3([not3(weak), not3(empty)])])


@of_members("labour.skilled_proof")
def _skilled_proof(h: Household, m: Row) -> Truth:
    empty = [h.world.empty("members", m, c) for c in ("skill_certificate", "trade")]
    return all3([capacity(m, "skilled"), any3(empty)])


@of_members("labour.severe_disability_able")
def _severe(_h: Household, m: Row) -> Truth:
    return all3([able(m), is_one_of(m.get("disability_level"), 1, 2)])


@of_members("labour.unable_works")
def _unable_works(h: Household, m: Row) -> Truth:
    tekun = h.paid("transfer.tekun", member=m["member_id"])
    return all3([any3([capacity(m, "lost", "none"), tekun]), works(m)])


# ---- school


def of_school_age(h: Household, m: Row) -> Truth:
    """School begins on 1 September: 6 by the last 31 August (rules.md)."""
    if apart(m):
        return False
    birth, entry = m.get("birth_date"), last_31_august(h.on)
    begun: Truth = (
        False
        if birth is not None and entry < birth <= h.on
        else not3(less(h.age(m, entry), h.par("school_from")))
    )
    return all3([begun, not3(more(h.age(m), h.par("school_to")))])


@of_members("school.missing")
def _school_missing(h: Household, m: Row) -> Truth:
    stage_empty = h.world.empty("members", m, "school_stage")
    return any3(
        [
            all3([of_school_age(h, m), h.world.empty("members", m, "in_school")]),
            all3([m.get("in_school"), stage_empty]),
            all3([not3(m.get("in_school")), not3(stage_empty)]),
        ]
    )


@rule("school.flag_disagrees")
def _flag(h: Household) -> Truth:
    out = h.any_member(
        lambda m: all3([of_school_age(h, m), not3(m.get("in_school")), not3(m.get("cannot_attend"))])
    )
    flag = h.get("school_dropout")
    return any3([all3([not3(flag), out]), all3([flag, not3(out)])])


@of_members("school.stage_age")
def _stage_age(h: Household, m: Row) -> Truth:
    stage, age, birth = m.get("school_stage"), h.age(m, last_31_august(h.on)), m.get("birth_date")
    if stage is None:
        return False
    if birth is not None and last_31_august(h.on) < birth <= h.on:
        age = -1  # not born by then
    low, high = STAGE_AGES[stage]
    return all3([healthy(m), not3(between(age, low, high))])


@of_members("school.cannot_attend")
def _cannot_attend(_h: Household, m: Row) -> Truth:
    cannot, home = m.get("cannot_attend"), m.get("home_teaching")
    return any3(
        [
            all3([cannot, healthy(m)]),
            all3([cannot, m.get("in_school"), not3(home)]),
            all3([home, not3(cannot)]),
        ]
    )


@of_members("school.student_works")
def _student_works(_h: Household, m: Row) -> Truth:
    return all3(
        [m.get("in_school"), not3(is_one_of(m.get("school_stage"), "college", "university")), works(m)]
    )


# ---- health


@of_members("health.missing")
def _health_missing(h: Household, m: Row) -> Truth:
    names = ("medical_insurance", "disability_level", "serious_illness", "mental_disorder", "chronic_illness")
    grown = not3(less(h.age(m), 16))
    return any3(
        [
            *[h.world.empty("members", m, c) for c in names],
            all3(
                [
                    h.monitored,
                    grown,
                    not3(m.get("in_school")),
                    h.world.empty("members", m, "pension_enrolled"),
                ]
            ),
        ]
    )


@rule("health.insurance_flag")
def _insurance_flag(h: Household) -> Truth:
    uninsured = h.any_member(lambda m: not3(m.get("medical_insurance")))
    flag, somebody = h.get("uninsured_member"), None if h.members is None else bool(h.members)
    return any3([all3([not3(flag), uninsured]), all3([flag, somebody, not3(uninsured)])])


@of_members("health.double_insurance")
def _double(h: Household, m: Row) -> Truth:
    kinds = codes(m.get("insurance_kinds"))
    both = None if kinds is None else {"resident", "employee"} <= set(kinds)
    empty = h.world.empty("members", m, "insurance_kinds")
    return any3([both, all3([empty, m.get("medical_insurance")])])


@of_members("health.uninsured_but_paid")
def _uninsured_paid(h: Household, m: Row) -> Truth:
    paid = h.own_item(m, "excluded.insurance_premium", "excluded.medical_reimbursement")
    return all3([not3(m.get("medical_insurance")), paid])


@of_members("health.serving_uninsured")
def _serving_uninsured(_h: Household, m: Row) -> Truth:
    return all3([m.get("serving"), not3(m.get("medical_insurance"))])


@of_members("health.family_doctor")
def _family_doctor(_h: Household, m: Row) -> Truth:
    return all3([m.get("chronic_illness"), not3(m.get("family_doctor"))])


@of_members("health.pension_unpaid")
def _pension_unpaid(h: Household, m: Row) -> Truth:
    paid = h.own_item(m, "transfer.pension", may=("transfer.total",))
    old = not3(less(h.age(m), h.par("labour_age_to") + 1))
    return all3([old, m.get("pension_enrolled"), not3(paid)])
