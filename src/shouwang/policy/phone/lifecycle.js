// Prepared columns about cases from discovery to removal, as shouwang/policy/columns/lifecycle.py has them.

// the first date of a row that is after the day or before 1900 (an income also before its member's birth), or ""; which
// dates a table has is said by the writer: prepared["TABLE.date_fault"] needs no line
function date_fault(table, names) {
  return (row, tables, household, context) => {
    const ahead = table !== "income_items" || row.realised !== false;
    for (const name of names) {
      const day = row[name];
      if (day !== null && ((day > context.on && ahead) || day < "1900-01-01")) return name;
    }
    return table === "income_items" && before_birth(row, tables) ? "received_on" : "";
  };
}

function before_birth(item, tables) {
  if (item.member_id === null || item.received_on === null) return false;
  return (tables.members || []).some(
    (member) => member.member_id === item.member_id && member.birth_date !== null && item.received_on < member.birth_date,
  );
}

function month_number(day) {
  return day === null ? null : Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
}

// a parameter that is a whole number of days or years; null where it is unset
function whole_parameter(value) {
  return value === null || value === undefined ? null : Math.trunc(Number(String(value)));
}

function days_after(day, days) {
  return iso_day(day_number(day) + days);
}

// the monitoring range of the place on the day of the removal
prepared["households.range_when_resolved"] = (row, tables, household, context) => {
  const day = row.resolved_on;
  if (day === null) return null;
  const place = row.area_code || context.area;
  const held = context.ranges.filter(
    (one) => (one.first === null || one.first <= day) && (one.last === null || day <= one.last) && place.startsWith(one.area),
  );
  const later = (one, other) => one.area.length - other.area.length || text_order(one.first || "", other.first || "");
  return held.length ? held.reduce((best, one) => (later(one, best) > 0 ? one : best)).value : null;
};

prepared["households.settled_on"] = (row, tables, household, context) => {
  const days = whole_parameter(context.parameters.benefit_days);
  return row.resolved_on === null || days === null ? null : days_after(row.resolved_on, days);
};

prepared["households.effect_due"] = (row, tables, household, context) => {
  const days = whole_parameter(context.parameters.benefit_days);
  return row.resolved_on === null || days === null ? null : context.on >= days_after(row.resolved_on, 2 * days);
};

prepared["cases.approved_month"] = (row) => month_number(row.approved_on);

prepared["cases.removal_approved_month"] = (row) => month_number(row.removal_approved_on);

prepared["cases.household_identified_month"] = (row, tables, household) => month_number(household.identified_on);

prepared["cases.household_resolved_month"] = (row, tables, household) => month_number(household.resolved_on);

const STAGES = {
  discovered: "open", applied: "open", verified: "open", reviewed: "open", noticed: "open", town_reviewed: "open",
  approved: "approved", planned: "approved", removal_proposed: "approved", rolled_back: "approved",
  resolved: "resolved", withdrawn: "withdrawn",
};

prepared["cases.stage_stated"] = (row) => (row.state !== null && Object.hasOwn(STAGES, row.state) ? STAGES[row.state] : null);

prepared["cases.stage_by_dates"] = (row) => {
  if (row.withdrawn_on !== null) return "withdrawn";
  const removed = row.removal_approved_on;
  const back = row.rolled_back_on;
  if (removed !== null && (back === null || back < removed)) return "resolved";
  return row.approved_on === null ? "open" : "approved";
};
