"""What the shell around every page shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from shouwang.language import current
from shouwang.server.accounts.queries import places_of, rights_of
from shouwang.server.areas.models import Area
from shouwang.server.screening.queries import run_inside


def shell(request: HttpRequest) -> dict[str, Any]:
    """The language, the person's rights and the name of where they work."""
    found: dict[str, Any] = {"language": current()}
    if getattr(request, "user", None) is not None and request.user.is_authenticated:
        places = places_of(request.user, "start")
        area = Area.objects.filter(pk=places[0]).first() if len(places) == 1 else None
        ledger = places_of(request.user, "ledger.read")
        found |= {
            "rights": rights_of(request.user),
            "where": area.name if area else "",
            "has_ledger": bool(ledger) and run_inside(ledger) is not None,
        }
    return found
