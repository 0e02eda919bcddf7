/**
 * Kills the command or the scoring process at random moments, as the system does, and looks at what is left. Needs a build.
 *   node scripts/kills.mjs export|pairs|scoring [--times 100] [--seed 1]
 * So many kills that came in time are made. `export`: most of them while the folder is written; a folder of `prune --export` is whole or not there, and the next run makes it. `pairs`: a run that goes on from its
 * file gives what one without a break gives. `scoring`: the request that was waited for says that its process was killed, what it
 * was writing is whole or not there, and the next request gives what it gives without.
 */
import { build } from "esbuild";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: "string", default: "100" }, seed: { type: "string", default: "1" } },
});
const folder = mkdtempSync(join(tmpdir(), "paramscope-kills-"));
const cli = "dist/cli.cjs";
let state = Number(values.seed);
const random = () => ((state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff), state / 0x7fffffff);

/**
 * Runs the command until `moment` is there.
 * @param moment given a signal that is aborted when the command has ended.
 * @returns whether it was killed, and did not come to its end before.
 */
async function killed(args, moment) {
  const child = spawn(process.execPath, [cli, ...args], { stdio: "ignore" });
  const ending = new AbortController();
  moment(ending.signal).then(
    () => child.kill("SIGKILL"),
    () => undefined,
  );
  const signal = await new Promise((resolve) => child.on("exit", (_, name) => resolve(name)));
  ending.abort();
  return signal === "SIGKILL";
}

const after = (milliseconds) => (signal) => sleep(milliseconds, undefined, { signal });

/** So long after a file or folder is there. */
const afterIsThere = (path, milliseconds) => async (signal) => {
  while (!existsSync(path)) await sleep(1, undefined, { signal });
  await sleep(milliseconds, undefined, { signal });
};

function whole(args) {
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
  return { stdout, milliseconds: Date.now() - started };
}

/** Names and contents of a folder, as one word. */
function digest(path) {
  const hash = createHash("sha256");
  for (const name of readdirSync(path).sort()) hash.update(name).update(readFileSync(join(path, name)));
  return hash.digest("hex");
}

let wrong = 0;
let real = 0;
let late = 0;
let resumed = 0;
let halfWritten = 0;
/** Counts a kill; what came too late is none, and is tried again. */
const count = (isReal) => void (isReal ? real++ : late++);
const isMore = () => real < Number(values.times);
const fail = (what) => {
  wrong++;
  console.log(what);
};

async function exports() {
  const target = join(folder, "pruned");
  const partial = join(folder, ".pruned.paramscope-partial");
  const args = ["prune", "--text", "The river rose in the night.", "--quiet", "--export", target];
  const { milliseconds } = whole(args);
  const expected = digest(target);
  rmSync(target, { recursive: true });
  // how long it writes, on this machine
  let begun = 0;
  await killed(args, async (signal) => {
    await afterIsThere(partial, 0)(signal);
    begun = Date.now();
    while (!existsSync(target)) await sleep(1, undefined, { signal });
  });
  const writing = Date.now() - begun;
  console.log(`A run takes ${milliseconds} ms, of which it writes for ${writing} ms.`);
  for (let time = 0; isMore(); time++) {
    // every second replaces an earlier one
    const force = time % 2 === 1 ? ["--force"] : [];
    if (force.length === 0) rmSync(target, { recursive: true });
    // every tenth at any moment of a run, the others while it writes
    const moment = time % 10 === 0 ? after(milliseconds * random()) : afterIsThere(partial, writing * random());
    count(await killed([...args, ...force], moment));
    if (existsSync(partial)) halfWritten++;
    if (existsSync(target) && digest(target) !== expected) fail(`time ${time}: ${target} is there and not whole`);
    whole([...args, ...(existsSync(target) ? ["--force"] : [])]);
    if (digest(target) !== expected) fail(`time ${time}: the next run made something else`);
    const left = readdirSync(folder).filter((name) => name !== "pruned");
    if (left.length > 0) fail(`time ${time}: the next run left ${left.join(", ")}`);
  }
}

/** A result without how long it took. */
const result = (document) => JSON.stringify({ ...document, run: undefined });

async function pairs() {
  const resume = join(folder, "run.resume");
  const args = ["pairs", "test/data/stsb-dev-100.tsv", "--limit", "40", "--json", "--quiet"];
  const { stdout, milliseconds } = whole(args);
  const expected = result(JSON.parse(stdout));
  for (let time = 0; isMore(); time++) {
    count(await killed([...args, "--resume", resume], after(milliseconds * random())));
    if (existsSync(resume)) resumed++;
    const went = whole([...args, "--resume", resume]);
    if (result(JSON.parse(went.stdout)) !== expected) fail(`time ${time}: the resumed run gives something else`);
    const left = readdirSync(folder);
    if (left.length > 0) fail(`time ${time}: the next run left ${left.join(", ")}`);
  }
}

