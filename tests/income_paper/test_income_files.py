"""The paper as files: what Excel recalculates equals what we stored, pages escape what people wrote, both fit A4."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from shouwang import language
from shouwang.documents import income_words
from shouwang.documents.income_grid import total
from shouwang.documents.income_page import render_income_page
from shouwang.documents.income_sheet import sheet_names, write_income_sheets
from shouwang.policy.income_paper.data import Paper
from tests.income_paper.example import DAY, DAY_OF_EXAMPLE, HOSTILE_NAME, XIHE, bare, full, hostile
from tests.income_paper.papers import CASES, pack_of, paper_of, paper_of_case
from tests.oracle.households import ON, random_facts
from tests.policy.comparing import SETTINGS, facts_of

SOME_CASES = CASES[:: len(CASES) // 10][:10]  # every paper costs the office program a second or two
OFFICE = shutil.which("soffice")
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item>
</oor:items>"""


def examples() -> list[Paper]:
    return [paper_of(facts, XIHE, DAY_OF_EXAMPLE, {}) for facts in (full(), bare(), hostile())]


def cells(path: Path, *, values: bool) -> dict[tuple[str, str], Any]:
    book = openpyxl.load_workbook(path, data_only=values)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    }  # fmt: skip


FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"[^>]*><f[^>]*>[^<]*</f>(?:<v>([^<]*)</v>)?')


def formulas(path: Path) -> dict[tuple[str, str], float | None]:
    """Sheet and cell → the stored value of every formula; None where a cell has none."""
    found: dict[tuple[str, str], float | None] = {}
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet"):
                for cell, value in FORMULA.findall(book.read(name).decode()):
                    found[name, cell] = float(value) if value else None
    return found


def without_values(path: Path, target: Path) -> Path:
    """The workbook with every formula's stored value taken out: whoever shows one has worked it out."""
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(target, "w") as bare_book:
        for name in book.namelist():
            content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", book.read(name))
            bare_book.writestr(name, content)
    return target


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sheets") / "papers.xlsx"
    crowd = [paper_of(facts_of(random_facts(seed)), "national", ON, SETTINGS) for seed in range(6)]
    assert write_income_sheets(path, [*examples(), *map(paper_of_case, SOME_CASES), *crowd]) == 19
    return path


