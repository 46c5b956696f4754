"""Reading roles and rights."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from shouwang.server.accounts import chain
from shouwang.server.accounts.models import AuditLine, User
from shouwang.server.accounts.roles import RIGHTS


def places_of(user: User, right: str) -> tuple[str, ...]:
    """The area codes in which the person has the right, the widest only; () where nowhere. '' is everywhere."""
    codes = sorted(set(user.grants.filter(role__in=RIGHTS[right]).values_list("area_code", flat=True)))
    return tuple(
        code for code in codes if not any(code.startswith(wider) for wider in codes if wider != code)
    )


def rights_of(user: User) -> frozenset[str]:
    """Every right that the person has somewhere."""
    held = set(user.grants.values_list("role", flat=True))
    return frozenset(right for right, roles in RIGHTS.items() if roles & held)


def within(places: tuple[str, ...], column: str = "area_code") -> Q:
    """A filter for rows whose area lies in one of the places; of no place, for none."""
    found = Q(pk__in=[])
    for place in places:
        found |= Q(**{f"{column}__startswith": place})
    return found


def known_name(typed: str) -> str:
    """The name if somebody has it; what else was typed into that field may be a password and is not written down."""
    return typed if User.objects.filter(username=typed).exists() else "?"


def acts_since(who: str, action: str, since: datetime) -> int:
    """How often somebody did something since then."""
    return AuditLine.objects.filter(who=who, action=action, at__gte=since).count()


def audit_page(before: int | None, size: int = 50) -> list[AuditLine]:
    """Lines of the audit trail, the newest first, before a number."""
    lines = AuditLine.objects.order_by("-pk")
    return list((lines.filter(pk__lt=before) if before else lines)[:size])


def audit_chain() -> list[chain.Line]:
    """The whole audit trail as the chain sees it."""
    return [
        chain.Line(line.pk, content(line), line.hash_before, line.hash)
        for line in AuditLine.objects.order_by("pk").iterator()
    ]


def content(line: AuditLine) -> dict[str, Any]:
    """What the hash of a line covers."""
    return {
        "at": line.at.isoformat(),
        "who": line.who,
        "action": line.action,
        "area_code": line.area_code,
        "thing": line.thing,
        "details": line.details,
    }
