"""The sentences of the summary page, for none, one and many."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from shouwang.language import _


def headline(place: str, at_or_below: int, in_person: int, monitoring_range: Decimal | None) -> str:
    """The answer in one sentence: how many are at or below the range, and how many must be seen in person."""
    if monitoring_range is None:
        return _("{place}：监测范围还不知道，{in_person} 户须入户面访").format(
            place=place, in_person=f"{in_person:,}"
        )
    if not at_or_below and not in_person:
        return _("{place}：没有看出收入在监测范围及以下的户，也没有须入户面访的户").format(place=place)
    if not at_or_below:
        return _("{place}：没有看出收入在监测范围及以下的户，{in_person} 户须入户面访").format(
            place=place, in_person=f"{in_person:,}"
        )
    return _("{place}：{below} 户收入在监测范围及以下，{in_person} 户须入户面访").format(
        place=place, below=f"{at_or_below:,}", in_person=f"{in_person:,}"
    )


def lead(unknown_income: int, missing: Sequence[str]) -> str:
    """What is not known and what to ask next."""
    if unknown_income and missing:
        sentence = _("还有 {unknown} 户收入不知道，要去问。最常不知道的是：{missing}。")
    elif unknown_income:
        sentence = _("还有 {unknown} 户收入不知道，要去问。")
    elif missing:
        sentence = _("每户的收入都知道。最常不知道的是：{missing}。")
    else:
        sentence = _("每户的收入都知道。")
    return sentence.format(unknown=f"{unknown_income:,}", missing=_("、").join(missing))


def silent_rules(count: int) -> str:
    """How many rules are left out of the table, since they neither fired nor were unknown; '' for none."""
    return _("另有 {count} 条规则没有看出问题。").format(count=f"{count:,}") if count else ""


def words() -> dict[str, str]:
    """Every fixed word of the page by its name in the template, in the language now spoken."""
    return _figures() | _income() | _tables() | _foot()


def _figures() -> dict[str, str]:
    return {
        "households": _("户数"),
        "people": _("人口"),
        "people_unit": _("人"),
        "unit": _("户"),
        "at_or_below": _("监测范围及以下"),
        "unknown_income": _("收入不知道"),
        "in_person": _("须入户面访"),
        "to_ask": _("要去问"),
        "of_all": _("占全部"),
        "kinds": _("农户类型和监测状态"),
        "kind": _("类型"),
        "made_up": _("这一页的人、户、村都是虚构的，只作演示。"),
        "skip": _("跳到正文"),
        "none": _("没有"),
    }


def _income() -> dict[str, str]:
    return {
        "income": _("人均纯收入分布"),
        "income_aside": _("元/人/年，含上限；面积是户数，粗线是监测范围，斜纹在监测范围及以下"),
        "income_none": _("一户的收入也不知道"),
        "income_none_next": _("先录入收支条目，或在走访时问四项收入和支出。"),
        "income_text": _("人均纯收入分布的柱形图，数字见下表"),
        "range": _("监测范围"),
        "range_unset": _("监测范围未设定：所有与它相比的结果都是不知道"),
        "band": _("收入区间（元）"),
        "above": _("以上"),
        "unknown": _("不知道"),
        "share": _("占比"),
        "yuan": _("元"),
    }


def _tables() -> dict[str, str]:
    return {
        "villages": _("各村"),
        "villages_aside": _("须入户面访多的排在前面"),
        "village": _("村"),
        "sum": _("合计"),
        "findings": _("看出了什么"),
        "finding": _("规则"),
        "fired": _("看出（户）"),
        "clause": _("依据"),
        "problems": _("疑似问题类型"),
        "problem": _("问题类型"),
        "missing": _("最常不知道的事"),
        "missing_aside": _("不知道不等于没有，要去问"),
        "fact": _("要问的事"),
        "causes": _("返贫致贫原因"),
        "cause": _("原因"),
        "count": _("次"),
    }


def _foot() -> dict[str, str]:
    return {
        "pack": _("政策包"),
        "day": _("研判日期"),
        "files": _("逐户的结果在 findings.csv，还要问的在 unknown.csv，参数和条款在 run.json。"),
        "brand": _("守望"),
    }
