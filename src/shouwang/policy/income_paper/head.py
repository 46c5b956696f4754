"""Head of the income paper, the formula line, expense, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from shouwang.language import _, current
from shouwang.policy.closure import rounded_quotient
from shouwang.policy.explained_formula import masked, say_fact
from shouwang.policy.explained_household import Household
from shouwang.policy.income_paper.data import Expense, Head, Member, Part, PerCapita
from shouwang.policy.income_paper.items import Fate, Name, Sorted
from shouwang.policy.wording import clause_in_words
from shouwang.tables.dictionary import TABLES

_SPLIT = Decimal(13000)  # the question of annex 1 in the band of 12,000 to 16,000


def head(household: Household, place: str, name: Name) -> Head:
    """Who, where, when; the members with the months that count."""
    row, context, plan = household.row, household.closure.context, household.plan
    columns = TABLES["households"].by_name
    months = household.values["person_months"]
    return Head(
        masked(row["household_id"]), name(row.get("head_name")), place, masked(row.get("group_name") or ""),
        say_fact(columns["household_type"], row.get("household_type")),
        say_fact(columns["monitoring_status"], row.get("monitoring_status")),
        str(row.get("area_code") or ""), plan.on, context.window_first, context.window_last,
        _parameter_clause(household, "window"), plan.pack.title_en if current() == "en" else plan.pack.title,
        _members(household, name), None if months is None else int(months), household.shown("person_years"),
    )  # fmt: skip


def _members(household: Household, name: Name) -> tuple[Member, ...] | None:
    if household.tables.get("members") is None:
        return None
    relation = TABLES["members"].by_name["relation"]
    return tuple(
        Member(name(row["name"]), say_fact(relation, row["relation"]), row["months"], _member_note(row))
        for row in household.rows.get("members", [])
    )


def _member_note(row: Any) -> str:
    """Why the months are what they are (XH annex 5: 家庭人口数)."""
    if row["serving"] and row["shares_income"] is False:
        return _("服役或就读军校，不共享收支，不计")
    if row["serving"]:
        return _("服役或就读军校，共享收支，计 12 个月")
    if row["months_in_household"] is None:
        return _("在户月数没有写，按 12 个月计")
    return _("自然增减，按实际在户月数计") if row["months"] != 12 else ""


def per_capita(household: Household, parts: Sequence[Part], paper_head: Head) -> PerCapita:
    """The formula with numbers; ``follows`` where the formula of annex 5 gives what the engine says."""
    values = household.values
    net, value = household.shown("net_income"), household.shown("net_income_per_capita")
    top, bottom = values["net_income_per_capita__n"], values["net_income_per_capita__d"]
    signed = [(part.subtotal, -1 if part.name == "production_expense" else 1) for part in parts]
    total = (
        None
        if any(amount is None for amount, _sign in signed)
        else sum((sign * amount for amount, sign in signed if amount is not None), Decimal("0.00"))
    )
    twelve = None if net is None else 12 * net
    follows = total == net and rounded_quotient(twelve, paper_head.person_months, 2) == value
    band = values["income_band"]
    below = None if value is None or band != "to_16000" else bool(top < _SPLIT * bottom)
    indicator = household.plan.pack.indicators.get("net_income_per_capita")
    return PerCapita(
        net, value, household.shown("monitoring_range"), _parameter_clause(household, "monitoring_range"),
        values["at_or_below"], band, net is None and band is not None, below, follows,
        clause_in_words(household.plan.pack, indicator.clause, current()) if indicator else "",
    )  # fmt: skip


def _parameter_clause(household: Household, name: str) -> str:
    held = household.plan.parameters.get(name)
    if held is None:
        return ""
    if held.set_by_hand:
        return _("本次设定")
    for prefix, value in held.by_area:
        if household.area.startswith(prefix):
            return clause_in_words(household.plan.pack, value.clause, current())
    return clause_in_words(household.plan.pack, held.everywhere.clause, current()) if held.everywhere else ""


def expense(household: Household, paper_head: Head) -> Expense:
    """Compliant expense by education, medical and other, the payout, and what is left per person (XH annex 1)."""
    row, values = household.row, household.values
    listed, compliant, payout = (
        values[name] for name in ("medical_cost_alerted", "compliant_expense", "payout")
    )
    net, after = household.shown("net_income"), household.shown("income_after_expense_per_capita")
    asked = [row.get(f"oop_{name}") for name in ("education", "medical", "other")]
    largest = max([amount for amount in (asked[1], listed) if amount is not None], default=None)
    known = [amount for amount in (asked[0], largest, asked[2]) if amount is not None]
    left = None if None in (net, compliant, payout) else 12 * (net - compliant + payout)
    follows = (sum(known) if known else None) == compliant and rounded_quotient(
        left, paper_head.person_months, 2
    ) == after
    indicator = household.plan.pack.indicators.get("income_after_expense_per_capita")
    return Expense(
        asked[0], asked[1], listed, asked[2], compliant, payout, row.get("insurance_payout"), after, follows,
        clause_in_words(household.plan.pack, indicator.clause, current()) if indicator else "",
    )  # fmt: skip


def lacking(household: Household, listed: Sequence[Sorted], parts: Sequence[Part]) -> Iterator[str]:
    """What is not known, one sentence each: whom or what to ask."""
    for entry in listed:
        if entry.fate in (Fate.UNKNOWN, Fate.NO_KIND):
            yield _("第 {n} 笔“{kind}”：{why}").format(
                n=entry.item.number, kind=entry.item.kind, why=entry.why
            )
    for part in parts:
        if part.subtotal is None:
            yield _("{part}：{why}").format(part=part.label, why=part.why_unknown)
    yield from _columns(household)
    yield from _people(household)
    if household.shown("monitoring_range") is None:
        yield _("监测范围还没有文件定，请向上级要这个数的文件号")
    if household.row.get("income_per_capita_last_year") is None:
        yield _("上年人均纯收入不知道，比不了增减")
    for name in ("oop_education", "oop_medical", "oop_other", "insurance_payout"):
        if household.row.get(name) is None:
            yield _("{fact}：没有问").format(fact=TABLES["households"].by_name[name].label)


def _columns(household: Household) -> Iterator[str]:
    there = household.plan.present.get("income_items")
    for name in ("kind", "amount", "received_on", "basis", "agreed"):
        if there is not None and name not in there:
            yield _("收支条目表没有“{column}”这一列").format(
                column=TABLES["income_items"].by_name[name].label
            )


def _people(household: Household) -> Iterator[str]:
    if household.tables.get("members") is None:
        yield _("没有家庭成员表，家庭人口数不知道")
    elif not household.values["person_months"]:
        yield _("家庭人口数为零或不知道，算不出人均")
