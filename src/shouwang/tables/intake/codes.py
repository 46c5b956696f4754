"""Words of office tables → structural codes of the dictionary. A word that is not known gives None, never a guess."""

from __future__ import annotations

import re

from shouwang.tables.intake.wording import chinese_number, is_dash, squeezed
from shouwang.tables.sheets import Value

_YES = ("是", "有", "√", "✓", "✔", "☑", "对", "y", "yes", "true", "v", "已", "1")
_NO = ("否", "无", "×", "✗", "✘", "╳", "没有", "不是", "未", "n", "no", "false", "0", "x")

_RELATIONS = {
    "head": "户主 本人 本人或户主 户主本人",
    "spouse": "配偶 夫妻 妻 妻子 之妻 丈夫 夫 之夫 爱人 老婆 老公 夫 媳妇(妻) 户主妻子 户主丈夫 户主配偶 户主之妻 户主之夫",
    "child": "子女 子 女 儿子 女儿 之子 之女 独生子 独生女 养子 养女 养子女 继子 继女 继子女 长子 长女 大儿子 大女儿 小儿子 小女儿 "
    "次子 次女 三子 三女 四子 四女 五子 五女 六子 六女 二子 二女 二儿子 二女儿 幼子 幼女 之长子 之长女 之次子 之次女 之儿 儿 "
    "婚生子 婚生女 非婚生子 非婚生女 户主之子 户主之女",
    "parent": "父母 父 母 父亲 母亲 之父 之母 爸爸 妈妈 养父 养母 继父 继母 生父 生母",
    "grandchild": "孙辈 孙子 孙女 之孙 之孙子 之孙女 外孙 外孙子 外孙女 之外孙 之外孙子 之外孙女 孙 长孙 长孙女 次孙 次孙女 曾孙 曾孙子 "
    "曾孙女 重孙 重孙子 重孙女 之孙辈 孙子女 孙子或孙女 孙或外孙 孙子孙女或外孙子外孙女 之曾孙 之重孙",
    "grandparent": "祖辈 祖父 祖母 祖父母 爷爷 奶奶 外祖父 外祖母 外公 外婆 姥爷 姥姥 之祖父 之祖母 之外祖父 之外祖母 曾祖父 曾祖母 之祖辈 "
    "祖父母或外祖父母 外祖父母 之爷爷 之奶奶",
    "sibling": "兄弟姐妹 兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 之兄 之弟 之姐 之妹 兄弟 姐妹 兄妹 姐弟 胞兄 胞弟 胞姐 胞妹 之兄弟姐妹 大哥 大姐 "
    "二哥 二姐 之哥 长兄 户主之兄 户主之弟",
    "other": "其他 其它 儿媳 之儿媳 媳妇 儿媳妇 长媳 次媳 女婿 之女婿 公公 婆婆 岳父 岳母 之岳父 之岳母 之公公 之婆婆 公婆 岳父母 公公婆婆 侄子 侄女 "
    "侄儿 之侄 之侄子 之侄女 之侄儿 外甥 外甥女 之外甥 之外甥女 伯父 伯母 叔父 叔母 叔叔 婶婶 姑姑 姑父 姨母 舅舅 舅父 舅母 伯父伯母 嫂子 嫂 弟媳 弟妹 之嫂 "
    "之弟媳 姐夫 妹夫 孙媳 之孙媳 孙媳妇 孙女婿 之孙女婿 外孙媳 外孙媳妇 外孙女婿 亲属 其他亲属 非亲属 其他非亲属 保姆 监护人 被监护人 寄养 之叔 之伯 "
    "之其他 堂兄 堂弟 表兄 表弟 养孙 连襟 姻亲 同居人",
}
RELATIONS = {word: code for code, words in _RELATIONS.items() for word in words.split()}

