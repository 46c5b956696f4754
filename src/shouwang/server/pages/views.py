"""The shell's pages: the language, today, the list of households, a household."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from shouwang.language import LANGUAGES, current
from shouwang.policy.loading import load
from shouwang.server.accounts.access import Asked, needs, public
from shouwang.server.areas.models import Area
from shouwang.server.pages.middleware import COOKIE
from shouwang.server.pages.sentences import asked, headline, household_lead
from shouwang.server.registry import queries as registry
from shouwang.server.screening import queries as screening


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
    names = dict(
        Area.objects.filter(pk__in={home.area_code for home in listed.rows}).values_list("code", "name")
    )
    return render(
        request,
        "pages/households.html",
        {
            "listed": listed,
            "q": words,
            "households": registry.count(request.places),
            "rows": [(home, names.get(home.area_code or "", home.area_code or "")) for home in listed.rows],
        },
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
            "unknown": asked(found.unknown, labels) if found else [],
            "sources": registry.sources_of(home),
            "judged": found,
            "lead": household_lead(found),
        },
    )
