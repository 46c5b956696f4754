"""Risk removal, rollback, re-identification, and the no-labour safeguard household."""

from __future__ import annotations

from datetime import date

from .facts import Facts, Row, window
from .logic import Truth, all3, any3, days, is_one_of, not3
from .money import Kinds, countable
from .risks import BY_FINDING, visit_says_risk


def findings(
    facts: Facts,
    on: date,
    parameters: Row,
    kinds: Kinds,
    below: Truth,
    found: dict[str, Truth],
    risk: dict[str, Truth],
) -> dict[str, Truth]:
    """``below``: income at or below the range, by figures; ``risk``: for each cause whether it shows."""
    resolved, unresolved = facts.status("resolved"), facts.status("unresolved")
    since, identified = facts.household.get("resolved_on"), facts.household.get("identified_on")
    late = None if since is None else on - since > days(183)
    early = None if since is None or identified is None else since - identified < days(183)
    some_risk = any3([visit_says_risk(facts, on), *risk.values()])
    named = facts.case_risks()
    new = any3(all3([shows, None if named is None else cause not in named]) for cause, shows in risk.items())
    again = any3(all3([shows, None if named is None else cause in named]) for cause, shows in risk.items())
    return {
        "identify.resolved_again": all3([resolved, any3([new, all3([late, any3([below, some_risk])])])]),
        "removal.too_early": all3([resolved, early]),
        "removal.not_stable": all3([resolved, not3(late), any3([below, again])]),
        "removal.no_labour": all3([resolved, facts.no_labour_safeguard()]),
        "removal.ready": all3(
            [
                unresolved,
                not3(below),
                _above_for_half_a_year(facts, on),
                found["expense.burden"] is not True,  # a known burden hinders, an unknown one does not
                *(not3(found[name]) for name in BY_FINDING),
                not3(some_risk),
                not3(facts.no_labour_safeguard()),
            ]
        ),
        "safeguard.candidate": all3(
            [unresolved, _no_labour(facts, on), _supported(facts, on, parameters, kinds)]
        ),
    }


def _above_for_half_a_year(facts: Facts, on: date) -> Truth:
    """above_range_since of the latest case; empty: it has not been above."""
    if facts.rows("cases") is None:
        return None
    since = (facts.latest_case() or {}).get("above_range_since")
    return since is not None and since <= on - days(183)


def _no_labour(facts: Facts, on: date) -> Truth:
    """Every capacity known and none able ("known" is a condition); the flag is not set (empty is not set)."""
    members = facts.present(on)
    if members == []:
        return False  # nobody is there of whom anything could be known
    able = None if members is None else any(m.get("labour_capacity") not in ("lost", "none") for m in members)
    if facts.rows("cases") is None:
        return all3([not3(able), None])
    return all3([not3(able), facts.no_labour_safeguard() is not True])


def _supported(facts: Facts, on: date, parameters: Row, kinds: Kinds) -> Truth:
    """A tekun item in the window, or dibao of the full or highest tier."""
    items = countable(facts, kinds)
    tekun = None
    if items is not None:
        first, last = window(on, parameters)
        tekun = any3(
            None if i.get("received_on") is None else first <= i["received_on"] <= last
            for i, _k in items
            if i["kind"] == "transfer.tekun"
        )
    return any3([tekun, is_one_of(facts.household.get("dibao_tier"), "full", "highest")])
