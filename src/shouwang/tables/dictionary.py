"""The one place that says what a table, a column and a structural code is.

The tables are the *exchange format*: a folder with one file per table. From here come the schemas of the
engine, the pages of documentation and the names people see. A column that a file lacks, or a cell that is
empty, means "not known", never zero and never no.

Structural codes (what a status or a relation can be) stand here; policy codes (income kinds, what counts as
what) stand in packs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shouwang.language import current


class Type(Enum):
    """What a cell holds, and how it is written in CSV."""

    TEXT = "text"
    DATE = "date"  # 2024-09-01
    DATETIME = "datetime"  # 2024-09-01T09:30:00
    BOOL = "bool"  # true / false
    INT = "int"
    MONEY = "money"  # yuan, two places
    NUMBER = "number"  # decimal with two places (mu, metres)
    FLOAT = "float"  # degrees
    LIST = "list"  # codes joined by ;
    CODE = "code"  # one of the codes of a code set


@dataclass(frozen=True)
class Code:
    """One code with its Chinese and English name."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Column:
    """One column: its name in code, what people call it, what it holds. ``codes`` names a set of :data:`CODES`."""

    name: str
    type: Type
    zh: str
    en: str
    codes: str | None = None
    unit: str = ""
    empty_is_none: bool = False  # present and empty means "none", not "not known"

    @property
    def label(self) -> str:
        """What people call it, in the language now spoken."""
        return self.en if current() == "en" else self.zh


@dataclass(frozen=True)
class Table:
    """One table; ``key`` is the column that may not repeat ('' where rows have none)."""

    name: str
    zh: str
    en: str
    key: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        return self.by_name[name]

    @property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}


def _codes(text: str) -> tuple[Code, ...]:
    """Reads lines of ``code 中文 English words``."""
    rows = (line.split(maxsplit=2) for line in text.strip().splitlines())
    return tuple(Code(code, zh, en) for code, zh, en in rows)