_LABOUR = {
    "skilled": "技能劳动力 技能劳力 技能 技术劳动力 有技能 技能型劳动力",
    "ordinary": "普通劳动力 普通劳力 普通 一般劳动力 正常劳动力 有劳动能力 普通劳动能力",
    "weak": "弱劳动力或半劳动力 弱劳动力 弱劳力 半劳动力 半劳力 弱 半 弱半劳动力 弱劳动力半劳动力 弱(半)劳动力 弱或半劳动力 弱劳动能力 部分丧失劳动力 "
    "弱劳力或半劳力 弱半劳力 部分丧失劳动能力 弱、半劳动力 弱/半劳动力",
    "lost": "丧失劳动力 丧失劳动能力 丧失劳力 丧失 完全丧失劳动力 完全丧失劳动能力 已丧失劳动力",
    "none": "无劳动力 无劳动能力 无劳力 无 没有劳动能力 没有劳动力",
}
LABOUR = {word: code for code, words in _LABOUR.items() for word in words.split()}

_STAGES = (
    ("preschool", r"学前|幼儿|托儿|[大中小]班$|^学前班"),
    ("college", r"大专|高职|专科|高等职业"),
    ("vocational", r"中职|职高|职中|中专|技校|技工|中等职业|职业高中|中等专业"),
    ("university", r"本科|大学|研究生|硕士|博士|高等教育"),
    ("senior", r"高中|高[一二三](?!.*职)|普高"),
    ("junior", r"初中|初[一二三123]|[七八九789]年级|初级中学"),
    ("primary", r"小学|[一二三四五六1-6]年级"),
)
_NOT_IN_SCHOOL = (
    "否",
    "不在校",
    "非在校",
    "非在校生",
    "未在校",
    "无",
    "×",
    "不在读",
    "不是",
    "已毕业",
    "毕业",
    "未上学",
    "未入学",
    "非学生",
)
_IN_SCHOOL = ("是", "在校", "在校生", "√", "在读", "有", "在校学生", "学生")

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"


def yes_no(value: Value) -> bool | None:
    """是 有 √ 已参保 → True; 否 无 × 未参保 → False; anything else None. Empty is None too."""
    if isinstance(value, bool):
        return value
    text = squeezed(value).lower().rstrip("。")
    if text in _YES or (re.fullmatch(r"(是|有|已)(.{0,6})", text) and not re.search(r"[未无没否]", text)):
        return True
    if text in _NO or (
        re.fullmatch(r"(未|没有|没|无|不|否)(.{0,6})", text) and not re.search(r"[是有已](?!.*无)", text[1:])
    ):
        return False
    return None


def insured(value: Value) -> bool | None:
    """Medical insurance: yes and no words, and the names of the insurances themselves."""
    plain = yes_no(value)
    if plain is not None:
        return plain
    text = squeezed(value)
    if re.search(r"未参|没参|未缴|断保|停保|脱保", text):
        return False
    return True if re.search(r"参保|居民|职工|城乡|新农合|医保|已缴", text) else None


def insurance_kinds(value: Value) -> str:
    """``resident`` or ``employee`` where the word says so, else ''."""
    text = squeezed(value)
    if insured(value) is not True:
        return ""
    found = [code for code, word in (("resident", "居民"), ("employee", "职工")) if word in text]
    return ";".join(found)


def relation(value: Value) -> str | None:
    """One of the eight relations; a word that is not on the list gives None."""
    text = re.sub(r"^(与户主)?(关系)?[:：]?", "", squeezed(value))
    return RELATIONS.get(text) or RELATIONS.get(text.removeprefix("户主的").removeprefix("户主之"))


def labour(value: Value) -> str | None:
    """One of the five kinds of labour capacity."""
    text = squeezed(value)
    return LABOUR.get(text) or LABOUR.get(re.sub(r"^[1-5][.、]|\(.*?\)", "", text))


def sex(value: Value) -> str | None:
    """``male`` or ``female``."""
    return {"男": "male", "男性": "male", "女": "female", "女性": "female", "M": "male", "F": "female"}.get(
        squeezed(value)
    )


