"""Lists of departments: one alert per row, or a row that is none, or a row not understood."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from shouwang.language import _
from shouwang.tables.intake import codes
from shouwang.tables.intake.amounts import plain, read_amount, unit_factor
from shouwang.tables.intake.areas import Villages, village_of
from shouwang.tables.intake.dates import read_date
from shouwang.tables.intake.idnumbers import sex_of
from shouwang.tables.intake.layout import Table
from shouwang.tables.intake.model import FileReading, RowReading
from shouwang.tables.intake.wording import group_in, group_key, is_dash, person_name, tidy

NO_ALERT = "no_alert"


@dataclass(frozen=True)
class Department:
    """One kind of list: its source, which cells give amount and day, and what decides the kind of alert."""

    source: str
    decide: Callable[[FileReading, Table, int], str | None]
    amounts: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lists: str = ""  # the source among lists, where it is not that of alerts


def read_row(
    reading: FileReading, table: Table, row: int, department: Department, villages: Villages, on: date
) -> RowReading:
    """One row of a list: who, where, which alert, how much, when.

    ``values['alert']`` is a kind, ``no_alert`` or None for a row that is not understood.
    """
    address = table.text(row, "address")
    entry = RowReading(
        table.sheet.name,
        row + 1,
        department.source,
        person_name(table.value(row, "name")) or person_name(table.value(row, "head_name")),
        village_of(table, row, villages),
        group_key(table.value(row, "group"))
        or group_in(_after_village(address))
        or group_in(_after_village(table.text(row, "village"))),
    )
    _who(reading, table, row, entry, on)
    entry.values["alert"] = department.decide(reading, table, row)
    entry.values["amount"] = _amount(reading, table, row, department.amounts)
    entry.values["event_on"] = _day(reading, table, row, department.days)
    received = read_date(table.value(row, "received_on"))
    entry.values["received_on"] = received.day if received.precision == "day" else None
    entry.values["note"] = "；".join(
        filter(None, (tidy(table.value(row, name)) for name in department.notes))
    )
    return entry


def _after_village(address: str) -> str:
    """The part of an address in which a group may stand."""
    found = re.search(r"(村|社区)", address)
    return address[found.end() :] if found else address


def _who(reading: FileReading, table: Table, row: int, entry: RowReading, on: date) -> None:
    source = "id" if "id" in table.columns and table.value(row, "id") is not None else "cert"
    if source not in table.columns:
        source = "id"
    if source not in table.columns:
        return
    entry.id = reading.read_id(table, row, source, on)
    said = codes.sex(table.value(row, "sex"))
    if entry.id.number and said and said != sex_of(entry.id.number):
        reading.quarantine(table, row, "sex", _("性别与证件号码第 17 位不符，没有采用。"), "sex")
    if source == "id" and "cert" in table.columns:
        other = reading.read_id(table, row, "cert", on)
        if other.number and entry.id.number and other.number != entry.id.number:
            reading.quarantine(table, row, "cert", _("残疾证号与身份证号不是同一个人。"), "id")


def _amount(reading: FileReading, table: Table, row: int, names: tuple[str, ...]) -> Any:
    for name in names:
        if name not in table.columns:
            continue
        amount = read_amount(table.value(row, name), unit_factor(table.head(name), table.title))
        if amount.yuan is None and not amount.blank:
            reading.quarantine(table, row, name, _("金额读不出，或是负数，没有采用。"), "amount")
            return None
        if amount.yuan is not None:
            return plain(amount.yuan)
    return None


def _day(reading: FileReading, table: Table, row: int, names: tuple[str, ...]) -> date | None:
    for name in names:
        if name not in table.columns:
            continue
        said = read_date(table.value(row, name))
        if said.day:
            if said.precision == "month":
                reading.note(_("有的日期只到月，按当月 1 日记。"))
            return said.day
        if not said.blank:
            reading.quarantine(table, row, name, _("日期读不出年月日，没有采用。"), "date")
            return None
    return None


# ---- which alert a row is --------------------------------------------------------------------------------


def _always(kind: str) -> Callable[[FileReading, Table, int], str | None]:
    return lambda _reading, _table, _row: kind


def _civil(reading: FileReading, table: Table, row: int) -> str | None:
    near = f"{table.sheet.name} {table.title}"
    said = table.text(row, "apply_kind")
    benefit = _benefit(said) if said and not is_dash(said) else _benefit(near)
    if benefit is None:
        reading.misunderstood(
            table, row, "apply_kind" if said else None, _("看不出是低保、特困还是临时救助。"), "kind"
        )
        return None
    if benefit in ("large_relief", NO_ALERT):
        return benefit
    if benefit == "relief":
        if "大额" in near or "大额" in reading.file:
            return "large_relief"
        reading.misunderstood(
            table, row, "apply_kind" if said else None, _("临时救助没有说是不是大额。"), "kind"
        )
        return None
    outcome = _outcome(table.text(row, "result"), near if "result" not in table.columns else "")
    refused = bool(table.text(row, "refusal")) and not is_dash(table.text(row, "refusal"))
    if outcome is None or (refused and outcome == "new"):
        column = "result" if "result" in table.columns else None
        reading.misunderstood(table, row, column, _("看不出批准、未批准还是审批中。"), "kind")
        return None
    return f"{benefit}_{outcome}"


def _benefit(text: str) -> str | None:
    if "临时救助" in text and not re.search("低保|最低生活|特困", text):
        return "large_relief" if "大额" in text else "relief"
    dibao = re.search("低保|最低生活保障", text) is not None
    tekun = re.search("特困|五保", text) is not None
    if dibao and tekun:
        return None
    if tekun:
        return NO_ALERT if re.search("集中供养", text) and "分散" not in text else "tekun"
    return "dibao" if dibao else None


def _outcome(text: str, near: str) -> str | None:
    if re.search(r"不|未|否|驳回|退回|拒", text) and not re.search(r"未(审批|审核|办结)|不详", text):
        return "refused"
    if re.search(r"审批中|待|受理|办理中|审核中|公示|申请中|调查|核查|在办|正在|未审|未办结|评议", text):
        return "applied"
    if text in ("是", "√") or re.search(r"同意|批准|通过|新增|准予|符合|纳入|享受|在保|确认|合格", text):
        return "new"
    if text:
        return None
    if re.search(r"(未通过|未批准|不予|不批准|退回|不符合)", near):
        return "refused"
    return "new" if re.search("新增", near) else None


def disability_level_said(table: Table, row: int) -> int | None:
    """The level in its own cell, else that of the certificate; None where the two contradict each other."""
    said = codes.disability_level(table.value(row, "disability_level"))
    certificate = reading_level(table, row)
    return None if said and certificate and said != certificate else said or certificate


def _disability(reading: FileReading, table: Table, row: int) -> str | None:
    said = codes.disability_level(table.value(row, "disability_level"))
    text = table.text(row, "disability_level")
    certificate = reading_level(table, row)
    if text and said is None and not is_dash(text):
        reading.misunderstood(table, row, "disability_level", _("看不懂的残疾等级。"), "level")
    elif said and certificate and said != certificate:
        reading.quarantine(table, row, "disability_level", _("残疾等级与残疾证号末位不符，请核对。"), "level")
    level = said or certificate
    if level is None:
        if not text or is_dash(text):
            reading.misunderstood(table, row, None, _("没有残疾等级。"), "level")
        return None
    return "severe_disability" if level <= 2 else NO_ALERT


def reading_level(table: Table, row: int) -> int | None:
    """The level that the certificate's own last digit gives, where the cell holds a certificate."""
    from shouwang.tables.intake.idnumbers import read_id

    for name in ("cert", "id"):
        level = read_id(table.value(row, name), date.max).level
        if level:
            return level
    return None


