"""Every income item of one household with its fate on the paper: in a part, excluded, outside the window, unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any

from shouwang.language import _, current
from shouwang.policy.explained_formula import masked
from shouwang.policy.explained_household import Household
from shouwang.policy.explained_income import item_rows, reasons
from shouwang.policy.income_paper.data import Excluded, ExcludedGroup, Item
from shouwang.policy.wording import clause_in_words

Name = Callable[[str | None], str]


class Fate(Enum):
    """What becomes of an item."""

    COUNTED = 1
    STEPPED_BACK = 2
    UNKNOWN = 3
    EXCLUDED = 4
    OUTSIDE = 5
    NO_KIND = 6


@dataclass(frozen=True)
class Sorted:
    """An item with its row, fate, class of exclusion ('' where none), reason and clause."""

    row: Mapping[str, Any]
    item: Item
    fate: Fate
    group: str
    why: str
    clause: str

    @property
    def counts_as(self) -> str:
        return str(self.row["counts_as"])

    @property
    def in_part(self) -> bool:
        """Whether it stands in one of the five parts."""
        return self.fate in (Fate.COUNTED, Fate.STEPPED_BACK, Fate.UNKNOWN)


def sorted_items(household: Household, name: Name) -> list[Sorted]:
    """Every item with its fate; ``name`` writes a person's name. Numbers are given by :func:`numbered`."""
    members = {
        member.get("member_id"): name(member.get("name")) for member in household.tables.get("members") or ()
    }
    return [_sorted(household, row, members) for row in item_rows(household)]


def numbered(listed: Sequence[Sorted], order: Sequence[Item]) -> list[Sorted]:
    """The same with running numbers in the order in which the paper shows them."""
    numbers = {id(item): place for place, item in enumerate(order, 1)}
    return [replace(entry, item=replace(entry.item, number=numbers[id(entry.item)])) for entry in listed]


def _sorted(household: Household, row: Mapping[str, Any], members: Mapping[Any, str]) -> Sorted:
    pack = household.plan.pack
    kind = pack.kinds.get(str(row["kind"]))
    found = {entry["reason"]: entry for entry in reasons(household, row)}
    fate, group = _fate(found)
    own_clause = clause_in_words(pack, kind.clause, current()) if kind else ""
    clauses = [entry["clause"] for entry in found.values() if entry["clause"]]
    if fate is Fate.EXCLUDED:
        clauses = [*clauses, *_class_clause(household, group)]
    item = Item(
        0, row["received_on"], members.get(row["member_id"], masked(row["member_id"])) if row["member_id"] else "",
        pack.label(str(row["kind"]), current()) if kind else masked(row["kind"] or _("不知道")),
        _money(row["amount"]), row["basis"], row["agreed"], masked(row["note"] or ""),
    )  # fmt: skip
    why = _("；").join(entry["text"] for entry in found.values())
    if fate is Fate.OUTSIDE:
        early = row["received_on"] < household.closure.context.window_first
        why = _("早于收入窗口首日") if early else _("晚于收入窗口末日")
    in_part = fate in (Fate.COUNTED, Fate.STEPPED_BACK, Fate.UNKNOWN)
    return Sorted(row, item, fate, group, why, own_clause if in_part else next(iter(clauses), ""))


def _money(amount: Any) -> Decimal | None:
    return None if amount is None else Decimal(amount).quantize(Decimal("0.01"))


def _fate(found: Mapping[str, Any]) -> tuple[Fate, str]:
    """The strongest reason decides: what never counts, then the day, then what is not known."""
    for reason in found:
        if reason.startswith("excluded."):
            return Fate.EXCLUDED, reason.partition(".")[2]
    for reason, group in (
        ("not_realised", "expected"),
        ("member_does_not_share", "member"),
        ("pack", "pack"),
    ):
        if reason in found:
            return Fate.EXCLUDED, group
    for reason, fate in (
        ("no_kind", Fate.NO_KIND), ("outside_window", Fate.OUTSIDE), ("no_date", Fate.UNKNOWN),
        ("no_amount", Fate.UNKNOWN), ("total_steps_back", Fate.STEPPED_BACK),
    ):  # fmt: skip
        if reason in found:
            return fate, ""
    return Fate.COUNTED, ""


def _class_clause(household: Household, group: str) -> list[str]:
    """The clause of a class, as its kinds in the pack cite it; a member who shares nothing falls under 家庭人口数."""
    pack = household.plan.pack
    cited = [kind.clause for kind in pack.kinds.values() if kind.excluded_class == group]
    if group == "member" and "person_years" in pack.indicators:
        cited = [pack.indicators["person_years"].clause]
    return [clause_in_words(pack, cited[0], current())] if cited else []


def group_words() -> dict[str, tuple[str, str]]:
    """The classes of annex 5 §6 in their order, each with why it is no income; then what others exclude."""
    return {
        "expected": (_("1.预期性收入"), _("没有实际发放、结算、出栏、到户或使用，还没有到手")),
        "one_off": (_("2.一次性和临时性收入"), _("不具有稳定性和可持续性")),
        "paid_on_behalf": (_("3.政府或单位代缴的转移支付"), _("没有发到农户手里，不能自由支配")),
        "directed": (_("4.减轻农户支出的有关定向补贴"), _("用于抵扣指定的支出，不能自由支配")),
        "non_income": (_("5.非收入所得"), _("不是收入")),
        "other": (_("6.其他"), _("原则上不计入收入统计范围")),
        "member": (_("不共享收支的成员"), _("服役或就读军校且不与家庭共享收支，不算家庭成员")),
        "pack": (_("政策包另外不计的"), _("政策包的算式不算它")),
    }


def excluded_groups(listed: Sequence[Sorted]) -> tuple[ExcludedGroup, ...]:
    """The excluded items by class, in the order of annex 5 §6."""
    found = []
    for group, (title, why) in group_words().items():
        own = [entry for entry in listed if entry.fate is Fate.EXCLUDED and entry.group == group]
        if own:
            cited = [entry.clause for entry in own]
            clause = max(cited, key=cited.count)  # the class's own; a kind may cite another
            amount = sum((entry.item.amount or Decimal(0) for entry in own), Decimal("0.00"))
            found.append(ExcludedGroup(title, why, clause, tuple(map(excluded, own)), amount))
    return tuple(found)


def excluded(entry: Sorted) -> Excluded:
    """An item that does not count, with the reason and clause."""
    return Excluded(entry.item, entry.why, entry.clause)
