// Prepared columns about identity numbers and certificates, as shouwang/policy/columns/identity.py and id_reading.py
// have them. Texts are taken by code points, as Python and DuckDB take them.

prepared["members.id_placeholder"] = (row) => (row.id_number === null ? null : row.id_number.startsWith("999999"));

prepared["members.id_masked"] = (row) => {
  if (row.id_number === null) return null;
  const characters = [...row.id_number];
  return characters.slice(0, 6).join("") + "********" + characters.slice(-2).join("");
};

// without blanks around it, x as X
function bare_number(text) {
  return text.replace(/^[ \t\r\n\u00a0\u3000]+|[ \t\r\n\u00a0\u3000]+$/g, "").replace(/x/g, "X");
}

function length_of(text) {
  return [...text].length;
}

// the characters from one place up to another, counted from 0
function part_of(text, first, last) {
  return [...text].slice(first, last).join("");
}

function is_certificate_length(text) {
  return [20, 22].includes(length_of(text));
}

function is_well_formed(bare) {
  return /^(?:[0-9]{15}|[0-9]{17}[0-9X](?:[0-9]{2}(?:[^][^])?)?)$/u.test(bare);
}

// the 17 digits before the check character; null where there are none
function first_17_digits(bare) {
  if (/^[0-9]{15}$/.test(bare)) return bare.slice(0, 6) + "19" + bare.slice(6);
  return /^[0-9]{17}/.test(bare) && [18, 20, 22].includes(length_of(bare)) ? bare.slice(0, 17) : null;
}

function digits_of(row) {
  return row.id_number === null ? null : first_17_digits(bare_number(row.id_number));
}

function check_character_of(digits) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return "10X98765432"[weights.reduce((sum, weight, place) => sum + weight * Number(digits[place]), 0) % 11];
}

// the day in 17 digits; null where it is no date
function birth_day_of(digits) {
  const iso = `${digits.slice(6, 10)}-${digits.slice(10, 12)}-${digits.slice(12, 14)}`;
  const number = day_number(iso);
  return iso < "0001" || Number.isNaN(number) || iso_day(number) !== iso ? null : iso;
}

function person_key_of(number) {
  const bare = number === null ? "" : bare_number(number);
  const digits = first_17_digits(bare);
  if (digits === null || !is_well_formed(bare)) return null;
  return bare.length === 15 ? digits + check_character_of(digits) : bare.slice(0, 18);
}

prepared["members.id_length"] = (row) => (row.id_number === null ? null : length_of(bare_number(row.id_number)));

prepared["members.id_well_formed"] = (row) => (row.id_number === null ? null : is_well_formed(bare_number(row.id_number)));

prepared["members.id_check_fits"] = (row) => {
  const digits = digits_of(row);
  const bare = digits === null ? "" : bare_number(row.id_number);
  return digits === null || bare.length === 15 ? null : bare[17] === check_character_of(digits);
};

prepared["members.id_dated"] = (row) => (digits_of(row) === null ? null : birth_day_of(digits_of(row)) !== null);

prepared["members.id_birth_date"] = (row) => (digits_of(row) === null ? null : birth_day_of(digits_of(row)));

prepared["members.id_years_back"] = (row, tables, household, context) => {
  const born = digits_of(row) === null ? null : birth_day_of(digits_of(row));
  if (born === null) return null;
  const years = years_between(born, iso_day(day_number(context.on) - 1));
  return years === null ? 0 : years + 1;
};

prepared["members.id_sex"] = (row) => {
  const digits = digits_of(row);
  return digits === null ? null : Number(digits[16]) % 2 ? "male" : "female";
};

// the certificates of a member: the one given, and the identity number where it is one
function certificates_of(row) {
  const own = row.id_number === null ? [] : [bare_number(row.id_number)].filter(is_certificate_length);
  return row.disability_certificate === null ? own : [bare_number(row.disability_certificate), ...own];
}

prepared["members.certificate_malformed"] = (row) => {
  const found = certificates_of(row);
  if (!found.length) return null;
  return found.some(
    (text) => !is_certificate_length(text) || !/^[1-7][1-4]$/.test(part_of(text, 18, 20)),
  );
};

prepared["members.certificate_of_another"] = (row) => {
  const key = person_key_of(row.id_number);
  if (row.disability_certificate === null || key === null) return null;
  return part_of(bare_number(row.disability_certificate), 0, 18) !== key;
};

prepared["members.certificate_level"] = (row) => {
  const found = certificates_of(row);
  const level = found.length ? part_of(found[0], 19, 20) : "";
  return /^[1-4]$/.test(level) ? Number(level) : null;
};
