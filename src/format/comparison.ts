import type { ComparisonDocument, ComparisonModule } from "../engine/document/document";
import { PLACE } from "../engine/text/template";
import { lengthNames } from "./length-names";
import { numberedName, shortNamesIn } from "./matrix-names";
import { CLEARLY, printAlike } from "./claims";
import { formatNumber } from "./numbers";
import { elementAt } from "../engine/numbers/elements";

/* What a comparison shows, in words and figures. */

/**
 * Contrast relevance and relevance, each with its place among unrelated texts, as all texts of a model have much in common; and what
 * stood around the texts.
 */
export function relevanceSentences(document: ComparisonDocument): string[] {
  const { relevance, contrastRelevance, percentiles, yardstick, template } = document;
  const one = isOne(document.deep);
  const where = deepInWords(document.deep);
  const placed = (share: number | null | undefined, median: number | null | undefined): string =>
    typeof share !== "number" || typeof median !== "number" || yardstick === null
      ? ""
      : `, ${rankAmong(share, yardstick.pairs)} (their median is ${formatNumber(median)})`;
  const ofContrast = placed(percentiles?.contrast, yardstick?.contrastMedian);
  const ofPaper = placed(percentiles?.similarity, yardstick?.median);
  return [
    ...(contrastRelevance === null
      ? []
      : [
          `Contrast relevance ${formatNumber(contrastRelevance)}, without what all texts have in common: ${one ? "that" : "the mean"} of ${where}${ofContrast}.`,
        ]),
    contrastRelevance === null
      ? `Relevance ${formatNumber(relevance)}: the ${one ? "" : "mean "}similarity of ${where}.`
      : `As in the paper, relevance ${formatNumber(relevance)}: the ${one ? "similarity of the same layer" : "mean similarity of the same layers"}${ofPaper}.`,
    ...(yardstick === null ? [] : [`The unrelated texts are ${classesInWords(yardstick)}.`]),
    ...(template === null ? [] : [`Each text stood in the template ${template}`]),
  ];
}

const endings = {
  sentence: "end with a sentence",
  line: "end with a line",
  middle: "end in the middle of a sentence",
} as const;

/** What the unrelated texts have in common with the two: `303 sentences and prompts on this model that end with a sentence` */
function classesInWords({ texts, a, b }: NonNullable<ComparisonDocument["yardstick"]>): string {
  const [sizeOfA, sizeOfB] = [lengthNames[a.length], lengthNames[b.length]];
  const size = a.length === b.length ? `${sizeOfA} ones` : `${sizeOfA} and ${sizeOfB} ones, as the two are`;
  const [ofA, ofB] = [a.ending && endings[a.ending], b.ending && endings[b.ending]];
  const ending =
    ofA === null || ofB === null
      ? ""
      : ofA === ofB
        ? `${a.length === b.length ? "" : ","} that ${ofA}`
        : `, of which one ${ones(ofA)} and the other ${ones(ofB)}`;
  return `${texts} ${size}${ending}, on this model`;
}

/** `end with a line` of one text. */
const ones = (ending: string): string => ending.replace(/^end/, "ends");

/** The text that stands in a template, which has its place once; as it is where there is no such template. */
export function withoutTemplate(text: string, template: string | null): string {
  const parts = (template ?? "").split(PLACE);
  const [before = "", after = ""] = parts;
  const isWithin =
    parts.length === 2 &&
    text.length >= before.length + after.length &&
    text.startsWith(before) &&
    text.endsWith(after);
  return isWithin ? text.slice(before.length, text.length - after.length) : text;
}

/** `the deep layers 6 to 9` */
export function deepInWords(deep: readonly [number, number]): string {
  const [from, to] = deep;
  return isOne(deep) ? `the deep layer ${from}` : `the deep layers ${from} to ${to - 1}`;
}

const isOne = ([from, to]: readonly [number, number]): boolean => to - from === 1;

/** Rounded down, so that it is true of as many; a share below 1 % is said as the number of pairs that it is. */
function rankAmong(share: number, pairs: number): string {
  const all = `${pairs} pairs of unrelated texts`;
  if (share >= 1) return `more than any of ${all}`;
  if (share <= 0) return `not more than any of ${all}`;
  // a percentage of whole pairs may lie below a whole one by a rounding error
  const whole = Math.floor(100 * share + 1e-9);
  return whole > 0 ? `more than ${whole} % of ${all}` : `more than ${Math.round(share * pairs)} of ${all}`;
}

/** A matrix, and how alike two texts activate it. */
export interface ComparedMatrix {
  /** Index into the document's layers, and into the modules of that layer. */
  readonly row: number;
  readonly index: number;
  readonly layer: number;
  /** `q` for `self_attn.q_proj`. */
  readonly name: string;
  readonly similarity: number;
}