def school_stage(text: str) -> str | None:
    """The stage that a school, class or grade names."""
    for code, pattern in _STAGES:
        if re.search(pattern, text):
            return code
    return None


def schooling(value: Value) -> tuple[bool | None, str | None, bool]:
    """``(in school, stage, understood)``; an empty cell is not known."""
    text = squeezed(value)
    if not text or text in "-—/":
        return None, None, True
    if text in _NOT_IN_SCHOOL:
        return False, None, True
    if text in _IN_SCHOOL:
        return True, None, True
    if re.search(r"毕业|辍学|休学|退学|肄业|不在|非在|未在", text):
        return (None, None, False) if re.search(r"休学", text) else (False, None, True)
    stage = school_stage(text)
    return (True, stage, True) if stage else (None, None, False)


def household_type(value: Value) -> tuple[str | None, str | None]:
    """``(type, monitoring status)`` out of 一般农户, 脱贫户、监测对象（未消除风险） and the like.

    More than one box may be ticked (annex 1); a monitored household that is not said to be lifted is an
    ordinary one. ``(None, None)`` where nothing is known or the word says neither.
    """
    text = re.sub(r"[(（](脱贫户、?监测户之外的)[)）]", "", squeezed(value))
    monitored = re.search(r"监测|三类户|脱贫不稳|边缘易致贫|突发严重", text) is not None
    not_monitored = re.search(r"(非|未纳入|不是|无)(防止返贫)?监测", text) is not None
    lifted = re.search(r"(?<!非)(?<!不是)脱贫(户|人口|不稳)|建档立卡|(?<!非)脱贫$", text) is not None
    ordinary = re.search(r"一般(农|户|$)|其他农户|非脱贫|普通农户|常规户|^其他一般", text) is not None
    status = _status(text) if monitored and not not_monitored else "none"
    if lifted and not (ordinary and "一般脱贫" not in text):
        return "lifted", status
    if monitored and not not_monitored:
        return "general", status
    if ordinary or not_monitored:
        return "general", "none"
    return None, None


def _status(text: str) -> str | None:
    """Whether the risk is removed, as far as the word says it."""
    if re.search(r"未(稳定)?消除|未解除|风险未|没有?消除|未稳定", text):
        return "unresolved"
    if re.search(r"已(稳定)?消除|消除|已解除|解除", text):
        return "resolved"
    return None


def monitoring_type(value: Value) -> str | None:
    """脱贫不稳定户, 边缘易致贫户, 突发严重困难户."""
    text = squeezed(value)
    for word, code in (
        ("脱贫不稳", "unstable_lifted"),
        ("边缘", "marginal"),
        ("突发严重", "sudden_hardship"),
    ):
        if word in text:
            return code
    return None


def cause(value: Value) -> str | None:
    """One cause of risk, in the words of the national list or of annex 1."""
    text = squeezed(value)
    rules = (
        ("illness", r"^(因|疾)?病"),
        ("schooling", r"因学|就学|上学"),
        ("unsafe_housing", r"住房|危房"),
        ("unsafe_water", r"饮水|缺水|因水"),
        ("disability", r"残"),
        ("disaster", r"灾"),
        ("accident", r"意外|事故|车祸"),
        ("project_failed", r"产业|项目|经营失败"),
        ("job_unstable", r"务工|就业|失业"),
        ("no_labour", r"劳"),
        ("other", r"其他|其它"),
    )
    return next((code for code, pattern in rules if re.search(pattern, text)), None)


def disability_level(value: Value) -> int | None:
    """1 to 4, from 一级, 1, Ⅰ级 or 肢体二级; None for anything else."""
    text = squeezed(value)
    if text in ("无", "否", "非残疾"):
        return None
    found = re.search(r"([一二三四1-4]|IV|III|II|I)级?$", text)
    if not found:
        return None
    roman = {"I": 1, "II": 2, "III": 3, "IV": 4}
    return roman.get(found[1]) or chinese_number(found[1])


