"""The audit trail: one line per act, chained, and what was done to it is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from shouwang.server.accounts.chain import START, Line, broken, sealed
from shouwang.server.accounts.models import AuditLine
from shouwang.server.accounts.queries import audit_chain
from shouwang.server.accounts.services import audit
from tests.server.conftest import Person


def chain_of(texts: list[str]) -> list[Line]:
    """A chain whose lines say these texts."""
    lines, before = [], START
    for number, text in enumerate(texts, 1):
        content = {"says": text}
        lines.append(Line(number, content, before, sealed(content, before)))
        before = lines[-1].hash
    return lines


@pytest.mark.req("SEC-3")
@given(st.lists(st.text(max_size=5), min_size=2, max_size=8), st.data())
def test_a_change_a_gap_and_a_swap_are_found(texts: list[str], data: st.DataObject) -> None:
    lines = chain_of(texts)
    assert broken(lines) == []
    place = data.draw(st.integers(0, len(lines) - 1))
    changed = [*lines]
    changed[place] = replace(lines[place], content={"says": texts[place] + "x"})
    assert lines[place].number in broken(changed)
    head = (lines[-1].number, lines[-1].hash)
    assert broken([*lines[:place], *lines[place + 1 :]], head) != []
    if place:
        swapped = [*lines]
        swapped[place - 1], swapped[place] = swapped[place], swapped[place - 1]
        assert broken(swapped, head) != []


@pytest.mark.req("SEC-3")
def test_what_an_administrator_of_the_database_changed_is_found(somebody: Callable[..., Person]) -> None:
    somebody("auditor")
    with transaction.atomic():
        for number in range(5):
            audit("周敏", "test", thing=str(number), count=number)
    assert broken(audit_chain()) == []
    middle = AuditLine.objects.order_by("pk")[3]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_auditline SET who = %s WHERE id = %s", ["别人", middle.pk])
    assert broken(audit_chain()) == [middle.pk]


@pytest.mark.req("SEC-3")
@pytest.mark.django_db(transaction=True)
def test_a_line_belongs_into_the_transaction_of_what_was_done() -> None:
    with pytest.raises(RuntimeError):
        audit("周敏", "test")
