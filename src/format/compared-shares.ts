import type { ComparisonDocument, ComparisonModule } from "../engine/document/document";
import { extremes, printAlike } from "./claims";
import { formatRatio } from "./typical-findings";
import { heldSideBySide } from "./comparison-findings";

type Sums = Pick<ComparisonModule, "a" | "b" | "background">;

/**
 * What several matrices hold of the activation of one side, as a ratio to what they hold of that of unrelated texts.
 * @returns undefined where nothing is known of those: there were none, or the file is of an earlier version.
 */
export function sharesBesideUnrelated({
  layers,
}: Pick<ComparisonDocument, "layers">): ((modules: readonly Sums[], side: "a" | "b") => number) | undefined {
  const all = layers.flatMap(({ modules }) => modules);
  if (all.length === 0 || all.some(({ background }) => background === undefined)) return undefined;
  const sum = (modules: readonly Sums[], of: keyof Sums): number =>
    modules.reduce((total, each) => total + (each[of] ?? 0), 0);
  const whole = { a: sum(all, "a"), b: sum(all, "b"), background: sum(all, "background") };
  return (modules, side) => {
    const usual = sum(modules, "background") / whole.background;
    const share = sum(modules, side) / whole[side];
    // a matrix that unrelated texts do not reach has no usual share
    return usual > 0 && Number.isFinite(share) ? share / usual : 1;
  };
}

/** Where the two are furthest from what unrelated texts do: `A is furthest from its usual share in layer 3 q, ×1.42, B in layer 4 k, ×0.71.` */
export function sharesFinding(document: Pick<ComparisonDocument, "layers">): string {
  const ratioOf = sharesBesideUnrelated(document);
  if (ratioOf === undefined) return "";
  const places = heldSideBySide(document);
  const furthest = (side: "a" | "b") =>
    extremes(
      places.map(({ name, module }) => ({ name, ratio: ratioOf([module], side) })),
      ({ ratio }) => (ratio > 0 ? Math.abs(Math.log2(ratio)) : Infinity),
    )?.most;
  const [a, b] = [furthest("a"), furthest("b")];
  if (a === undefined || b === undefined) return "";
  if (printAlike(formatRatio, a.ratio, b.ratio, 1))
    return "Both share their activation among the matrices as unrelated texts do.";
  return `Furthest from the share that unrelated texts have: A in ${a.name}, ${formatRatio(a.ratio)}, B in ${b.name}, ${formatRatio(b.ratio)}.`;
}
