"""Every indicator and household finding of rules.md, one after the other, in its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from . import living, procedure, removal
from .facts import Facts, Row, alert_within, disposition, window
from .focus import alert_this_year, categories
from .kinds import KINDS
from .living import any_row
from .logic import Truth, all3, any3, is_one_of, less, not3
from .money import (
    Income,
    Kinds,
    at_or_below,
    change,
    compliant_expense,
    costs_by_place,
    fell,
    income,
    insurance_payout,
    money,
    per_capita,
    person_months,
)
from .risks import shown, visit_says_risk
from .workdays import Calendar, is_working_day

DEFAULTS: Row = {
    "monitoring_range": None,
    "income_fall_ratio": Decimal("0.2"),
    "unresolved_share": Decimal("0.5"),
    "few_share": Decimal("0.25"),
    "few_households": 200,
    "expense_rise_ratio": Decimal("1.5"),
    "expense_rise_min": Decimal(3000),
    "window": "visit",
    "campaign_from": None,
    "focus": None,
}
BANDS = (
    (10000, "to_10000"),
    (12000, "to_12000"),
    (16000, "to_16000"),
    (20000, "to_20000"),
    (30000, "to_30000"),
)
GUARANTEES = (
    "education.out_of_school",
    "education.home_teaching",
    "medical.uninsured",
    "housing.unsafe",
    "water.unsafe",
)


@dataclass
class Judgement:
    """Indicators by name (``None`` unknown; quotients are exact fractions), findings by id."""

    indicators: dict[str, Any]
    findings: dict[str, Truth]
    focus: dict[str, Truth]  # every category with its truth; the indicator lists those that hold

    def fired(self) -> set[str]:
        return {name for name, value in self.findings.items() if value is True}

    def unknown(self) -> set[str]:
        return {name for name, value in self.findings.items() if value is None}


@dataclass
class VillageFacts:
    """The households of the village, for what depends on neighbours (quartiles of costs)."""

    households: list[Facts] = field(default_factory=list)


@dataclass
class Figures:
    """What the findings need in full precision."""

    income: Income
    months: int | None
    expense: Decimal | None
    after: Decimal | None  # net_income − compliant_expense + insurance_payout, of the household
    limit: Decimal | None  # the monitoring range

    @property
    def below(self) -> Truth:
        return at_or_below(self.income.net, self.months, self.limit)


def judge(
    facts: Facts,
    *,
    on: date,
    parameters: Row,
    kinds: Kinds = KINDS,
    village: VillageFacts | None = None,
    calendar: Calendar = is_working_day,
) -> Judgement:
    """Judges one household on a day."""
    parameters = DEFAULTS | parameters
    figures = _figures(facts, on, parameters, kinds)
    focus = categories(facts, on, parameters, kinds)
    findings = _income_findings(facts, figures, parameters)
    findings["income.cost_outlier"] = cost_outlier(facts, village, on, parameters, kinds)
    findings |= living.findings(facts, on, parameters, kinds)
    findings |= procedure.findings(facts, on, calendar)
    findings |= _identify(facts, on, parameters, findings)
    risk = shown(facts, on, parameters, findings)
    findings |= removal.findings(facts, on, parameters, kinds, figures.below, findings, risk)
    band = income_band(facts, on, figures)
    mode = required_mode(facts, focus, band, ticked_band(facts, on), findings)
    findings |= _visits(facts, on, parameters, mode)
    return Judgement(_indicators(facts, on, figures, focus, band, mode), findings, focus)


# ---- figures and indicators


def _figures(facts: Facts, on: date, parameters: Row, kinds: Kinds) -> Figures:
    earned = income(facts, on, parameters, kinds)
    expense, payout = compliant_expense(facts, on, parameters), insurance_payout(facts)
    known = earned.net is not None and expense is not None and payout is not None
    after = earned.net - expense + payout if known else None  # type: ignore[operator]
    return Figures(earned, person_months(facts), expense, after, money(parameters["monitoring_range"]))


def _indicators(
    facts: Facts, on: date, figures: Figures, focus: dict[str, Truth], band: str | None, mode: str | None
) -> dict[str, Any]:
    get = facts.household.get
    last, before = money(get("income_per_capita_last_year")), money(get("income_per_capita_two_years_ago"))
    each = per_capita(figures.income.net, figures.months)
    return {
        "person_years": None if figures.months is None else Decimal(figures.months) / 12,
        "wage": figures.income.wage,
        "property": figures.income.property,
        "transfer": figures.income.transfer,
        "production": figures.income.production,
        "production_expense": figures.income.production_expense,
        "net_income": figures.income.net,
        "net_income_per_capita": each,
        "income_band": band,
        "compliant_expense": figures.expense,
        "income_after_expense_per_capita": per_capita(figures.after, figures.months),
        "income_change": change(each, last),
        "last_year_change": change(per_capita(last, 12), before),
        "labour_count": labour(facts, on, "skilled", "ordinary"),
        "weak_labour_count": labour(facts, on, "weak"),
        "focus_categories": sorted(name for name, holds in focus.items() if holds is True),
        "required_mode": mode,
    }


def labour(facts: Facts, on: date, *capacities: str) -> int | None:
    """How many members are known to have one of the capacities."""
    members = facts.present(on)
    return None if members is None else sum(m.get("labour_capacity") in capacities for m in members)


def income_band(facts: Facts, on: date, figures: Figures) -> str | None:
    """By the figures; where net_income is unknown, as the last visit ticked it."""
    net, months = figures.income.net, figures.months
    if net is None:
        return ticked_band(facts, on)
    if not months or figures.limit is None:
        return None
    if figures.below:
        return "at_or_below_range"
    for top, name in BANDS:
        if at_or_below(net, months, Decimal(top)):
            return name
    return "over_30000"


def ticked_band(facts: Facts, on: date) -> str | None:
    """As the last visit ticked it; the household's own column only where there is no visit."""
    visit = facts.latest_visit(on)
    ticked: str | None = (facts.household if visit is None else visit).get("income_band")
    return ticked


