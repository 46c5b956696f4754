"""The server over a database of its own, and a fixed cast: who may, who may elsewhere, who may not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from shouwang.server.accounts.models import User
from shouwang.server.accounts.services import create_account

TOWN, ELSEWHERE = "500151122", "500151100"
VILLAGES = ("500151122201", "500151122202", "500151100201")


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and a browser in which they are signed in."""

    user: User
    client: Client


@pytest.fixture
def somebody(db: None) -> Callable[..., Person]:
    """Makes a person with a role in an area."""

    def make(role: str, area: str = TOWN, name: str = "周敏") -> Person:
        user, _password = create_account(
            "test", f"{role}-{area or 'all'}", name, [(role, area)], password="right-Horse-7"
        )
        client = Client()
        client.force_login(user)
        return Person(user, client)

    return make
