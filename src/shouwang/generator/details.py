"""What goes beyond the registry: answers and photos of visits, when facts were given, the national system's and the
departments' lists. Laid out in a database in which all tables stand, so that neighbours can be compared.

Everything is in order here; :mod:`shouwang.generator.spoiling` and :mod:`shouwang.generator.listing` plant the faults.
"""

from __future__ import annotations

from datetime import date

import duckdb

from shouwang.generator import people

TABLES = ("answers", "photos", "given", "lists", "listed", "national_households", "national_members")
FLAGS = ("school_dropout", "uninsured_member", "housing_unsafe", "water_unsafe")
_OF_CLASS = ("wage", "property", "transfer", "production", "expense")
_SPENT = {
    "food_expense": (3000, 18000),
    "living_expense": (900, 6000),
    "phone_expense": (300, 990),
    "power_expense": (200, 990),
    "fuel_expense": (100, 950),
}
LISTS = (
    "civil_affairs",
    "medical_insurance",
    "health",
    "disability",
    "education",
    "housing",
    "water",
    "deceased",
    "moved_out",
)  # fmt: skip


def lay_out(connection: duckdb.DuckDBPyConnection, seed: int, on: date) -> None:
    """Creates answers, photos and when facts were given beside the tables of the registry."""
    for query in (_latest(), _answers(seed), _photos(seed), _given(on)):
        connection.execute(query)


def lay_out_lists(connection: duckdb.DuckDBPyConnection, on: date) -> None:
    """Creates the lists of others, which say what the registry says."""
    for query in (_national_households(on), _national_members()):
        connection.execute(query)
    _lists(connection, on)


def _latest() -> str:
    return """
        CREATE TABLE latest AS SELECT v.*, h.area_code, right(h.household_id, 4)::INTEGER - 1 AS k
        FROM visits v JOIN households h USING (household_id)
        QUALIFY row_number() OVER (PARTITION BY v.household_id ORDER BY visited_on DESC, received_at DESC, visit_id DESC) = 1"""


def _answers(seed: int) -> str:
    """Four yes/no questions as the registry has them, two on which neighbours differ, and ten amounts."""
    flags = " ".join(
        f"UNION ALL SELECT visit_id, household_id, {at} AS place, '{flag}' AS question, "
        f"CASE WHEN {flag} THEN 'yes' ELSE 'no' END AS answer FROM l WHERE {flag} IS NOT NULL"
        for at, flag in enumerate(FLAGS)
    )
    sums = " ".join(
        f"UNION ALL SELECT visit_id, household_id, {10 + at}, '{name}', coalesce({name}, 0)::BIGINT::VARCHAR FROM l"
        for at, name in enumerate(_OF_CLASS)
    )
    spent = " ".join(
        f"UNION ALL SELECT visit_id, household_id, {20 + at}, '{name}', "
        f"({low} + hash(household_id, '{name}/{seed}') % {high - low})::VARCHAR FROM l"
        for at, (name, (low, high)) in enumerate(_SPENT.items())
    )
    classes = ", ".join(
        f"sum(amount) FILTER (kind LIKE '{name}.%' AND realised) AS {name}" for name in _OF_CLASS
    )
    chosen = ", ".join(f"h.{flag}" for flag in FLAGS)
    return f"""
        CREATE TABLE answers AS
        WITH sums AS (SELECT household_id, {classes} FROM income_items GROUP BY household_id),
        l AS (SELECT l.visit_id, l.household_id, l.k, {chosen}, s.* EXCLUDE household_id
              FROM latest l JOIN households h USING (household_id) LEFT JOIN sums s ON s.household_id = l.household_id)
        SELECT visit_id, household_id, question, answer, false AS prefilled FROM (
            SELECT visit_id, household_id, 8 AS place, 'land_contract' AS question, CASE WHEN k % 2 = 0 THEN 'yes' ELSE 'no' END AS answer FROM l
            UNION ALL SELECT visit_id, household_id, 9, 'knows_contact', CASE WHEN k // 2 % 2 = 0 THEN 'yes' ELSE 'no' END FROM l
            {flags} {sums} {spent}) ORDER BY visit_id, place"""


def _photos(seed: int) -> str:
    return f"""
        CREATE TABLE photos AS SELECT visit_id, household_id, md5(visit_id || '/{seed}') AS photo_hash
        FROM latest WHERE mode = 'in_person' ORDER BY visit_id"""


def _given(on: date) -> str:
    """The four questions as of the latest visit; three facts of the members of lifted and monitored households."""
    flags = ", ".join(f"'{flag}'" for flag in FLAGS)
    birthdays = ", ".join(
        f"CASE WHEN {_birthday(age)} <= DATE '{on}' THEN {_birthday(age)} END" for age in (16, 61)
    )
    school = f"DATE '{date(on.year if on >= date(on.year, 9, 1) else on.year - 1, 9, 1)}'"
    told = f"(DATE '{on}' - 40)"
    return f"""
        CREATE TABLE given AS
        SELECT household_id, NULL::VARCHAR AS member_id, column_name, visited_on AS given_on, visit_id AS origin
        FROM latest, (SELECT unnest([{flags}]) AS column_name)
        UNION ALL
        SELECT household_id, member_id, column_name, given_on, '花名册' FROM (
            SELECT household_id, member_id, 'labour_capacity' AS column_name, greatest({told}, {birthdays}) AS given_on
            FROM members WHERE labour_capacity IS NOT NULL
            UNION ALL SELECT household_id, member_id, 'medical_insurance', greatest({told}, DATE '{on.year}-01-01') FROM members
            UNION ALL SELECT household_id, member_id, 'school_stage', greatest({told}, {school}) FROM members WHERE in_school)
        WHERE household_id IN (SELECT household_id FROM households WHERE {_WATCHED})
        ORDER BY household_id, member_id NULLS FIRST, column_name"""


