"""Writing facts: one transaction per source, a change row per entity, an audit line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from django.db import DataError, connection, models, transaction
from pypinyin import Style, lazy_pinyin

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.server.accounts.queries import within
from shouwang.server.accounts.services import audit
from shouwang.server.areas.services import ensure_areas
from shouwang.server.registry import secrets
from shouwang.server.registry.models import SECRET, Change, Household, IncomeItem, Member, Source
from shouwang.server.registry.rules import changed, value_of
from shouwang.tables.dictionary import TABLES
from shouwang.tables.intake.model import Record

MODELS: Mapping[str, type[models.Model]] = {
    "households": Household,
    "members": Member,
    "income_items": IncomeItem,
}
BATCH = 2000
_WRITING = 7_305_101  # the number of the lock that PostgreSQL keeps while a source is taken in


@dataclass(frozen=True)
class Told:
    """What a source tells: the day on which it held, its rows by table, what it calls the villages."""

    name: str
    held_on: date
    area_code: str
    sha256: str
    tables: Mapping[str, Sequence[Record]]
    villages: Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """What a source tells of one entity that is not so in the registry; ``row`` is None where the entity is new."""

    table: str
    number: str
    row: Any
    before: Mapping[str, Any]
    told: Mapping[str, Any]
    changes: Mapping[str, list[Any]]


@dataclass(frozen=True)
class TakenIn:
    """What a source came to: rows by table, new and changed; those that said nothing new are neither."""

    source: Source
    new: Mapping[str, int]
    changed: Mapping[str, int]


def differences(tables: Mapping[str, Sequence[Record]]) -> Iterator[list[Difference]]:
    """What the rows tell that is not so yet, some entities at a time, households before members before items."""
    for table, model in MODELS.items():
        key, columns = TABLES[table].key, TABLES[table].by_name
        rows = iter(tables.get(table, ()))
        while part := list(islice(rows, BATCH)):
            told = {
                row[key]: {
                    name: value_of(columns[name], text) for name, text in row.items() if name in columns
                }
                for row in part
                if row.get(key)
            }
            there = {str(row.pk): row for row in model._default_manager.filter(pk__in=told)}
            found = []
            for number, values in told.items():
                row = there.get(number)
                before = known(table, row) if row is not None else {}
                if changes := changed(before, values):
                    found.append(Difference(table, number, row, before, values, changes))
            yield found


def take_in(told: Told, by: str, places: Sequence[str]) -> TakenIn:
    """Puts what a source tells into the registry, whole or not at all.

    A column of which a later day is known keeps its value; what the source says stays in the change row. InputError
    where there are no households, or one lies outside ``places`` (area codes).
    """
    check(told, places)
    new, altered = dict.fromkeys(MODELS, 0), dict.fromkeys(MODELS, 0)
    with _storable(told.name), transaction.atomic():
        _one_at_a_time()
        ensure_areas((row.get("area_code", "") for row in told.tables["households"]), told.villages)
        source = Source.objects.create(
            kind="file", name=told.name, sha256=told.sha256, by=by, at=datetime.now(UTC), held_on=told.held_on,
            area_code=told.area_code,
        )  # fmt: skip
        for part in differences(told.tables):
            for one in part:
                (altered if one.row is not None else new)[one.table] += 1
            if part:
                _write(part, source)
        audit(by, "import", area_code=told.area_code, thing=f"source {source.pk}", new=new, changed=altered)
    return TakenIn(source, new, altered)


@contextmanager
def _storable(name: str) -> Iterator[None]:
    """PostgreSQL refuses what does not fit into a column; then nothing of the source is kept."""
    try:
        yield
    except DataError as error:
        raise InputError(
            _("有一个编号太长或一个数太大，存不下"),
            where=name,
            remedy=_("请检查户编号、村码和各列的数，改好再上传"),
        ) from error


def _one_at_a_time() -> None:
    """Two sources at once would not see each other's rows on PostgreSQL; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITING])


