"""``shouwang requirements``: every requirement, the tests that name it, and whether they passed.

Tests name what they prove with ``@pytest.mark.req("INC-3")``; the marks are read from the text of the tests,
nothing is imported. What passed is said by the last run of the tests, in ``build/requirements.json``.
"""

from __future__ import annotations

import argparse
import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from shouwang.cli.demo import width
from shouwang.errors import InputError
from shouwang.language import _

RESULTS = Path("build") / "requirements.json"


@dataclass(frozen=True)
class Row:
    """One requirement: how many test functions name it, and how the runs of those tests ended."""

    id: str
    sentence: str
    tests: int
    passed: int
    failed: int

    @property
    def state(self) -> str:
        """``failing``, ``passing``, ``not_run`` (named, no result yet) or ``no_test``."""
        if self.failed:
            return "failing"
        if self.passed:
            return "passing"
        return "not_run" if self.tests else "no_test"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser("requirements", help=_("列出每条要求、证明它的测试和测试结果"))
    parser.add_argument("--run", action="store_true", dest="test", help=_("先把全部测试运行一遍"))
    parser.add_argument("--json", action="store_true", help=_("输出 JSON，供程序读取"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prints the table; 1 where a test of a requirement failed or a test names an id that is none."""
    root = checkout()
    if options.test:
        run_tests(root)
    named = named_in(root / "tests")
    known = requirements()
    table = rows(known, named, results(root / RESULTS))
    strangers = sorted(set(named) - set(known))
    if options.json:
        print(json.dumps(as_data(table, strangers), ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines(table, strangers, root / RESULTS)))
    return 1 if strangers or any(row.failed for row in table) else 0


def requirements() -> dict[str, str]:
    """Id → sentence of every requirement, in order; a ★ before the sentence marks what no source asks for."""
    text = resources.files("shouwang").joinpath("requirements.tsv").read_text(encoding="utf-8")
    return {name: sentence for name, _tab, sentence in (line.partition("\t") for line in text.splitlines())}


def checkout() -> Path:
    """The folder of the project with the tests; :class:`InputError` where only the package is installed."""
    for folder in (Path.cwd(), Path(__file__).resolve().parents[3]):
        if (folder / "tests").is_dir() and (folder / "src" / "shouwang").is_dir():
            return folder
    raise InputError(
        _("这里没有测试，无法核对要求"),
        where=str(Path.cwd() / "tests"),
        remedy=_("请在守望的源代码文件夹里运行"),
    )


def run_tests(root: Path) -> None:
    """Runs all tests, their words on standard error; results come through the file that they write."""
    (root / RESULTS).unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", *(["-n", "2"] if _parallel() else [])]
    subprocess.run(command, cwd=root, stdout=sys.stderr, check=False)  # noqa: S603
    if not (root / RESULTS).is_file():
        raise InputError(
            _("测试没有运行起来"), where="pytest", remedy=_("请先运行 make setup 安装开发所需的软件包")
        )


def _parallel() -> bool:
    from importlib.util import find_spec

    return find_spec("xdist") is not None


def named_in(folder: Path) -> dict[str, set[str]]:
    """Id → tests (``file::class::function``) under a folder whose marks name it."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        for test, ids in _marked(tree.body, str(path.relative_to(folder.parent)), set()):
            for name in ids:
                found.setdefault(name, set()).add(test)
    return found


def _marked(body: list[ast.stmt], prefix: str, inherited: set[str]) -> Iterator[tuple[str, set[str]]]:
    """Every test function below, with the ids of its own marks and of what it stands in."""
    inherited = inherited | {
        name for statement in body if _is_pytestmark(statement) for name in _ids(statement)
    }  # fmt: skip
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if statement.name.startswith("test"):
                ids = {name for decorator in statement.decorator_list for name in _ids(decorator)}
                yield f"{prefix}::{statement.name}", ids | inherited
        elif isinstance(statement, ast.ClassDef):
            ids = {name for decorator in statement.decorator_list for name in _ids(decorator)}
            yield from _marked(statement.body, f"{prefix}::{statement.name}", inherited | ids)


def _is_pytestmark(statement: ast.stmt) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in targets)


def _ids(node: ast.AST) -> set[str]:
    """The ids in every ``….mark.req("…")`` below a node."""
    found: set[str] = set()
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "req":
            found |= {str(word.value) for word in call.args if isinstance(word, ast.Constant)}
    return found


def results(path: Path) -> dict[str, tuple[int, int]]:
    """Id → tests passed and failed in the last run; empty where there was none."""
    try:
        tests = json.loads(path.read_text(encoding="utf-8"))["tests"]
        found: dict[str, tuple[int, int]] = {}
        for test in tests.values():
            for name in test["requirements"]:
                passed, failed = found.get(name, (0, 0))
                good, bad = test["outcome"] == "passed", test["outcome"] == "failed"
                found[name] = (passed + good, failed + bad)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            _("测试结果文件读不懂"), where=str(path), remedy=_("请删去这个文件，再运行一次测试")
        ) from error
    return found


def rows(
    known: Mapping[str, str], named: Mapping[str, set[str]], outcomes: Mapping[str, tuple[int, int]]
) -> list[Row]:
    """One row per requirement, in the order of the requirements."""
    return [
        Row(name, sentence, len(named.get(name, ())), *outcomes.get(name, (0, 0)))
        for name, sentence in known.items()
    ]


def as_data(table: list[Row], strangers: list[str]) -> dict[str, Any]:
    """What ``--json`` prints."""
    states = [row.state for row in table]
    return {
        "requirements": [
            {"id": row.id, "sentence": row.sentence, "tests": row.tests, "passed": row.passed,
             "failed": row.failed, "state": row.state} for row in table
        ],
        "counts": {state: states.count(state) for state in ("passing", "failing", "not_run", "no_test")},
        "unknown_ids": strangers,
    }  # fmt: skip


def lines(table: list[Row], strangers: list[str], path: Path) -> list[str]:
    """The table for people: id, tests, state, and as much of the sentence as the terminal is wide."""
    words = {
        "passing": _("通过"),
        "failing": _("未通过"),
        "not_run": _("未运行"),
        "no_test": _("无测试"),
    }
    room = max(shutil.get_terminal_size((120, 24)).columns - 26, 30) if sys.stdout.isatty() else 10_000
    told = [
        f"{row.id:<7} {row.tests:>4}  {_padded(words[row.state], 8)}  {_cut(row.sentence, room)}"
        for row in table
    ]
    counts = as_data(table, strangers)["counts"]
    summary = _(
        "共 {all} 条要求：{passing} 条有测试通过，{failing} 条未通过，"
        "{not_run} 条的测试未运行，{no_test} 条没有测试。"
    )
    told += ["", summary.format(all=len(table), **counts)]
    if path.is_file():
        told.append(_("结果来自 {when} 的测试。").format(when=_moment(path)))
    elif counts["not_run"]:
        told.append(_("还没有测试结果：请加 --run，或先运行 make test。"))
    if strangers:
        told.append(_("测试提到了不存在的要求：{ids}").format(ids="、".join(strangers)))
    return told


def _moment(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M")


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def _cut(text: str, room: int) -> str:
    if width(text) <= room:
        return text
    while width(text) > room - 1:
        text = text[:-1]
    return text + "…"
