"""Identity numbers: the same reading in Python and in DuckDB of whatever is written, and who shares a number with whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.policy.columns import id_reading, identity
from shouwang.tables.intake.idnumbers import check_character
from tests.quality.given_rows import GivenRows, Row

ON = date(2024, 9, 5)
OWN = [column.name for column in identity.COLUMNS if not column.neighbours]
RUBBISH = ("", " ", "x", "X", "无", "999999", "9999991990", "-", "1e16", "0000000000001e16", "+5001991970030200", "５００１９９１９７００３０２００１２",
           "500199197003020012\u200b", "\u3000", "\n", "🙂" * 18, "5001991970030200" + "🙂" * 2, "'; drop", "0" * 15, "0" * 18, "9" * 22, "1" * 400)  # fmt: skip


def number_of(day: str, serial: int) -> str:
    """A number of invented people with its check character."""
    first = f"500199{day}{serial:03}"
    return first + check_character(first)


def written(random: Random) -> str | None:
    """A number as somebody may have written it: right, old, a certificate, with a mistake, or no number at all."""
    born = random.choice(
        [f"{random.randint(1900, 2026)}{random.randint(1, 13):02}{random.randint(0, 32):02}", "19140904", "19140905", "20240905", "20240906",
         "20240229", "19000229", "00000101", "00010101", "99991231"])  # fmt: skip
    number = number_of(born, random.randint(0, 999))
    ways = (
        lambda: number,
        lambda: number[:6] + number[8:17],
        lambda: f" {number}\u3000",
        lambda: f"\t{number.lower()}\r\n",
        lambda: number + random.choice("0123456789") + random.choice("0123456789x"),
        lambda: (
            number
            + random.choice("1234567")
            + random.choice("1234")
            + random.choice(("B1", "b\n", "🙂x", "XX"))
        ),
        lambda: number[: random.randint(0, 18)],
        lambda: number[:17] + random.choice("0123456789Xx*"),
        lambda: number[: (cut := random.randint(0, 17))] + random.choice("aX 0-") + number[cut + 1 :],
        lambda: random.choice(RUBBISH),
        lambda: None,
    )
    return random.choice(ways)()


def member(random: Random, place: int) -> Row:
    number = written(random)
    certificate = random.choice(
        (None, None, written(random), f"{number}43", f"{(number or '')[:18]}{random.randint(0, 99):02}")
    )
    digits = id_reading.first_17(id_reading.bare(number or ""))
    own = id_reading.born(digits) if digits else None
    return {
        "member_id": f"m{place}", "household_id": f"h{place % 9}", "id_number": number, "disability_certificate": certificate,
        "birth_date": random.choice((None, own, own, ON, ON - timedelta(days=random.randint(-400, 40000)))),
    }  # fmt: skip


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize("lacking", [(), ("disability_certificate",), ("birth_date",)])
@pytest.mark.parametrize("on", [ON, date(2024, 2, 29), date(2025, 3, 1)], ids=str)
def test_both_backends_read_numbers_alike(on: date, lacking: Sequence[str]) -> None:
    random = Random(f"{on}{lacking}")
    rows = [member(random, place) for place in range(1500)]
    assert GivenRows(on, {"members": rows}, lacking={"members": lacking}).differing("members", OWN) == {}


@pytest.mark.req("QLT-1")
def test_every_answer_comes_up_in_the_comparison() -> None:
    random = Random(1)
    rows = GivenRows(ON, {"members": [member(random, place) for place in range(1500)]})
    for name in OWN:
        found = set(rows.by_python("members", name))
        assert None in found
        assert len(found) > (2 if name not in ("id_birth_date", "id_masked") else 50), name


@pytest.mark.req("QLT-1")
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.text(max_size=24) | st.text("0123456789Xx \u3000", min_size=13, max_size=23),
        min_size=1,
        max_size=150,
    )
)
def test_no_text_makes_them_differ(texts: list[str]) -> None:
    texts = [text for text in texts if "\x00" not in text and text.isprintable()]
    rows: list[Row] = [
        {
            "member_id": f"m{place}",
            "household_id": "h",
            "id_number": text,
            "disability_certificate": texts[-place - 1],
        }
        for place, text in enumerate(texts)
    ]
    assert GivenRows(ON, {"members": rows}).differing("members", OWN) == {}


@pytest.mark.req("QLT-1")
def test_the_check_character_is_that_of_the_intake_for_every_digit_in_every_place() -> None:
    numbers = ["1" * place + str(digit) + "1" * (16 - place) for place in range(17) for digit in range(10)]
    numbers += ["9" * 17, "0" * 17]
    rows = [
        {"member_id": f"{number}{last}", "household_id": "h", "id_number": number + last}
        for number in numbers for last in "0123456789X"
    ]  # fmt: skip
    fits = GivenRows(ON, {"members": rows}).by_duckdb("members", "id_check_fits")
    assert fits == [row["id_number"][17] == check_character(row["id_number"][:17]) for row in rows]
    assert sum(map(bool, fits)) == len(numbers)


def shared_by_hand(rows: Sequence[Row], on: date) -> list[int | None]:
    """For each member how many other present ones have the same person key, by comparing keys one by one."""

    def key(row: Row) -> str | None:
        real = row["id_number"] is not None and not row["id_number"].startswith("999999")
        return id_reading.person_key(row["id_number"]) if real else None

    here = [row for row in rows if row["left_on"] is None or row["left_on"] > on]
    counts = Counter(key(row) for row in here)
    return [
        None if row["id_number"] is None else 0 if key(row) is None else max(counts[key(row)] - 1, 0)
        for row in rows
    ]


@pytest.mark.req("QLT-1", "REG-3")
@pytest.mark.parametrize("seed", range(5))
def test_shared_numbers_are_those_found_by_hand(seed: int) -> None:
    random = Random(seed)
    people = [number_of(f"19{year}0302", serial) for year in (60, 70, 80) for serial in range(1, 6)]
    rows: list[Row] = []
    for place in range(120):
        number = random.choice(people)
        ways = (number, number, number[:6] + number[8:17], f"{number}42", f"{number}42B1", f" {number} ", number.lower(), number[:17],
                number[:17] + "0", "999999197003020012", None)  # fmt: skip
        rows.append({
            "member_id": f"m{place:03}", "household_id": f"h{place // 3:03}", "id_number": random.choice(ways),
            "left_on": random.choice((None, None, None, ON, ON + timedelta(days=1))),
        })  # fmt: skip
    given_rows = GivenRows(ON, {"members": rows})
    by_hand = shared_by_hand(rows, ON)
    found = given_rows.by_duckdb("members", "same_person")
    present = [row["left_on"] is None or row["left_on"] > ON for row in rows]
    # who has left may stand with the number that those have who are here; no rule looks at them
    assert [n for n, here in zip(found, present, strict=True) if here] == [
        n for n, here in zip(by_hand, present, strict=True) if here
    ]
    assert {0, None} < set(by_hand)
    for row, others, at in zip(rows, found, given_rows.by_duckdb("members", "same_person_at"), strict=True):
        assert (at is not None) == bool(others)
        if others and at != row["household_id"]:
            assert id_reading.person_key(row["id_number"]) in {
                id_reading.person_key(other["id_number"]) for other in rows if other["household_id"] == at
            }


@pytest.mark.req("QLT-1")
def test_numbers_are_not_shared_where_columns_are_missing() -> None:
    rows = [
        {"member_id": f"m{place}", "household_id": f"h{place}", "id_number": number_of("19700302", 1)}
        for place in range(2)
    ]
    assert GivenRows(ON, {"members": rows}, lacking={"members": ["left_on"]}).by_duckdb(
        "members", "same_person"
    ) == [1, 1]
    lacking = GivenRows(ON, {"members": rows}, lacking={"members": ["id_number"]})
    assert identity.LAYOUTS["shared_numbers"](lacking.around).endswith("WHERE false")
