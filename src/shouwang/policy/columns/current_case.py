"""The household's current case, for the rows of other tables: its latest case that is not withdrawn."""

from __future__ import annotations

from collections.abc import Mapping

from shouwang.policy.columns.base import (
    Builder,
    Context,
    Layout,
    Prepared,
    Row,
    Sql,
    Surroundings,
    Tables,
    WorkOut,
)
from shouwang.policy.types import BOOL, TEXT, of_column
from shouwang.tables.dictionary import TABLES

BESIDE = ("members", "measures", "visits", "alerts", "income_items")
"""Tables whose rows may read the columns of the current case, as ``case_`` and the column's name."""
_ORDER = ("discovered_on", "approved_on", "case_id")


def current_case(tables: Tables, context: Context) -> Row | None:
    """The latest case that is not withdrawn on the day; None where there is none."""

    def counts(row: Row) -> bool:
        begun = row.get("discovered_on") is None or row["discovered_on"] <= context.on
        return begun and (row.get("withdrawn_on") is None or row["withdrawn_on"] > context.on)

    def rank(row: Row) -> tuple[tuple[bool, str], ...]:
        return tuple((row.get(name) is not None, str(row.get(name) or "")) for name in _ORDER)

    return max(filter(counts, tables.get("cases") or ()), key=rank, default=None)


def is_current(row: Row, tables: Tables, context: Context) -> bool:
    """Whether the case is the household's current one."""
    found = current_case(tables, context)
    return found is not None and found.get("case_id") == row.get("case_id")


def _of_case(name: str) -> WorkOut:
    def work_out(row: Row, tables: Tables, context: Context) -> object:
        found = current_case(tables, context)
        return None if found is None else found.get(name)

    return work_out


def ordered(around: Surroundings) -> str:
    """The current case of every household as a relation in brackets."""
    """The current case of every household that has one, as a query in brackets; only where there are cases."""
    order = ", ".join(f'c."{name}" DESC NULLS LAST' for name in _ORDER if around.has("cases", name))
    begun = (
        f"(c.discovered_on IS NULL OR c.discovered_on <= {around.day})"
        if around.has("cases", "discovered_on")
        else "true"
    )
    withdrawn = (
        f"(c.withdrawn_on IS NULL OR c.withdrawn_on > {around.day})"
        if around.has("cases", "withdrawn_on")
        else "true"
    )
    return (
        f"(SELECT c.* FROM {around.relations['cases']} AS c WHERE {begun} AND {withdrawn} "
        f"QUALIFY row_number() OVER (PARTITION BY c.household_id ORDER BY {order or 'true'}) = 1)"
    )


def _is_current_sql(around: Surroundings) -> Sql:
    join = f"LEFT JOIN {ordered(around)} AS cur ON cur.household_id = t.household_id"
    return Sql("coalesce(cur.case_id = t.case_id, false)", (join,))


def _of_case_sql(name: str) -> Builder:
    def build(around: Surroundings) -> Sql:
        if not around.has("cases", name):
            return Sql("NULL")
        return Sql(
            f'cc."{name}"', (f"LEFT JOIN {ordered(around)} AS cc ON cc.household_id = t.household_id",)
        )

    return build


_COLUMNS = [entry for entry in TABLES["cases"].columns if entry.name != "household_id" and of_column(entry)]

COLUMNS: tuple[Prepared, ...] = (
    Prepared("cases", "is_current", BOOL, (), "是当前档案", "the current case", is_current),
    *(
        Prepared(table, f"case_{entry.name}", of_column(entry) or TEXT, (), f"当前档案的{entry.zh}", f"the current case's {entry.en}", _of_case(entry.name), copies=("cases", entry.name))
        for table in BESIDE for entry in _COLUMNS
    ),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    ("cases", "is_current"): _is_current_sql,
    **{(table, f"case_{entry.name}"): _of_case_sql(entry.name) for table in BESIDE for entry in _COLUMNS},
}
LAYOUTS: Mapping[str, Layout] = {}
