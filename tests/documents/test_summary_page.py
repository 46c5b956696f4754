"""The summary of a screening: the answer first, unknown beside it, each chart with its table, nothing loaded.

Requirements: REP-3 (charts of a screening), RSK-2 (rules that fired, with their clause).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from shouwang.documents.summary_chart import histogram
from shouwang.documents.summary_page import (
    Count,
    FindingCount,
    IncomeBin,
    Summary,
    Village,
    render_summary,
    write_summary,
)

SUMMARY = Summary(
    title="2024年行动",
    place="某某镇",
    pack="some-pack",
    day=dt.date(2024, 9, 1),
    households=1234,
    people=4000,
    at_or_below=33,
    unknown_income=45,
    in_person=345,
    monitoring_range=Decimal(8300),
    range_clause="XH annex 1",
    kinds=[Count("一般农户", 1000), Count("脱贫户", 234)],
    villages=[
        Village("甲村", 600, 13, 0, 100, {"①收入方面": 7, "⑤饮水安全": 0}),
        Village("乙村", 634, 20, 45, 245, {"⑩其他": 2, "①收入方面": 1}),
    ],
    findings=[
        FindingCount("income.below_range", "人均纯收入低于监测范围", 33, 45, "XH annex 1, income (2)"),
        FindingCount("water.unsafe", "饮水不安全", 0, 210, "XH annex 1, water"),
        FindingCount("silent.rule", "没有看出的规则", 0, 0, "XH"),
    ],
    income=[
        IncomeBin(Decimal(0), Decimal(8300), 33),
        IncomeBin(Decimal(8300), Decimal(10000), 400),
        IncomeBin(Decimal(10000), None, 756),
    ],
    missing=[Count("上年人均纯收入", 231)],
    causes=[Count("因病", 21)],
    made_up=True,
)


class Page(HTMLParser):
    """What stands in a page: start tags with attributes, and the text of each cell by row."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in ("meta", "br", "rect", "line", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {data.strip()}".strip()

    def row(self, first: str) -> list[str]:
        (found,) = [row for row in self.rows if row and row[0] == first]
        return found


def changed(**values: object) -> str:
    return render_summary(dataclasses.replace(SUMMARY, **values))


@pytest.mark.req("REP-3")
def test_the_headline_is_the_answer() -> None:
    heading = re.search(r"<h1>(.*?)</h1>", render_summary(SUMMARY))
    assert heading
    assert "33 户" in heading[1]
    assert "345 户须入户面访" in heading[1]
    assert "还有 45 户收入不知道，要去问。最常不知道的是：上年人均纯收入。" in render_summary(SUMMARY)


@pytest.mark.req("REP-3")
def test_none_and_unknown_have_their_own_sentences() -> None:
    assert "没有看出收入在监测范围及以下的户" in changed(at_or_below=0)
    assert "每户的收入都知道。" in changed(unknown_income=0, missing=[])
    unset = changed(monitoring_range=None)
    assert "监测范围还不知道" in unset
    assert 'class="range"' not in unset
    assert "一户的收入也不知道" in changed(income=[])


@pytest.mark.req("REP-3")
def test_villages_have_their_figures_and_add_up() -> None:
    page = Page(render_summary(SUMMARY))
    assert page.row("村") == [
        "村",
        "户数",
        "须入户面访",
        "监测范围及以下",
        "收入不知道",
        "①收入方面",
        "⑩其他",
    ]
    assert page.row("乙村") == ["乙村", "634", "245", "▲ 20", "? 45", "1", "2"]
    assert page.row("甲村") == ["甲村", "600", "100", "▲ 13", "0", "7", "0"]
    assert page.row("合计") == ["合计", "1,234", "345", "33", "45", "8", "2"]
    assert page.rows.index(page.row("乙村")) < page.rows.index(page.row("甲村"))


@pytest.mark.req("RSK-2")
def test_findings_have_count_unknown_and_clause() -> None:
    page = Page(render_summary(SUMMARY))
    assert page.row("人均纯收入低于监测范围 income.below_range")[1:] == [
        "33",
        "? 45",
        "XH annex 1, income (2)",
    ]
    assert page.row("饮水不安全 water.unsafe")[1:3] == ["0", "? 210"]
    assert "silent.rule" not in render_summary(SUMMARY)
    assert "另有 1 条规则没有看出问题。" in render_summary(SUMMARY)


@pytest.mark.req("REP-3")
def test_every_chart_has_its_table() -> None:
    html = render_summary(SUMMARY)
    for section in re.findall(r"<section.*?</section>", html, re.S):
        assert "<svg" not in section or ("<table" in section and "<caption" in section)
    page = Page(html)
    assert page.row("0 – 8,300") == ["0 – 8,300", "33", "2.7%"]
    assert page.row("10,000 以上")[1] == "756"
    assert page.row("? 不知道")[1] == "45"
    drawn = [attrs for tag, attrs in page.tags if tag == "svg" and "role" in attrs]
    assert all(attrs.get("aria-label") for attrs in drawn)


@pytest.mark.req("REP-3")
def test_nothing_comes_from_outside() -> None:
    html = render_summary(SUMMARY)
    page = Page(html)
    assert not {tag for tag, _attrs in page.tags} & {"script", "link", "img", "iframe", "object", "embed"}
    for _tag, attrs in page.tags:
        assert (attrs.get("href") or "#").startswith("#")
        assert not any(name == "src" or name.startswith("on") for name in attrs)
    assert "http:" not in html
    assert "https:" not in html
    assert not re.search(r"url\((?!#)|@import", html)


@pytest.mark.req("REP-3")
def test_hostile_text_is_only_text() -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=y>{{ 7*7 }}"
    html = changed(
        title=evil,
        place=evil,
        pack=evil,
        range_clause=evil,
        kinds=[Count(evil, 1)],
        villages=[Village(evil, 1, 1, 1, 1, {evil: 1})],
        findings=[FindingCount(evil, evil, 1, 1, evil)],
        missing=[Count(evil, 1)],
        causes=[Count(evil, 1)],
    )
    assert not {tag for tag, _attrs in Page(html).tags} & {"script", "img"}
    assert html.count("{{ 7*7 }}") >= 10


@pytest.mark.req("REP-3")
def test_bars_are_to_scale_and_the_range_is_in_its_place() -> None:
    bins = [
        (Decimal(0), Decimal(8300), 33),
        (Decimal(8300), Decimal(10000), 400),
        (Decimal(10000), None, 756),
    ]
    chart = histogram(bins, Decimal(8300), 45)
    areas = [bar.height * (bar.width + 2) / bar.households for bar in (*chart.bars, chart.unknown)]
    assert (
        max(areas) < min(areas) * 1.05
    )  # equal area for a household, but for rounding to a tenth of a pixel
    assert [bar.below for bar in chart.bars] == [True, False, False]
    assert chart.range_x == chart.bars[1].x
    assert chart.bars[-1].x + chart.bars[-1].width < chart.unknown.x
    assert histogram(bins, Decimal(99_999), 0).range_x is None
    assert not any(bar.below for bar in histogram(bins, None, 0).bars)


@pytest.mark.req("REP-3")
def test_made_up_data_are_said_and_only_then() -> None:
    assert "虚构" in render_summary(SUMMARY)
    assert "虚构" not in changed(made_up=False)


@pytest.mark.req("REP-3")
def test_the_page_stands_whole(tmp_path: Path) -> None:
    write_summary(tmp_path / "summary.html", SUMMARY)
    assert [path.name for path in tmp_path.iterdir()] == ["summary.html"]
    assert (tmp_path / "summary.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
