"""Reading runs and findings."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from shouwang.server.accounts.queries import within
from shouwang.server.screening.models import Finding, Indicators, Run, Unknown


@dataclass(frozen=True)
class Judged:
    """What the newest run says of one household."""

    run: Run
    findings: list[Finding]
    unknown: list[Unknown]
    values: dict[str, str]


def newest_run(area_code: str | None) -> Run | None:
    """The newest run that covers the area."""
    above = [(area_code or "")[:size] for size in (0, 6, 9, 12)]
    return Run.objects.filter(area_code__in=above).order_by("-pk").first()


def run_inside(places: tuple[str, ...]) -> Run | None:
    """The newest run that lies wholly in these places: its ledger holds nobody else's households."""
    return Run.objects.filter(within(places)).order_by("-pk").first()


def judged(household_id: str, area_code: str | None) -> Judged | None:
    """What the newest run over the household's area says of it; None where there was none yet."""
    run = newest_run(area_code)
    if run is None:
        return None
    values = (
        Indicators.objects.filter(run=run, household_id=household_id).values_list("values", flat=True).first()
    )
    if values is None:
        return None
    return Judged(
        run,
        list(Finding.objects.filter(run=run, household_id=household_id).order_by("pk")),
        list(Unknown.objects.filter(run=run, household_id=household_id).order_by("pk")),
        values,
    )


def most_found(run: Run, places: tuple[str, ...]) -> list[tuple[str, str, int]]:
    """Findings of a run in these places: rule, level and number of households, the most frequent first."""
    rows = Finding.objects.filter(within(places), run=run).values("finding", "level").annotate(n=Count("id"))
    return [(row["finding"], row["level"], row["n"]) for row in rows.order_by("-n", "finding")]
