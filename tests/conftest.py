"""What all tests share: how hypothesis draws, and a record of which requirements the tests prove."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
os.environ["SHOUWANG_DIR"] = tempfile.mkdtemp(prefix="shouwang-tests-")  # keys and scratch of this process
os.environ["DJANGO_SETTINGS_MODULE"] = "shouwang.server.config.settings"
django.setup()
RESULTS = ROOT / "build" / "requirements.json"

settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """Every test begins and ends in Chinese, whatever the machine or the test before it spoke."""
    from shouwang import language

    language.use("zh")
    yield
    language.use("zh")


class RequirementRecord:
    """Writes ``build/requirements.json``: per test its requirement ids and how it ended.

    A run of all tests writes the record anew; a run of some renews only these.
    """

    def __init__(self, path: Path, *, whole: bool) -> None:
        self.path = path
        self.whole = whole
        self.tests: dict[str, dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keeps the worst of set-up, call and tear-down; under xdist the workers' reports arrive here too."""
        ids = sorted({str(value) for name, value in report.user_properties if name == "requirement"})
        if not ids:
            return
        entry = self.tests.setdefault(report.nodeid, {"requirements": ids, "outcome": "skipped"})
        if report.failed:
            entry["outcome"] = "failed"
        elif report.when == "call" and entry["outcome"] != "failed":
            entry["outcome"] = "passed" if report.passed and not hasattr(report, "wasxfail") else "skipped"

    def pytest_sessionfinish(self) -> None:
        """Writes the file in one move."""
        if not self.tests:
            return
        kept = {} if self.whole else self._earlier()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        told = {"tests": dict(sorted((kept | self.tests).items()))}
        fresh.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        fresh.replace(self.path)

    def _earlier(self) -> dict[str, dict[str, Any]]:
        try:
            earlier: dict[str, dict[str, Any]] = json.loads(self.path.read_text(encoding="utf-8"))["tests"]
        except (OSError, ValueError, KeyError):
            return {}
        return {name: test for name, test in earlier.items() if (ROOT / name.partition("::")[0]).is_file()}


def pytest_configure(config: pytest.Config) -> None:
    """Records in the process that hears of every test: the only one, or the one that leads the workers."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    chosen = config.option.keyword or config.option.markexpr or getattr(config.option, "lf", False)
    whole = config.args == config.getini("testpaths") and not chosen
    config.pluginmanager.register(RequirementRecord(RESULTS, whole=whole), "requirement-record")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets each test's reports carry the ids of its marks."""
    for item in items:
        ids = {str(name) for mark in item.iter_markers("req") for name in mark.args}
        item.user_properties += [("requirement", name) for name in sorted(ids)]
