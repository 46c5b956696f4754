"""Villages: their names and 12-digit codes, as the files themselves tie them together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from shouwang.errors import InputError
from shouwang.language import _
from shouwang.tables.intake.layout import Table
from shouwang.tables.intake.wording import is_dash, squeezed
from shouwang.tables.places import division_name

_ENDS = r"(?:村|社区|居委会|嘎查)"
_NAMED = re.compile(
    rf"(?:(?:[^省]{{2,8}}省)?(?:[^市]{{2,8}}市)?[^区县旗]{{1,8}}[区县旗])?(?:[^镇乡]{{1,8}}(?:镇|乡|街道))?([^镇乡县区0-9]{{1,8}}?{_ENDS})"
)
_CODE = re.compile(r"[1-9][0-9]{11}")


def village_name(text: str) -> str:
    """``铜梁区西河镇双柏村村民委员会`` → ``双柏村``; text that names no village gives ''."""
    text = re.sub(r"(村民|居民)?委员会$|村委会$", "", squeezed(text))
    if not text or is_dash(text):
        return ""
    found = _NAMED.match(text)
    if found:
        return found[1]
    return text if len(text) <= 6 and not any(c.isdigit() for c in text) else ""


def village_in(title: str) -> str:
    """The village that a title or a sheet name speaks of: 铜梁区西河镇双柏村农户花名册 → 双柏村."""
    for part in re.split(r"[\s:：()（）\-—_]+", title):
        found = _NAMED.match(squeezed(part))
        if found and len(found[1]) > 2 and not re.search(r"(分|各|全|行政|本|农|由|该|每|所在)村$", found[1]):
            return found[1]
    return ""


def code_in(number: str) -> str:
    """The village code that a household number begins with, '' where it is too short to."""
    return number[:12] if len(number) >= 14 and number.isdigit() and number[0] != "0" else ""


def check_area(area: str, seen: set[str]) -> str:
    """Checks ``--area`` (6, 9 or 12 digits); returns a note, or ''. ``seen`` are village codes in the files.

    Raises :class:`InputError` for a code that neither the table of divisions nor the files know.
    """
    if not re.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}", area):
        raise InputError(
            _("地区编码“{area}”不对：应是区县 6 位、乡镇 9 位或村 12 位数字。").format(area=area),
            where="--area",
            remedy=_("例如 --area 500151122。"),
        )
    in_files = any(code.startswith(area) for code in seen)
    if not division_name(area[:6]):
        raise InputError(
            _("没有编码为 {area} 的区县。").format(area=area[:6]),
            where="--area",
            remedy=_("请核对 GB/T 2260 区县编码。"),
        )
    if len(area) == 6 or division_name(area[:9]):
        return ""
    if in_files:
        return _("区划表中没有 {area}，但文件里的户编号以它开头，按文件采用。").format(area=area[:9])
    raise InputError(
        _("没有编码为 {area} 的乡镇。").format(area=area[:9]),
        where="--area",
        remedy=_("请核对乡镇编码（9 位）。"),
    )


@dataclass
class Villages:
    """Names and codes; a name may belong to several villages of different towns."""

    codes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    towns: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def tie(self, code: str, name: str, town: str = "") -> None:
        """A row said that this code and this name are one village."""
        if _CODE.fullmatch(code) and name:
            self.codes[name].add(code)
            self.names[code][name] += 1
            if town:
                self.towns[code][town] += 1

    def name(self, code: str) -> str:
        """What most rows call the village."""
        return self.names[code].most_common(1)[0][0] if self.names.get(code) else ""

    def town(self, code: str) -> str:
        """The town's name, from the files, else from the table of divisions."""
        said = self.towns.get(code)
        return said.most_common(1)[0][0] if said else division_name(code[:9])

    def code(self, name: str, town: str = "") -> str:
        """The code of a village by name; '' where none or more than one is known."""
        codes = self.codes.get(name) or self.codes.get(name + "村") or self.codes.get(name + "社区") or set()
        if len(codes) > 1 and town:
            codes = {code for code in codes if self.town(code) == town}
        return next(iter(codes)) if len(codes) == 1 else ""

    def proper(self, name: str) -> str:
        """The name as the registry has it: 双柏 is 双柏村 where that is known."""
        for form in (name, name + "村", name + "社区"):
            if form in self.codes:
                return form
        return name

    def within(self, text: str) -> str:
        """The one known village that an address names; '' where none or several are named."""
        text = squeezed(text)
        found = {name for name in self.codes if name in text}
        found = {name for name in found if not any(name != other and name in other for other in found)}
        return found.pop() if len(found) == 1 else village_in(text)


def village_of(table: Table, row: int, villages: Villages | None = None) -> str:
    """The village of a row: its column, its address, the section above it, the title, the sheet's name."""
    if "village" in table.columns:
        named = village_name(table.text(row, "village"))
        if named:
            return villages.proper(named) if villages else named
    if villages and table.text(row, "address"):
        named = villages.within(table.text(row, "address"))
        if named:
            return named
    if "village" in table.columns and any(table.text(other, "village") for other in table.rows):
        return ""  # a column that is filled elsewhere: this row's village is not known
    unit = re.search(r"(?:填报单位|单位|村名|所在村)[:：]\s*(\S+)", table.title)
    for text in (
        table.sections.get(row, ""),
        table.sheet.name,
        unit[1] if unit else "",
        table.title,
        table.file_stem,
    ):
        named = village_in(text)
        if villages and not named and villages.proper(text) != text:
            named = text
        if named:
            return villages.proper(named) if villages else named
    return ""
