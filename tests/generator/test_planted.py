"""Faults in the data: none in clean data, each one found where it was planted and nowhere else.

The troubles of households (income, help, procedure) are in test_truth.py.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from shouwang.cli import generate
from shouwang.errors import InputError
from shouwang.generator import shares, streams
from shouwang.generator.dealing import Dealer
from shouwang.generator.flaws import FLAWS
from shouwang.policy.loading import load
from shouwang.policy.screening import screen

ON, PACK = date(2024, 9, 1), "chongqing-xihe-2024"
Place = tuple[str, str, str]
_FEW = {  # need what a small township seldom has: ten monitored households of one village, thirty visits of one visitor …
    "dates.same_day",
    "removed.batch",
    "measure.same_for_all",
    "measure.benefit_unpaid",
    "measure.development_flag",
    "fresh.entered_in_bulk",
    "paradata.one_point",
    "paradata.all_no",
    "paradata.little_variation",
    "safeguard.unconfirmed",
    "safeguard.no_support",
    "match.counts",
    "risk.illness",
    "risk.schooling",
    "removed.effect_gone",
    *(kind.name for kind in shares.kinds() if kind.sort == "sheet"),
}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _place(row: dict[str, str]) -> Place:
    number = row["row"] if row["row"] != row["household_id"] else ""
    return row["finding"], row["household_id"] or row["area_code"], number


def _screened(out: Path, households: int, seed: int, chosen: shares.Shares) -> tuple[set[Place], set[Place]]:
    """What had to be found about the data, and what was."""
    streams.generate(out / "data", households, seed, on=ON, shares=chosen)
    screen(out / "data", PACK, ON, out / "out")
    about_data = load(PACK).quality
    expected = {
        _place(row) for row in _rows(out / "data" / "truth" / "findings.csv") if row["finding"] in about_data
    }
    return expected, {_place(row) for row in _rows(out / "out" / "quality.csv")}


def _raised(sorts: tuple[str, ...], times: float) -> shares.Shares:
    return {kind.name: min(0.5, kind.share * times) if kind.sort in sorts else 0.0 for kind in shares.kinds()}


@pytest.mark.req("QLT-1", "QLT-2")
def test_clean_data_give_no_finding_about_the_data(tmp_path: Path) -> None:
    expected, found = _screened(tmp_path, 2000, 9, shares.resolve(clean=True))
    assert expected == set()
    assert found == set()
    assert list(_rows(tmp_path / "data" / "truth" / "truth.csv")) == []


@pytest.mark.req("QLT-1", "QLT-2", "ALR-5")
def test_every_planted_fault_is_found_and_nothing_else(tmp_path: Path) -> None:
    """Over a thousand faults of all kinds in one township: recall and precision are both 1."""
    expected, found = _screened(tmp_path, 4000, 7, _raised(("data", "neighbours", "sheet"), 6))
    assert expected - found == set()
    assert found - expected == set()
    planted = {finding for finding, _where, _row in expected}
    kinds = {kind.name for kind in shares.kinds() if kind.sort != "household"}
    assert kinds - planted <= _FEW
    assert len(expected) > 600


@pytest.mark.req("QLT-2", "ALR-5")
def test_what_only_neighbours_show_is_found(tmp_path: Path) -> None:
    chosen = _raised(("neighbours", "sheet"), 12)
    chosen |= {"dates.same_day": 0.5, "removed.batch": 0.5, "measure.same_for_all": 0.5}
    expected, found = _screened(tmp_path, 4000, 3, chosen)
    assert expected - found == set()
    assert found - expected == set()
    planted = {finding for finding, _where, _row in expected}
    kinds = {kind.name for kind in shares.kinds() if kind.sort in ("neighbours", "sheet")}
    assert len(kinds - planted) <= 3


@pytest.mark.req("QLT-1")
def test_the_same_seed_gives_the_same_bytes_with_details(tmp_path: Path) -> None:
    for name in ("one", "two"):
        streams.generate(tmp_path / name, 700, 5, on=ON)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert {"answers.csv", "national_households.csv", "photos.csv"} <= {path.name for path in files}
    for path in files:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes(), path


@pytest.mark.req("QLT-1")
def test_shares_hold_among_the_households_of_their_group(tmp_path: Path) -> None:
    chosen = shares.resolve(
        ["identity.check_digit=0.02", "money.excluded_words=0.03", "uninsured=0.01", "fresh.stale=0.2"],
        clean=True,
    )
    streams.generate(tmp_path / "data", 2000, 8, on=ON, shares=chosen, with_details=False)
    status = Counter(row["monitoring_status"] for row in _rows(tmp_path / "data" / "households.csv"))
    planted = Counter(row["trouble"] for row in _rows(tmp_path / "data" / "truth" / "truth.csv"))
    assert set(planted) == {name for name, share in chosen.items() if share}
    for name, share in chosen.items():
        if share:
            group = "unresolved" if name == "fresh.stale" else "none"
            assert planted[name] == pytest.approx(share * status[group], abs=1.01), name
    said = json.loads((tmp_path / "data" / "truth" / "truth.json").read_text(encoding="utf-8"))
    assert {entry["trouble"]: entry["planted"] for entry in said["troubles"] if entry["planted"]} == planted


@pytest.mark.req("QLT-1")
def test_details_are_there_for_small_data_only_unless_asked_for(
    tmp_path: Path, command: Callable[..., int]
) -> None:
    words = ("--households", "40", "--out")
    assert command(generate, *words, str(tmp_path / "auto")) == 0
    assert command(generate, *words, str(tmp_path / "no"), "--details", "no") == 0
    assert (tmp_path / "auto" / "answers.csv").exists()
    assert not (tmp_path / "no" / "answers.csv").exists()
    assert not list(tmp_path.rglob("*.duckdb*"))


@pytest.mark.req("QLT-1")
def test_every_finding_about_the_data_has_its_kind() -> None:
    """A rule that the packs gain must be planted, or said here that it cannot be."""
    names = {kind.name for kind in shares.kinds()}
    told_by_others = {
        "job.public_post_pay",
        "labour.missing",
        "guarantee.missing",
    }  # see plant_facts, plant_help
    assert set(load(PACK).quality) - names <= told_by_others
    assert len([kind.name for kind in shares.kinds()]) == len(names)


@pytest.mark.parametrize(
    "word",
    [
        "nonsense=1",
        "identity.check_digit",
        "identity.check_digit=1.5",
        "uninsured=-0.1",
        "uninsured=viel",
        "uninsured=nan",
    ],
)
def test_wrong_shares_are_said_and_nothing_is_written(
    word: str, tmp_path: Path, command: Callable[..., int]
) -> None:
    with pytest.raises(InputError, match="--trouble"):
        command(generate, "--households", "30", "--out", str(tmp_path / "x"), "--trouble", word)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.req("QLT-1")
def test_a_dealer_owes_no_more_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a thousand households that all fit, each kind is dealt its share, to one."""
    import random

    from shouwang.generator.home import Home

    chosen = {flaw.name: 0.013 for flaw in FLAWS}
    dealer, dealt = Dealer(FLAWS, chosen, random.Random(4)), Counter[str]()
    for _household in range(4000):
        for kind in dealer.owed(Home(ON, [], lifted=False, status="none")):
            dealer.dealt(kind)
            dealt[kind.name] += 1
    assert {abs(count - 52) <= 1 for count in dealt.values()} == {True}
    assert set(dealt) == {flaw.name for flaw in FLAWS if flaw.group == "none"}
