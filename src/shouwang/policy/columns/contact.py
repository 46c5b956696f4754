"""Prepared columns about phones, contacts and how fresh the facts are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from shouwang.policy.builtins import quarter_end
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
    given,
    sql_date,
)  # fmt: skip
from shouwang.policy.types import BOOL, INT

RUN = 8
"""A digit so many times running makes a number that nobody has."""


def phone_fault(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether a phone is no mobile number (``phone_pattern``), or has one digit eight times running."""
    phone, pattern = row.get("phone"), context.parameters.get("phone_pattern")
    if phone is None or pattern is None:
        return None
    plain = phone.strip(" ")
    return not re.fullmatch(pattern, plain) or any(digit * RUN in plain for digit in "0123456789")


def _phone_fault_sql(around: Surroundings) -> Sql:
    pattern = around.parameter("phone_pattern")
    if pattern is None:
        return Sql("CAST(NULL AS BOOLEAN)")
    text = str(pattern).replace("'", "''")
    runs = " OR ".join(f"contains(trim(t.phone), '{digit * RUN}')" for digit in "0123456789")
    return Sql(f"(NOT regexp_full_match(trim(t.phone), '{text}') OR {runs})")


def contact_is_member(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether the contact bears the name of a present member (the name is all we have of a contact)."""
    contact, members = row.get("contact"), tables.get("members")
    if contact is None or members is None:
        return None
    return any(
        m.get("name") == contact and not (m.get("left_on") is not None and m["left_on"] <= context.on)
        for m in members
    )


def _contact_is_member_sql(around: Surroundings) -> Sql:
    if not around.has("members", "name"):
        return Sql(
            "CAST(NULL AS BOOLEAN)"
            if "members" not in around.relations
            else "CASE WHEN t.contact IS NOT NULL THEN false END"
        )
    here = f"(left_on IS NULL OR left_on > {around.day})" if around.has("members", "left_on") else "true"
    join = (
        f"LEFT JOIN (SELECT DISTINCT household_id, name FROM {around.relations['members']} WHERE name IS NOT NULL AND {here}) AS cm "
        "ON cm.household_id = t.household_id AND cm.name = t.contact"
    )
    return Sql("CASE WHEN t.contact IS NOT NULL THEN cm.household_id IS NOT NULL END", (join,))


def by_contact(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether the visitor is the household's contact (as registered, else as its current case says)."""
    from shouwang.policy.columns.current_case import current_case

    households = tables.get("households") or ({},)
    contact = households[0].get("contact") or (current_case(tables, context) or {}).get("contact")
    visitor = row.get("visitor")
    return None if contact is None or visitor is None else visitor == contact


def _by_contact_sql(around: Surroundings) -> Sql:
    from shouwang.policy.columns.current_case import SQL as OF_CASE

    joins: tuple[str, ...] = ()
    of_case = "CAST(NULL AS VARCHAR)"
    if around.has("cases", "contact"):
        case = OF_CASE["visits", "case_contact"](around)
        of_case, joins = case.expression, case.joins
    own = "CAST(NULL AS VARCHAR)"
    if around.has("households", "contact"):
        own = "nullif(hh.contact, '')"
        joins = (
            *joins,
            f"LEFT JOIN {around.relations['households']} AS hh ON hh.household_id = t.household_id",
        )
    return Sql(f"(t.visitor = coalesce({own}, {of_case}))", joins)


def entry_lag_days(row: Row, tables: Tables, context: Context) -> int | None:
    """Days from the visit to the day it was received."""
    received, visited = row.get("received_at"), row.get("visited_on")
    return None if received is None or visited is None else (received.date() - visited).days


def due_quarter(context_on: date, grace: int) -> tuple[date, date, str]:
    """First and last day and name of the last quarter that ended more than ``grace`` days ago."""
    latest = context_on - timedelta(days=grace + 1)
    year, quarter = latest.year, (latest.month + 2) // 3
    if quarter_end(year, quarter) > latest:
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
    return date(year, 3 * quarter - 2, 1), quarter_end(year, quarter), f"{year}Q{quarter}"


def in_due_quarter(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether an item is of the last quarter that ought to be in: as stated, else by its day."""
    grace = context.parameters.get("quarter_grace")
    if grace is None:
        return None
    first, last, name = due_quarter(context.on, int(grace))
    if row.get("quarter") is not None:
        return bool(row["quarter"] == name)
    return None if row.get("received_on") is None else first <= row["received_on"] <= last


def _in_due_quarter_sql(around: Surroundings) -> Sql:
    grace = around.parameter("quarter_grace")
    if grace is None:
        return Sql("CAST(NULL AS BOOLEAN)")
    first, last, name = due_quarter(around.on, int(grace))
    by_day = (
        f"(t.received_on BETWEEN {sql_date(first)} AND {sql_date(last)})"
        if around.has("income_items", "received_on")
        else "CAST(NULL AS BOOLEAN)"
    )
    return Sql(
        f"coalesce(t.quarter = '{name}', {by_day})" if around.has("income_items", "quarter") else by_day
    )


def _given_on(row: Row, tables: Tables, column: str) -> date | None:
    days = [
        entry["given_on"] for entry in tables.get("given") or ()
        if entry.get("member_id") == row.get("member_id") and entry.get("column_name") == column and entry.get("given_on") is not None
    ]  # fmt: skip
    return max(days, default=None)


def birthday(birth: date, years: int) -> date:
    """The day on which somebody turns so many years; 1 March for who was born on 29 February."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)


def labour_expired(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether since the labour capacity was given the member reached labour age, or passed it."""
    told, birth = _given_on(row, tables, "labour_capacity"), row.get("birth_date")
    ages = [context.parameters.get("labour_age_from"), context.parameters.get("labour_age_to")]
    if birth is None or None in ages:
        return None
    days = [birthday(birth, int(ages[0])), birthday(birth, int(ages[1]) + 1)]  # type: ignore[arg-type]
    passed = [day for day in days if day <= context.on]
    if told is None:
        return None if passed else False
    return any(told < day for day in passed)


def _since(column: str, begins: Any) -> WorkOut:
    """Whether the last beginning of a year of some kind lies after the day on which a column was given."""

    def work_out(row: Row, tables: Tables, context: Context) -> bool | None:
        told = _given_on(row, tables, column)
        return None if told is None else told < begins(context.on)

    return work_out


def school_year(on: date) -> date:
    """The last 1 September."""
    return date(on.year if on >= date(on.year, 9, 1) else on.year - 1, 9, 1)


def insurance_year(on: date) -> date:
    """The last 1 January."""
    return date(on.year, 1, 1)


def _told(around: Surroundings, column: str) -> tuple[str, str]:
    alias = f"told_{column}"
    join = (
        f"LEFT JOIN (SELECT household_id, member_id, max(given_on) AS day FROM {around.relations['given']} WHERE column_name = '{column}' "
        f"AND member_id IS NOT NULL GROUP BY ALL) AS {alias} ON {alias}.household_id = t.household_id AND {alias}.member_id = t.member_id"
    )
    return f"{alias}.day", join


def _has_given(around: Surroundings) -> bool:
    return around.has("given", "member_id", "column_name", "given_on") and around.has("members", "member_id")


def _since_sql(column: str, begins: Any) -> Builder:
    def build(around: Surroundings) -> Sql:
        if not _has_given(around):
            return Sql("CAST(NULL AS BOOLEAN)")
        day, join = _told(around, column)
        return Sql(f"({day} < {sql_date(begins(around.on))})", (join,))

    return build


def _birthday_sql(years: int) -> str:
    whole = f"make_date(CAST(year(t.birth_date) + {years} AS BIGINT), CAST(month(t.birth_date) AS BIGINT), CAST(least(day(t.birth_date), 28) AS BIGINT))"
    # the 29th of February becomes the 1st of March only where the year has none
    return f"({whole} + CAST(day(t.birth_date) - least(day(t.birth_date), 28) AS INTEGER))"


def _labour_expired_sql(around: Surroundings) -> Sql:
    first, last = around.parameter("labour_age_from"), around.parameter("labour_age_to")
    if not _has_given(around) or first is None or last is None:
        return Sql("CAST(NULL AS BOOLEAN)")
    day, join = _told(around, "labour_capacity")
    tests = [
        f"({day} < {_birthday_sql(int(years))} AND {_birthday_sql(int(years))} <= {around.day})"
        for years in (first, int(last) + 1)
    ]
    return Sql(f"({' OR '.join(tests)})", (join,))


def _phones_layout(around: Surroundings) -> str:
    return f"SELECT phone, CAST(count(*) AS INTEGER) AS n FROM {around.relations['households']} WHERE phone IS NOT NULL GROUP BY phone HAVING count(*) > 1"


def _contacts_layout(around: Surroundings) -> str:
    return f"SELECT contact, CAST(count(*) AS INTEGER) AS n FROM {around.relations['households']} WHERE contact IS NOT NULL GROUP BY contact HAVING count(*) > 1"


def _work_phones_layout(around: Surroundings) -> str:
    if not around.has("members", "phone", "employment_place"):
        return "SELECT CAST(NULL AS VARCHAR) AS phone, 0 AS n WHERE false"
    return (
        f"SELECT phone, CAST(count(DISTINCT employment_place) AS INTEGER) AS n FROM {around.relations['members']} "
        "WHERE phone IS NOT NULL AND employment_place IN ('county', 'province', 'outside') GROUP BY phone HAVING count(DISTINCT employment_place) > 1"
    )


def _cadre_layout(around: Surroundings) -> str:
    if not around.has("accounts", "phone"):
        return "SELECT CAST(NULL AS VARCHAR) AS phone WHERE false"
    return f"SELECT DISTINCT phone FROM {around.relations['accounts']} WHERE phone IS NOT NULL"


def _cadre_sql(column: str, only: str = "") -> Builder:
    def build(around: Surroundings) -> Sql:
        if not around.has("accounts", "phone"):
            return Sql("CAST(NULL AS BOOLEAN)")
        join = f'LEFT JOIN "cadre_phones" AS cp ON cp.phone = t.{column}'
        found = f"CASE WHEN t.{column} IS NOT NULL THEN cp.phone IS NOT NULL END"
        return Sql(f"({found}{only})", (join,))

    return build


def _bulk_layout(around: Surroundings) -> str:
    if not around.has("visits", "visitor", "received_at", "visited_on"):
        return "SELECT CAST(NULL AS VARCHAR) AS visit_id, 0 AS n, 0 AS days WHERE false"
    least = int(around.parameter("bulk_n") or 1)
    return f"""
        WITH entries AS (SELECT visit_id, visitor, CAST(epoch(received_at) AS BIGINT) AS moment, visited_on FROM {around.relations["visits"]}
            WHERE visitor IS NOT NULL AND received_at IS NOT NULL),
        -- so many within an hour are half as many, at least, within one hour of the clock
        busy AS (SELECT DISTINCT visitor, hour + step AS hour FROM
            (SELECT visitor, moment // 3600 AS hour FROM entries GROUP BY ALL HAVING count(*) * 2 >= {least}), (VALUES (-1), (0), (1)) AS steps(step)),
        entered AS (SELECT entries.* FROM entries JOIN busy ON busy.visitor = entries.visitor AND busy.hour = entries.moment // 3600),
        hours AS (SELECT visitor, moment, count(*) OVER later AS n, count(DISTINCT visited_on) OVER later AS days FROM entered
            WINDOW later AS (PARTITION BY visitor ORDER BY moment RANGE BETWEEN CURRENT ROW AND 3600 FOLLOWING)),
        most AS (SELECT visitor, moment, max(n) AS n, max(days) AS days FROM hours GROUP BY ALL),
        within AS (SELECT visitor, moment, max(n) OVER earlier AS n, max(days) OVER earlier AS days FROM most
            WINDOW earlier AS (PARTITION BY visitor ORDER BY moment RANGE BETWEEN 3600 PRECEDING AND CURRENT ROW))
        SELECT e.visit_id, CAST(w.n AS INTEGER) AS n, CAST(w.days AS INTEGER) AS days
        FROM entered AS e JOIN within AS w ON w.visitor = e.visitor AND w.moment = e.moment WHERE w.n > 1
    """


def _bulk_sql(column: str) -> Builder:
    join = 'LEFT JOIN "bulk_visits" AS bv ON bv.visit_id = t.visit_id'
    return lambda around: Sql(
        f"CASE WHEN t.visitor IS NOT NULL AND t.received_at IS NOT NULL THEN coalesce(bv.{column}, 1) END",
        (join,),
    )


COLUMNS: tuple[Prepared, ...] = (
    Prepared("households", "phone_fault", BOOL, ("phone",), "电话不成立", "the phone is malformed", phone_fault),
    Prepared("households", "phone_households", INT, ("phone",), "用此电话的户数", "households with this phone", given("phone_households"), True, ("shared_phones",)),
    Prepared("households", "phone_of_cadre", BOOL, ("phone",), "是干部电话", "a cadre's phone", given("phone_of_cadre"), True, ("cadre_phones",)),
    Prepared("households", "contact_is_member", BOOL, ("contact",), "联系人是家庭成员", "the contact is a member", contact_is_member),
    Prepared("households", "contact_households", INT, ("contact",), "联系人的户数", "households of the contact", given("contact_households"), True, ("contacts",)),
    Prepared("members", "phone_work_places", INT, ("phone",), "此电话登记的务工地数", "places of work with this phone", given("phone_work_places"), True, ("work_phones",)),
    Prepared("members", "labour_expired", BOOL, ("birth_date",), "劳动能力给出后已跨年龄段", "labour capacity given before an age was passed", labour_expired),
    Prepared("members", "school_expired", BOOL, (), "学段给出后已进入新学年", "stage of school given before the school year", _since("school_stage", school_year)),
    Prepared("members", "insurance_expired", BOOL, (), "参保给出后已进入新年度", "insurance given before the year", _since("medical_insurance", insurance_year)),
    Prepared("income_items", "in_due_quarter", BOOL, (), "属最近应录入的季度", "of the last quarter that ought to be in", in_due_quarter),
    Prepared("visits", "phone_of_cadre", BOOL, ("contact_phone", "mode"), "远程联系的是干部电话", "a cadre's phone was called", given("phone_of_cadre"), True, ("cadre_phones",)),
    Prepared("visits", "by_contact", BOOL, ("visitor",), "由帮扶联系人走访", "by the contact", by_contact),
    Prepared("visits", "entry_lag_days", INT, ("received_at", "visited_on"), "走访到录入的天数", "days from visit to entry", entry_lag_days),
    Prepared("visits", "bulk_visits", INT, ("visitor", "received_at", "visited_on"), "一小时内录入的走访数", "visits entered within the hour", given("bulk_visits"), True, ("bulk_visits",)),
    Prepared("visits", "bulk_visit_days", INT, ("visitor", "received_at", "visited_on"), "其走访日期数", "days of visiting among them", given("bulk_visit_days"), True, ("bulk_visits",)),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    ("households", "phone_fault"): _phone_fault_sql,
    ("households", "phone_households"): lambda around: Sql(
        "CASE WHEN t.phone IS NOT NULL THEN coalesce(sp.n, 1) END",
        ('LEFT JOIN "shared_phones" AS sp ON sp.phone = t.phone',),
    ),
    ("households", "phone_of_cadre"): _cadre_sql("phone"),
    ("households", "contact_is_member"): _contact_is_member_sql,
    ("households", "contact_households"): lambda around: Sql(
        "CASE WHEN t.contact IS NOT NULL THEN coalesce(cn.n, 1) END",
        ('LEFT JOIN "contacts" AS cn ON cn.contact = t.contact',),
    ),
    ("members", "phone_work_places"): lambda around: Sql(
        "CASE WHEN t.phone IS NOT NULL THEN coalesce(wp.n, 1) END",
        ('LEFT JOIN "work_phones" AS wp ON wp.phone = t.phone',),
    ),
    ("members", "labour_expired"): _labour_expired_sql,
    ("members", "school_expired"): _since_sql("school_stage", school_year),
    ("members", "insurance_expired"): _since_sql("medical_insurance", insurance_year),
    ("income_items", "in_due_quarter"): _in_due_quarter_sql,
    ("visits", "phone_of_cadre"): _cadre_sql("contact_phone", " AND t.mode = 'remote'"),
    ("visits", "by_contact"): _by_contact_sql,
    ("visits", "entry_lag_days"): lambda around: Sql("(CAST(t.received_at AS DATE) - t.visited_on)"),
    ("visits", "bulk_visits"): _bulk_sql("n"),
    ("visits", "bulk_visit_days"): _bulk_sql("days"),
}
LAYOUTS: Mapping[str, Layout] = {
    "shared_phones": _phones_layout, "contacts": _contacts_layout, "work_phones": _work_phones_layout,
    "cadre_phones": _cadre_layout, "bulk_visits": _bulk_layout,
}  # fmt: skip
