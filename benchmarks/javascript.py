"""``python -m benchmarks.javascript``: one household on the phone's module, in Node, next to the closure.

Both work out the same households (the first cases of the pack, with their facts as they stand there) in the same run,
and must give the same bits before a time counts. Times are medians over all households of one evaluation with its bits,
after a warm-up, in milliseconds; Node is told each household as JSON text that is parsed before the clock starts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from shouwang.policy.cases import Facts, read_cases
from shouwang.policy.closure import compile_plan
from shouwang.policy.javascript import write
from shouwang.policy.loading import find, load
from shouwang.policy.plan import build

PACK, DAY = "chongqing-xihe-2024", date(2024, 9, 1)
PROGRAM = """
import { readFileSync } from "node:fs";
const { module, households, rounds } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const start = performance.now();
const { evaluate, bits } = await import(module);
const load = performance.now() - start;
const bitsOf = households.map(([household, tables]) => bits(evaluate(household, tables)).map(String));
const first = performance.now() - start;
const spent = [];
for (let round = 0; round < rounds; round++) {
  for (const [household, tables] of households) {
    const before = performance.now();
    bits(evaluate(household, tables));
    spent.push(performance.now() - before);
  }
}
console.log(JSON.stringify({ bits: bitsOf, load, first, spent: spent.slice(spent.length / 5) }));
"""


def plain(facts: Facts) -> tuple[Any, Any]:
    """The facts of a household as JSON has them."""
    return json.loads(json.dumps((facts.household, facts.tables), default=_text))


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(Decimal(str(value)))


def in_python(closure: Any, crowd: Sequence[Facts], rounds: int) -> tuple[list[list[str]], float]:
    """The bits of each household, and the median milliseconds."""
    bits = [[str(one) for one in closure.bits(closure.evaluate(f.household, f.tables))] for f in crowd]
    spent = []
    for _round in range(rounds):
        for facts in crowd:
            start = time.perf_counter_ns()
            closure.bits(closure.evaluate(facts.household, facts.tables))
            spent.append((time.perf_counter_ns() - start) / 1e6)
    return bits, statistics.median(spent)


def measure(rounds: int) -> dict[str, Any]:
    """All figures; SystemExit where there is no Node or where the two differ."""
    node = shutil.which("node")
    if node is None:
        sys.exit("node is not on PATH")
    crowd = [case.facts for case in read_cases(find(PACK) / "cases" / "open.yaml")]
    plan = build(load(PACK), DAY)
    text = write(plan)
    bits, closure_ms = in_python(compile_plan(plan), crowd, rounds)
    with tempfile.TemporaryDirectory() as scratch:
        module, program, question = (
            Path(scratch) / name for name in ("module.mjs", "run.mjs", "question.json")
        )
        module.write_text(text, encoding="utf-8")
        program.write_text(PROGRAM, encoding="utf-8")
        asked = {"module": module.as_uri(), "households": [plain(f) for f in crowd], "rounds": rounds}
        question.write_text(json.dumps(asked), encoding="utf-8")
        done = subprocess.run(
            [node, str(program), str(question)], capture_output=True, check=True, encoding="utf-8"
        )
    told = json.loads(done.stdout)
    if told["bits"] != bits:
        sys.exit("the module and the closure differ: no time counts")
    return {
        "households": len(crowd), "rounds": rounds, "module_bytes": len(text.encode()),
        "module_gzip_bytes": len(gzip.compress(text.encode(), 9)), "closure_median_ms": round(closure_ms, 3),
        "javascript_median_ms": round(statistics.median(told["spent"]), 3), "javascript_load_ms": round(told["load"], 1),
        "javascript_load_and_first_ms": round(told["first"], 1),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.rounds)
    print(
        json.dumps(figures)
        if options.json
        else "\n".join(f"{name:34} {value}" for name, value in figures.items())
    )


if __name__ == "__main__":
    main()
