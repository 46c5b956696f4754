"""The exchange folder: what can be read comes back as it was, what cannot is refused with place and remedy.

Requirements: CAM-7 (nobody is asked twice: exports are read back), REG-6 (row-level errors, nothing half
imported), INC-6 (amounts are decimals), SEC-1 (identity numbers are masked in errors).
"""

from __future__ import annotations

import datetime as dt
import tempfile
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.errors import InputError
from shouwang.tables import dictionary
from shouwang.tables.dictionary import CODES, Column, Type
from shouwang.tables.exchange import open_folder, sql_type, strange_files, write_folder, write_table

FORMATS = ("csv", "xlsx", "parquet")
HOUSEHOLD = {"household_id": "H1", "area_code": "500199001001"}


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


def refuse(folder: Path, connection: duckdb.DuckDBPyConnection) -> InputError:
    with pytest.raises(InputError) as caught:
        open_folder(folder, connection)
    assert caught.value.what
    assert caught.value.remedy
    return caught.value


def csv_file(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def households(folder: Path, *ids: str) -> None:
    csv_file(folder, "households", "household_id\n" + "\n".join(ids or ("H1",)) + "\n")


def sheet(folder: Path, name: str, rows: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    book.active.title = "数据"
    for row in rows:
        book.active.append(row)
    book.save(folder / f"{name}.xlsx")


def parquet(folder: Path, name: str, select: str) -> None:
    duckdb.sql(f"copy ({select}) to '{folder / name}.parquet' (format parquet)")


# --- what can be read ------------------------------------------------------------------------------------

_TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=20)
_VALUES = {
    Type.TEXT: _TEXT
    | st.sampled_from(["=1+1", "+86", "-", "@x", 'a"b,c', " 两边 ", "第一行\n第二行", "007"]),
    Type.DATE: st.dates(dt.date(1901, 1, 1), dt.date(2100, 1, 1)),
    Type.DATETIME: st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    Type.BOOL: st.booleans(),
    Type.INT: st.integers(-(10**9), 10**9),
    Type.MONEY: st.decimals(0, Decimal("9999999999.99"), places=2),
    Type.NUMBER: st.decimals(-9999, 9999, places=2),
    Type.FLOAT: st.floats(-180, 180),
}


def values(column: Column) -> st.SearchStrategy[object]:
    if column.name == "area_code":
        return st.from_regex(r"\A[0-9]{12}\Z").filter(str.isascii)
    codes = [code.code for code in CODES.get(column.codes or "", ())]
    if column.type is Type.CODE:
        return st.sampled_from(codes)
    if column.type is Type.LIST:
        items = st.sampled_from(codes or ["a", "b"])
        return st.lists(items, min_size=1, max_size=3, unique=True).map(";".join)
    return _VALUES[column.type]


def rows(table: dictionary.Table) -> st.SearchStrategy[list[dict[str, object]]]:
    free = [column for column in table.columns if column.name not in (table.key, "household_id")]
    row = st.fixed_dictionaries({}, optional={column.name: st.none() | values(column) for column in free})
    return st.lists(row, max_size=5).map(
        lambda found: [
            item | {"household_id": "H1"} | ({table.key: f"{table.key}{at}"} if table.key else {})
            for at, item in enumerate(found)
        ]
    )


@pytest.mark.req("CAM-7", "INC-6")
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["members", "income_items", "visits", "cases", "loans"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_written_is_read_back_exactly(name: str, format: str, data: st.DataObject) -> None:
    table = dictionary.TABLES[name]
    written = data.draw(rows(table))
    with tempfile.TemporaryDirectory() as place, duckdb.connect() as connection:
        folder = Path(place)
        columns = [column.name for column in table.columns]
        write_table(dictionary.TABLES["households"], [HOUSEHOLD], folder / f"households.{format}")
        write_table(table, written, folder / f"{name}.{format}", columns)
        source = open_folder(folder, connection)[name]
        assert (source.rows, source.extra) == (len(written), ())
        assert source.columns == frozenset(columns)
        read = connection.execute(f"select {', '.join(columns)} from {source.relation}").fetchall()
        assert read == [tuple(row.get(column) for column in columns) for row in written]


@pytest.mark.req("CAM-7")
@pytest.mark.parametrize("format", FORMATS)
def test_every_relation_has_the_types_of_the_dictionary(format: str, tmp_path: Path, connection) -> None:
    every = {name: [] for name in dictionary.TABLES} | {"households": [HOUSEHOLD]}
    for name, found in every.items():
        table = dictionary.TABLES[name]
        write_table(table, found, tmp_path / f"{name}.{format}", [column.name for column in table.columns])
    for name, source in open_folder(tmp_path, connection).items():
        described = connection.execute(f"describe {source.relation}").fetchall()
        assert {row[0]: row[1] for row in described} == {
            column.name: sql_type(column) for column in dictionary.TABLES[name].columns
        }


@pytest.mark.req("CAM-7")
def test_only_the_columns_of_the_file_are_there_and_the_unknown_ones_are_said(tmp_path, connection) -> None:
    csv_file(tmp_path, "households", "别名,household_id,别名,,AWAY,away\nx,H1,y,,z,true\n")
    (tmp_path / "说明.txt").write_text("…", encoding="utf-8")
    (tmp_path / "people.csv").write_text("…", encoding="utf-8")
    source = open_folder(tmp_path, connection)["households"]
    assert source.columns == {"household_id", "away"}
    assert source.extra == ("别名", "别名", "AWAY")
    assert connection.execute(f"select * from {source.relation}").fetchall() == [("H1", True)]
    assert strange_files(tmp_path) == ("people.csv", "说明.txt")


@pytest.mark.req("REG-6")
def test_csv_takes_a_bom_quoted_lines_and_both_ways_of_writing_yes(tmp_path, connection) -> None:
    text = '\ufeffhousehold_id,address,away,relocated\r\nH1,"一组\r\n""老屋""",1,FALSE\r\nH2,,,\r\n'
    (tmp_path / "households.csv").write_bytes(text.encode())
    source = open_folder(tmp_path, connection)["households"]
    read = connection.execute(f"select household_id, address, away, relocated from {source.relation}")
    assert read.fetchall() == [("H1", '一组\r\n"老屋"', True, False), ("H2", None, None, None)]


@pytest.mark.req("REG-6")
def test_a_sheet_may_hold_real_dates_numbers_and_empty_rows(tmp_path, connection) -> None:
    head = ["household_id", "area_code", "identified_on", "income_per_capita_last_year", "away", "cars"]
    first = ["H1", 500199001001, dt.date(2024, 9, 1), 8300.1, True, 2]
    second = ["H2", "500199001001", "2024-09-02", "8300.10", "false", "0"]
    sheet(tmp_path, "households", [head, first, [None] * 6, second])
    source = open_folder(tmp_path, connection)["households"]
    assert connection.execute(f"select * from {source.relation}").fetchall() == [
        ("H1", "500199001001", dt.date(2024, 9, 1), Decimal("8300.10"), True, 2),
        ("H2", "500199001001", dt.date(2024, 9, 2), Decimal("8300.10"), False, 0),
    ]


@pytest.mark.req("CAM-7")
def test_parquet_is_a_view_and_takes_types_that_lose_nothing(tmp_path, connection) -> None:
    parquet(
        tmp_path,
        "households",
        "select 'H1' household_id, 'lifted'::enum('general','lifted') household_type, 8300.1::double"
        " income_per_capita_last_year, 2::bigint cars, timestamp '2024-09-01' identified_on,"
        " '2024-10-01' resolved_on, 1.5000::decimal(18,4) farmland_mu",
    )
    source = open_folder(tmp_path, connection)["households"]
    assert connection.execute(f"select * exclude (household_id) from {source.relation}").fetchall() == [
        ("lifted", Decimal("8300.10"), 2, dt.date(2024, 9, 1), dt.date(2024, 10, 1), Decimal("1.50"))
    ]
    views = connection.execute("select view_name from duckdb_views()").fetchall()
    assert (source.relation,) in views


@pytest.mark.req("REG-6")
@pytest.mark.parametrize("name", ["it's [1]*", "两 个"])
@pytest.mark.parametrize("format", FORMATS)
def test_folders_may_have_any_name(name: str, format: str, tmp_path: Path, connection) -> None:
    write_folder(tmp_path / name, {"households": [HOUSEHOLD]}, format)
    assert open_folder(tmp_path / name, connection)["households"].rows == 1


@pytest.mark.req("REG-6")
def test_the_connection_keeps_its_settings(tmp_path, connection) -> None:
    connection.execute("set preserve_insertion_order = false")
    households(tmp_path)
    open_folder(tmp_path, connection)
    assert connection.execute("select current_setting('preserve_insertion_order')").fetchone() == (False,)


# --- what cannot -----------------------------------------------------------------------------------------


@pytest.mark.req("REG-6")
def test_a_folder_without_households_is_refused(tmp_path, connection) -> None:
    assert "households" in refuse(tmp_path, connection).what
    assert str(tmp_path / "nowhere") in refuse(tmp_path / "nowhere", connection).where
    households(tmp_path)
    (tmp_path / "households.csv").write_text("household_id\n", encoding="utf-8")
    assert "households.csv" in refuse(tmp_path, connection).where


@pytest.mark.req("REG-6")
def test_two_files_for_one_table_are_both_named(tmp_path, connection) -> None:
    households(tmp_path)
    sheet(tmp_path, "households", [["household_id"], ["H1"]])
    error = refuse(tmp_path, connection)
    assert "households.csv" in error.what
    assert "households.xlsx" in error.what


BAD_VALUES = {
    "not a date": ("households", "identified_on", "2024-13-02"),
    "slashes": ("households", "identified_on", "2024/9/2"),
    "a time of day for a date": ("households", "identified_on", "2024-09-02T10:00:00"),
    "three places": ("households", "oop_other", "1.255"),
    "thousands": ("households", "oop_other", '"1,255"'),
    "too large": ("households", "oop_other", "22345678901"),
    "yes in Chinese": ("households", "away", "是"),
    "a fraction of a car": ("households", "cars", "1.5"),
    "no number": ("households", "lng", "nan"),
    "unknown code": ("households", "household_type", "poor"),
    "short area code": ("households", "area_code", "500199001"),
    "letters in area code": ("households", "area_code", "50019900100x"),
    "code in a list": ("cases", "risks", "illness;hunger"),
    "negative amount": ("income_items", "amount", "-0.01"),
}


@pytest.mark.req("REG-6")
@pytest.mark.parametrize("case", BAD_VALUES)
def test_a_bad_value_is_named_with_file_row_and_column(case: str, tmp_path, connection) -> None:
    name, column, value = BAD_VALUES[case]
    key = dictionary.TABLES[name].key
    head, good, bad = [key], ["K1"], ["K2"]
    if key != "household_id":
        households(tmp_path)
        head, good, bad = [*head, "household_id"], [*good, "H1"], [*bad, "H1"]
    lines = [",".join(cells) for cells in ([*head, column], [*good, ""], [*bad, value])]
    csv_file(tmp_path, name, "\n".join(lines) + "\n")
    error = refuse(tmp_path, connection)
    place = f"{name}.csv 第 3 行，{column} 列"
    assert place in str(error)
    assert value.strip('"') in str(error)


@pytest.mark.req("REG-6")
def test_a_row_is_counted_as_a_spreadsheet_shows_it(tmp_path, connection) -> None:
    csv_file(tmp_path, "households", 'household_id,address,away\nH1,"a\nb",true\n\nH2,c,maybe\n')
    assert "第 4 行" in str(refuse(tmp_path, connection))


@pytest.mark.req("REG-6")
def test_several_bad_values_are_named_at_once(tmp_path, connection) -> None:
    csv_file(tmp_path, "households", "household_id,away,cars\nH1,x,1\nH2,true,many\n")
    error = refuse(tmp_path, connection)
    assert "第 2 行，away" in error.what
    assert "第 3 行，cars" in error.what
    assert "true" in error.remedy


@pytest.mark.req("REG-6")
def test_the_right_codes_are_told(tmp_path, connection) -> None:
    csv_file(tmp_path, "households", "household_id,monitoring_type\nH1,poor\n")
    for code in ("unstable_lifted", "marginal", "sudden_hardship"):
        assert code in refuse(tmp_path, connection).remedy


@pytest.mark.req("REG-6")
@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"household_id,away\nH1,true,x\n", "第 2 行"),
        (b"household_id,away\nH1\n", "第 2 行"),
        ("household_id,address\nH1,张村\n".encode("gbk"), "UTF-8"),
        ("household_id,地址\nH1,张村\n".encode("gbk"), "UTF-8"),
        ("户编号,地址\nH1,张村\n".encode(), "household_id"),
        (b"", "household_id"),
        (b"household_id,away,away\nH1,true,true\n", "away"),
        (b'household_id,address\nH1,"open\n', "CSV"),
    ],
)
def test_a_broken_csv_is_explained(body: bytes, word: str, tmp_path, connection) -> None:
    (tmp_path / "households.csv").write_bytes(body)
    error = refuse(tmp_path, connection)
    assert error.where == "households.csv"
    assert word in str(error)


