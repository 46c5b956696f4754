// What every module for the phone rests on: exact numbers, three values, days, and reading rows as they came.
// The meaning is that of shouwang/policy/closure.py, to the letter; tests/javascript holds the two together.
//
// How this folder is read (shouwang/policy/phone_code.py): a top-level statement begins in column 0 with function,
// const or class, and its further lines are indented or begin with a bracket; comments are lines of their own. Only
// what a plan reaches by name comes into its module. Nothing newer than Chrome 97 may be used.

// ---- exact numbers: whole units of 10^-places; never a double

class Exact {
  constructor(units, places) {
    this.units = units;
    this.places = places;
  }
  toString() {
    const digits = String(this.units < 0n ? -this.units : this.units).padStart(this.places + 1, "0");
    const cut = digits.length - this.places;
    const text = this.places ? digits.slice(0, cut) + "." + digits.slice(cut) : digits;
    return this.units < 0n ? "-" + text : text;
  }
  toJSON() {
    return this.toString();
  }
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

const TENS = [1n];

function ten_to(places) {
  while (TENS.length <= places) TENS.push(TENS[TENS.length - 1] * 10n);
  return TENS[places];
}

// an exact number from its text, a whole or decimal JavaScript number (as it prints) or a BigInt; null for nothing
function exact(value) {
  if (value === null || value === undefined || value === "") return null;
  if (value instanceof Exact) return value;
  const found = typeof value === "boolean" ? null : NUMBER.exec(String(value).trim());
  if (!found || !(found[2] || found[3])) throw new TypeError(`${JSON.stringify(value)} is no number`);
  const fraction = found[3] || "";
  const units = BigInt(found[1].replace("+", "") + (found[2] || "0") + fraction);
  const places = fraction.length - Number(found[4] || 0);
  return places < 0 ? new Exact(units * ten_to(-places), 0) : new Exact(units, places);
}

function units_at(number, places) {
  return number.places === places ? number.units : number.units * ten_to(places - number.places);
}

function add(a, b) {
  if (a === null || b === null) return null;
  const places = Math.max(a.places, b.places);
  return new Exact(units_at(a, places) + units_at(b, places), places);
}

function subtract(a, b) {
  return b === null ? null : add(a, new Exact(-b.units, b.places));
}

function multiply(a, b) {
  return a === null || b === null ? null : new Exact(a.units * b.units, a.places + b.places);
}

function negative(a) {
  return a === null ? null : new Exact(-a.units, a.places);
}

function absolute(a) {
  return a !== null && a.units < 0n ? negative(a) : a;
}

// top / bottom with so many places, half away from zero; null where either is unknown or the bottom is 0
function rounded_quotient(top, bottom, places) {
  if (top === null || bottom === null || bottom.units === 0n) return null;
  const both = Math.max(top.places, bottom.places);
  const over = absolute(top).units * ten_to(both - top.places) * ten_to(places);
  const under = absolute(bottom).units * ten_to(both - bottom.places);
  const whole = (2n * over + under) / (2n * under);
  return new Exact(top.units < 0n !== bottom.units < 0n ? -whole : whole, places);
}

function rounded(number, places) {
  return rounded_quotient(number, new Exact(1n, 0), places);
}

// ---- order and equality of known values: numbers exactly, texts and ISO dates by code point

// a surrogate stands for a point above U+FFFF
function point(unit) {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function text_order(a, b) {
  const shorter = Math.min(a.length, b.length);
  for (let place = 0; place < shorter; place++) {
    const x = a.charCodeAt(place);
    const y = b.charCodeAt(place);
    if (x !== y) return point(x) - point(y);
  }
  return a.length - b.length;
}

function order(a, b) {
  if (a instanceof Exact) {
    const places = Math.max(a.places, b.places);
    const x = units_at(a, places);
    const y = units_at(b, places);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return typeof a === "string" ? text_order(a, b) : Number(a) - Number(b);
}

function eq(a, b) {
  return a === null || b === null ? null : order(a, b) === 0;
}

function ne(a, b) {
  return a === null || b === null ? null : order(a, b) !== 0;
}

function lt(a, b) {
  return a === null || b === null ? null : order(a, b) < 0;
}

function le(a, b) {
  return a === null || b === null ? null : order(a, b) <= 0;
}

function gt(a, b) {
  return a === null || b === null ? null : order(a, b) > 0;
}

function ge(a, b) {
  return a === null || b === null ? null : order(a, b) >= 0;
}

// ---- three values

function not3(a) {
  return a === null ? null : !a;
}

function all3(...values) {
  return agg_every(values);
}

function any3(...values) {
  return agg_any(values);
}

function is_in(value, ...options) {
  if (value === null) return null;
  if (options.some((option) => option !== null && order(value, option) === 0)) return true;
  return options.includes(null) ? null : false;
}

function first_known(...values) {
  for (const value of values) if (value !== null) return value;
  return null;
}

// of known values alone (see _only_where_known in expressions.py); the first of equals, as Python's max
function largest(...values) {
  return values.reduce((best, value) => (order(value, best) > 0 ? value : best));
}

function smallest(...values) {
  return values.reduce((best, value) => (order(value, best) < 0 ? value : best));
}

// ---- aggregates over the values of rows

function known(values) {
  return values.filter((value) => value !== null);
}

function agg_sum(values) {
  const found = known(values);
  return found.length ? found.reduce(add) : null;
}

function agg_count(values) {
  return exact(known(values).length);
}

function agg_min(values) {
  const found = known(values);
  return found.length ? smallest(...found) : null;
}

function agg_max(values) {
  const found = known(values);
  return found.length ? largest(...found) : null;
}

function agg_any(values) {
  if (values.includes(true)) return true;
  return values.includes(null) ? null : false;
}

function agg_every(values) {
  if (values.includes(false)) return false;
  return values.includes(null) ? null : true;
}

// rows by a value, in the order in which the values appear: [[value, rows], …]
function grouped(rows, name) {
  const groups = new Map();
  for (const row of rows) {
    const key = row[name] instanceof Exact ? shortest(row[name]) : row[name];
    if (!groups.has(key)) groups.set(key, [row[name], []]);
    groups.get(key)[1].push(row);
  }
  return [...groups.values()];
}

// the same text for the same number, however many places it came with
function shortest(number) {
  return number.places ? String(number).replace(/\.?0+$/, "") : String(number);
}

// ---- days: dates are ISO texts

function day_number(iso) {
  return Date.parse(iso) / 86400000;
}

// days from one date to another
function days_between(start, end) {
  return day_number(end) - day_number(start);
}

function iso_day(number) {
  return new Date(number * 86400000).toISOString().slice(0, 10);
}

// working days from the first to the last known day; exceptions to Monday to Friday as gaps of days, in base 36
function calendar_of(first, last, gaps) {
  const base = day_number(first);
  const turned = new Set();
  gaps.split(" ").reduce((at, gap) => {
    turned.add(at + parseInt(gap, 36));
    return at + parseInt(gap, 36);
  }, 0);
  const counts = [0];
  for (let n = 0; n <= day_number(last) - base; n++) {
    // 1970-01-01 was a Thursday: day 4 of a week that begins on Sunday
    const weekday = (((base + n + 4) % 7) + 7) % 7;
    const works = (weekday > 0 && weekday < 6) !== turned.has(n);
    counts.push(counts[n] + (works ? 1 : 0));
  }
  const count = (iso) => counts[day_number(iso) - base + 1];
  return {
    knows: (iso) => first <= iso && iso <= last,
    count,
    between: (start, end) => count(end) - count(start),
    is_working_day: (iso) => count(iso) > counts[day_number(iso) - base],
  };
}

// ---- rows as they came

function a_truth(value) {
  if (value === true || value === false) return value;
  throw new TypeError(`${JSON.stringify(value)} is neither true nor false`);
}

function a_day(value) {
  const day = typeof value === "string" ? day_number(value) : NaN;
  if (Number.isNaN(day) || iso_day(day) !== value) throw new TypeError(`${JSON.stringify(value)} is no day such as 2024-09-01`);
  return value;
}

function a_text(value) {
  if (Array.isArray(value)) return value.length ? value.join(";") : null;
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new TypeError(`${JSON.stringify(value)} is no text`);
}

function a_place(value) {
  const found = Number(value);
  if (Number.isFinite(found)) return found;
  throw new TypeError(`${JSON.stringify(value)} is no number of degrees`);
}

const READ = { number: exact, truth: a_truth, day: a_day, text: a_text, degrees: a_place };

// the row with its columns as values: numbers exact, lists joined by ";", an empty text unknown; TypeError for a wrong one
function read_row(table, columns, row) {
  const read = { ...row };
  for (const kind in columns) {
    for (const name of columns[kind]) {
      const value = row[name];
      try {
        read[name] = value === null || value === undefined || value === "" ? null : READ[kind](value);
      } catch (mistake) {
        throw new TypeError(`${table}.${name}: ${mistake.message}`);
      }
    }
  }
  return read;
}

function read_tables(columns, tables) {
  const read = {};
  for (const name in tables) {
    if (tables[name] !== null && tables[name] !== undefined) {
      read[name] = columns[name] ? tables[name].map((row) => read_row(name, columns[name], row)) : tables[name];
    }
  }
  return read;
}

// what a prepared column gives, as a value: whole JavaScript numbers become exact
function fact(value) {
  if (value === undefined || value === null) return null;
  return typeof value === "number" || typeof value === "bigint" ? exact(value) : value;
}

// the value of a parameter in a place: [[prefix, value], …], the longest first
function in_place(pairs, area) {
  for (const [prefix, value] of pairs) if (area.startsWith(prefix)) return value;
  return null;
}

// ---- results

function bits_of(rules, values) {
  let fired = 0n;
  let unknown = 0n;
  Object.values(rules).forEach((name, place) => {
    if (name === null) return;
    if (values[name] === undefined) throw new TypeError(`no value ${name}`);
    if (values[name] === true) fired |= 1n << BigInt(place);
    if (values[name] === null) unknown |= 1n << BigInt(place);
  });
  return [fired, unknown];
}

// [[rule id, row, result], …], rule by rule
function row_results(rules, judged) {
  const found = [];
  for (const [rule, name, table] of rules) for (const row of judged[table]) found.push([rule, row, row[name]]);
  return found;
}

function shown_value(values, name, kind, places) {
  if (kind === "quotient") return rounded_quotient(values[`${name}__n`], values[`${name}__d`], places);
  const value = values[name];
  if (value === undefined || value === null) return null;
  return kind === "rounded" ? rounded(value, places) : value;
}

function shown_values(indicators, focus, values) {
  const found = {};
  for (const name in indicators) {
    const value = shown_value(values, name, ...indicators[name]);
    found[name] = value instanceof Exact ? String(value) : value;
  }
  found.focus_categories = focus.filter((name) => values[`focus_${name}`] === true);
  return found;
}
