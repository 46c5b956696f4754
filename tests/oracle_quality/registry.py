"""Where the rules are kept: each a function of a household (or of the world, for rows of nobody's)."""

from __future__ import annotations

from collections.abc import Callable

from tests.oracle.logic import Truth

from .world import Household, Row, World, any_of

HOUSEHOLD_RULES: dict[str, Callable[[Household], Truth]] = {}
ROW_RULES: dict[str, tuple[str, Callable[[World, Row], Truth]]] = {}


def rule(name: str) -> Callable[[Callable[[Household], Truth]], Callable[[Household], Truth]]:
    def keep(ask: Callable[[Household], Truth]) -> Callable[[Household], Truth]:
        assert name not in HOUSEHOLD_RULES
        HOUSEHOLD_RULES[name] = ask
        return ask

    return keep


def of_members(name: str) -> Callable[[Callable[[Household, Row], Truth]], Callable[[Household, Row], Truth]]:
    """A rule about each member who is present."""

    def keep(ask: Callable[[Household, Row], Truth]) -> Callable[[Household, Row], Truth]:
        HOUSEHOLD_RULES[name] = lambda h: h.any_member(lambda m: ask(h, m))
        return ask

    return keep


def of_rows(
    name: str, table: str
) -> Callable[[Callable[[Household, Row], Truth]], Callable[[Household, Row], Truth]]:
    """A rule about each row of a table."""

    def keep(ask: Callable[[Household, Row], Truth]) -> Callable[[Household, Row], Truth]:
        HOUSEHOLD_RULES[name] = lambda h: any_of(h.rows(table), lambda r: ask(h, r))
        return ask

    return keep


def of_nobodys(
    name: str, table: str
) -> Callable[[Callable[[World, Row], Truth]], Callable[[World, Row], Truth]]:
    """A rule about each row of a table whose rows are no household's of ours."""

    def keep(ask: Callable[[World, Row], Truth]) -> Callable[[World, Row], Truth]:
        ROW_RULES[name] = (table, ask)
        return ask

    return keep
