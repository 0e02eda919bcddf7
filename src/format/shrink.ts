import type { ShrinkDocument, ShrunkSize } from "../engine/document/document";
import { formatBytes } from "../engine/numbers/bytes";
import { elementAt, zip } from "../engine/numbers/elements";
import { plural } from "../engine/numbers/plural";
import { defaults } from "../engine/run/defaults";
import { countOf, goesInSteps, type ShrinkAmount, usualSteps } from "../engine/shrink/options";
import { changedModelCosts, meanOfWindows, type MeanOfWindows } from "./bits";
import { listed } from "./claims";
import { formatCompact, formatCount, formatDuration, formatNumber, formatShare } from "./numbers";
import { perplexityRatio, timesInWords } from "./perplexity-ratio";
import { shellWords } from "./shell-words";

/* What a model lost wholly, and what that costs and brings, in words and figures. */

export type ShrinkWay = ShrinkDocument["by"];

/** As it stands behind "by". */
export const shrinkWayInWords: Readonly<Record<ShrinkWay, string>> = {
  activation: "activation",
  magnitude: "size of weights",
  perplexity: "change of perplexity",
  last: "highest number",
  random: "chance",
};

const one: Readonly<Record<ShrinkDocument["structure"], string>> = {
  layers: "layer",
  neurons: "neuron",
  heads: "head",
  experts: "expert",
};

/** `3 of 12 layers`, `102 of 512 neurons of each layer` */
export function removedInWords({
  structure,
  removed,
  of,
}: Pick<ShrinkDocument, "structure" | "removed" | "of">): string {
  const each = structure === "layers" ? "" : " of each layer";
  return `${formatCount(removed)} of ${formatCount(of)} ${of === 1 ? one[structure] : structure}${each}`;
}

/** `6 texts · demo · without 3 of 12 layers, by activation · 2,048 tokens · 4.2 s` */
export function shrinkTitle(document: ShrinkDocument): string {
  const { calibration, model, by, run } = document;
  const [first] = calibration.sources;
  return [
    calibration.sources.length === 1 ? first : `${formatCount(calibration.sources.length)} texts`,
    model.name,
    `without ${removedInWords(document)}, by ${shrinkWayInWords[by]}`,
    `${formatCount(calibration.tokens)} tokens`,
    formatDuration(run.seconds),
  ].join(" · ");
}

/** What went: of layers their numbers in the order in which they did. */
export function goneSentence(document: ShrinkDocument): string {
  const { structure, layers, removed, steps } = document;
  const measured = steps > 1 ? `, ${formatCount(steps)} times measured anew` : "";
  if (structure !== "layers") {
    const have = layers.filter(({ units }) => units > 0).length;
    const what = `${formatCount(removed)} ${removed === 1 ? one[structure] : structure}`;
    return `${have < layers.length ? plural(have, "The layer that has some loses", `The ${formatCount(have)} layers that have some lose`) : "Every layer loses"} ${what}${measured}.`;
  }
  const order = layersInOrder(document);
  const inOrder =
    new Set(layers.map(({ step }) => step).filter((step) => step !== null)).size > 1 ? ", in that order" : "";
  return `Layer${order.length === 1 ? "" : "s"} ${listed(order.map(String))} ${plural(order.length, "goes", "go")}${inOrder}${measured}.`;
}

/** What is left, and what it takes. */
export function leftSentences({ size: { dense, shrunk } }: ShrinkDocument): string[] {
  const share = (of: (size: ShrunkSize) => number): string => formatShare(of(shrunk) / of(dense));
  return [
    `What is left has ${formatCompact(shrunk.parameters)} of ${formatCompact(dense.parameters)} parameters (${share(({ parameters }) => parameters)}), and takes ${formatBytes(shrunk.bytes)} in place of ${formatBytes(dense.bytes)}.`,
    shrunk.keyValueBytes === dense.keyValueBytes
      ? `For each token of a text it keeps as much as before: ${formatBytes(dense.keyValueBytes)} of keys and values.`
      : `For each token of a text it keeps ${formatBytes(shrunk.keyValueBytes)} of keys and values in place of ${formatBytes(dense.keyValueBytes)}.`,
  ];
}

