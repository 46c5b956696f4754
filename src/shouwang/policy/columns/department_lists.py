"""Prepared columns of departments' lists against our facts; the newest list of each department and area speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shouwang.policy.columns.base import Builder, Layout, Prepared, Sql, Surroundings, given
from shouwang.policy.types import BOOL, INT, TEXT

SOURCES = (
    "civil_affairs",
    "medical_insurance",
    "health",
    "disability",
    "education",
    "housing",
    "water",
    "deceased",
    "moved_out",
)
# what a list says in our own columns: table, column, source
SAID = {
    "members": {"medical_insurance": "medical_insurance", "in_school": "education"},
    "households": {"housing_unsafe": "housing", "water_unsafe": "water"},
}


def _there(around: Surroundings) -> bool:
    return around.has("lists", "list_id", "source", "received_on") and around.has(
        "listed", "list_id", "match", "kind", "household_id", "member_id"
    )


def _newest(around: Surroundings) -> str:
    """The newest list of each department and area (lists without a day come last)."""
    area = around.column("lists", "area_code", "l")
    return (
        f"(SELECT l.list_id, l.source, l.received_on, coalesce({area}, '') AS area, {around.column('lists', 'complete', 'l', 'BOOLEAN')} AS complete FROM {around.relations['lists']} AS l "
        f"QUALIFY row_number() OVER (PARTITION BY l.source, coalesce({area}, '') ORDER BY l.received_on DESC NULLS LAST, l.list_id DESC) = 1)"
    )


def _kept(around: Surroundings) -> str:
    """One row: per department whether there is a list, and the areas of which one lists everybody ('' for all)."""
    if not _there(around):
        return "SELECT " + ", ".join(
            f"false AS {source}, CAST([] AS VARCHAR[]) AS {source}_complete" for source in SOURCES
        )
    chosen = ", ".join(
        f"count(*) FILTER (source = '{source}') > 0 AS {source}, coalesce(list(area) FILTER (source = '{source}' AND complete), []) AS {source}_complete"
        for source in SOURCES
    )
    return f"SELECT {chosen} FROM {_newest(around)}"


def _rows(around: Surroundings) -> str:
    holds = around.column("listed", "holds", "r", "BOOLEAN")
    level = around.column("listed", "level", "r", "INTEGER")
    return (
        f"SELECT r.household_id, r.member_id, r.kind, {holds} AS holds, {level} AS level, n.source FROM {around.relations['listed']} AS r "
        f"JOIN {_newest(around)} AS n ON n.list_id = r.list_id WHERE r.match = 'confirmed'"
    )


def _of_households(around: Surroundings) -> str:
    if not _there(around):
        return "SELECT CAST(NULL AS VARCHAR) AS household_id, false AS dibao, false AS tekun, false AS housing_unsafe, false AS water_unsafe WHERE false"
    return f"""
        SELECT household_id, coalesce(bool_or(kind = 'dibao' AND source = 'civil_affairs' AND coalesce(holds, true)), false) AS dibao,
            coalesce(bool_or(kind = 'tekun' AND source = 'civil_affairs' AND coalesce(holds, true)), false) AS tekun,
            bool_or(holds) FILTER (kind = 'housing_unsafe' AND source = 'housing') AS housing_unsafe,
            bool_or(holds) FILTER (kind = 'water_unsafe' AND source = 'water') AS water_unsafe
        FROM ({_rows(around)}) WHERE household_id IS NOT NULL GROUP BY household_id
    """


def _of_members(around: Surroundings) -> str:
    if not _there(around):
        return "SELECT CAST(NULL AS VARCHAR) AS member_id, 0 AS disability, false AS illness, false AS medical_insurance, false AS in_school, false AS gone WHERE false"
    return f"""
        SELECT member_id, coalesce(max(level) FILTER (kind = 'disability_level' AND source = 'disability'), 0) AS disability,
            coalesce(bool_or(kind = 'serious_illness' AND source = 'health' AND coalesce(holds, true)), false) AS illness,
            bool_and(holds) FILTER (kind = 'medical_insurance' AND source = 'medical_insurance') AS medical_insurance,
            bool_and(holds) FILTER (kind = 'in_school' AND source = 'education') AS in_school,
            coalesce(bool_or(source IN ('deceased', 'moved_out') AND coalesce(holds, true)), false) AS gone
        FROM ({_rows(around)}) WHERE member_id IS NOT NULL GROUP BY member_id
    """


def _qualities(around: Surroundings) -> str:
    """Per list: its rows, those without a match, people twice in it, rows received long after the event; whether it is the newest."""
    lag = around.parameter("alert_lag_days")
    if not _there(around):
        return "SELECT CAST(NULL AS VARCHAR) AS list_id, false AS newest, 0 AS n, 0 AS unmatched, 0 AS doubled, 0 AS late WHERE false"
    number = around.column("listed", "id_number", "r")
    event = around.column("listed", "event_on", "r", "DATE")
    late = f"count(*) FILTER (l.received_on - {event} > {lag})" if lag is not None else "NULL"
    return f"""
        SELECT l.list_id, l.list_id IN (SELECT list_id FROM {_newest(around)}) AS newest, CAST(count(r.list_id) AS INTEGER) AS n,
            CAST(count(*) FILTER (r.match = 'none') AS INTEGER) AS unmatched,
            CAST(count({number}) - count(DISTINCT {number} || ' ' || coalesce(r.kind, '')) AS INTEGER) AS doubled, CAST({late} AS INTEGER) AS late
        FROM {around.relations["lists"]} AS l LEFT JOIN {around.relations["listed"]} AS r ON r.list_id = l.list_id GROUP BY l.list_id, l.received_on
    """


def _said(table: str, alias: str, key: str, column: str, source: str, kind: str) -> Builder:
    """What the newest list of a department says of a household or member; nothing (NULL) where there is no list."""
    layout = f"listed_{table}"
    joins = (f'LEFT JOIN "{layout}" AS {alias} ON {alias}.{key} = t.{key}', 'CROSS JOIN "lists_kept" AS lk')
    nothing = {"BOOLEAN": "false", "INTEGER": "0"}[kind]
    return lambda around: Sql(f"CASE WHEN lk.{source} THEN coalesce({alias}.{column}, {nothing}) END", joins)


def _complete(table: str, source: str) -> Builder:
    """Whether a list of the department lists everybody of an area that holds the household's; elsewhere it says nothing."""

    def build(around: Surroundings) -> Sql:
        joins: tuple[str, ...] = ('CROSS JOIN "lists_kept" AS lk',)
        if table == "members":
            joins += (
                f"LEFT JOIN {around.relations['households']} AS lc ON lc.household_id = t.household_id",
            )
        area = around.column("households", "area_code", "lc" if table == "members" else "t")
        return Sql(
            f"(len(list_filter(lk.{source}_complete, lambda a: starts_with(coalesce({area}, ''), a))) > 0)",
            joins,
        )

    return build


