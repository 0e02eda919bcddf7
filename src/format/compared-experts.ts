import type { ComparisonDocument } from "../engine/document/document";
import { CLEARLY, extremes, listed, printAlike } from "./claims";
import { formatDensity, formatNumber } from "./numbers";

/* The experts of a mixture in two texts: what terminal and page say of them alike. */

/** An expert in A and in B. */
export interface ComparedExpert {
  readonly layer: number;
  readonly expert: number;
  /** How many of a side's tokens are routed to it, and what share that is of those that pass its layer. */
  readonly tokens: Sides;
  readonly share: Sides;
  /** Its part of all of a side's activation. */
  readonly part: Sides;
  /** Over all of its matrices; 0 where a side does not reach it. */
  readonly similarity: number;
  /** The share that each of the layer's experts would have if all had as many tokens: of either side. */
  readonly equal: Sides;
  /** All of the texts' tokens pass its layer, not the target's position alone. */
  readonly isPassed: boolean;
}

interface Sides {
  readonly a: number;
  readonly b: number;
}

type Layers = Pick<ComparisonDocument, "layers">;

const sides = (of: (side: "a" | "b") => number): Sides => ({ a: of("a"), b: of("b") });
const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/** Whether any layer has experts, of which it is known where tokens went. */
export function hasExperts({ layers }: Layers): boolean {
  return layers.some(({ routing }) => routing !== undefined);
}

/** The experts of every layer that has some, in the order of the document. */
export function comparedExperts({ layers }: Layers): ComparedExpert[] {
  const most = sides((side) => Math.max(0, ...layers.map(({ routing }) => routing?.tokens[side] ?? 0)));
  const whole = sides((side) =>
    layers.reduce((sum, { modules }) => modules.reduce((total, module) => total + module[side], sum), 0),
  );
  return layers.flatMap(({ layer, modules, routing }) => {
    if (routing === undefined) return [];
    const sums = new Map(modules.map((module) => [module.name, module]));
    const routed = sides((side) => routing.experts.reduce((sum, { tokens }) => sum + tokens[side], 0));
    return routing.experts.map(({ tokens, similarity, modules: names }, expert) => ({
      layer,
      expert,
      tokens,
      similarity,
      share: sides((side) => ratio(tokens[side], routing.tokens[side])),
      part: sides((side) =>
        ratio(
          names.reduce((sum, name) => sum + (sums.get(name)?.[side] ?? 0), 0),
          whole[side],
        ),
      ),
      equal: sides((side) => ratio(routed[side] / routing.experts.length, routing.tokens[side])),
      isPassed: routing.tokens.a === most.a && routing.tokens.b === most.b,
    }));
  });
}

/** The experts whose shares of tokens differ most, the furthest first; of layers that all tokens pass, and where they print otherwise. */
export function furthestApart(document: Layers, count: number): ComparedExpert[] {
  return comparedExperts(document)
    .filter(({ isPassed, share }) => isPassed && !printAlike(formatDensity, share.a, share.b))
    .sort((x, y) => Math.abs(y.share.a - y.share.b) - Math.abs(x.share.a - x.share.b))
    .slice(0, count);
}

/**
 * Which experts get clearly more of one side's tokens: at least an equal share of them, and `CLEARLY` times the share that they have of
 * the other's. Then which of those that both reach is least alike. Nothing of a model without experts.
 */
export function expertsPartSentences(document: Layers): string[] {
  const all = comparedExperts(document).filter(({ isPassed }) => isPassed);
  if (all.length === 0) return [];
  const apart = furthestApart(document, Infinity);
  const own = (mine: "a" | "b", other: "a" | "b"): ComparedExpert[] =>
    apart.filter(({ share, equal }) => share[mine] >= equal[mine] && share[mine] >= CLEARLY * share[other]).slice(0, 3);
  const [ofA, ofB] = [own("a", "b"), own("b", "a")];
  const named = (experts: readonly ComparedExpert[], mine: "a" | "b", other: "a" | "b"): string =>
    experts.length === 0
      ? "no expert"
      : listed(
          experts.map(
            ({ layer, expert, share }) =>
              `expert ${expert} of layer ${layer} (${formatDensity(share[mine])}, of ${other.toUpperCase()}'s ${formatDensity(share[other])})`,
          ),
        );
  const tokens =
    ofA.length === 0 && ofB.length === 0
      ? [
          `No expert gets clearly more of A's tokens or of B's: none with an equal share has ${CLEARLY} times that of the other side.`,
        ]
      : [
          `Clearly more of A's tokens go to ${named(ofA, "a", "b")}.`,
          `Clearly more of B's tokens go to ${named(ofB, "b", "a")}.`,
        ];
  const reached = all.filter(({ tokens }) => tokens.a > 0 && tokens.b > 0);
  const found = extremes(reached, ({ similarity }) => similarity);
  if (found === undefined || printAlike(formatNumber, found.most.similarity, found.least.similarity)) return tokens;
  const { layer, expert, similarity } = found.least;
  return [
    ...tokens,
    `Of the experts that both reach, expert ${expert} of layer ${layer} is least alike, ${formatNumber(similarity)}.`,
  ];
}
