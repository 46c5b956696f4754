"""The income paper as a self-contained HTML page: one paper per household, each from a fresh A4 page.

The page loads nothing: style and charts are in it, there is no script; every text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import jinja2

from shouwang.documents import income_words as say
from shouwang.documents.income_chart import quarter_chart
from shouwang.documents.income_sheet_compare import income_sums
from shouwang.documents.summary_page import environment as pages
from shouwang.language import current
from shouwang.policy.income_paper.data import Compared, Paper


def write_income_page(path: Path, papers: Iterable[Paper]) -> None:
    """Writes the page in the language now spoken; the file stands whole or not at all."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_text(render_income_page(papers), encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def render_income_page(papers: Iterable[Paper]) -> str:
    """The page as HTML."""
    language = "en" if current() == "en" else "zh-CN"
    listed = [(paper, _compared(paper)) for paper in papers]
    return _environment().get_template("income.html").render(papers=listed, w=say.words(), language=language)


def _compared(paper: Paper) -> dict[str, Any]:
    """The rows by quarter with their sum, and the chart of that sum."""
    found = paper.comparison
    kinds = [row for row in found.rows if row.income]
    this, last = (income_sums(kinds, name, len(found.quarters)) for name in ("this", "last"))
    total = Compared(say.words()["income_items"], this, last, True)
    names = [name for name, _last in found.quarters]
    return {"rows": [*found.rows, total], "chart": quarter_chart(names, this, last)}


def _whole(amounts: tuple[Decimal, ...] | None) -> Decimal | None:
    return None if amounts is None else sum(amounts, Decimal("0.00"))


def _quiet(amount: Decimal) -> str:
    """An amount of a quarter; a dash for none, so that the others stand out."""
    return say.money(amount) if amount else "–"


def _difference(new: Decimal | None, old: Decimal | None) -> str:
    return "" if new is None or old is None else say.signed(new - old)


def _ratio(new: Decimal | None, old: Decimal | None) -> str:
    if new is None or old is None:
        return ""
    return say.percent_change(new / old - 1 if old > 0 else None)


def _environment() -> jinja2.Environment:
    environment = pages()
    environment.filters |= {"money": say.money, "whole": _whole, "quiet": _quiet}
    environment.globals |= {"say": say, "difference": _difference, "ratio": _ratio}
    return environment
