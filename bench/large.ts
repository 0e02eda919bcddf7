import { measureRun } from "./measure";
import type { PartRun } from "./part";
import { fixed } from "./fixed";
import { largeModel } from "./synthetic";

/** A model of the size of LLaMA-7B: what it holds at most. */
export async function measureLarge({ report, progress }: PartRun): Promise<void> {
  progress("writing a LLaMA-7B-shaped model");
  const path = await largeModel();
  progress("one text of 128 tokens on it");
  const run = await measureRun({ path, texts: 1, tokens: 128, memory: 2 ** 31 });
  report.table(
    "LLaMA-7B-shaped, bfloat16, one text of 128 tokens, --memory 2GiB",
    ["", "seconds", "peak MiB"],
    [["Paramscope", fixed(run.seconds, 1), fixed(run.peakMiB, 0)]],
  );
}
