/**
 * Changes good inputs at random and takes them through opening, tokenizing, analysing, reading and showing: all must end with a result or with a line that
 * says what is wrong, in time and in memory.
 *   npm run fuzz -- [--minutes 5] [--seed 1] [--first 0] [--only safetensors]
 * A fault is printed with what makes it again: `--seed S --first I`.
 */
import { execFileSync, fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const HANG_MILLISECONDS = 60_000;
const MOST_BYTES = 3e9;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
    only: { type: "string", default: "" },
  },
});
/** A document of each kind, which are changed then. */
const texts = ["--text", "The river rose.", "--text", "The river fell in the night, and nobody slept."];
const fixture = ["--model", "test/fixtures/llama", "--window", "16"];
const commands = {
  analysis: ["analyze", ...texts, "--positions", ...fixture],
  frequency: ["analyze", ...texts, "--frequency", ...fixture],
  comparison: ["compare", ...texts, ...fixture],
  pairs: ["pairs", "test/data/stsb-dev-100.tsv", "--limit", "6", ...fixture],
  domains: ["domains", "samples/fiction", "samples/math", ...fixture],
  calibration: ["domains", "samples/fiction", "samples/math", "--prune", ...fixture],
  patching: ["patch", "--text", "The river rose", "--text", "The lover rose", "--model", "test/fixtures/llama"],
  pruning: ["prune", ...texts, ...fixture],
  bits: ["quantize", ...texts, "--size", "6", ...fixture],
  shrink: ["shrink", ...texts, "--layers", "1", ...fixture],
  neurons: ["neurons", ...texts, ...fixture],
  models: ["compare", ...texts, "--model-b", "test/fixtures/llama", ...fixture],
};
const documents = mkdtempSync(join(tmpdir(), "paramscope-documents-"));
process.on("exit", () => rmSync(documents, { recursive: true }));
for (const [name, args] of Object.entries(commands)) {
  const options = { maxBuffer: 2 ** 28, stdio: ["ignore", "pipe", "inherit"] };
  const json = execFileSync(process.execPath, ["dist/cli.cjs", ...args, "--quiet", "--json"], options);
  writeFileSync(join(documents, `${name}.json`), json);
}

const until = Date.now() + 60_000 * Number(values.minutes);
const counts = new Map();
const faults = new Map();

function found(what, { index, name }) {
  const line = what.split("\n").slice(0, 4).join("\n");
  // of one kind the first is enough
  const key = `${name}: ${what.split("\n").slice(0, 2).join(" ").replace(/\d+/g, "#")}`;
  if (faults.has(key)) return;
  faults.set(key, index);
  const only = values.only === "" ? "" : ` --only ${values.only}`;
  console.log(`FAULT of ${name} (--seed ${values.seed} --first ${index}${only}):\n${line}\n`);
}

/** Runs cases from `first` on, until the time is over or the process is gone; the next case. */
async function batch(first) {
  const child = fork("dist/fuzz.cjs", [documents, String(first), values.seed, values.only], {
    execArgv: ["--max-old-space-size=2048"],
  });
  let current = { index: first, name: "?" };
  let isDone = false;
  let timer;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      found(`takes more than ${HANG_MILLISECONDS / 1000} s`, current);
      child.kill("SIGKILL");
    }, HANG_MILLISECONDS);
  };
  child.on("message", (message) => {
    current = message;
    watch();
    if (message.type !== "end") return;
    const count = counts.get(message.name) ?? { opened: 0, refused: 0 };
    count[message.end]++;
    counts.set(message.name, count);
    if (message.fault) found(message.fault, message);
    if (message.rss > MOST_BYTES) {
      found(`takes ${Math.round(message.rss / 1e6)} MB`, message);
      child.kill("SIGKILL");
    }
    if (Date.now() > until) {
      isDone = true;
      child.kill("SIGKILL");
    }
  });
  watch();
  const signal = await new Promise((resolve) => child.on("exit", (code, name) => resolve(name ?? code)));
  clearTimeout(timer);
  if (!isDone && signal !== "SIGKILL") found(`ends the process (${signal})`, current);
  return current.index + 1;
}

for (let first = Number(values.first); Date.now() < until;) first = await batch(first);
for (const [name, { opened, refused }] of [...counts].sort())
  console.log(`${name}: ${opened} went through, ${refused} were refused`);
console.log(`${faults.size} faults`);
process.exitCode = faults.size > 0 ? 1 : 0;