CODES: dict[str, tuple[Code, ...]] = {
    "household_type": _codes("""
        general 一般农户 ordinary household
        lifted 脱贫户 lifted household"""),
    "monitoring_status": _codes("""
        none 未纳入监测 not monitored
        unresolved 监测对象（未消除） monitored, unresolved
        resolved 监测对象（已消除） monitored, resolved"""),
    "monitoring_type": _codes("""
        unstable_lifted 脱贫不稳定户 unstable lifted household
        marginal 边缘易致贫户 marginal household
        sudden_hardship 突发严重困难户 household in sudden hardship"""),
    "dibao_tier": _codes("""
        full 全额 full
        highest 最高档 highest tier
        other 其他档 other tier"""),
    "income_band": _codes("""
        at_or_below_range 监测范围及以下 at or below the range
        to_10000 监测范围—1万元（含） to 10,000
        to_12000 1万元—1.2万元（含） to 12,000
        to_16000 1.2万元—1.6万元（含） to 16,000
        to_20000 1.6万元—2万元（含） to 20,000
        to_30000 2万元—3万元（含） to 30,000
        over_30000 3万元以上 over 30,000"""),
    "house_structure": _codes("""
        earth_wood 土木结构 earth and wood
        brick_wood 砖木结构 brick and wood
        brick_earth 砖土混杂结构 brick and earth
        wood 木结构 wood
        stone_wood 石木结构 stone and wood
        brick_concrete 砖混结构 brick and concrete
        adobe 土坯房 adobe
        other 其他 other"""),
    "large_grower_kind": _codes("""
        grain 谷物豆类及薯类 grain, beans and tubers
        oil 油料香料坚果类 oil, spices and nuts
        vegetable 蔬菜及食用菌类 vegetables and mushrooms
        fruit 水果类 fruit
        herb 中药材类 medicinal herbs
        tobacco 烟草类 tobacco
        other 其他 other"""),
    "large_breeder_kind": _codes("""
        cattle 牛 cattle
        sheep 羊 sheep
        pig 猪 pigs
        poultry 家禽 poultry
        other 其他 other"""),
    "relation": _codes("""
        head 户主 head
        spouse 配偶 spouse
        child 子女 child
        parent 父母 parent
        grandchild 孙辈 grandchild
        grandparent 祖辈 grandparent
        sibling 兄弟姐妹 sibling
        other 其他 other"""),
    "sex": _codes("""
        male 男 male
        female 女 female"""),
    "labour_capacity": _codes("""
        skilled 技能劳动力 skilled
        ordinary 普通劳动力 ordinary
        weak 弱劳动力或半劳动力 weak or half
        lost 丧失劳动力 lost
        none 无劳动力 none"""),
    "labour_reason": _codes("""
        over_60 60岁以上 over 60
        illness 因病 illness
        disability 因残 disability"""),
    "trade": _codes("""
        housekeeper 家政服务员 housekeeper
        cook 中式烹调师 cook
        massage 保健按摩师 massage
        car_repair 汽车维修工 car repair
        concrete 混凝土工 concrete worker
        rebar 钢筋工 rebar worker
        welder 焊工 welder
        electrician 电工 electrician
        other 其他 other"""),
    "school_stage": _codes("""
        preschool 学前 preschool
        primary 小学 primary school
        junior 初中 junior middle school
        senior 高中 senior middle school
        vocational 中职 vocational school
        college 大专 college
        university 本科及以上 university"""),
    "id_type": _codes("""
        resident 居民身份证 resident identity card
        disability 残疾人证 disability certificate
        foreign 外国证件 foreign document
        none 无证件 none"""),
    "insurance_kinds": _codes("""
        resident 城乡居民基本医疗保险 residents' medical insurance
        employee 城镇职工基本医疗保险 employees' medical insurance"""),
    "employment_place": _codes("""
        none 未务工 not employed
        county 县内 in the county
        province 县外省内 in the province
        outside 省外 outside the province"""),
    "basis": _codes("""
        contract 合同或协议 contract
        payment_record 发放或转账记录 payment record
        local_price 当地市场价格 local price
        statement 农户自述 statement"""),
    "alert_source": _codes("""
        civil_affairs 民政 civil affairs
        medical_insurance 医保 medical insurance
        health 卫生健康 health
        disability 残联 disability federation
        education 教育 education
        housing 住建 housing
        water 水利 water
        employment 人社 jobs
        emergency 应急 emergency
        agriculture 农业农村 agriculture
        application 农户申请 application
        rescue_platform 政府救助平台 rescue platform
        provincial_platform 省级平台 provincial platform
        weather 气象 weather
        cadre 干部排查 cadre"""),
    "alert_kind": _codes("""
        dibao_applied 新申请低保 dibao applied for
        dibao_new 新增低保 new dibao
        dibao_refused 低保申请未通过 dibao refused
        tekun_applied 新申请特困供养 tekun applied for
        tekun_new 新增分散供养特困 new tekun
        tekun_refused 特困申请未通过 tekun refused
        large_relief 大额临时救助 large temporary relief
        severe_disability 重度残疾 severe disability
        serious_illness 大病重病 serious illness
        mental_disorder 精神障碍 mental disorder
        large_medical_cost 大额自付医疗费用 large own medical cost
        dropout 疑似失学辍学 may have left school
        unsafe_house 疑似危房 house may be unsafe
        unsafe_water 饮水安全问题 water may be unsafe
        job_loss 失业 job lost
        disaster 自然灾害 disaster
        accident 意外事故 accident
        price_fall 农产品价格下跌 fall of prices
        project_failed 产业项目失败 project failed
        self_application 农户自主申请 own application"""),
    "list_source": _codes("""
        national 全国防返贫监测信息系统 national system
        civil_affairs 民政 civil affairs
        medical_insurance 医保 medical insurance
        health 卫健 health
        disability 残联 disability federation
        education 教育 education
        housing 住建 housing
        water 水利 water
        deceased 死亡名单 deaths
        moved_out 迁出名单 moved out"""),
    "list_match": _codes("""
        confirmed 已确认 confirmed
        proposed 待确认 to be confirmed
        none 未比中 no match"""),
    "disposition": _codes("""
        pending 待核实 pending
        no_risk 无风险 no risk
        identified 已识别纳入 identified
        helped 已帮扶 helped
        problem 确有问题 problem"""),
    "visit_mode": _codes("""
        in_person 入户走访 in person
        remote 线上问询 by phone or net
        village_study 村级研判 village study"""),
    "required_mode": _codes("""
        in_person 须入户面访 in person
        remote 可电访 a call is enough
        any 方式不限 any way"""),
    "respondent": _codes("""
        member 家庭成员 member
        relative 亲属 relative
        cadre 村干部 cadre"""),
    "discovery_source": _codes("""
        visit 干部排查 visit
        application 农户申请 application
        alert 部门预警 alert"""),
    "removal_manner": _codes("""
        help 稳定消除 by help
        natural 自然消除 of itself"""),
    "cause": _codes("""
        illness 因病 illness
        schooling 因学 schooling
        unsafe_housing 因安全住房 unsafe housing
        unsafe_water 因安全饮水 unsafe water
        disability 因残 disability
        disaster 因自然灾害 disaster
        accident 因意外事故 accident
        project_failed 因产业项目失败 failed project
        job_unstable 因务工就业不稳 unstable job
        no_labour 缺劳力 lack of labour
        other 其他 other"""),
    "measure_kind": _codes("""
        industry 产业帮扶 industry
        employment 就业帮扶 employment
        public_post 公益性岗位 public post
        microcredit 小额信贷 microcredit
        skills 技能培训 skills
        consumption 消费帮扶 consumption
        dibao 低保 dibao
        tekun 特困供养 tekun
        medical_aid 医疗救助 medical aid
        temporary_relief 临时救助 temporary relief
        education_aid 教育资助 education aid
        housing 住房保障 housing
        water 饮水保障 water
        insurance 防贫保险 insurance
        social 社会帮扶 social help"""),
    "measure_detail": _codes("""
        labour_export 劳务输出 labour export
        travel_subsidy 交通补助 travel subsidy
        training 技能培训 training
        premium_subsidy 参保补贴 premium subsidy
        disability_subsidy 残疾人补贴 disability subsidy
        study_grant 雨露计划 study grant"""),
    "level": _codes("""
        town 乡镇 town
        village 村 village
        household 户 household"""),
    "household_kind": _codes("""
        resolved 监测户（已消除风险） monitored, resolved
        unresolved 监测户（未消除风险） monitored, unresolved
        lifted 一般脱贫户 lifted household
        other 其他一般农户 other ordinary household"""),
    "household_problem": _codes("""
        income ①收入方面 income
        education ②基本教育 education
        medical ③基本医疗 medical care
        housing ④住房安全 housing
        water ⑤饮水安全 water
        development_help ⑥开发式帮扶 development help
        employment ⑦稳岗就业 employment
        risk_removal ⑧风险消除 risk removal
        satisfaction ⑨群众满意度 satisfaction
        other ⑩其他 other"""),
    "place_problem": _codes("""
        local_knowledge ①辖区情况了解 knowledge of the place
        publicity ②政策宣传情况 publicity
        identification ③监测对象识别 identification
        help_and_removal ④帮扶与风险消除 help and removal
        alert_handling ⑤预警信息处置 alert handling
        secretary_visits ⑥书记遍访 secretaries' rounds
        mass_risk ⑦规模性返贫风险 regional risk
        other ⑧其他 other"""),
    "verification": _codes("""
        not_a_problem ①经核实不是问题 not a problem
        problem ②经核实确有问题 is a problem"""),
    "satisfaction_about": _codes("""
        help 帮扶措施 help
        contact 帮扶联系人 contact
        team 驻村工作队 team
        village 村双基 village"""),
    "leaflet_kind": _codes("""
        application 监测对象申报政策明白纸 application policy
        help 监测对象帮扶政策明白纸 help policy"""),
    "loan_user": _codes("""
        household 农户自用 household
        enterprise 户贷企用 enterprise"""),
}


