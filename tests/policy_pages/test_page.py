"""A pack as one page: everything it says, with its source, in both languages (INC-8, RSK-2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from shouwang import language
from shouwang.cli.main import main
from shouwang.policy.loading import load
from shouwang.policy.page import page
from tests.policy.trial_packs import trial_pack

pytestmark = pytest.mark.req("INC-8", "RSK-2")
XIHE = "chongqing-xihe-2024"


@pytest.mark.parametrize("spoken", ["zh", "en"])
@pytest.mark.parametrize("name", ["national", XIHE])
def test_the_page_has_every_entry_with_its_name_and_clause(name: str, spoken: str) -> None:
    language.use(spoken)
    pack = load(name)
    text = page(pack)
    for rule in pack.rules.values():
        assert f"`{rule.name}`" in text
        assert pack.label(rule.name, spoken) in text
    for group in (pack.parameters, pack.kinds, pack.focus, pack.indicators):
        for entry in group:
            assert f"{entry}`" in text
    assert text.count("\n# ") == 0
    assert text.startswith("# ")
    assert pack.hash in text


@pytest.mark.req("QLT-1")
@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_the_page_has_every_rule_about_the_data_with_what_it_needs(spoken: str) -> None:
    language.use(spoken)
    pack = load(XIHE)
    text = page(pack)
    for rule in pack.quality.values():
        block = text[text.index(f"`{rule.name}`") :].partition("\n\n#")[0]
        assert pack.label(rule.name, spoken) in text
        assert str(rule.place) in block
        assert " ".join(str(rule.when.text).split()) in block


@pytest.mark.req("QLT-1")
def test_a_rule_about_the_data_says_how_serious_it_is_who_mends_it_and_by_which_parameters() -> None:
    text = page(load("national"))
    block = text[text.index("（`identity.duplicate`）") :].partition("\n\n#")[0]
    assert "- 严重程度：错误；由镇改" in block
    assert "- 判断：家庭成员（每行一次）" in block
    assert "- 条件：`numbered and same_person > 0`" in block
    gap = text[text.index("（`household.generation_gap`）") :].partition("\n\n#")[0]
    assert "- 参数：一代人最小年龄差 `:parent_gap` = 14" in gap
    assert "- 依据：本程序自定，没有文件出处" in gap
    assert "- 判断：每户一次" in text[text.index("（`household.one_head`）") :].partition("\n\n#")[0]
    assert "| `present` | `coalesce(left_on > :day, true)` |" in text


@pytest.mark.req("QLT-1")
def test_a_pack_without_rules_about_the_data_says_so(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "pack.yaml").write_text("id: bare\ntitle: 空\n", encoding="utf-8")
    section = page(load(str(tmp_path / "bare"))).partition("## 数据质量规则\n")[2]
    assert section.strip() == "没有。"


def test_the_page_says_sources_place_and_time() -> None:
    text = page(load(XIHE))
    assert "| XH | 西河府〔2024〕90号 |" in text
    assert "适用地区：`500151122`" in text
    assert "适用时间：2024-08-23 至 2024-12-31" in text
    assert (
        "| `:monitoring_range` | 监测范围 | yuan per person and year | 8300 | 2024-01-01 至 … | 500151 | 西河府〔2024〕90号 附件1，收入（1） |"
        in text
    )


def test_an_unset_parameter_says_what_to_ask_for() -> None:
    (line,) = [
        line for line in page(load("national")).splitlines() if line.startswith("| `:monitoring_range`")
    ]
    assert "未定" in line
    assert "文件号" in line


def test_kinds_stand_under_what_they_count_as() -> None:
    text = page(load("national"))
    one_off = text[text.index("（`not_counted`）") :]
    assert "`excluded.gift`" in one_off
    assert "`wage.in_county`" not in one_off
    (line,) = [line for line in text.splitlines() if line.startswith("| `excluded.gift`")]
    assert "一次性" in line
    assert "附件5 §6.2" in line


def test_what_is_switched_off_is_named(tmp_path: Path) -> None:
    pack = trial_pack(
        tmp_path / "trial",
        XIHE,
        head="focus_categories: [monitored]\n",
        rules="income.livestock: {off: true}\n",
    )
    (tmp_path / "trial" / "quality").mkdir()
    (tmp_path / "trial" / "quality" / "own.yaml").write_text(
        "rules:\n  phone.form: {off: true}\n", encoding="utf-8"
    )
    pack = load(str(tmp_path / "trial"))
    off = page(pack).partition("## 与上一级政策包相比关掉的")[2]
    assert "| 规则 | `income.livestock` |" in off
    assert "| 重点对象 | `dibao_new` |" in off
    assert "| 数据质量规则 | `phone.form` |" in off
    assert "income.fall" not in off
    assert "`monitored`" not in off


def test_a_pack_that_extends_none_or_one_that_cannot_be_found_has_no_such_section(tmp_path: Path) -> None:
    assert "关掉的" not in page(load("national"))
    trial_pack(tmp_path / "county", XIHE)
    assert "关掉的" not in page(trial_pack(tmp_path / "town", "county"))


def test_tables_hold_where_a_text_has_a_bar(tmp_path: Path) -> None:
    pack = trial_pack(
        tmp_path / "trial",
        income="kinds:\n  transfer.odd: {name: 甲|乙, counts_as: transfer, clause: 某 | 文件}\n",
    )
    (line,) = [line for line in page(pack).splitlines() if "transfer.odd" in line]
    assert line.replace("\\|", "").count("|") == 5


def test_the_command_prints_the_page_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "en", "pack", "show", XIHE]) == 0
    assert capsys.readouterr().out.startswith("# 2024 campaign of visits, inspection and rectification")
