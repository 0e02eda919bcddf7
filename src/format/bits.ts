import type { BitsDocument, BitsPoint } from "../engine/document/document";
import { formatBytes } from "../engine/numbers/bytes";
import { zip } from "../engine/numbers/elements";
import { batchMeans, intervalAround, uncertainMean } from "../engine/numbers/weighted-mean";
import { capital, listed, printsMore } from "./claims";
import { formatCount, formatDuration, formatNumber, formatShare } from "./numbers";
import { shellWords } from "./shell-words";
import { type PerplexityRatio, perplexityRatio, timesInWords } from "./perplexity-ratio";

/* What a choice of formats is, and what it costs, in words and figures. */

export type Way = BitsDocument["by"];

/** As it stands behind "by". */
export const wayInWords: Readonly<Record<Way, string>> = {
  sensitivity: "sensitivity",
  activation: "activation",
  "output-error": "output error",
  uniform: "one format for all",
  "llama.cpp": "llama.cpp's mixture",
};

/** Fewer windows tell nothing of how far something varies. */
const LEAST_WINDOWS = 3;
/** Neighbouring windows are joined to at most so many stretches: see perplexity-ratio.ts. */
const MOST_BATCHES = 8;

/** `4.5`: bits with at most two decimals. */
export const formatBits = (bits: number): string => String(Number(bits.toFixed(2)));

/** `by sensitivity`, `by llama.cpp's mixture, Q4_K_M` */
export function choiceInWords({ by, mixture }: Pick<BitsPoint, "by" | "mixture">): string {
  return `${wayInWords[by]}${mixture === null ? "" : `, ${mixture}`}`;
}

/** `3 texts · demo · by sensitivity · 4.5 bits a weight · 2,048 tokens · 4.2 s` */
export function bitsTitle({ calibration, model, size, run, by, mixture }: BitsDocument): string {
  const [first] = calibration.sources;
  return [
    calibration.sources.length === 1 ? first : `${formatCount(calibration.sources.length)} texts`,
    model.name,
    `by ${choiceInWords({ by, mixture })}`,
    `${formatBits(size.bitsPerWeight)} bits a weight`,
    `${formatCount(calibration.tokens)} tokens`,
    formatDuration(run.seconds),
  ].join(" · ");
}

/** What the weights take, and took. */
export function sizeSentence({ size }: BitsDocument): string {
  return `The weights take ${formatBytes(size.bytes)}, ${formatBits(size.bitsPerWeight)} bits each on the average; as they are stored now they take ${formatBytes(size.stored)}.`;
}

/** How many matrices each format has, from the fewest bits on: `12 in Q4_0, 3 in Q8_0`. */
export function formatsSentence({ tensors }: Pick<BitsDocument, "tensors">): string {
  const counts = new Map<string, { matrices: number; bits: number }>();
  for (const { format, options, parameters } of tensors) {
    const bytes = options.find((option) => option.format === format)?.bytes ?? 0;
    const known = counts.get(format) ?? { matrices: 0, bits: (8 * bytes) / parameters };
    counts.set(format, { ...known, matrices: known.matrices + 1 });
  }
  const said = [...counts]
    .sort(([, a], [, b]) => a.bits - b.bits)
    .map(([format, { matrices }]) => `${formatCount(matrices)} in ${format}`);
  return `Of ${formatCount(tensors.length)} matrices ${listed(said)}.`;
}

type Evaluation = NonNullable<BitsDocument["evaluation"]>;

/** A mean over windows and its interval of 95 %, where there are windows enough. */
export interface MeanOfWindows {
  readonly mean: number;
  readonly interval: readonly [low: number, high: number] | undefined;
}

