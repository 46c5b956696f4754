"""The words of a what-if: how an answer moves and because of what, and every fixed word of its page and workbook."""

from __future__ import annotations

from shouwang.language import _, current
from shouwang.policy.whatif.changes import Terms
from shouwang.policy.whatif.result import Move, WhatIf


def answer(value: bool | None) -> str:
    """Yes, no or not known."""
    return {True: _("是"), False: _("否"), None: _("不知道")}[value]


def way(move: Move) -> str:
    """How the household moves."""
    return {
        "in": _("进入"), "out": _("退出"), "unknown": _("变为不知道"), "known": _("由不知道变为否"),
    }[move.way]  # fmt: skip


def because(found: WhatIf, move: Move) -> str:
    """What moves the household: one change alone, several each of which would, or several only together."""
    said = [found.changes[place].said for place in move.changes]
    if not said:
        return _("原因没有算出（加 --explain-all）")
    if move.together:
        return _("{changes}（一起才变）").format(changes=_(" ＋ ").join(said))
    if len(said) > 1:
        return _("{changes}（各自都够）").format(changes=_("；").join(said))
    return said[0]


def side(terms: Terms) -> str:
    """One side in a few words: pack, day, and what was set for this run."""
    title = terms.pack.title_en if current() == "en" else terms.pack.title
    parts = [title or terms.pack.id, terms.on.isoformat()]
    parts += [f"{name}={_unset(value)}" for name, value in terms.settings.items()]
    return " · ".join(parts)


def _unset(value: object) -> str:
    return _("未设定") if value is None else str(value)


def headline(found: WhatIf) -> str:
    """The answer in one sentence."""
    if not found.changes:
        return _("没有换什么，只看曲线")
    changes = _("、").join(change.said for change in found.changes[:3])
    if len(found.changes) > 3:
        changes = _("{changes} 等 {n} 项").format(changes=changes, n=len(found.changes))
    if not found.moves and not found.village_moves:
        return _("{changes}：没有一户的结果改变").format(changes=changes)
    return _("{changes}：{n} 户的结果改变").format(changes=changes, n=f"{found.moved_households:,}")


def lead(found: WhatIf) -> str:
    """What the answer rests on: how many were looked at, what was not worked out and why."""
    parts = [_("共 {n} 户。").format(n=f"{found.households:,}")]
    if found.untouched:
        parts.append(_("{n} 项与换掉的内容无关，前后必定相同，没有重算。").format(n=len(found.untouched)))
    if found.together:
        parts.append(_("{n} 处要几项变化一起才改变。").format(n=f"{found.together:,}"))
    if found.open:
        parts.append(_("{n} 处的原因没有算出（加 --explain-all）。").format(n=f"{found.open:,}"))
    return "".join(parts)


def words() -> dict[str, str]:
    """Every fixed word of the page and the workbook by its name, in the language now spoken."""
    return {
        "brand": _("守望"), "title": _("调整试算"), "skip": _("跳到正文"), "before": _("原来"), "after": _("换后"),
        "in": _("进入"), "out": _("退出"), "became_unknown": _("变为不知道"), "became_known": _("由不知道变明"),
        "unknown": _("不知道"), "unknown_before": _("原来不知道"), "unknown_after": _("换后不知道"),
        "unit": _("户"), "households": _("户数"), "rule": _("规则或类别"), "id": _("代号"), "clause": _("依据"),
        "moved": _("结果改变的户"), "village": _("村"), "code": _("村代码"), "sum": _("合计"), "group": _("组"), "head": _("户主"),
        "household": _("户编号"), "way": _("变化"), "because": _("因为"), "facts": _("事实"), "other": _("其余 {n} 个村"),
        "totals": _("每条规则前后"), "totals_aside": _("进入＝换后是、原来不是；退出＝原来是、换后不是"),
        "villages": _("按村"), "villages_aside": _("改变多的排在前面"), "chart": _("{name}：各村进入和退出（户）"),
        "chart_text": _("各村进入和退出的条形图，数字见下表"), "changes": _("因为哪一项"), "change": _("换掉的"),
        "changes_aside": _("单独换这一项就会改变的户；一户可以算在几项里"), "alone_households": _("单独改变的户"), "alone_pairs": _("处"),
        "parameters": _("参数"), "parameter": _("参数"), "clause_before": _("原来依据"), "clause_after": _("换后依据"), "differs": _("不同"),
        "village_rules": _("村的规则"), "sweep": _("曲线：{name}从 {first} 到 {last}"), "value": _("取值"),
        "sweep_aside": _("其他都照原来，只换这一个参数；粗线是原来的值，虚线是换后的值"), "sweep_text": _("随参数变化的户数折线图，数字见下表"),
        "sweep_none": _("没有一条规则与这个参数有关。"), "none": _("没有"), "files": _("逐户名单和原因在 whatif.xlsx，全部数字在 whatif.json。"),
        "list": _("名单"), "overview": _("总览"), "curve": _("曲线"), "untouched": _("与换掉的内容无关，没有重算："),
    }  # fmt: skip
