"""One member row → the columns of members; every doubtful cell with its place."""

from __future__ import annotations

import re
from datetime import date

from shouwang.language import _
from shouwang.tables.intake import codes
from shouwang.tables.intake.dates import read_date
from shouwang.tables.intake.idnumbers import birth_date, sex_of
from shouwang.tables.intake.layout import Table
from shouwang.tables.intake.model import FileReading, Record, RowReading, put
from shouwang.tables.intake.wording import is_dash, squeezed, tidy


def member_record(
    reading: FileReading, table: Table, row: int, entry: RowReading, home: tuple[str, str], on: date
) -> Record:
    """The member's columns that are known. ``home`` is the names of province and county; fills ``entry``."""
    entry.id = reading.read_id(table, row, "id", on) if "id" in table.columns else entry.id
    record: Record = put(
        {}, name=entry.name, id_number=entry.id.number, disability_certificate=entry.id.certificate
    )
    _identity(reading, table, row, entry, record)
    _relation(reading, table, row, entry, record)
    _sex_and_birth(reading, table, row, entry, record)
    _labour(reading, table, row, entry, record)
    _health(table, row, record)
    _school(reading, table, row, entry, record)
    _insurance(reading, table, row, entry, record)
    _work(reading, table, row, home, record)
    put(
        record,
        ethnic_group=codes.ethnic_group(table.value(row, "ethnic")),
        note=tidy(table.value(row, "note")),
    )
    return record


def _identity(reading: FileReading, table: Table, row: int, entry: RowReading, record: Record) -> None:
    said = table.text(row, "id_type")
    kind = "disability" if entry.id.certificate or "残疾" in said else None
    if not kind and entry.id.status == "accepted":
        kind = "resident"
    elif not kind and re.search("护照|外国|永久居留", said):
        kind = "foreign"
    put(record, id_type=kind)
    own = (row, table.columns.get("phone", -1)) not in table.filled
    number = codes.phone(table.value(row, "phone")) if own else ""
    if number is None:
        reading.quarantine(table, row, "phone", _("联系电话位数不对。"), "phone")
    else:
        put(record, phone=number)
        entry.values["phone"] = number or None


def _relation(reading: FileReading, table: Table, row: int, entry: RowReading, record: Record) -> None:
    word = table.text(row, "relation")
    if not word or is_dash(word):
        if "relation" not in table.columns:
            put(record, relation="head")
        return
    code = codes.relation(word)
    put(record, relation=code, relation_word=word)
    entry.values["relation"] = code
    if code is None:
        reading.misunderstood(table, row, "relation", _("看不懂的与户主关系，只留原文。"), "relation")


def _sex_and_birth(reading: FileReading, table: Table, row: int, entry: RowReading, record: Record) -> None:
    said, number = codes.sex(table.value(row, "sex")), entry.id.number
    if number and said and said != sex_of(number):
        reading.quarantine(table, row, "sex", _("性别与证件号码第 17 位不符，没有采用。"), "sex")
    else:
        put(record, sex=said or (sex_of(number) if number else None))
        if table.text(row, "sex") and said is None and not is_dash(table.text(row, "sex")):
            reading.misunderstood(table, row, "sex", _("看不懂的性别。"), "sex")
    born = read_date(table.value(row, "birth"))
    if "birth" in table.columns and not born.blank and born.day is None:
        reading.quarantine(table, row, "birth", _("出生日期读不出年月日。"), "date")
    day = born.day if born.precision == "day" else None
    if number and day and day != birth_date(number):
        reading.quarantine(table, row, "birth", _("出生日期与证件号码不符，没有采用。"), "birth")
        return
    put(record, birth_date=birth_date(number) if number else day)


def _labour(reading: FileReading, table: Table, row: int, entry: RowReading, record: Record) -> None:
    word = table.text(row, "labour")
    if not word:
        return
    code = codes.labour(word)
    entry.values["labour"] = code
    put(record, labour_capacity=code)
    if code is None and not is_dash(word):
        reading.misunderstood(table, row, "labour", _("看不懂的劳动能力。"), "labour")


def _health(table: Table, row: int, record: Record) -> None:
    """健康 says that there is no illness; what a cell does not name is not known."""
    word = table.text(row, "health")
    if word in ("健康", "良好", "健康或良好", "一般或较好"):
        put(record, serious_illness=False, chronic_illness=False)
        return
    put(
        record,
        serious_illness=True if re.search("大病|重病", word) else None,
        chronic_illness=True if "慢性" in word else None,
        mental_disorder=True if re.search("精神(障碍|病|残疾)", word) else None,
    )


def _school(reading: FileReading, table: Table, row: int, entry: RowReading, record: Record) -> None:
    attending, stage, understood = codes.schooling(table.value(row, "schooling"))
    put(record, in_school=attending, school_stage=stage)
    entry.values.update(in_school=attending, stage=stage)
    if not understood:
        reading.misunderstood(table, row, "schooling", _("看不懂的在校情况。"), "schooling")


def _insurance(reading: FileReading, table: Table, row: int, entry: RowReading, record: Record) -> None:
    value = table.value(row, "insurance")
    covered = codes.insured(value)
    put(record, medical_insurance=covered, insurance_kinds=codes.insurance_kinds(value))
    entry.values["insured"] = covered
    if covered is None and squeezed(value) and not is_dash(squeezed(value)):
        reading.misunderstood(table, row, "insurance", _("看不懂的参保情况。"), "insurance")
    put(record, pension_enrolled=codes.yes_no(table.value(row, "pension")))


def _work(reading: FileReading, table: Table, row: int, home: tuple[str, str], record: Record) -> None:
    word = table.text(row, "work_place")
    if word and not is_dash(word):
        code = codes.work_place(word, *home)
        put(record, employment_place=code)
        if code is None:
            reading.misunderstood(
                table, row, "work_place", _("看不出务工地点在县内、省内还是省外。"), "work_place"
            )
    said = table.text(row, "work_months")
    if said and not is_dash(said):
        count = codes.months(said)
        put(record, months_worked=count)
        if count is None:
            reading.misunderstood(table, row, "work_months", _("看不懂的务工月数。"), "work_months")
    put(
        record,
        workplace=tidy(table.value(row, "workplace")),
        serving=codes.yes_no(table.value(row, "serving")),
    )
    put(record, public_post=codes.yes_no(table.value(row, "public_post")))
