// Values as plain JSON that says which kind each is; engines.py says the same of Python's values.

export function canonical(value) {
  if (value === undefined) throw new TypeError("undefined is no value");
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return "t:" + value;
  if (typeof value === "bigint" || typeof value === "number") return "n:" + value;
  if (Array.isArray(value)) return value.map(canonical);
  if ("units" in value) {
    const text = String(value);
    return "n:" + (value.places ? text.replace(/\.?0+$/, "") : text);
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, canonical(one)]));
}

export function answers(module, households) {
  return households.map(([household, tables, context]) => {
    const values = module.evaluate(household, tables, context);
    const told = { values: canonical(values), bits: canonical(module.bits(values)), shown: module.shown(values) };
    if (module.rowResults) told.rows = canonical(module.rowResults(household, tables, context));
    return told;
  });
}