def _housing(reading: FileReading, table: Table, row: int) -> str | None:
    source = next((name for name in ("house_grade", "disability_level") if name in table.columns), None)
    if source is None:
        return "unsafe_house"
    text = table.text(row, source)  # a head that only says 等级 is a house's here
    grade = codes.house_grade(text)
    if grade:
        return "unsafe_house" if grade in "CD" else NO_ALERT
    if re.fullmatch(r"(疑似)?危房|局部危险|整体危险|不安全|有隐患", text):
        return "unsafe_house"
    if re.fullmatch(r"安全|基本安全|非危房|无(危险|隐患)", text):
        return NO_ALERT
    why = _("没有鉴定等级。") if not text else _("看不懂的鉴定等级。")
    reading.misunderstood(table, row, source if text else None, why, "kind")
    return None


def _health(reading: FileReading, table: Table, row: int) -> str | None:
    near = f"{table.text(row, 'disease')} {table.text(row, 'mental_kind')}"
    title = f"{table.title} {table.sheet.name}"
    if table.text(row, "mental_kind") or re.search("精神|分裂|双相", near):
        return "mental_disorder"
    if re.search("精神", title) and not re.search("大病|重病", title):
        return "mental_disorder"
    if table.text(row, "disease") or re.search("大病|重病", title):
        return "serious_illness"
    reading.misunderstood(table, row, None, _("看不出是大病还是精神障碍。"), "kind")
    return None


