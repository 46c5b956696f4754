"""The five parts of the income paper: lines that add up to what the engine works out (XH annex 5 §1-§5).

Nothing is counted a second time: subtotals are the pack's indicators, deductions the differences of its values per
member and place. Where a pack works a part out in another way, one line says by how much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from shouwang.language import _, current
from shouwang.policy.explained_household import Household
from shouwang.policy.explanation_words import places
from shouwang.policy.income_paper.data import Line, Part, SetOff, State
from shouwang.policy.income_paper.items import Fate, Sorted
from shouwang.policy.wording import clause_in_words

PARTS = {
    "wage": ("wage", "employment_cost", "travel_subsidy"),
    "property": ("property",),
    "transfer": ("transfer",),
    "production": ("production",),
    "production_expense": ("production_expense", "dedicated_subsidy"),
}
_PLACES = {"outside_province": "outside", "in_province": "province", "in_county": "county"}
ZERO = Decimal("0.00")


def parts(household: Household, listed: Sequence[Sorted]) -> tuple[Part, ...]:
    """The five parts in the order of annex 5."""
    return tuple(_part(household, name, listed) for name in PARTS)


def yuan(amount: Decimal) -> str:
    """An amount as sentences of the paper say it: 1,234.50."""
    return f"{amount:,.2f}"


def _part(household: Household, name: str, listed: Sequence[Sorted]) -> Part:
    pack = household.plan.pack
    own = [entry for entry in listed if entry.in_part and entry.counts_as in PARTS[name]]
    builder = _Lines(household)
    subtotal = _amount(household.shown(name))
    if name == "wage":
        builder.wage(own)
    elif name == "production_expense":
        builder.expense(own)
    else:
        builder.plain(own)
    builder.settle(name, subtotal)
    clause = clause_in_words(pack, pack.indicators[name].clause, current()) if name in pack.indicators else ""
    why = _why_unknown(household, own) if subtotal is None else ""
    return Part(name, pack.label(name, current()), clause, tuple(builder.lines), subtotal, why)


def _why_unknown(household: Household, own: Sequence[Sorted]) -> str:
    holes = sum(entry.fate is Fate.UNKNOWN for entry in own)
    if holes:
        return _("有 {n} 笔缺日期或金额，这一类因此不知道").format(n=holes)
    if household.tables.get("income_items") is None:
        return _("没有收支条目表")
    if household.values["income_unknown"] is True:
        return _("窗口内没有一笔计入的条目，不知道，不是零")
    return _("缺少算它所需的事实")


def _amount(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(ZERO)


class _Lines:
    """Lines of one part as they are put down; a line's place is its index."""

    def __init__(self, household: Household) -> None:
        self.household = household
        self.lines: list[Line] = []

    def add(self, entry: Sorted, state: State, counted: Decimal | None, text: str = "") -> int:
        self.lines.append(Line(state, entry.item, text, counted, entry.clause))
        return len(self.lines) - 1

    def count(self, entries: Sequence[Sorted], sign: int = 1) -> tuple[int, ...]:
        found = []
        for entry in entries:
            assert entry.item.amount is not None
            found.append(self.add(entry, State.COUNTED, sign * entry.item.amount))
        return tuple(found)

    def set_off(self, entries: Sequence[Sorted], text: str) -> tuple[int, ...]:
        return tuple(self.add(entry, State.SET_OFF, None, text) for entry in entries)

    def rest(self, own: Sequence[Sorted]) -> None:
        """Totals that step back and what is not known stand last."""
        for entry in own:
            if entry.fate is Fate.STEPPED_BACK:
                self.add(entry, State.STEPPED_BACK, ZERO, entry.why)
        for entry in own:
            if entry.fate is Fate.UNKNOWN:
                self.add(entry, State.UNKNOWN, None, entry.why)

    # the parts

    def plain(self, own: Sequence[Sorted]) -> None:
        self.count([entry for entry in own if entry.fate is Fate.COUNTED])
        self.rest(own)

    def expense(self, own: Sequence[Sorted]) -> None:
        counted = [entry for entry in own if entry.fate is Fate.COUNTED]
        self.count([entry for entry in counted if entry.counts_as == "production_expense"])
        self.count([entry for entry in counted if entry.counts_as == "dedicated_subsidy"], -1)
        self.rest(own)

    def wage(self, own: Sequence[Sorted]) -> None:
        counted = [entry for entry in own if entry.fate is Fate.COUNTED]
        if self.household.values["wage_items"]:
            for member_id in dict.fromkeys(entry.row["member_id"] for entry in counted):
                self.earner(member_id, [entry for entry in counted if entry.row["member_id"] == member_id])
        elif counted:
            self.stated_wage(counted)
        self.rest(own)

    def earner(self, member_id: str | None, own: Sequence[Sorted]) -> None:
        """One member: wages, then per place its costs; the engine says what is taken off at each place."""
        values = self._engine_row(member_id)
        subsidies = [entry for entry in own if entry.counts_as == "travel_subsidy"]
        wages = [entry for entry in own if entry.counts_as == "wage"]
        self.count([entry for entry in wages if entry.row["work_place"] not in _PLACES])
        placed = {place: self.count([e for e in wages if e.row["work_place"] == place]) for place in _PLACES}
        costs = [entry for entry in own if entry.counts_as == "employment_cost"]
        put = {
            place: self.set_off([e for e in costs if e.row["work_place"] == place], _("见本人扣减行"))
            for place in _PLACES
        }
        told = _("抵本人务工成本，不单列收入") if costs else _("没有务工成本可抵，不计收入")
        offset = self.set_off(subsidies, told)
        earlier: list[tuple[int, ...]] = []
        for place, name in _PLACES.items():
            if put[place]:
                deducted = _deducted(values, name)
                text = _earner_text(values, place, name, own[0].item.member, deducted)
                self.deduct(deducted, text, SetOff(placed[place], put[place], offset, tuple(earlier)))
                earlier.append(put[place])

    def stated_wage(self, counted: Sequence[Sorted]) -> None:
        """A stated total: cost less subsidy is taken from it per household."""
        totals = self.count([entry for entry in counted if entry.counts_as == "wage"])
        costs = self.set_off([e for e in counted if e.counts_as == "employment_cost"], _("见全户扣减行"))
        subsidies = self.set_off(
            [e for e in counted if e.counts_as == "travel_subsidy"], _("抵全户务工成本，不单列收入")
        )
        wage, stated = self.household.values["wage"], self.household.values["wage_stated"]
        if costs and wage is not None and stated is not None:
            text = _("全户务工成本 {cost}，补助 {subsidy}，从工资合计数 {wage} 中扣").format(
                cost=yuan(self.household.values["cost_sum"]),
                subsidy=yuan(self.household.values["subsidy_sum"]),
                wage=yuan(stated),
            )
            self.deduct(Decimal(stated - wage), text, SetOff(totals, costs, subsidies))
        elif costs:
            self.deduct(None, "", SetOff(totals, costs, subsidies))

    def deduct(self, amount: Decimal | None, text: str, set_off: SetOff) -> None:
        counted = None if amount is None else -amount.quantize(ZERO) + ZERO  # no minus zero
        self.lines.append(Line(State.DEDUCTION, None, text, counted, self._clause("wage"), set_off))

    def settle(self, name: str, subtotal: Decimal | None) -> None:
        """The line that makes the rows add up to the engine's subtotal, where they do not by themselves."""
        if subtotal is None:
            return
        lacking = subtotal - sum((line.counted or ZERO for line in self.lines), ZERO)
        subsidies = tuple(self._at(lambda line: line.counted is not None and line.counted < 0))
        if lacking > 0 and name == "production_expense" and subtotal == 0 and subsidies:
            text = _("专项补贴多于支出的部分不计，支出以零为限")
            expenses = tuple(self._at(lambda line: line.counted is not None and line.counted > 0))
            found = SetOff((), expenses, subsidies)
            self.lines.append(Line(State.FLOOR, None, text, lacking, self._clause(name), found))
        elif lacking:
            text = _("政策包对这一类另有算式，差额")
            self.lines.append(Line(State.ADJUSTMENT, None, text, lacking, self._clause(name)))

    def _at(self, wanted: Any) -> Iterator[int]:
        return (place for place, line in enumerate(self.lines) if wanted(line))

    def _clause(self, name: str) -> str:
        indicator = self.household.plan.pack.indicators.get(name)
        return clause_in_words(self.household.plan.pack, indicator.clause, current()) if indicator else ""

    def _engine_row(self, member_id: str | None) -> dict[str, Any]:
        for row in self.household.rows.get("earners", []):
            if row["member_id"] == member_id:
                return row
        return {}


def _deducted(values: dict[str, Any], name: str) -> Decimal | None:
    """What the engine took from the wage of a place: wage less net wage."""
    wage, net = values.get(f"wage_{name}"), values.get(f"net_{name}")
    return None if wage is None or net is None else Decimal(wage - net)


def _earner_text(values: dict[str, Any], place: str, name: str, member: str, deducted: Decimal | None) -> str:
    if deducted is None:
        return ""
    cost, wage = Decimal(values[f"cost_{name}"]), Decimal(values[f"wage_{name}"])
    before = {"outside": "subsidy", "province": "subsidy_after_outside", "county": "subsidy_after_province"}
    used = min(cost, Decimal(values.get(before[name]) or 0))
    told = (
        _("{member}{place}务工成本 {cost}，补助抵 {used}，从该地工资 {wage} 中扣")
        if used
        else _("{member}{place}务工成本 {cost}，从该地工资 {wage} 中扣")
    )
    text = told.format(
        member=member or _("未写成员"),
        place=places()[place],
        cost=yuan(cost),
        used=yuan(used),
        wage=yuan(wage),
    )
    if not wage:
        return text + _("；该地没有工资，不扣")
    return text + (_("；成本多于工资，扣到零为止") if deducted < cost - used else "")
