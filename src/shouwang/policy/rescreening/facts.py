"""The facts that a :class:`shouwang.policy.rescreening.Screening` works on: as they were read, and what changed since.

The facts as read stay where they are. Households that changed are laid over them: for each table a view ``now_TABLE``
takes the rows of those households from a table of changes, all others from what was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.policy.cases import Facts
from shouwang.policy.duckdb_rows import insert_rows
from shouwang.policy.explained_formula import masked
from shouwang.policy.mistakes import nearest
from shouwang.policy.pack import Pack
from shouwang.tables.dictionary import CODES, TABLES, Column, Type
from shouwang.tables.exchange import Source

_AREA = re.compile("[0-9]{12}")
_PYTHON: dict[Type, tuple[type, ...]] = {
    Type.DATE: (date,), Type.DATETIME: (datetime,), Type.BOOL: (bool,), Type.INT: (int,),
    Type.MONEY: (Decimal, int), Type.NUMBER: (Decimal, int), Type.FLOAT: (float, int),
}  # fmt: skip
_CENT = -2
_MOST = Decimal(10) ** 10  # what a column of money holds


class FactTables:
    """The household tables of a folder on one connection, with changes laid over them."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], pack: Pack
    ) -> None:
        self.connection = connection
        self.pack = pack
        self.columns = {
            name: [column.name for column in source.table.columns if column.name in source.columns]
            for name, source in sources.items()
            if "household_id" in source.columns
        }
        self._known = {
            name: {column: TABLES[name].by_name[column] for column in columns}
            for name, columns in self.columns.items()
        }
        self.relations = {name: source.relation for name, source in sources.items()}
        connection.execute("CREATE OR REPLACE TEMP TABLE changed_ids (household_id VARCHAR)")
        for name, columns in self.columns.items():
            read = f"SELECT {_list(columns)} FROM {self.relations[name]}"
            connection.execute(f"CREATE OR REPLACE TEMP TABLE new_{name} AS {read} LIMIT 0")
            connection.execute(
                f"CREATE OR REPLACE TEMP VIEW now_{name} AS {read} ANTI JOIN changed_ids USING (household_id) "
                f"UNION ALL SELECT {_list(columns)} FROM new_{name}"
            )
            self.relations[name] = f"now_{name}"

    def fetch(self, household_ids: Iterable[str]) -> dict[str, Facts]:
        """The facts of those of the households that are there; a table without rows of a household is an empty list."""
        wanted = list(household_ids)
        found: dict[str, Facts] = {}
        for name, columns in self.columns.items():
            cursor = self.connection.execute(
                f"SELECT {_list(columns)} FROM now_{name} WHERE household_id IN (SELECT unnest(?::VARCHAR[]))",
                [wanted],
            )
            for values in cursor.fetchall():
                row = dict(zip(columns, values, strict=True))
                if name == "households":
                    others: dict[str, Any] = {other: [] for other in self.columns if other != "households"}
                    found[row["household_id"]] = Facts(row, others)
                elif row["household_id"] in found:
                    rows = found[row["household_id"]].tables[name]
                    if rows is not None:
                        rows.append(row)
        return found

    def put(self, changes: Mapping[str, Facts | None]) -> None:
        """Lays changed households over the facts; None takes one away. InputError where a number is then there twice."""
        gone = list(changes)
        self.connection.execute("BEGIN")
        try:
            self.connection.execute(
                "INSERT INTO changed_ids SELECT unnest(?::VARCHAR[]) EXCEPT SELECT household_id FROM changed_ids",
                [gone],
            )
            for name, columns in self.columns.items():
                self.connection.execute(
                    f"DELETE FROM new_{name} WHERE household_id IN (SELECT unnest(?::VARCHAR[]))", [gone]
                )
                rows = [
                    [row.get(column) for column in columns]
                    for facts in changes.values() if facts is not None
                    for row in ([facts.household] if name == "households" else facts.tables.get(name) or [])
                ]  # fmt: skip
                if rows:
                    insert_rows(self.connection, f"new_{name}", rows)
                    self._check_keys(name)
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def _check_keys(self, name: str) -> None:
        key = TABLES[name].key
        if key not in self.columns[name]:
            return
        twice = self.connection.execute(
            f"SELECT {key} FROM now_{name} SEMI JOIN new_{name} USING ({key}) GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 3"
        ).fetchall()
        if twice:
            raise InputError(
                _("编号重复：{values}").format(values="、".join(masked(row[0]) for row in twice)),
                where=name,
                remedy=_("每个编号只能用一次，请改正或删去重复的行"),
            )

    def check(self, facts: Facts) -> None:
        """InputError for facts that could not have been read from a file: nothing is guessed and nothing left out."""
        household_id = facts.household.get("household_id")
        if not household_id or not isinstance(household_id, str):
            raise InputError(
                _("编号为空"), where="households.household_id", remedy=_("每一行都要有编号，请补上")
            )
        self._check_row("households", facts.household, household_id)
        for name, rows in facts.tables.items():
            if rows and name not in self.columns:
                raise InputError(
                    _("这次筛查没有表 {table}").format(table=name),
                    where=name,
                    remedy=_("带上这张表重新筛查；{near}").format(near=nearest(name, self.columns)),
                )
            for row in rows or ():
                self._check_row(name, row, household_id)

    def _check_row(self, table: str, row: Mapping[str, Any], household_id: str) -> None:
        if row.get("household_id") != household_id:
            raise InputError(
                _("这一行不是户 {id} 的").format(id=masked(household_id)),
                where=f"{table}.household_id",
                remedy=_("一次只给一户的事实"),
            )
        there = self._known[table]
        for name, value in row.items():
            if value is None:
                continue
            if name not in there:
                raise InputError(
                    _("这次筛查的表 {table} 没有列 {name}").format(table=table, name=name),
                    where=f"{table}.{name}",
                    remedy=_("带上这一列重新筛查；{near}").format(near=nearest(name, there)),
                )
            if not _fits(there[name], value):
                raise _wrong(table, name, value)
        kind = row.get("kind") if table == "income_items" else None
        if kind is not None and kind not in self.pack.kinds:
            raise InputError(
                _("政策包里没有收支类别 {kind}").format(kind=kind),
                where="income_items.kind",
                remedy=nearest(kind, self.pack.kinds),
            )
        key = TABLES[table].key
        if key and key in there and not row.get(key):
            raise InputError(_("编号为空"), where=f"{table}.{key}", remedy=_("每一行都要有编号，请补上"))


