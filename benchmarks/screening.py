"""Measures screening as a whole process: households per CPU second and peak memory, beside scanning and writing alone.

    python benchmarks/screening.py [--households 1000000] [--keep FOLDER]

Makes the data once (Parquet, sorted by area), runs ``shouwang screen`` and a plain DuckDB process that scans the same
columns and writes as many rows of the same width, and prints CPU seconds (user and system of the whole process),
their ratio, and peak memory. Wall time is not judged: machines are shared.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

PACK, DAY = "chongqing-xihe-2024", "2024-09-01"
SCAN = """
import duckdb, sys
folder, out = sys.argv[1:]
connection = duckdb.connect(config={"threads": 2, "memory_limit": "320MB", "preserve_insertion_order": False})
read = lambda name: f"read_parquet('{folder}/{name}.parquet')"
for name, columns in {"income_items": "household_id, member_id, kind, amount, received_on, realised",
                      "members": "household_id, birth_date, months_in_household, labour_capacity, medical_insurance, in_school",
                      "visits": "household_id, visited_on, mode, respondent, risk, causes, income_band",
                      "alerts": "household_id, kind, event_on, received_on, verified_on, disposition"}.items():
    connection.execute(f"SELECT {', '.join(f'max({c})' for c in columns.split(', '))} FROM {read(name)}").fetchall()
connection.execute(f"COPY (SELECT household_id, area_code, * FROM {read('households')}) TO '{out}/households.csv' (FORMAT csv)")
"""


def measured(command: list[str]) -> dict[str, float]:
    """Runs a command and gives its CPU seconds and peak memory (MB), from the operating system."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{command} failed")
    return {"cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / 1024}


def closure_milliseconds(rounds: int = 400) -> float:
    """Median CPU milliseconds for one household by the closure (an ordinary one of two members and four items)."""
    from shouwang.policy.cases import read_cases
    from shouwang.policy.closure import compile_plan
    from shouwang.policy.loading import find, load
    from shouwang.policy.plan import build

    case = read_cases(find(PACK) / "cases" / "open.yaml")[0]
    closure = compile_plan(build(load(PACK), date.fromisoformat(DAY), {}, case.facts.present))
    spent = []
    for _round in range(rounds):
        start = time.process_time_ns()
        closure.evaluate(case.facts.household, case.facts.tables)
        spent.append((time.process_time_ns() - start) / 1e6)
    return statistics.median(spent)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="where the data are, or are to be kept")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    command = [sys.executable, "-m", "shouwang"]
    with tempfile.TemporaryDirectory() as scratch:
        data = options.keep or Path(scratch) / "data"
        made = None
        if not (data / "households.parquet").exists():
            made = measured(
                [
                    *command,
                    "generate",
                    "--households",
                    str(options.households),
                    "--seed",
                    "1",
                    "--out",
                    str(data),
                    "--format",
                    "parquet",
                ]
            )
        screen = measured(
            [
                *command,
                "screen",
                str(data),
                "--pack",
                PACK,
                "--on",
                DAY,
                "--out",
                f"{scratch}/out",
                "--no-ledger",
            ]
        )
        start = measured([*command, "pack", "check", PACK])
        scan = measured([sys.executable, "-c", SCAN, str(data), scratch])
        summary = json.loads((Path(scratch) / "out" / "run.json").read_text(encoding="utf-8"))
    count = summary["counts"]["households"]
    figures = {
        "households": count,
        "screen_cpu_seconds": round(screen["cpu"], 1), "screen_memory_mb": round(screen["memory"]),
        "households_per_cpu_second": round(count / screen["cpu"]),
        "scan_and_write_cpu_seconds": round(scan["cpu"], 1), "ratio_to_scan_and_write": round(screen["cpu"] / scan["cpu"], 1),
        "start_and_pack_check_cpu_seconds": round(start["cpu"], 2),
        "closure_median_ms": round(closure_milliseconds(), 2),
        "generate_cpu_seconds": round(made["cpu"], 1) if made else None,
        "generate_memory_mb": round(made["memory"]) if made else None,
        "this_process_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip
    print(
        json.dumps(figures)
        if options.json
        else "\n".join(f"{name:34} {value}" for name, value in figures.items())
    )


if __name__ == "__main__":
    main()
