// Prepared columns about the risks of the household's current case, as shouwang/policy/columns/risks.py has them.

const CAUSES = [
  "illness",
  "schooling",
  "unsafe_housing",
  "unsafe_water",
  "disability",
  "disaster",
  "accident",
  "project_failed",
  "job_unstable",
  "no_labour",
  "other",
];

function listed_causes(text) {
  const codes = text.split(";");
  return CAUSES.filter((code) => codes.includes(code));
}

function discovered(tables, context) {
  const found = current_case(tables, context);
  return found === null ? null : found.discovered_on;
}

prepared["cases.risks_count"] = (row) => (row.risks === null ? null : listed_causes(row.risks).length);

prepared["members.age_when_discovered"] = (row, tables, household, context) => {
  const day = discovered(tables, context);
  return row.birth_date === null || day === null ? null : years_between(row.birth_date, day);
};

prepared["alerts.near_discovery"] = (row, tables, household, context) => {
  const day = discovered(tables, context);
  if (day === null) return null;
  if ([row.event_on, row.received_on].some((known) => known !== null && year_before(day) <= known && known <= day)) {
    return true;
  }
  return row.event_on === null && (row.received_on === null || row.received_on > day) ? null : false;
};

prepared["visits.causes_beyond_case"] = (row, tables, household, context) => {
  const found = current_case(tables, context);
  if (row.causes === null || found === null || found.risks === null) return null;
  const risks = listed_causes(found.risks);
  return listed_causes(row.causes).some((code) => !risks.includes(code));
};
