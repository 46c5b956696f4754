"""What is known of a visit from other visits: layouts over all visits, linear but for pairs of one visitor in one village.

A finding about a visitor stands on the newest of that visitor's visits, so that there is one and not hundreds. What
cannot be compared (too few visits, no spread) is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping

from shouwang.policy.columns.base import Builder, Layout, Sql, Surroundings


def _distance(one: str, other: str) -> str:
    from shouwang.policy.columns.paradata import metres_sql

    return metres_sql(f"{one}.lng", f"{one}.lat", f"{other}.lng", f"{other}.lat")


def _nothing(columns: str) -> str:
    return f"SELECT CAST(NULL AS VARCHAR) AS visit_id, {columns} WHERE false"


def _visits(around: Surroundings, *columns: str) -> str:
    """The visits with their village (area_code NULL where it is not known), as ``v``."""
    chosen = ", ".join(f"t.{name}" for name in ("visit_id", "household_id", *columns))
    form = around.column("visits", "form")
    if around.has("households", "area_code"):
        return f"SELECT {chosen}, coalesce({form}, '') AS kind, h.area_code FROM {around.relations['visits']} AS t LEFT JOIN {around.relations['households']} AS h ON h.household_id = t.household_id"
    return f"SELECT {chosen}, coalesce({form}, '') AS kind, CAST(NULL AS VARCHAR) AS area_code FROM {around.relations['visits']} AS t"


def _paces(around: Surroundings) -> str:
    """Deviations below the median of log duration, of the visitor and of all, for the form; 1.4826 scales the median deviation."""
    least = around.parameter("fast_n")
    if not around.has("visits", "visitor", "started_at", "ended_at") or least is None:
        return _nothing("NULL AS own, NULL AS everybody")
    return f"""
        WITH timed AS (SELECT visit_id, visitor, coalesce({around.column("visits", "form")}, '') AS kind, ln(epoch(t.ended_at) - epoch(t.started_at)) AS pace
            FROM {around.relations["visits"]} AS t WHERE t.visitor IS NOT NULL AND t.ended_at > t.started_at),
        own AS (SELECT visitor, kind, median(pace) AS middle, mad(pace) AS spread, count(*) AS n FROM timed GROUP BY ALL),
        everybody AS (SELECT kind, median(pace) AS middle, mad(pace) AS spread, count(*) AS n FROM timed GROUP BY ALL)
        SELECT v.visit_id,
            CASE WHEN o.n >= {least} AND o.spread > 0 THEN CAST(least((o.middle - v.pace) / (1.4826 * o.spread), 9999) AS DECIMAL(18,4)) END AS own,
            CASE WHEN e.n >= {least} AND e.spread > 0 THEN CAST(least((e.middle - v.pace) / (1.4826 * e.spread), 9999) AS DECIMAL(18,4)) END AS everybody
        FROM timed AS v JOIN own AS o ON o.visitor = v.visitor AND o.kind = v.kind JOIN everybody AS e ON e.kind = v.kind
    """


def _answers(around: Surroundings) -> str:
    """Answers that somebody gave at a visit (not those that were filled in beforehand)."""
    prefilled = "NOT coalesce(prefilled, false)" if around.has("answers", "prefilled") else "true"
    return f"SELECT visit_id, question, trim(answer) AS answer FROM {around.relations['answers']} WHERE answer IS NOT NULL AND {prefilled}"


def _alike(around: Surroundings) -> str:
    """The visit of another household, by the same visitor in the same village, with the greatest share of equal answers."""
    if not (around.has("answers", "visit_id", "question", "answer") and around.has("visits", "visitor")):
        return _nothing("NULL AS share, NULL AS other, 0 AS questions")
    return f"""
        WITH v AS ({_visits(around, "visitor")}), a AS ({_answers(around)}),
        told AS (SELECT v.visit_id, v.household_id, v.visitor, v.kind, coalesce(v.area_code, '') AS area, a.question, a.answer FROM a JOIN v ON v.visit_id = a.visit_id WHERE v.visitor IS NOT NULL),
        pairs AS (SELECT x.visit_id, y.visit_id AS other, count(*) AS questions, count(*) FILTER (x.answer = y.answer) AS equal
            FROM told AS x JOIN told AS y ON y.visitor = x.visitor AND y.area = x.area AND y.kind = x.kind AND y.question = x.question AND y.household_id <> x.household_id
            GROUP BY ALL)
        SELECT visit_id, CAST(equal / questions AS DECIMAL(18,4)) AS share, other, CAST(questions AS INTEGER) AS questions FROM pairs
        QUALIFY row_number() OVER (PARTITION BY visit_id ORDER BY equal / questions DESC, questions DESC, other) = 1
    """


_Z = """
    CASE WHEN s.n >= {least} AND o.n - s.n > 0 AND o.yes > 0 AND o.yes < o.n THEN
        CAST((s.yes / s.n - (o.yes - s.yes) / (o.n - s.n)) / sqrt((o.yes / o.n) * (1 - o.yes / o.n) * (1.0 / s.n + 1.0 / (o.n - s.n))) AS DECIMAL(18,4)) END"""


def _compared(around: Surroundings, units: str, least: object) -> str:
    """Share of ``yes`` among ``n`` per visitor and town against all others of the town; on the visitor's newest visit."""
    return f"""
        WITH v AS ({_visits(around, "visitor", "visited_on")}), told AS ({units}),
        s AS (SELECT v.visitor, left(coalesce(v.area_code, ''), 9) AS town, sum(told.yes) AS yes, sum(told.n) AS n, count(DISTINCT v.visit_id) AS visits
            FROM told JOIN v ON v.visit_id = told.visit_id WHERE v.visitor IS NOT NULL GROUP BY ALL),
        o AS (SELECT town, sum(yes) AS yes, sum(n) AS n FROM s GROUP BY ALL),
        newest AS (SELECT v.visit_id, v.visitor, left(coalesce(v.area_code, ''), 9) AS town FROM v WHERE v.visitor IS NOT NULL
            QUALIFY row_number() OVER (PARTITION BY v.visitor, left(coalesce(v.area_code, ''), 9) ORDER BY v.visited_on DESC NULLS LAST, v.visit_id DESC) = 1)
        SELECT newest.visit_id, CAST(s.yes / s.n AS DECIMAL(18,4)) AS share, CASE WHEN s.visits >= {least} THEN {_Z.format(least=1)} END AS z
        FROM newest JOIN s ON s.visitor = newest.visitor AND s.town = newest.town JOIN o ON o.town = s.town
    """