_WATCHED = "(household_type = 'lifted' OR monitoring_status <> 'none')"


def _birthday(age: int) -> str:
    return f"(birth_date + INTERVAL {age} YEAR)::DATE"


def _national_households(on: date) -> str:
    return f"""
        CREATE TABLE national_households AS
        SELECT 'N' || h.household_id AS national_id, h.household_id, h.area_code, h.head_name, h.household_type,
               h.monitoring_status, h.monitoring_type, date_trunc('month', h.identified_on)::DATE AS identified_on,
               date_trunc('month', h.resolved_on)::DATE AS resolved_on, c.risks, m.people, {on.year - 1}::INTEGER AS income_year,
               h.income_per_capita_last_year AS net_income_per_capita, h.phone, h.group_name
        FROM households h JOIN (SELECT household_id, count(*)::INTEGER AS people FROM members GROUP BY 1) m USING (household_id)
             LEFT JOIN (SELECT household_id, any_value(risks) AS risks FROM cases GROUP BY 1) c ON c.household_id = h.household_id
        WHERE {_WATCHED.replace("household_type", "h.household_type").replace("monitoring_status", "h.monitoring_status")}
        ORDER BY h.household_id"""


def _national_members() -> str:
    return """
        CREATE TABLE national_members AS
        SELECT 'N' || m.member_id AS national_member_id, n.national_id, m.household_id, m.member_id, m.name, m.id_number,
               m.sex, m.relation, m.labour_capacity
        FROM members m JOIN national_households n USING (household_id) ORDER BY m.member_id"""


def _lists(connection: duckdb.DuckDBPyConnection, on: date) -> None:
    """One list of every department, ten days old; what it says is what the registry says."""
    from shouwang.tables.dictionary import TABLES as DICTIONARY

    complete = ", true AS complete" if "complete" in DICTIONARY["lists"].by_name else ""
    names = ", ".join(f"'{name}'" for name in LISTS)
    connection.execute(
        f"CREATE TABLE lists AS SELECT 'L-' || source AS list_id, source, (SELECT min(area_code)[:6] || '000000' FROM households) AS area_code, "
        f"DATE '{on}' - 10 AS received_on{complete} FROM (SELECT unnest([{names}]) AS source)"
    )
    lately = f"received_on BETWEEN DATE '{on}' - 60 AND DATE '{on}' AND realised"
    parts = [
        _rows("civil_affairs", "right(i.kind, 5)", f"(SELECT DISTINCT member_id, kind FROM income_items WHERE kind IN "
              f"('transfer.dibao', 'transfer.tekun') AND {lately}) i JOIN members m USING (member_id)"),
        _rows("disability", "'disability_level'", "members m WHERE disability_level > 0", level="disability_level"),
        _rows("health", "'serious_illness'", "members m WHERE serious_illness"),
        _rows("medical_insurance", "'medical_insurance'", "members m WHERE NOT medical_insurance", holds="false"),
        _rows("education", "'in_school'", "members m WHERE in_school AND school_stage IN ('primary', 'junior')"),
        *(_rows(source, f"'{source}_unsafe'", f"members m JOIN households h USING (household_id) WHERE h.{source}_unsafe AND m.member_id = h.household_id || '01'")
          for source in ("housing", "water")),
    ]  # fmt: skip
    connection.execute(f"""
        CREATE TABLE listed AS
        SELECT 'L-' || source || '-' || lpad((row_number() OVER (PARTITION BY source ORDER BY member_id, kind))::VARCHAR, 6, '0') AS listed_id, *
        FROM (SELECT list_id, id_number, name, area_code, household_id, member_id, match, kind, holds, level, event_on, source
              FROM ({" UNION ALL ".join(parts)})
              QUALIFY row_number() OVER (PARTITION BY list_id, kind, coalesce(id_number, member_id) ORDER BY member_id) = 1)
        ORDER BY list_id, listed_id""")
    connection.execute("ALTER TABLE listed DROP COLUMN source")


def _rows(
    source: str, kind: str, people_of: str, *, holds: str = "true", level: str = "NULL::INTEGER"
) -> str:
    return (
        f"SELECT 'L-{source}' AS list_id, m.id_number, m.name, m.household_id[:12] AS area_code, m.household_id, m.member_id, "
        f"'confirmed' AS match, {kind} AS kind, {holds} AS holds, {level} AS level, NULL::DATE AS event_on, '{source}' AS source FROM {people_of}"
    )


def invented_number(number: int) -> str:
    """An identity number of somebody who is in no household: born in 1900, so nobody of the registry has it."""
    first = f"{people.PREFIX}1900{1 + number // 500 % 12:02d}{1 + number // 6000 % 28:02d}{number % 500:03d}"
    return first + people.check_character(first)
