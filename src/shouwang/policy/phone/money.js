// Prepared columns about single items and the income at identification, as shouwang/policy/columns/money.py has them.

prepared["income_items.excluded_word"] = (row, tables, household, context) => {
  if (row.note === null) return null;
  return words_of(context.parameters.excluded_words).find((word) => row.note.includes(word));
};

function same_item(one, other) {
  return (
    one.member_id === other.member_id &&
    one.kind === other.kind &&
    one.received_on === other.received_on &&
    eq(one.amount, other.amount) === true
  );
}

prepared["income_items.twin_item"] = (row, tables) => {
  if ([row.item_id, row.kind, row.amount, row.received_on].includes(null)) return null;
  const same = (tables.income_items || []).filter((item) => item.item_id !== null && same_item(item, row));
  const first = same.length ? smallest(...same.map((item) => item.item_id)) : null;
  return first === row.item_id ? null : first;
};

prepared["income_items.member_known"] = (row, tables) => {
  if (!tables.members || row.member_id === null) return null;
  return tables.members.some((member) => member.member_id === row.member_id);
};

prepared["income_items.relief_month"] = (row) => {
  if (!["transfer.dibao", "transfer.tekun"].includes(row.kind)) return null;
  return row.received_on === null || row.member_id === null ? null : `${row.member_id} ${row.received_on.slice(0, 7)}`;
};

// the day a year before; 28 February for 29 February
function year_before(day) {
  const year = String(Number(day.slice(0, 4)) - 1).padStart(4, "0");
  return year + (day.slice(4) === "-02-29" ? "-02-28" : day.slice(4));
}

// class → whether it is income (else cost or expense)
const CLASSES_OF_NET_INCOME = {
  wage: true,
  property: true,
  transfer: true,
  production: true,
  employment_cost: false,
  production_expense: false,
};

// the items that may belong to the 12 months up to a day: [item, kind]
function items_of_the_year_to(day, tables, context) {
  return tables.income_items
    .map((item) => [item, kind_of(item, context)])
    .filter(
      ([item, kind]) =>
        item.realised !== false &&
        (kind === undefined || kind.counts_as in CLASSES_OF_NET_INCOME) &&
        (item.received_on === null || (year_before(day) < item.received_on && item.received_on <= day)),
    );
}

prepared["households.income_when_identified"] = (row, tables, household, context) => {
  if (row.identified_on === null || !tables.income_items) return null;
  const found = items_of_the_year_to(row.identified_on, tables, context);
  if (found.some(([item, kind]) => kind === undefined || item.received_on === null || item.amount === null)) return null;
  let income = null;
  let outlay = exact(0);
  for (const name in CLASSES_OF_NET_INCOME) {
    const own = found.filter(([item, kind]) => kind.counts_as === name);
    const items = own.filter(([item, kind]) => !kind.total);
    const sum = agg_sum((items.length ? items : own).map(([item]) => item.amount));
    if (sum !== null && CLASSES_OF_NET_INCOME[name]) income = income === null ? sum : add(income, sum);
    if (sum !== null && !CLASSES_OF_NET_INCOME[name]) outlay = add(outlay, sum);
  }
  return subtract(income, outlay);
};
