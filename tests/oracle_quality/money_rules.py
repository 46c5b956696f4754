"""money.*, asset.*"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.oracle.facts import apart
from tests.oracle.judge import BANDS
from tests.oracle.kinds import INCOME, KINDS
from tests.oracle.logic import Truth, all3, any3, is_one_of, less, months_before, not3
from tests.oracle.money import at_or_below, countable, per_capita

from .registry import of_rows, rule
from .world import Household, Row, disabled, more

PLACES = ("wage.outside_province", "wage.in_province", "wage.in_county")
WORDS = ("慰问", "临时救助", "贴息", "报销", "礼金", "理赔")  # those that the sentence shows


@rule("money.not_itemised")
def _not_itemised(h: Household) -> Truth:
    if h.rows("visits") is None:
        return None
    if h.latest_visit is None:
        return None  # no band is known
    low = is_one_of(h.latest_visit.get("income_band"), "at_or_below_range")
    missing = any3(
        not3(_given(h, f"{name}.")) for name in ("wage", "property", "transfer", "production", "expense")
    )
    return all3([low, missing])


def _given(h: Household, *prefixes: str) -> Truth:
    """An item or a stated total of the window, even one that is not realised."""
    rows = h.rows("income_items")
    first, last = h.world.window
    if rows is None:
        return None
    return any3(
        None if i.get("received_on") is None else first <= i["received_on"] <= last
        for i in rows
        if i["kind"].startswith(prefixes)
        and i["kind"] not in ("cost.travel_subsidy", "expense.dedicated_subsidy")
    )


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
    ticked = h.latest_visit.get("income_band") if h.latest_visit else None
    items = countable(h._oracle_facts, KINDS) or []
    first, last = h.world.window
    if not any(i.get("received_on") and first <= i["received_on"] <= last for i, _k in items):
        return False
    if h.earned.net is None:
        return False if ticked is not None else None  # the band is then the one that the visit ticked itself
    worked_out = band(h)
    return not3(is_one_of(ticked, worked_out)) if worked_out else None


@rule("money.level")
def _level(h: Household) -> Truth:
    low = at_or_below(h.earned.net, h.person_months, Decimal(h.par("income_low")))
    exactly = per_capita(h.earned.net, h.person_months)
    below = None if low is None or exactly is None else exactly < h.par("income_low")
    return any3([below, _identified_rich(h)])


def _identified_rich(h: Household) -> Truth:
    """Items of the 12 months up to the identification, costs and expenses in full, shared by all who are listed."""
    day, rows = h.get("identified_on"), h.rows("income_items")
    income: Decimal | None = None
    if day is not None and rows is not None:
        sums: dict[str, list[Decimal]] = {}
        whole: dict[str, Decimal] = {}
        unclear = False
        for item in rows:
            meaning = KINDS[item["kind"]]
            if item.get("realised") is False or meaning.counts_as not in (*INCOME, "cost", "expense"):
                continue
            if (
                item.get("received_on") is not None
                and not months_before(day, 12) < item["received_on"] <= day
            ):
                continue
            if item.get("received_on") is None or item.get("amount") is None:
                unclear = True
                continue
            sign = 1 if meaning.counts_as in INCOME else -1
            if meaning.total:
                whole[meaning.counts_as] = whole.get(meaning.counts_as, Decimal(0)) + sign * item["amount"]
            else:
                sums.setdefault(meaning.counts_as, []).append(sign * item["amount"])
        classes = {name: sum(values, Decimal(0)) for name, values in sums.items()}
        classes |= {name: value for name, value in whole.items() if name not in classes}
        if not unclear and set(classes) & set(INCOME):
            income = sum(classes.values(), Decimal(0))
    people = None if h.all_members is None else len(h.all_members)
    over = None if income is None or people is None else income > h.par("identified_income_max") * people
    return all3([h.monitored, over, not3(is_one_of(h.get("monitoring_type"), "sudden_hardship"))])


@rule("money.benefit_without_person")
def _benefit(h: Household) -> Truth:
    first = h.world.window[0]
    there = [
        m for m in h.all_members or [] if m.get("left_on") is None or m["left_on"] >= first
    ]  # left in the window
    known = h.all_members is not None
    old = any3(not3(less(h.age(m), h.par("pension_age_from"))) for m in there) if known else None
    any_disabled = any3(disabled(m) for m in there) if known else None
    return any3(
        [
            all3([h.paid("transfer.pension"), not3(old)]),
            all3([h.paid("transfer.disability"), not3(any_disabled)]),
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
            first, last = days
            month = None if first is None or last is None else first.replace(day=1) == last.replace(day=1)
            found.append(all3([in_a, in_b, month]))
    return any3(found)


@rule("money.production_one_sided")
def _one_sided(h: Household) -> Truth:
    production, expense = h.earned.production, h.earned.production_expense
    spent = _given(h, "expense.")
    over = None if production is None or expense is None else expense > h.par("expense_ratio") * production
    sold = any3([more(h.get("cattle_sold"), 0), more(h.get("sheep_sold"), 0)])
    bred = any3([_given(h, "production.livestock"), _given(h, "production.total")])
    return any3(
        [
            all3([not3(less(production, h.par("production_min"))), not3(spent)]),
            over,
            all3([h.paid("production.crops"), is_one_of(h.get("farmland_mu"), 0)]),
            all3([sold, not3(bred)]),
        ]
    )


@rule("money.self_used_pair")
def _pair(h: Household) -> Truth:
    """Unknown where a stated total of production, or one that may be in the window, can hold the other side."""
    clear: Truth = True if _given(h, "production.total") is False and _clear(h) else None
    over = more(h.total("expense.self_used_input"), h.total("production.self_used"))
    return all3([h.has_item("expense.self_used_input"), over, clear])


def _clear(h: Household) -> bool:
    items = countable(h._oracle_facts, KINDS) or []
    rows = [i for i, k in items if k.counts_as == "production"]
    return all(i.get("received_on") and i.get("amount") is not None for i in rows)


@of_rows("money.excluded_words", "income_items")
def _words(h: Household, item: Row) -> Truth:
    counted = [
        i for i, _kind in countable(h._oracle_facts, KINDS) or []
    ]  # not of who serves and does not share
    if not any(i is item for i in counted) or h.in_window(item) is False:
        return False
    if item.get("note") is None:
        return False if h.world.has("income_items", "note") else None
    return all3([h.in_window(item), any(word in item["note"] for word in WORDS)])


@of_rows("money.twice", "income_items")
def _twice(h: Household, item: Row) -> Truth:
    names = ("kind", "amount", "received_on")
    if not h.world.has("income_items", *names):
        return None
    if any(item.get(n) is None for n in names):
        return False
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


@rule("money.against_last_year")
def _last_year(h: Household) -> Truth:
    now, before = per_capita(h.earned.net, h.person_months), h.get("income_per_capita_last_year")
    if now is None or before is None:
        return None
    rise = (
        None
        if before <= 0
        else now - Fraction(before) > Fraction(h.par("income_rise_ratio")) * Fraction(before)
    )
    return any3([abs(now - Fraction(before)) < Fraction(1, 2), rise])


# ---- assets

THINGS = [
    "flats_in_county",
    "flats_in_city",
    "flats_elsewhere",
    "shops_in_county",
    "shops_in_city",
    "shops_elsewhere",
    "cars",
    "commercial_vehicles",
    "machinery",
]
FLAGS = ["business", "public_payroll", "village_official", "high_salary", "large_grower", "large_breeder"]


@rule("asset.against_income")
def _against_income(h: Household) -> Truth:
    rich = any3([*[more(h.get(n), 0) for n in THINGS], *[h.get(n) for n in FLAGS]])
    return all3([h.at_or_below_range, rich])


@rule("asset.official_size")
def _official_size(h: Household) -> Truth:
    items = h.rows("income_items")
    gone = {m["member_id"] for m in h.all_members or [] if apart(m)}
    named = {i["member_id"] for i in items or [] if i.get("member_id") is not None} - gone
    wages = [h.total(*PLACES, member=member) for member in sorted(named)]
    high = None if items is None else any3(more(wage, h.par("high_salary_amount")) for wage in wages)
    high = all3([high, not3(h.get("public_payroll"))])  # XH: 除公职人员外
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
            all3([h.paid("property.land_transfer"), no_land]),
            all3([h.get("self_built_house"), structure]),
            all3([not3(h.get("self_built_house")), not3(structure)]),
        ]
    )
