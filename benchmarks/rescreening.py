"""Measures screening one household again as its facts change, and refreshing what rests on neighbours.

    python benchmarks/rescreening.py [--households 20000] [--keep FOLDER] [--changes 500]

Makes the data once, screens all, then changes one fact of a household after the other: CPU milliseconds per change with
the household's facts at hand (median, 95th of a hundred, most), per fetching of facts that are not, and per refresh
after one change and after all. The first change compiles what later ones use and is told apart.
"""

from __future__ import annotations

import argparse
import copy
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

PACK, DAY = "chongqing-xihe-2024", date(2024, 9, 1)


def spent(action: Callable[[], Any]) -> tuple[float, Any]:
    """CPU milliseconds of this process, and what came of it."""
    start = time.process_time_ns()
    result = action()
    return (time.process_time_ns() - start) / 1e6, result


def change_one_fact(facts: Any, random: Random) -> Any:
    """The same household with one amount, one answer or one date other than it was."""
    changed = copy.deepcopy(facts)
    items, members = changed.tables.get("income_items") or [], changed.tables.get("members") or []
    kind = random.choice(["amount", "insurance", "status"])
    if kind == "amount" and items:
        random.choice(items)["amount"] += Decimal(random.randrange(1, 5000))
    elif kind == "insurance" and members:
        member = random.choice(members)
        member["medical_insurance"] = not member["medical_insurance"]
    else:
        changed.household["monitoring_status"] = random.choice(["none", "unresolved", "resolved"])
    return changed


def figures(folder: Path, changes: int, quality: bool) -> dict[str, Any]:
    from shouwang.policy.loading import load
    from shouwang.policy.rescreening.rescreening import Screening

    random = Random(1)
    more = {"quality": True} if quality else {}
    opening, screening = spent(lambda: Screening.open(folder, load(PACK), DAY, **more))
    with screening:
        everyone = sorted(screening.bits())
        ids = random.sample(everyone, min(changes, len(everyone)))
        fetching, facts = spent(lambda: screening.facts.fetch(ids))
        one, _facts = spent(lambda: screening.facts_of(ids[0]))
        changed = [change_one_fact(facts[name], random) for name in ids]
        first, _result = spent(lambda: screening.change(changed[0]))
        refresh_one, refreshed = spent(screening.refresh)
        each = sorted(spent(lambda facts=facts: screening.change(facts))[0] for facts in changed[1:])
        refresh_all, all_refreshed = spent(screening.refresh)
    return {
        "households": len(everyone),
        "open_and_screen_all_ms": round(opening),
        "change_median_ms": round(statistics.median(each), 2),
        "change_p95_ms": round(each[len(each) * 95 // 100], 2),
        "change_most_ms": round(each[-1], 2),
        "first_change_ms": round(first, 1),
        "fetch_facts_of_one_ms": round(one, 1),
        "fetch_facts_per_household_of_many_ms": round(fetching / len(ids), 2),
        "refresh_after_one_ms": round(refresh_one),
        "refresh_after_one_screened_again": len(refreshed.households),
        "refresh_after_all_ms": round(refresh_all),
        "refresh_after_all_screened_again": len(all_refreshed.households),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--changes", type=int, default=500)
    parser.add_argument("--keep", type=Path, help="where the data are, or are to be kept")
    parser.add_argument("--quality", action="store_true", help="with the findings about the data")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        data = options.keep or Path(scratch) / "data"
        if not (data / "households.parquet").exists():
            command = [sys.executable, "-m", "shouwang", "generate", "--households", str(options.households)]
            subprocess.run([*command, "--seed", "1", "--format", "parquet", "--out", str(data)], check=True)
        found = figures(data, options.changes, options.quality)
    print(
        json.dumps(found)
        if options.json
        else "\n".join(f"{name:38} {value}" for name, value in found.items())
    )


if __name__ == "__main__":
    main()
