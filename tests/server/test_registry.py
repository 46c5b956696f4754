"""Facts as they are kept: exact, secret where they must be, with where they came from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from shouwang.errors import InputError
from shouwang.server.accounts.models import AuditLine
from shouwang.server.registry import secrets
from shouwang.server.registry.fields import MoneyField
from shouwang.server.registry.imports import told_by
from shouwang.server.registry.models import SECRET, Change, Household, IncomeItem, Member
from shouwang.server.registry.queries import households
from shouwang.server.registry.rules import changed, masked_name, masked_number, masked_phone
from shouwang.server.registry.services import MODELS, initials, rows_of, take_in
from shouwang.tables.dictionary import TABLES, Type
from shouwang.tables.intake import Intake, load_words
from shouwang.tables.intake import take_in as read_sheets
from tests.server.conftest import TOWN, Person

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
FILES = [SAMPLES / "农户花名册.xlsx", SAMPLES / "收入明细.xlsx"]
KINDS = {
    Type.TEXT: "TextField", Type.CODE: "CharField", Type.LIST: "TextField", Type.DATE: "DateField", Type.BOOL: "BooleanField",
    Type.INT: "IntegerField", Type.MONEY: "MoneyField", Type.NUMBER: "MoneyField", Type.FLOAT: "FloatField",
}  # fmt: skip


@pytest.mark.req("REG-2", "REG-3")
@pytest.mark.parametrize("table", MODELS)
def test_a_model_has_the_columns_of_the_dictionary(table: str) -> None:
    fields = {field.attname: field for field in MODELS[table]._meta.concrete_fields}
    for column in TABLES[table].columns:
        if column.name in SECRET.get(table, ()):
            assert column.name not in fields
        elif column.name == "household_id" and table != "households":
            assert fields["household_id"].db_column == "household_id"
        else:
            key = column.name.endswith("_id") or column.name == "area_code"
            assert type(fields[column.name]).__name__ == ("CharField" if key else KINDS[column.type]), (
                column.name
            )
            assert fields[column.name].null or column.name == TABLES[table].key
    ours = {"secret", "id_index", "initials"}
    assert set(fields) - ours <= set(TABLES[table].by_name)


@pytest.mark.req("SEC-2")
@given(
    st.text(min_size=1, max_size=30),
    st.dictionaries(st.sampled_from(["id_number", "phone"]), st.text(min_size=1, max_size=40), min_size=1),
)
def test_a_piece_is_read_by_its_own_row_alone(row: str, values: dict[str, str]) -> None:
    piece = secrets.seal(row, values)
    assert piece is not None
    assert secrets.read(row, piece) == values
    for value in values.values():
        assert len(value) < 4 or value.encode() not in piece
    with pytest.raises(secrets.UnreadableError):
        secrets.read(row + "1", piece)
    with pytest.raises(secrets.UnreadableError):
        secrets.read(row, piece[:-1] + bytes([piece[-1] ^ 1]))


@pytest.mark.req("SEC-2")
def test_both_ciphers_can_be_read_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = secrets.seal("1", {"phone": "19900000001"})
    monkeypatch.setenv("SHOUWANG_CIPHER", "aes")
    theirs = secrets.seal("1", {"phone": "19900000001"})
    assert ours is not None
    assert theirs is not None
    assert (ours[0], theirs[0]) == (1, 2)
    number = "500199198001011234"
    assert secrets.index_of(number) in secrets.indexes_of(number)
    monkeypatch.delenv("SHOUWANG_CIPHER")
    assert secrets.index_of(number) in secrets.indexes_of(number)
    assert len(set(secrets.indexes_of(number))) == 2
    assert secrets.read("1", ours) == secrets.read("1", theirs) == {"phone": "19900000001"}


@pytest.mark.req("SEC-1")
def test_masks() -> None:
    assert [masked_name(name) for name in ("陈建国", "王芳", "李", None)] == ["陈*国", "王*", "李*", ""]
    assert masked_number("500199198001011234") == "500*************34"
    assert masked_phone("19900001234") == "199****1234"
    assert masked_phone("123") == "****"


@pytest.mark.req("REG-7")
def test_what_is_not_known_changes_nothing() -> None:
    before = {"cars": 1, "away": False, "phone": None}
    assert changed(before, {"cars": None, "away": False}) == {}
    assert changed(before, {"cars": 2, "away": True}) == {"cars": [1, 2], "away": [False, True]}
    assert changed({}, {"amount": Decimal("8.1"), "on": date(2024, 9, 1)}) == {
        "amount": [None, "8.10"],
        "on": [None, "2024-09-01"],
    }


@pytest.mark.req("INC-1")
@pytest.mark.parametrize("amount", ["0.01", "9999999999.99", "-9999999999.99", "0.10", "1234567.89"])
def test_money_is_exact(db: None, amount: str) -> None:
    home = Household.objects.create(pk="1", oop_medical=Decimal(amount))
    home.refresh_from_db()
    assert home.oop_medical == Decimal(amount)
    assert Household.objects.filter(oop_medical=Decimal(amount)).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT oop_medical FROM registry_household")
        stored = cursor.fetchone()[0]
    assert isinstance(stored, (int, Decimal))
    assert isinstance(Household._meta.get_field("oop_medical"), MoneyField)


@pytest.fixture(scope="module")
def intake() -> Intake:
    """The samples as they are read."""
    return read_sheets(FILES, area=TOWN, on=date(2024, 9, 1), words=load_words())


@pytest.mark.req("REG-6", "REG-7", "SEC-2")
def test_a_roster_comes_in_whole_and_secret_numbers_stay_secret(db: None, intake: Intake) -> None:
    taken = take_in(told_by(intake, "花名册", FILES), "zhen", [TOWN])
    told = {table: intake.tables[table] for table in MODELS}
    assert taken.new == {table: len(rows) for table, rows in told.items()}
    assert {
        "households": Household.objects.count(),
        "members": Member.objects.count(),
        "income_items": IncomeItem.objects.count(),
    } == taken.new
    numbers = [row["id_number"] for row in told["members"] if row.get("id_number")]
    assert len(numbers) > 500
    person = next(row for row in told["members"] if row.get("id_number"))
    kept = Member.objects.get(pk=person["member_id"])
    assert secrets.read(kept.pk, kept.secret)["id_number"] == person["id_number"]
    assert [home.pk for home in households((TOWN,), person["id_number"]).rows] == [person["household_id"]]
    with connection.cursor() as cursor:
        for table in (
            "registry_household",
            "registry_member",
            "registry_change",
            "registry_source",
            "accounts_auditline",
        ):
            cursor.execute(f"SELECT * FROM {table}")
            everything = "\n".join(str(row) for row in cursor.fetchall())
            assert not any(number in everything for number in numbers)
    assert next(iter(rows_of("members", [TOWN]))).keys().isdisjoint(SECRET["members"])


@pytest.mark.req("REG-6", "REG-7")
def test_the_same_file_again_says_nothing_new(db: None, intake: Intake) -> None:
    take_in(told_by(intake, "花名册", FILES), "zhen", [TOWN])
    count = Change.objects.count()
    again = take_in(told_by(intake, "花名册", FILES), "zhen", [TOWN])
    assert set(again.new.values()) == set(again.changed.values()) == {0}
    assert Change.objects.count() == count


@pytest.mark.req("REG-6", "SEC-1")
def test_nothing_comes_in_where_one_household_lies_outside(db: None, intake: Intake) -> None:
    with pytest.raises(InputError, match="辖区"):
        take_in(told_by(intake, "花名册", FILES), "zhen", ["500151122201"])
    assert Household.objects.count() == Change.objects.count() == 0


@pytest.mark.req("REG-6")
def test_wrong_uploads_say_what_to_do_and_change_nothing(somebody: Callable[..., Person]) -> None:
    client = somebody("town_officer").client
    with (SAMPLES / "住建_疑似危房.xlsx").open("rb") as file:
        no_roster = client.post(reverse("import_files"), {"files": file, "on": "2024-09-01"})
    with FILES[0].open("rb") as file:
        no_day = client.post(reverse("import_files"), {"files": file, "on": "昨天"})
    nothing = client.post(reverse("import_files"), {"on": "2024-09-01"})
    for answer, says in ((no_roster, "花名册"), (no_day, "2024-09-01"), (nothing, "选一个")):
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert Household.objects.count() == 0


@pytest.mark.req("REG-3")
def test_initials() -> None:
    assert initials("陈建国") == "cjg"


@pytest.mark.req("SEC-1")
def test_whole_numbers_need_a_reason_and_are_written_down(
    somebody: Callable[..., Person], intake: Intake
) -> None:
    take_in(told_by(intake, "花名册", FILES), "zhen", [TOWN])
    row = next(row for row in intake.tables["members"] if row.get("id_number"))
    path, number = reverse("numbers", args=[row["household_id"]]), row["id_number"]
    person = somebody("town_officer")
    refused = person.client.post(path, {"reason": " 看 "})
    assert refused.status_code == 422
    assert AuditLine.objects.filter(action="number.read").count() == 0
    for page in (
        refused,
        person.client.get(path),
        person.client.get(reverse("household", args=[row["household_id"]])),
    ):
        assert number not in page.content.decode()
    seen = person.client.post(path, {"reason": "核对医保参保"})
    assert number in seen.content.decode()
    assert seen["Refresh"].startswith("60;")
    assert seen["Cache-Control"] == "no-store, private"
    line = AuditLine.objects.get(action="number.read")
    assert (line.who, line.thing, line.details) == (
        person.user.username,
        row["household_id"],
        {"reason": "核对医保参保"},
    )
    for _look in range(29):
        assert person.client.post(path, {"reason": "核对医保参保"}).status_code == 200
    tired = person.client.post(path, {"reason": "核对医保参保"})
    assert tired.status_code == 429
    assert number not in tired.content.decode()


@pytest.mark.req("SEC-3")
def test_the_auditor_sees_whether_the_trail_was_changed(somebody: Callable[..., Person]) -> None:
    client = somebody("auditor").client
    assert "没有被改过" in client.get(reverse("audit_trail"), {"verify": "1"}).content.decode()
    AuditLine.objects.update(who="别人")
    assert "对不上" in client.get(reverse("audit_trail"), {"verify": "1"}).content.decode()