def house_grade(value: Value) -> str | None:
    """A, B, C or D of the safety appraisal."""
    found = re.fullmatch(r"([ABCD])级?(危房)?(\(.*\))?", squeezed(value).upper())
    return found[1] if found else None


def months(value: Value) -> int | None:
    """Months 0 to 12, from 8, 8个月 or 8月; a year is 12."""
    text = squeezed(value)
    found = re.fullmatch(r"(?:约)?([0-9]{1,2}|[一二三四五六七八九十]{1,2})(\.0)?(个?月)?", text)
    if text in ("全年", "一年", "1年"):
        return 12
    number = chinese_number(found[1]) if found and "约" not in text else None
    return number if number is not None and number <= 12 else None


def numbered(value: Value) -> tuple[int | None, str]:
    """A label such as ⑤饮水安全, （5）饮水安全, 5.饮水安全, 饮水 or 5 → its number and its words."""
    raw = "" if value is None else "".join(str(value).split())
    if isinstance(value, (int, float)):
        return int(value), ""
    if raw[:1] and raw[0] in _CIRCLED:
        return _CIRCLED.index(raw[0]) + 1, squeezed(raw[1:]).lstrip(".、")
    text = squeezed(raw)
    found = re.fullmatch(r"[(\[]?([0-9]{1,2}|[一二三四五六七八九十])(?:[)\].、:]|(?=[^0-9.]))?(.*)", text)
    if found and (found[1].isdigit() or re.match(r"[(\[]?[一二三四五六七八九十][)\].、]", text)):
        return chinese_number(found[1]), found[2].strip(")].、")
    return None, text


_WORK = (
    ("outside", r"省外|境外|国外|跨省|外省|市外$"),
    ("county", r"^(本|村|镇|乡|街道)|[镇乡村区县]内$|县内|区内|本[区县镇乡村市]$|家门口|就近"),
    ("province", r"省内|市内区外|区外市内|县外市内|市内县外|主城"),
)


def work_place(value: Value, province: str = "", county: str = "") -> str | None:
    """``county``, ``province`` or ``outside``; ``province`` and ``county`` are the names of the household's own."""
    text = squeezed(value)
    if text in ("无", "否", "未务工", "在家", "未外出", "未就业"):
        return "none"
    if re.search(r"县外省内|区县外市内|区外市内|省内县外|市内区外|市内县外", text):
        return "province"
    if county and county in text:
        return "county"
    if province and province[:2] in text:
        return "province"
    for code, pattern in _WORK:
        if re.search(pattern, text):
            return code
    return "outside" if any(text.startswith(name) for name in PROVINCES) else None


PROVINCES = (
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
    "台湾",
    "香港",
    "澳门",
)

_ETHNIC = [
    "汉",
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
]
_ETHNIC_CODES = {name: f"{number:02}" for number, name in enumerate(_ETHNIC, 1)}


def ethnic_group(value: Value) -> str | None:
    """The GB/T 3304 number, ``01`` for 汉族."""
    return _ETHNIC_CODES.get(squeezed(value).removesuffix("族"))


def ethnic_name(code: str) -> str:
    """``汉族`` for ``01``; '' for a number that is none."""
    return next((f"{name}族" for name, number in _ETHNIC_CODES.items() if number == code), "")


def phone(value: Value) -> str | None:
    """One or more phone numbers joined by ``/``; None where the cell is not a phone. Empty gives ''."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(int(value))
    text = re.sub(r"[-‐‑–—()'\"‘’“”`]", "", squeezed(value)).removeprefix("+86")
    if not text or is_dash(text):
        return ""
    parts = re.split(r"[/、,;，；]", text)
    good = all(re.fullmatch(r"1[0-9]{10}|0[0-9]{9,11}|[2-9][0-9]{6,7}", part) for part in parts)
    return "/".join(parts) if good else None
