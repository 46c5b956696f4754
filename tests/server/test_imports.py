"""An import from upload to undo: nothing is written before somebody looked, and all of it can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from shouwang.errors import InputError
from shouwang.server.config.place import data_folder
from shouwang.server.registry import evidence, secrets
from shouwang.server.registry.imports import accept, decline, open_upload, preview, told_by, undo
from shouwang.server.registry.models import Change, Household, IncomeItem, Member, Source, Upload
from shouwang.server.registry.services import MODELS, Told, take_in
from shouwang.tables.intake import Intake, load_words
from shouwang.tables.intake import take_in as read_sheets
from tests.server.conftest import TOWN, Person

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
FILES = [SAMPLES / "农户花名册.xlsx", SAMPLES / "收入明细.xlsx"]
ON = date(2024, 9, 1)


@pytest.fixture(scope="module")
def intake() -> Intake:
    """The samples as they are read."""
    return read_sheets(FILES, area=TOWN, on=ON, words=load_words())


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the three tables, secrets readable."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for name, model in MODELS.items():
        rows = []
        for row in model._default_manager.order_by("pk"):
            fields = {
                f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if f.name != "secret"
            }
            hidden = secrets.read(str(row.pk), row.secret) if hasattr(row, "secret") else {}
            rows.append((str(row.pk), sorted(fields.items(), key=str), sorted(hidden.items())))
        found[name] = rows
    return found


def told(held_on: date = ON, **household: str) -> Told:
    """A source that tells of one household and one member."""
    number = f"{TOWN}2010001"
    rows = {
        "households": [{"household_id": number, "area_code": f"{TOWN}201", "head_name": "陈一国", **household}],
        "members": [{"member_id": f"{number}-1", "household_id": number, "name": "陈一国", "phone": household.get("phone", "19900000001")}],
        "income_items": [],
    }  # fmt: skip
    return Told("表", held_on, TOWN, "0" * 64, rows, {})


@pytest.mark.req("REG-6")
def test_an_upload_is_looked_at_before_anything_is_written(db: None, intake: Intake) -> None:
    upload = open_upload(intake, "花名册", FILES, "zhen", [TOWN])
    shown = preview(upload)
    assert not any(everything().values())
    assert shown.new == {table: len(intake.tables[table]) for table in MODELS}
    assert sum(counts["new_households"] for counts in shown.villages.values()) == shown.new["households"]
    accept(upload, "zhen", [TOWN])
    assert Household.objects.count() == shown.new["households"]
    again = preview(open_upload(intake, "花名册", FILES, "zhen", [TOWN]))
    assert not any(again.new.values())
    assert not any(again.changed.values())
    assert again.same == sum(len(rows) for rows in map(intake.tables.get, MODELS) if rows)


@pytest.mark.req("REG-6")
def test_some_villages_now_and_the_others_later(db: None, intake: Intake) -> None:
    upload = open_upload(intake, "花名册", FILES, "zhen", [TOWN])
    villages = sorted(preview(upload).villages)
    accept(upload, "zhen", [TOWN], villages[:1])
    assert set(Household.objects.values_list("area_code", flat=True)) == set(villages[:1])
    assert not Member.objects.exclude(household__area_code=villages[0]).exists()
    accept(open_upload(intake, "花名册", FILES, "zhen", [TOWN]), "zhen", [TOWN])
    assert set(Household.objects.values_list("area_code", flat=True)) == set(villages)


@pytest.mark.req("REG-6", "REG-7")
def test_undoing_gives_back_what_was(db: None) -> None:
    take_in(told(cars="1"), "zhen", [TOWN])
    before = everything()
    second = take_in(told(ON + timedelta(days=1), cars="2", away="true", phone="19900000002"), "zhen", [TOWN])
    assert second.changed == {"households": 1, "members": 1, "income_items": 0}
    assert secrets.read(f"{TOWN}2010001-1", Member.objects.get().secret) == {"phone": "19900000002"}
    assert undo(second.source, "zhen") == 2
    assert everything() == before
    with pytest.raises(InputError, match="已经撤回"):
        undo(Source.objects.get(pk=second.source.pk), "zhen")
    first = Source.objects.order_by("pk").first()
    assert first is not None
    undo(first, "zhen")
    assert not any(everything().values())


@pytest.mark.req("REG-6")
def test_what_something_rests_on_is_not_undone(db: None) -> None:
    first = take_in(told(cars="1"), "zhen", [TOWN])
    take_in(told(ON + timedelta(days=1), cars="2"), "zhen", [TOWN])
    before = everything()
    with pytest.raises(InputError, match=f"{TOWN}2010001"):
        undo(first.source, "zhen")
    assert everything() == before


@pytest.mark.req("REG-7")
def test_the_later_day_wins_whatever_came_first(db: None) -> None:
    take_in(told(ON, cars="1"), "zhen", [TOWN])
    take_in(told(ON + timedelta(days=9), cars="2"), "zhen", [TOWN])
    older = take_in(told(ON + timedelta(days=5), cars="3", machinery="1"), "zhen", [TOWN])
    home = Household.objects.get()
    assert (home.cars, home.machinery) == (2, 1)
    assert Change.objects.get(source=older.source, table="households").changes["cars"][1] == 3
    undo(older.source, "zhen")
    home.refresh_from_db()
    assert (home.cars, home.machinery) == (2, None)


@pytest.mark.req("SEC-2")
def test_what_was_read_lies_encrypted_and_goes_when_it_is_declined(db: None, intake: Intake) -> None:
    upload = open_upload(intake, "花名册", FILES, "zhen", [TOWN])
    numbers = [row["id_number"] for row in intake.tables["members"] if row.get("id_number")]
    files = [path for path in data_folder().rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        assert not any(number.encode() in content for number in numbers[:50]), path
        assert path.stat().st_mode & 0o077 == 0, path
    with connection.cursor() as cursor:
        cursor.execute("SELECT report FROM registry_upload")
        assert not any(number in str(cursor.fetchone()) for number in numbers)
    decline(upload, "zhen")
    with pytest.raises(FileNotFoundError):
        evidence.found(upload.evidence)
    with pytest.raises(InputError, match="处理过"):
        accept(Upload.objects.get(), "zhen", [TOWN])


@pytest.mark.req("REG-6")
def test_a_fault_in_the_middle_leaves_nothing(
    db: None, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shouwang.server.registry import services

    upload = open_upload(intake, "花名册", FILES, "zhen", [TOWN])
    parts = services.differences(replace(told_by(intake, "x", FILES)).tables)

    def failing(_tables: Any) -> Iterator[Any]:
        yield next(parts)
        raise OSError("no space left")

    monkeypatch.setattr(services, "differences", failing)
    with pytest.raises(OSError, match="space"):
        accept(upload, "zhen", [TOWN])
    assert not any(everything().values())
    assert Source.objects.count() == Change.objects.count() == 0
    assert Upload.objects.get().state == "waiting"


@pytest.mark.req("REG-6", "SEC-1")
def test_the_buttons_of_the_page(somebody: Callable[..., Person], intake: Intake) -> None:
    person = somebody("town_officer")
    upload = open_upload(intake, "花名册", FILES, "zhen", [TOWN])
    page, decide = reverse("upload", args=[upload.pk]), reverse("decide_upload", args=[upload.pk])
    assert "将新增" in person.client.get(page).content.decode()
    none = person.client.post(decide, {"decision": "accept"})
    assert none.status_code == 422
    assert "一个村也没有选" in none.content.decode()
    assert person.client.post(decide, {"decision": "什么"}).status_code == 422
    elsewhere = somebody("town_officer", "500151100")
    assert elsewhere.client.get(page).status_code == 404
    assert elsewhere.client.post(decide, {"decision": "decline"}).status_code == 404
    assert IncomeItem.objects.count() == 0
    village = sorted(preview(upload).villages)[0]
    done = person.client.post(decide, {"decision": "accept", "village": village}, follow=True)
    assert "新增" in done.content.decode()
    assert person.client.post(decide, {"decision": "accept", "village": village}).status_code == 422
    assert "已撤回" in person.client.post(decide, {"decision": "undo"}, follow=True).content.decode()
    assert not any(everything().values())


@pytest.mark.req("REG-6")
def test_two_files_of_one_name_are_two_files(somebody: Callable[..., Person]) -> None:
    person = somebody("town_officer")
    with FILES[0].open("rb") as one, FILES[1].open("rb") as other:
        other_name = SimpleUploadedFile("农户花名册.xlsx", other.read())
        answer = person.client.post(
            reverse("import_files"), {"files": [one, other_name], "on": "2024-09-01"}, follow=True
        )
    assert answer.status_code == 200
    assert len(Upload.objects.get().report["files"]) == 2
    assert "883 条收支" in answer.content.decode()


@pytest.mark.req("REG-6")
def test_what_does_not_fit_is_said_or_kept_whole(db: None) -> None:
    long = told(address="长" * 500, head_name="名" * 300)
    take_in(long, "zhen", [TOWN])
    assert Household.objects.get().address == "长" * 500
    number = "9" * 60
    rows = {
        "households": [{"household_id": number, "area_code": f"{TOWN}201"}],
        "members": [],
        "income_items": [],
    }
    before = everything()
    if connection.vendor == "postgresql":
        with pytest.raises(InputError, match="太长"):
            take_in(Told("表", ON, TOWN, "0" * 64, rows, {}), "zhen", [TOWN])
        assert everything() == before