def _columns(text: str) -> tuple[Column, ...]:
    """Reads lines of ``name type 中文名 | English name``; ``type`` may be ``code:SET``, ``list:SET`` or end in ``!``.

    ``!`` marks a column where present and empty means "none".
    """
    columns = []
    for line in text.strip().splitlines():
        head, english = line.split("|")
        name, kind, chinese = head.split(maxsplit=2)
        kind, mark, _rest = kind.partition("!")
        base, _colon, codes = kind.partition(":")
        unit = "yuan" if base == "money" else ""
        columns.append(
            Column(name, Type(base), chinese.strip(), english.strip(), codes or None, unit, mark == "!")
        )
    return tuple(columns)


_HOUSEHOLDS = _columns("""
    household_id text 户编号 | household number
    area_code text 村编码 | village code
    group_name text 社/村民小组 | group
    head_name text 户主姓名 | name of head
    phone text 联系电话 | phone
    address text 住址 | address
    household_type code:household_type 农户类型 | household type
    monitoring_status code:monitoring_status 监测状态 | monitoring status
    monitoring_type code:monitoring_type 监测对象类别 | monitored type
    identified_on date 识别时间 | identified on
    resolved_on date 风险消除时间 | resolved on
    away bool 整户长期外出 | whole household away
    cannot_communicate bool 整户不具备正常沟通能力 | nobody can answer
    relocated bool 易地搬迁安置 | resettled
    lng float 经度 | longitude
    lat float 纬度 | latitude
    low_income_group bool 低收入组脱贫人口 | on the list of the low-income group
    income_per_capita_last_year money 上年人均纯收入 | income per person last year
    income_per_capita_two_years_ago money 前年人均纯收入 | income per person two years ago
    income_per_capita_three_years_ago money 大前年人均纯收入 | income per person three years ago
    below_13000 bool 是否低于1.3万元 | below 13,000
    food_short bool 吃有困难 | short of food
    clothing_short bool 穿有困难 | short of clothing
    compliant_expense_last_year money 上年合规自付支出 | compliant expense last year
    income_band code:income_band 上次勾选收入区间 | income band as ticked
    dibao_tier code:dibao_tier 低保档次 | dibao tier
    willing bool 有意愿 | willing
    able_to_develop bool 有发展条件 | able to develop
    contact text! 帮扶联系人 | contact
    school_dropout bool 义务教育阶段失学辍学 | a child out of school
    uninsured_member bool 有成员未参加医保 | a member uninsured
    housing_unsafe bool 住房安全问题 | housing unsafe
    water_unsafe bool 饮水安全问题 | water unsafe
    oop_education money 教育合规自付 | own expense for education
    oop_medical money 医疗合规自付 | own expense for medical care
    oop_other money 其他合规自付 | other own expense
    insurance_payout money 理赔收入 | insurance payout
    farmland_mu number 承包耕地（亩） | farmland, mu
    forest_mu number 承包林地（亩） | forest, mu
    economic_forest_mu number 经济林（亩） | economic forest, mu
    ecological_forest_mu number 生态林（亩） | ecological forest, mu
    homestead bool 农村宅基地 | homestead
    self_built_house bool 农村自建房 | self-built house
    house_structure code:house_structure 房屋结构 | structure of the house
    house_structure_note text 房屋结构备注 | note on the structure
    flats_in_county int 本区县内商品房（套） | flats in the county
    flats_in_city int 区县外市内商品房（套） | flats in the city
    flats_elsewhere int 市外商品房（套） | flats elsewhere
    shops_in_county int 本区县内商铺（套） | shops in the county
    shops_in_city int 区县外市内商铺（套） | shops in the city
    shops_elsewhere int 市外商铺（套） | shops elsewhere
    cars int 家庭使用型汽车 | cars
    commercial_vehicles int 经营性车辆 | commercial vehicles
    machinery int 大型工程机械 | machinery
    business bool 经商办企业 | business
    large_grower bool 种植业大户 | large grower
    large_grower_kind code:large_grower_kind 种植类型 | what is grown
    large_breeder bool 养殖业大户 | large breeder
    large_breeder_kind code:large_breeder_kind 养殖类型 | what is bred
    scale_producer bool 种养殖规模户 | scale producer
    public_payroll bool 财政供养人员 | on the public payroll
    village_official bool 村四职干部 | village official
    high_salary bool 高收入就业 | high salary
    cattle_stock int 肉牛存栏 | cattle in stock
    cattle_sold int 肉牛出栏 | cattle sold
    sheep_stock int 羊存栏 | sheep in stock
    sheep_sold int 羊出栏 | sheep sold
    livestock_net_income money 牛羊养殖净收入 | net income from cattle and sheep
    last_changed_on date 最近变更日期 | last changed on
""")

