"""Prepared columns about single items of income and expense, and about the income when a household was identified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from shouwang.policy.builtins import months_back_12
from shouwang.policy.columns.base import (
    Builder,
    Context,
    Layout,
    Prepared,
    Row,
    Sql,
    Surroundings,
    Tables,
    sql_text,
)
from shouwang.policy.columns.work import words_of
from shouwang.policy.types import BOOL, MONEY, TEXT

INCOME = ("wage", "property", "transfer", "production")
OUTLAY = ("employment_cost", "production_expense")
RELIEF = ("transfer.dibao", "transfer.tekun")
_SAME = ("kind", "amount", "received_on")  # beside household and member: what makes two items the same


def excluded_word(row: Row, tables: Tables, context: Context) -> str | None:
    """The first of the words that point to money that does not count (XH annex 5 §6) in the note; None where none is."""
    note = row.get("note")
    words = words_of(context.parameters.get("excluded_words"))
    return None if note is None else next((word for word in words if word in note), None)


def twin_item(row: Row, tables: Tables, context: Context) -> str | None:
    """The first item of the same member (or of nobody), kind, amount and day, where that is another one."""
    if row.get("item_id") is None or any(row.get(name) is None for name in _SAME):
        return None
    same = [
        item["item_id"]
        for item in tables.get("income_items") or ()
        if item.get("item_id") is not None
        and all(item.get(name) == row.get(name) for name in ("member_id", *_SAME))
    ]
    first = min(same, default=None)
    return None if first == row.get("item_id") else first


def member_known(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether the item's member is one of the household, of any time; unknown where it names nobody."""
    members = tables.get("members")
    if members is None or row.get("member_id") is None:
        return None
    return any(member.get("member_id") == row["member_id"] for member in members)


def relief_month(row: Row, tables: Tables, context: Context) -> str | None:
    """Member and month of a dibao or tekun item, as one text: who has both under one text has them in one month."""
    day, member = row.get("received_on"), row.get("member_id")
    if row.get("kind") not in RELIEF or day is None or member is None:
        return None
    return f"{member} {day.year:04d}-{day.month:02d}"


def income_when_identified(row: Row, tables: Tables, context: Context) -> Decimal | None:
    """The net income of the 12 months up to identified_on, in yuan, or less: costs and expenses are taken in full.

    A stated total counts only without an item of its class. Unknown where no income of those months is there, or
    where an item that may belong to them has no kind, day or amount.
    """
    identified = row.get("identified_on")
    if identified is None or tables.get("income_items") is None:
        return None
    sums: dict[tuple[str, bool], Decimal] = {}
    for item in tables["income_items"] or ():
        kind = context.kinds.get(item.get("kind") or "")
        if item.get("realised") is False or (kind is not None and kind.counts_as not in (*INCOME, *OUTLAY)):
            continue
        day, amount = item.get("received_on"), item.get("amount")
        if day is not None and not _in_the_year(day, identified):
            continue
        if kind is None or day is None or amount is None:
            return None
        key = (kind.counts_as, kind.total)
        sums[key] = sums.get(key, Decimal(0)) + amount
    classes = dict(_by_class(sums))
    return None if not classes.keys() & set(INCOME) else sum(classes.values(), Decimal(0))


def _in_the_year(day: date, identified: date) -> bool:
    return months_back_12(identified) < day <= identified


def _by_class(sums: Mapping[tuple[str, bool], Decimal]) -> Iterator[tuple[str, Decimal]]:
    """Each class with its signed sum: of its items, else of its stated totals."""
    for counts_as in (*INCOME, *OUTLAY):
        found = sums.get((counts_as, False), sums.get((counts_as, True)))
        if found is not None:
            yield counts_as, found if counts_as in INCOME else -found


def _excluded_word_sql(around: Surroundings) -> Sql:
    words = words_of(around.parameter("excluded_words"))
    if not words:
        return Sql("CAST(NULL AS VARCHAR)")
    cases = " ".join(f"WHEN contains(t.note, {sql_text(word)}) THEN {sql_text(word)}" for word in words)
    return Sql(f"CASE WHEN t.note IS NULL THEN NULL ELSE (CASE {cases} END) END")


def _twin_item_sql(around: Surroundings) -> Sql:
    """Households with as many different items as items have none; only those of the others are compared one by one."""
    items = around.relations["income_items"]
    member = around.column("income_items", "member_id", "i")
    known = (
        "i.item_id IS NOT NULL AND i.kind IS NOT NULL AND i.amount IS NOT NULL AND i.received_on IS NOT NULL"
    )
    number = f"hash({member}, i.kind, i.amount, i.received_on)"
    twins = (
        f"SELECT i.household_id, {member} AS member_id, i.kind, i.amount, i.received_on, min(i.item_id) AS first FROM {items} AS i "
        f"JOIN (SELECT i.household_id FROM {items} AS i WHERE {known} GROUP BY 1 HAVING count(*) > count(DISTINCT {number})) AS d "
        f"ON d.household_id = i.household_id WHERE {known} GROUP BY ALL HAVING count(*) > 1"
    )
    own = around.column("income_items", "member_id")
    join = (
        f"LEFT JOIN ({twins}) AS tw ON tw.household_id = t.household_id AND tw.member_id IS NOT DISTINCT FROM {own} "
        "AND tw.kind = t.kind AND tw.amount = t.amount AND tw.received_on = t.received_on"
    )
    return Sql("CASE WHEN tw.first <> t.item_id THEN tw.first END", (join,))


