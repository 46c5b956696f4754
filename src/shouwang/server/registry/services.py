"""Writing facts: one transaction per source, a change row per entity, an audit line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import models, transaction
from pypinyin import Style, lazy_pinyin

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.server.accounts.services import audit
from shouwang.server.areas.services import ensure_areas
from shouwang.server.registry import secrets
from shouwang.server.registry.models import SECRET, Change, Household, IncomeItem, Member, Source
from shouwang.server.registry.rules import changed, value_of
from shouwang.tables.dictionary import TABLES
from shouwang.tables.intake import Intake

MODELS: Mapping[str, type[models.Model]] = {
    "households": Household,
    "members": Member,
    "income_items": IncomeItem,
}
BATCH = 2000


@dataclass(frozen=True)
class TakenIn:
    """What an import came to: rows by table, new and changed; those that said nothing new are neither."""

    source: Source
    new: Mapping[str, int]
    changed: Mapping[str, int]


@dataclass
class _Written:
    source: Source
    recorded_at: datetime
    new: int = 0
    changed: int = 0


def take_in(intake: Intake, files: Sequence[Path], *, name: str, by: str, places: Sequence[str]) -> TakenIn:
    """Puts what an intake found into the registry, whole or not at all.

    InputError where nothing was found, or where a household lies outside ``places`` (area codes).
    """
    households = intake.tables.get("households", [])
    if not households:
        raise InputError(
            _("这些文件里没有认出农户"), where=name, remedy=_("请连同花名册一起上传；名单和收支表要靠它认人")
        )
    _check_places(households, places, name)
    with transaction.atomic():
        ensure_areas(
            (row.get("area_code", "") for row in households),
            {code: said.most_common(1)[0][0] for code, said in intake.villages.names.items() if said},
        )
        now = datetime.now(UTC)
        source = Source.objects.create(
            kind="file",
            name=name,
            sha256=_hash(files),
            by=by,
            at=now,
            held_on=intake.on,
            area_code=intake.area,
        )
        new: dict[str, int] = {}
        altered: dict[str, int] = {}
        for table in MODELS:
            done = _Written(source, now)
            rows = iter(intake.tables.get(table, []))
            while part := list(islice(rows, BATCH)):
                _write(table, part, done)
            new[table], altered[table] = done.new, done.changed
        audit(by, "import", area_code=intake.area, thing=f"source {source.pk}", new=new, changed=altered)
    return TakenIn(source, new, altered)


def _check_places(rows: Iterable[Mapping[str, str]], places: Sequence[str], name: str) -> None:
    outside = sorted(
        {row.get("area_code", "") for row in rows if not row.get("area_code", "").startswith(tuple(places))}
    )
    if outside:
        raise InputError(
            _("有农户不在你的辖区里：{codes}").format(codes="、".join(outside[:3]) or _("没有村码")),
            where=name,
            remedy=_("请只导入本辖区的花名册，或请上级导入"),
        )


def _hash(files: Sequence[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def _write(table: str, rows: Sequence[Mapping[str, str]], done: _Written) -> None:
    """Writes one batch: what is new, what says something else than before, and the change rows of both."""
    model, key = MODELS[table], TABLES[table].key
    told = {row[key]: _told(table, row) for row in rows if row.get(key)}
    there = {str(row.pk): row for row in model._default_manager.filter(pk__in=told)}
    fresh: list[models.Model] = []
    altered: list[models.Model] = []
    changes = []
    for number, values in told.items():
        row = there.get(number)
        before = _known(table, row) if row is not None else {}
        found = changed(before, values)
        if not found:
            continue
        entity: Any = row if row is not None else model(pk=number)
        _put(table, entity, {name: values[name] for name in found}, before)
        (altered if row is not None else fresh).append(entity)
        household = values["household_id"]
        hidden = {
            name: ["…" if pair[0] else None, "…"] if name in SECRET.get(table, ()) else pair
            for name, pair in found.items()
        }
        changes.append(
            Change(source=done.source, household_id=household, table=table, entity=number, held_on=done.source.held_on,
                   recorded_at=done.recorded_at, changes=hidden)
        )  # fmt: skip
    model._default_manager.bulk_create(fresh)
    if altered:
        names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
        model._default_manager.bulk_update(altered, names, batch_size=100)
    Change.objects.bulk_create(changes)
    done.new += len(fresh)
    done.changed += len(altered)


def _told(table: str, row: Mapping[str, str]) -> dict[str, Any]:
    columns = TABLES[table].by_name
    return {name: value_of(columns[name], text) for name, text in row.items() if name in columns}


def _known(table: str, row: Any) -> dict[str, Any]:
    """What is known of a row, with what is kept secret."""
    open_columns = (name for name in TABLES[table].by_name if name not in SECRET.get(table, ()))
    known = {name: getattr(row, "household_id" if name == "household_id" else name) for name in open_columns}
    return known | (secrets.read(str(row.pk), row.secret) if table in SECRET else {})


def _put(table: str, entity: Any, values: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    hidden = SECRET.get(table, ())
    for name, value in values.items():
        if name not in hidden and name != TABLES[table].key:
            setattr(entity, name, value)
    kept = {name: values.get(name) or before.get(name) for name in hidden}
    if any(name in values for name in hidden):
        entity.secret = secrets.seal(
            str(entity.pk), {name: str(value) for name, value in kept.items() if value}
        )
    if table == "members":
        if "id_number" in values:
            entity.id_index = secrets.index_of(str(values["id_number"]))
        if "name" in values:
            entity.initials = initials(str(values["name"]))


def initials(name: str) -> str:
    """The first letters of a name in pinyin, small: 陈建国 → cjg."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))[:20].lower()


def rows_of(table: str, places: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of a table in these areas in the dictionary's columns, without what is kept secret."""
    model = MODELS[table]
    hidden = SECRET.get(table, ())
    names = [name for name in TABLES[table].by_name if name not in hidden]
    place = models.Q(pk__in=[])
    for code in places:
        place |= models.Q(
            **{("area_code" if table == "households" else "household__area_code") + "__startswith": code}
        )
    yield from model._default_manager.filter(place).order_by("pk").values(*names).iterator(BATCH)


def day_of(text: str, where: str) -> date:
    """A day as a form gives it; InputError where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(_("日期要写成 2024-09-01 这样"), where=where, remedy=_("请重新填写日期")) from None