_MEMBERS = _columns("""
    member_id text 成员编号 | member number
    household_id text 户编号 | household number
    name text 姓名 | name
    relation code:relation 与户主关系 | relation to head
    relation_word text 与户主关系（原文） | relation as written
    id_number text 身份证号码 | identity number
    id_type code:id_type 证件类型 | kind of document
    disability_certificate text 残疾人证号 | disability certificate
    birth_date date 出生日期 | birth date
    sex code:sex 性别 | sex
    ethnic_group text 民族 | ethnic group
    months_in_household int 在户月数 | months in the household
    joined_on date 增加日期 | joined on
    left_on date 减少日期 | left on
    labour_capacity code:labour_capacity 劳动能力 | labour capacity
    labour_reason code:labour_reason 弱劳力原因 | reason of weakness
    trade code:trade 工种 | trade
    trade_note text 工种备注 | note on the trade
    skill_certificate text 技能证书 | skill certificate
    medical_insurance bool 参加基本医疗保险 | has medical insurance
    insurance_kinds list:insurance_kinds 参保险种 | kinds of insurance
    pension_enrolled bool 参加养老保险 | enrolled for a pension
    family_doctor bool 家庭医生签约 | family doctor
    in_school bool 在校 | in school
    school_stage code:school_stage 在校学段 | school stage
    home_teaching bool 送教上门 | taught at home
    cannot_attend bool 因身体原因不能上学 | cannot attend school
    disability_level int 残疾等级 | disability level
    serious_illness bool 大病重病 | serious illness
    mental_disorder bool 精神障碍 | mental disorder
    chronic_illness bool 慢性病 | chronic illness
    phone text 联系电话 | phone
    employment_place code:employment_place 务工地点 | place of employment
    public_post bool 公益性岗位 | holds a public post
    months_worked int 务工月数 | months worked
    sector text 行业 | sector
    workplace text 务工单位 | workplace
    board_provided bool 包吃包住 | board and lodging provided
    serving bool 服役或就读军校 | conscript or military academy
    shares_income bool 共享收支 | shares income
    note text 备注 | note
""")