def _contradicted(table: str, alias: str, key: str) -> Builder:
    """The guarantees of which the newest list says the opposite of what is registered; nothing where there is no list."""

    def build(around: Surroundings) -> Sql:
        parts = ", ".join(
            f"CASE WHEN {alias}.{column} <> {around.column(table, column, kind='BOOLEAN')} THEN '{column}' END"
            for column in SAID[table]
        )
        some = " OR ".join(f"lk.{source}" for source in SAID[table].values())
        joins = (
            f'LEFT JOIN "listed_{table}" AS {alias} ON {alias}.{key} = t.{key}',
            'CROSS JOIN "lists_kept" AS lk',
        )
        return Sql(f"CASE WHEN {some} THEN concat_ws(';', {parts}) END", joins)

    return build


def _of_list(column: str) -> Builder:
    return lambda around: Sql(f"lq.{column}", ('LEFT JOIN "list_qualities" AS lq ON lq.list_id = t.list_id',))


def _neighbour(table: str, name: str, kind: Any, zh: str, en: str, *layouts: str) -> Prepared:
    return Prepared(table, name, kind, (), zh, en, given(name), neighbours=True, layouts=layouts)


COLUMNS: tuple[Prepared, ...] = (
    _neighbour("households", "listed_dibao", BOOL, "民政名单上有低保", "on the list for dibao", "lists_kept", "listed_households"),
    _neighbour("households", "listed_tekun", BOOL, "民政名单上有特困", "on the list for tekun", "lists_kept", "listed_households"),
    _neighbour("households", "civil_list_complete", BOOL, "民政名单是全量", "the list of civil affairs lists everybody", "lists_kept"),
    _neighbour("households", "guarantees_contradicted", TEXT, "名单所述相反的保障", "guarantees that a list contradicts", "lists_kept", "listed_households"),
    _neighbour("members", "guarantees_contradicted", TEXT, "名单所述相反的保障", "guarantees that a list contradicts", "lists_kept", "listed_members"),
    _neighbour("members", "listed_disability", INT, "残联名单上的等级（0为不在名单）", "level on the list, 0 for not on it", "lists_kept", "listed_members"),
    _neighbour("members", "listed_illness", BOOL, "卫健名单上有大病", "on the list of serious illness", "lists_kept", "listed_members"),
    _neighbour("members", "disability_list_complete", BOOL, "残联名单是全量", "the list of disability lists everybody", "lists_kept"),
    _neighbour("members", "health_list_complete", BOOL, "卫健名单是全量", "the list of health lists everybody", "lists_kept"),
    _neighbour("members", "listed_gone", BOOL, "在死亡或迁出名单上", "on a list of deaths or moves", "lists_kept", "listed_members"),
    _neighbour("lists", "newest_list", BOOL, "是最新名单", "the newest list", "list_qualities"),
    _neighbour("lists", "list_rows", INT, "行数", "rows", "list_qualities"),
    _neighbour("lists", "unmatched_rows", INT, "未比中行数", "rows without a match", "list_qualities"),
    _neighbour("lists", "doubled_people", INT, "重复人数", "people twice", "list_qualities"),
    _neighbour("lists", "late_rows", INT, "迟到行数", "rows received late", "list_qualities"),
)  # fmt: skip


