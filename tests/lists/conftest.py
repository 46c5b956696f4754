"""A registry made of the sample files, the system's export with known differences, and a hand to fill workbooks."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from shouwang.cli import intake as intake_cli
from shouwang.cli import lists as cli
from shouwang.tables.intake.idnumbers import check_character

PROJECT = Path(__file__).resolve().parents[2]
SAMPLES = PROJECT / "tests" / "data" / "samples"
NATIONAL = SAMPLES / "监测对象信息.xlsx"
ON = "2024-09-01"


@pytest.fixture(scope="session", autouse=True)
def _packs() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOUWANG_PACKS", str(PROJECT / "packs"))
        yield


def run(module: Any, *arguments: str | Path) -> int:
    """One command, as the command line starts it."""
    parser = argparse.ArgumentParser()
    module.add_parser(parser.add_subparsers())
    name = module.__name__.rpartition(".")[2]
    options = parser.parse_args([name, *map(str, arguments)])
    return int(options.run(options))


@pytest.fixture(scope="session")
def lists() -> Callable[..., int]:
    return lambda *arguments: run(cli, *arguments)


@pytest.fixture(scope="session")
def taken_in(tmp_path_factory: pytest.TempPathFactory, _packs: None) -> Path:
    """The folder that an intake of all samples writes; tests must not change it."""
    folder = tmp_path_factory.mktemp("registry") / "registry"
    run(intake_cli, SAMPLES, "--into", folder, "--area", "500151122", "--on", ON)
    return folder


@pytest.fixture(scope="session")
def plain(taken_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That folder without the system's list, so that nothing is known of it but by its file."""
    folder = tmp_path_factory.mktemp("plain") / "registry"
    shutil.copytree(taken_in, folder)
    for name in ("national_households", "national_members", "lists", "listed"):
        (folder / f"{name}.csv").unlink()
    return folder


@pytest.fixture
def registry(plain: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    folder = tmp_path / "registry"
    shutil.copytree(plain, folder)
    return folder


def number(birth: str, serial: int) -> str:
    """An invented identity number."""
    first = f"500199{birth}{serial:03}"
    return first + check_character(first)


class Export:
    """The sample export, to be changed and saved."""

    def __init__(self) -> None:
        self.book = openpyxl.load_workbook(NATIONAL)
        self.sheet = self.book.active
        self.heads = {cell.value: cell.column for cell in self.sheet[3]}
        self.numbers = list(
            dict.fromkeys(self.cell(row, "户编号") for row in range(4, self.sheet.max_row + 1))
        )

    def cell(self, row: int, head: str) -> Any:
        return self.sheet.cell(row, self.heads[head]).value

    def rows(self, household: int) -> list[int]:
        return [
            r for r in range(4, self.sheet.max_row + 1) if self.cell(r, "户编号") == self.numbers[household]
        ]

    def put(self, row: int, head: str, value: Any) -> None:
        self.sheet.cell(row, self.heads[head]).value = value

    def household(self, which: int, head: str, value: str) -> None:
        for row in self.rows(which):
            self.put(row, head, value)


@pytest.fixture(scope="session")
def national(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export with one difference of each kind; which household has which stands here."""
    export = Export()
    export.household(0, "识别监测时间", "202405")
    export.household(1, "风险是否已消除", "否")
    export.household(2, "致贫/返贫风险2", "因病")
    export.household(3, "监测对象类别", "突发严重困难户")
    export.put(export.rows(4)[0], "劳动技能", "弱劳动力或半劳动力")
    last = export.rows(5)[-1]
    old = export.cell(last, "证件号码")
    export.put(last, "证件号码", number(old[6:14], 770 + int(old[16]) % 2))
    newcomer = export.rows(7)[1]
    for head, value in (("姓名", "新来人"), ("人编号", "N1"), ("证件号码", number("19900303", 771))):
        export.put(newcomer, head, value)
    export.put(newcomer, "出生日期", "19900303")
    template = [cell.value for cell in export.sheet[export.rows(9)[0]]]
    for row in reversed(export.rows(8)):
        export.sheet.delete_rows(row)
    export.sheet.append(template)
    added = export.sheet.max_row
    fresh = {"户编号": "9901", "人编号": "990101", "姓名": "柏新户", "证件号码": number("19700303", 881)}
    for head, value in (fresh | {"出生日期": "19700303", "性别": "男"}).items():
        export.put(added, head, value)
    path = tmp_path_factory.mktemp("national") / "导出.xlsx"
    export.book.save(path)
    return path


class Filled:
    """A comparison workbook in a person's hands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def heads(self, sheet: str) -> dict[str, int]:
        return {cell.value: cell.column for cell in self.book[sheet][2]}

    def find(self, sheet: str, **cells: str) -> int:
        """The one row that shows these cells."""
        heads = self.heads(sheet)
        page = self.book[sheet]
        found = [
            row
            for row in range(3, page.max_row + 1)
            if all(page.cell(row, heads[head]).value == value for head, value in cells.items())
        ]
        assert len(found) == 1, found
        return found[0]

    def put(self, sheet: str, row: int, decision: str, value: Any = None, remark: str = "") -> str:
        """Fills a row; gives the cell of the decision."""
        heads = self.heads(sheet)
        self.book[sheet].cell(row, heads["处理"]).value = decision
        if value is not None:
            self.book[sheet].cell(row, heads["另填值"]).value = value
        if remark:
            self.book[sheet].cell(row, heads["备注"]).value = remark
        return str(self.book[sheet].cell(row, heads["处理"]).coordinate)

    def decide(self, sheet: str, decision: str, value: Any = None, remark: str = "", **cells: str) -> str:
        return self.put(sheet, self.find(sheet, **cells), decision, value, remark)

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


@pytest.fixture(scope="session")
def compared(
    plain: Path, national: Path, tmp_path_factory: pytest.TempPathFactory, lists: Callable[..., int]
) -> Path:
    """The comparison of registry and export, with one list of a department."""
    out = tmp_path_factory.mktemp("compared") / "比对.xlsx"
    files = ("--national", national, "--list", SAMPLES / "残联_持证人员.xls")
    assert lists("compare", plain, *files, "--on", ON, "--out", out, "--income-year", "2023") == 1
    return out


@pytest.fixture
def filled(compared: Path, tmp_path: Path) -> Filled:
    """A copy of that workbook for one person."""
    return Filled(Path(shutil.copy(compared, tmp_path / compared.name)))
