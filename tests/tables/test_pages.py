"""The page of the data dictionary says what the dictionary says."""

from __future__ import annotations

from pathlib import Path

import pytest

from shouwang.tables.dictionary import CODES, TABLES
from shouwang.tables.pages import dictionary_page

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


@pytest.mark.req("CAM-7")
def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == dictionary_page(), "run python -m shouwang.tables.pages"


@pytest.mark.req("CAM-7")
def test_the_page_has_every_table_column_and_code() -> None:
    lines = dictionary_page().splitlines()
    for table in TABLES.values():
        assert f"## {table.name} · {table.zh} · {table.en}" in lines
        for column in table.columns:
            assert any(line.startswith(f"| `{column.name}`") and column.zh in line for line in lines)
    for codes in CODES.values():
        for code in codes:
            assert f"| `{code.code}` | {code.zh} | {code.en} |" in lines
