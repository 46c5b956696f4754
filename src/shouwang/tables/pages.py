"""The dictionary as a page of documentation: ``python -m shouwang.tables.pages [FILE]`` writes it.

The page is made, never edited: a test compares it with what the dictionary says today.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shouwang.tables.dictionary import CODES, TABLES, Column, Table, Type
from shouwang.tables.exchange_types import sql_type

_HEAD = """<!-- Made from src/shouwang/tables/dictionary.py by python -m shouwang.tables.pages. -->

# 数据字典 · Data dictionary

一个文件夹，每张表一个文件（`households.csv`、`households.xlsx` 或 `households.parquet`），就是交换格式。
缺少可选的表或列、或者单元格为空，意思是“不知道”，绝不等于“零”或“否”。
标有 † 的列例外：有这一列而单元格为空，意思是“没有”。

The exchange format is a folder with one file per table. A missing optional table or column, or an empty
cell, means "not known", never zero and never no. Columns marked † are the exception: present and empty means
"none". Other files are left alone; columns the dictionary does not know are said and not used.

| 类型 type | 写法 how it is written | SQL |
|---|---|---|
"""

_WRITING = {
    Type.TEXT: ("文本", "text"),
    Type.CODE: ("下列代码之一", "one of the codes"),
    Type.LIST: ("代码，用英文分号连接", "codes joined by `;`"),
    Type.DATE: ("`2024-09-01`", ""),
    Type.DATETIME: ("`2024-09-01T09:30:00`", ""),
    Type.BOOL: ("`true` / `false`，也可写 `1` / `0`", "also `1` / `0`"),
    Type.INT: ("整数", "whole number"),
    Type.MONEY: ("元，最多两位小数", "yuan, at most two places"),
    Type.NUMBER: ("最多两位小数", "at most two places"),
    Type.FLOAT: ("小数", "decimal number"),
}


def dictionary_page() -> str:
    """The whole dictionary as Markdown, Chinese and English side by side: types, tables, code sets."""
    parts = [_HEAD + "\n".join(_type_row(type_) for type_ in Type)]
    parts += [_table(table) for table in TABLES.values()]
    parts.append("## 代码 · Codes")
    parts += [_code_set(name) for name in CODES]
    return "\n\n".join(parts) + "\n"


def _type_row(type_: Type) -> str:
    chinese, english = _WRITING[type_]
    how = f"{chinese} · {english}" if english else chinese
    return f"| `{type_.value}` | {how} | `{sql_type(Column('', type_, '', ''))}` |"


def _table(table: Table) -> str:
    rows = [f"## {table.name} · {table.zh} · {table.en}", ""]
    if table.key:
        rows += [f"主键 key: `{table.key}`", ""]
    rows += ["| 列 column | 类型 type | 名称 | name |", "|---|---|---|---|"]
    return "\n".join(rows + [_column(column) for column in table.columns])


def _column(column: Column) -> str:
    kind = f"`{column.type.value}`"
    if column.codes:
        kind += f" [{column.codes}](#{column.codes})"
    mark = " †" if column.empty_is_none else ""
    return f"| `{column.name}`{mark} | {kind} | {column.zh} | {column.en} |"


def _code_set(name: str) -> str:
    rows = [f"### {name}", "", "| 代码 code | 名称 | name |", "|---|---|---|"]
    return "\n".join(rows + [f"| `{code.code}` | {code.zh} | {code.en} |" for code in CODES[name]])


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs") / "data-dictionary.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(dictionary_page(), encoding="utf-8")
