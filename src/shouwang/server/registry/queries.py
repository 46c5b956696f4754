"""Reading households."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from shouwang.server.accounts.queries import within
from shouwang.server.registry import secrets
from shouwang.server.registry.models import Household, Member, Source

PAGE = 50


@dataclass(frozen=True)
class Listed:
    """One page of a list by key: the rows, and the key after which the next page begins ('' at the end)."""

    rows: list[Household]
    after: str


def household(places: tuple[str, ...], household_id: str) -> Household | None:
    """The household of that number, if it lies in one of the places."""
    return Household.objects.filter(within(places), pk=household_id).first()


def households(places: tuple[str, ...], words: str = "", after: str = "", size: int = PAGE) -> Listed:
    """Households in these places in the order of their numbers, those that the words find, after a number."""
    found = Household.objects.filter(within(places)).order_by("pk")
    for word in words.split():
        found = found.filter(_finds(word))
    if after:
        found = found.filter(pk__gt=after)
    rows = list(found[: size + 1])
    return Listed(rows[:size], str(rows[size - 1].pk) if len(rows) > size else "")


def whole_numbers(home: Household) -> list[dict[str, str]]:
    """Name, ID number and phone of every member, readable; whoever calls this has written down why."""
    return [
        {
            "name": member.name or "",
            **{
                k: str(v)
                for k, v in secrets.read(member.pk, member.secret).items()
                if k in ("id_number", "phone")
            },
        }
        for member in home.members.order_by("pk")
    ]


def sources_of(home: Household) -> list[tuple[Source, int]]:
    """Where the facts of a household came from, the newest first, with how many facts each changed."""
    counts: dict[int, int] = {}
    for source, changes in home.changes.values_list("source_id", "changes"):
        counts[source] = counts.get(source, 0) + len(changes)
    return [
        (source, counts[source.pk])
        for source in Source.objects.filter(pk__in=counts).order_by("-held_on", "-at")
    ]


def _finds(word: str) -> Q:
    """A household number, an ID number (by its index), the initials or a part of a name."""
    if re.fullmatch(r"[0-9]{17}[0-9Xx]", word):
        return Q(pk__in=_of_members(Q(id_index__in=secrets.indexes_of(word))))
    if word.isdigit():
        return Q(pk__startswith=word)
    if word.isascii():
        return Q(pk__in=_of_members(Q(initials__startswith=word.lower())))
    return Q(head_name__startswith=word) | Q(pk__in=_of_members(Q(name__startswith=word)))


def _of_members(wanted: Q) -> Any:
    return Member.objects.filter(wanted).values("household_id")


def count(places: Sequence[str]) -> int:
    """How many households lie in these places."""
    return Household.objects.filter(within(tuple(places))).count()
