// Prepared columns about phones, contacts and how fresh the facts are, as shouwang/policy/columns/contact.py has them.

// a digit eight times running makes a number that nobody has
const RUNNING = /(\d)\1{7}/;

prepared["households.phone_fault"] = (row, tables, household, context) => {
  const pattern = context.parameters.phone_pattern;
  if (row.phone === null || pattern === null) return null;
  const plain = row.phone.replace(/^ +| +$/g, "");
  return !new RegExp(`^(?:${pattern})$`).test(plain) || RUNNING.test(plain);
};

prepared["households.contact_is_member"] = (row, tables, household, context) => {
  if (row.contact === null || !tables.members) return null;
  return tables.members.some(
    (member) => member.name === row.contact && !(member.left_on !== null && member.left_on <= context.on),
  );
};

// whether the visitor is the household's contact (as registered, else as its current case says)
prepared["visits.by_contact"] = (row, tables, household, context) => {
  const contact = household.contact || current_case(tables, context)?.contact || null;
  return contact === null || row.visitor === null ? null : row.visitor === contact;
};

prepared["visits.entry_lag_days"] = (row) =>
  row.received_at === null || row.visited_on === null ? null : days_between(row.visited_on, row.received_at.slice(0, 10));

// first and last day and name of the last quarter that ended more than so many days ago
function due_quarter(on, grace) {
  const latest = days_after(on, -grace - 1);
  let year = Number(latest.slice(0, 4));
  let quarter = Math.ceil(Number(latest.slice(5, 7)) / 3);
  const ends = ["03-31", "06-30", "09-30", "12-31"];
  const iso = (rest) => String(year).padStart(4, "0") + "-" + rest;
  if (iso(ends[quarter - 1]) > latest) [year, quarter] = quarter > 1 ? [year, quarter - 1] : [year - 1, 4];
  return { first: iso(String(3 * quarter - 2).padStart(2, "0") + "-01"), last: iso(ends[quarter - 1]), name: `${year}Q${quarter}` };
}

prepared["income_items.in_due_quarter"] = (row, tables, household, context) => {
  const grace = whole_parameter(context.parameters.quarter_grace);
  if (grace === null) return null;
  const due = due_quarter(context.on, grace);
  if (row.quarter !== null) return row.quarter === due.name;
  return row.received_on === null ? null : due.first <= row.received_on && row.received_on <= due.last;
};

// when a column of a member was given last
function given_on(row, tables, column) {
  const days = (tables.given || [])
    .filter((entry) => entry.member_id === row.member_id && entry.column_name === column)
    .map((entry) => entry.given_on);
  return agg_max(days);
}

// the day on which somebody turns so many years; 1 March for who was born on 29 February
function birthday(birth, years) {
  const year = Number(birth.slice(0, 4)) + years;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return String(year).padStart(4, "0") + (birth.slice(4) === "-02-29" && !leap ? "-03-01" : birth.slice(4));
}

prepared["members.labour_expired"] = (row, tables, household, context) => {
  const told = given_on(row, tables, "labour_capacity");
  const from = whole_parameter(context.parameters.labour_age_from);
  const to = whole_parameter(context.parameters.labour_age_to);
  if (row.birth_date === null || from === null || to === null) return null;
  const passed = [birthday(row.birth_date, from), birthday(row.birth_date, to + 1)].filter((day) => day <= context.on);
  if (told === null && passed.length) return null;
  return passed.some((day) => told < day);
};

function given_before(row, tables, column, begins) {
  const told = given_on(row, tables, column);
  return told === null ? null : told < begins;
}

prepared["members.school_expired"] = (row, tables, household, context) => {
  const year = Number(context.on.slice(0, 4)) - (context.on.slice(5) >= "09-01" ? 0 : 1);
  return given_before(row, tables, "school_stage", `${year}-09-01`);
};

prepared["members.insurance_expired"] = (row, tables, household, context) =>
  given_before(row, tables, "medical_insurance", context.on.slice(0, 4) + "-01-01");
