"""Prepared columns about identity numbers and certificates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from shouwang.policy.builtins import years_between
from shouwang.policy.columns import id_reading
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
)
from shouwang.policy.types import BOOL, DATE, INT, TEXT, Type
from shouwang.tables.intake.idnumbers import check_character


def id_placeholder(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether the number is one of those that systems give to who has none: 999999…"""
    number = row.get("id_number")
    return None if number is None else number.startswith("999999")


def id_masked(row: Row, tables: Tables, context: Context) -> str | None:
    """The number as people may see it on a screen: the first six and the last characters."""
    number = row.get("id_number")
    return None if number is None else f"{number[:6]}********{number[-2:]}"


def _of_bare(read: Callable[[str], Any]) -> WorkOut:
    """What the bare number says; unknown without a number."""

    def work_out(row: Row, tables: Tables, context: Context) -> Any:
        number = row.get("id_number")
        return None if number is None else read(id_reading.bare(number))

    return work_out


def _of_digits(read: Callable[[str, Context], Any]) -> WorkOut:
    """What the 17 digits say; unknown where there are none."""

    def work_out(row: Row, tables: Tables, context: Context) -> Any:
        digits = id_reading.first_17(id_reading.bare(row.get("id_number") or ""))
        return None if digits is None else read(digits, context)

    return work_out


def id_check_fits(plain: str) -> bool | None:
    """Whether character 18 is the check character of the 17 digits before it; unknown for 15 digits."""
    digits = id_reading.first_17(plain)
    return None if digits is None or len(plain) == 15 else plain[17] == check_character(digits)


def id_years_back(digits: str, context: Context) -> int | None:
    """How many years ago the day in the number is, a begun year counted; 0 for the day itself and later days."""
    birth = id_reading.born(digits)
    if birth is None:
        return None
    years = years_between(birth, context.on - timedelta(days=1))
    return 0 if years is None else years + 1


def _certificates(row: Row) -> list[str]:
    """The certificates of a member, bare: the one given, and the identity number where it is one."""
    listed = [
        id_reading.bare(row[name])
        for name in ("disability_certificate", "id_number")
        if row.get(name) is not None
    ]
    given_one = row.get("disability_certificate") is not None
    return [text for at, text in enumerate(listed) if (given_one and at == 0) or len(text) in (20, 22)]


