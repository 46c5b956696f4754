"""Comparison as pure functions: sides may be changed, equal lists have no row, unknown contradicts nothing."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.tables.dictionary import CODES
from shouwang.tables.lists import compare
from shouwang.tables.lists.fields import HOUSEHOLD_FIELDS, MEMBER_FIELDS, column_of, comparable, parse, shown

_texts = st.sampled_from(["", "王芳", "王 芳", "李明", "Ａ组", "A组", " 三组", "3组"])


def _value(field: compare.Field) -> st.SearchStrategy[str]:
    column = column_of(field.table, field.column)
    codes = [code.code for code in CODES.get(column.codes or "", ())]
    if field.how == "set":
        return st.lists(st.sampled_from(codes), max_size=3).map(";".join)
    if field.how == "code":
        return st.sampled_from(["", *codes])
    if field.how == "month":
        return st.one_of(st.just(""), st.dates().map(lambda day: day.isoformat()))
    if field.how == "phone":
        return st.sampled_from(
            ["", "19900001234", "199 0000 1234", "19900001234/19900005678", "19900005678、19900001234"]
        )
    if field.how == "id":
        return st.sampled_from(["", "50019919900303771X", "50019919900303771x", "500199900303771", "乱写"])
    return _texts


def _lists(fields: tuple[compare.Field, ...]) -> st.SearchStrategy[dict[str, dict[str, str]]]:
    row = st.fixed_dictionaries({field.column: _value(field) for field in fields})
    return st.dictionaries(st.sampled_from("甲乙丙丁"), row)


@pytest.mark.req("ALR-5")
@pytest.mark.parametrize("fields", [HOUSEHOLD_FIELDS, MEMBER_FIELDS])
@given(data=st.data())
def test_sides_changed_give_the_mirror(fields: tuple[compare.Field, ...], data: st.DataObject) -> None:
    left, right = data.draw(_lists(fields)), data.draw(_lists(fields))
    one, other = compare.compare(left, right, fields), compare.compare(right, left, fields)
    assert (one.only_left, one.only_right) == (other.only_right, other.only_left)
    assert [difference.mirrored() for difference in one.differences] == other.differences


@pytest.mark.req("ALR-5")
@given(rows=_lists(HOUSEHOLD_FIELDS))
def test_equal_lists_have_no_row(rows: dict[str, dict[str, str]]) -> None:
    found = compare.compare(rows, {key: dict(row) for key, row in reversed(rows.items())}, HOUSEHOLD_FIELDS)
    assert found == compare.Comparison([], [], [])


@pytest.mark.req("ALR-5")
@given(rows=_lists(HOUSEHOLD_FIELDS), data=st.data())
def test_one_changed_value_is_one_difference(rows: dict[str, dict[str, str]], data: st.DataObject) -> None:
    changed = {key: dict(row) for key, row in rows.items()}
    if not rows:
        return
    key, field = data.draw(st.sampled_from(sorted(rows))), data.draw(st.sampled_from(HOUSEHOLD_FIELDS))
    changed[key][field.column] = data.draw(_value(field))
    same = comparable(field.how, rows[key][field.column]) == comparable(field.how, changed[key][field.column])
    found = compare.compare(rows, changed, HOUSEHOLD_FIELDS).differences
    assert [(d.key, d.field) for d in found] == ([] if same else [(key, field)])


@pytest.mark.req("ALR-5", "QLT-1")
def test_standing_for_the_quality_rules() -> None:
    homes = [
        {
            "household_id": "1",
            "monitoring_status": "unresolved",
            "identified_on": "2024-01-15",
            "head_name": "甲",
        },
        {"household_id": "2", "monitoring_status": "resolved", "monitoring_type": "marginal"},
        {"household_id": "3"},
    ]
    theirs = [
        {"national_id": "n1", "household_id": "1", "monitoring_status": "resolved", "identified_on": "2024-01-01",
         "risks": "illness;schooling", "head_name": "乙"},
        {"national_id": "n2", "household_id": "2", "monitoring_status": "resolved"},
        {"national_id": "n9"},
    ]  # fmt: skip
    cases = {"1": {"risks": "schooling;illness"}}
    found = compare.standing_of_households(homes, cases, theirs)
    assert found["1"] == compare.Standing(True, "monitoring_status;head_name")
    assert found["2"] == compare.Standing(True, "")  # their type is not known: no contradiction
    assert found["3"] == compare.Standing(False, None)
    assert compare.registry_found(theirs) == {"n1": True, "n2": True, "n9": False}
    cases["1"]["risks"] = "schooling"
    assert (
        compare.standing_of_households(homes, cases, theirs)["1"].differs
        == "monitoring_status;risks;head_name"
    )
    people = compare.standing_of_members(
        [{"member_id": "m", "name": "王 芳", "sex": "female"}, {"member_id": "o"}],
        [{"member_id": "m", "name": "王芳", "sex": "male"}],
    )
    assert people == {"m": compare.Standing(True, "sex"), "o": compare.Standing(False, None)}


@pytest.mark.req("ALR-5")
@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("1000", "1100", False),
        ("1000", "1100.01", True),
        ("10500", "10000", False),
        ("10500.01", "10000", True),
        ("9499.99", "10000", True),
        ("0", "101", True),
    ],
)
def test_incomes_are_far_apart_by_amount_and_by_share(one: str, other: str, far: bool) -> None:
    assert compare.far_apart(Decimal(one), Decimal(other), Decimal(100), Decimal("0.05")) is far


@pytest.mark.req("ALR-5")
def test_what_people_read_can_be_written_back() -> None:
    tried = Counter[str]()
    for field in (*HOUSEHOLD_FIELDS, *MEMBER_FIELDS):
        column = column_of(field.table, field.column)
        for code in CODES.get(column.codes or "", ()):
            assert parse(column, shown(column, code.code)) == code.code
            tried[field.column] += 1
    assert tried["risks"] == 11
    assert parse(column_of("cases", "risks"), "因病、缺劳力，其他") == "illness;no_labour;other"
    assert parse(column_of("households", "identified_on"), "202405") == "2024-05-01"
    assert parse(column_of("members", "disability_level"), "二级") == "2"
    assert parse(column_of("members", "sex"), "（空）") is None
