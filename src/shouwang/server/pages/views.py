"""The shell's pages: signing in, today, households, import, screening, the suspected ledger."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.errors import InputError
from shouwang.language import LANGUAGES, _, current
from shouwang.policy.loading import load, shipped
from shouwang.server.accounts.access import Asked, needs, public
from shouwang.server.accounts.chain import broken
from shouwang.server.accounts.queries import acts_since, audit_chain, audit_page, within
from shouwang.server.accounts.services import audit
from shouwang.server.areas.models import Area
from shouwang.server.config.place import data_folder
from shouwang.server.pages.middleware import COOKIE
from shouwang.server.pages.sentences import headline, household_lead, import_headline
from shouwang.server.registry import queries as registry
from shouwang.server.registry.imports import accept, day_of, decline, open_upload, preview, told_of, undo
from shouwang.server.registry.models import Upload
from shouwang.server.screening import queries as screening
from shouwang.server.screening.services import ledger_of, run_screening
from shouwang.tables.intake import load_words
from shouwang.tables.intake import take_in as read_sheets

MOST_FILES, MOST_BYTES = 40, 60 << 20
LEAST_REASON, MOST_LOOKS = 4, 30  # characters; households an hour whose numbers one person may see whole


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; what was typed as the name stays."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = "/"
    shown: dict[str, Any] = {"next": target}
    if request.method == "POST":
        user = authenticate(
            request, username=request.POST.get("username", ""), password=request.POST.get("password", "")
        )
        with transaction.atomic():
            audit(
                user.get_username() if user else request.POST.get("username", "")[:60],
                "sign_in" if user else "sign_in.refused",
            )
            if user is not None:
                login(request, user)
        if user is not None:
            return redirect(target)
        shown |= {"username": request.POST.get("username", ""), "wrong": True}
    return render(request, "pages/sign_in.html", shown, status=403 if "wrong" in shown else 200)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    if request.user.is_authenticated:
        with transaction.atomic():
            audit(request.user.get_username(), "sign_out")
            logout(request)
    return redirect("sign_in")


@public
@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """Changes the language of the pages and goes back."""
    back = request.POST.get("next", "/")
    answer = redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/")
    chosen = request.POST.get("language", "zh")
    answer.set_cookie(
        COOKIE, chosen if chosen in LANGUAGES else "zh", max_age=400 * 86400, samesite="Lax", httponly=True
    )
    return answer


@public
@require_GET
def healthy(_request: HttpRequest) -> HttpResponse:
    """Whether the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@needs("start")
@require_GET
def start(request: Asked) -> HttpResponse:
    """What there is and what comes next."""
    households = registry.count(request.places)
    run = screening.newest_run(request.places[0])
    found = screening.most_found(run, request.places) if run else []
    rules = _labels(run.pack) if run else {}
    rows = [(rules.get(name, name), level, number) for name, level, number in found]
    return render(
        request,
        "pages/start.html",
        {"households": households, "run": run, "found": rows, "headline": headline(households, run, found)},
    )


def _labels(name: str) -> dict[str, str]:
    """What people call the rules and the kinds of income of a pack."""
    pack = load(name)
    return {entry: pack.label(entry, current()) for entry in (*pack.rules, *pack.kinds)}


@needs("household.read")
@require_GET
def households(request: Asked) -> HttpResponse:
    """The list of households, by number; the words of the search narrow it."""
    words = request.GET.get("q", "").strip()
    listed = registry.households(request.places, words, request.GET.get("after", ""))
    return render(
        request,
        "pages/households.html",
        {"listed": listed, "q": words, "households": registry.count(request.places)},
    )


@needs("household.read")
@require_GET
def household(request: Asked, household_id: str) -> HttpResponse:
    """One household: what is known, what was found, what is not known."""
    home = registry.household(request.places, household_id)
    if home is None:
        raise Http404
    found = screening.judged(household_id, home.area_code)
    labels = _labels(found.run.pack if found else "national")
    return render(
        request,
        "pages/household.html",
        {
            "home": home,
            "members": home.members.order_by("pk"),
            "items": [
                (labels.get(item.kind or "", item.kind or ""), item)
                for item in home.income_items.order_by("kind", "received_on")
            ],
            "findings": [(labels.get(row.finding, row.finding), row) for row in found.findings]
            if found
            else [],
            "unknown": [labels.get(row.finding, row.finding) for row in found.unknown] if found else [],
            "sources": registry.sources_of(home),
            "judged": found,
            "lead": household_lead(found),
        },
    )


