"""What departments' lists say, against our facts (match.benefits, match.health, match.guarantees, match.deceased).

A list of a department is seldom complete: somebody of ours who is not on it says nothing, and gives no row.
"""

from __future__ import annotations

from shouwang.tables.dictionary import labels
from shouwang.tables.intake.idnumbers import masked
from shouwang.tables.intake.model import Record
from shouwang.tables.lists.fields import EMPTY, column_of, shown
from shouwang.tables.lists.ours import Ours
from shouwang.tables.lists.rows import Subject, WorkRow
from shouwang.tables.lists.theirs import Theirs

_HOUSEHOLD = ("housing_unsafe", "water_unsafe")
_MEMBER = ("disability_level", "serious_illness", "mental_disorder", "medical_insurance", "in_school")
_BENEFIT = {"dibao": "低保", "tekun": "特困供养"}
_LEFT = {"deceased": "已死亡", "moved_out": "已迁出"}
_MATCH = {"confirmed": "已确认", "proposed": "待确认", "none": "未比中"}


def listed_rows(ours: Ours, theirs: Theirs, notes: list[str]) -> list[WorkRow]:
    """One row per line of a list that contradicts our fact, that we know nothing of, or whose person is not found."""
    sources = {row["list_id"]: row["source"] for row in theirs.tables["lists"]}
    found = []
    unknown_benefits = False
    for row in theirs.tables["listed"]:
        kind, source = row.get("kind", ""), labels("list_source")[sources[row["list_id"]]]
        if kind in _BENEFIT and ours.benefits is None:
            unknown_benefits = True
        elif row.get("member_id", "") not in ours.members:
            found += _nobody(ours, theirs, row, source)
        elif kind in _BENEFIT:
            found += _benefit(ours, theirs, row, source)
        elif kind in _LEFT:
            found.append(_left(ours, theirs, row, source))
        elif kind in _HOUSEHOLD or kind in _MEMBER:
            found += _fact(ours, theirs, row, source)
    if unknown_benefits:
        notes.append("没有收支条目表（income_items），低保、特困名单没有与收入比")
    return found


def _nobody(ours: Ours, theirs: Theirs, row: Record, source: str) -> list[WorkRow]:
    """A line whose person is not ours, or is one of several; of what says nothing about a fact there is none."""
    kind = row.get("kind", "")
    if kind not in (*_HOUSEHOLD, *_MEMBER, *_BENEFIT, *_LEFT):
        return []
    if row.get("holds") == "false" and kind in _HOUSEHOLD:
        return []  # the list itself says that nothing is wrong
    persons = theirs.proposed.get(row["listed_id"], [])
    why = (
        f"我方同村有 {len(persons)} 个同名的人，请核对是哪一个"
        if persons
        else "我方没有找到这个人，请核对姓名、村和证件号码"
    )
    return [_row(ours, theirs, row, source, _label(kind), _said(row), "", why, "d")]


def _benefit(ours: Ours, theirs: Theirs, row: Record, source: str) -> list[WorkRow]:
    """On the list for dibao or tekun and no such income; refused, and such income all the same."""
    kind = row["kind"]
    here = kind in (ours.benefits or {}).get(row["member_id"], set()) | (ours.benefits or {}).get(
        row["household_id"], set()
    )
    if "holds" not in row or here == (row["holds"] == "true"):
        return []
    mine = "近期有此项收入" if here else "近期没有此项收入"
    why = "名单有误的选“以我方为准”；我方有误的，请在收支条目里补录或更正"
    return [_row(ours, theirs, row, source, _BENEFIT[kind], _said(row), mine, why, "ad")]


def _left(ours: Ours, theirs: Theirs, row: Record, source: str) -> WorkRow:
    day = row.get("event_on", "")
    why = "" if day else "名单没有日期：选“另填”并填减少日期"
    return _row(
        ours, theirs, row, source, _label(row["kind"]), f"{_LEFT[row['kind']]} {day}".strip(), "仍在户",
        why, "abcd" if day else "acd", ("members", "left_on", "", day),
    )  # fmt: skip


def _fact(ours: Ours, theirs: Theirs, row: Record, source: str) -> list[WorkRow]:
    kind = row["kind"]
    table = "households" if kind in _HOUSEHOLD else "members"
    record = ours.households[row["household_id"]] if table == "households" else ours.members[row["member_id"]]
    theirs_say = row.get("level" if kind == "disability_level" else "holds", "")
    mine = record.get(kind, "")
    if not theirs_say or mine == theirs_say:
        return []
    column = column_of(table, kind)
    options = "abcd" if mine else "bcd"
    said = shown(column, theirs_say)
    return [
        _row(
            ours, theirs, row, source, column.zh, said, shown(column, mine), "" if mine else "我方没有填", options,
            (table, kind, mine, theirs_say),
        )
    ]  # fmt: skip


def _row(
    ours: Ours,
    theirs: Theirs,
    row: Record,
    source: str,
    label: str,
    said: str,
    mine: str,
    why: str,
    options: str,
    target: tuple[str, str, str, str] = ("", "", "", ""),
) -> WorkRow:
    match = row.get("match", "none")
    if match == "proposed" and row.get("member_id") and options != "d":
        why = "；".join(filter(None, (why, "按姓名和村对上，证件号码没有对上：请先核对是不是同一个人")))
    cells = (
        source,
        theirs.places.get(row["listed_id"], ""),
        ours.village(row.get("area_code", "")),
        row.get("name", ""),
        masked(row.get("id_number", "")),
        _MATCH[match],
        label,
        said,
        mine,
        why,
    )
    known = row.get("member_id", "") in ours.members
    subject = Subject(
        household_id=row["household_id"] if known else "",
        member_id=row["member_id"] if known else "",
        listed_id=row["listed_id"],
    )
    table, column, before, after = target
    return WorkRow(
        "部门名单", "value" if column else "told", subject, cells, options, table, column, before, after
    )


def _said(row: Record) -> str:
    kind, holds = row.get("kind", ""), row.get("holds")
    if kind in _LEFT:
        return _LEFT[kind]
    if kind in _BENEFIT:
        return {"true": "享受", "false": "未批准"}.get(holds or "", EMPTY)
    if kind == "disability_level":
        return shown(column_of("members", kind), row.get("level"))
    return {"true": "是", "false": "否"}.get(holds or "", EMPTY)


def _label(kind: str) -> str:
    if kind in _BENEFIT:
        return _BENEFIT[kind]
    if kind in _LEFT:
        return "是否在户"
    return column_of("households" if kind in _HOUSEHOLD else "members", kind).zh
