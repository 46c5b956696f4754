"""Builds the summary page's content from what a screening wrote and the tables it read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb

from shouwang.documents.summary_page import Count, FindingCount, IncomeBin, Summary, Village
from shouwang.language import _, current
from shouwang.policy.pack import Pack
from shouwang.policy.wording import clause_in_words
from shouwang.tables.dictionary import TABLES, labels
from shouwang.tables.exchange import Source, open_folder

_BAND_ENDS = (10000, 12000, 16000, 20000, 30000)  # yuan: the bands of XH annex 1 above the range
_SHOWN_MISSING = 10


def summary_from_run(
    data: Path,
    results: Path,
    pack: Pack,
    on: date,
    *,
    settings: dict[str, Any] | None = None,
    made_up: bool = False,
) -> Summary:
    """The summary of the screening in ``results`` (indicators, findings, unknown) of the tables in ``data``.

    ``settings`` are the parameters that were set by hand, by name, as values of the pack's own types. Raises
    :class:`shouwang.errors.InputError` where the tables cannot be read.
    """
    connection = duckdb.connect()
    try:
        sources = open_folder(data, connection, check="basic")
        _open_results(connection, results)
        _join(connection, sources)
        return _Reading(connection, sources, pack, on, settings or {}).summary(made_up)
    finally:
        connection.close()


def _open_results(connection: duckdb.DuckDBPyConnection, results: Path) -> None:
    for name in ("indicators", "findings", "unknown"):
        path = (results / f"{name}.csv").as_posix().replace("'", "''")
        connection.execute(
            f"CREATE TEMP VIEW {name} AS FROM read_csv('{path}', header = true, all_varchar = true)"
        )


def _join(connection: duckdb.DuckDBPyConnection, sources: dict[str, Source]) -> None:
    """One row per household with what the page counts; a column that the tables lack is not known."""
    known = sources["households"].columns
    wanted = ("area_code", "household_type", "monitoring_status")
    cells = ", ".join(f"h.{name}" if name in known else f"NULL AS {name}" for name in wanted)
    connection.execute(f"""
        CREATE TEMP TABLE screened AS
        SELECT i.household_id, {cells}, TRY_CAST(i.net_income_per_capita AS DECIMAL(18,2)) AS net,
               i.income_band AS band, i.required_mode AS mode
        FROM indicators i LEFT JOIN {sources["households"].relation} h USING (household_id)""")


class _Reading:
    """Asks the engine for each part of the page."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        sources: dict[str, Source],
        pack: Pack,
        on: date,
        settings: dict[str, Any],
    ) -> None:
        self.sql, self.sources, self.pack, self.on, self.settings = connection, sources, pack, on, settings

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.sql.execute(query).fetchall()

    def summary(self, made_up: bool) -> Summary:
        """All parts together."""
        limit, clause = self._range()
        totals = self.rows(
            f"SELECT count(*), {_BELOW}, count(*) FILTER (net IS NULL), {_IN_PERSON} FROM screened"
        )[0]
        return Summary(
            title=self._in_language(self.pack.title, self.pack.title_en),
            place=self._place(),
            pack=self.pack.id,
            day=self.on,
            households=totals[0],
            people=self._people(),
            at_or_below=totals[1],
            unknown_income=totals[2],
            in_person=totals[3],
            monitoring_range=limit,
            range_clause=clause,
            kinds=self._kinds(),
            villages=self._villages(),
            findings=self._findings(),
            income=self._income(limit),
            missing=self._missing(),
            causes=self._causes(),
            made_up=made_up,
        )

    def _in_language(self, chinese: str, english: str) -> str:
        return english if current() == "en" and english else chinese

    def _range(self) -> tuple[Decimal | None, str]:
        """The range that holds in the place of the first village, and the clause it comes from."""
        if "monitoring_range" in self.settings:
            return Decimal(str(self.settings["monitoring_range"])), _("本次运行设定")
        area = self.rows("SELECT min(area_code) FROM screened")[0][0] or self.pack.area
        parameter = self.pack.parameters.get("monitoring_range")
        held = parameter.at(self.on, area) if parameter else None
        if held is None or held.value is None:
            return None, ""
        return Decimal(held.value), clause_in_words(self.pack, held.clause, current())

    def _people(self) -> int:
        members = self.sources.get("members")
        return members.rows if members else 0

    def _place(self) -> str:
        names = self._names()
        places = {(county, town) for county, town, _village in names.values() if county or town}
        if len(places) == 1:
            return "".join(part or "" for part in places.pop())
        return (
            self._in_language(self.pack.title, self.pack.title_en)
            if not places
            else "、".join(sorted({county or "" for county, _town in places}))
        )

    def _names(self) -> dict[str, tuple[str | None, str | None, str | None]]:
        """Village code to county, town and village name, as far as the tables have them."""
        source = self.sources.get("villages")
        if source is None:
            return {}
        cells = ", ".join(
            f"any_value({n})" if n in source.columns else "NULL" for n in ("county", "town", "village")
        )
        found = self.rows(
            f"SELECT area_code, {cells} FROM {source.relation} WHERE length(area_code) = 12"
            " GROUP BY area_code"
        )
        return {row[0]: (row[1], row[2], row[3]) for row in found}

    def _kinds(self) -> list[Count]:
        types, status = labels("household_type", current()), labels("monitoring_status", current())
        found = self.rows(
            "SELECT household_type, monitoring_status, count(*) FROM screened GROUP BY ALL"
            " ORDER BY 3 DESC, 1, 2"
        )
        return [
            Count(_kind(types.get(a or ""), status.get(b or "") if b != "none" else ""), n)
            for a, b, n in found
        ]

    def _villages(self) -> list[Village]:
        names, official = self._names(), labels("household_problem", current())
        problems: dict[str | None, dict[str, int]] = {}
        for code, problem, count in self.rows(
            "SELECT area_code, problem, count(*) FROM findings"
            " WHERE level = 'household' AND problem IS NOT NULL GROUP BY ALL"
        ):
            problems.setdefault(code, {})[official.get(problem, problem)] = count
        return [
            Village(
                names.get(code, (None, None, None))[2] or code or _("未知"),
                every,
                low,
                unknown,
                seen,
                problems.get(code, {}),
            )
            for code, every, low, unknown, seen in self.rows(
                f"SELECT area_code, count(*), {_BELOW}, count(*) FILTER (net IS NULL), {_IN_PERSON}"
                " FROM screened GROUP BY area_code ORDER BY area_code"
            )
        ]

    def _findings(self) -> list[FindingCount]:
        fired = dict(self.rows("SELECT finding, count(*) FROM findings GROUP BY finding"))
        unknown = dict(self.rows("SELECT finding, count(*) FROM unknown GROUP BY finding"))
        return [
            FindingCount(
                name,
                self._in_language(rule.label, rule.label_en),
                fired.get(name, 0),
                unknown.get(name, 0),
                clause_in_words(self.pack, rule.clause, current()),
            )
            for name, rule in self.pack.rules.items()
        ]

    def _income(self, limit: Decimal | None) -> list[IncomeBin]:
        """Households by the bands of the form; the first ends at the range, where there is one."""
        lows = [
            Decimal(0),
            *([limit] if limit else []),
            *(Decimal(end) for end in _BAND_ENDS if not limit or end > limit),
        ]
        # What is below nothing (a loss) stands in the first band.
        edges = [Decimal("-1e15"), *lows[1:], Decimal("1e15")]
        counts = self.rows(
            "SELECT "
            + ", ".join(
                f"count(*) FILTER (net > {low:f} AND net <= {high:f})" for low, high in pairwise(edges)
            )
            + " FROM screened"
        )[0]
        return [
            IncomeBin(low, high, count)
            for low, high, count in zip(lows, [*lows[1:], None], counts, strict=True)
        ]

    def _missing(self) -> list[Count]:
        found = self.rows(f"""
            SELECT fact, count(DISTINCT household_id) FROM (
                SELECT household_id, unnest(string_split(missing, ';')) AS fact FROM unknown
                WHERE missing IS NOT NULL
            ) GROUP BY fact ORDER BY 2 DESC, 1 LIMIT {_SHOWN_MISSING}""")
        return [Count(_fact(name), count) for name, count in found]

    def _causes(self) -> list[Count]:
        """Risks of the files of monitored households, by the official list."""
        source = self.sources.get("cases")
        if source is None or "risks" not in source.columns:
            return []
        names = labels("cause", current())
        counted: Counter[str] = Counter()
        for risks, count in self.rows(
            f"SELECT risks, count(*) FROM {source.relation} WHERE risks IS NOT NULL GROUP BY risks"
        ):
            counted.update(dict.fromkeys(_split(risks), count))
        return [Count(names.get(code, code), count) for code, count in counted.most_common()]


_BELOW = "count(*) FILTER (band = 'at_or_below_range')"
_IN_PERSON = "count(*) FILTER (mode = 'in_person')"


def _split(text: str) -> Iterable[str]:
    return [part for part in text.split(";") if part]


def _kind(*parts: str | None) -> str:
    return "、".join(part for part in parts if part) or _("未知")


def _fact(name: str) -> str:
    """``members.labour_capacity`` or ``labour_capacity`` in the words of the dictionary."""
    table, dot, column = name.rpartition(".")
    tables = [TABLES[table]] if dot and table in TABLES else list(TABLES.values())
    for one in tables:
        if column in one.by_name:
            found = one.column(column)
            return found.en if current() == "en" else found.zh
    if not dot and name in TABLES:
        return TABLES[name].en if current() == "en" else TABLES[name].zh
    return name
