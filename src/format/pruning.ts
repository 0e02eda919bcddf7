import type { CurvePoint, PruningDocument } from "../engine/document/document";
import { printAlike, printsMore } from "./claims";
import { formatBytes } from "../engine/numbers/bytes";
import { formatCount, formatDuration, formatNumber, formatShare } from "./numbers";
import {
  changeInWords,
  intervalOf,
  type PerplexityRatio,
  perplexityRatio,
  timesInWords,
  verdicts,
  WITHIN_CHANCE,
  withoutInterval,
} from "./perplexity-ratio";

/* What pruning did and cost, in words and figures. */

export const criterionInWords: Record<PruningDocument["criterion"], string> = {
  magnitude: "magnitude",
  wanda: "Wanda",
  activation: "activation",
  sparsegpt: "SparseGPT",
};

/** `Wanda, 50 %, allocated by activation` */
export function methodInWords({
  criterion,
  sparsity,
  pattern,
  allocation,
  strength,
}: Pick<PruningDocument, "criterion" | "sparsity" | "pattern" | "allocation" | "strength">): string {
  const much = pattern === null ? formatShare(sparsity) : `${pattern.pruned}:${pattern.of}`;
  if (pattern !== null) return `${criterionInWords[criterion]}, ${much}`;
  const within = strength === undefined ? "" : ` (± ${formatShare(strength)})`;
  return `${criterionInWords[criterion]}, ${much}, ${allocationInWords[allocation]}${within}`;
}

const allocationInWords: Record<PruningDocument["allocation"], string> = {
  uniform: "uniform",
  activation: "allocated by activation",
  owl: "allocated by outliers",
  given: "allocated as given",
};

/** `8 texts · demo · Wanda, 50 %, allocated by activation · 2,048 tokens · 4.2 s` */
export function pruningTitle(document: PruningDocument): string {
  const { calibration, model, run } = document;
  const texts = new Set(calibration.sources);
  const [first] = texts;
  return [
    ...(texts.size === 0 ? [] : [texts.size === 1 ? first : `${formatCount(calibration.texts)} texts`]),
    model.name,
    methodInWords(document),
    ...(calibration.tokens === 0
      ? []
      : [`${formatCount(calibration.tokens)} ${calibration.tokens === 1 ? "token" : "tokens"}`]),
    formatDuration(run.seconds),
  ].join(" · ");
}

/** What of the model is 0 now. */
export function zerosSentence({ layers, model }: PruningDocument): string {
  const zeros = layers.reduce((sum, layer) => sum + layer.zeros, 0);
  return `${formatCount(zeros)} of ${formatCount(model.scored)} weights are 0 now.`;
}

type Evaluation = NonNullable<PruningDocument["perplexity"]>;

/** The pruned model's perplexity by the dense one's. */
export function ratioToDense({ dense, pruned, losses }: Evaluation): PerplexityRatio {
  return perplexityRatio([losses?.pruned, losses?.dense], losses?.tokens, pruned / dense);
}

/** The same of a point of the curve. */
export function pointToDense(point: CurvePoint, { dense, losses }: Evaluation): PerplexityRatio {
  return perplexityRatio([point.losses, losses?.dense], losses?.tokens, point.perplexity / dense);
}

/** What the pruning costs in perplexity. */
export function perplexitySentence(evaluation: Evaluation): string {
  const { dense, pruned, text, window, windows } = evaluation;
  const where =
    windows === 1
      ? `${formatCount(window)} tokens`
      : `${formatCount(windows)} windows of ${formatCount(window)} tokens`;
  return `Perplexity on ${text} (${where}): dense ${formatNumber(dense)}, pruned ${formatNumber(pruned)}${costInWords(evaluation)}.`;
}

/** The pruned model's perplexity by that of the same share of every layer, where that was measured. */
export function allocationRatio({ pruned, losses, even }: Evaluation): PerplexityRatio | undefined {
  return even && perplexityRatio([losses?.pruned, even.losses], losses?.tokens, pruned / even.perplexity);
}

/** What it has bought that layers lose different shares, where that was measured. */
export function allocationSentence({
  allocation,
  perplexity,
}: Pick<PruningDocument, "allocation" | "perplexity">): string | undefined {
  const ratio = perplexity === null ? undefined : allocationRatio(perplexity);
  if (perplexity?.even === undefined || ratio === undefined) return undefined;
  const figures = `perplexity ${formatNumber(perplexity.pruned)} ${allocationInWords[allocation]}, ${formatNumber(perplexity.even.perplexity)} where every layer loses the same share`;
  const [verdict] = verdicts([ratio]);
  if (verdict === "less") return `The allocation is worth it here: ${figures}, ${changeInWords(ratio)}.`;
  if (verdict === "more") return `The allocation costs here: ${figures}, ${changeInWords(ratio)}.`;
  return `The allocation has bought nothing that could be told here: ${figures} (${withoutInterval(ratio) || WITHIN_CHANCE}).`;
}

/** `, 1.42 × dense (1.38 to 1.46)` */
function costInWords(evaluation: Evaluation): string {
  const { dense, pruned } = evaluation;
  const ratio = ratioToDense(evaluation);
  const interval = intervalOf(ratio);
  if (printAlike(formatNumber, dense, pruned) && printAlike(formatNumber, 1, ...(interval ?? [])))
    return " (no difference)";
  const [low, high] = interval ?? [NaN, NaN];
  const missing = withoutInterval(ratio);
  const chance = low <= 1 && high >= 1 ? ", within what the windows vary" : "";
  return `, ${timesInWords(ratio, "dense")}${chance}${missing && `; ${missing}`}`;
}

/** How far the two models predict the same. */
export function agreementSentence({ agreement, divergence, tokens }: Evaluation): string {
  return `At ${formatShare(agreement)} of ${formatCount(tokens)} positions both find the same token the likeliest; the mean divergence is ${formatNumber(divergence)}.`;
}

/** What was exported, and what it is good for. */
export function exportSentences({ exported, masks, layers }: PruningDocument): string[] {
  return [
    ...(exported === null
      ? []
      : [
          `The pruned model is in ${exported.path}: ${formatBytes(exported.bytes)} of weights.`,
          ...(exported.compressed === null
            ? []
            : [
                `Compressed by zstd they take about ${formatBytes(exported.compressed.pruned)}, those of the dense model ${formatBytes(exported.compressed.dense)}.`,
              ]),
          ...(layers.some(({ zeros }) => zeros > 0)
            ? [
                `Zeros alone make a model neither faster nor smaller: they are stored and multiplied like all other weights. ${isSmaller(exported) ? "Compression makes the files smaller; " : ""}2:4 patterns are faster on graphics cards with sparse products, any high sparsity in a runtime with sparse kernels.`,
              ]
            : []),
        ]),
    ...(masks === null ? [] : [`Which weights went is in ${masks.path}, ${formatBytes(masks.bytes)}.`]),
  ];
}

/** Whether an export is smaller when compressed. That is said where it was not measured, too: zeros compress well. */
function isSmaller({ bytes, compressed }: NonNullable<PruningDocument["exported"]>): boolean {
  return compressed === null || printsMore(formatBytes, bytes, compressed.pruned);
}
