"""Words for a relation to the head: the relation and the sex that they name, after the intake's own list of words."""

from __future__ import annotations

from shouwang.tables.intake.codes import RELATIONS

_EITHER_RELATION = frozenset(("媳妇",))  # a wife here, a daughter-in-law there
_PREFIXES = ("户主的", "户主之")  # as the intake takes them off
_MALE = """
    丈夫 夫 之夫 户主之夫 老公 户主丈夫 子 儿子 之子 独生子 养子 继子 长子 大儿子 小儿子 次子 三子 四子 五子 六子 二子 二儿子 幼子 之长子 之次子 之儿 儿
    婚生子 非婚生子 户主之子 父 父亲 之父 爸爸 养父 继父 生父 孙子 之孙子 外孙子 之外孙子 曾孙子 重孙子 祖父 爷爷 外祖父 外公 姥爷 之祖父 之外祖父
    曾祖父 之爷爷 兄 弟 哥哥 弟弟 之兄 之弟 兄弟 胞兄 胞弟 大哥 二哥 之哥 长兄 户主之兄 户主之弟 女婿 之女婿 公公 岳父 之岳父 之公公 侄子 侄儿
    之侄子 之侄儿 伯父 叔父 叔叔 姑父 舅舅 舅父 姐夫 妹夫 孙女婿 之孙女婿 外孙女婿 之叔 之伯 堂兄 堂弟 表兄 表弟 连襟
"""
_FEMALE = """
    妻 妻子 之妻 老婆 媳妇 媳妇(妻) 户主妻子 户主之妻 女 女儿 之女 独生女 养女 继女 长女 大女儿 小女儿 次女 三女 四女 五女 六女 二女 二女儿 幼女
    之长女 之次女 婚生女 非婚生女 户主之女 母 母亲 之母 妈妈 养母 继母 生母 孙女 之孙女 外孙女 之外孙女 长孙女 次孙女 曾孙女 重孙女 祖母 奶奶
    外祖母 外婆 姥姥 之祖母 之外祖母 曾祖母 之奶奶 姐 妹 姐姐 妹妹 之姐 之妹 姐妹 胞姐 胞妹 大姐 二姐 儿媳 之儿媳 儿媳妇 长媳 次媳 婆婆 岳母
    之岳母 之婆婆 侄女 之侄女 外甥女 之外甥女 伯母 叔母 婶婶 姑姑 姨母 舅母 嫂子 嫂 弟媳 之嫂 之弟媳 孙媳 之孙媳 孙媳妇 外孙媳 外孙媳妇
"""
SEXES = {word: sex for sex, words in (("male", _MALE), ("female", _FEMALE)) for word in words.split()}


NAMED: dict[str, tuple[str | None, str | None]] = {
    word: (None if word in _EITHER_RELATION else code, SEXES.get(word)) for word, code in RELATIONS.items()
}
"""Word → the relation and the sex it names; None for what it leaves open. A word that is not here says nothing."""
WORDS = {f"{prefix}{word}": meaning for prefix in _PREFIXES for word, meaning in NAMED.items()} | NAMED
"""The same with what may stand before a word."""


def plain(word: str) -> str:
    """The word without blanks, as it is looked up."""
    return word.replace(" ", "").replace("\u3000", "")


def plain_sql(text: str) -> str:
    """:func:`plain` in SQL."""
    return f"replace(replace({text}, ' ', ''), chr(12288), '')"


def words_sql() -> str:
    """The words as a relation with ``word``, ``relation`` and ``sex``."""
    rows = ", ".join(f"({_text(word)}, {_text(code)}, {_text(sex)})" for word, (code, sex) in WORDS.items())
    return f"(VALUES {rows}) AS w(word, relation, sex)"


def _text(value: str | None) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"
