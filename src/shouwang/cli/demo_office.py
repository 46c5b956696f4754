"""The office of the demo: the made-up township in the server's registry, screened, and an account for every role."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shouwang.cli.progress import progress
from shouwang.cli.serve import start_django
from shouwang.language import _


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in; the password is random and made for this demo."""

    role: str
    username: str
    password: str
    area: str


def open_office(folder: Path, sheets: Sequence[Path], *, area: str, on: date, pack: str) -> list[Account]:
    """Makes the database in ``folder``, takes the spreadsheets in as an upload would be, and screens the town."""
    start_django(folder)
    from django.core.management import call_command

    from shouwang.server.registry.imports import accept, open_upload
    from shouwang.server.screening.services import run_screening
    from shouwang.tables.intake import load_words
    from shouwang.tables.intake import take_in as read_sheets

    with progress(_("建立网页服务的数据"), 3) as step:
        call_command("migrate", verbosity=0, interactive=False)
        step(1, _("读取表格"))
        intake = read_sheets(sheets, area=area, on=on, words=load_words())
        names = _("虚构乡镇的表格")
        accept(open_upload(intake, names, sheets, "shouwang demo", [area]), "shouwang demo", [area])
        step(2, _("研判"))
        run_screening(pack, on, area, "shouwang demo")
        villages = sorted({row.get("area_code", "") for row in intake.tables["households"]} - {""})
        return _accounts(area, villages[0])


def _accounts(town: str, village: str) -> list[Account]:
    from shouwang.server.accounts.roles import ADMINISTRATORS, ROLES, role_name
    from shouwang.server.accounts.services import create_account

    places = {
        "visitor": village,
        "village_officer": village,
        "county_officer": town[:6],
        "inspector": town[:6],
    }
    found = []
    for role in ROLES:
        area = "" if role in ADMINISTRATORS else places.get(role, town)
        password = secrets.token_urlsafe(9)
        create_account(
            "shouwang demo", role, _("演示·{role}").format(role=role_name(role)), [(role, area)], password
        )
        found.append(Account(role_name(role), role, password, area))
    return found
