"""Numbers, relations, months and support of members as a phone reads them: as the closure does, for whatever is written."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from shouwang.policy.cases import Facts
from shouwang.policy.closure import compile_plan
from shouwang.policy.columns import relation_words
from shouwang.policy.plan import build
from tests.policy.comparing import SETTINGS, national
from tests.quality import test_composition, test_identity, test_people

from .engines import Node, by_closure, by_node, differences

WORDS = (*relation_words.WORDS, "户主 之子", "户主的户主之子", "长　女", "constructor", "老表")


def household(random: Random, number: int, on: date) -> Facts:
    _members, items = test_people.household(random, number, on)
    members: list[dict[str, Any]] = [
        {**test_identity.member(random, place), **test_composition.member(random, place, on), "member_id": f"h{number}-{place}",
         "household_id": f"h{number}", "relation_word": random.choice((*WORDS, None))}
        for place in range(random.randint(0, 6))
    ]  # fmt: skip
    for row in members:
        for column in ("id_number", "disability_certificate"):
            row[column] = row[column] or None  # a phone takes an empty text as nothing
    own = {
        "household_id": f"h{number}", "area_code": random.choice((None, "500199122201", "50019912220", "50019912220x")),
        "lng": random.choice((None, 0.0, 3, 29.7, 54, 105.9)), "lat": random.choice((None, 0.0, 29.7, 73, 105.9, 136)),
    }  # fmt: skip
    return Facts(own, {"members": members, "income_items": items})


@pytest.mark.req("QLT-1", "VIS-4")
@pytest.mark.parametrize(("on", "window"), test_composition.DAYS[:3], ids=str)
def test_a_phone_reads_members_as_the_closure_does(process: Node, on: date, window: str) -> None:
    closure = compile_plan(build(national(), on, {**SETTINGS, "window": window}, quality=True))
    random = Random(on.toordinal())
    crowd = [household(random, number, on) for number in range(150)]
    told = by_node(process, f"members_{on}", closure, crowd)
    for facts, one in zip(crowd, told, strict=True):
        wanted = by_closure(facts, closure)
        for mine, its in zip(wanted.pop("rows"), one.pop("rows"), strict=True):
            assert mine == its
        assert differences(wanted, one) == []
    values = [
        row for facts in crowd for _rule, row, _result in closure.row_results(facts.household, facts.tables)
    ]
    for name in (
        "id_check_fits",
        "id_dated",
        "certificate_malformed",
        "certificate_of_another",
        "receives_tekun",
    ):
        assert {True, False} <= {row.get(name) for row in values}, name
    for name in ("word_sex", "id_sex"):
        assert {"male", "female", None} <= {row.get(name) for row in values}, name