def _agriculture(reading: FileReading, table: Table, row: int) -> str | None:
    names = set(table.columns)
    title = f"{table.title} {table.sheet.name} {reading.file}"
    price = bool(names & {"price", "product"}) or bool(re.search("价格|滞销", title))
    project = bool(names & {"project_name", "failure"}) or bool(re.search("项目失败|产业失败", title))
    if price != project:
        return "price_fall" if price else "project_failed"
    reading.misunderstood(table, row, None, _("看不出是价格下跌还是项目失败。"), "kind")
    return None


DEPARTMENTS: dict[str, Department] = {
    "civil_affairs": Department(
        "civil_affairs",
        _civil,
        ("relief_amount", "monthly", "amount"),
        ("approved_on", "accepted_on"),
        ("refusal", "note"),
    ),
    "medical_insurance": Department(
        "medical_insurance",
        _always("large_medical_cost"),
        ("own_cost",),
        ("settled_on", "event_on"),
        ("disease", "note"),
    ),
    "disability": Department("disability", _disability, (), ("issued_on",), ("disability_kind", "note")),
    "education": Department(
        "education",
        _always("dropout"),
        (),
        ("dropout_on", "event_on"),
        ("school", "grade", "dropout_reason", "note"),
    ),
    "housing": Department("housing", _housing, (), ("judged_on", "event_on"), ("structure", "note")),
    "employment": Department(
        "employment", _always("job_loss"), (), ("lost_on", "event_on"), ("lost_reason", "note")
    ),
    "emergency": Department(
        "emergency",
        _always("disaster"),
        ("loss",),
        ("hit_on", "event_on"),
        ("disaster_kind", "relief", "note"),
    ),
    "accident": Department(
        "emergency", _always("accident"), ("loss",), ("accident_on", "event_on"), ("accident_kind", "note")
    ),
    "health": Department(
        "health", _health, ("own_cost",), ("diagnosed_on", "event_on"), ("disease", "mental_kind", "note")
    ),
    "water": Department(
        "water", _always("unsafe_water"), (), ("water_on", "judged_on", "event_on"), ("water_problem", "note")
    ),
    "agriculture": Department(
        "agriculture", _agriculture, ("loss",), ("event_on",), ("product", "project_name", "failure", "note")
    ),
    "deceased": Department(
        "civil_affairs", _always(NO_ALERT), (), ("died_on", "event_on"), ("note",), "deceased"
    ),
    "moved_out": Department(
        "civil_affairs", _always(NO_ALERT), (), ("moved_on", "event_on"), ("note",), "moved_out"
    ),
    "application": Department(
        "application", _always("self_application"), (), ("accepted_on", "event_on"), ("claim", "note")
    ),
}


def department_of(kind: str, table: Table) -> Department:
    """The department of a kind of list; an application list of the rescue platform has its own source."""
    found = DEPARTMENTS[kind]
    if kind == "application" and "救助平台" in f"{table.title} {table.sheet.name}":
        return replace(found, source="rescue_platform")
    return found
