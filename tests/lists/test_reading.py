"""Lists become tables: what the samples' truth says, who of ours is meant, and what is left open."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from shouwang.cli import intake as intake_cli
from shouwang.errors import InputError
from shouwang.tables.lists.ours import read_ours
from shouwang.tables.lists.theirs import read_theirs

from .conftest import NATIONAL, ON, SAMPLES, number, run

DAY = date(2024, 9, 1)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def truth() -> dict[str, dict]:
    data = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))
    return {entry["file"]: entry for entry in data["files"]}


@pytest.mark.req("ALR-6", "REG-6")
def test_the_export_becomes_two_tables(taken_in: Path, truth: dict[str, dict]) -> None:
    told = truth["监测对象信息.xlsx"]
    homes, people = rows(taken_in, "national_households"), rows(taken_in, "national_members")
    assert len(homes) == told["households"]
    assert len(people) == told["members"]
    assert Counter(row["monitoring_status"] for row in homes) == told["monitoring_status_households"]
    assert sum(bool(row["id_number"]) for row in people) == told["ids"]["accepted"]
    assert all(row["household_id"] == row["national_id"] for row in homes)
    assert homes[0]["identified_on"] == "2024-07-01"
    assert homes[1]["risks"] == "disability;project_failed"
    assert "phone" not in homes[0]  # it stands behind the contact's name: nobody knows whose it is


@pytest.mark.req("ALR-6")
def test_a_year_of_income_that_nobody_said_stays_unknown(taken_in: Path) -> None:
    assert "income_year" not in rows(taken_in, "national_households")[0]
    ours = read_ours(taken_in, DAY)
    said = read_theirs(ours, NATIONAL, income_year=2023).tables["national_households"][0]
    assert (said["income_year"], said["net_income_per_capita"]) == ("2023", "5170.00")


@pytest.mark.req("ALR-1")
def test_department_rows_are_matched_as_the_truth_says(taken_in: Path, truth: dict[str, dict]) -> None:
    sources = {row["list_id"]: row["source"] for row in rows(taken_in, "lists")}
    found: dict[str, Counter[str]] = {}
    for row in rows(taken_in, "listed"):
        found.setdefault(sources[row["list_id"]], Counter())[row["match"]] += 1
    for source, file in (
        ("civil_affairs", "民政_新增低保特困名单.csv"),
        ("medical_insurance", "医保_大额自付费用.xlsx"),
        ("disability", "残联_持证人员.xls"),
        ("education", "教育_疑似辍学名单.xlsx"),
        ("housing", "住建_疑似危房.xlsx"),
    ):
        match = Counter(entry["match"] for entry in truth[file]["rows"])
        assert found[source] == Counter(
            confirmed=match["by_id"],
            proposed=match["by_name_village"] + match["ambiguous"],
            none=match["none"],
        )


@pytest.mark.req("ALR-1")
def test_only_certain_rows_name_a_member_without_doubt(taken_in: Path) -> None:
    members = {row["member_id"]: row for row in rows(taken_in, "members")}
    for row in rows(taken_in, "listed"):
        if row["match"] == "confirmed":
            assert members[row["member_id"]]["id_number"] == row["id_number"]
        if row["match"] == "none":
            assert row["member_id"] == row["household_id"] == ""


@pytest.mark.req("ALR-1")
def test_levels_and_answers_are_those_of_the_list(taken_in: Path, truth: dict[str, dict]) -> None:
    listed = rows(taken_in, "listed")
    levels = Counter(row["level"] for row in listed if row["kind"] == "disability_level" and row["level"])
    told = Counter(str(row["level"]) for row in truth["残联_持证人员.xls"]["rows"])
    assert not levels - told
    assert sum(told.values()) - sum(levels.values()) == 1  # F25: cell and certificate contradict each other
    civil = Counter((row["kind"], row["holds"]) for row in listed if row["kind"][:5] in ("dibao", "tekun"))
    outcome = {"new": ("", "true"), "refused": ("", "false"), "applied": ("_applied", "true")}
    kinds = [row["kind"].split("_") for row in truth["民政_新增低保特困名单.csv"]["rows"] if row["kind"]]
    assert civil == Counter((kind + outcome[end][0], outcome[end][1]) for kind, end in kinds)


@pytest.mark.req("ALR-1")
def test_deaths_and_moves_are_lists_and_no_alerts(registry: Path, tmp_path: Path) -> None:
    ours = read_ours(registry, DAY)
    member = next(row for row in ours.members.values() if row.get("id_number"))
    files = []
    for name, head in (("死亡人员名单", "死亡日期"), ("户籍迁出名单", "迁出日期")):
        path = tmp_path / f"{name}.csv"
        text = f"{name}\n推送日期：2024年8月20日\n村,姓名,身份证号,{head}\n双柏村,{member['name']},{member['id_number']},2024-08-02\n"
        path.write_text(text, encoding="utf-8")
        files.append(path)
    theirs = read_theirs(ours, None, files)
    assert [row["source"] for row in theirs.tables["lists"]] == ["deceased", "moved_out"]
    assert {row["received_on"] for row in theirs.tables["lists"]} == {"2024-08-20"}
    assert [(row["kind"], row["match"], row["event_on"]) for row in theirs.tables["listed"]] == [
        ("deceased", "confirmed", "2024-08-02"),
        ("moved_out", "confirmed", "2024-08-02"),
    ]


@pytest.mark.req("ALR-5")
def test_a_household_is_not_ours_because_its_number_is(registry: Path, tmp_path: Path) -> None:
    path = tmp_path / "导出.csv"
    path.write_text(
        "监测对象信息查询\n导出时间：2024-08-28\n村,户编号,姓名,证件号码,与户主关系,户类型,监测对象类别,识别监测时间,风险是否已消除\n"
        f"双柏村,5001511222010001,柏生人,{number('19700303', 11)},户主,一般农户,边缘易致贫户,202401,否\n",
        encoding="utf-8",
    )
    tables = read_theirs(read_ours(registry, DAY), path).tables
    assert "household_id" not in tables["national_households"][0]


@pytest.mark.req("REG-6")
def test_an_export_that_is_the_registry_is_no_second_list(tmp_path: Path) -> None:
    run(intake_cli, NATIONAL, "--into", tmp_path / "out", "--on", ON)
    assert (tmp_path / "out" / "households.csv").exists()
    assert not (tmp_path / "out" / "national_households.csv").exists()


@pytest.mark.req("ALR-5")
def test_files_of_another_kind_are_refused(registry: Path, tmp_path: Path, lists: Callable[..., int]) -> None:
    out = tmp_path / "x.xlsx"
    with pytest.raises(InputError, match="不是全国系统导出"):
        lists("compare", registry, "--national", SAMPLES / "收入明细.xlsx", "--on", ON, "--out", out)
    with pytest.raises(InputError, match="部门名单"):
        lists("compare", registry, "--list", SAMPLES / "人社_失业名单.csv", "--on", ON, "--out", out)
    with pytest.raises(InputError, match="--national"):
        lists("compare", registry, "--on", ON, "--out", out)
    broken = openpyxl.Workbook()
    broken.save(tmp_path / "空.xlsx")
    with pytest.raises(InputError, match="什么也没有"):
        lists("compare", registry, "--national", tmp_path / "空.xlsx", "--on", ON, "--out", out)
    assert not out.exists()
