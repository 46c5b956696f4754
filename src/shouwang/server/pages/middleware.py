"""Around every page: the reader's language, what a browser may load, what may be kept."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from shouwang import language

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
COOKIE = "language"


class SpeakAndProtect:
    """Speaks the language that the person chose, and sets the headers of every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers one request."""
        chosen = request.COOKIES.get(COOKIE, "zh")
        spoken = chosen if chosen in language.LANGUAGES else "zh"
        with language.speaking(spoken), translation.override("en" if spoken == "en" else "zh-hans"):
            response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            self._still_here(request)
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    @staticmethod
    def _still_here(request: HttpRequest) -> None:
        """Whoever works stays signed in; written once a minute, since each time costs a write."""
        now = int(time.time())
        if now - request.session.get("seen", 0) >= 60:
            request.session["seen"] = now
