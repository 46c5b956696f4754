// Prepared columns about who belongs to a household and where it stands, as shouwang/policy/columns/composition.py and
// places.py have them.

// what the word of the file names: [relation, sex]
function meaning_of(row, context) {
  if (row.relation_word === null) return [null, null];
  const word = row.relation_word.replace(/[ \u3000]/g, "");
  const words = context.relation_words;
  return words.get(word) || words.get(word.replace(/^户主[的之]/, "")) || [null, null];
}

prepared["members.word_relation"] = (row, tables, household, context) => meaning_of(row, context)[0];

prepared["members.word_sex"] = (row, tables, household, context) => meaning_of(row, context)[1];

prepared["members.years_younger"] = (row, tables, household, context) => {
  const heads = (tables.members || []).filter(
    (other) => other.relation === "head" && (other.left_on === null || other.left_on > context.on),
  );
  const born = heads.length === 1 ? heads[0].birth_date : null;
  if (row.birth_date === null || born === null) return null;
  const younger = years_between(born, row.birth_date);
  return younger === null ? 0 - years_between(row.birth_date, born) : younger;
};

function full_months(first, last) {
  const months = (Number(last.slice(0, 4)) - Number(first.slice(0, 4))) * 12 + Number(last.slice(5, 7)) - Number(first.slice(5, 7));
  return months - (last.slice(8) < first.slice(8) ? 1 : 0);
}

// the least and the most months of the window that birth, joining and leaving leave; 0 and 12 for who did none
function months_allowed(row, context) {
  const inside = (day) => day !== null && context.window_first <= day && day <= context.window_last;
  const begun = [row.birth_date, row.joined_on].filter(inside).sort();
  const left = inside(row.left_on);
  if (!begun.length && !left) return [0, 12];
  const end = left ? row.left_on : context.window_last;
  const early = begun.length ? begun[0] : context.window_first;
  const late = begun.length ? begun[begun.length - 1] : context.window_first;
  if (end < late) return [0, 12];
  return [full_months(late, end), full_months(early, end) + (early.slice(8) !== end.slice(8) ? 1 : 0)];
}

prepared["members.months_least"] = (row, tables, household, context) => months_allowed(row, context)[0];

prepared["members.months_most"] = (row, tables, household, context) => months_allowed(row, context)[1];

prepared["households.area_well_formed"] = (row) => (row.area_code === null ? null : /^[0-9]{12}$/.test(row.area_code));

prepared["households.point_wrong"] = (row) => {
  if (row.lng === 0 || row.lat === 0) return true;
  if (row.lng === null || row.lat === null) return null;
  return 3 <= row.lng && row.lng <= 54 && 73 <= row.lat && row.lat <= 136;
};