def _list(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _fits(column: Column, value: Any) -> bool:
    """Whether a value is one that the column may hold."""
    kinds = _PYTHON.get(column.type)
    if kinds is None:
        return isinstance(value, str) and _text_fits(column, value)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        return False
    if column.type is Type.DATE:
        return not isinstance(value, datetime)
    if isinstance(value, Decimal):
        places = value.as_tuple().exponent
        return isinstance(places, int) and places >= _CENT and abs(value) < _MOST
    return True


def _text_fits(column: Column, value: str) -> bool:
    if column.name == "area_code":
        return _AREA.fullmatch(value) is not None
    if column.codes is None or column.codes not in CODES:
        return bool(value)
    parts = value.split(";") if column.type is Type.LIST else [value]
    return all(part in _codes(column.codes) for part in parts)


_KNOWN: dict[str, frozenset[str]] = {}


def _codes(name: str) -> frozenset[str]:
    if name not in _KNOWN:
        _KNOWN[name] = frozenset(code.code for code in CODES[name])
    return _KNOWN[name]


def _wrong(table: str, name: str, value: Any) -> InputError:
    from shouwang.tables.exchange_types import expectation, shown

    remedy = (
        _("村编码是 12 位数字（GB/T 2260 与 GB/T 10114），请按文本填写")
        if name == "area_code"
        else expectation(TABLES[table].by_name[name])
    )
    return InputError(
        _("{column} 不能是 {value}").format(column=name, value=shown(value)),
        where=f"{table}.{name}",
        remedy=remedy,
    )
