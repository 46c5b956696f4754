"""Prepared columns about what a member received for work, pension or medical care in the window, item by item.

Each answers "is there such an item of this member?" in three values. Yes: one that came in within the window and says
whose it is. Not known: one that may be it: without a member, day or kind, not realised, or a stated total that may
hold it. All come from one grouped pass over the items of a household.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from shouwang.policy.builtins import window_first, window_last, years_between
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
    sql_date,
    sql_text,
)
from shouwang.policy.types import BOOL, INT, MONEY

if TYPE_CHECKING:
    from shouwang.policy.pack import IncomeKind

NO, MAYBE, YES = 0, 1, 2
PLACES = ("outside_province", "in_province", "in_county", "public_post")
PENSION, PREMIUM, REIMBURSEMENT = (
    "transfer.pension",
    "excluded.insurance_premium",
    "excluded.medical_reimbursement",
)
Scores = Callable[[Row, "IncomeKind | None", Context], int]


def words_of(text: object) -> tuple[str, ...]:
    """The words of a parameter that lists them, joined by semicolons; none where it is unset."""
    return tuple(word for word in str(text or "").split(";") if word)


# what an item's kind says, without its member and day


def _wage(item: Row, kind: IncomeKind | None, context: Context) -> int:
    return MAYBE if kind is None else YES if kind.counts_as == "wage" else NO


def _wage_at(place: str) -> Scores:
    def score(item: Row, kind: IncomeKind | None, context: Context) -> int:
        if kind is None:
            return MAYBE
        if kind.counts_as != "wage":
            return NO
        return MAYBE if kind.place_of_work is None else YES if kind.place_of_work == place else NO

    return score


def _pension(item: Row, kind: IncomeKind | None, context: Context) -> int:
    if kind is None:
        return MAYBE
    if kind.code == PENSION:
        return YES
    return MAYBE if kind.total and kind.counts_as == "transfer" else NO


def _medical(item: Row, kind: IncomeKind | None, context: Context) -> int:
    """A premium paid on behalf may be for the pension (XH annex 5 §6.3); then its note says so."""
    if kind is None:
        return MAYBE
    if kind.code == PREMIUM:
        note = item.get("note") or ""
        return (
            NO
            if any(word in note for word in words_of(context.parameters.get("pension_premium_words")))
            else YES
        )
    return YES if kind.code == REIMBURSEMENT else NO


_SCORES: dict[str, Scores] = {
    "wage": _wage,
    **{f"wage_{place}": _wage_at(place) for place in PLACES},
    "pension": _pension,
    "medical": _medical,
}


def certainty(item: Row, context: Context) -> int:
    """Whether the item came in within the window; not known where it has no day or is not realised."""
    day = item.get("received_on")
    if day is not None and not context.window_first <= day <= context.window_last:
        return NO
    return MAYBE if day is None or item.get("realised") is False else YES


def _scored(
    name: str, row: Row, tables: Tables, context: Context
) -> Iterator[tuple[int, Row, IncomeKind | None]]:
    """The items that are or may be the member's, each with how sure it is one of the wanted."""
    for item in tables.get("income_items") or ():
        owner = item.get("member_id")
        if owner is None or owner == row.get("member_id"):
            kind = context.kinds.get(item.get("kind") or "")
            score = min(_SCORES[name](item, kind, context), certainty(item, context))
            yield min(score, MAYBE) if owner is None else score, item, kind


def _some(name: str) -> WorkOut:
    def work_out(row: Row, tables: Tables, context: Context) -> bool | None:
        if tables.get("income_items") is None:
            return None
        best = max((score for score, _item, _kind in _scored(name, row, tables, context)), default=NO)
        return {NO: False, MAYBE: None, YES: True}[best]

    return work_out


def wage_received(row: Row, tables: Tables, context: Context) -> Decimal | None:
    """The member's wages in the window, in yuan; unknown where there is none, or where one may be missing."""
    found = list(_scored("wage", row, tables, context))
    sure = [item.get("amount") for score, item, kind in found if score == YES and not (kind and kind.total)]
    amounts = [amount for amount in sure if amount is not None]
    if not sure or len(amounts) < len(sure) or any(score == MAYBE for score, _item, _kind in found):
        return None
    return sum(amounts, Decimal(0))


