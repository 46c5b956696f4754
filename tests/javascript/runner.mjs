// Answers one JSON question per line, so that one process serves all tests.
//   {"load": {"name": …, "file": …}}            imports a module under a name
//   {"evaluate": …, "households": [[household, tables, context], …]}   all values, bits, shown and row results of each
//   {"call": …, "function": …, "arguments": [[…], …]}   one exported function, for each list of arguments
// Values go over as they are in canonical(): numbers "n:…", texts "t:…", unknown null; {"n": "1.50"} is an exact number.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { answers, canonical } from "./canonical.mjs";

const modules = {};

function given(module, value) {
  if (Array.isArray(value)) return value.map((one) => given(module, one));
  if (value !== null && typeof value === "object" && "n" in value) return module.exact(value.n);
  return value;
}

function called(module, name, parts) {
  try {
    return canonical(module[name](...given(module, parts)));
  } catch (mistake) {
    return { error: String(mistake.message) };
  }
}

async function answer(question) {
  if (question.load) {
    modules[question.load.name] = await import(pathToFileURL(question.load.file));
    return Object.keys(modules[question.load.name]);
  }
  if (question.evaluate) return answers(modules[question.evaluate], question.households);
  const module = modules[question.call];
  return question.arguments.map((parts) => called(module, question.function, parts));
}

for await (const line of createInterface({ input: process.stdin })) {
  let told;
  try {
    told = { answer: await answer(JSON.parse(line)) };
  } catch (mistake) {
    told = { error: String(mistake.stack) };
  }
  process.stdout.write(JSON.stringify(told) + "\n");
}
