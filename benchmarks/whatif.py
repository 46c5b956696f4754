"""Measures ``shouwang whatif`` as a whole process: wall and CPU seconds, peak memory, and how many households move.

    python -m benchmarks.whatif [--households 200000] [--keep FOLDER]

Makes the data once (Parquet). Four questions: one threshold; the same with a sweep of 31 values; an age that is read
row by row together with a threshold (reasons take mixtures); another day (nearly everything is worked out twice).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.screening import DAY, PACK

QUESTIONS = {
    "threshold": ["--then-set", "monitoring_range=8500"],
    "threshold_and_sweep": [
        "--then-set",
        "monitoring_range=8500",
        "--sweep",
        "monitoring_range=7000:10000:100",
    ],
    "age_and_threshold": ["--then-set", "school_to=16", "--then-set", "monitoring_range=8500"],
    "day": ["--then-on", "2024-09-15"],
}


def measured(command: list[str]) -> tuple[dict[str, float], str]:
    """Runs a command; seconds by the clock and of the processor, peak memory (MB), and what it printed."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    printed = process.stdout.read().decode() if process.stdout else ""
    _pid, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{command} failed")
    figures = {
        "wall": round(time.perf_counter() - started, 2),
        "cpu": round(usage.ru_utime + usage.ru_stime, 2),
        "memory_mb": round(usage.ru_maxrss / 1024),
    }
    return figures, printed


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=200_000)
    parser.add_argument("--keep", type=Path, help="where the data are, or are to be kept")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    shouwang = [sys.executable, "-m", "shouwang"]
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        data = options.keep or Path(scratch) / "data"
        if not (data / "households.parquet").exists():
            count = str(options.households)
            measured(
                [*shouwang, "generate", "--households", count, "--out", str(data), "--format", "parquet"]
            )
        for name, changed in QUESTIONS.items():
            question = [
                str(data),
                "--pack",
                PACK,
                "--on",
                DAY,
                *changed,
                "--out",
                f"{scratch}/{name}",
                "--json",
            ]
            figures, printed = measured([*shouwang, "whatif", *question])
            told = json.loads(printed)
            found[name] = {
                **figures,
                "households": told["households"],
                "moved": told["moved_households"],
                "targets": len(told["findings"]),
            }
    print(json.dumps(found) if options.json else "\n".join(f"{name:22} {row}" for name, row in found.items()))


if __name__ == "__main__":
    main()