def first_wage_age(row: Row, tables: Tables, context: Context) -> int | None:
    """Full years of age on the day of the member's first wage item, of any time up to the day."""
    days = [
        item["received_on"]
        for item in tables.get("income_items") or ()
        if item.get("member_id") is not None and item["member_id"] == row.get("member_id")
        and item.get("received_on") is not None and item["received_on"] <= context.on
        and item.get("realised") is not False
        and (kind := context.kinds.get(item.get("kind") or "")) is not None and kind.counts_as == "wage"
    ]  # fmt: skip
    birth = row.get("birth_date")
    return None if birth is None or not days else years_between(birth, min(days))


# the same in SQL: one pass over the items, twice joined (the member's own; those that name nobody)
# what an item is stands in one number: a bit per sort for yes, and the same bits shifted for not known

_BIT = {name: 1 << place for place, name in enumerate(_SCORES)}
_ALL = (1 << len(_BIT)) - 1
_SHIFT = len(_BIT)


def _kinds() -> str:
    """The kinds that matter here, with their number; an item without kind may be any."""
    at = " ".join(
        f"WHEN work_place = '{place}' THEN {_BIT['wage'] | _BIT[f'wage_{place}']}" for place in PLACES
    )
    anywhere = _BIT["wage"] | sum(_BIT[f"wage_{place}"] for place in PLACES) << _SHIFT
    bits = (
        f"CASE WHEN counts_as = 'wage' THEN CASE {at} WHEN work_place IS NULL THEN {anywhere} ELSE {_BIT['wage']} END "
        f"WHEN kind = '{PENSION}' THEN {_BIT['pension']} WHEN is_total AND counts_as = 'transfer' THEN {_BIT['pension'] << _SHIFT} "
        f"WHEN kind IN ('{PREMIUM}', '{REIMBURSEMENT}') THEN {_BIT['medical']} ELSE 0 END"
    )
    return (
        f"(SELECT * FROM (SELECT kind, {bits} AS bits, counts_as = 'wage' AS wage, is_total FROM pack_kinds) WHERE bits <> 0 "
        f"UNION ALL SELECT CAST(NULL AS VARCHAR), {_ALL << _SHIFT}, false, false)"
    )


def _items(around: Surroundings) -> str:
    """The items that matter, each with its number in ``bits`` and, in ``paid``, whether it is a wage that came in."""
    day = around.column("income_items", "received_on", "i", "DATE")
    realised = f"coalesce({around.column('income_items', 'realised', 'i', 'BOOLEAN')}, true)"
    note = around.column("income_items", "note", "i")
    first = sql_date(window_first(around.on, around.window))
    last = sql_date(window_last(around.on, around.window))
    words = words_of(around.parameter("pension_premium_words"))
    of_pension = " OR ".join(f"contains({note}, {sql_text(word)})" for word in words) or "false"
    known = f"CASE WHEN k.kind = '{PREMIUM}' AND ({of_pension}) THEN 0 ELSE k.bits END"
    return (
        f"(SELECT i.household_id, {around.column('income_items', 'member_id', 'i')} AS member_id, "
        f"{around.column('income_items', 'amount', 'i', 'DECIMAL(18,2)')} AS amount, "
        f"CASE WHEN {day} NOT BETWEEN {first} AND {last} THEN 0 WHEN {day} IS NULL OR NOT {realised} "
        f"THEN ((({known}) & {_ALL}) | (({known}) >> {_SHIFT})) << {_SHIFT} ELSE {known} END AS bits, "
        f"k.wage AND NOT k.is_total AND {realised} AND {day} BETWEEN {first} AND {last} AS paid, "
        f"CASE WHEN k.wage AND {realised} THEN {day} END AS wage_day "
        f"FROM {around.relations['income_items']} AS i "
        f"JOIN {_kinds()} AS k ON k.kind IS NOT DISTINCT FROM {around.column('income_items', 'kind', 'i')} "
        f"WHERE {day} IS NULL OR {day} <= {around.day})"
    )