def _visitor_answers(around: Surroundings) -> str:
    """Visits whose every yes/no answer is no, per visitor, against the other visitors of the town."""
    least = around.parameter("fast_n")
    if (
        not (around.has("answers", "visit_id", "answer") and around.has("visits", "visitor", "visited_on"))
        or least is None
    ):
        return _nothing("NULL AS share, NULL AS z")
    units = (
        "SELECT visit_id, CAST(bool_and(lower(answer) IN ('no', 'false', '否', '无')) AS INTEGER) AS yes, 1 AS n "
        f"FROM ({_answers(around)}) WHERE lower(answer) IN ('yes', 'no', 'true', 'false', '是', '否', '有', '无') GROUP BY visit_id"
    )
    return _compared(around, units, least)


def _visitor_amounts(around: Surroundings) -> str:
    """Amounts (answers that are numbers of 1,000 or more) that are multiples of 1,000, per visitor, against the others of the town."""
    least = around.parameter("fast_n")
    if (
        not (around.has("answers", "visit_id", "answer") and around.has("visits", "visitor", "visited_on"))
        or least is None
    ):
        return _nothing("NULL AS share, NULL AS z")
    units = (
        "SELECT visit_id, CAST(count(*) FILTER (amount % 1000 = 0) AS INTEGER) AS yes, CAST(count(*) AS INTEGER) AS n FROM "
        f"(SELECT visit_id, TRY_CAST(answer AS DECIMAL(18,2)) AS amount FROM ({_answers(around)})) WHERE amount >= 1000 AND amount < 10000000 GROUP BY visit_id"
    )
    return _compared(around, units, least)


