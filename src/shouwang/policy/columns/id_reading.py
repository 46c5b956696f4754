r"""How an identity number of the tables is read, in Python and in SQL: its bare characters, its 17 digits, its day.

A number is taken as it stands but for blanks around it and a small x. 17 digits are had from 18, 20 or 22 characters
that begin with them, and from 15 digits with 19 put before the year (GB 11643); else there is nothing to read.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from shouwang.policy.columns.base import Surroundings
from shouwang.tables.intake.idnumbers import CHECKS, WEIGHTS, check_character

BLANKS = " \t\r\n\u00a0\u3000"
LENGTHS = (18, 20, 22)
_DIGITS_15 = "[0-9]{15}"
_DIGITS_17 = "[0-9]{17}"
_PLAIN = "[0-9]{17}[0-9X]"
_FORM = f"{_DIGITS_15}|{_PLAIN}(?:[0-9]{{2}}(?s:..)?)?"


def bare(number: str) -> str:
    """The number without blanks around it, x as X."""
    return number.strip(BLANKS).replace("x", "X")


def well_formed(plain: str) -> bool:
    """15 digits, or 18, 20 or 22 characters: digits but for X in place 18 and anything in the last two of 22."""
    return re.fullmatch(_FORM, plain) is not None


def first_17(plain: str) -> str | None:
    """The 17 digits before the check character; None where there are none."""
    if re.fullmatch(_DIGITS_15, plain):
        return f"{plain[:6]}19{plain[6:]}"
    return plain[:17] if len(plain) in LENGTHS and re.fullmatch(_DIGITS_17, plain[:17]) else None


def born(digits: str) -> date | None:
    """The day in 17 digits; None where it is no date."""
    try:
        return date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return None


def person_key(number: str | None) -> str | None:
    """What stays the same whichever document a person shows: characters 1-18, of 15 digits the 18 they became."""
    plain = bare(number or "")
    digits = first_17(plain)
    if digits is None or not well_formed(plain):
        return None
    return digits + check_character(digits) if len(plain) == 15 else plain[:18]


def bare_sql(text: str) -> str:
    """:func:`bare` in SQL. Trimming is slow in DuckDB, so that a number that needs none is spared it."""
    return f"CASE WHEN regexp_full_match({text}, '{_PLAIN}') THEN {text} ELSE {_trimmed(text)} END"


def _trimmed(text: str) -> str:
    return f"replace(trim({text}, ' ' || chr(9) || chr(13) || chr(10) || chr(160) || chr(12288)), 'x', 'X')"


def first_17_sql(text: str) -> str:
    """:func:`first_17` of a number as it stands, in SQL."""
    return f"CASE WHEN regexp_full_match({text}, '{_PLAIN}') THEN left({text}, 17) ELSE {_odd_17(_trimmed(text))} END"


def _odd_17(plain: str) -> str:
    lengths = ", ".join(map(str, LENGTHS))
    return (
        f"(CASE WHEN regexp_full_match({plain}, '{_DIGITS_15}') THEN left({plain}, 6) || '19' || right({plain}, 9) "
        f"WHEN length({plain}) IN ({lengths}) AND regexp_full_match(left({plain}, 17), '{_DIGITS_17}') THEN left({plain}, 17) END)"
    )


def reading_sql(around: Surroundings) -> tuple[str, ...]:
    """Joins that read ``t.id_number`` once for all columns, none of which adds or drops a row.

    ``id_a.plain`` (18 characters as they should be), ``id_b.bare``, ``id_c.digits`` (17), ``id_d.place``, ``day`` and
    ``serial`` (numbers of 6, 8 and 3 digits), ``id_e.born``.
    """
    birth = around.column("members", "birth_date", kind="DATE")
    same_day = f"(year({birth}) * 10000 + month({birth}) * 100 + day({birth}) = id_d.day)"
    read = (
        f"regexp_full_match(t.id_number, '{_PLAIN}') AS plain",
        f"CASE WHEN id_a.plain THEN t.id_number ELSE {_trimmed('t.id_number')} END AS bare",
        f"CASE WHEN id_a.plain THEN left(id_b.bare, 17) ELSE {_odd_17('id_b.bare')} END AS digits",
        "TRY_CAST(left(id_c.digits, 6) AS INTEGER) AS place, TRY_CAST(substr(id_c.digits, 7, 8) AS INTEGER) AS day, "
        "TRY_CAST(right(id_c.digits, 3) AS INTEGER) AS serial",
        # a text is made into a date only where it is not the birth date anyway
        f"CASE WHEN {same_day} THEN {birth} WHEN id_d.day >= 10000 THEN TRY_CAST(substr(id_c.digits, 7, 4) || '-' || "
        "substr(id_c.digits, 11, 2) || '-' || substr(id_c.digits, 13, 2) AS DATE) END AS born",
    )
    return tuple(
        f"CROSS JOIN LATERAL (SELECT {chosen}) AS id_{letter}"
        for letter, chosen in zip("abcde", read, strict=True)
    )


def well_formed_sql(text: str) -> str:
    """:func:`well_formed` of bare characters in SQL."""
    return f"regexp_full_match({text}, '{_FORM}')"


def check_character_sql() -> str:
    """The check character of the 17 digits, from the numbers of ``id_d``.

    The weighted sum of the digits of x is that of x // 10ᵏ with other weights, digit k being x // 10ᵏ - 10 (x // 10ᵏ⁺¹);
    modulo 11, -10 is 1. So no digit has to be cut out.
    """
    terms = []
    for part, first, last in (("place", 0, 6), ("day", 6, 14), ("serial", 14, 17)):
        weights = [*reversed(WEIGHTS[first:last])]
        shifted = [weights[0], *((one + before) % 11 for before, one in pairwise(weights))]
        terms += [f"{weight} * (id_d.{part} // {10**k})" for k, weight in enumerate(shifted) if weight]
    return f"substr('{CHECKS}', ({' + '.join(terms)}) % 11 + 1, 1)"


def person_key_sql() -> str:
    """:func:`person_key` of ``t.id_number`` in SQL, over :func:`reading_sql`."""
    return (
        f"CASE WHEN id_a.plain THEN id_b.bare WHEN NOT {well_formed_sql('id_b.bare')} THEN NULL "
        f"WHEN length(id_b.bare) = 15 THEN id_c.digits || {check_character_sql()} ELSE left(id_b.bare, 18) END"
    )
