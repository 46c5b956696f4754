"""Imports from upload to undo, and whole numbers with a reason."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.server.accounts.access import Asked, needs
from shouwang.server.accounts.queries import acts_since, within
from shouwang.server.accounts.services import audit
from shouwang.server.areas.models import Area
from shouwang.server.config.place import data_folder
from shouwang.server.registry import queries
from shouwang.server.registry.imports import accept, day_of, decline, open_upload, preview, told_of, undo
from shouwang.server.registry.models import Upload
from shouwang.server.registry.sentences import import_headline
from shouwang.tables.intake import load_words
from shouwang.tables.intake import take_in as read_sheets

MOST_FILES, MOST_BYTES = 40, 60 << 20
LEAST_REASON, MOST_LOOKS = 4, 30  # characters; households an hour whose numbers one person may see whole


@needs("household.number")
@require_http_methods(["GET", "POST"])
def numbers(request: Asked, household_id: str) -> HttpResponse:
    """Whole ID numbers and phones of a household: with a reason, for a minute, written down."""
    home = queries.household(request.places, household_id)
    if home is None:
        raise Http404
    who, reason = request.user.get_username(), request.POST.get("reason", "").strip()
    shown: dict[str, Any] = {"home": home, "reason": reason}
    if request.method == "GET":
        return render(request, "registry/numbers.html", shown)
    if len(reason) < LEAST_REASON:
        shown["error"] = _("请写明为什么要看，至少 {n} 个字").format(n=LEAST_REASON)
        return render(request, "registry/numbers.html", shown, status=422)
    if acts_since(who, "number.read", datetime.now(UTC) - timedelta(hours=1)) >= MOST_LOOKS:
        shown["error"] = _("一小时内最多看 {n} 户，请过一会儿再看").format(n=MOST_LOOKS)
        return render(request, "registry/numbers.html", shown, status=429)
    with transaction.atomic():
        audit(who, "number.read", area_code=home.area_code or "", thing=household_id, reason=reason[:200])
    shown["rows"] = queries.whole_numbers(home)
    answer = render(request, "registry/numbers.html", shown)
    answer["Refresh"] = f"60; url={reverse('household', args=[household_id])}"
    return answer


@needs("import.read")
@require_GET
def imports(request: Asked) -> HttpResponse:
    """Earlier uploads, and a place to drop files."""
    return render(request, "registry/imports.html", _import_page(request))


def _import_page(request: Asked) -> dict[str, Any]:
    uploads = Upload.objects.filter(within(request.places)).select_related("source").order_by("-pk")[:20]
    return {"uploads": uploads, "today": date.today().isoformat()}


@needs("import.write")
@require_POST
def import_files(request: Asked) -> HttpResponse:
    """Reads office spreadsheets and shows what taking them in would do; nothing is taken in yet."""
    typed = {"on": request.POST.get("on", "")}
    try:
        upload = _read_files(request, request.FILES.getlist("files"), typed["on"])
    except InputError as error:
        return render(
            request, "registry/imports.html", {**_import_page(request), **typed, "error": error}, status=422
        )
    return redirect("upload", upload.pk)


def _read_files(request: Asked, files: list[UploadedFile[bytes]], on: str) -> Upload:
    if not files:
        raise InputError(_("还没有选文件"), where=_("表格"), remedy=_("请选一个或几个表格文件"))
    if len(files) > MOST_FILES or sum(file.size or 0 for file in files) > MOST_BYTES:
        raise InputError(
            _("文件太多或太大"),
            where=_("表格"),
            remedy=_("一次最多 {n} 个文件、共 {mb} MB，请分几次").format(n=MOST_FILES, mb=MOST_BYTES >> 20),
        )
    day = day_of(on, _("数据日期"))
    with tempfile.TemporaryDirectory(dir=data_folder(), prefix="import-") as folder:
        paths = []
        for number, file in enumerate(files, 1):
            path = Path(folder) / str(number) / Path(file.name or "x").name  # two may have one name
            path.parent.mkdir()
            with path.open("wb") as target:
                for part in file.chunks():
                    target.write(part)
            paths.append(path)
        area = request.places[0] if len(request.places) == 1 and request.places[0] else None
        intake = read_sheets(paths, area=area, on=day, words=load_words())
        name = "、".join(path.name for path in paths)
        return open_upload(intake, name, paths, request.user.get_username(), request.places)


@needs("import.read")
@require_GET
def upload(request: Asked, number: int) -> HttpResponse:
    """What files were taken for, and what taking them in would do, or did."""
    return _upload_page(request, _upload(request, number))


def _upload(request: Asked, number: int) -> Upload:
    found = Upload.objects.filter(within(request.places), pk=number).select_related("source").first()
    if found is None:
        raise Http404
    return found


def _upload_page(request: Asked, found: Upload, error: InputError | None = None) -> HttpResponse:
    shown = preview(found) if found.state == "waiting" else None
    names = dict(Area.objects.filter(pk__in=shown.villages).values_list("code", "name")) if shown else {}
    names = {**(told_of(found).villages if shown else {}), **names}
    quarantined = [
        (entry["file"], one["sheet"], one.get("cell") or one.get("row"), one["value"], one["reason"])
        for entry in found.report["files"]
        for one in (*entry["quarantined"], *entry["not_understood"])
    ]
    return render(
        request,
        "registry/upload.html",
        {
            "upload": found, "preview": shown, "error": error, "quarantined": quarantined[:200], "kept_out": len(quarantined),
            "villages": [(code, names.get(code, code), counts) for code, counts in shown.villages.items()] if shown else [],
            "headline": import_headline(found, shown),
        },
        status=422 if error else 200,
    )  # fmt: skip


@needs("import.write")
@require_POST
def decide_upload(request: Asked, number: int) -> HttpResponse:
    """Takes an upload in (all, or the villages that were ticked), puts it aside, or takes it back."""
    found, who = _upload(request, number), request.user.get_username()
    decision = request.POST.get("decision", "")
    try:
        if decision == "accept":
            taken = accept(found, who, request.places, _villages(request))
            said = _("新增 {households} 户 {members} 人，改动 {changed} 户。").format(
                households=taken.new["households"], members=taken.new["members"], changed=taken.changed["households"]
            )  # fmt: skip
        elif decision == "decline":
            decline(found, who)
            said = _("这批文件没有导入，读出的内容已删除。")
        elif decision == "undo" and found.source is not None:
            said = _("已撤回，恢复了 {n} 条。").format(n=undo(found.source, who))
        else:
            raise InputError(_("不知道要做什么"), where=found.name, remedy=_("请用页面上的按钮"))
    except InputError as error:
        return _upload_page(request, _upload(request, number), error)
    messages.success(request, said)
    return redirect("upload", number)


def _villages(request: Asked) -> list[str]:
    """The villages that were ticked; InputError where none is."""
    chosen = request.POST.getlist("village")
    if not chosen:
        raise InputError(_("一个村也没有选"), where=_("村"), remedy=_("请勾选要导入的村，或选“不导入”"))
    return chosen
