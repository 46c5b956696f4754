"""Makes dates and evidence fit once the trouble of a household is planted, so that nothing else looks wrong."""

from __future__ import annotations

import random
from datetime import date, timedelta

from shouwang.generator import visiting
from shouwang.generator.home import Home, Row
from shouwang.policy.columns.contact import due_quarter

_GRACE = 30  # days after a quarter by which its incomes are in (quarter_grace)
_BENEFIT = timedelta(days=60)  # by which what a measure brings has come (benefit_days)
_SUPPORT = ("transfer.dibao", "transfer.tekun")
_INCOME = ("wage.", "property.", "transfer.", "production.")


def settle(home: Home, chance: random.Random) -> None:
    """Alerts behind the risks, money on the days on which it must have come, visits before the campaign."""
    if home.case is not None:
        _evidence(home)
    if home.items:
        _dates(home, chance)
    visiting.earlier(home, chance)


def _evidence(home: Home) -> None:
    """A disaster in the case was told by an alert some days before its discovery, and was helped with."""
    assert home.case is not None
    if "disaster" in home.risks and home.case["discovered_on"] is not None:
        ago = (home.on - home.case["discovered_on"]).days + 2
        home.alert("emergency", "disaster", ago, disposition="helped", note="洪涝")


def _dates(home: Home, chance: random.Random) -> None:
    taken = [row for row in home.items if row["kind"] in _SUPPORT]  # paid every two months
    resolved: date | None = home.cells.get("resolved_on")
    if home.status == "resolved" and resolved is not None and resolved + 2 * _BENEFIT <= home.on:
        first = max(resolved + _BENEFIT, home.back(300))
        for prefixes in _brought(home):
            _move(
                home, prefixes, first + timedelta(days=chance.randint(0, (home.on - first).days - 4)), taken
            )
    if home.lifted or home.status != "none":
        first = due_quarter(home.on, _GRACE)[0]
        if not any(due(row, home) for row in home.items):
            _move(home, _INCOME, first + timedelta(days=chance.randint(0, 85)), taken)


def due(row: Row, home: Home) -> bool:
    """Whether an item is an income of the last quarter that ought to be in by now."""
    first, last, _name = due_quarter(home.on, _GRACE)
    return bool(row["kind"].startswith(_INCOME) and first <= row["received_on"] <= last)


def _brought(home: Home) -> list[tuple[str, ...]]:
    """The kinds of income that the measures done must still bring after a removal."""
    done = {row["kind"] for row in home.measures if row["done_on"]}
    found: list[tuple[str, ...]] = []
    if done & {"employment", "public_post"}:
        found.append(("wage.",))
    if "industry" in done:
        found.append(("production.",))
    return found


def _move(home: Home, prefixes: tuple[str, ...], day: date, taken: list[Row]) -> None:
    """Dates an item of these kinds; one that is needed on two days came in two parts."""
    fitting = [
        row
        for row in home.items
        if row["kind"].startswith(prefixes) and row["realised"] and row["amount"] > 0
    ]
    free = [row for row in fitting if not any(row is other for other in taken)]
    if free:
        row = max(free, key=lambda one: float(one["amount"]))
    elif fitting:
        whole = fitting[0]
        row = dict(whole)
        row["amount"] = round(float(whole["amount"]) * 0.4, 2)
        whole["amount"] = round(float(whole["amount"]) - row["amount"], 2)
        home.items.append(row)
    else:
        return
    row["received_on"] = day
    taken.append(row)
