"""Prepared columns about the four questions on guarantees: when each was last given, and for how long it has been yes.

A question was last given on the newest day in ``given`` (REG-7); where nothing is noted there, by the latest visit,
since the four are known from visits. That it has been yes for so long is said by that day, or by an unbroken run of
visits that answered yes: whichever goes further back, so it is never less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

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
from shouwang.policy.types import BOOL, DATE, INT

FLAGS = {
    "school_dropout": ("失学辍学", "out of school"),
    "uninsured_member": ("未参保", "a member uninsured"),
    "housing_unsafe": ("住房问题", "housing unsafe"),
    "water_unsafe": ("饮水问题", "water unsafe"),
}
OF_ALERT = {"dropout": "school_dropout", "unsafe_house": "housing_unsafe", "unsafe_water": "water_unsafe"}
"""The kind of an alert and the question that it is about."""
YES, NO = ("true", "yes", "是", "1"), ("false", "no", "否", "0")
"""How an answer to a question of yes or no is written."""


def noted_on(tables: Tables, flag: str, context: Context) -> date | None:
    """The newest day noted for a question; None where nothing is noted."""
    days = (
        row.get("given_on")
        for row in tables.get("given") or ()
        if row.get("column_name") == flag and row.get("member_id") is None
    )
    return max((day for day in days if day is not None and day <= context.on), default=None)


def last_given(tables: Tables, flag: str, context: Context) -> date | None:
    """The day on which a question was last given: as noted, else that of the latest visit."""
    visits = (row.get("visited_on") for row in tables.get("visits") or ())
    return noted_on(tables, flag, context) or max(
        (day for day in visits if day is not None and day <= context.on), default=None
    )


def _answered(tables: Tables, flag: str, context: Context) -> Iterator[tuple[date, bool]]:
    """The day and the answer of every visit that answered yes or no."""
    days = {row.get("visit_id"): row.get("visited_on") for row in tables.get("visits") or ()}
    for row in tables.get("answers") or ():
        day = days.get(row.get("visit_id"))
        if row.get("question") != flag or row.get("answer") not in YES + NO:
            continue
        if day is not None and day <= context.on:
            yield day, row["answer"] in YES


def _yes_since(tables: Tables, flag: str, context: Context) -> date | None:
    """The first visit that answered yes after the last that answered no."""
    said = list(_answered(tables, flag, context))
    no = max((day for day, yes in said if not yes), default=date.min)
    return min((day for day, yes in said if yes and day > no), default=None)


def _given_on(flag: str) -> WorkOut:
    return lambda row, tables, context: last_given(tables, flag, context)


def _days(flag: str) -> WorkOut:
    def work_out(row: Row, tables: Tables, context: Context) -> int | None:
        if not row.get(flag):
            return None if row.get(flag) is None else 0
        found = [last_given(tables, flag, context), _yes_since(tables, flag, context)]
        return max(((context.on - day).days for day in found if day is not None), default=None)

    return work_out


def _ever(flag: str) -> WorkOut:
    def work_out(row: Row, tables: Tables, context: Context) -> bool | None:
        value: bool | None = row.get(flag)
        return value or any(yes for _day, yes in _answered(tables, flag, context)) or value

    return work_out


def flag_given_on(row: Row, tables: Tables, context: Context) -> date | None:
    """When the question that an alert is about was last given."""
    flag = OF_ALERT.get(row.get("kind") or "")
    return last_given(tables, flag, context) if flag else None


def guarantee_told(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether one of the four questions is yes and was not given only after the visit."""
    households = tables.get("households") or ({},)
    seen: list[bool | None] = []
    for flag in FLAGS:
        value, noted, day = (
            households[0].get(flag),
            noted_on(tables, flag, context),
            row.get("visited_on"),
        )
        seen.append(False if noted and day and noted > day else value)
    return True if True in seen else None if None in seen else False


# the same in SQL


