"""Signing in and out, and the audit trail."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouwang.server.accounts.access import Asked, needs, public
from shouwang.server.accounts.chain import broken
from shouwang.server.accounts.queries import audit_chain, audit_page, known_name
from shouwang.server.accounts.services import audit


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; what was typed as the name stays."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = "/"
    shown: dict[str, Any] = {"next": target}
    if request.method == "POST":
        typed = request.POST.get("username", "")
        user = authenticate(request, username=typed, password=request.POST.get("password", ""))
        with transaction.atomic():
            audit(
                user.get_username() if user else known_name(typed), "sign_in" if user else "sign_in.refused"
            )
            if user is not None:
                login(request, user)
        if user is not None:
            return redirect(target)
        shown |= {"username": typed, "wrong": True}
    return render(request, "accounts/sign_in.html", shown, status=403 if "wrong" in shown else 200)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    if request.user.is_authenticated:
        with transaction.atomic():
            audit(request.user.get_username(), "sign_out")
            logout(request)
    return redirect("sign_in")


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
    return render(request, "accounts/audit.html", shown)