/** The middle of some speeds, and the slowest and the fastest. */
export function speedOf(speeds: readonly number[]): {
  readonly middle: number;
  readonly range: readonly [number, number];
} {
  const ordered = [...speeds].sort((a, b) => a - b);
  return {
    middle: elementAt(ordered, Math.floor((ordered.length - 1) / 2)),
    range: [elementAt(ordered, 0), elementAt(ordered, ordered.length - 1)],
  };
}

/** How many times as fast it is; only where it was in every round, or in none, is it said to be faster or slower. */
export function speedSentence({ speed }: Pick<ShrinkDocument, "speed">): string {
  const inWordsOf = (speeds: readonly number[]): string => {
    const { middle, range } = speedOf(speeds);
    return `${whole(middle)} (${whole(range[0])} to ${whole(range[1])})`;
  };
  const ratios = zip(speed.shrunk, speed.dense).map(([after, before]) => after / before);
  const { middle, range } = speedOf(ratios);
  const verdict =
    range[0] > 1
      ? `it is ${formatNumber(middle)} × as fast`
      : range[1] < 1
        ? `it is slower, ${formatNumber(middle)} × as fast`
        : "which is not certainly faster or slower";
  return `With Paramscope's own forward pass it reads ${inWordsOf(speed.shrunk)} tokens a second in place of ${inWordsOf(speed.dense)}: ${verdict}.`;
}

const whole = (value: number): string => formatCount(Number(value.toPrecision(3)));

/** What of the configuration says so. */
export function configurationSentence({ configuration }: Pick<ShrinkDocument, "configuration">): string {
  const said = configuration.map(({ key, shrunk, dense }) =>
    Array.isArray(shrunk)
      ? `${key} of ${formatCount(shrunk.length)} ${plural(shrunk.length, "layer", "layers")}`
      : `${key} ${String(shrunk)}${typeof dense === "number" ? `, not ${String(dense)}` : ""}`,
  );
  return `Its configuration says ${listed(said)}.`;
}

type Evaluation = NonNullable<ShrinkDocument["evaluation"]>;

/** What it costs on the text. */
export function shrinkCostSentences(evaluation: Evaluation): string[] {
  return changedModelCosts(evaluation, evaluation.shrunk, "shrunk");
}

/** One way of choosing what goes, and how much of it. */
export interface ComparedShrinkWay {
  readonly by: ShrinkWay;
  readonly removed: number;
  readonly parameters: number;
  readonly divergence: MeanOfWindows;
  readonly perplexity: string;
  readonly agreement: number;
}

/** The way that was meant, those that were compared with it, and other amounts: by how much goes, of as much the least divergence first. */
export function comparedShrinkWays({
  by,
  removed,
  size,
  evaluation,
  compared,
  curve,
}: ShrinkDocument): ComparedShrinkWay[] {
  if (evaluation === null) return [];
  const { tokens, dense, shrunk } = evaluation;
  const { parameters } = size.shrunk;
  return [...[{ ...shrunk, by }, ...compared].map((way) => ({ ...way, removed, parameters })), ...curve]
    .sort((a, b) => a.removed - b.removed || a.divergence - b.divergence)
    .map((way) => ({
      by: way.by,
      removed: way.removed,
      parameters: way.parameters,
      divergence: meanOfWindows(way.divergences, tokens),
      perplexity: timesInWords(
        perplexityRatio([way.losses, dense.losses], tokens, way.perplexity / dense.perplexity),
        "dense",
      ),
      agreement: way.agreement,
    }));
}

/** How the choice compares with other ways on the same windows: only where the difference is certain. */
export function shrinkWaysFinding(document: ShrinkDocument): string {
  const { evaluation, compared, curve } = document;
  if (evaluation === null) return "";
  const told: Record<"less" | "more" | "unsure", string[]> = { less: [], more: [], unsure: [] };
  for (const { by, divergences, divergence } of compared) {
    const differences = zip(evaluation.shrunk.divergences, divergences).map(([own, other]) => own - other);
    const { mean, interval } = meanOfWindows(differences, evaluation.tokens);
    const [low, high] = interval ?? [-1, 1];
    if (low <= 0 && high >= 0) told.unsure.push(`by ${shrinkWayInWords[by]}`);
    else
      told[mean < 0 ? "less" : "more"].push(
        `by ${shrinkWayInWords[by]} (${formatNumber(evaluation.shrunk.divergence / divergence)} ×)`,
      );
  }
  // beside other amounts it is said of which this is
  const what = curve.length === 0 ? "The divergence" : `Without ${removedInWords(document)} the divergence`;
  return [
    ...(told.less.length > 0 ? [`${what} is less than ${listed(told.less)}.`] : []),
    ...(told.more.length > 0 ? [`${what} is more than ${listed(told.more)}.`] : []),
    ...(told.unsure.length > 0
      ? [`How it compares with what goes ${listed(told.unsure)} is within what windows vary.`]
      : []),
  ].join(" ");
}