def _member_known_sql(around: Surroundings) -> Sql:
    if not around.has("members"):
        return Sql("CAST(NULL AS BOOLEAN)")
    if not around.has("members", "member_id", "household_id"):
        return Sql("CASE WHEN t.member_id IS NOT NULL THEN false END")
    join = (
        f"LEFT JOIN (SELECT DISTINCT household_id, member_id FROM {around.relations['members']}) AS mk "
        "ON mk.household_id = t.household_id AND mk.member_id = t.member_id"
    )
    return Sql("CASE WHEN t.member_id IS NOT NULL THEN mk.member_id IS NOT NULL END", (join,))


def _relief_month_sql(around: Surroundings) -> Sql:
    if not around.has("income_items", "kind", "member_id", "received_on"):
        return Sql("CAST(NULL AS VARCHAR)")
    kinds = ", ".join(sql_text(kind) for kind in RELIEF)
    return Sql(
        f"CASE WHEN t.kind IN ({kinds}) THEN t.member_id || ' ' || strftime(t.received_on, '%Y-%m') END"
    )


def _income_when_identified_sql(around: Surroundings) -> Sql:
    if not around.has("income_items", "household_id"):
        return Sql("CAST(NULL AS DECIMAL(18,2))")
    day = around.column("income_items", "received_on", "i", "DATE")
    amount = around.column("income_items", "amount", "i", "DECIMAL(18,2)")
    realised = around.column("income_items", "realised", "i", "BOOLEAN")
    kind = around.column("income_items", "kind", "i")
    classes = ", ".join(sql_text(name) for name in (*INCOME, *OUTLAY))
    income = ", ".join(sql_text(name) for name in INCOME)
    # 28 February for 29 February, as months_back_12
    by_class = (
        f"SELECT i.household_id, k.counts_as, sum({amount}) FILTER (NOT k.is_total) AS items, sum({amount}) FILTER (k.is_total) AS total, "
        f"bool_or(k.kind IS NULL OR {day} IS NULL OR {amount} IS NULL) AS unclear "
        f"FROM {around.relations['households']} AS ih JOIN {around.relations['income_items']} AS i ON i.household_id = ih.household_id "
        f"LEFT JOIN pack_kinds AS k ON k.kind = {kind} WHERE ih.identified_on IS NOT NULL AND coalesce({realised}, true) "
        f"AND (k.kind IS NULL OR k.counts_as IN ({classes})) "
        f"AND ({day} IS NULL OR ({day} <= ih.identified_on AND {day} > CAST(ih.identified_on - INTERVAL 12 MONTH AS DATE))) "
        "GROUP BY i.household_id, k.counts_as"
    )
    signed = f"CASE WHEN counts_as IN ({income}) THEN 1 ELSE -1 END * coalesce(items, total)"
    join = (
        f"LEFT JOIN (SELECT household_id, CASE WHEN NOT bool_or(unclear) AND bool_or(counts_as IN ({income})) "
        f"THEN CAST(sum({signed}) AS DECIMAL(18,2)) END AS amount FROM ({by_class}) GROUP BY household_id) AS wid "
        "ON wid.household_id = t.household_id"
    )
    return Sql("wid.amount", (join,))


COLUMNS: tuple[Prepared, ...] = (
    Prepared("income_items", "excluded_word", TEXT, ("note",), "备注里不计入收入的词", "a word in the note of what does not count", excluded_word),
    Prepared("income_items", "twin_item", TEXT, ("item_id", *_SAME), "相同的在先条目", "the earlier item that is the same", twin_item),
    Prepared("income_items", "member_known", BOOL, ("member_id",), "成员在本户", "the member is of the household", member_known),
    Prepared("income_items", "relief_month", TEXT, (), "低保或特困金的成员和月份", "member and month of dibao or tekun", relief_month),
    Prepared("households", "income_when_identified", MONEY, ("identified_on",), "识别前12个月纯收入（元，至少）",
             "net income of the 12 months before identification, at least", income_when_identified),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    ("income_items", "excluded_word"): _excluded_word_sql,
    ("income_items", "twin_item"): _twin_item_sql,
    ("income_items", "member_known"): _member_known_sql,
    ("income_items", "relief_month"): _relief_month_sql,
    ("households", "income_when_identified"): _income_when_identified_sql,
}
LAYOUTS: Mapping[str, Layout] = {}
