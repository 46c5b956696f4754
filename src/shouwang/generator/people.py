"""Invented people: names, identity numbers, telephone numbers.

Nobody here exists. Identity numbers begin with 500199, a prefix that was never given out, and carry a right
GB 11643 check character; telephone numbers are 1990000xxxx, and once those 10,000 are used up, of the range 154, which
no operator has.
"""

from __future__ import annotations

PREFIX = "500199"
PHONE_PREFIX, PHONE_RANGE = "1990000", "154"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"

SURNAMES = (
    *"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢",
    *"姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤",
    *"冉庹晏粟佘苟蹇啜",
    *("欧阳", "上官", "司徒"),
)
MALE = tuple(
    "国建明德文志忠义成林平华军强勇刚伟海涛波超鹏飞杰辉祥贵富安福兴朝世光元礼学良友全云春生荣才勋坤炳仁"
    "泽宇浩然轩俊哲航䶮𬭎堃"
)
FEMALE = tuple(
    "秀英兰芳玉珍素碧桂菊莲梅琼芬蓉群会容先清红霞燕敏丽娟娥琴淑惠翠凤婷艳雪琳静洁慧萍玲佳怡欣梓涵诗雨萱㛃玥婧"
)
DOTTED_FIRST = (
    "阿依古丽",
    "买买提",
    "古丽娜尔",
    "阿卜杜拉",
    "吉克",
    "沙马",
    "阿尔曼",
    "帕提曼",
    "热依汗",
    "木呷",
)
DOTTED_LAST = (
    "艾合买提",
    "吐尔逊",
    "阿布力孜",
    "依布拉音",
    "曲布",
    "拉且",
    "尔古",
    "玉素甫",
    "卡迪尔",
    "阿西木",
)


def check_character(first_17: str) -> str:
    """The eighteenth character of an identity number whose first 17 digits are given (GB 11643)."""
    return _CHECKS[sum(int(d) * w for d, w in zip(first_17, _WEIGHTS, strict=True)) % 11]


def check_character_sql(number: str) -> str:
    """SQL for the check character of ``500199`` followed by the 11 digits of the integer column
    ``number``.
    """
    fixed = sum(int(d) * w for d, w in zip(PREFIX, _WEIGHTS, strict=False))
    terms = " + ".join(
        f"{weight} * (({number} // {10 ** (10 - place)}) % 10)" for place, weight in enumerate(_WEIGHTS[6:])
    )
    return f"substr('{_CHECKS}', (({fixed} + {terms}) % 11)::INTEGER + 1, 1)"
