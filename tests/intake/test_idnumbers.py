"""Identity numbers: what can be mended is mended, what is doubtful is kept out, and nothing wrong gets in."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.tables.intake.idnumbers import birth_date, check_character, masked, read_id, sex_of, zeros_lost

ON = date(2024, 9, 1)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    year = draw(st.integers(1930, 2023))
    first = f"500199{year}{draw(st.integers(1, 12)):02}{draw(st.sampled_from(('03', '13', '23')))}"
    first += f"{draw(st.integers(0, 999)):03}"
    return first + check_character(first)


MENDABLE = (
    lambda n: n,
    lambda n: n.lower(),
    lambda n: "".join(chr(ord(c) + 0xFEE0) for c in n),
    lambda n: f"\u00a0{n}\u3000",
    lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
    lambda n: f"'{n}",
    lambda n: f"‘{n}",
    lambda n: f'"{n}"',
    lambda n: f"{n[:6]}-{n[6:14]}-{n[14:]}",
    lambda n: f"\u200b{n}\ufeff",
    lambda n: f'="{n}"',
)


@pytest.mark.req("REG-3", "REG-6")
@given(numbers(), st.sampled_from(range(len(MENDABLE))))
@settings(max_examples=600, deadline=None)
def test_mendable_numbers_are_mended_exactly(number: str, way: int) -> None:
    reading = read_id(MENDABLE[way](number), ON, zeros_doubtful=False)
    assert (reading.status, reading.number) == ("accepted", number)


@pytest.mark.req("REG-3", "REG-6")
@given(
    numbers(),
    st.sampled_from(("float", "int", "exponent", "float_text", "short", "long", "digit")),
    st.data(),
)
@settings(max_examples=600, deadline=None)
def test_no_damaged_number_is_stored(number: str, damage: str, data: st.DataObject) -> None:
    digits = number.replace("X", "1")
    place = data.draw(st.integers(0, 16))
    wrong = str((int(number[place]) + data.draw(st.integers(1, 9))) % 10)
    damaged = {
        "float": float(digits),
        "int": int(digits),
        "exponent": f"{float(digits):.{data.draw(st.integers(2, 14))}E}",
        "float_text": digits[:15] + "000",
        "short": number[:place] + number[place + 1 :],
        "long": number[:place] + "0" + number[place:],
        "digit": number[:place] + wrong + number[place + 1 :],
    }[damage]
    assert read_id(damaged, ON).status == "quarantined"


@pytest.mark.req("REG-3")
@given(numbers())
def test_fifteen_digits_get_their_century(number: str) -> None:
    if number[6:8] != "19":
        return
    old = number[:6] + number[8:17]
    assert read_id(old, ON).number == number
    assert read_id(int(old), ON).number == number


@pytest.mark.req("REG-3")
@given(numbers(), st.integers(1, 7), st.integers(1, 4))
def test_a_disability_certificate_begins_with_the_number(number: str, kind: int, level: int) -> None:
    reading = read_id(f" {number}{kind}{level}", ON)
    assert (reading.number, reading.level, reading.certificate) == (number, level, f"{number}{kind}{level}")
    assert read_id(f"{number}{kind}{level}B1", ON).number == number


@pytest.mark.req("REG-3")
@pytest.mark.parametrize("word", ["未办证", "未上户", "办理中", "不详", "新生儿未办理"])
def test_words_are_no_number(word: str) -> None:
    assert read_id(word, ON).status == "words"


@pytest.mark.req("REG-3")
@pytest.mark.parametrize("value", [None, "", "  ", "——", "/", "无"])
def test_empty_is_missing(value: str | None) -> None:
    assert read_id(value, ON).status == "missing"


@pytest.mark.req("REG-3")
@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("500199196513235992", "date"),
        ("500199203001030013", "date"),
        ("500199201504134767", "check"),
        ("50019920202035169", "length"),
        ("5.00199E+17", "exponent"),
        ("50019919850403867O", "characters"),
        ("E12345678", "length"),
    ],
)
def test_the_reason_is_told(text: str, how: str) -> None:
    reading = read_id(text, ON)
    assert (reading.status, reading.how) == ("quarantined", how)


@pytest.mark.req("REG-3")
def test_zeros_at_the_end_are_doubted_only_where_the_column_is_damaged() -> None:
    true_one = "500199199505034000"
    others = [f"50019919800303{n:03}" for n in range(10, 40)]
    sound = [first + check_character(first) for first in others]
    assert not zeros_lost([true_one, *sound])
    assert zeros_lost([true_one])
    assert zeros_lost([true_one, "500199198003034000", *sound])


@pytest.mark.req("REG-3")
def test_birthday_and_sex_come_from_the_number() -> None:
    assert birth_date("500199198504038670") == date(1985, 4, 3)
    assert sex_of("500199198504038670") == "male"


@pytest.mark.req("SEC-1")
def test_masks() -> None:
    assert masked("500199198504038670") == "500*************70"
    assert masked("19900001234") == "199****1234"
    assert masked("见附件") == "见附件"
