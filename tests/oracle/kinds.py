"""What each income kind counts as: the table of data-dictionary.md, typed in by hand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KindMeaning:
    """``counts_as``: wage, cost, travel_subsidy, property, transfer, production, expense, expense_subsidy
    or not_counted.

    ``place`` of wages (but the public post) and costs; ``total`` marks the stated totals; ``why`` is the
    class of what does not count.
    """

    counts_as: str
    place: str | None = None
    total: bool = False
    why: str | None = None


PLACES = (
    "outside_province",
    "in_province",
    "in_county",
)  # the order in which the travel subsidy offsets costs

_PROPERTY = "land_transfer house_rent equipment_rent financial pv collective_dividend other"
_TRANSFER = (
    "dibao tekun pension family_planning ecology employment_award "
    "industry_award disability farm_subsidy support other"
)
_PRODUCTION = "crops livestock forestry fishery other self_used"
_EXPENSE = "operating depreciation tax_and_fees self_used_input"
_EXCLUDED = {
    "expected": "unpaid_wage unsettled_sale unsold_stock unpaid_dividend unused_produce",
    "one_off": "relief consolation donation gift injury_claim insurance_claim price_subsidy inheritance",
    "paid_on_behalf": "insurance_premium payroll_deduction tekun_institution",
    "directed": "housing_grant medical_reimbursement education_grant training_grant loan_interest",
    "non_income": "demolition lottery",
    "other": "work_study internship in_kind_wage",
}


def _table() -> dict[str, KindMeaning]:
    kinds = {"wage.public_post": KindMeaning("wage")}
    for place in PLACES:
        kinds[f"wage.{place}"] = KindMeaning("wage", place)
        kinds[f"cost.{place}"] = KindMeaning("cost", place)
    kinds["cost.travel_subsidy"] = KindMeaning("travel_subsidy")
    for family, codes in (("property", _PROPERTY), ("transfer", _TRANSFER), ("production", _PRODUCTION)):
        kinds |= {f"{family}.{code}": KindMeaning(family) for code in codes.split()}
    kinds |= {f"expense.{code}": KindMeaning("expense") for code in _EXPENSE.split()}
    kinds["expense.dedicated_subsidy"] = KindMeaning("expense_subsidy")
    for family in ("wage", "property", "transfer", "production", "expense"):
        kinds[f"{family}.total"] = KindMeaning(family, total=True)
    for why, codes in _EXCLUDED.items():
        kinds |= {f"excluded.{code}": KindMeaning("not_counted", why=why) for code in codes.split()}
    return kinds


KINDS = _table()
INCOME = ("wage", "property", "transfer", "production")