def required_mode(
    facts: Facts, focus: dict[str, Truth], band: str | None, ticked: str | None, findings: dict[str, Truth]
) -> str | None:
    """In person for a focus household, one suspected at or below the range, one with an identify finding."""
    identify = [value for name, value in findings.items() if name.startswith("identify.")]
    suspected = any3([is_one_of(band, "at_or_below_range"), ticked == "at_or_below_range"])
    need = any3([*focus.values(), suspected, *identify])
    if need is None:
        return None
    if need is False:
        return "any"
    return "remote" if facts.household.get("away") is True else "in_person"


# ---- income.*, expense.*


def _income_findings(facts: Facts, figures: Figures, parameters: Row) -> dict[str, Truth]:
    get = facts.household.get
    last, two, three = (
        money(get(f"income_per_capita_{year}")) for year in ("last_year", "two_years_ago", "three_years_ago")
    )
    ratio = money(parameters["income_fall_ratio"])
    herd = [_more_than_0(get(name)) for name in ("cattle_stock", "cattle_sold", "sheep_stock", "sheep_sold")]
    known = figures.expense is not None  # "compliant_expense known" is a condition of its own
    return {
        "income.below_range": all3([figures.below, not3(facts.status("unresolved"))]),
        "income.fall": fell(figures.income.net, last, ratio, figures.months),
        "income.two_year_fall": all3([less(last, two), less(two, three)]),
        "income.livestock": all3([facts.lifted_or_monitored, any3(herd)]),
        "expense.burden": all3(
            [not3(figures.below), known, at_or_below(figures.after, figures.months, figures.limit)]
        ),
        "expense.rise": _expense_rise(figures.expense, money(get("compliant_expense_last_year")), parameters),
    }


def _more_than_0(value: Any) -> Truth:
    return None if value is None else value > 0


def _expense_rise(new: Decimal | None, old: Decimal | None, parameters: Row) -> Truth:
    ratio, least = money(parameters["expense_rise_ratio"]), money(parameters["expense_rise_min"])
    if new is None or old is None or ratio is None or least is None:
        return None
    return new >= ratio * old and new - old >= least


