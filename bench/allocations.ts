import { readFile } from "node:fs/promises";

import { openModel, prune } from "../src/engine/index";
import type { PruneAllocation, PruneCriterion, PruneRequest } from "../src/engine/api";
import type { EvaluationDescription } from "../src/engine/document/pruning";
import { defaults } from "../src/engine/run/defaults";
import { parseTarget } from "../src/engine/sweep/target";
import { allocationRatio, criterionInWords } from "../src/format/pruning";
import { formatNumber, formatShare } from "../src/format/numbers";
import { timesInColumn, verdicts } from "../src/format/perplexity-ratio";
import type { PartRun } from "./part";
import { demoModel, wikitext } from "./texts";

const WINDOW = 256;
const WINDOWS = 24;
/** The part of the text that pruning is calibrated with; the rest is evaluated. */
const CALIBRATED = 0.6;
const TEXTS = 16;
const CRITERIA: readonly PruneCriterion[] = ["magnitude", "wanda"];
const SPARSITIES = [0.5, 0.6, 0.7];
const ALLOCATIONS: readonly PruneAllocation[] = ["activation", "owl"];

/** What it buys that layers lose different shares, against the same share of every layer: from what the default is taken. */
export async function measureAllocations({ report, real, progress }: PartRun): Promise<void> {
  const text = await readFile(wikitext, "utf8");
  const cut = text.indexOf("\n", CALIBRATED * text.length);
  const calibration = Array.from({ length: TEXTS }, (_, i) => ({
    source: `stretch ${i + 1}`,
    text: text.slice((cut * i) / TEXTS, (cut * (i + 1)) / TEXTS),
  }));
  const evaluation = { text: { source: "the rest", text: text.slice(cut) }, windows: WINDOWS, even: true };
  for (const path of [demoModel, ...(real === undefined ? [] : [real])]) {
    const model = await openModel(path);
    const target = parseTarget(defaults.target, model.tokenizer);
    const asked: { row: string[]; ratio: ReturnType<typeof allocationRatio> }[] = [];
    for (const criterion of CRITERIA)
      for (const sparsity of SPARSITIES) {
        const row = [criterionInWords[criterion], formatShare(sparsity)];
        for (const [i, allocation] of ALLOCATIONS.entries()) {
          progress(`${model.name}, ${criterion} ${sparsity}, ${allocation}`);
          const method = { criterion, sparsity, allocation, share: defaults.share, window: WINDOW };
          const evaluated = await evaluatedPruning({ model, target, calibration, evaluation, ...method });
          if (i === 0) row.push(formatNumber(evaluated.even?.perplexity ?? NaN));
          asked.push({ row, ratio: allocationRatio(evaluated) });
        }
      }
    // all comparisons of a model together
    const certain = verdicts(asked.flatMap(({ ratio }) => (ratio === undefined ? [] : [ratio])));
    for (const [i, { row, ratio }] of asked.entries())
      if (ratio) row.push(`${timesInColumn(ratio)}${certain[i] === null ? "" : ` ${certain[i] ?? ""}`}`);
    report.table(
      `${model.name}: perplexity by that of the same share of every layer, ${TEXTS} windows of ${WINDOW} of WikiText-2 to calibrate with, ${WINDOWS} others evaluated`,
      ["criterion", "sparsity", "uniform", "by activation", "by outliers"],
      [...new Set(asked.map(({ row }) => row))],
    );
    await model.close();
  }
  report.note("`less` and `more` stand where that is certain for all comparisons with a model together (95 %).");
}

async function evaluatedPruning(request: PruneRequest): Promise<EvaluationDescription> {
  for await (const event of prune(request))
    if (event.type === "done" && event.result.document.perplexity !== null) return event.result.document.perplexity;
  throw new Error("the pruning was not evaluated");
}