@pytest.mark.req("REG-6")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("oop_other", 1.255),
        ("oop_other", "1.255"),
        ("oop_other", True),
        ("identified_on", dt.datetime(2024, 9, 1, 10, 0)),
        ("identified_on", 45536),
        ("away", "是"),
        ("cars", 1.5),
        ("phone", 19900001234.5),
        ("phone", 500199197001012345),
        ("household_type", "poor"),
    ],
)
def test_a_bad_cell_is_named_with_sheet_and_cell(column: str, value: object, tmp_path, connection) -> None:
    sheet(tmp_path, "households", [["household_id", column], ["H1", None], [None, None], ["H2", value]])
    error = refuse(tmp_path, connection)
    assert "households.xlsx" in str(error)
    assert "工作表“数据”单元格 B4" in str(error)


@pytest.mark.req("REG-6")
@pytest.mark.parametrize("name", ["households.xlsx", "households.parquet"])
def test_a_file_that_is_no_workbook_or_parquet_is_refused(name: str, tmp_path, connection) -> None:
    (tmp_path / name).write_bytes(b"not what it says")
    assert refuse(tmp_path, connection).where == name


@pytest.mark.req("INC-6")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("oop_other", "1.255::double"),
        ("oop_other", "1.255::decimal(9,3)"),
        ("oop_other", "'many'"),
        ("oop_other", "1e15::double"),
        ("cars", "1.5::double"),
        ("away", "'true'"),
        ("identified_on", "timestamp '2024-09-01 10:00:00'"),
        ("identified_on", "'2024-9-1'"),
        ("head_name", "5::int"),
    ],
)
def test_parquet_values_that_would_change_are_refused(column: str, value: str, tmp_path, connection) -> None:
    parquet(tmp_path, "households", f"select 'H1' household_id, {value} {column}")
    error = refuse(tmp_path, connection)
    assert "households.parquet" in str(error)
    assert column in str(error)


