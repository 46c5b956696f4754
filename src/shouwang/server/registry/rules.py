"""Pure decisions about facts: what a written value is, and what of a row changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shouwang.tables.dictionary import Column, Type


def value_of(column: Column, text: str | None) -> Any:
    """The value of a cell of the exchange format; None where it is empty (not known)."""
    if text is None or text == "":
        return None
    if column.type is Type.DATE:
        return date.fromisoformat(text)
    if column.type is Type.BOOL:
        return text.lower() in ("true", "1")
    if column.type is Type.INT:
        return int(text)
    if column.type in (Type.MONEY, Type.NUMBER):
        return Decimal(text)
    return float(text) if column.type is Type.FLOAT else text


def written(value: Any) -> Any:
    """A value as a change row keeps it (JSON)."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else value


def changed(before: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Column → [before, after] for what a source tells and was not so before; what it does not know changes nothing."""
    return {
        name: [written(before.get(name)), written(value)]
        for name, value in told.items()
        if value is not None and value != before.get(name)
    }


def masked_name(name: str | None) -> str:
    """A name as lists show it: 张*三, 王*."""
    if not name:
        return ""
    return name[0] + "*" + (name[-1] if len(name) > 2 else "")


def masked_number(number: str | None) -> str:
    """First three and last two characters of an ID number, never the birth date."""
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}" if number and len(number) > 5 else ""


def masked_phone(phone: str | None) -> str:
    """138****1234."""
    return f"{phone[:3]}****{phone[-4:]}" if phone and len(phone) >= 11 else ("****" if phone else "")
