import { fixed } from "./fixed";
import { measurePlan, measureRun } from "./measure";
import type { PartRun } from "./part";
import { largeModel } from "./synthetic";
import { mixtureModel } from "./synthetic-mixture";

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** A model of the size of LLaMA-7B: what it holds at most. */
export async function measureLarge(run: PartRun): Promise<void> {
  await measured(run, "LLaMA-7B-shaped, bfloat16", largeModel, 2);
}

/** A mixture of experts of the size of gpt-oss-20b: what it holds at most. */
export async function measureLargeMixture(run: PartRun): Promise<void> {
  await measured(run, "gpt-oss-20b-shaped, experts in MXFP4", mixtureModel, 2.5);
}

/** One text of 128 tokens within so much memory, beside what is planned. */
async function measured(
  { report, progress }: PartRun,
  name: string,
  write: () => Promise<string>,
  gibibytes: number,
): Promise<void> {
  progress(`writing the model: ${name}`);
  const task = { path: await write(), texts: 1, tokens: 128, memory: gibibytes * GIB };
  progress("one text of 128 tokens on it");
  const run = await measureRun(task);
  const plan = await measurePlan(task);
  report.table(
    `${name}, one text of 128 tokens, --memory ${gibibytes}GiB`,
    ["", "seconds", "peak MiB"],
    [
      ["measured", fixed(run.seconds, 1), fixed(run.peakMiB, 0)],
      ["planned", plan.seconds.map((seconds) => fixed(seconds, 1)).join(" to "), fixed(plan.memory / MIB, 0)],
    ],
  );
}