/** What was written. */
export function shrinkFileSentences({ files }: Pick<ShrinkDocument, "files">): string[] {
  return files.map(({ kind, path, bytes }) =>
    kind === "folder"
      ? `The model is in ${path}, as transformers loads it: ${formatBytes(bytes)} of weights.`
      : `The model is in ${path}, as llama.cpp loads it: ${formatBytes(bytes)}.`,
  );
}

/** What a layer's score is, as the head of a column. */
export function scoreTitle({ structure, by }: Pick<ShrinkDocument, "structure" | "by">): string {
  if (structure !== "layers") return by === "magnitude" ? "share of the weights" : "share of the activation";
  return by === "magnitude" ? "size of weights" : by === "perplexity" ? "loss without it" : "activation";
}

/** Layers in the order in which they go. */
function layersInOrder({ layers }: Pick<ShrinkDocument, "layers">): number[] {
  return layers
    .filter(({ isGone }) => isGone)
    .sort((a, b) => (a.step ?? 0) - (b.step ?? 0))
    .map(({ layer }) => layer);
}

/** What is known of another choice before it is run: which layers, where fewer go and each was measured without those before it. */
export function plannedRemovalSentence(
  document: ShrinkDocument,
  { removed, by }: Pick<ShrinkDocument, "removed" | "by">,
): string {
  if (removed === document.removed && by === document.by) return "";
  const { structure, steps } = document;
  const isOneByOne = structure === "layers" && goesInSteps(by) && steps === usualSteps(structure, document.removed);
  if (by !== document.by || removed > document.removed || !isOneByOne)
    return "This is planned: what would go, and what that would cost, is not known yet.";
  const first = layersInOrder(document).slice(0, removed);
  return `This is planned: ${plural(first.length, "layer", "layers")} ${listed(first.map(String))} would go; what that would cost was not measured.`;
}

/** The command that takes as much out, and writes what is left. */
export function shrinkCommand(
  document: ShrinkDocument,
  { amount, by }: { readonly amount: ShrinkAmount; readonly by: ShrinkWay },
): string {
  const { model, run, calibration, structure, of, target, steps, seed } = document;
  const isAsked = by === document.by && countOf(amount, of) === document.removed;
  const isUsual = steps === usualSteps(structure, document.removed) || !goesInSteps(by) || !isAsked;
  const much = amount.kind === "count" ? String(amount.count) : `${Number((100 * amount.share).toFixed(4))}%`;
  return shellWords([
    ...["paramscope", "shrink", ...calibration.sources],
    ...["--model", model.path],
    ...[`--${structure}`, much],
    ...(by === "activation" ? [] : ["--by", by]),
    ...(isUsual ? [] : ["--steps", String(steps)]),
    ...(target === defaults.target ? [] : ["--target", target]),
    ...(by === "random" && seed !== 0 ? ["--seed", String(seed)] : []),
    ...["--window", String(calibration.window), "--max-samples", String(calibration.samples)],
    ...(run.chat === true ? ["--chat"] : []),
    ...["--export", shrunkName(document, countOf(amount, of))],
  ]);
}

/** What a folder or a file of what is left may be called: `demo-without-2-layers`. */
export function shrunkName({ model, structure }: Pick<ShrinkDocument, "model" | "structure">, removed: number): string {
  return `${model.name.replace(/[^\w.-]/g, "_")}-without-${removed}-${removed === 1 ? one[structure] : structure}`;
}

/** A layer's score as it stands in that column. */
export function scoreInWords({ structure }: Pick<ShrinkDocument, "structure">, score: number | null): string {
  if (score === null) return "";
  return structure === "layers" ? formatNumber(score) : formatShare(score);
}

/** The most numbers that are listed of a layer. */
const MOST_LISTED = 12;

/** `3, 7 and 9`; of many the first. */
export function goneInWords(gone: readonly number[]): string {
  return gone.length <= MOST_LISTED
    ? gone.join(", ")
    : `${gone.slice(0, MOST_LISTED).join(", ")} … (${formatCount(gone.length)})`;
}
