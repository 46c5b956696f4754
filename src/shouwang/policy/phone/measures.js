// Prepared columns about measures, as shouwang/policy/columns/measures.py and measure_money.py have them.

// the parameter that lists the kinds of measures for a risk
const KINDS_FOR_RISK = {
  illness: "measure_kinds_illness",
  schooling: "measure_kinds_schooling",
  unsafe_housing: "measure_kinds_unsafe_housing",
  unsafe_water: "measure_kinds_unsafe_water",
  disability: "measure_kinds_disability",
  disaster: "measure_kinds_disaster",
  accident: "measure_kinds_accident",
  project_failed: "measure_kinds_project_failed",
  job_unstable: "measure_kinds_job_unstable",
  no_labour: "measure_kinds_no_labour",
  other: "measure_kinds_other",
};

// the value of a parameter; null where the pack has none
function parameter_of(name, context) {
  const value = name === undefined ? undefined : context.parameters[name];
  return value === undefined ? null : value;
}

prepared["measures.kind_fits"] = (row, tables, household, context) => {
  const kinds = row.risk === null ? null : parameter_of(KINDS_FOR_RISK[row.risk], context);
  if (kinds === null || kinds === "any") return kinds && true;
  return row.kind === null ? null : kinds.split(";").includes(row.kind);
};

prepared["measures.risk_in_case"] = (row, tables, household, context) => {
  const risks = current_case(tables, context)?.risks;
  return !risks || row.risk === null ? null : risks.split(";").includes(row.risk);
};

// whether a truth holds of a member who is there; null where the members are not known
function of_a_member(truth) {
  return (row, tables, household, context) => {
    if (!tables.members) return null;
    return agg_any(
      tables.members.filter((member) => member.left_on === null || member.left_on > context.on).map(truth),
    );
  };
}

prepared["measures.has_worker"] = of_a_member((member) =>
  is_in(member.labour_capacity, "skilled", "ordinary", "weak"),
);

prepared["measures.has_public_post"] = of_a_member((member) => member.public_post);

const SOMEBODY_WORKS = of_a_member((member) =>
  any3(is_in(member.employment_place, "county", "province", "outside"), gt(member.months_worked, exact(0))),
);

// whether the item is a wage that came in since; one without a day or a kind may be
function wage_since(item, done, context) {
  const wage = item.kind === null ? null : kind_of(item, context)?.counts_as === "wage";
  const day = item.received_on;
  if (wage === false || item.realised === false) return false;
  const since = day === null ? null : done <= day && day <= context.on;
  return since === false ? false : since === null ? null : wage;
}

prepared["measures.worked_since"] = (row, tables, household, context) => {
  if (!tables.members || row.done_on === null) return null;
  const paid = (tables.income_items || [null]).map((item) => item && wage_since(item, row.done_on, context));
  return any3(...paid, SOMEBODY_WORKS(row, tables, household, context)); // without the items nobody knows of wages
};

// whether the item is money received from the first to the last day
function paid_within(item, first, last) {
  const day = item.received_on;
  if (item.realised === false || (day !== null && !(first <= day && day <= last))) return false;
  if (item.amount !== null && order(item.amount, exact(0)) === 0) return false;
  return day === null || item.amount === null ? null : true;
}

// the same for money of some kinds; an item whose kind nobody knows may be of them
function paid_of(item, kinds, first, last) {
  const found = paid_within(item, first, last);
  if (item.kind === null) return found === false ? false : null;
  return kinds.split(";").includes(item.kind) ? found : false;
}

// nothing found says nothing of a measure done before the window
function or_too_long_ago(found, done, context) {
  return found === false && done < context.window_first ? null : found;
}

prepared["measures.assistance_paid"] = (row, tables, household, context) => {
  const kinds = parameter_of("assistance_kinds", context);
  const days = parameter_of("benefit_days", context);
  if (!tables.income_items || row.done_on === null || kinds === null || days === null) return null;
  const last = iso_day(day_number(row.done_on) + Number(days));
  const seen = tables.income_items.map((item) => paid_of(item, kinds, row.done_on, last));
  for (const item of tables.income_items) {
    const kind = kind_of(item, context);
    if (kind?.total && kind.counts_as === "transfer" && paid_within(item, row.done_on, context.on) !== false) {
      seen.push(null);
    }
  }
  return or_too_long_ago(agg_any(seen), row.done_on, context);
};

prepared["measures.travel_subsidy_paid"] = (row, tables, household, context) => {
  const kinds = parameter_of("travel_subsidy_kinds", context);
  if (!tables.income_items || row.done_on === null || kinds === null) return null;
  const seen = tables.income_items.map((item) => paid_of(item, kinds, context.window_first, context.window_last));
  return or_too_long_ago(agg_any(seen), row.done_on, context);
};

prepared["households.identified_before_cutoff"] = (row, tables, household, context) => {
  const cutoff = `${context.on.slice(0, 4)}-${parameter_of("premium_cutoff", context)}`;
  const known = /^\d{4}-\d\d-\d\d$/.test(cutoff) && !Number.isNaN(day_number(cutoff));
  if (row.identified_on === null || !known || iso_day(day_number(cutoff)) !== cutoff) return null;
  return row.identified_on < cutoff;
};
