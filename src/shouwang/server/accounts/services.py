"""Writing accounts, grants and the audit trail."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.server.accounts import chain
from shouwang.server.accounts.models import AuditLine, Grant, User
from shouwang.server.accounts.queries import content
from shouwang.server.accounts.roles import ROLES, faults

_CHAIN = 7_305_100  # the number of the lock that PostgreSQL keeps for the end of the chain


def audit(who: str, action: str, *, area_code: str = "", thing: str = "", **details: Any) -> AuditLine:
    """Adds a line to the audit trail; call it inside the transaction of what was done."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit line belongs into the transaction of what was done")
    if connection.vendor == "postgresql":  # SQLite has one writer anyway
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN])
    last = AuditLine.objects.order_by("-pk").values_list("hash", flat=True).first()
    line = AuditLine(
        at=datetime.now(UTC), who=who, action=action, area_code=area_code, thing=thing, details=details
    )
    line.hash_before = last or chain.START
    line.hash = chain.sealed(content(line), line.hash_before)
    line.save(force_insert=True)
    return line


def create_account(
    by: str, username: str, name: str, grants: list[tuple[str, str]], password: str | None = None
) -> tuple[User, str]:
    """Makes an account with its roles by area; returns it and its password (a random one where none is given)."""
    wrong = [role for role, _area in grants if role not in ROLES] or faults(role for role, _area in grants)
    if wrong:
        raise InputError(
            _("这些角色不能这样授予：{roles}").format(roles="、".join(wrong)),
            where=username,
            remedy=_("系统、安全、审计三个管理员分开设，也不兼业务角色"),
        )
    password = password or secrets.token_urlsafe(9)
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise InputError(
                _("已有这个用户名"), where=username, remedy=_("换一个用户名；一个账号只给一个人用")
            )
        user = User.objects.create_user(username, name, password)
        Grant.objects.bulk_create([Grant(user=user, role=role, area_code=area) for role, area in grants])
        audit(by, "account.create", thing=username, grants=[list(grant) for grant in grants])
    return user, password
