"""Invented people and small untidy files, built when the tests run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from shouwang.cli.intake import load_words
from shouwang.tables.intake import Intake, KindWords, take_in
from shouwang.tables.intake.idnumbers import check_character
from shouwang.tables.intake.model import FileReading

ON = date(2024, 9, 1)
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def words() -> KindWords:
    return load_words(PROJECT / "packs")


@pytest.fixture(scope="session")
def person_id() -> Callable[..., str]:
    """An invented number: area 500199, birthday on a 3rd, right check character."""

    def make(serial: int, *, year: int = 1980, male: bool = True) -> str:
        first = f"500199{year}0303{serial:02}{1 if male else 2}"
        return first + check_character(first)

    return make


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook: ``book("a.xlsx", {"sheet": rows}, merged={"sheet": ["A1:B1"]})``."""

    def make(
        name: str, sheets: dict[str, Sequence[Sequence[Any]]], merged: dict[str, list[str]] | None = None
    ) -> Path:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for title, rows in sheets.items():
            sheet = workbook.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
            for box in (merged or {}).get(title, []):
                sheet.merge_cells(box)
        path = tmp_path / name
        workbook.save(path)
        return path

    return make


@pytest.fixture
def text_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a text file in an encoding."""

    def make(name: str, text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return make


@pytest.fixture
def read(words: KindWords) -> Callable[..., Intake]:
    """Takes files in on the day of the samples."""

    def run(*paths: Path, area: str | None = None) -> Intake:
        return take_in(paths, area=area, on=ON, words=words)

    return run


@pytest.fixture(scope="session")
def cells() -> Callable[[FileReading], set[tuple[str, str]]]:
    """Sheet and cell (or row) of everything a reading kept out or did not understand."""

    def collect(reading: FileReading) -> set[tuple[str, str]]:
        return {(f.sheet, f.cell or str(f.row)) for f in reading.quarantined + reading.not_understood}

    return collect
