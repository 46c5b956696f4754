"""Who may do what: from the one table, for every address there is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from shouwang.server.accounts.access import PUBLIC
from shouwang.server.accounts.models import AuditLine
from shouwang.server.accounts.roles import ADMINISTRATORS, RIGHTS, ROLES, faults
from shouwang.server.registry.models import Household
from tests.server.conftest import ELSEWHERE, TOWN, VILLAGES, Person


def addresses() -> Iterator[tuple[str, str, str]]:
    """Name, path and right of every view; '' where a view says none."""
    for pattern in get_resolver().url_patterns:
        assert isinstance(pattern, URLPattern)
        wanted = str(pattern.pattern)
        needed = (
            [VILLAGES[2] + "0001"] if "<str:household_id>" in wanted else [999] if "<int:" in wanted else []
        )
        right = getattr(pattern.callback, "right", "")
        yield str(pattern.name), reverse(str(pattern.name), args=needed), right


ADDRESSES = list(addresses())
GUARDED = [entry for entry in ADDRESSES if entry[2] != PUBLIC]


def answers(client: Client, path: str) -> set[int]:
    """The status of a GET and of a POST with nothing in it."""
    return {client.get(path).status_code, client.post(path).status_code}


@pytest.mark.req("SEC-1")
def test_every_view_says_what_it_needs() -> None:
    assert [name for name, _path, right in ADDRESSES if right != PUBLIC and right not in RIGHTS] == []
    assert {name for name, _path, right in ADDRESSES if right == PUBLIC} == {
        "sign_in",
        "sign_out",
        "speak",
        "healthy",
    }


@pytest.mark.req("SEC-1")
def test_every_right_is_used_or_waits_for_its_page() -> None:
    used = {right for _name, _path, right in ADDRESSES}
    assert set(RIGHTS) - used == {"account.read"}


@pytest.mark.req("SEC-1")
@pytest.mark.parametrize(
    ("name", "path", "right"), GUARDED, ids=lambda value: value if value.isidentifier() else ""
)
def test_nobody_gets_in_without_signing_in(db: None, name: str, path: str, right: str) -> None:
    for status, answer in (
        (client_answer.status_code, client_answer) for client_answer in both(Client(), path)
    ):
        assert status in (302, 405)
        assert status == 405 or answer["Location"].startswith("/sign-in?next=")


def both(client: Client, path: str) -> list[Any]:
    """A GET and a POST."""
    return [client.get(path), client.post(path)]


@pytest.mark.req("SEC-1")
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_the_table_says_and_nothing_else(
    somebody: Callable[..., Person], role: str
) -> None:
    person = somebody(role, "" if role in ADMINISTRATORS else TOWN)
    for _name, path, right in GUARDED:
        for answer in both(person.client, path):
            refused = role not in RIGHTS[right] and answer.status_code != 405
            assert (answer.status_code == 403) == refused, (path, answer.status_code)


@pytest.mark.req("SEC-1")
@pytest.mark.parametrize("role", sorted(RIGHTS["household.read"]))
def test_households_of_another_area_are_not_there(somebody: Callable[..., Person], role: str) -> None:
    for village in VILLAGES:
        Household.objects.create(pk=f"{village}0001", area_code=village, head_name="陈一国")
    for area, own in ((TOWN, VILLAGES[:2]), (VILLAGES[1], VILLAGES[1:2]), (ELSEWHERE, VILLAGES[2:])):
        person = somebody(role, area)
        listed = person.client.get(reverse("households")).content.decode()
        found = person.client.get(reverse("households"), {"q": "陈"}).content.decode()
        for village in VILLAGES:
            inside = village in own
            assert (f"{village}0001" in listed) == inside
            assert (f"{village}0001" in found) == inside
            status = person.client.get(reverse("household", args=[f"{village}0001"])).status_code
            assert status == (200 if inside else 404)


@pytest.mark.req("SEC-3")
def test_an_administrator_holds_one_role() -> None:
    assert faults(["system_admin"]) == []
    assert faults(["town_officer", "inspector"]) == []
    assert faults(["system_admin", "audit_admin"]) == ["audit_admin", "system_admin"]
    assert faults(["security_admin", "town_officer"]) == ["security_admin"]


@pytest.mark.req("SEC-1")
def test_a_wrong_password_keeps_the_name_and_says_what_to_do(somebody: Callable[..., Person]) -> None:
    person = somebody("town_officer")
    answer = Client().post(
        reverse("sign_in"),
        {"username": person.user.username, "password": "wrong", "next": "https://elsewhere.example/"},
    )
    assert answer.status_code == 403
    assert f'value="{person.user.username}"' in answer.content.decode()
    assert "安全管理员" in answer.content.decode()
    assert "elsewhere.example" not in answer.content.decode()


@pytest.mark.req("SEC-1")
def test_an_answer_says_what_a_browser_may_load(somebody: Callable[..., Person]) -> None:
    answer = somebody("town_officer").client.get("/")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.req("SEC-1")
def test_who_works_stays_signed_in_and_an_unused_session_ends(somebody: Callable[..., Person]) -> None:
    person = somebody("town_officer")
    person.client.get("/")
    stored = Session.objects.get(pk=person.client.session.session_key)
    Session.objects.filter(pk=stored.pk).update(expire_date=stored.expire_date - timedelta(minutes=20))
    session = person.client.session
    session["seen"] -= 20 * 60
    session.save()
    Session.objects.filter(pk=stored.pk).update(expire_date=stored.expire_date - timedelta(minutes=20))
    person.client.get("/")
    assert Session.objects.get(pk=stored.pk).expire_date >= stored.expire_date
    Session.objects.filter(pk=stored.pk).update(expire_date=stored.expire_date - timedelta(minutes=31))
    assert person.client.get("/").status_code == 302


@pytest.mark.req("SEC-3")
def test_every_act_of_the_trail_has_a_name() -> None:
    from shouwang.server.accounts.actions import ACTIONS

    folder = Path(__file__).parents[2] / "src" / "shouwang" / "server"
    sources = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    written = set(re.findall(r'audit\(\s*[^,]+,\s*"([a-z_.]+)"', sources)) | {"sign_in", "sign_in.refused"}
    assert written == set(ACTIONS)


@pytest.mark.req("SEC-3")
def test_a_password_typed_as_a_name_is_not_written_down(somebody: Callable[..., Person]) -> None:
    person = somebody("town_officer")
    for typed in ("my-Secret-77", person.user.username):
        Client().post(reverse("sign_in"), {"username": typed, "password": "x"})
    assert list(AuditLine.objects.filter(action="sign_in.refused").values_list("who", flat=True)) == [
        "?",
        person.user.username,
    ]


@pytest.mark.req("SEC-1")
def test_the_newest_run_that_covers_a_place(db: None) -> None:
    from shouwang.server.screening.models import Run
    from shouwang.server.screening.queries import newest_run, run_inside

    town, village, other = (
        Run.objects.create(pack="p", on="2024-09-01", area_code=code, by="x", at="2024-09-01T00:00:00Z")
        for code in (TOWN, VILLAGES[0], ELSEWHERE)
    )
    assert newest_run(VILLAGES[0]) == village
    assert newest_run(VILLAGES[1]) == town
    assert newest_run(TOWN) == town
    assert newest_run("500151") is None
    assert newest_run(None) is None
    assert run_inside((VILLAGES[0],)) == village
    assert run_inside(("500151",)) == other
    assert run_inside((VILLAGES[1],)) is None
