import type { ComparisonDocument } from "./comparison";

/** The same comparison with B in the place of A: what is said of one side changes places, what is said of both stays. */
export function swapSides(document: ComparisonDocument): ComparisonDocument {
  return {
    ...document,
    a: document.b,
    b: document.a,
    ...(document.next && { next: document.next.map((token) => ({ ...token, ...sums(token) })) }),
    layers: document.layers.map((layer) => ({
      ...layer,
      ...(layer.routing && {
        routing: {
          ...layer.routing,
          tokens: sums(layer.routing.tokens),
          experts: layer.routing.experts.map((expert) => ({ ...expert, tokens: sums(expert.tokens) })),
        },
      }),
      modules: layer.modules.map((module) => ({
        ...module,
        ...sums(module),
        ...(module.norms && { norms: sums(module.norms) }),
        heads: module.heads.map((head) => ({ ...head, ...sums(head) })),
        onlyA: module.onlyB.map((parameter) => ({ ...parameter, ...sums(parameter) })),
        onlyB: module.onlyA.map((parameter) => ({ ...parameter, ...sums(parameter) })),
      })),
    })),
  };
}

const sums = <Figure>({ a, b }: { a: Figure; b: Figure }): { a: Figure; b: Figure } => ({ a: b, b: a });
