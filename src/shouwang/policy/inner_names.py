"""What people call the values in between, which packs write as a bare formula without a name.

Indicators, rules, focus categories and parameters carry their names in the pack; rows, groups and aggregates cannot.
A sheet for a village officer should not say ``person_months``, so those of the national pack are named here, in
Chinese; in English the name itself reads well once its underscores are blanks. A name that is not here stands as it is.
"""

from __future__ import annotations

from shouwang.policy.inner_names_quality import QUALITY_NAMES
from shouwang.tables.dictionary import CODES

_TEXT = """
person_months 人月数
members_here 在户人数
labour_gap 有人的劳动能力未登记
able_members 有劳动能力的人数
weak_members 弱劳动力的人数
nobody_able 全户无劳动能力
child_out_of_school 有适龄儿童未在校
child_without_teaching 有儿童不能上学且无送教
member_uninsured 成员信息中有人未参保
public_post_unpaid 公益性岗位工资未见到账
items_counted 计入的条目数
income_unknown 没有计入的条目
wage_unclear 工资性条目有缺项
property_unclear 财产性条目有缺项
transfer_unclear 转移性条目有缺项
production_unclear 生产经营性条目有缺项
expense_unclear 支出条目有缺项
wage_items 工资明细笔数
wage_stated 工资合计数
wage_after_cost 扣除务工成本后工资
cost_sum 务工成本合计
subsidy_sum 交通补助合计
property_items 财产性明细笔数
property_sum 财产性明细合计
property_stated 财产性合计数
transfer_items 转移性明细笔数
transfer_sum 转移性明细合计
transfer_stated 转移性合计数
production_items 生产经营性明细笔数
production_sum 生产经营性明细合计
production_stated 生产经营性合计数
expense_items 支出明细笔数
expense_sum 支出明细合计
expense_stated 支出合计数
dedicated_sum 专项补贴合计
tekun_received 窗口内领到特困供养金
income_q1_this 今年一季度收入
income_q1_last 去年一季度收入
income_q2_this 今年二季度收入
income_q2_last 去年二季度收入
top_cost_outside 省外一人最高务工成本
top_cost_province 县外省内一人最高务工成本
top_cost_county 县内一人最高务工成本
medical_unclear 大额医疗预警缺金额
medical_cost_alerted 预警的大额自付医疗费合计
medical_expense 采用的医疗自付
oop_known 已知的自付支出
payout 采用的理赔收入
dibao_this_year 今年新增低保
tekun_this_year 今年新增特困
relief_this_year 今年大额临时救助
disability_this_year 今年新增重度残疾
illness_this_year 今年新增大病重病
disorder_this_year 今年新增精神障碍
refused_this_year 今年申请未通过
ever_unstable 有失业、产业失败或事故预警
ever_on_platform 有救助平台申请
alert_illness 窗口内有大病或大额医疗预警
alert_disability 窗口内有重度残疾预警
alert_disaster 窗口内有灾害预警
alert_accident 窗口内有意外事故预警
alert_job 窗口内有失业预警（未排除风险）
alert_project 窗口内有产业失败或跌价预警
unsafe_house_open 危房预警未处置
unsafe_water_open 饮水预警未处置
emergency_open 事故或灾害预警未帮扶
helped_outside 窗口内有预警已帮扶
alert_overdue 有预警核实超期
alert_not_studied 有低保特困申请未研判
job_lost 窗口内有失业预警
job_lost_on 失业日期
job_perhaps_lost_on 可能的失业日期
job_perhaps_lost_undated 可能的失业没有日期
visit_risk 最近走访认为有风险
visit_mode 最近走访的方式
visit_respondent 最近走访的受访人
visit_band 最近走访勾选的收入区间
visits_made 走访次数（最近一次）
visited_in_campaign 本次行动已走访
secretary_came 今年书记已遍访
case_open 有在办的识别程序
case_late 发现到批准超期
case_discovery_days 发现到批准的天数
case_notice_short 公示天数不足
case_notice_days 公示天数
case_out_of_order 程序步骤颠倒
plan_late 帮扶计划超期
case_plan_days 批准到计划的天数
approved_long_ago 批准已超过计划时限
studied_this_year 今年已研判
studied_within_a_year 一年内已研判
above_range_half_a_year 收入超过监测范围已满半年
safeguard_flag 整户无劳动能力兜底保障户
safeguard_set 已标记兜底保障户
case_contact 档案中有帮扶联系人
measures_count 帮扶措施数
some_development 有开发式措施
development_carried_out 开发式措施已完成
development_overdue 开发式措施计划已满期限
new_measure_within_a_year 一年内有新措施
job_measure_on 就业措施最近日期
job_measure_perhaps_on 可能的就业措施日期
job_measure_undated 就业措施没有日期
dissatisfied 评价为1或2分
contact_not_known 不认识联系人
leaflets_count 明白纸份数
application_leaflet 今年申报政策明白纸已发
help_leaflet 今年帮扶政策明白纸已发
loan_lent_on 小额信贷户贷企用
loan_late 小额信贷逾期
dividend_owed 有分红未足额
unresolved 未消除的监测户
resolved 已消除的监测户
lifted 脱贫户
lifted_or_monitored 脱贫户或监测户
has_contact 有帮扶联系人
guarantee_short 保障有问题
has_risk 有返贫致贫风险
left_unidentified 有风险、未纳入监测、无在办程序
helped_instead 以其他方式帮扶过
suspected 疑似收入在监测范围及以下
must_be_seen 须当面走访
shows_risk 现有风险
new_risk 出现识别时没有的风险
old_risk 识别时的风险仍在或再现
risk_unanswered 有风险没有措施对应
job_lost_since_help 失业后没有就业措施
can_develop 有劳动力、可开发式帮扶
in_focus 是重点对象
wage_free 公岗等不扣成本的工资
wage_outside 省外工资
wage_province 县外省内工资
wage_county 县内工资
cost_outside 省外务工成本
cost_province 县外省内务工成本
cost_county 县内务工成本
subsidy 交通补助
subsidy_after_outside 抵省外成本后余下的补助
subsidy_after_province 抵省内成本后余下的补助
net_outside 省外净工资
net_province 县外省内净工资
net_county 县内净工资
net_wage 净工资
months 计入月数
here 在户
school_child 义务教育适龄
able 有劳动能力
in_window 在收入窗口内
counts 可以计入
counted 计入
unclear 有缺项
item 明细条目
earned 与工资有关
"""
_NAMES = dict(line.split(maxsplit=1) for line in (_TEXT + QUALITY_NAMES).split("\n") if line)
_OF_CAUSES = {
    "case_": "档案中的风险",
    "now_": "当前档案中的风险",
    "answers_": "有措施对应",
    "visit_": "最近走访的原因",
    "shows_": "现有风险",
}


def inner_name(name: str, language: str) -> str:
    """What people call a value that its pack does not name; the name itself where nobody does."""
    if language == "en":
        return name.replace("_", " ")
    if name in _NAMES:
        return _NAMES[name]
    causes = {code.code: code.zh for code in CODES["cause"]}
    for start, words in _OF_CAUSES.items():
        if name.startswith(start) and name.removeprefix(start) in causes:
            return f"{words}：{causes[name.removeprefix(start)]}"
    return name
