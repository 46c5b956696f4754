"""What a what-if watches: every rule, the ways of visiting, the focus categories, and income against the range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shouwang.errors import InputError
from shouwang.language import _, current
from shouwang.policy.duckdb_outputs import text
from shouwang.policy.mistakes import nearest
from shouwang.policy.pack import Pack
from shouwang.policy.plan import Plan
from shouwang.tables.dictionary import CODES, labels

FIRST = ("at_or_below", "identify.left_out", "identify.outside")  # what offices ask first, in this order
GROUPS = ("question", "visit", "focus", "rule")


@dataclass(frozen=True)
class Target:
    """One yes-or-no question about every household: a value of the plan (``value``), or one code of it.

    ``group`` is ``question``, ``visit``, ``focus`` or ``rule``.
    """

    id: str
    label: str
    group: str
    value: str
    code: str = ""
    level: str = ""
    clause: str = ""

    def sql(self, plan: Plan) -> str:
        """The answer as SQL over the value's column; no where the plan does not have the value."""
        if plan.step(self.value) is None:
            return "CAST(false AS BOOLEAN)"
        return f'("{self.value}" = {text(self.code)})' if self.code else f'"{self.value}"'


def targets(packs: Sequence[Pack], only: Sequence[str] = ()) -> list[Target]:
    """Every target that one of the packs has, what offices ask first on top; or those named in ``only``.

    InputError for a name that is none.
    """
    found: dict[str, Target] = {}
    for pack in reversed(packs):  # the later pack's words win
        for target in _of(pack):
            found.setdefault(target.id, target)
    listed = sorted(found.values(), key=_order)
    if not only:
        return listed
    known = {*found, *(target.value for target in listed)}
    for name in only:
        if name not in known:
            raise InputError(
                _("没有叫 {name} 的规则、重点类别或指标").format(name=name),
                where="--finding",
                remedy=nearest(name, known),
            )
    return [target for target in listed if target.id in only or target.value in only]


def _order(target: Target) -> tuple[int, int]:
    first = FIRST.index(target.id) if target.id in FIRST else len(FIRST)
    return first, GROUPS.index(target.group)


def _of(pack: Pack) -> Iterable[Target]:
    language = current()
    if "at_or_below" in pack.indicators:
        indicator = pack.indicators["at_or_below"]
        yield Target(
            "at_or_below",
            pack.label("at_or_below", language),
            "question",
            "at_or_below",
            clause=indicator.clause,
        )
    for rule in pack.rules.values():
        if rule.when is not None:
            yield Target(
                rule.name,
                pack.label(rule.name, language),
                "rule",
                rule.alias,
                level=rule.level,
                clause=rule.clause,
            )
    if "required_mode" in pack.indicators:
        clause = pack.indicators["required_mode"].clause
        for code in CODES["required_mode"]:
            label = _("走访方式：{mode}").format(mode=labels("required_mode", language)[code.code])
            yield Target(
                f"required_mode={code.code}", label, "visit", "required_mode", code.code, clause=clause
            )
    for name, focus in pack.focus.items():
        yield Target(
            f"focus.{name}",
            _("重点：{name}").format(name=pack.label(name, language)),
            "focus",
            f"focus_{name}",
            clause=focus.clause,
        )
