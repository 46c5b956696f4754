"""What the income paper says around its figures, the same in Excel and on the page."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from shouwang.documents.summary_page import money as yuan
from shouwang.language import _, current
from shouwang.policy.explanation_words import bracketed, named
from shouwang.policy.income_paper.data import Excluded, ExcludedGroup, Line, Paper, Part, State
from shouwang.tables.dictionary import labels

_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_SIGNS = ("", "＋ ", "＋ ", "＋ ", "－ ")
SERIES = ("#5b7aa5", "#c9ced6")  # this window, the one a year before


def words() -> dict[str, str]:
    """Heads and labels, in the language now spoken."""
    return {
        "title": _("农户收入核算表（工作底稿）"), "unit": _("单位：元"), "household_id": _("户编号"), "head": _("户主"), "place": _("所在村"),
        "group": _("村民小组"), "type": _("农户类型"), "monitoring": _("监测情况"), "on": _("核算日"), "window": _("收入窗口"),
        "pack": _("政策依据"), "member": _("家庭成员"), "relation": _("与户主关系"), "months": _("计入月数"), "note": _("说明"),
        "person_months": _("人月数合计"), "person_years": _("家庭人口数（人月数 ÷ 12）"), "no_members": _("没有家庭成员表"),
        "number": _("序号"), "day": _("日期"), "who": _("成员"), "kind": _("收支类别"), "basis": _("依据"), "agreed": _("农户认可"),
        "amount": _("金额"), "counted": _("计入"), "why": _("说明、条款"), "deduction": _("扣减"), "floor": _("调整"), "subtotal": _("小计"),
        "none": _("没有条目"), "per_capita": _("人均纯收入怎么算的"), "net_income": _("家庭纯收入"), "net": _("家庭纯收入（一＋二＋三＋四－五）"), "per_person": _("人均纯收入"),
        "range": _("监测范围"), "range_unset": _("还没有文件定"), "against_range": _("比监测范围（正数为高于）"), "band": _("收入区间"),
        "expense": _("扣除合规自付支出、加理赔后"), "education": _("教育费用"), "medical": _("医疗费用（农户报）"),
        "medical_listed": _("医疗费用（部门名单，取两者较大的）"), "other": _("其他费用"), "compliant": _("合规自付支出合计"),
        "payout": _("理赔收入"), "after": _("扣除后人均纯收入"), "after_how": _("（家庭纯收入 － 合规自付支出 ＋ 理赔收入）× 12 ÷ 人月数"),
        "excluded": _("不计入收入的项目"), "excluded_none": _("没有不计入收入的项目"), "reason": _("为什么不计、条款"), "not_counted": _("不计"),
        "outside": _("不在收入窗口内的条目"), "outside_none": _("没有窗口以外的条目"), "outside_why": _("为什么不在内、条款"),
        "comparison": _("季度和年度对照"), "this": _("本次"), "last": _("上年同期"), "sum": _("合计"), "change": _("增减"), "ratio": _("增幅"),
        "income_items": _("收入条目合计（未扣成本）"), "by_rules": _("按核算口径"), "year": _("年度"), "no_last": _("上年同期没有计入的条目：不知道，不是零"),
        "agreement": _("依据和农户认可"), "items": _("笔数"), "share": _("占比"), "missing": _("还不知道、要去问的"), "missing_none": _("没有"),
        "unknown": _("不知道"), "householder": _("户主（签字）"), "accountant": _("核算人（签字）"), "date": _("日期"),
        "foot": _("含个人信息，用后收回"), "index": _("目录"), "page": _("第 {page} 页，共 {pages} 页"), "chart": _("各季度收入条目合计（未扣成本）"),
        "differs": _("本政策包的算式与附件5不同，这里照政策包的结果写"), "made": _("本表由守望按政策包核算，数字可在 Excel 中逐格追算"),
    }  # fmt: skip


def heading(place: int, label: str) -> str:
    """A section's head: 一、工资性收入 / 1. wage."""
    return f"{place}. {label}" if current() == "en" else f"{_NUMERALS[place - 1]}、{label}"


def agreed(value: bool | None) -> str:
    """Whether the household agrees; no and not asked are marked, not only coloured."""
    return {True: _("认可"), False: _("▲ 不认可"), None: _("? 未问")}[value]


def basis(code: str | None) -> str:
    """What an item rests on; none is marked."""
    return _("? 没有写") if code is None else labels("basis", current()).get(code, code)


def counted(line: Line) -> str:
    """The words in place of an amount that adds to the subtotal."""
    return {State.SET_OFF: _("见扣减"), State.UNKNOWN: _("不知道")}.get(line.state, "")


def line_note(line: Line, part: Part) -> str:
    """What stands beside a line: why, the note of whoever collected it, the clause if it is not that of the part."""
    told = _("；").join(text for text in (line.text, line.item.note) if text) if line.item else ""
    return told + _in_brackets(line.clause if line.clause != part.clause else "")


