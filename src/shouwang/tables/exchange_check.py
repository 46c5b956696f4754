"""What must hold for the rows of a table: codes, keys, links, amounts, area codes.

Checks ask "is there one that is wrong" with a filter of its own per column: DuckDB then answers most of them
from the statistics and dictionaries of a Parquet file. Only where one is found do we look for its row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.dictionary import Column, Table, Type
from shouwang.tables.exchange_types import (
    code_pattern,
    codes_of,
    expectation,
    literal,
    quoted,
    shown,
)

Level = Literal["basic", "full"]
_FEW = 3
_AREA = "[0-9]{12}"
_MAY_LACK_HOUSEHOLD = ("alerts", "problems", "listed", "national_households", "national_members")
_NOT_NEGATIVE = {"income_items": ("amount",)}


@dataclass(frozen=True)
class Places:
    """Where rows of a file stand, for people: ``of(row of data from 1, column)``."""

    path: Path
    of: Callable[[int, str], str]


@dataclass(frozen=True)
class _Rule:
    column: str
    wrong: str  # SQL over the relation
    fault: str  # sentence with {values}
    remedy: str


def check_table(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    relation: str,
    columns: Collection[str],
    places: Places,
    *,
    level: Level,
) -> int:
    """Checks one table by itself and gives its number of rows; InputError for the first fault found."""
    for rule in _rules(table, columns):
        _apply(connection, relation, rule, places)
    if table.key and (level == "full" or table.name == "households"):
        _check_unique(connection, table, relation, places)
    counted = connection.execute(f"select count(*) from {relation}").fetchone()
    rows = int(counted[0]) if counted else 0
    if table.name == "households" and not rows:
        raise InputError(_("农户表没有一行数据"), where=places.path.name, remedy=_("请填入农户后再用"))
    return rows


def check_links(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    relation: str,
    columns: Collection[str],
    households: str,
    places: Places,
) -> None:
    """InputError where a row's household is not among the households (alerts and problems may have none)."""
    if table.name == "households" or "household_id" not in columns:
        return
    orphan = f"select household_id from {relation} anti join {households} using (household_id)"
    if connection.execute(f"{orphan} where household_id is not null limit 1").fetchone():
        wrong = f"household_id is not null and household_id not in (select household_id from {households})"
        fault = _("农户表里没有户编号 {values}")
        remedy = _("请在农户表中补上这些户，或改正户编号")
        raise _found(connection, relation, _Rule("household_id", wrong, fault, remedy), places)


def _rules(table: Table, columns: Collection[str]) -> list[_Rule]:
    rules = []
    for name in _never_empty(table):
        if name in columns:
            empty = f"{quoted(name)} is null or {quoted(name)} = ''"
            rules.append(_Rule(name, empty, _("编号为空"), _("每一行都要有编号，请补上")))
    for column in table.columns:
        if column.name in columns:
            rules += _code_rule(column)
    if "area_code" in columns:
        wrong = f"not regexp_full_match(area_code, '{_AREA}')"
        remedy = _("村编码是 12 位数字（GB/T 2260 与 GB/T 10114），请按文本填写")
        rules.append(_Rule("area_code", wrong, _("村编码不是 12 位数字：{values}"), remedy))
    for name in _NOT_NEGATIVE.get(table.name, ()):
        if name in columns:
            remedy = _("金额一律写正数或零；支出由收支类别区分，不用负号")
            rules.append(_Rule(name, f"{quoted(name)} < 0", _("金额是负数：{values}"), remedy))
    return rules


def _never_empty(table: Table) -> tuple[str, ...]:
    names = [table.key] if table.key else []
    if "household_id" in table.by_name and table.name not in _MAY_LACK_HOUSEHOLD:
        names.append("household_id")
    return tuple(dict.fromkeys(names))


def _code_rule(column: Column) -> list[_Rule]:
    name = quoted(column.name)
    if column.type is Type.CODE:
        wrong = f"{name} not in ({', '.join(map(literal, codes_of(column)))})"
    elif column.type is Type.LIST and code_pattern(column):
        wrong = f"not regexp_full_match({name}, {literal(code_pattern(column))})"
    else:
        return []
    return [_Rule(column.name, wrong, _("没有这样的代码：{values}"), expectation(column))]


def _apply(connection: duckdb.DuckDBPyConnection, relation: str, rule: _Rule, places: Places) -> None:
    if connection.execute(f"select 1 from {relation} where {rule.wrong} limit 1").fetchone():
        raise _found(connection, relation, rule, places)


def _found(connection: duckdb.DuckDBPyConnection, relation: str, rule: _Rule, places: Places) -> InputError:
    name = quoted(rule.column)
    numbered = f'(select row_number() over () as "#", {name} from {relation})'
    rows = connection.execute(
        f'select "#", {name} from {numbered} where {rule.wrong} order by 1 limit {_FEW}'
    ).fetchall()
    return _error(rule, rows, places)


def _error(rule: _Rule, rows: Sequence[tuple[int, object]], places: Places) -> InputError:
    values = "、".join(dict.fromkeys(shown(value) for _row, value in rows))
    where = "；".join(places.of(row, rule.column) for row, _value in rows)
    return InputError(rule.fault.format(values=values), where=where, remedy=rule.remedy)


def _check_unique(connection: duckdb.DuckDBPyConnection, table: Table, relation: str, places: Places) -> None:
    """InputError for a repeated key. A file sorted by it proves itself by its neighbours, which is cheap."""
    key = quoted(table.key)
    neighbours = f"(select {key} <= lag({key}) over () as disorder from {relation})"
    if not connection.execute(f"select 1 from {neighbours} where disorder limit 1").fetchone():
        return
    numbers = connection.execute(f"select count(*), count(distinct {key}) from {relation}").fetchone()
    if numbers and numbers[0] != numbers[1]:
        numbered = f'(select row_number() over () as "#", {key} from {relation})'
        counted = f'(select "#", {key}, count(*) over (partition by {key}) as n from {numbered})'
        rows = connection.execute(
            f'select "#", {key} from {counted} where n > 1 order by {key}, "#" limit {_FEW}'
        ).fetchall()
        rule = _Rule(table.key, "", _("编号重复：{values}"), _("每个编号只能用一次，请改正或删去重复的行"))
        raise _error(rule, rows, places)
