// Prepared columns about the four questions on guarantees, as shouwang/policy/columns/guarantees.py has them.

const GUARANTEES = ["school_dropout", "uninsured_member", "housing_unsafe", "water_unsafe"];

const GUARANTEE_OF_ALERT = { dropout: "school_dropout", unsafe_house: "housing_unsafe", unsafe_water: "water_unsafe" };

const ANSWERS_YES = ["true", "yes", "是", "1"];

const ANSWERS_NO = ["false", "no", "否", "0"];

function newest_until(days, context) {
  const found = days.filter((day) => day !== null && day <= context.on);
  return found.length ? largest(...found) : null;
}

function noted_on(tables, flag, context) {
  const rows = (tables.given || []).filter((row) => row.column_name === flag && row.member_id === null);
  return newest_until(
    rows.map((row) => row.given_on),
    context,
  );
}

function last_given(tables, flag, context) {
  const days = (tables.visits || []).map((row) => row.visited_on);
  return first_known(noted_on(tables, flag, context), newest_until(days, context));
}

// the visits that answered yes or no: [day, whether yes]
function answered(tables, flag, context) {
  const days = new Map((tables.visits || []).map((row) => [row.visit_id, row.visited_on]));
  return (tables.answers || [])
    .filter((row) => row.question === flag && [...ANSWERS_YES, ...ANSWERS_NO].includes(row.answer))
    .map((row) => [days.get(row.visit_id) || null, ANSWERS_YES.includes(row.answer)])
    .filter(([day]) => day !== null && day <= context.on);
}

function yes_since(tables, flag, context) {
  const said = answered(tables, flag, context);
  const no = said.filter(([, yes]) => !yes).map(([day]) => day);
  const yes = said.filter(([day, told]) => told && no.every((other) => day > other)).map(([day]) => day);
  return yes.length ? smallest(...yes) : null;
}

function given_on_of(flag) {
  return (row, tables, household, context) => last_given(tables, flag, context);
}

function days_of(flag) {
  return (row, tables, household, context) => {
    if (row[flag] !== true) return row[flag] === null ? null : 0;
    const days = [last_given(tables, flag, context), yes_since(tables, flag, context)].filter((day) => day !== null);
    return days.length ? days_between(smallest(...days), context.on) : null;
  };
}

function ever_of(flag) {
  return (row, tables, household, context) =>
    row[flag] === true || answered(tables, flag, context).some(([, yes]) => yes) || row[flag];
}

prepared["households.school_dropout_given_on"] = given_on_of("school_dropout");

prepared["households.uninsured_member_given_on"] = given_on_of("uninsured_member");

prepared["households.housing_unsafe_given_on"] = given_on_of("housing_unsafe");

prepared["households.water_unsafe_given_on"] = given_on_of("water_unsafe");

prepared["households.school_dropout_days"] = days_of("school_dropout");

prepared["households.uninsured_member_days"] = days_of("uninsured_member");

prepared["households.housing_unsafe_days"] = days_of("housing_unsafe");

prepared["households.water_unsafe_days"] = days_of("water_unsafe");

prepared["households.housing_unsafe_ever"] = ever_of("housing_unsafe");

prepared["households.water_unsafe_ever"] = ever_of("water_unsafe");

prepared["alerts.flag_given_on"] = (row, tables, household, context) => {
  const flag = row.kind === null ? undefined : GUARANTEE_OF_ALERT[row.kind];
  return flag === undefined ? null : last_given(tables, flag, context);
};

prepared["visits.guarantee_told"] = (row, tables, household, context) =>
  any3(
    ...GUARANTEES.map((flag) => {
      const noted = noted_on(tables, flag, context);
      const later = noted !== null && row.visited_on !== null && noted > row.visited_on;
      return later ? false : household[flag];
    }),
  );