def excluded_note(entry: Excluded, clause: str) -> str:
    """Why an item does not count, its note, and its clause if it is not the one that stands above (``clause``)."""
    told = _("；").join(text for text in (entry.why, entry.item.note) if text)
    return told + _in_brackets(entry.clause if entry.clause != clause else "")


def group_title(group: ExcludedGroup) -> str:
    """A class of annex 5 §6 with why it is no income, and the clause."""
    return named(group.title, group.why) + _in_brackets(group.clause)


def window_note(paper: Paper) -> str:
    """The window and the clause that sets it."""
    head = paper.head
    return _("收入窗口 {first} 至 {last}").format(first=head.first, last=head.last) + _in_brackets(
        head.window_clause
    )


def _in_brackets(text: str) -> str:
    return bracketed(text) if text else ""


def subtotal_label(part: Part) -> str:
    """工资性收入 小计（clause)."""
    return _("{part}小计").format(part=part.label) + _in_brackets(part.clause)


def money(amount: Decimal | None) -> str:
    """Yuan with two places; said where it is not known."""
    return _("不知道") if amount is None else yuan(Decimal(amount))


def signed(amount: Decimal) -> str:
    """A change: ＋1,200.00, －300.00."""
    sign = "－" if amount < 0 else "＋" if amount else ""
    return sign + money(abs(amount))


def percent(share: Decimal | None, *, sign: bool = False) -> str:
    """A share with one place; a dash where it is not known."""
    if share is None:
        return "—"
    text = f"{(abs(share) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
    return (("－" if share < 0 else "＋" if share and sign else "") if sign or share < 0 else "") + text


def working(paper: Paper) -> str:
    """The formula line with its numbers."""
    unknown = _("不知道")
    signed_parts = zip(_SIGNS, paper.parts, strict=True)
    terms = " ".join(sign + money(part.subtotal) for sign, part in signed_parts)
    years = paper.head.person_years
    return _("（{terms}）÷ {years} ＝ {value}").format(
        terms=terms, years=unknown if years is None else f"{years:f}", value=money(paper.per_capita.value)
    )


def formula() -> str:
    """The formula of annex 5."""
    return _(
        "人均纯收入 ＝（工资性收入＋财产性收入＋转移性收入＋生产经营性收入－生产经营性支出）÷ 家庭人口数"
    )


def bands(paper: Paper) -> list[tuple[bool, str]]:
    """The seven bands of annex 1 and whether each is ticked."""
    return [(code == paper.per_capita.band, text) for code, text in labels("income_band", current()).items()]


def bands_in_lines(paper: Paper) -> str:
    """The bands with their ticks, four on the first line, and what must be said about the tick."""
    ticks = [f"{'☑' if ticked else '□'} {text}" for ticked, text in bands(paper)]
    lines = ["　".join(ticks[:4]), "　".join(ticks[4:]), band_note(paper)]
    return "\n".join(line for line in lines if line)


def band_note(paper: Paper) -> str:
    """What must be said about the tick."""
    per_capita = paper.per_capita
    if per_capita.band_ticked:
        return _("收入不知道，这是走访时勾的区间")
    if per_capita.below_13000 is not None:
        answer = _("是") if per_capita.below_13000 else _("否")
        return _("是否低于1.3万元：{answer}").format(answer=answer)
    return "" if per_capita.band else _("还判不了在哪个区间")


def agreement_notes(paper: Paper) -> list[str]:
    """Which items have no basis, are not agreed, were not asked, or rest on less than is customary."""
    found, told = paper.agreement, []
    if not found.basis_column:
        told.append(_("收支条目表没有“依据”这一列，依据都不知道"))
    elif found.without_basis:
        told.append(_("没有写依据：第 {numbers} 笔").format(numbers=listed(found.without_basis)))
    if found.not_agreed:
        told.append(_("▲ 农户不认可：第 {numbers} 笔").format(numbers=listed(found.not_agreed)))
    if not found.agreed_column:
        told.append(_("收支条目表没有“农户认可”这一列，是否认可都不知道"))
    elif found.not_asked:
        told.append(_("? 没有问农户是否认可：第 {numbers} 笔").format(numbers=listed(found.not_asked)))
    if found.weaker:
        told.append(
            _(
                "工资、财产性收入一般先看合同、发放或转账记录（附件5 一、二），以下用了较弱的依据，仅提示：第 {numbers} 笔"
            ).format(numbers=listed(found.weaker))
        )
    return told or [_("五类中的每一笔都有依据，农户都认可")]


def listed(numbers: tuple[int, ...]) -> str:
    """Numbers of items, runs drawn together: 1—3、7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    joint = ", " if current() == "en" else "、"
    return joint.join(f"{first}" if first == last else f"{first}—{last}" for first, last in runs)


percent_change = partial(percent, sign=True)