_INCOME_ITEMS = _columns("""
    item_id text 条目编号 | item number
    household_id text 户编号 | household number
    member_id text 成员编号 | member number
    kind text 收支类别 | kind
    amount money 金额（元） | amount, yuan
    received_on date 日期 | received on
    quarter text 季度 | quarter
    realised bool 已实现 | realised
    basis code:basis 依据 | basis
    agreed bool 农户认可 | agreed by the household
    note text 备注 | note
""")

_ALERTS = _columns("""
    alert_id text 预警编号 | alert number
    source code:alert_source 来源部门 | source
    kind code:alert_kind 预警类别 | kind
    household_id text 户编号 | household number
    id_number text 身份证号码 | identity number
    name text 姓名 | name
    area_code text 村编码 | village code
    amount money 金额（元） | amount, yuan
    event_on date 发生日期 | happened on
    received_on date 收到日期 | received on
    verified_on date 到户核实日期 | verified on
    studied_on date 同步研判日期 | studied on
    disposition code:disposition 处置结果 | disposition
    note text 备注 | note
""")

_VISITS = _columns("""
    visit_id text 走访编号 | visit number
    household_id text 户编号 | household number
    visited_on date 走访日期 | visited on
    mode code:visit_mode 核实方式 | way of visiting
    respondent code:respondent 受访人 | who answered
    visitor text 走访人 | visitor
    lng float 经度 | longitude
    lat float 纬度 | latitude
    accuracy_m number 定位精度（米） | accuracy, metres
    started_at datetime 开始时间 | started at
    ended_at datetime 结束时间 | ended at
    contact_name text 联系人姓名 | name of who was called
    contact_phone text 联系人电话 | phone of who was called
    study_place text 研判地点 | place of the study
    study_people text 研判人员 | people of the study
    form text 表单 | form
    received_at datetime 接收时间 | received at
    income_band code:income_band 收入区间 | income band
    data_taken_on date 数据提取时间 | data taken on
    focus_ticked list 勾选的重点情形 | focus categories ticked
    offline_minutes int 手机无信号时长（分钟） | minutes without signal
    risk bool 存在返贫致贫风险 | there is a risk
    causes list:cause 返贫致贫原因 | causes
    cause_notes text 原因说明 | notes on the causes
    signed_by text 签字人 | signed by
""")

