"""What a page or an endpoint needs: said at the function, checked before it runs, found by a test where it is not said."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shouwang.server.accounts.models import User
from shouwang.server.accounts.queries import places_of
from shouwang.server.accounts.roles import RIGHTS

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
PUBLIC = "public"


class Asked(HttpRequest):
    """A request of somebody who signed in: ``places`` are the areas in which the page's right holds."""

    user: User
    places: tuple[str, ...]


def needs(right: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """The page is for those who have the right somewhere; where it holds is in ``request.places``."""
    if right not in RIGHTS:
        raise ValueError(f"no such right: {right}")

    def with_right(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: Any, *arguments: Any, **named: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            request.places = places_of(request.user, right)
            if not request.places:
                raise PermissionDenied
            return view(request, *arguments, **named)

        checked.right = right  # type: ignore[attr-defined]
        return checked

    return with_right


def public(view: View) -> View:
    """The page is for everybody."""
    view.right = PUBLIC  # type: ignore[attr-defined]
    return view