def certificate_malformed(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether a certificate has another length than 20 or 22, a kind that is not 1-7 or a level that is not 1-4."""
    found = _certificates(row)
    if not found:
        return None
    return any(
        len(text) not in (20, 22) or text[18] not in "1234567" or text[19] not in "1234" for text in found
    )


def certificate_of_another(row: Row, tables: Tables, context: Context) -> bool | None:
    """Whether the certificate begins with another number than the member's; unknown without either."""
    certificate, key = row.get("disability_certificate"), id_reading.person_key(row.get("id_number"))
    return None if certificate is None or key is None else id_reading.bare(certificate)[:18] != key


def certificate_level(row: Row, tables: Tables, context: Context) -> int | None:
    """The level that the certificate says (character 20); unknown where it is not 1-4."""
    levels = [text[19:20] for text in _certificates(row)[:1]]
    return int(levels[0]) if levels and levels[0] in ("1", "2", "3", "4") else None


def _read(expression: str) -> Builder:
    """An expression over what :func:`id_reading.reading_sql` reads."""
    return lambda around: Sql(expression, id_reading.reading_sql(around))


def _years_back_sql(around: Surroundings) -> Sql:
    before = around.on - timedelta(days=1)
    years = f"1 + ({_as_number(before)} - id_d.day) // 10000"
    return Sql(
        f"CASE WHEN id_e.born < {around.day} THEN {years} WHEN id_e.born IS NOT NULL THEN 0 END",
        id_reading.reading_sql(around),
    )


def _as_number(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


def _certificate(around: Surroundings) -> str:
    return id_reading.bare_sql(around.column("members", "disability_certificate"))


def _malformed_sql(around: Surroundings) -> Sql:
    given_one = around.column("members", "disability_certificate")
    first = f"CASE WHEN {given_one} IS NOT NULL THEN {_is_malformed(_certificate(around))} END"
    second = f"CASE WHEN length(id_b.bare) IN (20, 22) THEN {_is_malformed('id_b.bare')} END"
    joins = id_reading.reading_sql(around)
    return Sql(f"CASE WHEN {first} THEN true ELSE coalesce({second}, {first}) END", joins)


def _is_malformed(text: str) -> str:
    return (
        f"(length({text}) NOT IN (20, 22) OR substr({text}, 19, 1) NOT BETWEEN '1' AND '7' "
        f"OR substr({text}, 20, 1) NOT BETWEEN '1' AND '4')"
    )


def _another_sql(around: Surroundings) -> Sql:
    given_one = around.column("members", "disability_certificate")
    differs = f"left({_certificate(around)}, 18) <> {id_reading.person_key_sql()}"
    return Sql(f"CASE WHEN {given_one} IS NOT NULL THEN {differs} END", id_reading.reading_sql(around))


def _level_sql(around: Surroundings) -> Sql:
    given_one = around.column("members", "disability_certificate")
    text = (
        f"CASE WHEN {given_one} IS NOT NULL THEN {_certificate(around)} "
        "WHEN length(id_b.bare) IN (20, 22) THEN id_b.bare END"
    )
    level = f"substr({text}, 20, 1)"
    return Sql(
        f"CASE WHEN {level} IN ('1', '2', '3', '4') THEN TRY_CAST({level} AS INTEGER) END",
        id_reading.reading_sql(around),
    )


def _shared_numbers(around: Surroundings) -> str:
    """Numbers whose person key several members have: as written, how many members, the first and last of them.

    The 17 digits as one whole number find who is to be looked at; only they are compared as texts.
    """
    if not around.has("members", "id_number", "member_id"):
        return "SELECT NULL::VARCHAR AS id_number, 0 AS members, NULL::VARCHAR AS low, NULL::VARCHAR AS high WHERE false"
    here = "true"
    if around.has("members", "left_on"):
        here = f"(left_on IS NULL OR left_on > {around.day})"
    members, joins = around.relations["members"], " ".join(id_reading.reading_sql(around))
    number = f"TRY_CAST({id_reading.first_17_sql('id_number')} AS BIGINT)"
    real = f"{here} AND NOT starts_with(id_number, '999999')"
    return f"""
        WITH twice AS (SELECT {number} AS number FROM {members} WHERE {real} GROUP BY 1 HAVING count(*) > 1),
        looked_at AS (SELECT * FROM {members} WHERE {real} AND {number} IN (SELECT number FROM twice)),
        keyed AS (
            SELECT t.id_number, t.household_id, {id_reading.person_key_sql()} AS key FROM looked_at AS t {joins}),
        shared AS (
            SELECT key, CAST(count(*) AS INTEGER) AS members, min(household_id) AS low, max(household_id) AS high
            FROM keyed WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1)
        SELECT DISTINCT id_number, members, low, high FROM keyed JOIN shared USING (key)"""


_SHARED = 'LEFT JOIN "shared_numbers" AS sn ON sn.id_number = t.id_number'
_SEX = Type("text", codes="sex")


def _same_person_sql(around: Surroundings) -> Sql:
    return Sql("CASE WHEN t.id_number IS NOT NULL THEN coalesce(sn.members - 1, 0) END", (_SHARED,))


def _same_person_at_sql(around: Surroundings) -> Sql:
    return Sql("CASE WHEN sn.low = t.household_id THEN sn.high ELSE sn.low END", (_SHARED,))


COLUMNS: tuple[Prepared, ...] = (
    Prepared("members", "id_placeholder", BOOL, ("id_number",), "证件号码是占位号", "placeholder instead of a number", id_placeholder),
    Prepared("members", "id_masked", TEXT, ("id_number",), "证件号码（遮盖）", "identity number, masked", id_masked),
    Prepared("members", "id_length", INT, ("id_number",), "证件号码位数（去空格）", "length of the number, trimmed", _of_bare(len)),
    Prepared("members", "id_well_formed", BOOL, ("id_number",), "证件号码位数和字符对", "length and characters are right",
             _of_bare(id_reading.well_formed)),
    Prepared("members", "id_check_fits", BOOL, ("id_number",), "证件号码校验位相符", "the check character fits", _of_bare(id_check_fits)),
    Prepared("members", "id_dated", BOOL, ("id_number",), "证件号码里有日期", "the number holds a date",
             _of_digits(lambda digits, context: id_reading.born(digits) is not None)),
    Prepared("members", "id_birth_date", DATE, ("id_number",), "证件号码里的出生日期", "birth date in the number",
             _of_digits(lambda digits, context: id_reading.born(digits))),
    Prepared("members", "id_years_back", INT, ("id_number",), "证件号码里的日期距今年数（不满一年按一年）", "years since the date in the number, a begun one counted",
             _of_digits(id_years_back)),
    Prepared("members", "id_sex", _SEX, ("id_number",), "证件号码里的性别", "sex in the number",
             _of_digits(lambda digits, context: "male" if int(digits[16]) % 2 else "female")),
    Prepared("members", "same_person", INT, ("id_number", "member_id"), "证件号码相同的其他成员数", "other members with the same number",
             given("same_person"), neighbours=True, layouts=("shared_numbers",)),
    Prepared("members", "same_person_at", TEXT, ("id_number", "member_id"), "证件号码相同的成员所在户", "household of the member with the same number",
             given("same_person_at"), neighbours=True, layouts=("shared_numbers",)),
    Prepared("members", "certificate_malformed", BOOL, ("id_number",), "残疾人证号位数、类别或等级位不对", "certificate of another length, kind or level",
             certificate_malformed),
    Prepared("members", "certificate_of_another", BOOL, ("id_number", "disability_certificate"), "残疾人证号不是本人号码", "certificate of another person",
             certificate_of_another),
    Prepared("members", "certificate_level", INT, ("id_number",), "残疾人证上的等级", "level on the certificate", certificate_level),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    ("members", "id_placeholder"): lambda around: Sql("starts_with(t.id_number, '999999')"),
    ("members", "id_masked"): lambda around: Sql(
        "(left(t.id_number, 6) || '********' || right(t.id_number, 2))"
    ),
    ("members", "id_length"): _read("CAST(length(id_b.bare) AS INTEGER)"),
    ("members", "id_well_formed"): _read(
        f"CASE WHEN id_a.plain THEN true ELSE {id_reading.well_formed_sql('id_b.bare')} END"
    ),
    ("members", "id_check_fits"): _read(
        f"CASE WHEN id_c.digits IS NOT NULL AND length(id_b.bare) <> 15 THEN substr(id_b.bare, 18, 1) = {id_reading.check_character_sql()} END"
    ),
    ("members", "id_dated"): _read("CASE WHEN id_c.digits IS NOT NULL THEN id_e.born IS NOT NULL END"),
    ("members", "id_birth_date"): _read("id_e.born"),
    ("members", "id_years_back"): _years_back_sql,
    ("members", "id_sex"): _read("CASE id_d.serial % 2 WHEN 1 THEN 'male' WHEN 0 THEN 'female' END"),
    ("members", "same_person"): _same_person_sql,
    ("members", "same_person_at"): _same_person_at_sql,
    ("members", "certificate_malformed"): _malformed_sql,
    ("members", "certificate_of_another"): _another_sql,
    ("members", "certificate_level"): _level_sql,
}
LAYOUTS: Mapping[str, Layout] = {"shared_numbers": _shared_numbers}
