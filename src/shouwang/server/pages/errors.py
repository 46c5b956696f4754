"""Pages for what cannot be shown: what happened and what to do, with nothing of the data."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.language import _


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not with this role or in this area."""
    return _page(request, 403, _("你的账号没有这个权限"), _("需要的话，请找安全管理员按辖区授予角色。"))


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not there, or not in one's area: the two look the same."""
    return _page(request, 404, _("没有这一页，或不在你的辖区里"), _("请从左边的列表重新进入。"))


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault."""
    return _page(request, 500, _("系统出错了，没有保存"), _("请稍后再试；一再出现就请告诉系统管理员。"))


def _page(request: HttpRequest, status: int, title: str, remedy: str) -> HttpResponse:
    return render(request, "pages/error.html", {"title": title, "remedy": remedy}, status=status)
