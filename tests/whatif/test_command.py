"""``shouwang whatif``: the folder that it writes, the page, the workbook, and what it refuses (RSK-5)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from shouwang.cli.main import main
from shouwang.documents.whatif_book import write_book
from shouwang.documents.whatif_chart import curve, village_bars
from tests.policy.trial_packs import household, income
from tests.whatif.trying import tried, written

pytestmark = pytest.mark.req("RSK-5")

BASE = [
    "--pack",
    "national",
    "--on",
    "2024-09-05",
    "--set",
    "monitoring_range=8300",
    "--set",
    "campaign_from=2024-08-25",
]
AMOUNTS = ["8000", "8312.40", "8400", "8700", "9900"]
VILLAGES = [
    {"area_code": "500199100001", "village": "桃花<村>"},
    {"area_code": "500199100002", "village": "石桥村"},
]


def crowd() -> list[Any]:
    return [
        household(n, {"area_code": VILLAGES[n % 2]["area_code"], "head_name": f"=户主{n}", "group_name": "3组"}, income_items=[income(a)])
        for n, a in enumerate(AMOUNTS, 1)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("whatif") / "facts", crowd(), villages=VILLAGES)


@pytest.fixture(scope="module")
def out(facts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tried") / "out"
    sweep = ["--sweep", "monitoring_range=8000:9000:250"]
    assert (
        main(
            ["whatif", str(facts), *BASE, "--then-set", "monitoring_range=8500", *sweep, "--out", str(folder)]
        )
        == 0
    )
    return folder


def test_three_files_and_nothing_else(out: Path) -> None:
    assert {path.name for path in out.iterdir()} == {"whatif.xlsx", "whatif.html", "whatif.json"}
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_the_machine_s_answer(out: Path) -> None:
    told = json.loads((out / "whatif.json").read_text(encoding="utf-8"))
    assert told["before"]["set"]["monitoring_range"] == "8300"
    assert told["after"]["set"]["monitoring_range"] == "8500"
    assert told["findings"]["income.below_range"]["came_in"] == 2
    assert told["moved_households"] == 2
    assert [(c["name"], c["before"], c["after"]) for c in told["changes"]] == [
        ("monitoring_range", "8,300 元", "8,500 元")
    ]
    below = [m for m in told["moves"] if m["finding"] == "income.below_range"]
    assert [(m["household_id"], m["before"], m["after"], m["way"]) for m in below] == [
        ("h0002", False, True, "in"), ("h0003", False, True, "in"),
    ]  # fmt: skip
    assert told["sweep"]["values"] == ["8000", "8250", "8500", "8750", "9000"]
    assert told["sweep"]["findings"]["at_or_below"]["fired"] == [1, 1, 3, 4, 4]
    assert told["sweep"]["findings"]["at_or_below"]["unknown"] == [0] * 5
    assert {v["name"]: v["findings"]["at_or_below"]["came_in"] for v in told["villages"]} == {
        "桃花<村>": 1,
        "石桥村": 1,
    }
    assert "education.out_of_school" in told["untouched"]


def test_the_workbook_read_back(out: Path) -> None:
    book = openpyxl.load_workbook(out / "whatif.xlsx")
    assert book.sheetnames == ["总览", "按村", "名单", "参数", "曲线"]
    listed = list(book["名单"].iter_rows(values_only=True))
    assert listed[0] == ("户编号", "村", "组", "户主", "规则或类别", "原来", "换后", "变化", "因为", "事实")
    row = next(row for row in listed if row[0] == "h0002" and row[4] == "人均纯收入在监测范围及以下")
    assert row[1:4] == ("桃花<村>", "3组", "=户主2")
    assert row[5:] == ("否", "是", "进入", "监测范围 8,300 元 → 8,500 元", "人均纯收入 8,312.40 元")
    assert book["名单"]["D2"].data_type == "s"  # a name that begins with = is no formula
    overview = [row for row in book["总览"].iter_rows(values_only=True) if row[1] == "income.below_range"]
    assert overview[0][2:6] == (1, 3, 2, 0)
    parameters = {row[1]: row for row in book["参数"].iter_rows(values_only=True)}
    assert parameters["monitoring_range"][2:7] == (
        "8,300 元",
        "本次运行设定",
        "8,500 元",
        "本次运行设定",
        "●",
    )
    assert parameters["school_to"][6] is None
    villages = list(book["按村"].iter_rows(values_only=True))
    assert {(row[0], row[7]) for row in villages if row[4] == "at_or_below"} == {
        ("桃花<村>", 1),
        ("石桥村", 1),
    }
    assert [row[0] for row in book["曲线"].iter_rows(values_only=True)][1:] == [8000, 8250, 8500, 8750, 9000]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_workbook_opens_in_libreoffice(out: Path, tmp_path: Path) -> None:
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,3"]  # fmt: skip
    subprocess.run(
        [*command, str(out / "whatif.xlsx"), "--outdir", str(tmp_path)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    (file,) = tmp_path.glob("*.csv")
    text = file.read_text(encoding="utf-8")
    assert "人均纯收入 8,312.40 元" in text
    assert "=户主2" in text


def test_the_list_goes_on_to_further_sheets(facts: Path, tmp_path: Path) -> None:
    found = tried(facts, {"monitoring_range": "8500"})
    write_book(tmp_path / "many.xlsx", found, sheet_rows=4)
    book = openpyxl.load_workbook(tmp_path / "many.xlsx")
    lists = [name for name in book.sheetnames if name.startswith("名单")]
    rows = [row for name in lists for row in list(book[name].iter_rows(values_only=True))[1:]]
    assert len(lists) > 1
    assert len(rows) == len(found.moves)
    assert all(book[name]["A1"].value == "户编号" for name in lists)


def test_the_page_says_it_and_loads_nothing(out: Path) -> None:
    page = (out / "whatif.html").read_text(encoding="utf-8")
    assert "<h1>监测范围 8,300 元 → 8,500 元：2 户的结果改变</h1>" in page
    assert "桃花&lt;村&gt;" in page
    assert "户主" not in page  # households are named in the workbook alone
    assert not re.search(r"<script|<link|<img|@import|url\((?!#)|src=|https?://(?!www\.w3\.org)", page)
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert page.count('<svg class="chart"') == 2  # by village, and the curve


def test_in_english(facts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert (
        main(
            [
                "--language",
                "en",
                "whatif",
                str(facts),
                *BASE,
                "--then-set",
                "monitoring_range=8500",
                "--out",
                str(folder),
            ]
        )
        == 0
    )
    assert '<html lang="en">' in (folder / "whatif.html").read_text(encoding="utf-8")


def test_a_second_run_takes_the_place_of_the_first(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["whatif", str(facts), *BASE, "--out", str(tmp_path / "out"), "--json"]
    assert main([*arguments, "--then-set", "monitoring_range=8500"]) == 0
    assert main([*arguments, "--then-set", "monitoring_range=8350", "--finding", "income.below_range"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["findings"]["income.below_range"]["came_in"] for one in told] == [2, 1]
    assert list(told[1]["findings"]) == ["income.below_range"]
    assert "moves" not in told[0]
    kept = json.loads((tmp_path / "out" / "whatif.json").read_text(encoding="utf-8"))
    assert kept["after"]["set"]["monitoring_range"] == "8350"


def test_a_sweep_alone(facts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert (
        main(["whatif", str(facts), *BASE, "--sweep", "monitoring_range=8000:9000:500", "--out", str(folder)])
        == 0
    )
    told = json.loads((folder / "whatif.json").read_text(encoding="utf-8"))
    assert told["sweep"]["findings"]["at_or_below"]["fired"] == [1, 3, 4]
    assert told["changes"] == []
    assert "没有换什么" in (folder / "whatif.html").read_text(encoding="utf-8")


REFUSED = [
    ("nothing to change", [], "没有说换什么"),
    ("the same value", ["--then-set", "monitoring_range=8300"], "和原来一样"),
    ("the same day", ["--then-on", "2024-09-05"], "和原来一样"),
    ("an unknown parameter", ["--then-set", "monitoring_rang=1"], "没有叫 monitoring_rang 的参数"),
    ("a value of the wrong kind", ["--then-set", "monitoring_range=much"], "要的是数"),
    ("a setting without value", ["--then-set", "monitoring_range"], "--then-set"),
    ("a day without its year", ["--then-on", "09-05"], "--then-on"),
    ("an unknown pack", ["--then-pack", "nationl"], "没有叫 nationl 的政策包"),
    ("an unknown finding", ["--then-set", "monitoring_range=1", "--finding", "income.below"], "没有叫 income.below 的规则"),
    ("a sweep that is none", ["--sweep", "monitoring_range=7000"], "写法不对"),
    ("a sweep backwards", ["--sweep", "monitoring_range=9000:8000:100"], "走不到"),
    ("a sweep without steps", ["--sweep", "monitoring_range=8000:9000:0"], "走不到"),
    ("a sweep of words", ["--sweep", "window=visit:year:1"], "不是数"),
    ("a sweep too long", ["--sweep", "monitoring_range=1:9000:1"], "一次最多试"),
    ("a sweep of nothing known", ["--sweep", "monitoring_rang=1:2:1"], "没有叫 monitoring_rang 的参数"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "sentence"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_refused_leaves_nothing(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["whatif", str(facts), *BASE, *arguments, "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert "→" in told
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_things_is_left_alone(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("不要动", encoding="utf-8")
    assert (
        main(
            ["whatif", str(facts), *BASE, "--then-set", "monitoring_range=1", "--out", str(tmp_path / "out")]
        )
        == 2
    )
    assert "没有动它" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["letter.txt"]


def test_a_folder_without_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "facts").mkdir()
    arguments = [
        "whatif",
        str(tmp_path / "facts"),
        *BASE,
        "--then-set",
        "monitoring_range=1",
        "--out",
        str(tmp_path / "out"),
    ]
    assert main(arguments) == 2
    assert "households" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["facts"]


def test_charts_are_to_scale() -> None:
    bars = village_bars([("一", 30, 10), ("二", 15, 0)])
    assert bars is not None
    assert bars.bars[0].in_width == pytest.approx(2 * bars.bars[1].in_width, abs=0.2)
    assert bars.bars[0].in_width == pytest.approx(3 * bars.bars[0].out_width, abs=0.2)
    assert village_bars([("一", 0, 0)]) is None
    from decimal import Decimal

    drawn = curve(
        [Decimal(0), Decimal(50), Decimal(100)],
        [("甲", [0, 10, 20]), ("乙", [20, 20, 20])],
        (Decimal(50), Decimal(500)),
    )
    assert drawn.before is not None
    assert drawn.before.at == (drawn.left + drawn.right) / 2
    assert drawn.after is None  # outside the range
    heights = [line.label_y for line in drawn.lines]
    assert abs(heights[0] - heights[1]) >= 17
    assert [mark.text for mark in drawn.up] == ["0", "5", "10", "15", "20"]
