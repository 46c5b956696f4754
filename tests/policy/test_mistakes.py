"""A mistake in a pack is told with its file and line, what is wrong and what would be right; all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from shouwang.policy.loading import load
from shouwang.policy.mistakes import Mistake, PackError
from tests.policy.trial_packs import write_pack

pytestmark = pytest.mark.req("RSK-2")


def mistakes(folder: Path) -> tuple[Mistake, ...]:
    with pytest.raises(PackError) as error:
        load(str(folder))
    for mistake in error.value.mistakes:
        assert f"{mistake.file}:{mistake.line}: {mistake.what}" in str(error.value)
    return error.value.mistakes


DEEP = "abs(" * 50 + "net_income" + ")" * 50
NEW_RULE = "own.rule:\n  name: 自己的规则\n  level: look\n  when: net_income > 5\n"
WHEN = [
    ("unknown column", "net_incom <= 5", "没有叫 net_incom 的列或指标", "net_income"),
    ("unknown parameter", "net_income <= :monitorin_range", "没有叫 :monitorin_range 的参数", "monitoring_range"),
    ("types that differ", "household_type > 5", "文字和数不能比较", "两边要是同一种"),
    ("a sum of words", "household_type + 1 > 5", "household_type 是文字", "换成合适的列"),
    ("wrong code", "household_type = 'liftd'", "没有叫 'liftd' 的代码", "lifted"),
    ("wrong code in a list", "monitoring_status in ('none', 'solved')", "没有叫 'solved' 的代码", "resolved"),
    ("function", "round(net_income) > 5", "ROUND(net_income)", "只能用列名"),
    ("unknown function", "coalesc(net_income, 0) > 5", "没有叫 coalesc 的函数", "coalesce"),
    ("function of time", "current_date > identified_on", "这里不能用", "只能用列名"),
    ("cast", "cast(net_income as integer) > 5", "类型转换", "只能用列名"),
    ("cast by colons", "net_income::integer > 5", "类型转换", "只能用列名"),
    ("sub-query", "net_income > (select 1)", "子查询", "只能用列名"),
    ("list from a query", "household_id in (select household_id from households)", "in 后面只能写一串值", "例如"),
    ("qualified name", "households.net_income > 5", "不能用带点的名字", "只写列名"),
    ("too deep", f"{DEEP} > 5", "嵌套超过", "拆成几个指标"),
    ("too long", "net_income > 5 or " * 300 + "false", "超过 4000 个字符", "拆成几个指标"),
    ("two expressions", "net_income > 5; drop table households", "只能写一个表达式", "去掉分号"),
    ("not an expression", "(net_income > 5", "读不懂", "检查括号"),
    ("no condition", "net_income + 1", "这里要一个条件", "写成比较"),
    ("aggregate outside", "sum(net_income) > 5", "只能写在 aggregates 里", "先在 aggregates 里取个名字"),
    ("is true", "away is true", "is 后面只能写 null", "直接写列名"),
    ("case of a value", "case away when true then true end", "case 后面要直接写 when", "例如"),
    ("branches of two kinds", "case when away then 1 else 'x' end = 1", "各分支的种类不同", "同一种"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "what", "remedy"), [row[1:] for row in WHEN], ids=[row[0] for row in WHEN])
def test_mistake_in_a_condition(tmp_path: Path, text: str, what: str, remedy: str) -> None:
    folder = write_pack(tmp_path / "trial", rules=f'income.below_range:\n  when: "{text}"\n')
    (mistake,) = mistakes(folder)
    assert (mistake.file, mistake.line) == ("trial/rules.yaml", 2)
    assert what in mistake.what
    assert remedy in mistake.remedy


FORM = [
    ("missing clause", "rules", NEW_RULE + "  says: 有\n", 1, "没有写依据（clause）", "补上 clause"),
    ("missing says", "rules", NEW_RULE + "  clause: X §1\n", 1, "没有说明（says）", "补上 says"),
    ("missing condition", "rules", "own.rule: {name: 规则, level: look, says: 有, clause: X}\n", 1, "没有条件（when）", "补上 when"),
    ("written twice", "rules", "income.fall: {off: true}\nincome.livestock: {off: true}\nincome.fall: {off: true}\n", 3, "另一次在第 1 行", "只留一处"),
    ("unknown field", "rules", "income.fall:\n  wen: true\n", 2, "不认识的字段 wen", "when"),
    ("syntax of YAML", "rules", "income.fall: {off: true}\nincome.livestock: off: true\n", 2, "YAML 写法有误", "冒号"),
    ("wrong problem type", "rules", "income.fall:\n  problem: roads\n", 2, "problem 不能是 roads", "可用的有"),
    ("problem of another level", "rules", "income.fall:\n  problem: secretary_visits\n", 2, "problem 不能是 secretary_visits", "可用的有"),
    ("wrong level", "rules", "income.fall:\n  level: houshold\n", 2, "level 不能是 houshold", "household"),
    ("unknown name in a sentence", "rules", "income.fall:\n  says: 收入是 {net_incme}\n", 1, "{net_incme} 没有这个名字", "net_income"),
    ("list instead of names", "rules", "- income.fall\n", 1, "最外层应是", "参照 national"),
    ("bad date", "parameters", "few_share:\n  values:\n    - {value: 0.2, clause: A}\n    - {from: 2024-13-01, value: 0.3, clause: B}\n", 4, "2024-13-01 不是日期", "2024-09-01"),
    ("two values at once", "parameters", "few_share:\n  values:\n    - {value: 0.2, clause: A}\n    - {value: 0.3, clause: B}\n", 1, "有两个值在同一天", "删去一个"),
    ("values of two kinds", "parameters", "few_share:\n  values:\n    - {value: 0.2, clause: A}\n    - {from: 2024-01-01, value: many, clause: B}\n", 1, "种类不一", "都写成数"),
    ("value without clause", "parameters", "few_share:\n  values:\n    - {value: 0.2}\n", 3, "没有写依据（clause）", "补上 clause"),
    ("parameter without values", "parameters", "few_share:\n  values: 0.2\n", 1, "没有 values", "values: ["),
    ("wrong counting of a kind", "income", "kinds:\n  wage.tips: {name: 小费, counts_as: wages, clause: X}\n", 2, "counts_as 不能是 wages", "wage"),
    ("circle of indicators", "indicators", "indicators:\n  one: two + 1\n  two: three + 1\n  three: one + 1\n", 2, "one → two → three → one 互相引用", "改掉其中一个"),
    ("group of an unknown table", "indicators", "groups:\n  g: {of: memberz, by: member_id, aggregates: {n: count(*)}}\n", 2, "没有叫 memberz 的表", "members"),
    ("group by an unknown column", "indicators", "groups:\n  g: {of: members, by: membre_id, aggregates: {n: count(*)}}\n", 2, "没有列 membre_id", "member_id"),
    ("aggregates of an unknown table", "indicators", "aggregates:\n  vists:\n    n: count(*)\n", 3, "没有叫 vists 的表或分组", "visits"),
    ("aggregate in an aggregate", "indicators", "aggregates:\n  members:\n    n: sum(count(*))\n", 3, "汇总里不能再套汇总", "拆成两步"),
    ("name taken", "indicators", "aggregates:\n  members:\n    person_months: sum(months)\n    items_counted: count(*)\n", 0, "名字 items_counted 已经有了", "换一个名字"),
    ("unknown part", "indicators", "indicatorz:\n  n: 1\n", 2, "不认识的部分 indicatorz", "indicators"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "text", "line", "what", "remedy"), [row[1:] for row in FORM], ids=[row[0] for row in FORM]
)
def test_mistake_of_form(tmp_path: Path, file: str, text: str, line: int, what: str, remedy: str) -> None:
    found = mistakes(write_pack(tmp_path / "trial", **{file: text}))
    (mistake,) = [mistake for mistake in found if what in mistake.what]
    if line:  # the name may be told where either of the two stands
        assert (mistake.file, mistake.line) == (f"trial/{file}.yaml", line)
        assert len([one for one in found if one.file.startswith("trial/")]) == 1
    assert remedy in mistake.remedy


def test_unknown_focus_category(tmp_path: Path) -> None:
    (mistake,) = mistakes(
        write_pack(tmp_path / "trial", head="focus_categories: [low_income_group, dibao_nw]\n")
    )
    assert (mistake.file, mistake.line) == ("trial/pack.yaml", 4)
    assert "没有叫 dibao_nw 的重点对象" in mistake.what
    assert "dibao_new" in mistake.remedy


def test_unknown_field_of_the_head(tmp_path: Path) -> None:
    (mistake,) = mistakes(write_pack(tmp_path / "trial", head="aera: '500199'\n"))
    assert (mistake.file, mistake.line) == ("trial/pack.yaml", 4)
    assert "aera" in mistake.what
    assert "area" in mistake.remedy


def test_packs_that_extend_one_another(tmp_path: Path) -> None:
    write_pack(tmp_path / "first", extends="second")
    write_pack(tmp_path / "second", extends="first")
    (mistake, *_others) = [found for found in mistakes(tmp_path / "first") if "圈" in found.what]
    assert (mistake.file, mistake.line) == ("second/pack.yaml", 3)
    assert "first → second → first" in mistake.what
    assert "extends" in mistake.remedy


def test_parent_that_is_not_there(tmp_path: Path) -> None:
    found = mistakes(write_pack(tmp_path / "trial", extends="nationl"))
    (mistake,) = [one for one in found if "nationl" in one.what]
    assert (mistake.file, mistake.line) == ("trial/pack.yaml", 3)
    assert "national" in mistake.remedy


def test_all_mistakes_are_told_at_once_in_order(tmp_path: Path) -> None:
    rules = "income.fall:\n  when: net_incom > 5\nincome.livestock:\n  when: catle_stock > 0\n"
    found = mistakes(write_pack(tmp_path / "trial", rules=rules))
    assert [(mistake.line, mistake.what) for mistake in found] == [
        (2, "没有叫 net_incom 的列或指标"),
        (4, "没有叫 catle_stock 的列或指标"),
    ]


def test_a_wrong_entry_inherited_is_told_where_it_stands(tmp_path: Path) -> None:
    write_pack(tmp_path / "county", rules="income.fall:\n  when: net_incom > 5\n")
    (mistake,) = mistakes(
        write_pack(tmp_path / "town", extends="county", rules="income.fall: {name: 收入下降}\n")
    )
    assert (mistake.file, mistake.line) == ("county/rules.yaml", 2)