def _visitor_bands(around: Surroundings) -> str:
    least = around.parameter("fast_n")
    if not around.has("visits", "visitor", "income_band", "visited_on") or least is None:
        return _nothing("false AS same")
    return f"""
        SELECT visit_id, n >= {least} AND bands = 1 AS same FROM (
            SELECT visit_id, visitor, visited_on, count(income_band) OVER w AS n, count(DISTINCT income_band) OVER w AS bands
            FROM {around.relations["visits"]} WHERE visitor IS NOT NULL WINDOW w AS (PARTITION BY visitor))
        QUALIFY row_number() OVER (PARTITION BY visitor ORDER BY visited_on DESC NULLS LAST, visit_id DESC) = 1
    """


def _one_points(around: Surroundings) -> str:
    """Households visited on one day in one village at one point, this one included, whose own points lie apart from this one's."""
    near, apart = around.parameter("one_point_m"), around.parameter("far_m")
    if (
        not (
            around.has("visits", "lng", "lat", "visited_on")
            and around.has("households", "lng", "lat", "area_code")
        )
        or near is None
        or apart is None
    ):
        return _nothing("0 AS households")
    return f"""
        WITH v AS (SELECT t.visit_id, t.household_id, t.visited_on, h.area_code, t.lng, t.lat, struct_pack(lng := h.lng, lat := h.lat) AS house
            FROM {around.relations["visits"]} AS t JOIN {around.relations["households"]} AS h ON h.household_id = t.household_id
            WHERE t.lng IS NOT NULL AND t.lat IS NOT NULL AND h.lng IS NOT NULL AND h.lat IS NOT NULL AND t.visited_on IS NOT NULL AND {_in_person(around)})
        SELECT x.visit_id, CAST(1 + count(DISTINCT y.household_id) AS INTEGER) AS households
        FROM v AS x JOIN v AS y ON y.visited_on = x.visited_on AND y.area_code = x.area_code AND y.household_id <> x.household_id
        WHERE abs(y.lat - x.lat) < {near / 110_000} AND {_distance("x", "y")} <= {near} AND {_distance("x.house", "y.house")} > {apart} GROUP BY x.visit_id
    """


def _in_person(around: Surroundings) -> str:
    return "coalesce(t.mode = 'in_person', true)" if around.has("visits", "mode") else "true"


def _ways(around: Surroundings) -> str:
    """Speed from the end of the visitor's visit before to the start of this one, both accuracies taken off; overlaps elsewhere."""
    factor = around.parameter("accuracy_k")
    if (
        not around.has("visits", "visitor", "lng", "lat", "started_at", "ended_at", "accuracy_m")
        or factor is None
    ):
        return _nothing("NULL AS speed, NULL AS overlaps")
    return f"""
        WITH v AS (SELECT t.visit_id, t.visitor, t.lng, t.lat, t.accuracy_m, t.started_at, t.ended_at FROM {around.relations["visits"]} AS t
            WHERE t.visitor IS NOT NULL AND t.lng IS NOT NULL AND t.lat IS NOT NULL AND t.accuracy_m IS NOT NULL AND t.started_at IS NOT NULL AND t.ended_at IS NOT NULL AND {_in_person(around)}),
        w AS (SELECT v.*, lag(struct_pack(lng := lng, lat := lat, accuracy_m := accuracy_m, ended_at := ended_at)) OVER (PARTITION BY visitor ORDER BY started_at, visit_id) AS p FROM v),
        d AS (SELECT visit_id, {_distance("w", "w.p")} - {factor} * (accuracy_m + p.accuracy_m) AS away, epoch(started_at) - epoch(p.ended_at) AS seconds FROM w WHERE p IS NOT NULL)
        SELECT visit_id, CASE WHEN seconds > 0 THEN CAST(greatest(away, 0) * 3.6 / seconds AS DECIMAL(18,1)) WHEN away <= 0 THEN 0 END AS speed,
            seconds <= 0 AND away > 0 AS overlaps FROM d
    """


def _days(around: Surroundings) -> str:
    if not around.has("visits", "visitor", "visited_on", "mode"):
        return "SELECT CAST(NULL AS VARCHAR) AS visitor, CAST(NULL AS DATE) AS visited_on, 0 AS n WHERE false"
    return f"SELECT visitor, visited_on, CAST(count(*) AS INTEGER) AS n FROM {around.relations['visits']} AS t WHERE visitor IS NOT NULL AND visited_on IS NOT NULL AND t.mode = 'in_person' GROUP BY ALL"


