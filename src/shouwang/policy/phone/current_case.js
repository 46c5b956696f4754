// The household's current case, as shouwang/policy/columns/current_case.py has it: the latest that is not withdrawn.

function current_case(tables, context) {
  const open = (tables.cases || []).filter(
    (other) =>
      (other.discovered_on === null || other.discovered_on <= context.on) &&
      (other.withdrawn_on === null || other.withdrawn_on > context.on),
  );
  const names = ["discovered_on", "approved_on", "case_id"];
  return open.length ? open.reduce((first, other) => (rank_order(other, first, names) > 0 ? other : first)) : null;
}

prepared["cases.is_current"] = (row, tables, household, context) => {
  const found = current_case(tables, context);
  return found !== null && found.case_id === row.case_id;
};

function of_current_case(name) {
  return (row, tables, household, context) => current_case(tables, context)?.[name];
}
