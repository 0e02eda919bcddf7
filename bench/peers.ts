import { elementAt } from "../src/engine/numbers/elements";
import { median } from "../src/engine/numbers/statistics";
import { measureLimit, measureRun, type Measured } from "./measure";
import type { PartRun } from "./part";
import { findPython, measurePyTorch } from "./pytorch";
import { fixed } from "./fixed";
import { demoModel } from "./texts";

/** 16 texts of 128 tokens: this project, the limit, and the paper's procedure in PyTorch. */
export async function comparePeers(run: PartRun): Promise<void> {
  const python = await findPython();
  if (run.real !== undefined) await compareWithPeers(run, "SmolLM2-135M (Q4_1)", run.real, python);
  await compareWithPeers(run, "bundled model", demoModel, python);
  if (python === undefined)
    run.report.note("No Python with torch and transformers was found: PyTorch is not in the tables.");
}

async function compareWithPeers(
  { report, rounds, progress }: PartRun,
  name: string,
  path: string,
  python: string | undefined,
): Promise<void> {
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
  const ratios = ours.map((run, i) => run.seconds / elementAt(limits, i));
  rows.push(["limit: 3.75 products", fixed(median(limits)), "", `${fixed(median(ratios))} x the limit`, ""]);
  for (const [label, runs] of [
    ["PyTorch, float32", float32],
    ["PyTorch, bfloat16", bfloat16],
  ] as const) {
    if (runs.length === 0) continue;
    const faster = runs.map((run, i) => run.seconds / elementAt(ours, i).seconds);
    const smaller = runs.map((run, i) => run.peakMiB / elementAt(ours, i).peakMiB);
    rows.push([
      label,
      fixed(median(runs.map((run) => run.seconds))),
      fixed(median(runs.map((run) => run.peakMiB)), 0),
      `Paramscope ${fixed(median(faster))} x faster`,
      `in 1/${fixed(median(smaller), 1)} of the memory`,
    ]);
  }
  report.table(`${name}: 16 texts of 128 tokens`, ["", "seconds", "peak MiB", "time", "memory"], rows);
}
