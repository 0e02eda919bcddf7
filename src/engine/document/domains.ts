import * as z from "zod";
import { count, model, range, run, share } from "./shared";

// A cosine may exceed 1 by a rounding error.
const similarity = z.number().min(0).max(1.0001);
const amount = z.number().min(0);
const perLayerAndPair = z.array(z.array(similarity));

/** The similarity of texts of `a` with texts of `b`: the i-th with the i-th, and within a domain with the next. */
const domainPair = z.looseObject({
  a: z.string(),
  b: z.string(),
  similarity: perLayerAndPair,
  contrast: perLayerAndPair.nullable(),
  relevance: similarity,
  contrastRelevance: similarity.nullable(),
});

/** A feed-forward neuron, a column of the matrix that takes them in, with its shares of the layer's activation in that matrix. */
const neuron = z.looseObject({ layer: count, neuron: count, a: share, b: share });

/** A parameter in the top set of one domain and not of the other, with both mean activations. */
const exclusive = z.looseObject({ layer: count, module: z.string(), row: count, column: count, a: amount, b: amount });

/** How many parameters of every layer are in the top sets of two domains' mean activations, in both and in one only. */
const domainOverlap = z.looseObject({
  a: z.string(),
  b: z.string(),
  layers: z.array(z.looseObject({ both: count, onlyA: count, onlyB: count })),
  /** The strongest of those that are in one only, the strongest first. */
  strongestOfA: z.array(exclusive),
  strongestOfB: z.array(exclusive),
});

/** How likely a difference this large is where the domains do not matter: a p-value per layer. */
const significance = z.array(share);

export const domainsDocument = z.looseObject({
  format: z.literal("paramscope.domains"),
  version: z.literal(1),
  model,
  run,
  target: z.string(),
  share,
  deep: range,
  domains: z.array(z.looseObject({ name: z.string(), texts: count, sources: z.array(z.string()) })),
  pairs: z.array(domainPair),
  /** The density of each domain and layer; null: there was no memory for it. */
  density: z.array(z.array(share)).nullable(),
  /** The feed-forward neurons that tell every two domains apart best, the best first; null as `density`. */
  neurons: z.array(z.looseObject({ a: z.string(), b: z.string(), neurons: z.array(neuron) })).nullable(),
  /** What the top sets of every two domains share, and what is theirs alone; null: there was no memory for it. */
  overlaps: z.array(domainOverlap).nullable(),
  significance,
  contrastSignificance: significance.nullable(),
});

export type DomainsDocument = z.infer<typeof domainsDocument>;
export type SeparatingNeuron = z.infer<typeof neuron>;
export type DomainOverlap = z.infer<typeof domainOverlap>;
export type ExclusiveParameter = z.infer<typeof exclusive>;
export type DomainPair = z.infer<typeof domainPair>;
