"""The explanation of one household as a sheet that a village officer can read, aligned for the width of Chinese."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from shouwang.language import _, current
from shouwang.policy.explained_formula import say_fact
from shouwang.policy.explanation_words import bracketed, named
from shouwang.policy.inner_names import inner_name

ROWS = 6  # rows behind one aggregate that are listed; the rest is counted


def width(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def table(
    rows: Sequence[Sequence[str]], indent: str = "  ", right: frozenset[int] = frozenset()
) -> list[str]:
    """Lines of aligned columns; those of ``right`` end flush."""
    if not rows:
        return []
    widths = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = []
        for place, cell in enumerate(row):
            blank = " " * (widths[place] - width(cell))
            cells.append(blank + cell if place in right else cell + blank)
        lines.append((indent + "  ".join(cells)).rstrip())
    return lines


def explanation_text(explanation: Mapping[str, Any]) -> str:
    """The sheet: who; income with its working; what does not count and why; findings; what is not known; parameters."""
    parts = (_who, _income, _not_counted, _findings, _unknown, _parameters)
    return "\n".join(line for part in parts for line in part(explanation)).rstrip() + "\n"


def _who(told: Mapping[str, Any]) -> Iterator[str]:
    who = told["household"]
    yield _("农户 {id}　户主 {head}").format(id=who["household_id"], head=who["head"] or _("不知道"))
    yield _("筛查日 {on}　政策包 {title}（{id}）").format(
        on=told["on"], title=told["pack"]["title"], id=told["pack"]["id"]
    )
    yield "　".join(named(fact["label"], fact["said"]) for fact in who["facts"])
    if told["focus"]:
        yield _("重点对象：{names}").format(names="、".join(focus["label"] for focus in told["focus"]))
    if not who["members_known"]:
        yield _("没有家庭成员表")
    rows = [
        [member["name"] or _("不知道"), member["relation"], member["id_number"] or "—", str(member["birth_date"] or "—"), member["labour_capacity"],
         "" if member["months"] is None else _("计 {n} 个月").format(n=member["months"])]
        for member in who["members"]
    ]  # fmt: skip
    yield from table(rows)
    yield ""


def _income(told: Mapping[str, Any]) -> Iterator[str]:
    income, window = told["income"], told["window"]
    yield _("一、收入怎么算（窗口 {first} 至 {last}）").format(first=window["first"], last=window["last"])
    rows = [
        [str(item["received_on"]), item["label"], item["member"], money(item["amount"]), item["counts_as_label"], item["clause"]]
        for item in income["items"] if item["counts"]
    ]  # fmt: skip
    yield from table(rows or [[_("没有计入的条目")]], right=frozenset({3}))
    if income["sums"]:
        yield _("  各类合计（元）")
        yield from table(
            [
                [total["label"], money(total["sum"]), _("{n} 笔").format(n=total["items"])]
                for total in income["sums"]
            ],
            "    ",
            frozenset({1}),
        )
    for earner in income["earners"]:
        values = "　".join(
            f"{inner_name(name, current())} {money(value)}"
            for name, value in earner["values"].items()
            if value
        )
        if values:
            yield "  " + _("{member} 按务工地扣成本：{values}").format(
                member=earner["member"] or _("未写成员"), values=values
            )
    yield _("  指标")
    for figure in income["figures"]:
        yield f"    {figure['label']} = {figure['said']}" + (
            f"　[{figure['clause']}]" if figure["clause"] else ""
        )
        yield f"      {working(figure)}"
    yield ""


def working(node: Mapping[str, Any]) -> str:
    """The working of a value in one line: in words, then filled in."""
    filled = node.get("filled") or ""
    return node["words"] if not filled or filled == node["said"] else f"{node['words']}\n      → {filled}"


def money(amount: Any) -> str:
    """Yuan with two places; a dash where unknown."""
    return "—" if amount is None else f"{amount:.2f}" if isinstance(amount, Decimal) else str(amount)


def _not_counted(told: Mapping[str, Any]) -> Iterator[str]:
    yield _("二、不计入的和原因")
    rows = [
        [str(item["received_on"] or "—"), item["label"], item["member"], money(item["amount"]),
         "；".join(reason["text"] + (bracketed(reason["clause"]) if reason["clause"] else "") for reason in item["reasons"])]
        for item in told["income"]["items"] if not item["counts"]
    ]  # fmt: skip
    yield from table(rows or [[_("没有")]], right=frozenset({3}))
    yield ""


def _findings(told: Mapping[str, Any]) -> Iterator[str]:
    yield _("三、线索（共 {n} 条；另有 {no} 条规则查过没有）").format(
        n=len(told["findings"]), no=len(told["not_found"])
    )
    if not told["findings"]:
        yield "  " + _("没有")
    known = {figure["name"] for figure in told["income"]["figures"]}
    for finding in told["findings"]:
        problem = f"·{finding['problem_label']}" if finding["problem_label"] else ""
        yield f"  ● {finding['name']}{bracketed(finding['finding'])}　{finding['level_label']}{problem}"
        yield f"    {finding['says']}"
        yield "    " + _("依据：{clause}").format(clause=finding["clause"])
        yield "    " + _("条件：{condition}（{place}）").format(
            condition=finding["condition"], place=finding["place"]
        )
        yield from tree_lines(finding["tree"], "    ", known, top=True)
    yield ""


def tree_lines(node: Mapping[str, Any], indent: str, told: set[str], top: bool = False) -> Iterator[str]:
    """A tree as indented lines: label = value ← its working, then what it reads; what was ``told`` is not opened again."""
    filled = node.get("filled") or ""
    if top:
        yield f"{indent}→ {filled}"
    else:
        known = node["name"] in told
        again = _("（见上）") if known else ""
        yield f"{indent}{node['label']} = {node['said']}{again}" + (
            "" if known or not filled or filled == node["said"] else f" ← {filled}"
        )
        if known:
            return
    if not node.get("fact"):
        told.add(node["name"])
    yield from _rows(node.get("rows", []), indent)
    for read in node.get("reads", []):
        yield from tree_lines(read, indent + "  ", told)
    for parameter in node.get("parameters", []):
        yield f"{indent}  :{parameter['name']} {parameter['label']} = {parameter['said']}"


def _rows(rows: Sequence[Mapping[str, Any]], indent: str) -> Iterator[str]:
    unknown = say_fact(None, None)
    for row in rows[:ROWS]:
        facts = "，".join(
            f"{label} {value}"
            for label, value in row["facts"].items()
            if value != unknown or row["counts"] is None
        )
        yield f"{indent}  · {row['row']}" + (bracketed(facts) if facts else "")
    if len(rows) > ROWS:
        yield f"{indent}  · " + _("另有 {n} 行").format(n=len(rows) - ROWS)


def _unknown(told: Mapping[str, Any]) -> Iterator[str]:
    yield _("四、还判不了的（{n} 条）").format(n=len(told["unknown"]))
    if not told["unknown"]:
        yield "  " + _("没有")
    for entry in told["unknown"]:
        yield f"  ○ {entry['name']}{bracketed(entry['finding'])}"
        for fact in entry["ask"]:
            who = bracketed("、".join(fact["who"][:ROWS])) if fact["who"] else ""
            yield "    " + _("要问：{label}").format(label=fact["label"]) + who
        for lacking in entry["lacking"]:
            yield f"    {lacking['label']}"
        for parameter in entry["unset"]:
            yield "    " + _("参数 {label} 还没有文件定：{clause}，请要文件号").format(
                label=parameter["label"], clause=parameter["clause"] or "—"
            )
    yield ""


def _parameters(told: Mapping[str, Any]) -> Iterator[str]:
    yield _("五、用到的参数")
    yield from table([
        [parameter["label"], parameter["said"], (_("本次设定") if parameter["set_by_hand"] else parameter["clause"])]
        for parameter in told["parameters"]
    ])  # fmt: skip