def _photos(around: Surroundings) -> str:
    if not around.has("photos", "visit_id", "photo_hash", "household_id"):
        return _nothing("0 AS households")
    photos = around.relations["photos"]
    return f"""
        WITH shared AS (SELECT photo_hash, count(DISTINCT household_id) AS n FROM {photos} WHERE photo_hash IS NOT NULL GROUP BY 1 HAVING count(DISTINCT household_id) > 1)
        SELECT p.visit_id, CAST(max(shared.n) AS INTEGER) AS households FROM {photos} AS p JOIN shared ON shared.photo_hash = p.photo_hash GROUP BY 1
    """


def _from(layout: str, alias: str, expression: str, known: str = "") -> Builder:
    join = f'LEFT JOIN "{layout}" AS {alias} ON {alias}.visit_id = t.visit_id'
    text = f"CASE WHEN {known} THEN {expression} END" if known else expression
    return lambda around: Sql(text, (join,))


def _photo_sql(around: Surroundings) -> Sql:
    if "photos" not in around.relations:
        return Sql("CAST(NULL AS INTEGER)")
    return Sql("coalesce(ph.households, 0)", ('LEFT JOIN "shared_photos" AS ph ON ph.visit_id = t.visit_id',))


def _answer_score(layout: str, alias: str, column: str) -> Builder:
    """A score of the visitor, on the newest visit; 0 on the others, so that they are not unknown."""

    def build(around: Surroundings) -> Sql:
        if "answers" not in around.relations:
            return Sql("CAST(NULL AS DECIMAL(18,4))")
        join = f'LEFT JOIN "{layout}" AS {alias} ON {alias}.visit_id = t.visit_id'
        return Sql(f"CASE WHEN {alias}.visit_id IS NULL THEN 0 ELSE {alias}.{column} END", (join,))

    return build


def _alike_sql(column: str) -> Builder:
    def build(around: Surroundings) -> Sql:
        if "answers" not in around.relations:
            return Sql("NULL")
        return Sql(f"al.{column}", ('LEFT JOIN "alike_visits" AS al ON al.visit_id = t.visit_id',))

    return build


SQL: Mapping[tuple[str, str], Builder] = {
    ("visits", "faster_than_own"): _from("visit_paces", "vp", "vp.own"),
    ("visits", "faster_than_all"): _from("visit_paces", "vp", "vp.everybody"),
    ("visits", "alike_share"): _alike_sql("share"),
    ("visits", "alike_with"): _alike_sql("other"),
    ("visits", "alike_questions"): _alike_sql("questions"),
    ("visits", "visitor_no_share"): _answer_score("visitor_answers", "va", "share"),
    ("visits", "visitor_no_z"): _answer_score("visitor_answers", "va", "z"),
    ("visits", "visitor_round_share"): _answer_score("visitor_amounts", "vm", "share"),
    ("visits", "visitor_round_z"): _answer_score("visitor_amounts", "vm", "z"),
    ("visits", "visitor_one_band"): _from(
        "visitor_bands", "vb", "coalesce(vb.same, false)", "t.visitor IS NOT NULL"
    ),
    ("visits", "one_point_households"): _from(
        "one_points",
        "op",
        "coalesce(op.households, 1)",
        "t.lng IS NOT NULL AND t.lat IS NOT NULL AND t.visited_on IS NOT NULL",
    ),
    ("visits", "speed_kmh"): _from("visit_ways", "vw", "vw.speed"),
    ("visits", "overlaps_apart"): _from("visit_ways", "vw", "vw.overlaps"),
    ("visits", "visits_that_day"): lambda around: Sql(
        "CASE WHEN t.visitor IS NOT NULL AND t.visited_on IS NOT NULL THEN coalesce(vd.n, 0) END",
        ('LEFT JOIN "visits_of_days" AS vd ON vd.visitor = t.visitor AND vd.visited_on = t.visited_on',),
    ),
    ("visits", "photo_households"): _photo_sql,
}
LAYOUTS: Mapping[str, Layout] = {
    "visit_paces": _paces, "alike_visits": _alike, "visitor_answers": _visitor_answers, "visitor_amounts": _visitor_amounts,
    "visitor_bands": _visitor_bands, "one_points": _one_points, "visit_ways": _ways, "visits_of_days": _days, "shared_photos": _photos,
}  # fmt: skip
