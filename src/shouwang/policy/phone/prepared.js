// Prepared columns, as shouwang/policy/prepared.py has them: prepared["table.name"] = (row, tables, household, context) => value;
//
// For who adds some, in a file of this folder per theme (shouwang/policy/columns/<theme>.py ↔ phone/<theme>.js):
// - one statement per column, as below; helpers are functions or constants with names that no other file has; how a
//   statement must stand is said at the top of runtime.js; all of runtime.js may be used;
// - row, tables and household have been read: null where nothing is known, dates ISO texts, numbers Exact (degrees are
//   JavaScript numbers), lists joined by ";". Name every column that is read in full: only those are read;
//   a table that is missing as a whole is undefined;
// - the value is a boolean, a text, an ISO date, a whole JavaScript number, an Exact, or null (unknown);
// - context has on, window_first, window_last, kinds (code → {counts_as, place_of_work, excluded_class, total}),
//   calendar (knows, count, between, is_working_day), parameters (values that hold everywhere; those that are named),
//   ranges (every monitoring range: value, area, first, last), area (where a household without a place stands), and
//   whatever else the caller gave; tables.households holds the one household;
// - for a column of a household, row is the household. Columns that depend on neighbours are not written here: they
//   are read from the row under their own name.
// Families that follow from the dictionary need no line: NAME_days_ago, LIST_code, household_NAME, case_NAME, date_fault are
// made by the writer (javascript.py), from the factories here and in current_case.js.

// ---- families

// days from one date of the row to another; to the day of the screening where the other is empty
function days_or_so_far(first, last) {
  return (row, tables, household, context) =>
    row[first] === null ? null : days_between(row[first], row[last] || context.on);
}

function days_both_known(first, last, more = 0) {
  return (row) => (row[first] === null || row[last] === null ? null : days_between(row[first], row[last]) + more);
}

function days_ago(name) {
  return (row, tables, household, context) => (row[name] === null ? null : days_between(row[name], context.on));
}

function list_has(name, code) {
  return (row) => (row[name] === null ? null : row[name].split(";").includes(code));
}

function of_household(name) {
  return (row, tables, household) => household[name];
}

function same(name) {
  return (row) => row[name];
}

// whether the row is the latest of its table up to the day; unknown days count, and come before known ones
function latest(table, key, day, ...more) {
  const names = [day, ...more, key];
  return (row, tables, household, context) => {
    const rows = (tables[table] || []).filter((other) => other[day] === null || other[day] <= context.on);
    if (!rows.length) return false;
    const best = rows.reduce((first, other) => (rank_order(other, first, names) > 0 ? other : first));
    return best[key] === row[key];
  };
}

function rank_order(one, other, names) {
  for (const name of names) {
    const a = one[name];
    const b = other[name];
    const found = a === null || b === null ? (a !== null) - (b !== null) : order(a, b);
    if (found) return found;
  }
  return 0;
}

// ---- households

prepared["households.monitored_days"] = days_both_known("identified_on", "resolved_on");

prepared["households.income_band_ticked"] = same("income_band");

// ---- members

// full years on a day; null before birth
function years_between(birth, day) {
  if (birth > day) return null;
  return Number(day.slice(0, 4)) - Number(birth.slice(0, 4)) - (day.slice(5) < birth.slice(5) ? 1 : 0);
}

function last_31_august(on) {
  const year = Number(on.slice(0, 4)) - (on.slice(5) >= "08-31" ? 0 : 1);
  return String(year).padStart(4, "0") + "-08-31";
}

prepared["members.age"] = (row, tables, household, context) =>
  row.birth_date === null ? null : years_between(row.birth_date, context.on);

prepared["members.school_age"] = (row, tables, household, context) => {
  if (row.birth_date === null || row.birth_date > context.on) return null;
  const years = years_between(row.birth_date, last_31_august(context.on));
  return years === null ? -1 : years;
};

prepared["members.public_post_paid"] = (row, tables, household, context) => {
  if (!tables.income_items) return null;
  return tables.income_items.some(
    (item) =>
      kind_of(item, context)?.place_of_work === "public_post" &&
      item.realised !== false &&
      item.received_on !== null &&
      context.window_first <= item.received_on &&
      item.received_on <= context.window_last &&
      (item.member_id === null || item.member_id === row.member_id),
  );
};

// ---- income items

function kind_of(row, context) {
  return row.kind === null ? undefined : context.kinds[row.kind];
}

prepared["income_items.counts_as"] = (row, tables, household, context) => kind_of(row, context)?.counts_as;

prepared["income_items.work_place"] = (row, tables, household, context) => kind_of(row, context)?.place_of_work;

prepared["income_items.is_total"] = (row, tables, household, context) => kind_of(row, context)?.total;

// false for the items of a conscript or cadet who does not share income: such a member is none (XH annex 5)
prepared["income_items.earner_counts"] = (row, tables) =>
  row.member_id === null ||
  !(tables.members || []).some(
    (member) => member.member_id === row.member_id && member.serving === true && member.shares_income === false,
  );

prepared["income_items.quarter_key"] = (row) => {
  if (row.quarter !== null || row.received_on === null) return row.quarter;
  return `${Number(row.received_on.slice(0, 4))}Q${Math.ceil(Number(row.received_on.slice(5, 7)) / 3)}`;
};

// ---- alerts, visits, cases

// working days from receiving an alert to its verification (or the day); unknown in a year without a calendar
prepared["alerts.verify_working_days"] = (row, tables, household, context) => {
  if (row.received_on === null) return null;
  const end = row.verified_on || context.on;
  const calendar = context.calendar;
  return calendar.knows(row.received_on) && calendar.knows(end) ? calendar.between(row.received_on, end) : null;
};

prepared["visits.is_latest"] = latest("visits", "visit_id", "visited_on", "received_at");

prepared["cases.is_latest"] = latest("cases", "case_id", "discovered_on", "approved_on");

prepared["cases.discovery_days"] = days_or_so_far("discovered_on", "approved_on");

prepared["cases.plan_days"] = days_or_so_far("approved_on", "plan_on");

prepared["cases.notice_days"] = days_both_known("notice_from", "notice_to", 1);