def _gone(around: Surroundings) -> Sql:
    joins = (
        'LEFT JOIN "listed_members" AS lm ON lm.member_id = t.member_id',
        'CROSS JOIN "lists_kept" AS lk',
    )
    return Sql("CASE WHEN lk.deceased OR lk.moved_out THEN coalesce(lm.gone, false) END", joins)


SQL: Mapping[tuple[str, str], Builder] = {
    ("households", "listed_dibao"): _said("households", "lh", "household_id", "dibao", "civil_affairs", "BOOLEAN"),
    ("households", "listed_tekun"): _said("households", "lh", "household_id", "tekun", "civil_affairs", "BOOLEAN"),
    ("households", "civil_list_complete"): _complete("households", "civil_affairs"),
    ("households", "guarantees_contradicted"): _contradicted("households", "lh", "household_id"),
    ("members", "guarantees_contradicted"): _contradicted("members", "lm", "member_id"),
    ("members", "listed_disability"): _said("members", "lm", "member_id", "disability", "disability", "INTEGER"),
    ("members", "listed_illness"): _said("members", "lm", "member_id", "illness", "health", "BOOLEAN"),
    ("members", "disability_list_complete"): _complete("members", "disability"),
    ("members", "health_list_complete"): _complete("members", "health"),
    ("members", "listed_gone"): _gone,
    **{
        ("lists", name): _of_list(column)
        for name, column in (
            ("newest_list", "newest"), ("list_rows", "n"), ("unmatched_rows", "unmatched"), ("doubled_people", "doubled"), ("late_rows", "late"),
        )
    },
}  # fmt: skip
LAYOUTS: Mapping[str, Layout] = {
    "lists_kept": _kept, "listed_households": _of_households, "listed_members": _of_members, "list_qualities": _qualities,
}  # fmt: skip
