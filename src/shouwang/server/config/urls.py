"""Every address of the server. Each view says the right that it needs; a test goes through this list."""

from __future__ import annotations

from django.urls import path

from shouwang.server.pages import views

urlpatterns = [
    path("", views.start, name="start"),
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("language", views.speak, name="speak"),
    path("healthz", views.healthy, name="healthy"),
    path("households", views.households, name="households"),
    path("households/<str:household_id>", views.household, name="household"),
    path("households/<str:household_id>/numbers", views.numbers, name="numbers"),
    path("audit", views.audit_trail, name="audit_trail"),
    path("imports", views.imports, name="imports"),
    path("imports/new", views.import_files, name="import_files"),
    path("imports/<int:number>", views.upload, name="upload"),
    path("imports/<int:number>/decide", views.decide_upload, name="decide_upload"),
    path("screening", views.screen, name="screen"),
    path("ledgers/suspected.xlsx", views.suspected_ledger, name="suspected_ledger"),
]
handler403 = "shouwang.server.pages.errors.refused"
handler404 = "shouwang.server.pages.errors.missing"
handler500 = "shouwang.server.pages.errors.broken"