/** The mean of a figure of each window, weighted with its tokens. */
export function meanOfWindows(values: readonly number[], tokens: readonly number[]): MeanOfWindows {
  const weighted = zip(values, tokens).reduce((sum, [value, weight]) => sum + value * weight, 0);
  const mean = weighted / tokens.reduce((sum, weight) => sum + weight, 0);
  if (values.length < LEAST_WINDOWS) return { mean, interval: undefined };
  const batches = batchMeans(values, tokens, MOST_BATCHES);
  const [low, high] = intervalAround(uncertainMean(batches.means, batches.weights));
  return { mean, interval: [low, high] };
}

/** `0.0145 (0.0133 to 0.0157)` */
export function inWords({ mean, interval }: MeanOfWindows, format = formatNumber): string {
  return interval === undefined ? format(mean) : `${format(mean)} (${interval.map(format).join(" to ")})`;
}

/** The quantised model's perplexity by the dense one's. */
export function ratioToDense({ dense, quantized, tokens }: Evaluation): PerplexityRatio {
  return perplexityRatio([quantized.losses, dense.losses], tokens, quantized.perplexity / dense.perplexity);
}

/** What the choice costs on the text. */
export function costSentences(evaluation: Evaluation): string[] {
  return changedModelCosts(evaluation, evaluation.quantized, "quantised");
}

/** What a changed model costs on a text that had no say in the change. @param name what it is called beside the dense one. */
export function changedModelCosts(
  { dense, tokens, text, window, windows }: Pick<Evaluation, "dense" | "tokens" | "text" | "window" | "windows">,
  changed: Evaluation["quantized"],
  name: string,
): string[] {
  const where =
    windows === 1
      ? `${formatCount(window)} tokens`
      : `${formatCount(windows)} windows of ${formatCount(window)} tokens`;
  const predicted = tokens.reduce((sum, count) => sum + count, 0);
  const ratio = perplexityRatio([changed.losses, dense.losses], tokens, changed.perplexity / dense.perplexity);
  return [
    `Divergence from the dense model on ${text} (${where}): ${inWords(meanOfWindows(changed.divergences, tokens))}.`,
    `Perplexity: dense ${formatNumber(dense.perplexity)}, ${name} ${formatNumber(changed.perplexity)}, ${timesInWords(ratio, "dense")}. At ${formatShare(changed.agreement)} of ${formatCount(predicted)} positions both find the same token the likeliest.`,
  ];
}

/** One way at one size, and how far its divergence is from that of the choice. */
export interface ComparedWay extends Pick<
  BitsPoint,
  "by" | "mixture" | "bytes" | "bitsPerWeight" | "perplexity" | "agreement"
> {
  readonly divergence: MeanOfWindows;
  readonly isChoice: boolean;
}

/** The choice and what was compared with it, from the smallest on. */
export function comparedWays({ by, mixture, size, evaluation, curve }: BitsDocument): ComparedWay[] {
  if (evaluation === null) return [];
  const { tokens, quantized } = evaluation;
  const own = { ...quantized, by, mixture, bytes: size.bytes, bitsPerWeight: size.bitsPerWeight, isChoice: true };
  return [own, ...curve.map((point) => ({ ...point, isChoice: false }))]
    .map(({ divergences, ...point }) => ({ ...point, divergence: meanOfWindows(divergences, tokens) }))
    .sort((a, b) => a.bytes - b.bytes);
}

/** Sizes that differ by less are one: what is left of the room is never quite nothing. */
const SAME_SIZE = 0.005;

/**
 * How the choice compares with other ways, with each at its smallest size that is no smaller than the choice's: on the same windows, and only where the
 * difference is certain; of the rest it is said that it is within what windows vary.
 */
