import type { ComparisonDocument } from "./comparison";

/** The same comparison with B in the place of A: what is said of one side changes places, what is said of both stays. */
export function swapSides(document: ComparisonDocument): ComparisonDocument {
  return {
    ...document,
    a: document.b,
    b: document.a,
    layers: document.layers.map((layer) => ({
      ...layer,
      modules: layer.modules.map((module) => ({
        ...module,
        ...sums(module),
        heads: module.heads.map((head) => ({ ...head, ...sums(head) })),
        onlyA: module.onlyB.map((parameter) => ({ ...parameter, ...sums(parameter) })),
        onlyB: module.onlyA.map((parameter) => ({ ...parameter, ...sums(parameter) })),
      })),
    })),
  };
}

const sums = ({ a, b }: { a: number; b: number }): { a: number; b: number } => ({ a: b, b: a });
