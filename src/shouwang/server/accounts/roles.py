"""The roles, and the one table of who may do what. Pages and tests read it here and nowhere else.

A right holds in the areas for which a role was granted. The three administrators (system, security, audit) see no
household, and no account holds two of them (三员分立).
"""

from __future__ import annotations

from collections.abc import Iterable

from shouwang.language import current

ROLES: dict[str, tuple[str, str]] = {
    "visitor": ("走访员", "visitor"),
    "village_officer": ("村干部", "village officer"),
    "town_officer": ("镇街经办人", "town officer"),
    "town_leader": ("镇街领导", "town leader"),
    "county_officer": ("区县经办人", "county officer"),
    "department": ("行业部门", "department"),
    "inspector": ("督查人员", "inspector"),
    "auditor": ("审计人员", "auditor"),
    "system_admin": ("系统管理员", "system administrator"),
    "security_admin": ("安全管理员", "security administrator"),
    "audit_admin": ("审计管理员", "audit administrator"),
}
ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})

_OFFICES = frozenset({"town_officer", "county_officer"})
_READERS = _OFFICES | {"visitor", "village_officer", "town_leader", "inspector"}
RIGHTS: dict[str, frozenset[str]] = {
    "start": frozenset(ROLES),
    "household.read": _READERS,
    "household.number": _OFFICES | {"village_officer"},  # the whole ID number, with a reason
    "import.read": _OFFICES,
    "import.write": _OFFICES,
    "screening.run": _OFFICES,
    "ledger.read": _READERS,
    "audit.read": frozenset({"auditor", "audit_admin"}),
    "account.read": frozenset({"security_admin"}),
}
"""Right → the roles that have it. What is not here nobody may do."""


def role_name(role: str) -> str:
    """What people call the role, in the language now spoken."""
    zh, en = ROLES[role]
    return en if current() == "en" else zh


def faults(roles: Iterable[str]) -> list[str]:
    """Administrator roles that may not stand together on one account; empty where nothing is wrong."""
    held = sorted(ADMINISTRATORS & set(roles))
    return held if len(held) > 1 or (held and set(roles) - ADMINISTRATORS) else []
