"""The words that people use for what the codes mean, each with the code that a right reading gives."""

from __future__ import annotations

from typing import Any

LABOUR = {
    "skilled": ("技能劳动力", "技能劳力"),
    "ordinary": ("普通劳动力", "普通劳力", "普通"),
    "weak": ("弱劳动力或半劳动力", "弱劳动力", "半劳力"),
    "lost": ("丧失劳动力", "丧失劳动能力"),
    "none": ("无劳动力", "无劳动能力", "无劳力"),
}
INSURED = {True: ("是", "√", "已参保", "有"), False: ("否", "×", "未参保"), None: (None,)}
STAGE = {
    "preschool": ("学前", "幼儿园"),
    "primary": ("小学", "小学三年级", "小学五年级"),
    "junior": ("初中", "初中二年级"),
    "senior": ("高中", "高中一年级"),
    "vocational": ("中职", "职高"),
    "college": ("大专", "高职大专"),
    "university": ("本科", "大学本科"),
}
NOT_IN_SCHOOL = ("否", "非在校生", "不在校", None)
RELATION = {
    "户主": ("户主", "本人"),
    "之子": ("长子", "之子", "儿子"),
    "之女": ("长女", "之女", "女儿"),
    "父亲": ("父亲", "之父"),
    "母亲": ("母亲", "之母"),
    "儿媳": ("儿媳", "之儿媳"),
    "孙子": ("孙子", "之孙子"),
    "孙女": ("孙女", "之孙女"),
}
SEX = {"male": "男", "female": "女"}
PLACE = {
    "outside": ("广东省", "浙江", "省外"),
    "province": ("重庆市主城区", "县外市内"),
    "county": ("本区", "区内", "本镇"),
    "none": (None,),
}
STATUS = {"unresolved": "监测对象（未消除风险）", "resolved": "监测对象（已消除风险）"}
HOUSEHOLD = {"general": ("一般农户", "一般户"), "lifted": ("脱贫户",)}
MONITORED_TYPE = {
    "unstable_lifted": "脱贫不稳定户",
    "marginal": "边缘易致贫户",
    "sudden_hardship": "突发严重困难户",
}
CAUSE = {
    "illness": "因病",
    "schooling": "因学",
    "unsafe_housing": "因安全住房",
    "unsafe_water": "因安全饮水",
    "disability": "因残",
    "disaster": "因自然灾害",
    "accident": "因意外事故",
    "project_failed": "因产业项目失败",
    "job_unstable": "因务工就业不稳",
    "no_labour": "缺劳力",
    "other": "其他",
}
ITEM = {
    "wage.outside_province": ("省外务工收入", "外省打工工资"),
    "wage.in_province": ("县外省内务工收入", "区县外市内务工工资"),
    "wage.in_county": ("县内务工收入", "县内打零工"),
    "wage.public_post": ("公益性岗位工资", "保洁员工资"),
    "cost.outside_province": ("省外务工食宿交通费", "省外务工成本"),
    "cost.in_province": ("县外省内务工成本",),
    "property.land_transfer": ("土地流转费", "土地租金"),
    "property.house_rent": ("房租收入",),
    "property.equipment_rent": ("出租农机收入",),
    "property.financial": ("存款利息",),
    "property.pv": ("户用光伏收益",),
    "property.collective_dividend": ("村集体经济分红", "集体分红"),
    "property.other": ("其他财产性收入",),
    "transfer.dibao": ("低保金", "农村低保"),
    "transfer.tekun": ("特困供养金",),
    "transfer.pension": ("养老金", "城乡居民养老保险金"),
    "transfer.family_planning": ("计生奖扶",),
    "transfer.ecology": ("退耕还林补贴", "森林生态效益补助"),
    "transfer.employment_award": ("就业奖励",),
    "transfer.industry_award": ("产业奖补", "产业奖励"),
    "transfer.disability": ("残疾人两项补贴", "重度残疾人护理补贴"),
    "transfer.farm_subsidy": ("耕地地力保护补贴", "地补"),
    "transfer.support": ("赡养费", "子女赡养收入"),
    "transfer.other": ("其他转移性收入",),
    "production.crops": ("种植收入", "卖粮收入", "卖菜收入"),
    "production.livestock": ("养殖收入", "卖猪收入"),
    "production.forestry": ("林业收入", "卖竹笋"),
    "production.fishery": ("卖鱼收入",),
    "production.other": ("小卖部经营收入",),
    "production.self_used": ("自产自用粮食",),
    "expense.operating": ("生产经营支出", "化肥种子农药", "饲料款"),
    "expense.depreciation": ("农机折旧",),
    "expense.tax_and_fees": ("上交承包费",),
    "expense.self_used_input": ("自家玉米喂猪",),
    "expense.dedicated_subsidy": ("先补后养补贴", "先补后种补贴"),
    "excluded.unpaid_wage": ("拖欠工资",),
    "excluded.unsettled_sale": ("未结算菜款",),
    "excluded.unsold_stock": ("未出栏生猪折价",),
    "excluded.unpaid_dividend": ("未兑现分红",),
    "excluded.relief": ("临时救助金", "救灾款"),
    "excluded.consolation": ("慰问金", "春节慰问金"),
    "excluded.donation": ("社会捐赠",),
    "excluded.gift": ("礼金",),
    "excluded.injury_claim": ("工伤赔偿",),
    "excluded.insurance_claim": ("保险理赔",),
    "excluded.price_subsidy": ("低保临时价格补贴",),
    "excluded.inheritance": ("遗产继承",),
    "excluded.insurance_premium": ("代缴医保", "代缴城乡居民养老保险"),
    "excluded.housing_grant": ("危房改造补助",),
    "excluded.medical_reimbursement": ("医保报销", "医疗救助"),
    "excluded.education_grant": ("助学金",),
    "excluded.training_grant": ("培训补贴",),
    "excluded.loan_interest": ("小额信贷贴息",),
    "excluded.demolition": ("房屋拆迁补偿",),
    "excluded.lottery": ("彩票中奖",),
    "excluded.work_study": ("勤工俭学补助",),
    "excluded.in_kind_wage": ("实物工资",),
}
UNKNOWN_ITEMS = ("杂项", "其他", "零星")


def health(member: dict[str, Any]) -> str:
    """The health of a member in the words of a roster."""
    if member["disability_level"]:
        return f"{'零一二三四'[member['disability_level']]}级残疾"
    if member["serious_illness"]:
        return "患有大病"
    if member["mental_disorder"]:
        return "精神障碍"
    return "长期慢性病" if member["chronic_illness"] else "健康"