def cost_outlier(
    facts: Facts, village: VillageFacts | None, on: date, parameters: Row, kinds: Kinds = KINDS
) -> Truth:
    """A worker's cost at one place over Q3 + 1.5 × (Q3 − Q1) of all workers' costs there in the village."""
    own = costs_by_place(facts, on, parameters, kinds)
    if own is None or village is None:
        return None
    for place, values in own.items():
        all_costs: list[Decimal] = []
        for other in village.households:
            all_costs += (costs_by_place(other, on, parameters, kinds) or {}).get(place, [])
        if not all_costs:
            continue
        q1, q3 = quantile(all_costs, 1), quantile(all_costs, 3)
        if any(value > q3 + Decimal("1.5") * (q3 - q1) for value in values):
            return True
    return False


def quantile(values: list[Decimal], quarter: int) -> Decimal:
    """Linear between neighbours, as SQL's quantile_cont."""
    ordered = sorted(values)
    place = Decimal((len(ordered) - 1) * quarter) / 4
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


# ---- identify.*, visits


def _identify(facts: Facts, on: date, parameters: Row, findings: dict[str, Truth]) -> dict[str, Truth]:
    says = visit_says_risk(facts, on) is True  # no visit, or a silent one, adds nothing
    reasons = [findings[name] for name in ("income.below_range", "expense.burden", *GUARANTEES)]
    due = all3([any3([*reasons, says]), facts.status("none"), not3(_open_case(facts, on))])
    alerts, span = facts.rows("alerts"), window(on, parameters)
    helped_alert = any_row(alerts, lambda a: all3([disposition(a) == "helped", alert_within(a, span)]))
    helped = any3([helped_alert, alert_this_year(facts, on, "dibao_new", "tekun_new")])
    urgent = any_row(
        alerts,
        lambda a: all3(
            [is_one_of(a.get("kind"), "accident", "disaster"), disposition(a) not in ("helped", "no_risk")]
        ),
    )
    return {
        "identify.left_out": all3([due, not3(helped)]),
        "identify.outside": all3([due, helped]),
        "identify.green_channel": urgent,
    }


def _open_case(facts: Facts, on: date) -> Truth:
    """Discovered, neither approved nor withdrawn; an empty date has not happened."""
    return any_row(
        facts.rows("cases"),
        lambda c: bool(
            c.get("discovered_on")
            and c["discovered_on"] <= on
            and c.get("approved_on") is None
            and c.get("withdrawn_on") is None
        ),
    )


def _visits(facts: Facts, on: date, parameters: Row, mode: str | None) -> dict[str, Truth]:
    visits, visit = facts.rows("visits"), facts.latest_visit(on)
    result: dict[str, Truth] = {
        "visit.missing": None,
        "secretary.unvisited": None,
        "visit.mode": None,
        "visit.respondent": None,
    }
    if visits is None:
        result["secretary.unvisited"] = all3([on >= date(on.year, 10, 1), facts.lifted_or_monitored, None])
        result["visit.mode"] = all3([is_one_of(mode, "in_person", "remote"), None])
        result["visit.respondent"] = all3([None, not3(facts.household.get("cannot_communicate"))])
        return result
    start = parameters["campaign_from"]
    dated = [v for v in visits if v.get("visited_on")]
    result["visit.missing"] = (
        None if start is None else not any(start <= v["visited_on"] <= on for v in dated)
    )
    result["secretary.unvisited"] = all3(
        [on >= date(on.year, 10, 1), facts.lifted_or_monitored, not _secretary_came(dated, on)]
    )
    result["visit.mode"], result["visit.respondent"] = False, False
    if visit is not None:
        village_study = is_one_of(visit.get("mode"), "village_study")
        in_person = is_one_of(visit.get("mode"), "in_person")
        result["visit.mode"] = any3(
            [
                all3([is_one_of(mode, "in_person"), not3(in_person)]),
                all3([is_one_of(mode, "remote"), village_study]),
            ]
        )
        proxy = is_one_of(visit.get("respondent"), "relative", "cadre")
        result["visit.respondent"] = all3([proxy, not3(facts.household.get("cannot_communicate"))])
    return result


def _secretary_came(visits: list[Row], on: date) -> bool:
    return any(
        v.get("form") == "secretary_round" and v["visited_on"].year == on.year and v["visited_on"] <= on
        for v in visits
    )
