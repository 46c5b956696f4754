"""The pages for people who write packs stay true: made parts are fresh, edits work, every node of the language is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shouwang import language
from shouwang.cli.main import main
from shouwang.errors import InputError
from shouwang.policy import reference, reference_examples, reference_functions
from shouwang.policy.case_runner import run_cases
from shouwang.policy.cases import read_cases
from shouwang.policy.expressions import AGGREGATES
from shouwang.policy.loading import load
from shouwang.policy.page import page
from shouwang.policy.prepared import PREPARED
from shouwang.policy.quality import COLUMNS as QUALITY_COLUMNS
from shouwang.policy.reference_mistakes import MISTAKES, sentences
from shouwang.policy.scaffold import new_pack
from shouwang.policy.screening import FINDING_COLUMNS, UNKNOWN_COLUMNS

pytestmark = pytest.mark.req("RSK-2")
DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDES = ("packs.md", "packs.en.md")
EDIT = re.compile(r"<!-- edit: (\S+) -->\n```yaml\n(.*?)```", re.DOTALL)


def test_the_made_parts_are_fresh() -> None:
    assert reference.stale(DOCS) == [], "run python -m shouwang.policy.reference"


def test_a_change_in_a_made_part_is_seen_and_mended(tmp_path: Path) -> None:
    for name in reference.PAGES:
        text = (DOCS / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("`:year_start`", "`:yeer_start`"), encoding="utf-8")
    changed = ["packs-columns.md", "packs-columns.en.md"]
    assert reference.stale(tmp_path) == changed
    assert reference.renew(tmp_path) == changed
    assert reference.stale(tmp_path) == []
    assert language.current() == "zh"


def test_a_page_without_its_markers_is_refused() -> None:
    with pytest.raises(InputError, match="made: builtins"):
        reference.renewed("packs-columns.md", "# nothing\n")
    assert language.current() == "zh"


@pytest.mark.parametrize("name", GUIDES)
def test_the_edits_of_the_page_do_what_it_says(name: str, tmp_path: Path) -> None:
    edits = EDIT.findall((DOCS / name).read_text(encoding="utf-8"))
    assert [file for file, _text in edits] == [
        "parameters.yaml",
        "income.yaml",
        "indicators.yaml",
        "rules.yaml",
        "rules.yaml",
        "quality/own.yaml",
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
    assert set(pack.quality) - set(before.quality) == {"own.child_works"}
    assert pack.quality["own.child_works"].of == ("members",)
    assert "| `:monitoring_range` | 监测范围 | yuan per person and year | 9000 |" in shown
    assert "`income.livestock`" in shown.partition("关掉的")[2]


@pytest.mark.parametrize("name", GUIDES)
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


@pytest.mark.parametrize("name", GUIDES)
def test_the_page_names_every_field_of_a_rule_about_the_data(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    for word in ("of", "severity", "mends", "error", "warn", "look", "village", "town", "department", "lacking",
                 "alone: true", "quality_absent", "quality_unknown", "household_X", "case_X", "pack javascript"):  # fmt: skip
        assert f"`{word}" in text or f" {word}" in text


@pytest.mark.parametrize("name", ["packs-columns.md", "packs-columns.en.md"])
def test_the_page_of_columns_has_every_prepared_column_that_is_no_family(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    families = ("household_", "case_", "causes_", "risks_", "insurance_kinds_")
    listed = 0
    for columns in PREPARED.values():
        for column in columns:
            if not column.endswith("_days_ago") and not column.startswith(families):
                assert f"| `{column}` |" in text
                listed += 1
    assert listed > 150


def test_examples_of_functions_are_worked_out() -> None:
    text = "\n".join(reference_functions.made())
    assert text.count(" → **") == sum(len(function.examples) for function in reference_functions.FUNCTIONS)
    for line in (
        "`cattle_stock * 2 + 1` → **5** (数)",
        "`farmland_mu / 3` → **1.17** (商)",
        "`farmland_mu / 7 * 7 = farmland_mu` → **是** (真假)",
        "`housing_unsafe and water_unsafe` → **否** (真假)",
        "`cattle_stock = 2 and water_unsafe` → **未知** (真假)",
        "`least(cattle_stock, sheep_stock)` → **未知** (数)",
        "`count(months_worked)` → **2** (数)",
        "`any(months_worked > 11)` → **未知** (真假)",
        "`max(birth_date)` → **2020-06-01** (日期)",
    ):
        assert line in text


def test_the_ten_examples_come_out_as_the_page_says_on_both_engines() -> None:
    count, failures = run_cases(str(DOCS / "examples"))
    assert [str(failure) for failure in failures] == []
    assert count == 25


def test_each_example_fires_on_one_household_and_not_on_another() -> None:
    cases = [
        case for file in reference_examples.CASES for case in read_cases(DOCS / "examples" / f"{file}.yaml")
    ]
    assert len(reference_examples.EXAMPLES) == 10
    for number in range(1, 11):
        own = [case for case in cases if case.name.startswith(f"[{number}]")]
        fired = {rule for case in own for rule in (*case.findings, *case.quality)}
        absent = {rule for case in own for rule in (*case.absent, *case.quality_absent)}
        assert len(fired) == 1
        assert fired == absent


def test_a_block_of_an_example_has_the_lines_it_stands_under_and_no_others() -> None:
    text = "rows:\n  items:\n    # [2]\n    far: a\n\naggregates:\n  members:\n    # [1]\n    one: b\n    # [2]\n    two: c\n  items:\n    three: d\n"
    assert reference_examples.block(text, 2) == (
        "rows:\n  items:\n    far: a\naggregates:\n  members:\n    two: c"
    )
    assert reference_examples.block(text, 3) == ""


@pytest.mark.parametrize("number", range(len(MISTAKES)))
def test_each_of_the_ten_mistakes_is_told_once_with_a_remedy(number: int) -> None:
    _zh, _en, file, text = MISTAKES[number]
    told = sentences(file, text)
    assert len(told) == 3
    assert told[0] == "政策包 trial 有 1 处错误："
    assert told[1].startswith(f"trial/{file}.yaml:")
    assert told[2].startswith("  → ")


def test_the_page_has_what_the_command_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _zh, _en, file, text = MISTAKES[9]
    folder = tmp_path / "trial"
    (folder / "quality").mkdir(parents=True)
    (folder / "pack.yaml").write_text("id: trial\ntitle: trial\nextends: national\n", encoding="utf-8")
    (folder / f"{file}.yaml").write_text(text + "\n", encoding="utf-8")
    assert main(["pack", "check", str(folder)]) == 2
    printed = capsys.readouterr().err
    assert printed.strip() == "\n".join(sentences(file, text))
    assert printed.strip() in (DOCS / "packs.md").read_text(encoding="utf-8")


def test_there_are_ten_mistakes() -> None:
    assert len(MISTAKES) == 10


@pytest.mark.req("QLT-1")
def test_the_page_of_results_has_the_columns_that_are_written() -> None:
    text = (DOCS / "results.md").read_text(encoding="utf-8")
    for file, columns in (("findings", FINDING_COLUMNS), ("quality", QUALITY_COLUMNS)):
        section = text.partition(f"## {file}.csv")[2].partition("\n## ")[0]
        assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(columns)
    section = text.partition("## unknown.csv")[2].partition("\n## ")[0]
    assert all(f"`{column}`" in section for column in UNKNOWN_COLUMNS)