@pytest.mark.req("REG-6")
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("ids", [["H1", "H2", "H1"], ["H2", "H1", "H1"]])
def test_repeated_keys_are_refused(ids: list[str], format: str, tmp_path, connection) -> None:
    write_folder(tmp_path, {"households": [{"household_id": id} for id in ids]}, format)
    error = refuse(tmp_path, connection)
    assert "H1" in error.what
    assert error.where.count("households") == 2


@pytest.mark.req("REG-6")
def test_repeated_members_are_refused(tmp_path, connection) -> None:
    member = {"household_id": "H1", "member_id": "M1"}
    write_folder(tmp_path, {"households": [HOUSEHOLD], "members": [member, member]})
    assert "M1" in refuse(tmp_path, connection).what


@pytest.mark.req("REG-6")
@pytest.mark.parametrize("id", ["", None])
def test_an_empty_household_number_is_refused(id: str | None, tmp_path, connection) -> None:
    write_folder(tmp_path, {"households": [HOUSEHOLD, {"household_id": id, "group_name": "一组"}]})
    assert "第 3 行，household_id" in refuse(tmp_path, connection).where


@pytest.mark.req("REG-6")
@pytest.mark.parametrize("name", ["members", "income_items", "visits", "cases", "measures", "leaflets"])
def test_rows_of_a_household_that_is_not_there_are_refused(name: str, tmp_path, connection) -> None:
    table = dictionary.TABLES[name]
    row = {"household_id": "H9"} | ({table.key: "K1"} if table.key else {})
    write_folder(tmp_path, {"households": [HOUSEHOLD], name: [row]})
    error = refuse(tmp_path, connection)
    assert "H9" in error.what
    assert f"{name}.csv 第 2 行" in error.where
    assert open_folder(tmp_path, connection, check="basic")[name].rows == 1


