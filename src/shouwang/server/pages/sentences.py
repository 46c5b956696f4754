"""The headlines and leads of pages, from data: tested with none, one and many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from shouwang.language import _
from shouwang.server.screening.models import Run, Unknown
from shouwang.server.screening.queries import Judged


def headline(households: int, run: Run | None, found: Sequence[tuple[str, str, int]]) -> str:
    """What the start page says first: the next step, or how many findings wait."""
    if not households:
        return _("还没有农户，先导入花名册")
    if run is None:
        return _("{n} 户已登记，还没有研判过").format(n=households)
    if not found:
        return _("{n} 户，没有看出问题").format(n=households)
    return _("{n} 户里看出 {m} 条").format(n=households, m=sum(row[2] for row in found))


def household_lead(judged: Judged | None) -> str:
    """One sentence on a household: its income beside the monitoring range, and how many findings there are."""
    if judged is None:
        return _("这一户还没有研判过。")
    net, limit = judged.values.get("net_income_per_capita"), _range(judged.run)
    if net is None:
        income = _("人均纯收入不知道")
    elif limit is None:
        income = _("人均纯收入 {net} 元；这个政策包没有监测范围").format(net=f"{Decimal(net):,.2f}")
    else:
        low = Decimal(net) <= limit
        income = (_("人均纯收入 {net} 元，不高于监测范围 {limit} 元") if low else _("人均纯收入 {net} 元，高于监测范围 {limit} 元")).format(
            net=f"{Decimal(net):,.2f}", limit=f"{limit:,.2f}"
        )  # fmt: skip
    count = len(judged.findings)
    found = _("看出 {n} 条").format(n=count) if count else _("没有看出问题")
    return _("{income}；{found}，还有 {m} 条不知道。").format(
        income=income, found=found, m=len(judged.unknown)
    )


def asked(unknown: Sequence[Unknown], labels: Mapping[str, str]) -> list[tuple[list[str], list[str]]]:
    """What to ask: the facts that are missing, with the rules that wait for them; those that most rules want come first.

    A rule that nothing of this household would tell (a table lacks as a whole) is not asked for here.
    """
    waiting: dict[str, list[str]] = {}
    for row in unknown:
        if row.missing:
            waiting.setdefault(row.missing, []).append(labels.get(row.finding, row.finding))
    return [
        (facts.split(";"), rules) for facts, rules in sorted(waiting.items(), key=lambda pair: -len(pair[1]))
    ]


def _range(run: Run) -> Decimal | None:
    """The monitoring range that the run used, where it is one for all."""
    for row in run.summary.get("parameters", []):
        if row.get("name") == "monitoring_range" and row.get("value") is not None:
            return Decimal(str(row["value"]))
    return None
