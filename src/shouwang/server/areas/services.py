"""Writing areas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from shouwang.server.areas.models import Area
from shouwang.tables.places import division_name


def ensure_areas(codes: Iterable[str], names: Mapping[str, str] | None = None) -> int:
    """Makes the villages of these codes and what lies above them; returns how many are new.

    ``names`` (code → name) are what the office calls them; the rest is named by the national table.
    """
    told = names or {}
    wanted = {code[:size] for code in codes if code for size in (6, 9, 12) if len(code) >= size}
    with transaction.atomic():
        there = set(Area.objects.filter(code__in=wanted).values_list("code", flat=True))
        fresh = [
            Area(code=code, name=told.get(code) or division_name(code) or code)
            for code in sorted(wanted - there)
        ]
        Area.objects.bulk_create(fresh)
    return len(fresh)
