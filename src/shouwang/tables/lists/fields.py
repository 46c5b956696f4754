"""Which values of the two lists are compared, what makes two of them the same, and how people read and write them.

Values are texts as the exchange format writes them; None or '' is "not known", which differs from nothing.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

from shouwang.language import _
from shouwang.tables.dictionary import CODES, TABLES, Column, Type, labels
from shouwang.tables.intake import codes
from shouwang.tables.intake.amounts import plain, read_amount
from shouwang.tables.intake.dates import read_date
from shouwang.tables.intake.idnumbers import masked, read_id, reason
from shouwang.tables.intake.wording import group_key, person_name, squeezed, text_of, tidy
from shouwang.tables.sheets import Value

EMPTY = "（空）"
_LAST_DAY = date(2099, 12, 31)


@dataclass(frozen=True)
class Field:
    """One value that both lists have: its column (the same name on both sides) and the table of ours with it.

    ``how`` is text, name, group, code, month, set, phone or id. ``fact`` marks the values of the quality rule
    ``match.facts``.
    """

    column: str
    table: str
    how: str
    fact: bool = True

    @property
    def label(self) -> str:
        """What officers call it; the workbook is Chinese whatever the screen speaks."""
        return TABLES[self.table].column(self.column).zh


HOUSEHOLD_FIELDS = (
    Field("monitoring_status", "households", "code"),
    Field("monitoring_type", "households", "code"),
    Field("identified_on", "households", "month"),
    Field("resolved_on", "households", "month"),
    Field("risks", "cases", "set"),
    Field("household_type", "households", "code", fact=False),
    Field("head_name", "households", "name"),
    Field("group_name", "households", "group", fact=False),
    Field("phone", "households", "phone", fact=False),
)
MEMBER_FIELDS = (
    Field("name", "members", "name"),
    Field("id_number", "members", "id"),
    Field("sex", "members", "code"),
    Field("relation", "members", "code"),
    Field("labour_capacity", "members", "code"),
)


def comparable(how: str, value: str | None) -> Hashable | None:
    """What is compared: months of dates, sets of codes, numbers of phones and cards; None = not known."""
    text = tidy(value)
    if not text:
        return None
    if how == "month":
        return text[:7]
    if how == "set":
        return frozenset(part.strip() for part in text.split(";") if part.strip()) or None
    if how == "name":
        return person_name(text)
    if how == "group":
        return group_key(text) or None
    if how == "phone":
        said = codes.phone(text)
        return frozenset(said.split("/")) if said else text
    if how == "id":
        return person_key(text)
    return text


def person_key(number: str | None) -> str:
    """Characters 1-18 of an identity number or certificate, 15 digits converted; what cannot be read as it is."""
    if not number:
        return ""
    return read_id(number, _LAST_DAY, zeros_doubtful=False).number or squeezed(number).upper()


def column_of(table: str, column: str) -> Column:
    """The dictionary's column."""
    return TABLES[table].column(column)


def shown(column: Column, value: str | None, *, month: bool = False) -> str:
    """A value as officers read it: Chinese words for codes, 是 and 否, months; identity numbers masked."""
    if value is None or value == "":
        return EMPTY
    if column.type is Type.LIST and column.codes:
        names = labels(column.codes)
        return "、".join(names.get(part, part) for part in value.split(";"))
    if column.codes:
        return labels(column.codes).get(value, value)
    if column.type is Type.BOOL:
        return "是" if value == "true" else "否"
    if month:
        return value[:7]
    if column.name == "disability_level":
        return (
            f"{'一二三四'[int(value) - 1]}级"
            if value in ("1", "2", "3", "4")
            else "无"
            if value == "0"
            else value
        )
    return masked(value) if column.name in ("id_number", "disability_certificate") else value


def parse(column: Column, value: Value) -> str | None:
    """What somebody wrote, as the exchange format writes it; None for （空）, which clears the value.

    Raises :class:`ValueError` with the sentence that says what is right.
    """
    text = tidy(value)
    if squeezed(value) in ("(空)", "空"):
        return None
    if column.type is Type.LIST and column.codes:
        return _parse_list(column, text)
    if column.codes:
        return _parse_code(column, text)
    if column.type is Type.DATE:
        said = read_date(value)
        if said.day is None:
            raise ValueError(_("不是日期，请写成 2024-09-01 或 2024-09"))
        return said.day.isoformat()
    if column.type in (Type.MONEY, Type.NUMBER):
        amount = read_amount(value)
        if amount.yuan is None:
            raise ValueError(_("不是金额，请写数字，如 12345.60"))
        return plain(amount.yuan)
    if column.type is Type.BOOL:
        answer = codes.yes_no(value)
        if answer is None:
            raise ValueError(_("请写 是 或 否"))
        return "true" if answer else "false"
    return _parse_int(column, value) if column.type is Type.INT else _parse_text(column, value, text)


def _parse_code(column: Column, text: str) -> str:
    names = labels(column.codes or "")
    for code, name in names.items():
        if squeezed(text) in (code, squeezed(name)):
            return code
    readers: dict[str, Any] = {
        "relation": codes.relation,
        "labour_capacity": codes.labour,
        "sex": codes.sex,
        "monitoring_type": codes.monitoring_type,
    }
    found = readers[column.codes or ""](text) if column.codes in readers else None
    if found is None:
        raise ValueError(_("没有这个选项，可填：{names}").format(names="、".join(names.values())))
    return str(found)


def _parse_list(column: Column, text: str) -> str:
    names = {squeezed(code.zh): code.code for code in CODES[column.codes or ""]}
    found: list[str] = []
    for part in filter(None, re.split(r"[;；、,，/\s]+", text)):
        code = names.get(squeezed(part)) or (part if part in names.values() else codes.cause(part))
        if code is None:
            choices = "、".join(code.zh for code in CODES[column.codes or ""])
            raise ValueError(
                _("没有“{part}”这个选项，可填（用、隔开）：{names}").format(part=part, names=choices)
            )
        if code not in found:
            found.append(code)
    return ";".join(found)


def _parse_int(column: Column, value: Value) -> str:
    text = squeezed(text_of(value))
    if column.name == "disability_level":
        level = 0 if text in ("0", "无") else codes.disability_level(text)
        if level is None:
            raise ValueError(_("请写残疾等级：一级、二级、三级、四级或无"))
        return str(level)
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ValueError(_("请写整数"))
    return str(int(text))


def _parse_text(column: Column, value: Value, text: str) -> str:
    if column.name == "id_number":
        said = read_id(value, _LAST_DAY)
        if not said.number:
            raise ValueError(reason(said.how) if said.status == "quarantined" else _("不是证件号码"))
        return said.number
    if column.name == "phone":
        number = codes.phone(value)
        if not number:
            raise ValueError(_("不是电话号码，请写 11 位手机号码"))
        return number
    if column.name in ("name", "head_name"):
        return person_name(text)
    return text