_CASES = _columns("""
    case_id text 监测档案编号 | case number
    household_id text 户编号 | household number
    discovered_on date 发现日期 | discovered on
    discovery_source code:discovery_source 发现渠道 | source of discovery
    green_channel bool 绿色通道 | green channel
    state text 状态 | state
    applied_on date 申请授权日期 | applied on
    verified_on date 入户核实日期 | verified on
    reviewed_on date 民主评议日期 | reviewed on
    notice_from date 公示开始 | notice from
    notice_to date 公示结束 | notice to
    town_reviewed_on date 乡镇联审日期 | town review on
    approved_on date 区县批准日期 | approved on
    plan_on date 帮扶计划日期 | plan on
    removal_proposed_on date 消除申请日期 | removal proposed on
    removal_approved_on date 消除批准日期 | removal approved on
    rolled_back_on date 消除回退日期 | rolled back on
    withdrawn_on date 清退日期 | withdrawn on
    last_studied_on date 最近研判日期 | last studied on
    above_range_since date 收入超过监测范围起始日 | above the range since
    no_labour_safeguard bool 整户无劳动能力兜底保障户 | no-labour safeguard household
    effect_reviewed_on date 成效评议日期 | effect reviewed on
    development_confirmed_on date 开发式帮扶确认日期 | development confirmed on
    safeguard_village_on date 兜底村级评议日期 | safeguard reviewed by the village on
    safeguard_confirmed_on date 兜底乡镇确认日期 | safeguard confirmed by the town on
    development_done bool 已实施开发式帮扶 | development help done
    removal_manner code:removal_manner 消除方式 | manner of removal
    removal_income_per_capita money 消除时人均纯收入 | income per person at removal
    removal_consent_on date 农户知情日期 | household informed on
    risks list:cause 返贫致贫风险 | risks
    risk_notes text 风险说明 | notes on the risks
    contact text! 帮扶联系人 | contact
""")

_MEASURES = _columns("""
    measure_id text 措施编号 | measure number
    household_id text 户编号 | household number
    kind code:measure_kind 措施类别 | kind
    detail code:measure_detail 措施细类 | detail
    risk code:cause 对应风险 | risk it answers
    planned_on date 计划日期 | planned on
    done_on date 完成日期 | done on
    amount money 金额（元） | amount, yuan
    unit text 落实单位 | unit
""")

