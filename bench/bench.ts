import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";

import { bringModel } from "./bring-model";
import { runChild } from "./child";
import { compareComparisons } from "./comparisons";
import { timeToFirstLine } from "./first-line";
import { measureLimit, measureRun, type Measured } from "./measure";
import { comparePruning, pruneLarge } from "./pruning";
import { median } from "./statistics";
import { findPython, measurePyTorch } from "./pytorch";
import { largeModel, modelOfDepth } from "./synthetic";
import { Report } from "./report";
import { compareRuntimes } from "./runtimes";

/*
 * npm run bench [-- --large] [-- --comparisons] [-- --pruning] [-- --rounds n]
 * npm run bench -- --runtimes
 *
 * Every figure that is compared with another is measured in turn with it, round after round, each in a process of its own:
 * machines drift, ratios do not.
 */

async function bench(): Promise<void> {
  const rounds = Number(argument("--rounds") ?? 3);
  const report = new Report("npm run bench", cpus()[0]?.model ?? "unknown", cpus().length);
  const real = await bringModel();
  if (process.argv.includes("--runtimes")) {
    const runtimes = new Report("npm run bench -- --runtimes", cpus()[0]?.model ?? "unknown", cpus().length);
    await compareRuntimes(runtimes, real, rounds, progress);
    await writeFile(join("bench", "runtimes.md"), runtimes.text());
    console.log(`\n${runtimes.text()}`);
    return;
  }
  const demo = join("models", "demo");

  for (const [name, path] of [
    ["SmolLM2-135M (Q4_1)", real],
    ["bundled model", demo],
  ] as const) {
    if (path === undefined) {
      report.note(`${name} could not be brought: its part of the benchmark is missing.`);
      continue;
    }
    await compareWithPeers(report, name, path, rounds);
  }
  await growth(report, real ?? demo, rounds);
  await firstLayer(report, rounds);
  if (process.argv.includes("--comparisons") && real !== undefined)
    await compareComparisons(report, real, await findPython(), rounds, progress);
  else report.note("Sentence pairs, all pairs and patching are measured with --comparisons only.");
  if (process.argv.includes("--pruning") && real !== undefined)
    await comparePruning(report, real, await findPython(), rounds, progress);
  else report.note("Pruning is measured with --pruning only.");
  if (process.argv.includes("--large")) await large(report);
  else report.note("The 7B-shaped model is measured with --large only.");
  await writeFile(join("bench", "results.md"), report.text());
  console.log(`\n${report.text()}`);
}

/** 16 texts of 128 tokens: this project, the limit, and the paper's procedure in PyTorch. */
async function compareWithPeers(report: Report, name: string, path: string, rounds: number): Promise<void> {
  const python = await findPython();
  const ours: Measured[] = [];
  const limits: number[] = [];
  const float32: Measured[] = [];
  const bfloat16: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    progress(`${name}, round ${round + 1} of ${rounds}`);
    ours.push(await measureRun({ path, texts: 16, tokens: 128 }));
    limits.push(await measureLimit({ path, texts: 16, tokens: 128 }));
    if (python === undefined) continue;
    float32.push(await measurePyTorch(python, path, 16, 128, "float32"));
    bfloat16.push(await measurePyTorch(python, path, 16, 128, "bfloat16"));
  }
  const seconds = median(ours.map((run) => run.seconds));
  const peak = median(ours.map((run) => run.peakMiB));
  const rows = [["Paramscope", fixed(seconds), fixed(peak, 0), "", ""]];
  const ratios = ours.map((run, i) => run.seconds / limits[i]);
  rows.push(["limit: 3.75 products", fixed(median(limits)), "", `${fixed(median(ratios))} x the limit`, ""]);
  for (const [label, runs] of [
    ["PyTorch, float32", float32],
    ["PyTorch, bfloat16", bfloat16],
  ] as const) {
    if (runs.length === 0) continue;
    const faster = runs.map((run, i) => run.seconds / ours[i].seconds);
    const smaller = runs.map((run, i) => run.peakMiB / ours[i].peakMiB);
    rows.push([
      label,
      fixed(median(runs.map((run) => run.seconds))),
      fixed(median(runs.map((run) => run.peakMiB)), 0),
      `Paramscope ${fixed(median(faster))} x faster`,
      `in 1/${fixed(median(smaller), 1)} of the memory`,
    ]);
  }
  report.table(`${name}: 16 texts of 128 tokens`, ["", "seconds", "peak MiB", "time", "memory"], rows);
  if (python === undefined)
    report.note("No Python with torch and transformers was found: PyTorch is not in the table.");
}

async function growth(report: Report, path: string, rounds: number): Promise<void> {
  const cases = [
    ...[1, 4, 16, 64].map((texts) => ({
      what: `${texts} texts of 128 tokens`,
      path,
      texts,
      tokens: 128,
      per: texts,
      unit: "text",
    })),
    ...[32, 64, 128, 256, 512].map((tokens) => ({
      what: `4 texts of ${tokens} tokens`,
      path,
      texts: 4,
      tokens,
      per: 4 * tokens,
      unit: "token",
    })),
  ];
  const depths: typeof cases = [];
  for (const layers of [4, 8, 16, 32])
    depths.push({
      what: `${layers} layers, 4 texts of 128 tokens`,
      path: await modelOfDepth(layers),
      texts: 4,
      tokens: 128,
      per: layers,
      unit: "layer",
    });
  const rows: string[][] = [];
  const runs = new Map<string, Measured[]>();
  for (let round = 0; round < rounds; round++)
    for (const one of [...cases, ...depths]) {
      progress(`${one.what}, round ${round + 1} of ${rounds}`);
      const measured = await measureRun(one);
      runs.set(one.what, [...(runs.get(one.what) ?? []), measured]);
    }
  for (const { what, per, unit } of [...cases, ...depths]) {
    const all = runs.get(what) ?? [];
    const seconds = median(all.map((run) => run.seconds));
    rows.push([
      what,
      fixed(seconds),
      `${fixed((1000 * seconds) / per, 1)} ms per ${unit}`,
      fixed(median(all.map((run) => run.peakMiB)), 0),
    ]);
  }
  report.table("Growth", ["", "seconds", "", "peak MiB"], rows);
}

/** From the start of the process to the first layer's line, as a user waits for it. */
async function firstLayer(report: Report, rounds: number): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds + 2; round++) times.push(await timeToFirstLine());
  report.table(
    "Bundled model: process start to the first layer's line",
    ["", "seconds"],
    [["median", fixed(median(times))]],
  );
}

async function large(report: Report): Promise<void> {
  progress("writing a LLaMA-7B-shaped model");
  const path = await largeModel();
  progress("one text of 128 tokens on it");
  const run = await measureRun({ path, texts: 1, tokens: 128, memory: 2 ** 31 });
  report.table(
    "LLaMA-7B-shaped, bfloat16, one text of 128 tokens, --memory 2GiB",
    ["", "seconds", "peak MiB"],
    [["Paramscope", fixed(run.seconds, 1), fixed(run.peakMiB, 0)]],
  );
  if (process.argv.includes("--pruning")) await pruneLarge(report, path, progress);
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

function fixed(value: number, digits = 2): string {
  return value.toFixed(digits);
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

void (process.argv[2] === "--child" ? runChild(process.argv[3]) : bench());