def _joins(around: Surroundings) -> tuple[str, str]:
    """The member's own items as ``wi``, those of the household that name nobody as ``wn``; a row at most of each."""
    own = (
        "LEFT JOIN (SELECT household_id, member_id, bit_or(bits) AS bits, sum(amount) FILTER (paid) AS paid, "
        "count(*) FILTER (paid) AS wages, count(amount) FILTER (paid) AS amounts, min(wage_day) AS first_wage "
        f"FROM {_items(around)} WHERE member_id IS NOT NULL GROUP BY household_id, member_id) AS wi "
        "ON wi.household_id = t.household_id AND wi.member_id = t.member_id"
    )
    nobody = (
        f"LEFT JOIN (SELECT household_id, bit_or((bits & {_ALL}) | (bits >> {_SHIFT})) AS bits FROM {_items(around)} "
        "WHERE member_id IS NULL AND bits <> 0 GROUP BY household_id) AS wn ON wn.household_id = t.household_id"
    )
    return own, nobody


def _some_sql(name: str) -> Builder:
    bit = _BIT[name]

    def build(around: Surroundings) -> Sql:
        if "income_items" not in around.relations:
            return Sql("CAST(NULL AS BOOLEAN)")
        maybe = f"(wi.bits & {bit << _SHIFT}) <> 0 OR (wn.bits & {bit}) <> 0"
        return Sql(
            f"CASE WHEN (wi.bits & {bit}) <> 0 THEN true WHEN {maybe} THEN NULL ELSE false END",
            _joins(around),
        )

    return build


def _wage_received_sql(around: Surroundings) -> Sql:
    if "income_items" not in around.relations:
        return Sql("CAST(NULL AS DECIMAL(18,2))")
    doubtful = f"wi.bits & {_BIT['wage'] << _SHIFT} <> 0 OR coalesce(wn.bits & {_BIT['wage']} <> 0, false)"
    clear = f"wi.wages > 0 AND wi.wages = wi.amounts AND NOT ({doubtful})"
    return Sql(f"CASE WHEN {clear} THEN CAST(wi.paid AS DECIMAL(18,2)) END", _joins(around))


def _first_wage_age_sql(around: Surroundings) -> Sql:
    if "income_items" not in around.relations:
        return Sql("CAST(NULL AS INTEGER)")
    before = (
        "(month(wi.first_wage) * 100 + day(wi.first_wage) < month(t.birth_date) * 100 + day(t.birth_date))"
    )
    years = f"year(wi.first_wage) - year(t.birth_date) - CAST({before} AS INTEGER)"
    return Sql(f"CASE WHEN t.birth_date <= wi.first_wage THEN CAST({years} AS INTEGER) END", _joins(around))


_SORTS = {
    "wage": ("wage_item", "窗口内有工资条目", "a wage item in the window"),
    "wage_outside_province": ("wage_item_outside", "窗口内有省外工资条目", "a wage item from outside the province in the window"),
    "wage_in_province": ("wage_item_province", "窗口内有县外省内工资条目", "a wage item from the province in the window"),
    "wage_in_county": ("wage_item_county", "窗口内有县内工资条目", "a wage item from the county in the window"),
    "wage_public_post": ("public_post_item", "窗口内有公益性岗位工资条目", "a public-post wage item in the window"),
    "pension": ("pension_item", "窗口内有养老金条目", "a pension item in the window"),
    "medical": ("medical_item", "窗口内有代缴医保或医疗报销条目", "a medical premium or reimbursement in the window"),
}  # fmt: skip

COLUMNS: tuple[Prepared, ...] = (
    *(Prepared("members", name, BOOL, ("member_id",), zh, en, _some(sort)) for sort, (name, zh, en) in _SORTS.items()),
    Prepared("members", "wage_received", MONEY, ("member_id",), "窗口内工资合计（元）", "wages in the window, yuan", wage_received),
    Prepared("members", "first_wage_age", INT, ("member_id", "birth_date"), "最早一笔工资时的周岁", "full years at the first wage", first_wage_age),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {
    **{("members", name): _some_sql(sort) for sort, (name, _zh, _en) in _SORTS.items()},
    ("members", "wage_received"): _wage_received_sql,
    ("members", "first_wage_age"): _first_wage_age_sql,
}
LAYOUTS: Mapping[str, Layout] = {}