/** The extension's end of the scoring process, as one file. */
async function loadClient() {
  const outfile = join(folder, "client.cjs");
  const options = { bundle: true, platform: "node", format: "cjs", logLevel: "warning" };
  await build({ ...options, entryPoints: ["src/wire/client.ts"], outfile });
  const { ScoringClient } = createRequire(import.meta.url)(outfile);
  rmSync(outfile);
  return new ScoringClient({ worker: resolve("dist/worker.cjs"), log: () => undefined });
}

async function end(client) {
  if (client.pid === undefined) return;
  process.kill(client.pid, "SIGKILL");
  while (client.pid !== undefined) await sleep(5);
}

async function scoring() {
  const client = await loadClient();
  const resumeFolder = join(folder, "resume");
  const target = join(folder, "pruned");
  const settings = {
    model: resolve("models/demo"),
    target: "spread",
    threshold: { mode: "share", share: 0.1 },
    window: 512,
    maxSamples: 64,
    chat: false,
    resumeFolder,
  };
  const set = (name) => ({ texts: [{ source: name, text: readFileSync(`samples/${name}`, "utf8") }], notes: [] });
  const side = (name) => ({ title: name, origins: [], ...set(name) });
  const named = { title: "", origins: [] };
  const rows = readFileSync("test/data/stsb-dev-100.tsv", "utf8").split("\n").slice(0, 24);
  const table = rows.map((row) => row.split("\t")).map((row) => ({ a: row[5], b: row[6], score: Number(row[4]) }));
  const method = { share: 0.1, criterion: "wanda", allocation: "uniform", sparsity: 0.5 };
  const exportTo = { folder: target, force: true };
  const requests = {
    analysis: { ...named, ...set("fiction/harbour.txt") },
    comparison: { ...named, a: side("fiction/harbour.txt"), b: side("fiction/letter.txt") },
    pairs: { ...named, pairs: table, source: "pairs.tsv", notes: [] },
    pruning: { ...named, pruning: { ...method, calibration: set("fiction/harbour.txt"), exportTo } },
  };
  const run = async (name) =>
    result(await client.run({ kind: { format: `paramscope.${name}` }, asked: requests[name], settings }));
  const expected = {};
  const took = {};
  const written = {};
  for (const name of Object.keys(requests)) {
    // not the first of its process, which has everything to load
    await run(name);
    const started = Date.now();
    expected[name] = await run(name);
    took[name] = Date.now() - started;
  }
  written.pruning = digest(target);
  for (let time = 0; isMore(); time++) {
    const name = Object.keys(requests)[time % 4];
    rmSync(target, { recursive: true, force: true });
    // half of them in a process that has just been started
    if (random() < 0.5) await end(client);
    const asked = run(name).then(
      (given) => ({ given }),
      (error) => ({ error }),
    );
    const fresh = client.pid === undefined ? 400 : 0;
    const isEnded = await Promise.race([asked.then(() => true), sleep((took[name] + fresh) * random(), false)]);
    const { pid } = client;
    const isReal = !isEnded && pid !== undefined;
    if (isReal) process.kill(pid, "SIGKILL");
    count(isReal);
    const { given, error } = await asked;
    if (given !== undefined && given !== expected[name]) fail(`time ${time}: ${name} gave something else`);
    if (error && error.kind !== "crash") fail(`time ${time}: ${name} failed with ${error.message}`);
    if (existsSync(target) && digest(target) !== written.pruning)
      fail(`time ${time}: ${target} is there and not whole`);
    if ((await run(name)) !== expected[name]) fail(`time ${time}: the next ${name} gives something else`);
    if (name === "pruning" && digest(target) !== written.pruning) fail(`time ${time}: the next export is another`);
    const left = readdirSync(folder).filter((each) => !["pruned", "resume"].includes(each));
    const kept = existsSync(resumeFolder) ? readdirSync(resumeFolder) : [];
    if (left.length + kept.length > 0) fail(`time ${time}: there is left ${[...left, ...kept].join(", ")}`);
  }
  client.dispose();
}

const work = { export: exports, pairs, scoring }[positionals[0] ?? ""];
if (work === undefined) throw new Error("say what is to be killed: export, pairs or scoring");
await work();
rmSync(folder, { recursive: true });
const went = resumed > 0 ? `, ${resumed} went on from a file` : "";
const half = halfWritten > 0 ? `, ${halfWritten} left a folder half written, which the next run cleared` : "";
console.log(`${real} kills of ${positionals[0]} (${late} more came too late)${went}${half}; ${wrong} wrong`);
process.exitCode = wrong > 0 ? 1 : 0;
