"""An import from upload to undo: read and kept, looked at, taken in or declined, undone while nothing rests on it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.server.accounts.services import audit
from shouwang.server.registry import evidence, secrets
from shouwang.server.registry.models import SECRET, Change, Source, Upload
from shouwang.server.registry.rules import value_of
from shouwang.server.registry.services import (
    MODELS,
    Difference,
    TakenIn,
    Told,
    check,
    differences,
    put,
    take_in,
    update,
)
from shouwang.tables.dictionary import TABLES
from shouwang.tables.intake import Intake
from shouwang.tables.intake.report import report

SAMPLES = 50


@dataclass
class Preview:
    """What taking an upload in would do: rows by table and village, and some of the changes."""

    new: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MODELS, 0))
    changed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MODELS, 0))
    same: int = 0
    villages: dict[str, Counter[str]] = field(default_factory=dict)
    samples: list[tuple[str, str, str, Any, Any]] = field(default_factory=list)


def told_by(intake: Intake, name: str, files: Sequence[Path]) -> Told:
    """What an intake found, for the registry."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return Told(
        name[:200], intake.on, intake.area, whole.hexdigest(),
        {table: intake.tables.get(table, []) for table in MODELS},
        {code: said.most_common(1)[0][0] for code, said in intake.villages.names.items() if said},
    )  # fmt: skip


def open_upload(intake: Intake, name: str, files: Sequence[Path], by: str, places: Sequence[str]) -> Upload:
    """Keeps what was read until somebody has looked at it. InputError as :func:`services.check`."""
    told = told_by(intake, name, files)
    check(told, places)
    kept = evidence.keep(
        json.dumps({"tables": told.tables, "villages": told.villages}, ensure_ascii=False).encode()
    )
    summary = report(intake)
    for entry in summary["files"]:
        entry.pop("rows", None)
    with transaction.atomic():
        upload = Upload.objects.create(
            name=told.name, by=by, at=datetime.now(UTC), held_on=told.held_on, area_code=told.area_code,
            sha256=told.sha256, evidence=kept, report=summary,
        )  # fmt: skip
        audit(by, "upload", area_code=told.area_code, thing=f"upload {upload.pk}")
    return upload


def told_of(upload: Upload, villages: Sequence[str] = ()) -> Told:
    """What an upload tells, of these villages (of all where none is named)."""
    kept = json.loads(evidence.found(upload.evidence))
    tables = kept["tables"]
    if villages:
        inside = {
            row["household_id"] for row in tables["households"] if row.get("area_code") in set(villages)
        }
        tables = {
            table: [row for row in rows if row.get("household_id") in inside]
            for table, rows in tables.items()
        }
    return Told(upload.name, upload.held_on, upload.area_code, upload.sha256, tables, kept["villages"])


def preview(upload: Upload) -> Preview:
    """What taking it in now would do; nothing is written."""
    told = told_of(upload)
    village_of = {row["household_id"]: row.get("area_code", "") for row in told.tables["households"]}
    shown = Preview()
    for code in sorted(set(village_of.values())):
        shown.villages[code] = Counter(name=0)
    seen = 0
    for part in differences(told.tables):
        for one in part:
            seen += 1
            counts = shown.changed if one.row is not None else shown.new
            counts[one.table] += 1
            kind = "changed" if one.row is not None else "new"
            shown.villages[village_of.get(one.told["household_id"], "")][f"{kind}_{one.table}"] += 1
            if one.row is not None and len(shown.samples) < SAMPLES:
                shown.samples += _samples(one)
    shown.same = sum(len(rows) for rows in told.tables.values()) - seen
    return shown


def _samples(one: Difference) -> list[tuple[str, str, str, Any, Any]]:
    """Household, table, column, before and after; what is kept secret is not shown."""
    hidden = SECRET.get(one.table, ())
    return [
        (one.told["household_id"], one.table, name, *(("…", "…") if name in hidden else pair))
        for name, pair in one.changes.items()
    ]


def accept(upload: Upload, by: str, places: Sequence[str], villages: Sequence[str] = ()) -> TakenIn:
    """Takes an upload in, whole or of some villages. InputError where it was decided already."""
    with transaction.atomic():
        _waiting(upload)
        taken = take_in(told_of(upload, villages), by, places)
        Upload.objects.filter(pk=upload.pk).update(state="taken", source=taken.source)
    return taken


def decline(upload: Upload, by: str) -> None:
    """Puts an upload aside; what was read is removed."""
    with transaction.atomic():
        _waiting(upload)
        Upload.objects.filter(pk=upload.pk).update(state="declined", evidence="")
        audit(by, "upload.declined", area_code=upload.area_code, thing=f"upload {upload.pk}")
    evidence.forget(upload.evidence)


def _waiting(upload: Upload) -> None:
    """Holds the upload for this transaction."""
    held = Upload.objects.select_for_update().get(pk=upload.pk)
    if held.state != "waiting":
        raise InputError(
            _("这批文件已经处理过了"), where=upload.name, remedy=_("请看“以前的导入”；要改就先撤回")
        )


def undo(source: Source, by: str) -> int:
    """Takes back everything a source changed; returns how many entities. InputError where something rests on it."""
    with transaction.atomic():
        held = Source.objects.select_for_update().get(pk=source.pk)
        if held.undone_at is not None:
            raise InputError(_("这次导入已经撤回了"), where=source.name, remedy=_("不用再撤回"))
        rests = _resting_on(source)
        if rests:
            raise InputError(
                _("后来的导入又改了这些户，不能整批撤回：{households}").format(households="、".join(rests)),
                where=source.name,
                remedy=_("请先撤回后来的导入"),
            )
        count = sum(_undo_table(source, table) for table in reversed(list(MODELS)))
        Source.objects.filter(pk=source.pk).update(undone_at=datetime.now(UTC), undone_by=by)
        audit(by, "import.undone", area_code=source.area_code, thing=f"source {source.pk}", entities=count)
    return count


def _resting_on(source: Source) -> list[str]:
    """Some households of this source of which a later one told as well."""
    own = Change.objects.filter(source=source).values("household_id")
    later = Change.objects.filter(household_id__in=own, source__undone_at=None, source_id__gt=source.pk)
    return list(later.values_list("household_id", flat=True).distinct()[:3])


def _undo_table(source: Source, table: str) -> int:
    model, columns = MODELS[table], TABLES[table].by_name
    changes = {change.entity: change for change in Change.objects.filter(source=source, table=table)}
    created = [entity for entity, change in changes.items() if change.is_new]
    back = []
    for row in model._default_manager.filter(pk__in=[e for e in changes if e not in set(created)]):
        change = changes[str(row.pk)]
        secret = secrets.read(str(row.pk), change.secret)
        hidden = SECRET.get(table, ())
        before = {
            name: secret.get(name) if name in hidden else _value(columns[name], pair[0])
            for name, pair in change.changes.items()
        }
        put(table, row, before, secret)
        back.append(row)
    update(table, back)
    for place in range(0, len(created), 500):
        model._default_manager.filter(pk__in=created[place : place + 500]).delete()
    return len(changes)


def _value(column: Any, kept: Any) -> Any:
    """A value as a change row keeps it, as the column holds it."""
    return kept if kept is None or not isinstance(kept, str) else value_of(column, kept)


def day_of(text: str, where: str) -> date:
    """A day as a form gives it; InputError where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(_("日期要写成 2024-09-01 这样"), where=where, remedy=_("请重新填写日期")) from None
