// Prepared columns about what a member received for work, pension or medical care, as shouwang/policy/columns/work.py
// has them: 0 no, 1 not known, 2 yes, for each item; the best of them decides.

// the words of a parameter that lists them, joined by semicolons
function words_of(text) {
  return (text || "").split(";").filter((word) => word !== "");
}

function wage_score(item, kind) {
  return kind === undefined ? 1 : kind.counts_as === "wage" ? 2 : 0;
}

function wage_at_score(place) {
  return (item, kind) => {
    if (kind === undefined) return 1;
    if (kind.counts_as !== "wage") return 0;
    return kind.place_of_work === null ? 1 : kind.place_of_work === place ? 2 : 0;
  };
}

function pension_score(item, kind) {
  if (kind === undefined) return 1;
  if (item.kind === "transfer.pension") return 2;
  return kind.total && kind.counts_as === "transfer" ? 1 : 0;
}

// a premium paid on behalf may be for the pension; then its note says so
function medical_score(item, kind, context) {
  if (kind === undefined) return 1;
  if (item.kind === "excluded.insurance_premium") {
    return words_of(context.parameters.pension_premium_words).some((word) => (item.note || "").includes(word)) ? 0 : 2;
  }
  return item.kind === "excluded.medical_reimbursement" ? 2 : 0;
}

// whether the item came in within the window; not known where it has no day or is not realised
function item_certainty(item, context) {
  const day = item.received_on;
  if (day !== null && !(context.window_first <= day && day <= context.window_last)) return 0;
  return day === null || item.realised === false ? 1 : 2;
}

// the items that are or may be the member's: [score, item, kind]
function scored_items(score, row, tables, context) {
  return (tables.income_items || [])
    .filter((item) => item.member_id === null || item.member_id === row.member_id)
    .map((item) => {
      const kind = kind_of(item, context);
      const sure = Math.min(score(item, kind, context), item_certainty(item, context));
      return [item.member_id === null ? Math.min(sure, 1) : sure, item, kind];
    });
}

function some_item(score) {
  return (row, tables, household, context) => {
    if (!tables.income_items) return null;
    const best = Math.max(0, ...scored_items(score, row, tables, context).map(([sure]) => sure));
    return [false, null, true][best];
  };
}

prepared["members.wage_item"] = some_item(wage_score);

prepared["members.wage_item_outside"] = some_item(wage_at_score("outside_province"));

prepared["members.wage_item_province"] = some_item(wage_at_score("in_province"));

prepared["members.wage_item_county"] = some_item(wage_at_score("in_county"));

prepared["members.public_post_item"] = some_item(wage_at_score("public_post"));

prepared["members.pension_item"] = some_item(pension_score);

prepared["members.medical_item"] = some_item(medical_score);

prepared["members.wage_received"] = (row, tables, household, context) => {
  const found = scored_items(wage_score, row, tables, context);
  const sure = found.filter(([score, item, kind]) => score === 2 && !kind.total).map(([score, item]) => item.amount);
  if (!sure.length || sure.includes(null) || found.some(([score]) => score === 1)) return null;
  return sure.reduce(add);
};

prepared["members.first_wage_age"] = (row, tables, household, context) => {
  const days = (tables.income_items || [])
    .filter(
      (item) =>
        item.member_id !== null &&
        item.member_id === row.member_id &&
        item.received_on !== null &&
        item.received_on <= context.on &&
        item.realised !== false &&
        kind_of(item, context)?.counts_as === "wage",
    )
    .map((item) => item.received_on);
  return row.birth_date === null || !days.length ? null : years_between(row.birth_date, smallest(...days));
};
