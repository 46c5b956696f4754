"""Changes every rule of the packs, one small thing at a time, and counts what the cases notice.

    python -m scripts.mutate_packs                    everything; renews the figures in docs/mutation.md
    python -m scripts.mutate_packs --rule income.fall --list-survivors
    python -m scripts.mutate_packs --sample 200

0, or 1 where the cases notice less than 95 of 100 mutants (see scripts/mutation/ and docs/mutation.md).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from scripts.mutation.reporting import Report, equivalents, written
from scripts.mutation.run import PROCESSES, load_packs, mutants_in, run, whole
from scripts.mutation.trials import all_together

PAGE = Path(__file__).resolve().parents[1] / "docs" / "mutation.md"


def main(arguments: list[str] | None = None) -> int:
    """Reads the options, runs the mutants and says what came out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rule", default="", help="only what this rule reaches")
    parser.add_argument("--sample", type=int, default=0, help="only so many mutants")
    parser.add_argument(
        "--list-survivors", action="store_true", help="name every mutant that no case notices"
    )
    parser.add_argument("--cases", type=Path, action="append", default=[], help="only the cases of this file")
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--json", type=Path, help="write the outcome to this file")
    options = parser.parse_args(arguments)
    packs, listed = load_packs(), equivalents()  # a list that cannot be read is told before the work
    wholes = [whole(pack) for pack in packs.values()]
    if options.rule and not any(options.rule in one.reach for one in wholes):
        parser.error(f"no rule is called {options.rule}")
    mutants = mutants_in(wholes, options.rule, options.sample)
    groups = all_together(packs, options.cases)
    print(f"{len(mutants)} mutants, {len(groups)} groups of cases", file=sys.stderr)
    outcome = run(mutants, packs, groups, processes=options.processes, told=_tell)
    complete = not (options.rule or options.sample or options.cases)
    report = Report(outcome, wholes, listed, complete)
    print(report.text(list_survivors=options.list_survivors))
    if options.json:
        options.json.write_text(
            json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    if complete and PAGE.is_file():
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), report.table()), encoding="utf-8")
    return 0 if report.passes else 1


def _tell(done: int, groups: int, left: int) -> None:
    print(
        f"\r{done}/{groups} groups, {left} mutants left ",
        end="\n" if done == groups else "",
        file=sys.stderr,
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
