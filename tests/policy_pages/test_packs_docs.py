"""The pages for people who write packs stay true: made parts are fresh, edits work, every node of the language is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shouwang import language
from shouwang.errors import InputError
from shouwang.policy import reference
from shouwang.policy.expressions import AGGREGATES
from shouwang.policy.loading import load
from shouwang.policy.page import page
from shouwang.policy.scaffold import new_pack

pytestmark = pytest.mark.req("RSK-2")
DOCS = Path(__file__).resolve().parents[2] / "docs"
EDIT = re.compile(r"<!-- edit: (\S+) -->\n```yaml\n(.*?)```", re.DOTALL)


def test_the_made_parts_are_fresh() -> None:
    assert reference.stale(DOCS) == [], "run python -m shouwang.policy.reference"


def test_a_change_in_a_made_part_is_seen_and_mended(tmp_path: Path) -> None:
    for name in reference.PAGES.values():
        (tmp_path / name).write_text(
            (DOCS / name).read_text(encoding="utf-8").replace("`:year_start`", "`:yeer_start`"),
            encoding="utf-8",
        )
    assert reference.stale(tmp_path) == list(reference.PAGES.values())
    assert reference.renew(tmp_path) == list(reference.PAGES.values())
    assert reference.stale(tmp_path) == []
    assert language.current() == "zh"


def test_a_page_without_its_markers_is_refused() -> None:
    with pytest.raises(InputError, match="made: builtins"):
        reference.renewed("# nothing\n")


@pytest.mark.parametrize("name", reference.PAGES.values())
def test_the_edits_of_the_page_do_what_it_says(name: str, tmp_path: Path) -> None:
    edits = EDIT.findall((DOCS / name).read_text(encoding="utf-8"))
    assert [file for file, _text in edits] == [
        "parameters.yaml",
        "income.yaml",
        "indicators.yaml",
        "rules.yaml",
        "rules.yaml",
    ]
    folder = new_pack(tmp_path / "longtan-2026", "chongqing-xihe-2024")
    (folder / "parameters.yaml").unlink()
    before = load(str(folder))
    for file, text in edits:
        with (folder / file).open("a", encoding="utf-8") as target:
            target.write(text)
    pack = load(str(folder))
    assert pack.parameters["monitoring_range"].values[0].value == 9000
    assert pack.kinds["transfer.winter_heating"].counts_as == "transfer"
    assert pack.kinds["excluded.raffle"].excluded_class == "non_income"
    assert set(pack.rules) - set(before.rules) == {"own.far_work"}
    assert set(before.rules) - set(pack.rules) == {"income.livestock"}
    shown = page(pack)
    assert "| `:monitoring_range` | 监测范围 | yuan per person and year | 9000 |" in shown
    assert "`income.livestock`" in shown.partition("关掉的")[2]


@pytest.mark.parametrize("name", reference.PAGES.values())
def test_the_page_names_all_of_the_language(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    for word in (
        *AGGREGATES,
        "coalesce",
        "abs",
        "least",
        "greatest",
        "case when",
        "between",
        "is null",
        "in (…)",
    ):
        assert word in text


@pytest.mark.parametrize("number", range(len(reference.MISTAKES)))
def test_each_of_the_ten_mistakes_is_told_once_with_a_remedy(number: int) -> None:
    _zh, _en, file, text = reference.MISTAKES[number]
    told = reference.sentences(file, text)
    assert len(told) == 2
    assert told[0].startswith(f"trial/{file}.yaml:")
    assert told[1].startswith("  → ")


def test_there_are_ten_mistakes() -> None:
    assert len(reference.MISTAKES) == 10