_PROBLEMS = _columns("""
    problem_id text 问题编号 | problem number
    level code:level 问题层级 | level
    county text 区县 | county
    town text 乡镇 | town
    village text 村 | village
    group_name text 所在村民小组 | group
    household_id text 户编号 | household number
    head_name text 户主姓名 | name of head
    household_kind code:household_kind 农户类型 | kind of household
    problem text 问题类型 | problem type
    type_label text 问题类型（原文） | type as written
    description text 问题描述 | description
    origin text 问题来源 | origin
    found_on date 发现日期 | found on
    found_by text 发现人 | found by
    verification code:verification 疑似问题核实情况 | verification
    verified_on date 核实日期 | verified on
    verified_by text 核实人 | verified by
    remark text 备注 | remark
    cause text 问题原因 | cause
    requirement text 整改要求 | requirement
    measure text 整改措施 | measure
    unit text 责任单位 | responsible unit
    person text 责任人 | responsible person
    due_on date 完成时限 | due on
    extended_reason text 延期理由 | reason of extension
    progress text 整改推进情况 | progress
    result text 整改结果 | result
    done_on date 完成日期 | done on
    closed_on date 销号日期 | closed on
    closed_by text 销号人 | closed by
""")

_INTERVIEWS = _columns("""
    interview_id text 访谈编号 | interview number
    area_code text 村编码 | village code
    role text 受访身份 | role
    question text 问题 | question
    answer text 回答 | answer
    known bool 是否清楚 | known
    right_value text 正确答案 | right value
    asked_on date 访谈日期 | asked on
    asked_by text 访谈人 | asked by
""")

_SATISFACTION = _columns("""
    household_id text 户编号 | household number
    asked_on date 询问日期 | asked on
    about code:satisfaction_about 评价对象 | about
    satisfied int 满意程度（1-5） | satisfied, 1 to 5
    contact_known bool 认识联系人 | knows the contact
    reason text 原因 | reason
""")

_LEAFLETS = _columns("""
    household_id text 户编号 | household number
    kind code:leaflet_kind 明白纸种类 | kind of leaflet
    given_on date 发放日期 | given on
    given_by text 发放人 | given by
""")

_LOANS = _columns("""
    household_id text 户编号 | household number
    amount money 金额（元） | amount, yuan
    lent_on date 放款日期 | lent on
    due_on date 到期日期 | due on
    used_by code:loan_user 使用主体 | used by
    use text 用途 | use
    overdue bool 逾期 | overdue
    interest_subsidised bool 已贴息 | interest subsidised
""")

_PROJECTS = _columns("""
    project_id text 项目编号 | project number
    household_id text 户编号 | household number
    kind text 项目类别 | kind
    owner text 实施主体 | owner
    started_on date 开始日期 | started on
    dividend_due money 应分红 | dividend due
    dividend_due_on date 应分红日期 | dividend due on
    dividend_paid money 已分红 | dividend paid
    fits bool 适合 | fits
    pays bool 有收益 | pays
    guidance bool 有技术指导 | guidance
""")

_VILLAGES = _columns("""
    area_code text 村编码 | village code
    year int 年份 | year
    county text 区县 | county
    town text 乡镇 | town
    village text 村名 | village
    registered_households int 户籍户数 | registered households
    registered_people int 户籍人口 | registered people
    resident_households int 常住户数 | resident households
    resident_people int 常住人口 | resident people
""")

_ANSWERS = _columns("""
    visit_id text 走访编号 | visit number
    household_id text 户编号 | household number
    question text 问题 | question
    answer text 回答 | answer
    prefilled bool 预填 | prefilled
""")

_PHOTOS = _columns("""
    visit_id text 走访编号 | visit number
    household_id text 户编号 | household number
    photo_hash text 照片校验值 | hash of the photo
""")

_GIVEN = _columns("""
    household_id text 户编号 | household number
    member_id text 成员编号 | member number
    column_name text 指标 | column
    given_on date 最近一次给出日期 | last given on
    origin text 来源（走访或文件） | visit or file
""")

_ACCOUNTS = _columns("""
    account_id text 账号 | account
    name text 姓名 | name
    phone text 联系电话 | phone
    area_code text 所在区划 | area code
    role text 角色 | role
""")