@pytest.mark.req("ALR-1")
def test_an_alert_or_a_problem_may_have_no_household(tmp_path, connection) -> None:
    tables = {"households": [HOUSEHOLD], "alerts": [{"alert_id": "A"}], "problems": [{"problem_id": "P"}]}
    write_folder(tmp_path, tables)
    assert open_folder(tmp_path, connection)["alerts"].rows == 1


@pytest.mark.req("SEC-1")
def test_identity_numbers_and_phones_are_masked_in_errors(tmp_path, connection) -> None:
    csv_file(tmp_path, "households", "household_id,away,cars\nH1,500199197001012340,19900001234\n")
    text = str(refuse(tmp_path, connection))
    assert "500*************40" in text
    assert "197001012" not in text
    csv_file(tmp_path, "households", "household_id,away\nH1,19900001234\n")
    text = str(refuse(tmp_path, connection))
    assert "199****1234" in text
    assert "19900001234" not in text


@pytest.mark.req("REG-6")
def test_a_text_too_long_for_a_cell_is_refused_not_cut(tmp_path) -> None:
    with pytest.raises(InputError) as caught:
        write_folder(tmp_path, {"households": [{"household_id": "H1", "address": "长" * 32_768}]}, "xlsx")
    assert "address" in caught.value.what
    assert list(tmp_path.iterdir()) == []


@pytest.mark.req("REG-6")
@pytest.mark.parametrize("format", FORMATS)
def test_a_file_stands_whole_or_not_at_all(format: str, tmp_path: Path) -> None:
    def breaking():
        yield HOUSEHOLD
        raise RuntimeError

    table = dictionary.TABLES["households"]
    with pytest.raises(RuntimeError):
        write_table(table, breaking(), tmp_path / f"households.{format}", ["household_id"])
    assert list(tmp_path.iterdir()) == []
