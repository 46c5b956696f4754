"""Plans that are the same for households with different risks (因人因户, XH §2.3.3): what neighbours of a village show."""

from __future__ import annotations

from collections.abc import Mapping

from shouwang.policy.columns import current_case
from shouwang.policy.columns.base import Builder, Layout, Prepared, Sql, Surroundings, given
from shouwang.policy.types import INT


def _can_compare(around: Surroundings) -> bool:
    return (
        around.has("measures", "household_id", "kind", "planned_on")
        and around.has("cases", "household_id", "risks")
        and around.has("households", "area_code")
    )


def same_plans(around: Surroundings) -> str:
    """Household → how many of its village, itself too, planned the same set of kinds on one day, their risks differing.

    Of several plans of a household the one shared most; only households that share one, and only those whose current
    case says its risks.
    """
    if not _can_compare(around):
        return "SELECT CAST(NULL AS VARCHAR) AS household_id, CAST(NULL AS INTEGER) AS households WHERE false"
    risks = "array_to_string(list_sort(list_distinct(string_split(c.risks, ';'))), ';')"
    return (
        "WITH plans AS (SELECT household_id, planned_on, string_agg(DISTINCT kind, ';' ORDER BY kind) AS kinds "
        f"FROM {around.relations['measures']} WHERE planned_on IS NOT NULL AND kind IS NOT NULL GROUP BY household_id, planned_on), "
        f"placed AS (SELECT p.*, h.area_code, {risks} AS risks FROM plans AS p "
        f"JOIN {around.relations['households']} AS h ON h.household_id = p.household_id "
        f"JOIN {current_case.ordered(around)} AS c ON c.household_id = p.household_id "
        "WHERE h.area_code IS NOT NULL AND c.risks <> ''), "
        "alike AS (SELECT area_code, planned_on, kinds, count(*) AS n FROM placed GROUP BY area_code, planned_on, kinds "
        "HAVING count(*) > 1 AND count(DISTINCT risks) > 1) "
        "SELECT household_id, CAST(max(n) AS INTEGER) AS households FROM placed JOIN alike USING (area_code, planned_on, kinds) "
        "GROUP BY household_id"
    )


def _same_plan_households_sql(around: Surroundings) -> Sql:
    if not _can_compare(around):
        return Sql("CAST(NULL AS INTEGER)")
    return Sql(
        "coalesce(alike.households, 0)",
        ('LEFT JOIN "same_plans" AS alike ON alike.household_id = t.household_id',),
    )


COLUMNS: tuple[Prepared, ...] = (
    Prepared("households", "same_plan_households", INT, (), "本村同日同样计划而风险不同的户数", "households of the village with the same plan of one day and other risks", given("same_plan_households"), neighbours=True, layouts=("same_plans",)),
)  # fmt: skip
SQL: Mapping[tuple[str, str], Builder] = {("households", "same_plan_households"): _same_plan_households_sql}
LAYOUTS: Mapping[str, Layout] = {"same_plans": same_plans}
