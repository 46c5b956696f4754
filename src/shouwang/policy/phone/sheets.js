// Prepared columns of the village basic sheet, as shouwang/policy/columns/sheets.py has them.

function is_filled(number) {
  return number !== null && ne(number, exact(0));
}

prepared["villages.sheet_missing"] = (row, tables, household, context) =>
  row.year !== null &&
  eq(row.year, exact(Number(context.on.slice(0, 4)) - 1)) &&
  !(
    is_filled(row.registered_households) &&
    is_filled(row.registered_people) &&
    is_filled(row.resident_households) &&
    is_filled(row.resident_people)
  );

prepared["villages.town_sheet"] = (row) => (row.area_code === null ? null : row.area_code.endsWith("000"));