def _text(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _noted(around: Surroundings) -> tuple[str, ...]:
    if not around.has("given", "household_id", "column_name", "given_on"):
        return ()
    chosen = ", ".join(f"max(given_on) FILTER (WHERE column_name = '{flag}') AS \"{flag}\"" for flag in FLAGS)
    whole = " AND member_id IS NULL" if around.has("given", "member_id") else ""
    return (
        f"LEFT JOIN (SELECT household_id, {chosen} FROM {around.relations['given']} WHERE given_on <= {around.day} "
        f"AND column_name IN ({_text(tuple(FLAGS))}){whole} GROUP BY household_id) AS noted ON noted.household_id = t.household_id",
    )


def _last_given(around: Surroundings, flag: str) -> Sql:
    joins = _noted(around)
    noted = f'noted."{flag}"' if joins else "CAST(NULL AS DATE)"
    if not around.has("visits", "household_id", "visited_on"):
        return Sql(noted, joins)
    visited = (
        f"LEFT JOIN (SELECT household_id, max(visited_on) AS day FROM {around.relations['visits']} "
        f"WHERE visited_on <= {around.day} GROUP BY household_id) AS seen ON seen.household_id = t.household_id"
    )
    return Sql(f"coalesce({noted}, seen.day)", (*joins, visited))


def _said(around: Surroundings) -> tuple[str, ...]:
    """The join that tells, by household and question, since when visits answered yes and whether one ever did."""
    if not (
        around.has("answers", "visit_id", "household_id", "question", "answer")
        and around.has("visits", "visit_id", "household_id", "visited_on")
    ):
        return ()
    said = (
        f"SELECT v.household_id, a.question, v.visited_on AS day, a.answer IN ({_text(YES)}) AS yes "
        f"FROM {around.relations['answers']} AS a JOIN {around.relations['visits']} AS v "
        f"ON v.visit_id = a.visit_id AND v.household_id = a.household_id WHERE v.visited_on <= {around.day} "
        f"AND a.question IN ({_text(tuple(FLAGS))}) AND a.answer IN ({_text(YES + NO)})"
    )
    with_no = f"SELECT *, max(CASE WHEN NOT yes THEN day END) OVER (PARTITION BY household_id, question) AS no FROM ({said})"
    chosen = ", ".join(
        f"min(day) FILTER (WHERE question = '{flag}' AND yes AND (no IS NULL OR day > no)) AS \"{flag}\", "
        f"coalesce(bool_or(yes) FILTER (WHERE question = '{flag}'), false) AS \"{flag}_ever\""
        for flag in FLAGS
    )
    return (
        f"LEFT JOIN (SELECT household_id, {chosen} FROM ({with_no}) GROUP BY household_id) AS said ON said.household_id = t.household_id",
    )


def _given_on_sql(flag: str) -> Builder:
    return lambda around: _last_given(around, flag)


def _days_sql(flag: str) -> Builder:
    def build(around: Surroundings) -> Sql:
        last, joins = _last_given(around, flag), _said(around)
        # least passes over what is not known
        since = f'least({last.expression}, said."{flag}")' if joins else last.expression
        days = f'CASE WHEN t."{flag}" THEN {around.day} - {since} WHEN NOT t."{flag}" THEN 0 END'
        return Sql(f"CAST({days} AS INTEGER)", (*last.joins, *joins))

    return build


def _ever_sql(flag: str) -> Builder:
    def build(around: Surroundings) -> Sql:
        joins = _said(around)
        return Sql(f'CASE WHEN said."{flag}_ever" THEN true ELSE t."{flag}" END' if joins else f't."{flag}"', joins)  # fmt: skip

    return build


def _flag_given_on_sql(around: Surroundings) -> Sql:
    found = {kind: _last_given(around, flag) for kind, flag in OF_ALERT.items()}
    cases = " ".join(f"WHEN '{kind}' THEN {given.expression}" for kind, given in found.items())
    joins = dict.fromkeys(join for given in found.values() for join in given.joins)
    return Sql(f"CASE t.kind {cases} END", tuple(joins))


def _guarantee_told_sql(around: Surroundings) -> Sql:
    if "households" not in around.relations:
        return Sql("CAST(NULL AS BOOLEAN)")
    joins = _noted(around)
    parts = []
    for flag in FLAGS:
        value = around.column("households", flag, "hh", "BOOLEAN")
        later = f' AND coalesce(noted."{flag}" <= t.visited_on, true)' if joins else ""
        parts.append(f"({value}{later})")
    household = f"LEFT JOIN {around.relations['households']} AS hh ON hh.household_id = t.household_id"
    return Sql(f"({' OR '.join(parts)})", (household, *joins))


COLUMNS: tuple[Prepared, ...] = (
    *(
        Prepared("households", f"{flag}_given_on", DATE, (), f"最近一次给出{zh}的日期", f"when last given: {en}", _given_on(flag))
        for flag, (zh, en) in FLAGS.items()
    ),
    *(
        Prepared("households", f"{flag}_days", INT, (flag,), f"{zh}至少已有的天数", f"days it has been so at least: {en}", _days(flag))
        for flag, (zh, en) in FLAGS.items()
    ),
    *(
        Prepared("households", f"{flag}_ever", BOOL, (flag,), f"现在或某次走访有{FLAGS[flag][0]}", f"now or at some visit: {FLAGS[flag][1]}", _ever(flag))
        for flag in ("housing_unsafe", "water_unsafe")
    ),
    Prepared("alerts", "flag_given_on", DATE, ("kind",), "最近一次给出所涉保障信息的日期", "when the guarantee it is about was last given", flag_given_on),
    Prepared("visits", "guarantee_told", BOOL, ("visited_on",), "有保障问题且不是走访之后才给出", "a guarantee problem not given after the visit", guarantee_told),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    **{("households", f"{flag}_given_on"): _given_on_sql(flag) for flag in FLAGS},
    **{("households", f"{flag}_days"): _days_sql(flag) for flag in FLAGS},
    **{("households", f"{flag}_ever"): _ever_sql(flag) for flag in ("housing_unsafe", "water_unsafe")},
    ("alerts", "flag_given_on"): _flag_given_on_sql,
    ("visits", "guarantee_told"): _guarantee_told_sql,
}
LAYOUTS: Mapping[str, Layout] = {}
