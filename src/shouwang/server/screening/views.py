"""Screening one's area, and the suspected ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from shouwang.errors import InputError
from shouwang.language import _, current
from shouwang.policy.loading import shipped
from shouwang.server.accounts.access import Asked, needs
from shouwang.server.accounts.services import audit
from shouwang.server.registry.imports import day_of
from shouwang.server.screening.queries import run_inside
from shouwang.server.screening.services import ledger_of, run_screening


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
            return render(request, "screening/screen.html", {**shown, "error": error}, status=422)
        messages.success(
            request,
            _("研判了 {n} 户，看出 {m} 条。").format(
                n=sum(run.summary["counts"]["households"] for run in runs),
                m=sum(sum(run.summary["counts"]["findings"].values()) for run in runs),
            ),
        )
        return redirect("start")
    return render(request, "screening/screen.html", shown)


@needs("ledger.read")
@require_GET
def suspected_ledger(request: Asked) -> FileResponse:
    """Annex 3 of the newest run, as the spreadsheet that goes to the town; only for the area that the run covers."""
    run = run_inside(request.places)
    if run is None or not ledger_of(run).is_file():
        raise Http404
    with transaction.atomic():
        audit(request.user.get_username(), "ledger.export", area_code=run.area_code, thing=f"run {run.pk}")
    return FileResponse(
        ledger_of(run).open("rb"),
        as_attachment=True,
        filename=_("疑似问题核实台账 {on}.xlsx").format(on=run.on.isoformat()),
    )
