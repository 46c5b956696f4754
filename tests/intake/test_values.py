"""Dates, amounts, groups, names and words in every usual writing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.tables.intake import KindWords, codes
from shouwang.tables.intake.amounts import read_amount, unit_factor
from shouwang.tables.intake.dates import read_date
from shouwang.tables.intake.wording import chinese_number, group_in, group_key, person_name


@pytest.mark.req("REG-6")
@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_a_day_in_every_usual_writing(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    serial = (day - date(1899, 12, 30)).days
    written = (
        day, datetime(y, m, d, 9, 12), serial, float(serial), float(f"{y}{m:02}{d:02}"), f"{y}{m:02}{d:02}",
        f"{y}年{m}月{d}日", f"{y}.{m}.{d}", f"{y}/{m}/{d}", f"{y}-{m:02}-{d:02}", f"{y} 年 {m} 月 {d} 日",
        f"{y}-{m:02}-{d:02} 09:12:33", f"{y}年{m}月{d}号", f"{y}．{m}．{d}", str(serial),
    )  # fmt: skip
    for value in written:
        reading = read_date(value)
        assert (reading.day, reading.precision) == (day, "day"), value


@pytest.mark.req("REG-6")
@pytest.mark.parametrize(
    "text",
    [
        "3月",
        "上半年",
        "不详",
        "9-1",
        "9月1日",
        "2024",
        "24.3.5",
        "2024-02-30",
        "2024-13-01",
        2024.1,
        "去年底",
        True,
    ],
)
def test_what_lacks_its_year_is_not_guessed(text: str | float) -> None:
    reading = read_date(text)
    assert reading.day is None
    assert not reading.blank


@pytest.mark.req("ALR-6")
@pytest.mark.parametrize("text", ["202407", "2024年7月", "2024-07", "2024.7", 202407.0])
def test_a_month_is_not_a_day(text: str | float) -> None:
    reading = read_date(text)
    assert (reading.day, reading.precision) == (date(2024, 7, 1), "month")


@pytest.mark.req("INC-4")
def test_quarters() -> None:
    assert read_date("2024年第三季度").quarter == "2024Q3"
    assert read_date("2024Q1").quarter == "2024Q1"


@pytest.mark.req("REG-6")
@given(st.integers(0, 10**9), st.integers(0, 99))
def test_an_amount_in_every_usual_writing(yuan: int, cents: int) -> None:
    amount = Decimal(f"{yuan}.{cents:02}")
    wide = f"{yuan}.{cents:02}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    for text in (
        f"{amount}",
        f"{amount:,}",
        f"￥{amount:,}",
        f"{amount}元",
        f"{amount:,}元",
        f"¥ {amount}",
        wide,
    ):
        assert read_amount(text).yuan == amount, text


@pytest.mark.req("REG-6")
def test_units_of_ten_thousand() -> None:
    assert read_amount("8.07万元").yuan == Decimal("80700.00")
    assert read_amount("11.62万").yuan == Decimal("116200.00")
    assert read_amount(2.1, unit_factor("直接经济损失（万元）")).yuan == Decimal("21000.00")
    assert read_amount("350元", unit_factor("金额（万元）")).yuan == Decimal("350.00")


@pytest.mark.req("REG-6")
@pytest.mark.parametrize(
    "value", ["见附件", "3000左右", "待核", "-5", -5.0, "1,2,3", "约2000", "2000-3000", "一千"]
)
def test_doubtful_amounts_are_kept_out(value: str | float) -> None:
    reading = read_amount(value)
    assert reading.yuan is None
    assert not reading.blank


@pytest.mark.req("REG-1")
@pytest.mark.parametrize("text", ["三组", "3社", "３组", "第三村民小组", 3.0, "3", "三社", "第3村民组"])
def test_one_group_in_many_writings(text: str | float) -> None:
    assert group_key(text) == "3"


@pytest.mark.req("REG-1")
def test_groups_and_numerals() -> None:
    assert group_in("西河镇望云村十二组50号") == "12"
    assert [chinese_number(t) for t in ("十", "二十", "十一", "一百零三", "某")] == [10, 20, 11, 103, None]
    assert group_key("大湾组") == "大湾"


@pytest.mark.req("REG-6")
def test_names_keep_rare_characters_and_lose_blanks() -> None:
    assert person_name("郑　超") == "郑超"
    assert person_name("周䶮") == "周䶮"
    assert person_name("程小㛃") == "程小㛃"
    assert person_name("阿依•古丽") == person_name("阿依・古丽") == "阿依·古丽"


@pytest.mark.req("REG-3")
@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("长子", "child"), ("之女", "child"), ("儿媳", "other"), ("之儿媳", "other"), ("女婿", "other"), ("岳母", "other"),
        ("之妻", "spouse"), ("配偶", "spouse"), ("本人或户主", "head"), ("母亲", "parent"), ("之孙子", "grandchild"),
        ("外孙女", "grandchild"), ("之祖母", "grandparent"), ("弟弟", "sibling"), ("远房", None),
    ],
)  # fmt: skip
def test_relations(word: str, code: str | None) -> None:
    assert codes.relation(word) == code


@pytest.mark.req("REG-2")
@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("一般农户", ("general", "none")),
        ("其他一般农户", ("general", "none")),
        ("一般农户（脱贫户、监测户之外的）", ("general", "none")),
        ("一般脱贫户", ("lifted", "none")),
        ("脱贫户、监测对象（已消除风险）", ("lifted", "resolved")),
        ("脱贫户/监测户(未消除)", ("lifted", "unresolved")),
        ("防止返贫监测对象(未消除风险)", ("general", "unresolved")),
        ("脱贫不稳定户（未消除风险）", ("lifted", "unresolved")),
        ("监测户", ("general", None)),
        ("低收入", (None, None)),
    ],
)
def test_household_types(word: str, wanted: tuple[str | None, str | None]) -> None:
    found = codes.household_type(word)
    assert found == wanted or (wanted == (None, None) and found[0] is None)


@pytest.mark.req("GUA-1")
def test_yes_no_and_unknown() -> None:
    assert [codes.yes_no(w) for w in ("是", "√", "有", "已参保")] == [True] * 4
    assert [codes.yes_no(w) for w in ("否", "×", "无", "未参保")] == [False] * 4
    assert [codes.yes_no(w) for w in (None, "", "不知", "待核实")][:2] == [None, None]
    assert codes.schooling(None) == (None, None, True)
    assert codes.schooling("初中二年级") == (True, "junior", True)
    assert codes.schooling("高职高专") == (True, "college", True)
    assert codes.schooling("非在校生") == (False, None, True)


@pytest.mark.req("INC-3")
def test_places_of_work() -> None:
    home = ("重庆市", "铜梁区")
    assert codes.work_place("重庆市主城区", *home) == "province"
    assert codes.work_place("铜梁区", *home) == "county"
    assert codes.work_place("本镇", *home) == "county"
    assert codes.work_place("市内区外", *home) == "province"
    assert codes.work_place("广东省东莞市", *home) == "outside"
    assert codes.work_place("某厂", *home) is None


@pytest.mark.req("INC-3", "INC-4", "INC-5")
def test_every_kind_of_the_dictionary_has_words(words: KindWords) -> None:
    kinds = set(words.exact.values())
    assert {k.partition(".")[0] for k in kinds} == {
        "wage", "cost", "property", "transfer", "production", "expense", "excluded"
    }  # fmt: skip
    assert len(kinds) >= 62
    for total in ("wage.total", "property.total", "transfer.total", "production.total", "expense.total"):
        assert total in kinds


@pytest.mark.req("INC-5")
@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("低保临时价格补贴", "excluded.price_subsidy"),
        ("代缴城乡居民养老保险", "excluded.insurance_premium"),
        ("未发放的护林员工资", "excluded.unpaid_wage"),
        ("尚未发放的保洁员工资", "excluded.unpaid_wage"),
        ("村里未兑现的集体分红", "excluded.unpaid_dividend"),
        ("存栏肉牛", "excluded.unsold_stock"),
        ("中秋慰问", "excluded.consolation"),
        ("省外务工交通费支出", "cost.outside_province"),
        ("外出务工往返路费补助", "cost.travel_subsidy"),
        ("卖土鸡蛋", "production.livestock"),
        ("卖柑橘收入", "production.crops"),
        ("公益林生态补偿", "transfer.ecology"),
        ("其他", None),
        ("杂项", None),
        ("零星", None),
        ("务工收入", None),
        ("补贴", None),
    ],
)
def test_words_that_look_like_a_counted_kind_and_are_not(
    words: KindWords, word: str, kind: str | None
) -> None:
    assert words.kind(word) == kind


def test_a_word_for_two_kinds_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"transfer\.dibao"):
        KindWords.from_data({"kinds": {"transfer.dibao": ["低保"], "transfer.tekun": ["低 保"]}})