_LISTS = _columns("""
    list_id text 名单编号 | list number
    source code:list_source 来源 | source
    area_code text 区划代码 | area code
    received_on date 收到日期 | received on
    complete bool 是全量名单 | lists everybody
""")

_LISTED = _columns("""
    listed_id text 名单行号 | row number
    list_id text 名单编号 | list number
    id_number text 身份证号码 | identity number
    name text 姓名 | name
    area_code text 村编码 | village code
    household_id text 户编号 | household number
    member_id text 成员编号 | member number
    match code:list_match 比对情况 | match
    kind text 事项 | what it says
    holds bool 是否属实 | whether it holds
    level int 等级 | level
    event_on date 发生日期 | happened on
""")

_NATIONAL_HOUSEHOLDS = _columns("""
    national_id text 全国系统户编号 | number in the national system
    household_id text 户编号 | household number
    area_code text 村编码 | village code
    head_name text 户主姓名 | name of head
    household_type code:household_type 户类型 | household type
    monitoring_status code:monitoring_status 监测状态 | monitoring status
    monitoring_type code:monitoring_type 监测对象类别 | monitoring type
    identified_on date 识别时间（按月） | identified in
    resolved_on date 风险消除时间（按月） | resolved in
    risks list:cause 返贫致贫风险 | risks
    people int 家庭人口 | people
    income_year int 收入年度 | year of the income
    net_income_per_capita money 人均纯收入 | net income per person
    phone text 联系电话 | phone
    group_name text 村民小组 | group
""")

_NATIONAL_MEMBERS = _columns("""
    national_member_id text 全国系统人编号 | number of the person in the national system
    national_id text 全国系统户编号 | number in the national system
    household_id text 户编号 | household number
    member_id text 成员编号 | member number
    name text 姓名 | name
    id_number text 身份证号码 | identity number
    sex code:sex 性别 | sex
    relation code:relation 与户主关系 | relation to the head
    labour_capacity code:labour_capacity 劳动技能 | labour capacity
""")

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("households", "农户", "households", "household_id", _HOUSEHOLDS),
        Table("members", "家庭成员", "members", "member_id", _MEMBERS),
        Table("income_items", "收支条目", "income items", "item_id", _INCOME_ITEMS),
        Table("alerts", "部门预警", "alerts", "alert_id", _ALERTS),
        Table("visits", "走访", "visits", "visit_id", _VISITS),
        Table("cases", "监测档案", "cases", "case_id", _CASES),
        Table("measures", "帮扶措施", "measures", "measure_id", _MEASURES),
        Table("problems", "问题台账", "problems", "problem_id", _PROBLEMS),
        Table("interviews", "访谈", "interviews", "interview_id", _INTERVIEWS),
        Table("satisfaction", "满意度", "satisfaction", "", _SATISFACTION),
        Table("leaflets", "明白纸", "leaflets", "", _LEAFLETS),
        Table("loans", "小额信贷", "loans", "", _LOANS),
        Table("projects", "产业项目", "projects", "project_id", _PROJECTS),
        Table("villages", "村基础信息", "villages", "", _VILLAGES),
        Table("answers", "走访回答", "answers", "", _ANSWERS),
        Table("photos", "走访照片", "photos", "", _PHOTOS),
        Table("given", "数据来源", "provenance", "", _GIVEN),
        Table("accounts", "账号", "accounts", "account_id", _ACCOUNTS),
        Table("lists", "部门名单", "lists", "list_id", _LISTS),
        Table("listed", "名单行", "rows of lists", "listed_id", _LISTED),
        Table(
            "national_households",
            "全国系统户",
            "households of the national system",
            "national_id",
            _NATIONAL_HOUSEHOLDS,
        ),
        Table(
            "national_members",
            "全国系统人",
            "people of the national system",
            "national_member_id",
            _NATIONAL_MEMBERS,
        ),
    )
}


def labels(codes: str, language: str = "zh") -> dict[str, str]:
    """Code to name for one code set, in Chinese or English; KeyError where there is no such set."""
    return {code.code: code.en if language == "en" else code.zh for code in CODES[codes]}
