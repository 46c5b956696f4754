// Prepared columns of a case that look at the household's alerts, visits, measures and members, as
// shouwang/policy/columns/case_evidence.py has them.

// whether an alert (or an application) was received within some days of the discovery
function alert_near(row, tables, context, chosen) {
  const days = whole_parameter(context.parameters.discovery_days_near);
  if (!tables.alerts || row.discovered_on === null || days === null) return null;
  return tables.alerts.some(
    (alert) =>
      alert.received_on !== null && Math.abs(days_between(row.discovered_on, alert.received_on)) <= days && chosen(alert),
  );
}

prepared["cases.alerted_near"] = (row, tables, household, context) => alert_near(row, tables, context, () => true);

prepared["cases.applied_near"] = (row, tables, household, context) =>
  alert_near(row, tables, context, (alert) => alert.source === "application" || alert.kind === "self_application");

prepared["cases.visited_that_day"] = (row, tables) =>
  !tables.visits || row.discovered_on === null ? null : tables.visits.some((visit) => visit.visited_on === row.discovered_on);

prepared["cases.emergency_alerted"] = (row, tables) =>
  !tables.alerts ? null : tables.alerts.some((alert) => ["disaster", "accident", "serious_illness"].includes(alert.kind));

prepared["cases.helped_at_once"] = (row, tables, household, context) => {
  const days = whole_parameter(context.parameters.green_days);
  if (!tables.measures || row.discovered_on === null || days === null) return null;
  const last = days_after(row.discovered_on, days);
  return tables.measures.some(
    (measure) => measure.done_on !== null && row.discovered_on <= measure.done_on && measure.done_on <= last,
  );
};

function is_done(measure, context) {
  return measure.done_on !== null && measure.done_on <= context.on;
}

prepared["cases.some_measure_done"] = (row, tables, household, context) =>
  !tables.measures ? null : tables.measures.some((measure) => is_done(measure, context));

prepared["cases.risks_unanswered"] = (row, tables, household, context) => {
  if (!tables.measures || row.risks === null) return null;
  const answered = tables.measures.filter((measure) => is_done(measure, context)).map((measure) => measure.risk);
  return row.risks.split(";").some((risk) => risk !== "" && !answered.includes(risk));
};

prepared["cases.nobody_left"] = (row, tables, household, context) =>
  !tables.members ? null : tables.members.every((member) => member.left_on !== null && member.left_on <= context.on);
