"""The headlines and leads of pages, from data: tested with none, one and many."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from shouwang.language import _
from shouwang.server.registry.imports import Preview
from shouwang.server.registry.models import Upload
from shouwang.server.screening.models import Run
from shouwang.server.screening.queries import Judged


def headline(households: int, run: Run | None, found: Sequence[tuple[str, str, int]]) -> str:
    """What the start page says first: the next step, or how many findings wait."""
    if not households:
        return _("还没有农户，先导入花名册")
    if run is None:
        return _("{n} 户已登记，还没有研判过").format(n=households)
    if not found:
        return _("{n} 户，没有看出问题").format(n=households)
    return _("{n} 户里看出 {m} 条，先办要入户的").format(n=households, m=sum(row[2] for row in found))


def import_headline(upload: Upload, preview: Preview | None) -> str:
    """What an upload would do, or what became of it."""
    if upload.source is not None and upload.source.undone_at is not None:
        return _("这次导入已经撤回")
    if upload.state == "taken":
        return _("已经导入")
    if upload.state == "declined" or preview is None:
        return _("没有导入")
    new, changed = preview.new, preview.changed
    if not any(new.values()) and not any(changed.values()):
        return _("这批文件没有新内容")
    return _("将新增 {households} 户 {members} 人 {items} 条收支，改动 {changed} 户").format(
        households=new["households"], members=new["members"], items=new["income_items"], changed=changed["households"]
    )  # fmt: skip


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


def _range(run: Run) -> Decimal | None:
    """The monitoring range that the run used, where it is one for all."""
    for row in run.summary.get("parameters", []):
        if row.get("name") == "monitoring_range" and row.get("value") is not None:
            return Decimal(str(row["value"]))
    return None
