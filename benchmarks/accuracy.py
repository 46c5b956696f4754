"""Precision and recall of every finding against the truth of generated data; writes the tables of docs/generator.md.

    python -m benchmarks.accuracy [--keep FOLDER] [--write]

Makes two sets of data (:data:`RUNS`), screens them, compares what fired with ``truth/findings.csv``, and prints the
tables in Chinese; ``--write`` puts them, and those of the shares and of the realism, between the markers of
docs/generator.md and docs/generator.en.md. Nothing in it depends on the clock: the same code gives the same tables.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from shouwang.generator import streams
from shouwang.generator.shares import Shares, kinds
from shouwang.generator.troubles import TROUBLES
from shouwang.policy.loading import load
from shouwang.policy.pack import QualityRule, Rule
from shouwang.policy.screening import screen

PACK, ON, SEED = "chongqing-xihe-2024", date(2024, 9, 1), 1
DOCS = Path(__file__).parents[1] / "docs"


def _neighbours_only() -> Shares:
    rare = {"dates.same_day": 0.5, "removed.batch": 0.5, "measure.same_for_all": 0.5}
    rare |= {"safeguard.unconfirmed": 0.05, "measure.development_flag": 0.05}  # few households fit
    shares = {}
    for kind in kinds():
        few = 0.0 if kind.sort in ("household", "data") else min(0.3, kind.share * 10)
        shares[kind.name] = rare.get(kind.name, few)
    return shares


RUNS: tuple[tuple[str, int, Shares | None], ...] = (
    ("default", 16000, None),  # every kind at its default share
    ("neighbours", 8000, _neighbours_only()),  # clean but for the kinds that need neighbours, lists or sheets
)
_WHY = {  # findings without a kind of their own: why
    "visit.missing": ("本身是进度：走访没有覆盖的户", "progress: households that no visit has reached"),
    "income.livestock": ("养牛羊的户自然会有", "every household with cattle or sheep"),
    "income.cost_outlier": ("看同村其他人的成本分布", "depends on what others of the village spend"),
    "region.unresolved_share": ("看全村监测户的构成", "depends on all monitored households of the village"),
    "region.few_identified": ("看全村与全镇的比较", "compares village and town"),
    "secretary.unvisited": ("十月一日以后才判", "is judged from 1 October only"),
}


@dataclass
class Score:
    """Of one finding: how many were planted, found, and fired without having been planted."""

    planted: int = 0
    found: int = 0
    beside: int = 0  # on households that were planted with something else
    alone: int = 0  # on households and rows without any trouble

    @property
    def recall(self) -> float | None:
        return self.found / self.planted if self.planted else None

    @property
    def precision(self) -> float | None:
        fired = self.found + self.beside + self.alone
        return self.found / fired if fired else None


@dataclass
class Result:
    """The scores of all runs, and the folders of the first."""

    scores: dict[str, Score] = field(default_factory=dict)
    data: Path = Path()
    out: Path = Path()


Place = tuple[str, str, str]  # finding, household or area, row


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _place(row: dict[str, str]) -> Place:
    number = row.get("row") or ""
    return (
        row["finding"],
        row["household_id"] or row["area_code"],
        "" if number == row["household_id"] else number,
    )


def compare(data: Path, out: Path, scores: dict[str, Score]) -> None:
    """Adds the scores of one screened set of data."""
    truth = list(_read(data / "truth" / "findings.csv"))
    expected = {_place(row) for row in truth}
    troubled = {row["household_id"] for row in _read(data / "truth" / "truth.csv")} | {
        row["household_id"] for row in truth
    }
    fired = {_place(row) for name in ("findings.csv", "quality.csv") for row in _read(out / name)}
    for place in expected | fired:
        score = scores.setdefault(place[0], Score())
        score.planted += place in expected
        score.found += place in expected and place in fired
        if place not in expected:
            score.beside += place[1] in troubled
            score.alone += place[1] not in troubled


def measure(folder: Path) -> Result:
    """Makes, screens and compares every run in ``folder``."""
    result = Result()
    for name, households, shares in RUNS:
        data, out = folder / f"{name}-data", folder / f"{name}-out"
        if not data.exists():
            streams.generate(data, households, SEED, on=ON, shares=shares)
        if not out.exists():
            screen(data, PACK, ON, out)
        compare(data, out, result.scores)
        if name == RUNS[0][0]:
            result.data, result.out = data, out
    return result


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"


def accuracy_table(result: Result, english: bool) -> str:
    """Precision and recall, household rules first; then what has no kind of its own, with the reason."""
    pack = load(PACK)
    heads = (
        "| finding | planted | found | beside another trouble | without any | precision | recall |"
        if english
        else "| 发现 | 放入 | 找到 | 别的问题带出 | 没有问题而发现 | 精确率 | 召回率 |"
    )
    lines = [heads, "|---|---|---|---|---|---|---|"]
    left = []
    rules: list[Rule | QualityRule] = [*pack.rules.values(), *pack.quality.values()]
    for rule in rules:
        score = result.scores.get(rule.name, Score())
        if not score.planted:
            left.append((rule.name, score))
            continue
        label = f"`{rule.name}` {_title(rule, english)}"
        lines.append(
            f"| {label} | {score.planted} | {score.found} | {score.beside} | {score.alone} | {_percent(score.precision)} | {_percent(score.recall)} |"
        )
    lines += [
        "",
        "| not planted | fired | why |" if english else "| 没有放入的发现 | 次数 | 原因 |",
        "|---|---|---|",
    ]
    for name, score in left:
        why = _WHY.get(name, ("", ""))[1 if english else 0]
        lines.append(f"| `{name}` | {score.beside + score.alone} | {why} |")
    return "\n".join(lines)


def _title(rule: Rule | QualityRule, english: bool) -> str:
    return (rule.label_en if english else rule.label).replace("|", "/")


def shares_table(english: bool) -> str:
    """Every kind with its default share; in English by the findings that it must lead to."""
    heads = "| kind | what | share of | default |" if english else "| 种类 | 内容 | 占什么的比例 | 默认 |"
    rows = (
        f"| `{kind.name}` | {_english(kind.name) if english else kind.zh} | {kind.group} | {kind.share:g} |"
        for kind in kinds()
    )
    return "\n".join([heads, "|---|---|---|---|", *rows])


def _english(kind: str) -> str:
    quality = load(PACK).quality
    if kind in quality:
        return _title(quality[kind], english=True)
    findings = next(trouble.findings for trouble in TROUBLES if trouble.name == kind)
    return ", ".join(f"`{finding}`" for finding in findings) or "none in this pack"


_MEASURED = """
    WITH m AS (SELECT *, date_diff('year', birth_date, DATE '2024-09-01') - (strftime(birth_date, '%m%d') > '0901')::INT AS age FROM members),
    s AS (SELECT household_id, count(*) AS n FROM members GROUP BY 1), i AS (SELECT net_income_per_capita AS net FROM indicators),
    v AS (SELECT area_code, count(*) AS n, median(lng) AS lng, median(lat) AS lat FROM households GROUP BY 1),
    d AS (SELECT sqrt(pow((h.lng - v.lng) * 96500, 2) + pow((h.lat - v.lat) * 111000, 2)) AS metres FROM households h JOIN v USING (area_code) WHERE h.lng > h.lat)