def check(told: Told, places: Sequence[str]) -> None:
    """InputError where the source has no households, or one lies outside ``places``."""
    households = told.tables.get("households") or ()
    if not households:
        raise InputError(
            _("这些文件里没有认出农户"),
            where=told.name,
            remedy=_("请连同花名册一起上传；名单和收支表要靠它认人"),
        )
    codes = {row.get("area_code", "") for row in households}
    outside = sorted(code for code in codes if not code.startswith(tuple(places)))
    if outside:
        raise InputError(
            _("有农户不在你的辖区里：{codes}").format(codes="、".join(outside[:3]) or _("没有村码")),
            where=told.name,
            remedy=_("请只导入本辖区的花名册，或请上级导入"),
        )


def _write(part: Sequence[Difference], source: Source) -> None:
    """Writes entities of one table, and a change row for each."""
    table = part[0].table
    model, later = MODELS[table], _known_later(part, source.held_on)
    fresh: list[models.Model] = []
    altered: list[models.Model] = []
    changes = []
    for one in part:
        entity: Any = one.row if one.row is not None else model(pk=one.number)
        held = {name for name in one.changes if name not in later.get(one.number, ())}
        put(table, entity, {name: one.told[name] for name in held}, one.before)
        (altered if one.row is not None else fresh).append(entity)
        changes.append(_change(one, source))
    model._default_manager.bulk_create(fresh)
    update(table, altered)
    Change.objects.bulk_create(changes)


def _change(one: Difference, source: Source) -> Change:
    hidden = SECRET.get(one.table, ())
    before = {name: str(one.before[name]) for name in hidden if one.before.get(name)}
    return Change(
        source=source, household_id=one.told["household_id"], table=one.table, entity=one.number, held_on=source.held_on,
        recorded_at=source.at, is_new=one.row is None, secret=secrets.seal(one.number, before),
        changes={name: [None if pair[0] is None else "…", "…"] if name in hidden else pair for name, pair in one.changes.items()},
    )  # fmt: skip


def _known_later(part: Sequence[Difference], held_on: date) -> dict[str, set[str]]:
    """Entity → columns of which a later day is known."""
    found: dict[str, set[str]] = {}
    there = [one.number for one in part if one.row is not None]
    rows = Change.objects.filter(
        table=part[0].table, entity__in=there, held_on__gt=held_on, source__undone_at=None
    )
    for entity, changes in rows.values_list("entity", "changes"):
        found.setdefault(entity, set()).update(changes)
    return found


def update(table: str, rows: Sequence[models.Model]) -> None:
    """Writes rows that are there already."""
    model = MODELS[table]
    names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    if rows:
        model._default_manager.bulk_update(rows, names, batch_size=100)


def known(table: str, row: Any) -> dict[str, Any]:
    """What is known of a row, with what is kept secret."""
    found = {name: getattr(row, name) for name in TABLES[table].by_name if name not in SECRET.get(table, ())}
    return found | (secrets.read(str(row.pk), row.secret) if table in SECRET else {})


def put(table: str, entity: Any, values: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """Sets columns of a row that is not written yet; ``before`` is what was kept secret and stays."""
    hidden = SECRET.get(table, ())
    for name, value in values.items():
        if name not in hidden and name != TABLES[table].key:
            setattr(entity, name, value)
    if any(name in values for name in hidden):
        kept = {name: values[name] if name in values else before.get(name) for name in hidden}
        entity.secret = secrets.seal(
            str(entity.pk), {name: str(value) for name, value in kept.items() if value}
        )
    if table == "members":
        if "id_number" in values:
            entity.id_index = secrets.index_of(str(values["id_number"] or ""))
        if "name" in values:
            entity.initials = initials(str(values["name"] or ""))


def initials(name: str) -> str:
    """The first letters of a name in pinyin, small: 陈建国 → cjg."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))[:20].lower()


def rows_of(table: str, places: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows of a table in these areas in the dictionary's columns, without what is kept secret."""
    hidden = SECRET.get(table, ())
    names = [name for name in TABLES[table].by_name if name not in hidden]
    column = "area_code" if table == "households" else "household__area_code"
    place = within(tuple(places), column)
    yield from MODELS[table]._default_manager.filter(place).order_by("pk").values(*names).iterator(BATCH)
