"""What a member received for work, pension and medical care: the same in Python and in DuckDB, in three values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shouwang.policy.columns import work
from shouwang.policy.prepared import PREPARED
from tests.quality.item_rows import Crowd, context_on

COLUMNS = [(column.table, column.name) for column in work.COLUMNS]
LACKING: list[dict[str, tuple[str, ...]]] = [
    {},
    {"income_items": ("*",)},
    {"income_items": ("member_id", "note")},
    {"income_items": ("received_on", "realised")},
    {"income_items": ("kind",)},
    {"income_items": ("amount",)},
    {"members": ("birth_date",)},
]
ON = date(2024, 9, 5)


@pytest.mark.req("QLT-1", "INC-3")
@pytest.mark.parametrize("lacking", LACKING, ids=str)
def test_the_columns_are_the_same_on_both_backends(lacking: dict[str, tuple[str, ...]]) -> None:
    assert Crowd(ON, seed=1, lacking=lacking).differing(COLUMNS) == {}


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize(
    ("on", "window"),
    [(date(2024, 2, 29), "visit"), (date(2024, 11, 2), "year"), (date(2025, 3, 1), "visit")],
    ids=str,
)
def test_they_are_on_other_days_and_windows(on: date, window: str) -> None:
    assert Crowd(on, seed=on.toordinal(), window=window).differing(COLUMNS) == {}


@pytest.mark.req("QLT-1")
def test_every_value_comes_up_in_the_comparison() -> None:
    crowd = Crowd(ON, seed=2)
    for table, name in COLUMNS:
        found = set(crowd.by_python(table, name))
        assert None in found
        assert found >= {True, False} if PREPARED[table][name].type.base == "bool" else len(found) > 3


def of(name: str, member: dict[str, Any], *items: dict[str, Any]) -> Any:
    """One column of a member with these items, on 2024-09-05."""
    context = context_on(ON)
    return PREPARED["members"][name].work_out({"member_id": "m", **member}, {"income_items": items}, context)


def wage(**changed: Any) -> dict[str, Any]:
    return {
        "member_id": "m",
        "kind": "wage.in_county",
        "amount": Decimal(500),
        "received_on": date(2024, 3, 1),
        **changed,
    }


@pytest.mark.req("QLT-1", "INC-3")
@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (wage(), True),
        (wage(received_on=date(2023, 9, 6)), True),
        (wage(received_on=date(2023, 9, 5)), False),
        (wage(received_on=date(2024, 9, 6)), False),
        (wage(received_on=None), None),
        (wage(realised=False), None),
        (wage(kind=None), None),
        (wage(member_id=None), None),
        (wage(member_id="another"), False),
        (wage(kind="production.crops"), False),
        (wage(member_id=None, received_on=date(2023, 9, 5)), False),
    ],
)
def test_an_item_that_may_be_the_members_leaves_it_open(item: dict[str, Any], expected: bool | None) -> None:
    assert of("wage_item", {}, item) is expected
    if expected is None:
        assert of("wage_item", {}, item, wage()) is True


@pytest.mark.req("QLT-1", "INC-3")
def test_wages_are_added_up_only_where_none_can_be_missing() -> None:
    assert of("wage_received", {}, wage(), wage(amount=Decimal("0.50"), kind="wage.public_post")) == Decimal(
        "500.50"
    )
    assert of("wage_received", {}) is None
    assert of("wage_received", {}, wage(), wage(amount=None)) is None
    assert of("wage_received", {}, wage(), wage(member_id=None)) is None
    assert of("wage_received", {}, wage(), wage(kind="wage.total", amount=Decimal(9999))) == Decimal(500)


@pytest.mark.req("QLT-1")
def test_a_premium_for_the_pension_says_nothing_of_medical_insurance() -> None:
    premium = wage(kind="excluded.insurance_premium")
    assert of("medical_item", {}, premium) is True
    assert of("medical_item", {}, {**premium, "note": "代缴养老保险"}) is False


@pytest.mark.req("QLT-1")
def test_age_at_the_first_wage_is_that_of_its_day() -> None:
    born = {"birth_date": date(2008, 2, 29)}
    assert of("first_wage_age", born, wage(received_on=date(2024, 2, 28)), wage()) == 15
    assert of("first_wage_age", born, wage(received_on=date(2024, 2, 29))) == 16
    assert of("first_wage_age", born, wage(received_on=date(2024, 9, 6))) is None
    assert of("first_wage_age", {"birth_date": None}, wage()) is None
