"""``shouwang requirements``: what the table says of marks and of results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shouwang.cli import requirements
from shouwang.cli.main import main
from shouwang.errors import InputError

MARKS = """
import pytest

pytestmark = [pytest.mark.req("SEC-1")]

@pytest.mark.req("INC-3", "INC-4")
def test_one(): ...

@pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.req("INC-5"))])
def test_two(n): ...

@pytest.mark.req("REG-6")
class TestSheets:
    @pytest.mark.req("INC-3")
    async def test_three(self): ...

    def helper(self): ...

@pytest.mark.req("NOT-1")
def no_test(): ...
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tests" / "deep").mkdir(parents=True)
    (tmp_path / "src" / "shouwang").mkdir(parents=True)
    (tmp_path / "tests" / "deep" / "test_marks.py").write_text(MARKS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def record(project: Path, **outcomes: str) -> None:
    """Results as the tests' plugin writes them: INC_3="passed"."""
    tests = {
        name: {"requirements": [name.replace("_", "-")], "outcome": outcome}
        for name, outcome in outcomes.items()
    }
    (project / "build").mkdir()
    (project / "build" / "requirements.json").write_text(json.dumps({"tests": tests}), encoding="utf-8")


def test_marks_of_functions_classes_modules_and_parameters_are_found(project: Path) -> None:
    found = requirements.named_in(project / "tests")
    one, two, three = (
        f"tests/deep/test_marks.py::{name}" for name in ("test_one", "test_two", "TestSheets::test_three")
    )
    assert found == {
        "SEC-1": {one, two, three},
        "INC-3": {one, three},
        "INC-4": {one},
        "INC-5": {two},
        "REG-6": {three},
    }


def test_states_follow_marks_and_results(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(project, INC_3="passed", INC_4="failed", INC_5="skipped")
    status = main(["requirements", "--json"])
    told = json.loads(capsys.readouterr().out)
    states = {row["id"]: row["state"] for row in told["requirements"]}
    assert [states[name] for name in ("INC-3", "INC-4", "INC-5", "CAM-1")] == [
        "passing", "failing", "not_run", "no_test",
    ]  # fmt: skip
    assert sum(told["counts"].values()) == len(states)
    assert status == 1, "a requirement has a failing test"


def test_one_failing_test_outweighs_passing_ones() -> None:
    assert requirements.Row("INC-3", "", tests=2, passed=1, failed=1).state == "failing"


def test_without_failures_the_status_is_zero(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(project, INC_3="passed")
    assert main(["requirements"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert next(line for line in lines if line.startswith("INC-3 ")).split()[1:3] == ["2", "通过"]


def test_an_id_that_is_none_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / "tests" / "test_more.py"
    path.write_text('@pytest.mark.req("INC-99")\ndef test_x(): ...\n', encoding="utf-8")
    assert main(["requirements"]) == 1
    assert "INC-99" in capsys.readouterr().out


def test_outside_the_source_code_there_is_one_clear_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(requirements, "__file__", str(tmp_path / "a" / "b" / "c" / "d.py"))
    with pytest.raises(InputError, match="源代码"):
        requirements.checkout()


def test_every_mark_in_this_project_names_a_requirement() -> None:
    named = requirements.named_in(Path(__file__).parents[2] / "tests")
    assert set(named) <= set(requirements.requirements())
    assert len(requirements.requirements()) == 82