/**
 * Whether how alike two texts activate a matrix says something of it: an expert's that no token of one side reaches is 0 alike
 * whatever the other does, and said of the experts.
 */
export function isHeldSideBySide({ name, a, b }: Pick<ComparisonModule, "name" | "a" | "b">): boolean {
  return (a > 0 && b > 0) || numberedName(name).expert === undefined;
}

/** The matrices in which the two are least alike, the least alike first; without experts' that one side does not reach. */
export function leastAlike({ layers }: Pick<ComparisonDocument, "layers">, count: number): ComparedMatrix[] {
  const shortName = shortNamesIn(layers);
  const matrices = layers.flatMap(({ layer, modules }, row) =>
    modules.flatMap((module, index) =>
      isHeldSideBySide(module)
        ? [{ row, index, layer, name: shortName(module.name), similarity: module.similarity }]
        : [],
    ),
  );
  return matrices.sort((x, y) => x.similarity - y.similarity).slice(0, count);
}

/** Where two texts are least alike, in a line; another where they are as alike in every matrix. */
export function partingSentence(document: Pick<ComparisonDocument, "layers">): string {
  const all = leastAlike(document, Infinity);
  const [least] = all;
  const most = all.at(-1);
  if (least === undefined || most === undefined || areAlike(document))
    return "They part nowhere: every matrix is activated alike.";
  if (printAlike(formatNumber, least.similarity, most.similarity))
    return `They are as alike in every matrix (${formatNumber(least.similarity)}).`;
  return `They differ most in ${all.slice(0, 3).map(matrixWithSimilarity).join(", ")}.`;
}

/** `layer 21 v (0.32)` */
export function matrixWithSimilarity({ layer, name, similarity }: ComparedMatrix): string {
  return `layer ${layer} ${name} (${formatNumber(similarity)})`;
}

/** Float32 sums leave a cosine of equal scores that far from 1. */
const ROUNDING = 1e-5;

/** Every matrix is activated alike: the two are one text, or as good as one to the model. */
export function areAlike({ layers }: Pick<ComparisonDocument, "layers">): boolean {
  return layers.every(({ modules }) =>
    modules.every(({ similarity, a, b }) => similarity > 1 - ROUNDING || (a === 0 && b === 0)),
  );
}

/** An attention head, `17.4` for head 4 of layer 17. */
export interface OwnHead {
  readonly layer: number;
  readonly head: number;
  /** The head's share of all activation of the side whose own it is, by its share of the other's. */
  readonly times: number;
}

/**
 * The heads that are among the strongest tenth of one side only, and of which that side makes clearly more (`CLEARLY`). A head's strength is its part of the side's whole activation,
 * so that a side that activates everything more strongly has no more heads of its own; its activation is the sum over the
 * matrices that are divided into as many heads as there are queries (keys and values may have fewer, which are others).
 * Ordered by the ratio of the head's part of its own side to its part of the other.
 */
export function ownHeads({ layers }: Pick<ComparisonDocument, "layers">): {
  readonly a: readonly OwnHead[];
  readonly b: readonly OwnHead[];
  /** The strongest tenth is the same of both. */
  readonly areSame: boolean;
} {
  const modules = layers.flatMap((layer) => layer.modules);
  const whole = { a: sum(modules.map(({ a }) => a)), b: sum(modules.map(({ b }) => b)) };
  const heads = layers.flatMap(({ layer, modules }) => {
    const parts = modules.flatMap(({ heads }) =>
      [...new Set(heads.map(({ part }) => part))].map((name) => heads.filter(({ part }) => part === name)),
    );
    const queries = Math.max(0, ...parts.map((part) => part.length));
    const counted = parts.filter((part) => part.length === queries);
    return Array.from({ length: queries }, (_, head) => ({
      layer,
      head,
      a: sum(counted.map((part) => elementAt(part, head).a)) / (whole.a || 1),
      b: sum(counted.map((part) => elementAt(part, head).b)) / (whole.b || 1),
    }));
  });
  const strongest = (side: "a" | "b") =>
    new Set([...heads].sort((x, y) => y[side] - x[side]).slice(0, Math.ceil(heads.length / 10)));
  const [ofA, ofB] = [strongest("a"), strongest("b")];
  const own = (mine: ReadonlySet<(typeof heads)[number]>, other: typeof mine, side: "a" | "b"): OwnHead[] =>
    [...mine]
      .filter((head) => !other.has(head))
      .map(({ layer, head, a, b }) => ({ layer, head, times: side === "a" ? a / b : b / a }))
      .filter(({ times }) => times >= CLEARLY)
      .sort((x, y) => y.times - x.times);
  return { a: own(ofA, ofB, "a"), b: own(ofB, ofA, "b"), areSame: [...ofA].every((head) => ofB.has(head)) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
