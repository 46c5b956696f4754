"""What a screening found, on one self-contained HTML page: the answer first, unknown beside it, proof below.

The page loads nothing: style and charts are in it, there is no script. Each chart stands above its table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import jinja2

from shouwang.documents.summary_chart import Histogram, histogram
from shouwang.documents.summary_words import headline, lead, silent_rules, words
from shouwang.language import _, current


@dataclass(frozen=True)
class Count:
    """A name that people read, and how many households (or people) it counts."""

    name: str
    count: int


@dataclass(frozen=True)
class Village:
    """A village's households: all, at or below the range, income unknown, to see in person; its problems."""

    name: str
    households: int
    at_or_below: int
    unknown_income: int
    in_person: int
    problems: Mapping[str, int]  # official label of the problem type → findings


@dataclass(frozen=True)
class FindingCount:
    """A rule of the pack: how many it fired for, for how many it is unknown, and the clause it comes from."""

    id: str
    name: str
    fired: int
    unknown: int
    clause: str


@dataclass(frozen=True)
class IncomeBin:
    """Households whose income per person is above ``low`` and at most ``high`` yuan (None: no upper end)."""

    low: Decimal
    high: Decimal | None
    households: int


@dataclass(frozen=True)
class Summary:
    """A screening of one place on one day. ``monitoring_range`` is yuan per person and year, None = unset;
    ``unknown_income`` households are in no bin. ``made_up`` says on the page that nobody in it is real.
    """

    title: str
    place: str
    pack: str
    day: dt.date
    households: int
    people: int
    at_or_below: int
    unknown_income: int
    in_person: int
    monitoring_range: Decimal | None
    range_clause: str
    kinds: Sequence[Count]  # households by type and status
    villages: Sequence[Village]
    findings: Sequence[FindingCount]
    income: Sequence[IncomeBin]
    missing: Sequence[Count]  # facts most often not known, households each
    causes: Sequence[Count]
    made_up: bool = False


def write_summary(path: Path, summary: Summary) -> None:
    """Writes the page in the language now spoken; the file stands whole or not at all."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_text(render_summary(summary), encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def render_summary(summary: Summary) -> str:
    """The page as HTML; every text of the summary is escaped."""
    fired = sorted((rule for rule in summary.findings if rule.fired or rule.unknown), key=_by_count)
    types = _problem_types(summary.villages)
    return (
        environment()
        .get_template("summary.html")
        .render(
            s=summary,
            w=words(),
            language="en" if current() == "en" else "zh-CN",
            headline=headline(
                summary.place, summary.at_or_below, summary.in_person, summary.monitoring_range
            ),
            lead=lead(summary.unknown_income, [item.name for item in summary.missing[:3]]),
            chart=_chart(summary),
            villages=sorted(summary.villages, key=lambda village: (-village.in_person, village.name)),
            types=types,
            problems=[Count(name, sum(v.problems.get(name, 0) for v in summary.villages)) for name in types],
            findings=fired,
            silent=silent_rules(len(summary.findings) - len(fired)),
        )
    )


def _by_count(rule: FindingCount) -> tuple[int, str]:
    return -rule.fired, rule.id


def _problem_types(villages: Sequence[Village]) -> list[str]:
    """The types found anywhere, in their official order: labels begin with ① to ⑩, which sort so."""
    return sorted({name for village in villages for name, count in village.problems.items() if count})


def _chart(summary: Summary) -> Histogram | None:
    """None where no income is known: then there is nothing to draw, and the page says so."""
    if not any(item.households for item in summary.income):
        return None
    bins = [(item.low, item.high, item.households) for item in summary.income]
    return histogram(bins, summary.monitoring_range, summary.unknown_income)


def money(value: Decimal) -> str:
    """Yuan with two places and thousands commas, rounded half up: shown, never counted with."""
    return f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def _share(part: int, whole: int) -> str:
    """A share in per cent with one place, rounded half up; a dash where there is no whole."""
    if not whole:
        return "—"
    share = (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return _("{share}%").format(share=share)


def _width(part: int, items: Sequence[Count]) -> str:
    """The width of a bar, in per cent of the longest one."""
    longest = max((item.count for item in items), default=0)
    return f"{100 * part / longest:.1f}" if longest else "0"


def environment() -> jinja2.Environment:
    """Templates of pages, with the filters ``money`` and ``n`` and what draws shares and bars."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"money": money, "n": lambda number: f"{number:,}"}
    environment.globals |= {"share": _share, "width": _width}
    return environment
