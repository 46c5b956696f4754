"""Made-up data of any size: valid, deterministic, sorted, bounded, with the truth beside.

Requirements: REG-1 (areas), REG-2 (types and statuses), REG-3 (identity numbers, labour capacity).
"""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shouwang.cli import generate
from shouwang.errors import InputError
from shouwang.generator import layout, streams
from shouwang.generator.people import check_character
from shouwang.generator.troubles import TROUBLES
from shouwang.tables.exchange import open_folder, strange_files

HOUSEHOLDS, SEED, ON = 3000, 11, date(2024, 9, 1)
# what befalls households; faults in the data are in test_planted.py
SHARES = {trouble.name: trouble.share for trouble in TROUBLES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "data"
    streams.generate(out, HOUSEHOLDS, SEED, shares=SHARES)
    return out


@pytest.fixture(scope="module")
def members(folder: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows(folder, "members"):
        found.setdefault(row["household_id"], []).append(row)
    return found


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def age(birth: str) -> int:
    born = date.fromisoformat(birth)
    return ON.year - born.year - ((ON.month, ON.day) < (born.month, born.day))


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.req("REG-2")
def test_the_tables_are_a_valid_exchange_folder(folder: Path) -> None:
    sources = open_folder(folder, duckdb.connect(), check="full")
    assert strange_files(folder) == ()
    assert sources["households"].rows == HOUSEHOLDS
    assert 3.1 < sources["members"].rows / HOUSEHOLDS < 3.6
    assert 5 < sources["income_items"].rows / HOUSEHOLDS < 8
    for name in (
        "alerts",
        "visits",
        "cases",
        "measures",
        "villages",
        "satisfaction",
        "leaflets",
        "loans",
        "projects",
    ):
        assert sources[name].rows > 0, name


def test_the_same_size_seed_and_format_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    streams.generate(tmp_path / "again", HOUSEHOLDS, SEED, shares=SHARES)
    assert digests(tmp_path / "again") == digests(folder)
    streams.generate(tmp_path / "other", HOUSEHOLDS, SEED + 1, shares=SHARES)
    assert digests(tmp_path / "other")["members.csv"] != digests(folder)["members.csv"]


def test_parquet_holds_the_same_as_csv(folder: Path, tmp_path: Path) -> None:
    streams.generate(tmp_path / "p", HOUSEHOLDS, SEED, file_format="parquet", shares=SHARES)
    for table in ("households", "members", "income_items"):
        with duckdb.connect() as connection:
            connection.execute(f"CREATE TABLE p AS FROM '{tmp_path}/p/{table}.parquet'")
            connection.execute(
                f"CREATE TABLE c AS FROM read_csv('{folder}/{table}.csv', all_varchar = true, nullstr = '')"
            )
            connection.execute("CREATE TABLE typed AS SELECT * FROM p LIMIT 0")
            connection.execute("INSERT INTO typed SELECT * FROM c")
            assert connection.execute("SELECT count(*) FROM (FROM p EXCEPT ALL FROM typed)").fetchone() == (
                0,
            )


@pytest.mark.req("REG-3")
def test_identity_numbers_are_right_unique_and_nobodys(members: dict[str, list[dict[str, str]]]) -> None:
    people = [person for home in members.values() for person in home]
    numbers = [person["id_number"] for person in people]
    assert len(set(numbers)) == len(numbers)
    for person in people:
        number = person["id_number"]
        assert number.startswith("500199")
        assert number[17] == check_character(number[:17])
        assert number[6:14] == person["birth_date"].replace("-", "")
        assert (int(number[16]) % 2 == 1) == (person["sex"] == "male")
        assert not person["phone"] or (person["phone"].startswith("1990000") and len(person["phone"]) == 11)
        if person["disability_level"] != "0":
            assert person["disability_certificate"][:18] == number
            assert person["disability_certificate"][19] == person["disability_level"]


def test_the_check_character_is_that_of_the_standard() -> None:
    """By hand, GB 11643: weights 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2, sum mod 11, then 1 0 X 9 8 7 6 5 4 3 2."""
    assert check_character("50019919850403867") == "0"


def test_every_household_has_one_head_and_sensible_relations(
    folder: Path, members: dict[str, list[dict[str, str]]]
) -> None:
    heads = {row["household_id"]: row["head_name"] for row in rows(folder, "households")}
    for household, people in members.items():
        by_relation: dict[str, list[dict[str, str]]] = {}
        for person in people:
            by_relation.setdefault(person["relation"], []).append(person)
        (head,) = by_relation["head"]
        assert head["name"] == heads[household]
        spouses = by_relation.get("spouse", [])
        assert len(spouses) <= 1
        assert all(spouse["sex"] != head["sex"] for spouse in spouses)
        own = age(head["birth_date"])
        assert all(own - age(child["birth_date"]) >= 14 for child in by_relation.get("child", []))
        assert all(age(parent["birth_date"]) - own >= 14 for parent in by_relation.get("parent", []))
        assert all(own - age(child["birth_date"]) >= 28 for child in by_relation.get("grandchild", []))


@pytest.mark.req("REG-3")
def test_labour_capacity_and_school_agree_with_age(members: dict[str, list[dict[str, str]]]) -> None:
    for person in (person for home in members.values() for person in home):
        years, capacity = age(person["birth_date"]), person["labour_capacity"]
        if not capacity:
            continue  # a planted gap
        assert (capacity == "none") if years < 16 else True
        if years > 60:
            assert capacity in ("weak", "none")
        assert (capacity == "weak") == bool(person["labour_reason"])
        assert (capacity == "skilled") == bool(person["skill_certificate"] and person["trade"])
        assert (person["in_school"] == "true") == bool(person["school_stage"])
        months = int(person["months_in_household"])
        assert months == 12 if years > 0 else 0 <= months <= 11


@pytest.mark.req("REG-1")
def test_households_are_sorted_and_numbered_within_their_villages(folder: Path) -> None:
    households = rows(folder, "households")
    numbers = [row["household_id"] for row in households]
    assert numbers == sorted(set(numbers))
    assert all(row["household_id"][:12] == row["area_code"] for row in households)
    assert all(row["area_code"].startswith("500151") for row in households)
    for table in ("members", "income_items", "visits", "leaflets"):
        keys = [row["household_id"] for row in rows(folder, table)]
        assert keys == sorted(keys), table
    sheet = {row["area_code"]: int(row["registered_households"]) for row in rows(folder, "villages")}
    for code, count in Counter(row["area_code"] for row in households).items():
        assert count <= sheet[code] <= count * 1.05


def test_the_truth_names_households_and_shares_hold(folder: Path) -> None:
    with (folder / "truth" / "truth.csv").open(encoding="utf-8") as file:
        truth = list(csv.DictReader(file))
    status = {row["household_id"]: row for row in rows(folder, "households")}
    known = {trouble.name: trouble for trouble in TROUBLES}
    for row in truth:
        trouble, home = known[row["trouble"]], status[row["household_id"]]
        assert (row["findings"] or "").split(";") == (list(trouble.findings) or [""])
        group = home["household_type"] if trouble.group == "lifted" else home["monitoring_status"]
        assert group == trouble.group
    assert 0.08 < len(truth) / HOUSEHOLDS < 0.2
    counts = Counter(row["trouble"] for row in truth)
    watched = sum(row["monitoring_status"] == "none" for row in status.values())
    assert counts["uninsured"] / watched == pytest.approx(0.01, abs=0.006)


def test_big_data_stay_in_order_and_in_little_memory(tmp_path: Path) -> None:
    """More households than the stock of models has, so that blocks follow each other; a whole process."""
    out = tmp_path / "big"
    code = (
        "import resource; from pathlib import Path; from shouwang.generator.streams import generate;"
        f"generate(Path({str(out)!r}), 40000, 1, file_format='parquet', shares={SHARES!r});"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[-1]) < 512 * 1024
    with duckdb.connect() as connection:
        for table in ("households", "members", "income_items", "visits", "measures", "leaflets"):
            ordered = connection.execute(
                "SELECT bool_and(household_id >= before) FROM (SELECT household_id, lag(household_id, 1, '') "
                f"OVER (ORDER BY file_row_number) AS before FROM read_parquet('{out}/{table}.parquet', "
                "file_row_number = true))"
            ).fetchone()
            assert ordered == (True,), table
        distinct = "SELECT count(*) - count(DISTINCT id_number), count(*) > 120000"
        assert connection.execute(f"{distinct} FROM '{out}/members.parquet'").fetchone() == (0, True)


@pytest.mark.parametrize(
    ("options", "where"),
    [
        (["--households", "0"], "--households"),
        (["--households=-5"], "--households"),
        (["--households", "10", "--area", "50015"], "--area"),
        (["--households", "10", "--area", "渝北"], "--area"),
        (["--households", "10000", "--area", "500151122201"], "--area"),
        (["--households", "10", "--on", "9月"], "--on"),
        (["--households", "99999999"], "--households"),
    ],
)
def test_wrong_options_are_said_and_nothing_is_written(
    options: list[str], where: str, tmp_path: Path, command: Callable[..., int]
) -> None:
    with pytest.raises(InputError, match=where):
        command(generate, "--out", str(tmp_path / "x"), *options)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="--out"):
        streams.generate(tmp_path, 10, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.req("REG-1")
@pytest.mark.parametrize("count", [1, 29, 100, 2000, 20000])
def test_villages_hold_all_households_in_rising_codes(count: int) -> None:
    found = layout.villages(count, "500151122", 3)
    assert sum(village.size for village in found) == count
    assert [village.first for village in found] == [sum(v.size for v in found[:n]) for n in range(len(found))]
    codes = [village.code for village in found]
    assert codes == sorted(set(codes))
    if count >= 20000:
        assert all(300 <= village.size <= 650 for village in found)


def test_everybody_lives_near_their_village(folder: Path) -> None:
    places: dict[str, list[tuple[float, float]]] = {}
    for row in rows(folder, "households"):
        places.setdefault(row["area_code"], []).append((float(row["lng"]), float(row["lat"])))
    for points in places.values():
        for axis in (0, 1):
            values: list[Any] = [point[axis] for point in points]
            assert max(values) - min(values) < 0.03
