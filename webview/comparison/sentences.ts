import type { ComparisonDocument, ComparisonModule } from "../../src/engine/document/document";
import { areAlike, leastAlike, type OwnHead, ownHeads } from "../../src/format/comparison";
import { shortNames } from "../../src/format/matrix-names";
import { formatNumber, formatShare } from "../../src/format/numbers";
import { balanceInWords, balanceOf, type Measure } from "./measures";

/** How alike the shallow and the deep layers are, and where least: `Similarity falls from 0.94 …` */
export function curvesFinding(document: ComparisonDocument): string {
  if (areAlike(document)) return "Similarity is 1 in every layer.";
  const { layers, deep } = document;
  const least = layers.reduce((a, b) => (b.similarity < a.similarity ? b : a));
  const shallow = layers.slice(0, deep[0]);
  const deepest = layers.slice(...deep);
  if (shallow.length === 0) return `Similarity is least in layer ${least.layer}, ${formatNumber(least.similarity)}.`;
  const [before, after] = [meanOf(shallow), meanOf(deepest)];
  const change = Math.abs(after - before) < 0.005 ? "stays the same" : after < before ? "falls" : "rises";
  const figures =
    change === "stays the same"
      ? `at ${formatNumber(before)}`
      : `from ${formatNumber(before)} in the shallow layers to ${formatNumber(after)} in the deep ones`;
  return `Similarity ${change} ${figures}; it is least in layer ${least.layer}, ${formatNumber(least.similarity)}.`;
}

const meanOf = (layers: readonly { readonly similarity: number }[]): number =>
  layers.reduce((sum, { similarity }) => sum + similarity, 0) / layers.length;

/** What the matrices show, by the measure: where the two are least and most alike, or what each side has more of. */
export function matricesFinding(document: ComparisonDocument, measure: Measure): string {
  const all = document.layers.flatMap(({ layer, modules }) => {
    const names = shortNames(modules.map(({ name }) => name));
    return modules.map((module, i) => ({ name: `layer ${layer} ${names[i]}`, balance: balanceOf(module), module }));
  });
  if (all.length === 0) return "";
  if (measure === "similarity") {
    if (areAlike(document)) return "A and B are alike in every matrix.";
    const least = all.reduce((a, b) => (b.module.similarity < a.module.similarity ? b : a));
    const most = all.reduce((a, b) => (b.module.similarity > a.module.similarity ? b : a));
    const at = ({ similarity }: ComparisonModule) => formatNumber(similarity);
    return `A and B are least alike in ${least.name}, ${at(least.module)}, and most in ${most.name}, ${at(most.module)}.`;
  }
  if (all.every(({ balance }) => balance === 0)) return "Both activate every matrix as strongly.";
  const stronger = all.filter(({ balance }) => balance > 0).length;
  const furthest = all.reduce((a, b) => (Math.abs(b.balance) > Math.abs(a.balance) ? b : a));
  return (
    `B has the higher mean activation in ${stronger} of ${all.length} matrices; the sides differ most in ` +
    `${furthest.name}, where ${balanceInWords(furthest.module)}.`
  );
}

export interface PartingLine {
  readonly row: number;
  readonly index: number;
  /** `Layer 21 v` */
  readonly place: string;
  readonly text: string;
}

/** The three matrices that are least alike, each in words with its figures; none where the two are alike everywhere. */
export function partingLines(document: ComparisonDocument): PartingLine[] {
  if (areAlike(document)) return [];
  return leastAlike(document, 3).map(({ row, index, layer, name, similarity }) => {
    const module = document.layers[row].modules[index];
    const shared =
      module.overlap === 0
        ? "they share none of the strongest weights"
        : `they share ${formatShare(module.overlap)} of the strongest weights`;
    return {
      row,
      index,
      place: `Layer ${layer} ${name}`,
      text: `similarity ${formatNumber(similarity)}, ${formatNumber(document.layers[row].similarity)} in the whole layer; ${shared}, and ${balanceInWords(module)}.`,
    };
  });
}

/** `Only A: head 17.4 (2.3 times its part of B), …`; undefined for a model without heads. */
export function ownHeadSentences(document: ComparisonDocument): string[] {
  const hasHeads = document.layers.some(({ modules }) => modules.some(({ heads }) => heads.length > 0));
  if (!hasHeads) return [];
  const { a, b } = ownHeads(document);
  if (a.length === 0 && b.length === 0) return ["The strongest tenth of the heads is the same in A and B."];
  return [`Only A: ${headsInWords(a, "B")}.`, `Only B: ${headsInWords(b, "A")}.`];
}

function headsInWords(heads: readonly OwnHead[], other: string): string {
  if (heads.length === 0) return "no head";
  const times = ({ times }: OwnHead) =>
    Number.isFinite(times) ? `${formatNumber(times)} times its part of ${other}` : `not active in ${other}`;
  return heads
    .slice(0, 3)
    .map((own, i) => `${i === 0 ? "head " : ""}${own.layer}.${own.head} (${times(own)})`)
    .join(", ");
}
