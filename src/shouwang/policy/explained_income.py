"""Every income item of one household: what it counts as, and why it does not count (XH annex 5)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shouwang.language import _, current
from shouwang.policy.explained_formula import in_words, masked, masked_name
from shouwang.policy.explained_household import Household
from shouwang.policy.expressions import parse
from shouwang.policy.pack import COUNTS_AS, IncomeKind
from shouwang.policy.wording import clause_in_words

Row = Mapping[str, Any]


def classes() -> dict[str, str]:
    """What items count as, in the language now spoken."""
    return {
        "wage": _("工资性收入"), "employment_cost": _("务工必要成本"), "travel_subsidy": _("一次性往返交通补助"), "property": _("财产性收入"),
        "transfer": _("转移性收入"), "production": _("生产经营性收入"), "production_expense": _("生产经营性支出"),
        "dedicated_subsidy": _("专项用于减少支出的补贴"), "not_counted": _("不计收入"),
    }  # fmt: skip


def excluded_classes() -> dict[str, str]:
    """Why a kind is no income, in the language now spoken."""
    return {
        "expected": _("预期收入，还没有到手"), "one_off": _("一次性、临时性收入"), "paid_on_behalf": _("代缴代付、没有发给本人"),
        "directed": _("指定用途的补助"), "non_income": _("非收入性所得"), "other": _("其他不计收入的"),
    }  # fmt: skip


def items(household: Household) -> list[dict[str, Any]]:
    """Every income item with what it counts as (``counts``, ``counts_as``) and the ``reasons`` why not, each with its clause."""
    return [_item(household, row) for row in item_rows(household)]


def item_rows(household: Household) -> list[dict[str, Any]]:
    """The rows of the income items with the plan's values, by day, kind and number."""
    return sorted(
        household.rows.get("income_items", []),
        key=lambda row: (str(row["received_on"] or ""), str(row["kind"] or ""), str(row["item_id"] or "")),
    )


def _item(household: Household, row: Row) -> dict[str, Any]:
    kind = household.plan.pack.kinds.get(str(row["kind"]))
    found = reasons(household, row)
    return {
        "item_id": masked(row["item_id"] or ""),
        "kind": row["kind"],
        "label": household.plan.pack.label(str(row["kind"]), current())
        if kind
        else masked(row["kind"] or _("不知道")),
        "member": member_name(household, row["member_id"]),
        "amount": row["amount"],
        "received_on": row["received_on"],
        "counts": not found,
        "counts_as": kind.counts_as if kind else None,
        "counts_as_label": classes()[kind.counts_as] if kind else "",
        "clause": clause_in_words(household.plan.pack, kind.clause, current()) if kind else "",
        "reasons": found,
    }


def reasons(household: Household, row: Row) -> list[dict[str, str]]:
    """Why an item does not count: ``reason`` (its code), ``text`` and ``clause`` each; empty where it counts."""
    kind, known = household.plan.pack.kinds.get(str(row["kind"])), "counted" in row
    found = [] if known and row["counted"] is True else [
        *_of_the_kind(household, kind), *_of_the_item(row), *_of_the_day(household, row)]  # fmt: skip
    if known and row["counted"] is not True and not found:
        found.append(
            _reason(
                "pack", _("政策包的算式不算它：{expression}").format(expression=_counted_in_words(household))
            )
        )
    if not found and row["amount"] is None:
        found.append(_reason("no_amount", _("金额不知道，这一类收入因此未知")))
    if not found and kind is not None and kind.total and _steps_back(row, household.rows["income_items"]):
        found.append(_reason("total_steps_back", _("合计数，已有同类明细，以明细为准")))
    return found


def _reason(code: str, text: str, clause: str = "") -> dict[str, str]:
    return {"reason": code, "text": text, "clause": clause}


def _of_the_kind(household: Household, kind: IncomeKind | None) -> list[dict[str, str]]:
    if kind is None:
        return [_reason("no_kind", _("收支类别不知道"))]
    if kind.counts_as != "not_counted":
        return []
    text = excluded_classes().get(str(kind.excluded_class), _("不计收入"))
    return [
        _reason(
            f"excluded.{kind.excluded_class}",
            text,
            clause_in_words(household.plan.pack, kind.clause, current()),
        )
    ]


def _of_the_item(row: Row) -> list[dict[str, str]]:
    found = []
    if row["realised"] is False:
        found.append(_reason("not_realised", _("没有实际到手")))
    if row["earner_counts"] is False:
        found.append(_reason("member_does_not_share", _("该成员服役或就读军校，不与家庭共享收支")))
    return found


def _of_the_day(household: Household, row: Row) -> list[dict[str, str]]:
    first, last = household.closure.context.window_first, household.closure.context.window_last
    day = row["received_on"]
    if day is None:
        return [
            _reason(
                "no_date",
                _("日期不知道，判不了是否在收入窗口 {first} 至 {last} 内").format(first=first, last=last),
            )
        ]
    if first <= day <= last:
        return []
    held = household.plan.parameters.get("window")
    clause = held.everywhere.clause if held and held.everywhere else ""
    text = _("不在收入窗口 {first} 至 {last} 内").format(first=first, last=last)
    return [_reason("outside_window", text, clause_in_words(household.plan.pack, clause, current()))]


def _counted_in_words(household: Household) -> str:
    written = household.plan.pack.rows.get("income_items", {}).get("counted")
    return in_words(household.plan.pack, parse(written.text), "income_items") if written else ""


def _steps_back(row: Row, rows: list[dict[str, Any]]) -> bool:
    """Whether another counted item of the class, no total, is there."""
    return any(
        other["counts_as"] == row["counts_as"] and other["counted"] is True and other["is_total"] is not True
        for other in rows
    )


def sums(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the counted items of each class come to, in yuan, before costs are taken off."""
    words, found = classes(), []
    for name in COUNTS_AS:
        amounts = [item["amount"] for item in listed if item["counts"] and item["counts_as"] == name]
        if amounts:
            found.append(
                {
                    "counts_as": name,
                    "label": words[name],
                    "items": len(amounts),
                    "sum": sum(amounts, Decimal(0)),
                }
            )
    return found


def member_name(household: Household, member_id: str | None) -> str:
    """The masked name of a member; '' where an item names none."""
    if member_id is None:
        return ""
    for member in household.tables.get("members") or ():
        if member.get("member_id") == member_id:
            return masked_name(member.get("name")) or masked(member_id)
    return masked(member_id)