export function waysFinding({ by, size, evaluation, curve }: BitsDocument): string {
  if (evaluation === null) return "";
  const others = curve.filter((point) => point.by !== by && point.bytes >= (1 - SAME_SIZE) * size.bytes);
  const byWay = new Map<Way, BitsPoint>();
  for (const point of others) {
    const known = byWay.get(point.by);
    if (known === undefined || point.bytes < known.bytes) byWay.set(point.by, point);
  }
  const told: Record<"less" | "more" | "unsure", string[]> = { less: [], more: [], unsure: [] };
  for (const point of byWay.values()) {
    const differences = zip(evaluation.quantized.divergences, point.divergences).map(([own, other]) => own - other);
    const { mean, interval } = meanOfWindows(differences, evaluation.tokens);
    const isLarger = point.bytes > (1 + SAME_SIZE) * size.bytes;
    const name = `${choiceInWords(point)}${isLarger ? ` of ${formatBytes(point.bytes)}` : ""}`;
    const [low, high] = interval ?? [-1, 1];
    if (low <= 0 && high >= 0) told.unsure.push(name);
    else
      told[mean < 0 ? "less" : "more"].push(
        `by ${name} (${formatNumber(evaluation.quantized.divergence / point.divergence)} ×)`,
      );
  }
  return [
    ...(told.less.length > 0 ? [`The divergence is less than ${listed(told.less)}.`] : []),
    ...(told.more.length > 0 ? [`The divergence is more than ${listed(told.more)}.`] : []),
    ...(told.unsure.length > 0 ? [`How it compares with ${listed(told.unsure)} is within what windows vary.`] : []),
  ].join(" ");
}

/** Where the most of what is expected to be lost is lost: `Most is expected to be lost in layer 3 down, 12 %.` */
export function lossFinding(
  { tensors, by }: BitsDocument,
  nameOf: (tensor: BitsDocument["tensors"][number]) => string,
): string {
  if (by !== "sensitivity") return "";
  const costs = tensors.map((tensor) => ({ tensor, cost: chosenOption(tensor)?.cost ?? 0 }));
  const all = costs.reduce((sum, { cost }) => sum + cost, 0);
  const [most, next] = [...costs].sort((a, b) => b.cost - a.cost);
  if (most === undefined || !(all > 0)) return "";
  if (next !== undefined && !printsMore(formatShare, most.cost / all, next.cost / all)) return "";
  return `${capital(nameOf(most.tensor))}, in ${most.tensor.format}, takes the largest share of what is expected to be lost: ${formatShare(most.cost / all)}.`;
}

/** An argument as it is typed in a shell. */
function asTyped(argument: string): string {
  return /^[\w./:=@%+,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

export function chosenOption({ format, options }: BitsDocument["tensors"][number]) {
  return options.find((option) => option.format === format);
}

/** What was written, and what to do with it. */
export function fileSentences({ files, recipe }: BitsDocument): string[] {
  const said = files.map(({ kind, path, bytes }) => {
    switch (kind) {
      case "model":
        return `The model is in ${path}: ${formatBytes(bytes)}.`;
      case "types":
        return `The formats of its tensors are in ${path}.`;
      case "imatrix":
        return `The importance of columns is in ${path}.`;
    }
  });
  return recipe === null ? said : [...said, `llama.cpp makes the same file by: ${recipe.map(asTyped).join(" ")}`];
}

/** What is to be said where formats were chosen again at another size than the one that was measured; nothing where they were not. */
export function plannedSentence(document: BitsDocument, planned: BitsDocument): string {
  if (planned === document) return "";
  return `These formats are planned: what they cost was not measured${document.evaluation === null ? "" : `, only what ${formatBits(document.size.bitsPerWeight)} bits cost`}.`;
}

/** The command that makes the same choice, and writes it. */
export function quantizeCommand({ model, run, calibration, by, formats }: BitsDocument, bits: number): string {
  const { sources, window, samples } = calibration;
  return shellWords([
    ...["paramscope", "quantize", ...sources],
    ...["--model", model.path],
    ...["--size", `${Number(bits.toFixed(4))}bpw`],
    ...(by === "sensitivity" ? [] : ["--by", by]),
    ...["--window", String(window), "--max-samples", String(samples)],
    ...(run.chat === true ? ["--chat"] : []),
    ...["--formats", formats.join(",")],
    ...["--gguf", `${model.name}-${formatBits(bits)}bpw.gguf`],
  ]);
}
