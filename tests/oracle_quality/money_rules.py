"""money.*, asset.*"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.oracle.judge import BANDS
from tests.oracle.kinds import KINDS
from tests.oracle.logic import Truth, all3, any3, is_one_of, less, not3, years_old
from tests.oracle.money import at_or_below, per_capita

from .registry import of_rows, rule
from .world import Household, Row, disabled, more

WORDS = ("慰问", "临时救助", "贴息", "报销", "礼金", "理赔")


@rule("money.not_itemised")
def _not_itemised(h: Household) -> Truth:
    if h.rows("visits") is None:
        return None
    if h.latest_visit is None:
        return False
    low = is_one_of(h.latest_visit.get("income_band"), "at_or_below_range")
    missing = any3(not3(h.has_item(f"{name}.")) for name in ("wage", "property", "transfer", "production", "expense"))
    return all3([low, missing])


def band(h: Household) -> str | None:
    """income_band by the figures."""
    net, months = h.earned.net, h.person_months
    if h.at_or_below_range is None:
        return None
    if h.at_or_below_range:
        return "at_or_below_range"
    for top, name in BANDS:
        if at_or_below(net, months, Decimal(top)):
            return name
    return "over_30000"


@rule("money.band_disagrees")
def _band(h: Household) -> Truth:
    if h.rows("visits") is None or h.rows("income_items") is None:
        return None
    if h.latest_visit is None:
        return False
    worked_out = band(h)
    if h.earned.net is None:
        # the band is then the one that the visit ticked itself
        return False if h.latest_visit.get("income_band") is not None else None
    return not3(is_one_of(h.latest_visit.get("income_band"), worked_out)) if worked_out else None


@rule("money.level")
def _level(h: Household) -> Truth:
    low = at_or_below(h.earned.net, h.person_months, Decimal(h.par("income_low")))
    exactly = per_capita(h.earned.net, h.person_months)
    below = None if low is None or exactly is None else exactly < h.par("income_low")
    return any3([below, _identified_rich(h)])


def _identified_rich(h: Household) -> Truth:
    """Income of the year before the identification, by the columns of past years."""
    identified = h.get("identified_on")
    if identified is None:
        return None
    back = {1: "last_year", 2: "two_years_ago", 3: "three_years_ago"}.get(h.on.year - identified.year + 1)
    income = h.get(f"income_per_capita_{back}") if back else None
    return all3([more(income, h.par("identified_income_max")), not3(is_one_of(h.get("monitoring_type"), "sudden_hardship"))])


@rule("money.benefit_without_person")
def _benefit(h: Household) -> Truth:
    old = h.any_member(lambda m: not3(less(h.age(m), h.par("pension_age_from"))))
    any_disabled = h.any_member(disabled)
    return any3(
        [
            all3([more(h.total("transfer.pension"), 0), not3(old)]),
            all3([more(h.total("transfer.disability"), 0), not3(any_disabled)]),
            _both_benefits(h),
        ]
    )


def _both_benefits(h: Household) -> Truth:
    rows = h.items("transfer.dibao", "transfer.tekun")
    if rows is None:
        return None
    found: list[Truth] = [False]
    for a, in_a in rows:
        for b, in_b in rows:
            if a["kind"] != "transfer.dibao" or b["kind"] != "transfer.tekun":
                continue
            if a.get("member_id") is None or a.get("member_id") != b.get("member_id"):
                continue
            days = a.get("received_on"), b.get("received_on")
            month = None if None in days else days[0].replace(day=1) == days[1].replace(day=1)
            found.append(all3([in_a, in_b, month]))
    return any3(found)


@rule("money.production_one_sided")
def _one_sided(h: Household) -> Truth:
    production, expense = h.total("production."), h.total("expense.operating", "expense.depreciation", "expense.tax_and_fees", "expense.self_used_input", "expense.total")
    spent = h.has_item("expense.operating", "expense.depreciation", "expense.tax_and_fees", "expense.self_used_input", "expense.total")
    over = None if production is None or expense is None else expense > h.par("expense_ratio") * production
    sold = any3([more(h.get("cattle_sold"), 0), more(h.get("sheep_sold"), 0)])
    bred = any3([h.has_item("production.livestock"), h.has_item("production.total")])
    return any3(
        [
            all3([not3(less(production, h.par("production_min"))), not3(spent)]),
            over,
            all3([h.has_item("production.crops"), is_one_of(h.get("farmland_mu"), 0)]),
            all3([sold, not3(bred)]),
        ]
    )


@rule("money.self_used_pair")
def _pair(h: Household) -> Truth:
    return more(h.total("expense.self_used_input"), h.total("production.self_used"))


@of_rows("money.excluded_words", "income_items")
def _words(_h: Household, item: Row) -> Truth:
    if KINDS[item["kind"]].counts_as == "not_counted" or item.get("realised") is False:
        return False
    note = item.get("note")
    return None if note is None else any(word in note for word in WORDS)


@of_rows("money.twice", "income_items")
def _twice(h: Household, item: Row) -> Truth:
    names = ("kind", "amount", "received_on")
    if any(item.get(n) is None for n in names):
        return None
    same = [i for i in h.rows("income_items") or [] if all(i.get(n) == item[n] for n in names)]
    return sum(i.get("member_id") == item.get("member_id") for i in same) > 1


@of_rows("money.unlinked", "income_items")
def _unlinked(h: Household, item: Row) -> Truth:
    member = item.get("member_id")
    if member is None:
        named = item["kind"].startswith(("wage.", "cost.")) and item["kind"] != "wage.total"
        return all3([named, h.world.empty("income_items", item, "member_id")])
    if h.all_members is None:
        return None
    return member not in {m["member_id"] for m in h.all_members}


def _yuan(value: Fraction | Decimal) -> int:
    exact = Fraction(value)
    return int((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@rule("money.against_last_year")
def _last_year(h: Household) -> Truth:
    now, before = per_capita(h.earned.net, h.person_months), h.get("income_per_capita_last_year")
    if now is None or before is None:
        return None
    rise = None if before <= 0 else now - Fraction(before) > Fraction(h.par("income_rise_ratio")) * Fraction(before)
    return any3([abs(now - Fraction(before)) < 1, rise])


# ---- assets

THINGS = (
    "flats_in_county flats_in_city flats_elsewhere shops_in_county shops_in_city shops_elsewhere "
    "cars commercial_vehicles machinery"
).split()
FLAGS = "business public_payroll village_official high_salary large_grower large_breeder".split()


@rule("asset.against_income")
def _against_income(h: Household) -> Truth:
    rich = any3([*[more(h.get(n), 0) for n in THINGS], *[h.get(n) for n in FLAGS]])
    return all3([h.at_or_below_range, rich])


@rule("asset.official_size")
def _official_size(h: Household) -> Truth:
    wages: list[Truth] = []
    for member in h.members or []:
        wage = h.total("wage.outside_province", "wage.in_province", "wage.in_county", "wage.total", member=member["member_id"])
        wages.append(more(wage, h.par("high_salary_from")))
    high = None if h.members is None else any3(wages)
    herd = any3([not3(less(h.get("cattle_sold"), 10)), not3(less(h.get("sheep_sold"), 50))])
    large = any3([h.get("large_grower"), h.get("large_breeder")])
    return any3(
        [
            all3([high, not3(h.get("high_salary"))]),
            all3([herd, not3(h.get("large_breeder"))]),
            all3([h.get("scale_producer"), large]),
        ]
    )


@rule("asset.land_house")
def _land_house(h: Household) -> Truth:
    farm, forest = h.get("farmland_mu"), h.get("forest_mu")

    def beyond(value: Decimal | None, top: int) -> Truth:
        return None if value is None else not 0 <= value <= top

    no_land = all3([is_one_of(farm, 0), is_one_of(forest, 0)])
    structure = h.empty("house_structure")
    return any3(
        [
            beyond(farm, h.par("farmland_max")),
            beyond(forest, h.par("forest_max")),
            all3([h.has_item("property.land_transfer"), no_land]),
            all3([h.get("self_built_house"), structure]),
            all3([not3(h.get("self_built_house")), not3(structure)]),
        ]
    )


_ = (Callable, years_old, _yuan)
