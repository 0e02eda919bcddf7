import type { ComparisonDocument, ComparisonModule } from "../engine/document/document";
import { areAlike, isHeldSideBySide, leastAlike, type OwnHead, ownHeads } from "./comparison";
import { shortNamesIn } from "./matrix-names";
import { capital, CLEARLY, extremes, printAlike } from "./claims";
import { formatNumber, formatShare } from "./numbers";
import { balanceInWords, balanceOf, formatBalance } from "./balance";
import { elementAt } from "../engine/numbers/elements";

/** How alike the shallow and the deep layers are, and where least: `Similarity falls from 0.94 …` */
export function curvesFinding(document: ComparisonDocument): string {
  if (areAlike(document)) return "Similarity is 1 in every layer.";
  const { layers, deep } = document;
  const found = extremes(layers, ({ similarity }) => similarity);
  if (found === undefined) return "";
  const { most, least } = found;
  if (printAlike(formatNumber, most.similarity, least.similarity))
    return `Similarity is ${formatNumber(least.similarity)} in every layer.`;
  const shallow = layers.slice(0, deep[0]);
  const deepest = layers.slice(...deep);
  if (shallow.length === 0) return `Similarity is least in layer ${least.layer}, ${formatNumber(least.similarity)}.`;
  const [before, after] = [meanOf(shallow), meanOf(deepest)];
  const change =
    Math.abs(after - before) < 0.005
      ? `is about the same in the shallow layers as in the deep ones, ${formatNumber(before)}`
      : `${after < before ? "falls" : "rises"} from ${formatNumber(before)} in the shallow layers to ${formatNumber(after)} in the deep ones`;
  return `Similarity ${change}; it is least in layer ${least.layer}, ${formatNumber(least.similarity)}.`;
}

const meanOf = (layers: readonly { readonly similarity: number }[]): number =>
  layers.reduce((sum, { similarity }) => sum + similarity, 0) / layers.length;

/** What the matrices show, by the measure: where the two are least and most alike, or what each side has more of. */
export function matricesFinding(document: ComparisonDocument, measure: "similarity" | "balance"): string {
  if (measure === "balance") return balanceFinding(document);
  const found = extremes(heldSideBySide(document), ({ module }) => module.similarity);
  if (found === undefined) return "";
  if (areAlike(document)) return "A and B are alike in every matrix.";
  const { most, least } = found;
  const at = ({ similarity }: ComparisonModule) => formatNumber(similarity);
  if (printAlike(formatNumber, most.module.similarity, least.module.similarity))
    return `A and B are as alike in every matrix, ${at(least.module)}.`;
  return `A and B are least alike in ${least.name}, ${at(least.module)}, and most in ${most.name}, ${at(most.module)}.`;
}

/** Which side has the higher mean activation in how many matrices, and where the sides differ most: of two texts, or two models. */
export function balanceFinding<Module extends Pick<ComparisonModule, "name" | "a" | "b">>(
  document: Layers<Module>,
): string {
  const all = heldSideBySide(document).map((place) => ({ ...place, balance: balanceOf(place.module) }));
  const [first] = all;
  if (first === undefined) return "";
  if (all.every(({ balance }) => 2 ** Math.abs(balance) < 1.05)) return "Both activate every matrix about as strongly.";
  const stronger = all.filter(({ balance }) => balance > 0 && formatBalance(balance) !== "0").length;
  const furthest = all.reduce((a, b) => (Math.abs(b.balance) > Math.abs(a.balance) ? b : a), first);
  return (
    `B has the higher mean activation in ${stronger} of ${all.length} matrices; the sides differ most in ` +
    `${furthest.name}, where ${balanceInWords(furthest.module)}.`
  );
}

interface Layers<Module> {
  readonly layers: readonly { readonly layer: number; readonly modules: readonly Module[] }[];
}

/** The matrices of which it says something to hold the two side by side, with their names: `layer 21 v`. */
export function heldSideBySide<Module extends Pick<ComparisonModule, "name" | "a" | "b">>({
  layers,
}: Layers<Module>): { readonly name: string; readonly module: Module }[] {
  const shortName = shortNamesIn(layers);
  return layers.flatMap(({ layer, modules }) =>
    modules.filter(isHeldSideBySide).map((module) => ({ name: `layer ${layer} ${shortName(module.name)}`, module })),
  );
}

/** A matrix in which two texts differ, in words. */
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
    const { modules, similarity: ofLayer } = elementAt(document.layers, row);
    const module = elementAt(modules, index);
    const shared =
      module.overlap === 0
        ? "they share none of the strongest weights"
        : `they share ${formatShare(module.overlap)} of the strongest weights`;
    return {
      row,
      index,
      place: `Layer ${layer} ${name}`,
      text: `similarity ${formatNumber(similarity)}, ${formatNumber(ofLayer)} in the whole layer; ${shared}, and ${balanceInWords(module)}.`,
    };
  });
}

/** `Clearly more in A: head 17.4 (2.3 times its part of B), …`; nothing for a model without heads, or where none is active. */
export function ownHeadSentences(document: ComparisonDocument): string[] {
  const heads = document.layers.flatMap(({ modules }) => modules.flatMap((module) => module.heads));
  if (heads.every(({ a, b }) => a === 0 && b === 0)) return [];
  const { a, b, areSame } = ownHeads(document);
  if (areSame) return ["The strongest tenth of the heads is the same in A and B."];
  if (a.length === 0 && b.length === 0)
    return [`No head is clearly more A's or B's: none has ${CLEARLY} times its part of the other side.`];
  return [`Clearly more in A: ${headsInWords(a, "B")}.`, `Clearly more in B: ${headsInWords(b, "A")}.`];
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

/** A head as its chart has it: `Head 3 of q`, with its part of the whole matrix in A and in B. */
export interface ComparedHead {
  readonly name: string;
  readonly similarity: number;
  readonly a: number;
  readonly b: number;
}

/** Which head differs most, unless all are as alike, and what the whole matrix says. */
export function matrixFinding(module: ComparisonModule, heads: readonly ComparedHead[]): string {
  const whole = capital(balanceInWords(module));
  const found = extremes(heads, ({ similarity }) => similarity);
  if (heads.length < 2 || found === undefined) return `${whole}.`;
  const { most, least } = found;
  if (printAlike(formatNumber, most.similarity, least.similarity))
    return `${whole}; every head is as alike, ${formatNumber(least.similarity)}.`;
  return (
    `${whole}; ${least.name.charAt(0).toLowerCase()}${least.name.slice(1)} is least alike, ${formatNumber(least.similarity)}, ` +
    `with ${formatShare(least.a)} of the activation in A and ${formatShare(least.b)} in B.`
  );
}