@pytest.mark.req("INC-1", "INC-3", "INC-8")
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_what_libreoffice_recalculates_equals_the_stored_values(workbook: Path, tmp_path: Path) -> None:
    stripped = without_values(workbook, tmp_path / "stripped.xlsx")
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    command = [str(OFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx", "--outdir",
               str(tmp_path / "out"), str(stripped)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    stored, worked = formulas(workbook), formulas(tmp_path / "out" / "stripped.xlsx")
    assert set(formulas(stripped).values()) == {None}
    assert len(stored) > 500
    wrong = {
        at: (value, worked.get(at))
        for at, value in stored.items()
        if worked.get(at) != pytest.approx(value, abs=1e-9)
    }
    assert wrong == {}


@pytest.mark.req("INC-1", "INC-8")
def test_subtotals_and_the_line_per_person_are_formulas(tmp_path: Path) -> None:
    write_income_sheets(tmp_path / "one.xlsx", examples()[:1])
    written = [
        value for value in cells(tmp_path / "one.xlsx", values=False).values() if str(value).startswith("=")
    ]
    assert sum(value.startswith("=SUM(I") for value in written) >= 5
    assert any(re.fullmatch(r"=ROUND\(12\*I\d+/I\d+,2\)", value) for value in written)
    assert any(re.fullmatch(r"=I\d+\+I\d+\+I\d+\+I\d+-I\d+", value) for value in written)
    assert sum(value.startswith("=-MIN(") for value in written) == 3


@pytest.mark.req("INC-5", "INC-9")
def test_texts_of_people_are_text_in_excel(tmp_path: Path) -> None:
    write_income_sheets(tmp_path / "one.xlsx", examples()[2:])
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    written = {cell.value: cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    assert written["=1+1"] == "s"
    assert [kind for text, kind in written.items() if str(text).startswith("=HYPERLINK(1)<script>")] == ["s"]
    assert written[HOSTILE_NAME] == "s"


def test_the_sheet_prints_on_a4_upright_one_page_wide_with_a_chart(tmp_path: Path) -> None:
    write_income_sheets(tmp_path / "one.xlsx", examples())
    book = openpyxl.load_workbook(tmp_path / "one.xlsx")
    assert book.sheetnames == ["目录", "T-001 陈建国", "T-002 李桂芳", "T-003 <b>赵&六<b>"]
    for sheet in book:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("portrait", 9)
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert len(book.worksheets[1]._charts) == 1


def test_sheet_names_are_short_allowed_and_different() -> None:
    paper = examples()[0]
    long = replace(
        paper, head=replace(paper.head, household_id="5001511222010001", name="[阿]卜杜:" + "拉" * 30)
    )
    names = sheet_names(
        [long, long, replace(paper, head=replace(paper.head, household_id="目录", name=""))], "目录"
    )
    assert len({name.lower() for name in names}) == 3
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert "目录" not in names


def test_neighbouring_cells_are_summed_as_a_run() -> None:
    assert total(["H3", "H4", "H5", "H9"]) == "SUM(H3:H5,H9)"
    assert total([]) == "0"


@pytest.mark.req("INC-1", "INC-5", "INC-8", "INC-9")
def test_the_page_says_all_and_escapes_what_people_wrote() -> None:
    page = render_income_page(examples())
    assert "<script" not in page
    assert HOSTILE_NAME not in page
    assert "&lt;b&gt;赵&amp;六&lt;/b&gt;" in page
    assert "=HYPERLINK(1)&lt;script&gt;" in page
    assert "（38,120.00 ＋ 1,560.00 ＋ 986.40 ＋ 14,640.00 － 5,880.00）÷ 4.5833 ＝ 10,783.94" in page
    for words in (
        "☑ 1万元—1.2万元（含）",
        "▲ 不认可",
        "? 未问",
        "2.一次性和临时性收入",
        "早于收入窗口首日",
        "户主（签字）",
        "<svg",
        "扣到零为止",
    ):
        assert words in page
    assert page.count("<main>") == 3
    assert not re.search(r"(src|href)=|url\((?!#)|@import", page)


@pytest.mark.req("INC-9")
def test_numbers_of_items_are_drawn_together() -> None:
    assert income_words.listed((1, 2, 3, 7, 9, 10)) == "1—3、7、9—10"


class _Foreign:
    """A translation of every message into its names alone: what is still Chinese then was never a message."""

    def gettext(self, message: str) -> str:
        return "x " + " ".join(re.findall(r"\{[^}]*\}", message))


def test_everything_on_the_paper_is_translated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(language, "_translations", lambda _language: _Foreign())
    monkeypatch.setattr(language, "_default", "en")
    papers = examples()
    pack = pack_of(XIHE)
    clauses = [kind.clause for kind in pack.kinds.values()] + [
        entry.clause for entry in pack.indicators.values()
    ]
    clauses += [value.clause for parameter in pack.parameters.values() for value in parameter.values]
    facts = {
        str(value)
        for person in (full(), bare(), hostile())
        for rows in person.tables.values()
        for row in rows or ()
        for value in row.values()
    }
    facts |= {str(value) for person in (full(), bare(), hostile()) for value in person.household.values()}
    facts |= {re.sub(r"[A-Z]{2} ", f"{pack.sources['XH']} ", clause) for clause in clauses} | set(
        pack.sources.values()
    )
    write_income_sheets(tmp_path / "en.xlsx", papers)
    page = render_income_page(papers).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    texts = [
        page.partition("</style>")[2],
        *(str(value) for value in cells(tmp_path / "en.xlsx", values=True).values()),
    ]
    for text in texts:
        for fact in sorted(facts, key=len, reverse=True):
            text = text.replace(fact, "")
        assert not re.findall(r"[^\n]{0,20}[\u4e00-\u9fff]+", text)
    assert DAY in page
