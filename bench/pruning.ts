import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { elementAt } from "../src/engine/numbers/elements";
import { median } from "../src/engine/numbers/statistics";
import type { PruneCriterion } from "../src/engine/api";
import { openModel, prune } from "../src/engine/index";
import { childOf, type Measured, type PruningTask } from "./measure";
import type { PartRun } from "./part";
import { findPython } from "./pytorch";
import { largeModel } from "./synthetic";
import { benchTexts } from "./texts";

const CALIBRATION = join("test", "reference", "prune.calibration.json");
const EVALUATION = join("test", "data", "wikitext2-valid-head.txt");
/** Ids of a calibration text that the reference takes. */
const WINDOW = 256;
const LARGE_TEXTS = 4;
const LARGE_TOKENS = 128;
const criteria: readonly PruneCriterion[] = ["wanda", "sparsegpt"];
const named: Partial<Record<PruneCriterion, string>> = { wanda: "Wanda", sparsegpt: "SparseGPT" };

/** Pruning to 50 %, uniformly, against the reference program in PyTorch. */
export async function comparePruning({ report, real, rounds, progress }: PartRun): Promise<void> {
  if (real === undefined) return report.note("The real model could not be brought.");
  const python = await findPython();
  const rows: string[][] = [];
  for (const criterion of criteria) {
    const ours: Measured[] = [];
    const theirs: Measured[] = [];
    for (let round = 0; round < rounds; round++) {
      progress(`pruning by ${named[criterion]}, round ${round + 1} of ${rounds}`);
      ours.push(await measure({ kind: "pruning", path: real, criterion }));
      if (python !== undefined) theirs.push(await pruneInPyTorch(python, real, criterion));
    }
    const of = (runs: readonly Measured[], what: keyof Measured): number => median(runs.map((run) => run[what]));
    const ratio = (what: keyof Measured): number =>
      median(theirs.map((run, i) => run[what] / elementAt(ours, i)[what]));
    const row = (label: string, runs: readonly Measured[], ...more: string[]): string[] => [
      label,
      of(runs, "seconds").toFixed(2),
      of(runs, "peakMiB").toFixed(0),
      ...more,
    ];
    rows.push(row(`${named[criterion]}, Paramscope`, ours, "", ""));
    if (theirs.length > 0)
      rows.push(
        row(
          `${named[criterion]}, PyTorch`,
          theirs,
          `Paramscope ${ratio("seconds").toFixed(2)} x faster`,
          `in 1/${ratio("peakMiB").toFixed(1)} of the memory`,
        ),
      );
  }
  report.table(
    "Pruning SmolLM2-135M (Q4_1) to 50 %, 8 texts of at most 256 tokens",
    ["", "seconds", "peak MiB", "time", "memory"],
    rows,
  );
}

/** Wanda on a model of the size of LLaMA-7B: what it holds at most. */
export async function pruneLarge({ report, progress }: PartRun): Promise<void> {
  progress("writing a LLaMA-7B-shaped model");
  const path = await largeModel();
  progress(`pruning it with ${LARGE_TEXTS} texts of ${LARGE_TOKENS} tokens`);
  const run = await measure({ kind: "pruning", path, criterion: "wanda", tokens: LARGE_TOKENS, memory: 3 * 2 ** 30 });
  report.table(
    `LLaMA-7B-shaped, bfloat16, Wanda, ${LARGE_TEXTS} texts of ${LARGE_TOKENS} tokens, --memory 3GiB`,
    ["", "seconds", "peak MiB"],
    [["Paramscope", run.seconds.toFixed(1), run.peakMiB.toFixed(0)]],
  );
}

const measure = async (task: PruningTask): Promise<Measured> => JSON.parse(await childOf(task)) as Measured;

async function pruneInPyTorch(python: string, path: string, criterion: PruneCriterion): Promise<Measured> {
  const options = ["--windows", "1", "--criteria", criterion, "--allocations", "uniform"];
  const { stdout } = await promisify(execFile)(
    python,
    [join("bench", "prune_reference.py"), path, CALIBRATION, EVALUATION, ...options],
    { maxBuffer: 2 ** 24 },
  );
  const { seconds, peak_mib: peakMiB } = JSON.parse(stdout) as {
    seconds: Record<PruneCriterion, { uniform: number }>;
    peak_mib: number;
  };
  return { seconds: seconds[criterion].uniform, peakMiB };
}

/** Seconds of the pruning alone, without opening the model, as the reference counts. */
export async function runPruning({ path, criterion, tokens, memory }: PruningTask): Promise<number> {
  const texts =
    tokens === undefined
      ? (JSON.parse(await readFile(CALIBRATION, "utf8")) as { texts: string[] }).texts
      : await benchTexts(LARGE_TEXTS);
  const model = await openModel(path);
  try {
    const start = performance.now();
    const run = prune({
      model,
      target: { kind: "max-logit" },
      calibration: texts.map((text, i) => ({ source: `text ${i}`, text })),
      window: tokens ?? WINDOW,
      sparsity: 0.5,
      criterion,
      allocation: "uniform",
      share: 0.1,
      memory,
    });
    while (!(await run.next()).done);
    return (performance.now() - start) / 1000;
  } finally {
    await model.close();
  }
}
