"""Every address of the server. Each view says the right that it needs; a test goes through this list."""

from __future__ import annotations

from django.urls import path

from shouwang.server.accounts import views as accounts
from shouwang.server.pages import views as pages
from shouwang.server.registry import views as registry
from shouwang.server.screening import views as screening

urlpatterns = [
    path("", pages.start, name="start"),
    path("sign-in", accounts.sign_in, name="sign_in"),
    path("sign-out", accounts.sign_out, name="sign_out"),
    path("language", pages.speak, name="speak"),
    path("healthz", pages.healthy, name="healthy"),
    path("households", pages.households, name="households"),
    path("households/<str:household_id>", pages.household, name="household"),
    path("households/<str:household_id>/numbers", registry.numbers, name="numbers"),
    path("audit", accounts.audit_trail, name="audit_trail"),
    path("imports", registry.imports, name="imports"),
    path("imports/new", registry.import_files, name="import_files"),
    path("imports/<int:number>", registry.upload, name="upload"),
    path("imports/<int:number>/decide", registry.decide_upload, name="decide_upload"),
    path("screening", screening.screen, name="screen"),
    path("ledgers/suspected.xlsx", screening.suspected_ledger, name="suspected_ledger"),
]
handler403 = "shouwang.server.pages.errors.refused"
handler404 = "shouwang.server.pages.errors.missing"
handler500 = "shouwang.server.pages.errors.broken"
