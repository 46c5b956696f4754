"""Prepared columns of two lists against each other: the national system's and the departments' lists against our facts.

All are worked out over everything at once (``neighbours``). Only confirmed matches count; a fact that one side does
not know is no difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shouwang.policy.columns import id_reading
from shouwang.policy.columns.base import Builder, Layout, Prepared, Sql, Surroundings, given
from shouwang.policy.columns.current_case import ordered
from shouwang.policy.types import BOOL, INT, MONEY, TEXT

HOUSEHOLD_FIELDS = (
    "head_name",
    "monitoring_status",
    "monitoring_type",
    "risks",
    "identified_on",
    "resolved_on",
)
MEMBER_FIELDS = ("name", "id_number", "sex", "relation", "labour_capacity")
LIFTED_ONLY = "({0}.household_type = 'lifted' AND coalesce({0}.monitoring_status, 'none') = 'none')"
MONITORED = "({0}.household_type = 'lifted' OR {0}.monitoring_status IN ('unresolved', 'resolved'))"


def _there(around: Surroundings) -> bool:
    return around.has("national_households", "household_id", "national_id")


def _countable(around: Surroundings) -> bool:
    by = ("area_code", "household_type", "monitoring_status")
    return _there(around) and around.has("national_households", *by) and around.has("households", *by)


def _people_there(around: Surroundings) -> bool:
    return _there(around) and around.has("national_members", "national_id") and "members" in around.relations


def _differs(pairs: Mapping[str, tuple[str, str]]) -> str:
    """The names of the fields whose two values are both known and not the same, joined by semicolons."""
    return (
        "concat_ws(';', "
        + ", ".join(
            f"CASE WHEN {ours} <> {theirs} THEN '{name}' END" for name, (ours, theirs) in pairs.items()
        )
        + ")"
    )


def _plain(text: str) -> str:
    return f"replace(trim(nfc_normalize({text})), ' ', '')"


def _month(day: str) -> str:
    return f"(year({day}) * 12 + month({day}))"


def _as_set(listed: str) -> str:
    return f"list_sort(list_distinct(list_filter(string_split({listed}, ';'), lambda c: c <> '')))"


def _households(around: Surroundings) -> str:
    """Per household of ours that the national system has: what differs, and its income of a year."""
    if not _there(around):
        return "SELECT CAST(NULL AS VARCHAR) AS household_id, '' AS differs, CAST(NULL AS DECIMAL(18,2)) AS income, CAST(NULL AS INTEGER) AS years_ago WHERE false"

    def ours(name: str) -> str:
        return around.column("households", name, "h")

    def theirs(name: str) -> str:
        return around.column("national_households", name, "n")

    risks, case_join = "CAST(NULL AS VARCHAR)", ""
    if around.has("cases", "risks"):
        risks, case_join = "c.risks", f"LEFT JOIN {ordered(around)} AS c ON c.household_id = h.household_id"
    pairs = {
        "head_name": (_plain(ours("head_name")), _plain(theirs("head_name"))),
        "monitoring_status": (ours("monitoring_status"), theirs("monitoring_status")),
        "monitoring_type": (ours("monitoring_type"), theirs("monitoring_type")),
        "risks": (_as_set(risks), _as_set(theirs("risks"))),
    } | {
        name: (_month(_day(ours(name))), _month(_day(theirs(name))))
        for name in ("identified_on", "resolved_on")
    }
    income = around.column("national_households", "net_income_per_capita", "n", "DECIMAL(18,2)")
    year = around.column("national_households", "income_year", "n", "INTEGER")
    return f"""
        SELECT h.household_id, min({_differs(pairs)}) AS differs, CAST(max({income}) AS DECIMAL(18,2)) AS income, CAST({around.on.year} - max({year}) AS INTEGER) AS years_ago
        FROM {around.relations["national_households"]} AS n JOIN {around.relations["households"]} AS h ON h.household_id = n.household_id {case_join} GROUP BY h.household_id
    """


def _day(text: str) -> str:
    return text.replace("CAST(NULL AS VARCHAR)", "CAST(NULL AS DATE)")


def _key(around: Surroundings, table: str, alias: str) -> str:
    """The person key; the check character is left to other findings, so that 15 digits are found again in 18."""
    number = around.column(table, "id_number", alias)
    return f"coalesce({id_reading.first_17_sql(number)}, left(upper(trim({number})), 18))"


def _pairs(around: Surroundings) -> str:
    """People of both sides within a household that both have: by the match that was made, else by the number."""
    present = (
        f"(m.left_on IS NULL OR m.left_on > {around.day})" if around.has("members", "left_on") else "true"
    )
    matched = around.column("national_members", "member_id", "p")
    return f"""
        WITH p AS (SELECT p.*, n.household_id AS ours, {matched} AS matched, {_key(around, "national_members", "p")} AS number
            FROM {around.relations["national_members"]} AS p JOIN {around.relations["national_households"]} AS n ON n.national_id = p.national_id WHERE n.household_id IS NOT NULL),
        m AS (SELECT m.*, {_key(around, "members", "m")} AS number FROM {around.relations["members"]} AS m
            WHERE {present} AND m.household_id IN (SELECT ours FROM p))
    """


def _of_pair(around: Surroundings) -> str:
    return "m.household_id = p.ours AND (p.matched = m.member_id OR (p.number = m.number AND p.number <> ''))"


def _members(around: Surroundings) -> str:
    """Per present member of a household that both have: whether it is there too, and what differs."""
    if not _people_there(around):
        return "SELECT CAST(NULL AS VARCHAR) AS member_id, false AS found, '' AS differs WHERE false"
    columns = {
        name: (around.column("members", name, "m"), around.column("national_members", name, "p"))
        for name in MEMBER_FIELDS
    }
    columns["name"] = (_plain(columns["name"][0]), _plain(columns["name"][1]))
    columns["id_number"] = (
        f"upper(trim({columns['id_number'][0]}))",
        f"upper(trim({columns['id_number'][1]}))",
    )
    return f"""{_pairs(around)}
        SELECT m.member_id, bool_or(p.national_id IS NOT NULL) AS found, min(CASE WHEN p.national_id IS NOT NULL THEN {_differs(columns)} END) AS differs
        FROM m LEFT JOIN p ON {_of_pair(around)} GROUP BY m.member_id
    """


def _national_people(around: Surroundings) -> str:
    """The people there, in a household that both have, who are no present member here."""
    if not _people_there(around):
        return "SELECT CAST(NULL AS VARCHAR) AS national_member_id WHERE false"
    return f"{_pairs(around)} SELECT p.national_member_id FROM p WHERE NOT EXISTS (SELECT 1 FROM m WHERE {_of_pair(around)})"


def _counts(around: Surroundings) -> str:
    """Per village, as text: type and status with the counts of the two sides, where they differ."""
    if not _countable(around):
        return "SELECT CAST(NULL AS VARCHAR) AS area_code, '' AS differs WHERE false"
    people_there = around.column("national_households", "people", "n", "INTEGER")
    join, people = "", "CAST(NULL AS BIGINT)"
    if "members" in around.relations:
        here = f"WHERE left_on IS NULL OR left_on > {around.day}" if around.has("members", "left_on") else ""
        join = f"LEFT JOIN (SELECT household_id, count(*) AS n FROM {around.relations['members']} {here} GROUP BY 1) AS m ON m.household_id = h.household_id"
        people = "coalesce(sum(m.n), 0)"
    ledger = ""
    if around.has("cases", "approved_on", "removal_approved_on"):
        back = (
            "coalesce(c.rolled_back_on >= c.removal_approved_on, false)"
            if around.has("cases", "rolled_back_on")
            else "false"
        )
        ledger = f"""
            UNION ALL SELECT coalesce(a.area_code, b.area_code), 'cases ' || coalesce(a.status, b.status) || ' ' || coalesce(a.n, 0) || '/' || coalesce(b.n, 0)
            FROM (SELECT h.area_code, CASE WHEN c.removal_approved_on IS NOT NULL AND NOT {back} THEN 'resolved' ELSE 'unresolved' END AS status, count(*) AS n
                  FROM {ordered(around)} AS c JOIN {around.relations["households"]} AS h ON h.household_id = c.household_id WHERE c.approved_on IS NOT NULL GROUP BY ALL) AS a
            FULL JOIN (SELECT area_code, monitoring_status AS status, count(*) AS n FROM {around.relations["households"]} WHERE monitoring_status IN ('unresolved', 'resolved') GROUP BY ALL) AS b
            ON a.area_code = b.area_code AND a.status = b.status WHERE coalesce(a.n, 0) <> coalesce(b.n, 0)"""
    return f"""
        WITH theirs AS (SELECT n.area_code, coalesce(n.household_type, '') AS kind, coalesce(n.monitoring_status, '') AS status, count(*) AS n, sum({people_there}) AS people
            FROM {around.relations["national_households"]} AS n WHERE {MONITORED.format("n")} GROUP BY ALL),
        ours AS (SELECT h.area_code, coalesce(h.household_type, '') AS kind, coalesce(h.monitoring_status, '') AS status, count(*) AS n, {people} AS people
            FROM {around.relations["households"]} AS h {join} WHERE {MONITORED.format("h")}
            AND (NOT {LIFTED_ONLY.format("h")} OR EXISTS (SELECT 1 FROM {around.relations["national_households"]} AS n WHERE {LIFTED_ONLY.format("n")})) GROUP BY ALL),
        lines AS (
            SELECT coalesce(a.area_code, b.area_code) AS area_code, coalesce(a.kind, b.kind) || ' ' || coalesce(a.status, b.status) || ' ' || coalesce(a.n, 0) || '/' || coalesce(b.n, 0)
                || ' (' || coalesce(CAST(a.people AS VARCHAR), '0') || '/' || coalesce(CAST(b.people AS VARCHAR), '0') || ')' AS line
            FROM theirs AS a FULL JOIN ours AS b ON a.area_code = b.area_code AND a.kind = b.kind AND a.status = b.status
            WHERE coalesce(a.n, 0) <> coalesce(b.n, 0) OR a.people <> b.people{ledger})
        SELECT area_code, string_agg(line, '; ' ORDER BY line) AS differs FROM lines WHERE area_code IS NOT NULL GROUP BY area_code
    """


def _from(layout: str, alias: str, key: str, expression: str) -> Builder:
    join = f'LEFT JOIN "{layout}" AS {alias} ON {alias}.{key} = t.{key}'
    return lambda around: Sql(expression, (join,))


def _only_if(there: Any, builder: Builder, kind: str) -> Builder:
    return lambda around: builder(around) if there(around) else Sql(f"CAST(NULL AS {kind})")


def _scope(around: Surroundings) -> str:
    """One row: whether the national list has lifted households that are not monitored (an export may hold monitored ones only)."""
    if not around.has("national_households", "household_type", "monitoring_status"):
        return "SELECT false AS lifted"
    return f"SELECT count(*) > 0 AS lifted FROM {around.relations['national_households']} AS n WHERE {LIFTED_ONLY.format('n')}"


def _one_sided_household(around: Surroundings) -> Sql:
    kind, status = (
        around.column("households", "household_type"),
        around.column("households", "monitoring_status"),
    )
    ours = f"({status} IN ('unresolved', 'resolved') OR (ns.lifted AND {kind} = 'lifted'))"
    joins = (
        'LEFT JOIN "national_of_ours" AS nh ON nh.household_id = t.household_id',
        'CROSS JOIN "national_scope" AS ns',
    )
    return Sql(f"({ours} AND nh.household_id IS NULL)", joins)


def _known_household(around: Surroundings) -> Sql:
    join = f"LEFT JOIN {around.relations['households']} AS hh ON hh.household_id = t.household_id"
    return Sql("(hh.household_id IS NULL)", (join,))


def _of(
    table: str,
    name: str,
    kind: Any,
    zh: str,
    en: str,
    layout: str,
    needs: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
) -> Prepared:
    return Prepared(table, name, kind, needs, zh, en, given(name), neighbours=True, layouts=(*also, layout))


COLUMNS: tuple[Prepared, ...] = (
    _of("households", "one_sided", BOOL, "只在登记中有", "in the registry only", "national_of_ours", also=("national_scope",)),
    _of("households", "national_differs", TEXT, "与全国系统不同的字段", "fields that differ from the national system", "national_of_ours"),
    _of("households", "national_income", MONEY, "全国系统人均纯收入", "income per person in the national system", "national_of_ours"),
    _of("households", "national_income_years_ago", INT, "全国系统收入年度距今年数", "years since the year of that income", "national_of_ours"),
    _of("members", "one_sided", BOOL, "只在登记中有", "in the registry only", "national_of_members"),
    _of("members", "national_differs", TEXT, "与全国系统不同的字段", "fields that differ from the national system", "national_of_members"),
    _of("national_households", "one_sided", BOOL, "只在全国系统中有", "in the national system only", "national_of_ours", ("household_id",)),
    _of("national_members", "one_sided", BOOL, "只在全国系统中有", "in the national system only", "national_people"),
    _of("villages", "counts_differ", TEXT, "户数人数不符之处", "counts that differ", "village_differences"),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    ("households", "one_sided"): _only_if(_there, _one_sided_household, "BOOLEAN"),
    ("households", "national_differs"): _from("national_of_ours", "nh", "household_id", "nh.differs"),
    ("households", "national_income"): _from("national_of_ours", "nh", "household_id", "nh.income"),
    ("households", "national_income_years_ago"): _from(
        "national_of_ours", "nh", "household_id", "nh.years_ago"
    ),
    ("members", "one_sided"): _only_if(
        _people_there,
        _from("national_of_members", "nm", "member_id", "coalesce(NOT nm.found, false)"),
        "BOOLEAN",
    ),
    ("members", "national_differs"): _from("national_of_members", "nm", "member_id", "nm.differs"),
    ("national_households", "one_sided"): _known_household,
    ("national_members", "one_sided"): _only_if(
        _people_there,
        _from("national_people", "np", "national_member_id", "(np.national_member_id IS NOT NULL)"),
        "BOOLEAN",
    ),
    ("villages", "counts_differ"): _only_if(
        _countable, _from("village_differences", "vd", "area_code", "coalesce(vd.differs, '')"), "VARCHAR"
    ),
}
LAYOUTS: Mapping[str, Layout] = {
    "national_scope": _scope, "national_of_ours": _households, "national_of_members": _members, "national_people": _national_people, "village_differences": _counts,
}  # fmt: skip
