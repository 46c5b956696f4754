"""What templates say and how they show values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template

from shouwang.language import _, current
from shouwang.server.accounts.actions import action_name
from shouwang.server.registry.rules import masked_name, masked_number, masked_phone
from shouwang.tables.dictionary import TABLES, Type, labels

register = template.Library()


@register.simple_tag
def t(sentence: str, **values: Any) -> str:
    """``{% t "共 {n} 户" n=count %}``: the sentence in the reader's language, with its values."""
    return _(sentence).format(**values)


@register.filter
def code(value: str | None, codes: str) -> str:
    """What people call a code of the dictionary; nothing for nothing."""
    return labels(codes, current()).get(value or "", "")


@register.filter
def label(column: str, table: str) -> str:
    """What people call a column of the dictionary."""
    return TABLES[table].by_name[column].label


@register.simple_tag
def fact(value: Any, table: str, column: str) -> str:
    """A value as people read it: words for codes, 是 and 否; money with two places."""
    entry = TABLES[table].by_name[column]
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if entry.codes and isinstance(value, str):
        names = labels(entry.codes, current())
        return _("、").join(names.get(part, part) for part in value.split(";"))
    return yuan(value) if entry.type is Type.MONEY else str(value)


@register.filter
def fact_name(place: str) -> str:
    """What people call a fact that is missing: a household's column, ``table.column``, or a table."""
    if place in TABLES:
        return TABLES[place].en if current() == "en" else TABLES[place].zh
    table, _dot, column = place.rpartition(".")
    return TABLES[table or "households"].by_name[column].label


register.filter("action", action_name)


@register.filter
def yuan(value: Any) -> str:
    """Two places and commas: 8,852.49; nothing for nothing."""
    if value in (None, ""):
        return ""
    try:
        return f"{Decimal(str(value)):,.2f}"
    except InvalidOperation:
        return str(value)


@register.filter
def day(value: date | None) -> str:
    """9月5日 or 5 Sep, with the year."""
    if value is None:
        return ""
    return f"{value:%d %b %Y}" if current() == "en" else f"{value.year}年{value.month}月{value.day}日"


register.filter("name", masked_name)
register.filter("number", masked_number)
register.filter("phone", masked_phone)
