"""What came out: shares per rule, survivors with their place, and those that no facts could tell apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scripts.mutation.killing import Any_
from scripts.mutation.mutants import Mutant
from scripts.mutation.run import Outcome, Whole
from scripts.mutation.sites import Site

EQUIVALENT = Path(__file__).with_name("equivalent.yaml")
LEAST = 0.95
BEGIN, END = "<!-- made: mutation -->", "<!-- end: mutation -->"


@dataclass(frozen=True)
class Equivalent:
    """An entry of equivalent.yaml: mutants that give the same for all facts, and why."""

    at: str
    before: str
    after: str
    reason: str

    def __post_init__(self) -> None:
        for pattern in (self.at, self.before, self.after):
            re.compile(pattern)

    def fits(self, mutant: Any_) -> bool:
        parts = ((self.at, mutant.owner), (self.before, mutant.before), (self.after, mutant.after))
        return all(re.fullmatch(pattern, str(text), re.DOTALL) for pattern, text in parts)


def equivalents(path: Path = EQUIVALENT) -> list[Equivalent]:
    """The reviewed list."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return [Equivalent(str(e["at"]), str(e["before"]), str(e["after"]), str(e["reason"])) for e in entries]


@dataclass
class Report:
    """The outcome with the equivalent mutants set apart, and the rules that each site is reached by."""

    outcome: Outcome
    wholes: Sequence[Whole]
    listed: Sequence[Equivalent]
    complete: bool = True

    def __post_init__(self) -> None:
        self.excluded: dict[int, Equivalent] = {}
        used: set[Equivalent] = set()
        self.wrongly = []  # listed as equivalent, and killed all the same
        for number, mutant in self.outcome.mutants.items():
            entry = next((entry for entry in self.listed if entry.fits(mutant)), None)
            if entry is not None:
                used.add(entry)
                self.excluded[number] = entry
                if number in self.outcome.killed:
                    self.wrongly.append(mutant)
        self.unused = [entry for entry in self.listed if entry not in used] if self.complete else []
        self.counted = {n: m for n, m in self.outcome.mutants.items() if n not in self.excluded}
        self.survivors = {n: m for n, m in self.counted.items() if n not in self.outcome.killed}

    @property
    def share(self) -> float:
        return 1 - len(self.survivors) / len(self.counted) if self.counted else 1.0

    @property
    def passes(self) -> bool:
        return self.share >= LEAST and not self.wrongly and not self.unused and not self.outcome.failing

    def rules(self) -> list[dict[str, Any]]:
        """Per rule: the mutants of its own condition, and of everything that it reaches; how many were killed."""
        by_site: dict[Site, list[int]] = {}
        for number, mutant in self.counted.items():
            if isinstance(mutant, Mutant):
                by_site.setdefault(mutant.site, []).append(number)
        found: dict[str, dict[str, Any]] = {}
        for whole in self.wholes:
            for rule, sites in whole.reach.items():
                own = [n for site in sites if site.name == rule for n in by_site.get(site, ())]
                reached = [n for site in sites for n in by_site.get(site, ())]
                if reached and (rule not in found or len(reached) > found[rule]["reached"]):
                    found[rule] = {
                        "rule": rule,
                        **self._counts("own", own),
                        **self._counts("reached", reached),
                    }
        return [found[rule] for rule in sorted(found)]

    def _counts(self, name: str, numbers: Sequence[int]) -> dict[str, int]:
        return {name: len(numbers), f"{name}_killed": sum(n in self.outcome.killed for n in numbers)}

    def as_json(self) -> dict[str, Any]:
        return {
            "mutants": len(self.counted), "killed": len(self.counted) - len(self.survivors), "share": round(self.share, 4),
            "equivalent": [{**_shown(self.outcome.mutants[n]), "reason": entry.reason} for n, entry in self.excluded.items()],
            "rules": self.rules(), "survivors": [_shown(mutant) for mutant in self.survivors.values()],
            "failing_cases": sorted(self.outcome.failing),
        }  # fmt: skip

    def text(self, *, list_survivors: bool) -> str:
        """The summary for a terminal."""
        lines = [
            f"{row['rule']}: {row['own_killed']}/{row['own']}, with what it reaches {row['reached_killed']}/{row['reached']}"
            for row in self.rules()
        ]
        lines += [_sentence(m) for m in self.survivors.values()] if list_survivors else []
        lines += [
            f"listed as equivalent, but a case kills it: {_sentence(mutant)}" for mutant in self.wrongly
        ]
        lines += [
            f"equivalent.yaml: nothing fits {entry.at}: {entry.before} → {entry.after}"
            for entry in self.unused
        ]
        lines += [f"fails without any mutant: {sentence}" for sentence in sorted(self.outcome.failing)]
        killed = len(self.counted) - len(self.survivors)
        lines.append(
            f"{killed} of {len(self.counted)} mutants killed, {self.share:.1%}; {len(self.excluded)} equivalent ones set apart"
        )
        return "\n".join(lines)

    def table(self) -> str:
        """The figures for docs/mutation.md."""
        rows = self.rules()
        kinds: dict[str, list[int]] = {}
        for number, mutant in self.counted.items():
            kinds.setdefault(mutant.operator, []).append(number)
        counts = [(kind, self._counts("n", numbers)) for kind, numbers in sorted(kinds.items())]
        weak = [row for row in rows if row["reached"] and row["reached_killed"] / row["reached"] < LEAST]
        lines = [
            f"{len(self.counted)} 个变异，用例发现 {len(self.counted) - len(self.survivors)} 个，{self.share:.1%}；"
            f"另有 {len(self.excluded)} 个与原文无从分别，见 scripts/mutation/equivalent.yaml。",
            "", "| 改动 | 变异 | 发现 |", "|---|---|---|",
            *(f"| {_KINDS.get(kind, kind)} | {count['n']} | {count['n_killed']} |" for kind, count in counts),
            "", f"{len(rows)} 条规则，连同用到的算式，发现不到 {LEAST:.0%} 的有 {len(weak)} 条：",
            "", "| 规则 | 自己的条件 | 连同用到的算式 |", "|---|---|---|",
            *(f"| `{r['rule']}` | {r['own_killed']}/{r['own']} | {r['reached_killed']}/{r['reached']} |" for r in weak),
        ]  # fmt: skip
        return "\n".join(lines)


_KINDS = {
    "comparison": "比较（< 与 <=，> 与 >=，= 与 <>）", "bound": "界限（数、参数、日期加减一步）", "and / or": "and 与 or", "not": "去掉 not",
    "list": "in 里少一个代码", "column": "换成同类的另一列，真假取反", "branch": "case 少一支", "function": "换一种汇总",
    "default": "coalesce 去掉默认值", "parameter": "参数表里的值",
}  # fmt: skip


def _shown(mutant: Any_) -> dict[str, str]:
    return {
        "where": str(mutant.place), "owner": mutant.owner, "operator": mutant.operator,
        "before": str(mutant.before), "after": str(mutant.after),
    }  # fmt: skip


def _sentence(mutant: Any_) -> str:
    return f"{mutant.place} {mutant.owner} [{mutant.operator}] {mutant.before} → {mutant.after}"


def written(page: str, table: str) -> str:
    """The page with the figures between its marks renewed."""
    before, _begin, rest = page.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"