@needs("household.number")
@require_http_methods(["GET", "POST"])
def numbers(request: Asked, household_id: str) -> HttpResponse:
    """Whole ID numbers and phones of a household: with a reason, for a minute, written down."""
    home = registry.household(request.places, household_id)
    if home is None:
        raise Http404
    who, reason = request.user.get_username(), request.POST.get("reason", "").strip()
    shown: dict[str, Any] = {"home": home, "reason": reason}
    if request.method == "GET":
        return render(request, "pages/numbers.html", shown)
    if len(reason) < LEAST_REASON:
        shown["error"] = _("请写明为什么要看，至少 {n} 个字").format(n=LEAST_REASON)
        return render(request, "pages/numbers.html", shown, status=422)
    if acts_since(who, "number.read", datetime.now(UTC) - timedelta(hours=1)) >= MOST_LOOKS:
        shown["error"] = _("一小时内最多看 {n} 户，请过一会儿再看").format(n=MOST_LOOKS)
        return render(request, "pages/numbers.html", shown, status=429)
    with transaction.atomic():
        audit(who, "number.read", area_code=home.area_code or "", thing=household_id, reason=reason[:200])
    shown["rows"] = registry.whole_numbers(home)
    answer = render(request, "pages/numbers.html", shown)
    answer["Refresh"] = f"60; url={reverse('household', args=[household_id])}"
    return answer


@needs("audit.read")
@require_GET
def audit_trail(request: Asked) -> HttpResponse:
    """What was done by whom, the newest first; on demand whether the chain of lines holds."""
    before = request.GET.get("before", "")
    lines = audit_page(int(before) if before.isdigit() else None)
    shown: dict[str, Any] = {"lines": lines, "before": lines[-1].pk if len(lines) == 50 else None}
    if "verify" in request.GET:
        shown["broken"] = broken(audit_chain())
        shown["verified"] = True
    return render(request, "pages/audit.html", shown)


@needs("import.read")
@require_GET
def imports(request: Asked) -> HttpResponse:
    """Earlier uploads, and a place to drop files."""
    return render(request, "pages/imports.html", _import_page(request))


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
            request, "pages/imports.html", {**_import_page(request), **typed, "error": error}, status=422
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
        for file in files:
            path = Path(folder) / Path(file.name or "x").name
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
        "pages/upload.html",
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


@needs("screening.run")
@require_http_methods(["GET", "POST"])
def screen(request: Asked) -> HttpResponse:
    """Runs a pack over the households of one's area."""
    shown: dict[str, Any] = {
        "packs": [(pack.id, pack.title_en if current() == "en" else pack.title) for pack in shipped()],
        "on": request.POST.get("on") or date.today().isoformat(),
        "chosen": request.POST.get("pack", ""),
    }
    if request.method == "POST":
        try:
            if shown["chosen"] not in {name for name, _label in shown["packs"]}:
                raise InputError(_("没有这个政策包"), where=_("政策包"), remedy=_("请从列表里选一个"))
            day = day_of(shown["on"], _("研判日期"))
            runs = [
                run_screening(shown["chosen"], day, place, request.user.get_username())
                for place in request.places
            ]
        except InputError as error:
            return render(request, "pages/screen.html", {**shown, "error": error}, status=422)
        messages.success(
            request,
            _("研判了 {n} 户，看出 {m} 条。").format(
                n=sum(run.summary["counts"]["households"] for run in runs),
                m=sum(sum(run.summary["counts"]["findings"].values()) for run in runs),
            ),
        )
        return redirect("start")
    return render(request, "pages/screen.html", shown)


@needs("ledger.read")
@require_GET
def suspected_ledger(request: Asked) -> FileResponse:
    """Annex 3 of the newest run, as the spreadsheet that goes to the town; only for the area that the run covers."""
    run = screening.run_inside(request.places)
    if run is None or not ledger_of(run).is_file():
        raise Http404
    with transaction.atomic():
        audit(request.user.get_username(), "ledger.export", area_code=run.area_code, thing=f"run {run.pk}")
    return FileResponse(
        ledger_of(run).open("rb"),
        as_attachment=True,
        filename=_("疑似问题核实台账 {on}.xlsx").format(on=run.on.isoformat()),
    )
