"""Prepared columns about who belongs to a household: relations, generations, months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shouwang.policy.builtins import window_first, window_last, years_between
from shouwang.policy.columns import places, relation_words
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
    sql_date,
)
from shouwang.policy.types import INT, Type


def _word(place: int) -> WorkOut:
    """What the word of the file names: the relation (0) or the sex (1); unknown where it leaves that open."""

    def work_out(row: Row, tables: Tables, context: Context) -> str | None:
        word = row.get("relation_word")
        return (
            None
            if word is None
            else relation_words.WORDS.get(relation_words.plain(word), (None, None))[place]
        )

    return work_out


def _word_sql(name: str) -> Builder:
    on = f"w.word = {relation_words.plain_sql('t.relation_word')}"
    return lambda around: Sql(f"w.{name}", (f"LEFT JOIN {relation_words.words_sql()} ON {on}",))


# how much younger than the head


def years_younger(row: Row, tables: Tables, context: Context) -> int | None:
    """Full years by which the member is younger than the household's only head; below 0 for who is older."""
    heads = [
        other
        for other in tables.get("members") or ()
        if other.get("relation") == "head" and (other.get("left_on") is None or other["left_on"] > context.on)
    ]
    own, head = row.get("birth_date"), heads[0].get("birth_date") if len(heads) == 1 else None
    if own is None or head is None:
        return None
    younger = years_between(head, own)
    return -(years_between(own, head) or 0) if younger is None else younger


def _years_younger_sql(around: Surroundings) -> Sql:
    if not around.has("members", "relation"):
        return Sql("CAST(NULL AS INTEGER)")
    here = f"AND (left_on IS NULL OR left_on > {around.day})" if around.has("members", "left_on") else ""
    head = (
        f"(SELECT household_id, min(birth_date) AS born FROM {around.relations['members']} "
        f"WHERE relation = 'head' {here} GROUP BY household_id HAVING count(*) = 1)"
    )
    own, other = _as_number("t.birth_date"), _as_number("head.born")
    return Sql(
        f"CAST(CASE WHEN t.birth_date >= head.born THEN ({own} - {other}) // 10000 "
        f"WHEN t.birth_date < head.born THEN -(({other} - {own}) // 10000) END AS INTEGER)",
        (f"LEFT JOIN {head} AS head ON head.household_id = t.household_id",),
    )


def _as_number(day: str) -> str:
    return f"(year({day}) * 10000 + month({day}) * 100 + day({day}))"


# months in the household


def _months_allowed(row: Row, context: Context) -> tuple[int, int]:
    """The least and the most months of the window that birth, joining and leaving leave; 0 and 12 for who did none.

    Begun months count for the most alone. Of who was born and joined, each day may be the one that counts.
    """
    first, last = context.window_first, context.window_last

    def inside(name: str) -> list[date]:
        day = row.get(name)
        return [day] if day is not None and first <= day <= last else []

    begun, ended = inside("birth_date") + inside("joined_on"), inside("left_on")
    if not begun and not ended:
        return 0, 12
    end = ended[0] if ended else last
    late, early = max(begun, default=first), min(begun, default=first)
    if end < late:
        return 0, 12
    return _full_months(late, end), _full_months(early, end) + (early.day != end.day)


def _full_months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def _months_sql(around: Surroundings) -> tuple[str, ...]:
    """Joins that give ``days.late``, ``days.early`` and ``days.last`` for who was born, joined or left in the window."""
    first, last = window_first(around.on, around.window), window_last(around.on, around.window)

    def inside(name: str) -> str:
        day = around.column("members", name, kind="DATE")
        return f"CASE WHEN {day} BETWEEN {sql_date(first)} AND {sql_date(last)} THEN {day} END"

    changes = ", ".join(f"{inside(name)} AS {name}" for name in ("birth_date", "joined_on", "left_on"))
    changed = "ch.birth_date IS NOT NULL OR ch.joined_on IS NOT NULL OR ch.left_on IS NOT NULL"
    days = (
        f"coalesce(greatest(ch.birth_date, ch.joined_on), {sql_date(first)}) AS late, "
        f"coalesce(least(ch.birth_date, ch.joined_on), {sql_date(first)}) AS early, "
        f"CASE WHEN {changed} THEN coalesce(ch.left_on, {sql_date(last)}) END AS last"
    )
    return f"CROSS JOIN LATERAL (SELECT {changes}) AS ch", f"CROSS JOIN LATERAL (SELECT {days}) AS days"


def _full_months_sql(first: str) -> str:
    months = f"(year(days.last) - year({first})) * 12 + month(days.last) - month({first})"
    return f"({months} - CAST(day(days.last) < day({first}) AS INTEGER))"


def _months_least_sql(around: Surroundings) -> Sql:
    months = f"CASE WHEN days.last >= days.late THEN {_full_months_sql('days.late')} ELSE 0 END"
    return Sql(f"CAST({months} AS INTEGER)", _months_sql(around))


def _months_most_sql(around: Surroundings) -> Sql:
    begun = "CAST(day(days.last) <> day(days.early) AS INTEGER)"
    months = f"CASE WHEN days.last >= days.late THEN {_full_months_sql('days.early')} + {begun} ELSE 12 END"
    return Sql(f"CAST({months} AS INTEGER)", _months_sql(around))


COLUMNS: tuple[Prepared, ...] = (
    Prepared("members", "word_relation", Type("text", codes="relation"), ("relation_word",), "关系原文说的关系", "relation that the word names", _word(0)),
    Prepared("members", "word_sex", Type("text", codes="sex"), ("relation_word",), "关系原文说的性别", "sex that the word names", _word(1)),
    Prepared("members", "years_younger", INT, ("birth_date", "relation"), "比户主小几岁（负数为大）", "years younger than the head (below 0: older)", years_younger),
    Prepared("members", "months_least", INT, (), "按出生、增减日期最少在户月数", "least months by birth, joining and leaving",
             lambda row, tables, context: _months_allowed(row, context)[0]),
    Prepared("members", "months_most", INT, (), "按出生、增减日期最多在户月数", "most months by birth, joining and leaving",
             lambda row, tables, context: _months_allowed(row, context)[1]),
    *places.COLUMNS,
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    ("members", "word_relation"): _word_sql("relation"),
    ("members", "word_sex"): _word_sql("sex"),
    ("members", "years_younger"): _years_younger_sql,
    ("members", "months_least"): _months_least_sql,
    ("members", "months_most"): _months_most_sql,
    **places.SQL,
}
LAYOUTS: Mapping[str, Layout] = places.LAYOUTS
