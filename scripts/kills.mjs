/**
 * Kills the command at random moments, as the system or a lost power does, and looks at what is left.
 *   node scripts/kills.mjs export|pairs [--times 100] [--seed 1]
 * `export`: a folder of `prune --export` is whole or not there, and the next run makes it. `pairs`: a run that goes on from its
 * file gives what one without a break gives.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: "string", default: "100" }, seed: { type: "string", default: "1" } },
});
const folder = mkdtempSync(join(tmpdir(), "paramscope-kills-"));
const cli = "dist/cli.cjs";
let state = Number(values.seed);
const random = () => ((state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff), state / 0x7fffffff);

/** Runs the command, for so long at most; whether it came to its end. */
async function killed(args, milliseconds) {
  const child = spawn(process.execPath, [cli, ...args], { stdio: "ignore" });
  const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  const code = await new Promise((resolve) => child.on("exit", resolve));
  clearTimeout(timer);
  return code === 0;
}

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
let ended = 0;
const fail = (what) => {
  wrong++;
  console.log(what);
};

async function exports() {
  const target = join(folder, "pruned");
  const args = ["prune", "--text", "The river rose in the night.", "--quiet", "--export", target];
  const { milliseconds } = whole(args);
  const expected = digest(target);
  for (let time = 0; time < Number(values.times); time++) {
    rmSync(target, { recursive: true });
    if (await killed(args, milliseconds * random())) ended++;
    if (existsSync(target) && digest(target) !== expected) fail(`time ${time}: ${target} is there and not whole`);
    if (time % 10 === 9 || !existsSync(target)) whole([...args, ...(existsSync(target) ? ["--force"] : [])]);
    if (digest(target) !== expected) fail(`time ${time}: the next run made something else`);
    const left = readdirSync(folder).filter((name) => name !== "pruned");
    if (left.length > 0) fail(`time ${time}: the next run left ${left.join(", ")}`);
  }
}

async function pairs() {
  const resume = join(folder, "run.resume");
  const args = ["pairs", "test/data/stsb-dev-100.tsv", "--limit", "40", "--json", "--quiet"];
  const result = (text) => JSON.stringify({ ...JSON.parse(text), run: undefined });
  const { stdout, milliseconds } = whole(args);
  const expected = result(stdout);
  for (let time = 0; time < Number(values.times); time++) {
    if (await killed([...args, "--resume", resume], milliseconds * random())) ended++;
    const went = whole([...args, "--resume", resume]);
    if (result(went.stdout) !== expected) fail(`time ${time}: the resumed run gives something else`);
    rmSync(resume, { force: true });
    const left = readdirSync(folder);
    if (left.length > 0) fail(`time ${time}: the next run left ${left.join(", ")}`);
  }
}

const work = { export: exports, pairs }[positionals[0] ?? ""];
if (work === undefined) throw new Error("say what is to be killed: export or pairs");
await work();
rmSync(folder, { recursive: true });
console.log(`${values.times} kills of ${positionals[0]}, ${ended} came too late; ${wrong} wrong`);
process.exitCode = wrong > 0 ? 1 : 0;
