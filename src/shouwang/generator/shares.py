"""Which kinds of trouble there are, and how much of each is planted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shouwang.errors import InputError
from shouwang.generator.flaws import FLAWS
from shouwang.generator.sheets import SHEETS
from shouwang.generator.spoiling import SPOILS
from shouwang.generator.troubles import TROUBLES
from shouwang.language import _

Shares = dict[str, float]


@dataclass(frozen=True)
class Planted:
    """A kind of trouble as the documents list it: ``group`` is what its share is a share of."""

    name: str
    zh: str
    group: str
    share: float
    sort: str  # household, data, neighbours or sheet


def kinds() -> Iterator[Planted]:
    """Every kind, in the order of the documents."""
    for sort, listed in (("household", TROUBLES), ("data", FLAWS), ("neighbours", SPOILS), ("sheet", SHEETS)):
        for kind in listed:
            yield Planted(kind.name, kind.zh, kind.group, kind.share, sort)


def defaults() -> Shares:
    """The share of every kind where nothing else is said."""
    return {kind.name: kind.share for kind in kinds()}


def resolve(changes: Iterable[str] = (), *, clean: bool = False) -> Shares:
    """The shares that ``KIND=SHARE`` words ask for; ``clean`` begins with none.

    Raises :class:`InputError` for a kind that there is not, and for a share outside 0 to 1.
    """
    shares = dict.fromkeys(defaults(), 0.0) if clean else defaults()
    for change in changes:
        name, sign, number = change.partition("=")
        if not sign or name not in shares:
            raise InputError(
                _("没有“{name}”这种问题").format(name=name if sign else change),
                where="--trouble",
                remedy=_("请写成 种类=比例，例如 identity.check_digit=0.01；种类见 docs/generator.md"),
            )
        shares[name] = _share(number)
    return shares


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InputError(
            _("比例“{text}”不是 0 到 1 之间的数").format(text=text),
            where="--trouble",
            remedy=_("例如 0.01 表示百分之一"),
        )
    return share
