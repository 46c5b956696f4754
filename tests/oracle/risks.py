"""Which risks (cause codes) a household shows: by its latest visit, by its guarantees, by alerts."""

from __future__ import annotations

from datetime import date

from .facts import CAUSES, Facts, Row, alert_within, disposition, window
from .logic import Truth, all3, any3, is_one_of

BY_FINDING = {
    "education.out_of_school": "schooling",
    "education.home_teaching": "schooling",
    "medical.uninsured": "illness",
    "housing.unsafe": "unsafe_housing",
    "water.unsafe": "unsafe_water",
}
BY_ALERT = {
    "serious_illness": "illness",
    "large_medical_cost": "illness",
    "severe_disability": "disability",
    "disaster": "disaster",
    "accident": "accident",
    "job_loss": "job_unstable",
    "project_failed": "project_failed",
    "price_fall": "project_failed",
}


def visit_says_risk(facts: Facts, on: date) -> Truth:
    """True, false, or unknown for a silent visit or a missing table; a table without a visit: false."""
    if facts.rows("visits") is None:
        return None
    visit = facts.latest_visit(on)
    if visit is None:
        return False
    if visit.get("risk") is None and visit.get("causes"):
        return True
    risk: Truth = visit.get("risk")
    return risk


def visit_cause(facts: Facts, on: date, cause: str) -> Truth:
    """Whether the latest visit names the cause; unknown where it says a risk and no cause at all."""
    says = visit_says_risk(facts, on)
    if says is not True:
        return says
    causes = (facts.latest_visit(on) or {}).get("causes")
    return cause in causes if causes else None


def alert_shows(facts: Facts, on: date, parameters: Row, cause: str) -> Truth:
    """An alert of the window that maps to the cause and was not found to be no risk."""
    alerts = facts.rows("alerts")
    kinds = [kind for kind, mapped in BY_ALERT.items() if mapped == cause]
    if not kinds:
        return False  # no alert maps to it, so that a missing table hides nothing
    if alerts is None:
        return None
    span = window(on, parameters)
    return any3(
        all3([is_one_of(a.get("kind"), *kinds), alert_within(a, span), disposition(a) != "no_risk"])
        for a in alerts
    )


def shown(facts: Facts, on: date, parameters: Row, findings: dict[str, Truth]) -> dict[str, Truth]:
    """For each cause whether it shows now."""
    return {
        cause: any3(
            [
                visit_cause(facts, on, cause),
                alert_shows(facts, on, parameters, cause),
                *(findings[name] for name, mapped in BY_FINDING.items() if mapped == cause),
            ]
        )
        for cause in CAUSES
    }
