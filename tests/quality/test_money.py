"""Single items and the income at identification: the same in Python and in DuckDB; twins found whatever their number."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shouwang.policy.columns import money
from shouwang.policy.columns.work import words_of
from shouwang.policy.loading import load
from shouwang.policy.parameters import resolve
from tests.quality.item_rows import Crowd, context_on

COLUMNS = [(column.table, column.name) for column in money.COLUMNS]
ON = date(2024, 9, 5)
LACKING: list[dict[str, tuple[str, ...]]] = [
    {},
    {"income_items": ("*",)},
    {"members": ("*",)},
    {"income_items": ("member_id", "note", "realised")},
    {"income_items": ("received_on",)},
    {"income_items": ("kind", "amount")},
    {"households": ("identified_on",)},
]


@pytest.mark.req("QLT-1", "INC-3")
@pytest.mark.parametrize("lacking", LACKING, ids=str)
def test_the_columns_are_the_same_on_both_backends(lacking: dict[str, tuple[str, ...]]) -> None:
    assert Crowd(ON, seed=3, lacking=lacking).differing(COLUMNS) == {}


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize("on", [date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1)], ids=str)
def test_they_are_on_other_days(on: date) -> None:
    assert Crowd(on, seed=on.toordinal()).differing(COLUMNS) == {}


@pytest.mark.req("QLT-1")
def test_every_value_comes_up_in_the_comparison() -> None:
    crowd = Crowd(ON, seed=4)
    for table, name in COLUMNS:
        assert len(set(crowd.by_python(table, name))) > 2, name


@pytest.mark.req("QLT-1")
def test_every_set_of_equal_items_leaves_one_that_has_no_twin() -> None:
    crowd = Crowd(ON, seed=5, size=600)
    sets: dict[tuple[Any, ...], list[tuple[str, str | None]]] = defaultdict(list)
    for row, twin in zip(
        crowd.rows("income_items"), crowd.by_duckdb("income_items", "twin_item"), strict=True
    ):
        key = tuple(row[name] for name in ("household_id", "member_id", "kind", "amount", "received_on"))
        if None in key[2:]:
            assert twin is None
        else:
            sets[key].append((row["item_id"], twin))
    assert max(map(len, sets.values())) > 1
    for rows in sets.values():
        first = min(number for number, _twin in rows)
        assert dict(rows) == {number: None if number == first else first for number, _twin in rows}


def identified(on: date, *items: tuple[str, str, date]) -> Decimal | None:
    """The income at identification of a household with these items (kind, amount, day)."""
    context = context_on(ON)
    rows = [{"kind": kind, "amount": Decimal(amount), "received_on": day} for kind, amount, day in items]
    return money.income_when_identified({"identified_on": on}, {"income_items": rows}, context)


@pytest.mark.req("QLT-1", "INC-3")
def test_income_at_identification_is_of_the_12_months_before() -> None:
    day = date(2024, 2, 29)
    assert identified(day, ("wage.in_county", "5", date(2023, 2, 28))) is None
    assert identified(day, ("wage.in_county", "5", date(2023, 3, 1))) == Decimal(5)
    assert identified(
        day, ("wage.in_county", "5", day), ("transfer.dibao", "3", date(2024, 3, 1))
    ) == Decimal(5)
    assert identified(day, ("wage.in_county", "5", day), ("cost.in_county", "7", day)) == Decimal(-2)
    assert identified(day, ("expense.operating", "5", day)) is None
    assert identified(
        day, ("wage.total", "50", day), ("wage.in_county", "5", day), ("property.total", "1", day)
    ) == Decimal(6)


@pytest.mark.req("QLT-1", "INC-4")
def test_the_words_of_a_note_are_a_parameter() -> None:
    pack = load("national")
    context = context_on(ON)
    words = words_of(resolve(pack, ON, {})["excluded_words"].value.node.this)
    assert {"慰问", "临时救助", "贴息", "报销", "礼金", "理赔"} <= set(words)
    for word in words:
        assert money.excluded_word({"note": f"2024年{word}款"}, {}, context) == word
    assert money.excluded_word({"note": "卖菜"}, {}, context) is None
    assert words_of(None) == ()