"""
_TARGETS: tuple[tuple[str, str, str, str], ...] = (
    ("户均人口", "people per household", "3.1–3.5", "SELECT printf('%.2f', avg(n)) FROM s"),
    ("一人户", "one-person households", "8–14 %", "SELECT printf('%.1f %%', 100 * avg((n = 1)::INT)) FROM s"),
    ("二人户", "two-person households", "18–28 %", "SELECT printf('%.1f %%', 100 * avg((n = 2)::INT)) FROM s"),
    ("六人以上户", "households of six or more", "4–12 %", "SELECT printf('%.1f %%', 100 * avg((n >= 6)::INT)) FROM s"),
    ("15 周岁以下", "up to 15 years", "15–22 %", "SELECT printf('%.1f %%', 100 * avg((age <= 15)::INT)) FROM m"),
    ("16–59 周岁", "16 to 59 years", "50–62 %", "SELECT printf('%.1f %%', 100 * avg((age BETWEEN 16 AND 59)::INT)) FROM m"),
    ("60 周岁以上", "60 years and more", "20–30 %", "SELECT printf('%.1f %%', 100 * avg((age >= 60)::INT)) FROM m"),
    ("男性", "men", "49–53 %", "SELECT printf('%.1f %%', 100 * avg((sex = 'male')::INT)) FROM m"),
    ("脱贫户", "lifted households", "15–19 %", "SELECT printf('%.1f %%', 100 * avg((household_type = 'lifted')::INT)) FROM households"),
    ("监测户", "monitored households", "2.5–4.5 %", "SELECT printf('%.1f %%', 100 * avg((monitoring_status <> 'none')::INT)) FROM households"),
    ("人均纯收入，中位（元）", "net income per person, median (yuan)", "14,000–20,000", "SELECT printf('%d', median(net)::INT) FROM i"),
    ("人均纯收入，十分位（元）", "lowest tenth (yuan)", "10,000–12,500", "SELECT printf('%d', quantile_cont(net, 0.1)::INT) FROM i"),
    ("人均纯收入，九十分位（元）", "highest tenth (yuan)", "25,000–40,000", "SELECT printf('%d', quantile_cont(net, 0.9)::INT) FROM i"),
    ("收入在 8300 元及以下的户", "households at or below 8,300 yuan", "1–4 %", "SELECT printf('%.1f %%', 100 * avg((net <= 8300)::INT)) FROM i"),
    ("每村户数", "households per village", "350–600", "SELECT printf('%d–%d', min(n), max(n)) FROM v"),
    ("离村中位点，中位（米）", "metres from the village's median point, median", "400–900", "SELECT printf('%d', median(metres)::INT) FROM d"),
    ("离村中位点，最远（米）", "the same, farthest", "< 2,500", "SELECT printf('%d', max(metres)::INT) FROM d"),
    ("本次行动走访到的户", "households visited in the campaign", "70–80 %", "SELECT printf('%.1f %%', 100.0 * (SELECT count(DISTINCT household_id) FROM visits WHERE visited_on >= DATE '2024-08-24') / (SELECT count(*) FROM s))"),
)  # fmt: skip


def realism_table(result: Result, english: bool) -> str:
    """Figures of the first run beside the targets that the generator was made for."""
    heads = "| figure | target | measured |" if english else "| 指标 | 目标 | 实测 |"
    lines = [heads, "|---|---|---|"]
    with duckdb.connect() as connection:
        for table in ("members", "households", "visits"):
            connection.execute(
                f"CREATE VIEW {table} AS FROM read_csv('{result.data}/{table}.csv', header = true)"
            )
        connection.execute(
            f"CREATE VIEW indicators AS FROM read_csv('{result.out}/indicators.csv', header = true)"
        )
        for zh, en, target, query in _TARGETS:
            (value,) = connection.execute(f"{_MEASURED} {query}").fetchone() or ("",)
            lines.append(f"| {en if english else zh} | {target} | {value} |")
    return "\n".join(lines)


def _put(path: Path, name: str, content: str) -> None:
    text = path.read_text(encoding="utf-8")
    first, last = f"<!-- {name}: made by python -m benchmarks.accuracy --write -->", f"<!-- /{name} -->"
    before, _sep, rest = text.partition(first)
    _old, _sep, after = rest.partition(last)
    path.write_text(f"{before}{first}\n\n{content}\n\n{last}{after}", encoding="utf-8")


def main() -> None:
    """Measures and prints; with ``--write`` also puts the tables into the documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--keep", type=Path, help="a folder for the data and results, used again if they are there"
    )
    parser.add_argument("--write", action="store_true", help="write the tables into docs/generator*.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        result = measure(folder)
        print(accuracy_table(result, english=False))
        if options.write:
            for path, english in ((DOCS / "generator.md", False), (DOCS / "generator.en.md", True)):
                _put(path, "shares", shares_table(english))
                _put(path, "realism", realism_table(result, english))
                _put(path, "accuracy", accuracy_table(result, english))


if __name__ == "__main__":
    main()
