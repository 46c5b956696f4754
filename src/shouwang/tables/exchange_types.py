"""What a column of the dictionary is in SQL, and which texts are right for it.

A file gives texts (CSV, cells of a sheet); a text is right only in the one way that the exchange format
writes it. DuckDB's own casts are kinder than that (``1.255`` becomes ``1.26``, ``1.5`` becomes ``2``), so
each type has its pattern, and a value that does not match is an error, never rounded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from shouwang.language import _
from shouwang.tables.dictionary import CODES, TABLES, Column, Type

_SQL = {
    Type.TEXT: "VARCHAR",
    Type.CODE: "VARCHAR",
    Type.LIST: "VARCHAR",
    Type.DATE: "DATE",
    Type.DATETIME: "TIMESTAMP",
    Type.BOOL: "BOOLEAN",
    Type.INT: "INTEGER",
    Type.MONEY: "DECIMAL(12,2)",
    Type.NUMBER: "DECIMAL(12,2)",
    Type.FLOAT: "DOUBLE",
}
_DECIMAL = r"[+-]?[0-9]{1,10}([.][0-9]{1,2}0*)?"
PATTERNS = {
    Type.DATE: r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    Type.DATETIME: r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?",
    Type.BOOL: r"(?i:true|false|1|0)",
    Type.INT: r"[+-]?[0-9]{1,10}",
    Type.MONEY: _DECIMAL,
    Type.NUMBER: _DECIMAL,
    Type.FLOAT: r"[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]{1,3})?",
}


def sql_type(column: Column) -> str:
    """The DuckDB type of a column: text, codes and lists VARCHAR, money and numbers DECIMAL(12,2)."""
    return _SQL[column.type]


def quoted(name: str) -> str:
    """An identifier for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal: how a path or a code comes into a statement that takes no parameters."""
    return "'" + text.replace("'", "''") + "'"


_NAMES = frozenset(column.name for table in TABLES.values() for column in table.columns)


def _numbered(header: Sequence[str]) -> list[str]:
    """Names for DuckDB: others than the dictionary's by number, since they may be empty or differ in case."""
    return [name if name in _NAMES else f"#{at}" for at, name in enumerate(header)]


def csv_scan(path: Path, header: Sequence[str], options: str = "") -> str:
    """SQL that reads a CSV of the exchange format, every column as text, empty as NULL."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in _numbered(header))
    return (
        f"read_csv({literal(str(path))}, header = true, auto_detect = false, delim = ',', quote = '\"',"
        f" escape = '\"', nullstr = '', strict_mode = true,"
        f" columns = {{{columns}}}{options})"
    )


def is_bad_text(column: Column) -> str:
    """SQL that is true where the text of a column is no value of its type (NULL counts as right)."""
    name = quoted(column.name)
    if column.type not in PATTERNS:
        return "false"
    return (
        f"({name} is not null and (not regexp_full_match({name}, {literal(PATTERNS[column.type])})"
        f" or try_cast({name} as {sql_type(column)}) is null))"
    )


def cast_text(column: Column) -> str:
    """SQL that makes the typed value of a text, and stops the statement at a text that is none."""
    name = quoted(column.name)
    if column.type not in PATTERNS:
        return name
    pattern = literal(PATTERNS[column.type])
    return (
        f"case when regexp_full_match({name}, {pattern}) then cast({name} as {sql_type(column)})"
        f" when {name} is not null then error('not a value') end as {name}"
    )


def code_pattern(column: Column) -> str:
    """The pattern of a LIST of codes: codes joined by ``;``; empty where the list is free."""
    one = "|".join(re.escape(code.code) for code in CODES.get(column.codes or "", ()))
    return f"({one})(;({one}))*" if one else ""


def codes_of(column: Column) -> tuple[str, ...]:
    """The codes a column may hold; empty where it is no column of codes."""
    return tuple(code.code for code in CODES.get(column.codes or "", ()))


def expectation(column: Column) -> str:
    """What a cell of the column must look like, as a sentence for whoever mends it."""
    if column.codes:
        codes = "、".join(codes_of(column))
        if column.type is Type.LIST:
            return _("请改为下列代码，多个代码用英文分号连接：{codes}").format(codes=codes)
        return _("请改为下列代码之一：{codes}").format(codes=codes)
    return {
        Type.DATE: _("日期请写成 2024-09-01 的样子"),
        Type.DATETIME: _("时间请写成 2024-09-01T09:30:00 的样子"),
        Type.BOOL: _("请写 true 或 false（也可写 1 或 0），不知道就留空"),
        Type.INT: _("请写整数，不带小数和单位"),
        Type.MONEY: _("请写金额（元），最多两位小数，不带逗号和单位"),
        Type.NUMBER: _("请写数字，最多两位小数，不带逗号和单位"),
        Type.FLOAT: _("请写数字，如 106.0523"),
        Type.LIST: _("多个代码请用英文分号连接"),
    }.get(column.type, _("请改为文本"))


_ID = re.compile(r"(?<![0-9A-Za-z])[0-9]{15,19}[0-9Xx]?(?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9])1[0-9]{10}(?![0-9])")


def shown(value: object, limit: int = 40) -> str:
    """A value as an error may show it: identity numbers and phones masked, long text cut."""
    text = _ID.sub(lambda found: found[0][:3] + "*" * (len(found[0]) - 5) + found[0][-2:], str(value))
    text = _PHONE.sub(lambda found: found[0][:3] + "****" + found[0][-4:], text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
