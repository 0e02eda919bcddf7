import type { Domain } from "../api";
import type { DomainOverlap as DocumentOverlap, DomainsDocument, ExclusiveParameter } from "../document/document";
import type { ScoredModule } from "../model/model";
import { elementAt } from "../numbers/elements";
import { addedOverlaps, type TopSetReducer } from "../sweep/reducers/top-sets";
import type { DomainLayer, DomainOverlap, SharedCounts } from "./domain-layer";

/** The most parameters that are told as those that only one of two domains activates. */
export const EXCLUSIVE = 10;

/** What is kept of a layer for each of the reducer's pairs of domains. */
export function overlapsOf(
  top: TopSetReducer,
  pairCount: number,
  modules: readonly ScoredModule[],
  layer: number,
): DomainOverlap[] {
  return Array.from({ length: pairCount }, (_, pair) => {
    const exclusive = modules.map(({ name }) => ({ name, ...elementAt(top.exclusiveOf(layer, name), pair) }));
    const strongest = (side: "a" | "b"): DomainOverlap["strongestOfA"] =>
      strongestFirst(
        exclusive.flatMap(({ name, onlyA, onlyB }) =>
          (side === "a" ? onlyA : onlyB).map((parameter) => ({ module: name, ...parameter })),
        ),
        side,
      );
    return {
      ...addedOverlaps(modules.map(({ name }) => elementAt(top.overlaps(layer, name), pair))),
      strongestOfA: strongest("a"),
      strongestOfB: strongest("b"),
    };
  });
}

/** The overlap of two domains, by their names, in all layers. */
function describeOverlap(
  [a, b]: readonly [string, string],
  layers: readonly DomainOverlap[],
  halves: DocumentOverlap["halves"],
): DocumentOverlap {
  const strongest = (side: "a" | "b"): ExclusiveParameter[] =>
    strongestFirst(
      layers.flatMap(({ strongestOfA, strongestOfB }, layer) =>
        (side === "a" ? strongestOfA : strongestOfB).map((parameter) => ({ layer, ...parameter })),
      ),
      side,
    );
  return {
    a,
    b,
    layers: layers.map(({ both, onlyA, onlyB }) => ({ both, onlyA, onlyB })),
    strongestOfA: strongest("a"),
    strongestOfB: strongest("b"),
    halves,
  };
}

function strongestFirst<P extends Readonly<Record<"a" | "b", number>>>(parameters: P[], side: "a" | "b"): P[] {
  return parameters.sort((x, y) => y[side] - x[side]).slice(0, EXCLUSIVE);
}

/** The overlaps of every two domains in all layers; null where a layer was without. */
export function overlapsOfAll(
  layers: readonly DomainLayer[],
  couples: readonly (readonly [number, number])[],
  chosen: readonly Domain[],
): DomainsDocument["overlaps"] {
  const perLayer = layers.flatMap(({ overlaps }) => (overlaps ? [overlaps] : []));
  if (perLayer.length < layers.length) return null;
  return couples.map(([a, b], couple) => {
    const names = [elementAt(chosen, a).name, elementAt(chosen, b).name] as const;
    const ofCouple = perLayer.map((overlaps) => elementAt(overlaps, couple));
    return describeOverlap(names, ofCouple, describeHalves(layers, [a, b], couple));
  });
}

/** What halves of two domains share, per layer; null where a layer was without. */
function describeHalves(
  layers: readonly DomainLayer[],
  domains: readonly [number, number],
  couple: number,
): DocumentOverlap["halves"] {
  const perLayer = layers.flatMap(({ halves }) => (halves ? [halves] : []));
  if (perLayer.length < layers.length) return null;
  const shareOf = (counts: readonly SharedCounts[]): number => {
    const [both, either] = [sum(counts.map((one) => one.both)), sum(counts.map((one) => one.either))];
    return either > 0 ? both / either : 0;
  };
  return {
    within: perLayer.map(({ within }) => shareOf(domains.map((domain) => elementAt(within, domain)))),
    across: perLayer.map(({ across }) => shareOf([elementAt(across, couple)])),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
