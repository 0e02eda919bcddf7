import * as z from "zod";
import { amounts, count, model, range, run, share, someOf } from "./shared";

// A cosine may exceed 1 by a rounding error.
const similarity = z.number().min(0).max(1.0001);
const amount = z.number().min(0);
const perLayerAndPair = someOf(someOf(similarity));

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
const neuron = z.looseObject({
  layer: count,
  neuron: count,
  a: share,
  b: share,
  /** How likely any neuron differs as much where the domains do not matter; not in files of earlier versions, nor where there was no memory for it. */
  p: share.optional(),
});

/** A parameter in the top set of one domain and not of the other, with both mean activations. */
const exclusive = z.looseObject({ layer: count, module: z.string(), row: count, column: count, a: amount, b: amount });

/** How many parameters of every layer are in the top sets of two domains' mean activations, in both and in one only. */
const domainOverlap = z.looseObject({
  a: z.string(),
  b: z.string(),
  layers: someOf(z.looseObject({ both: count, onlyA: count, onlyB: count })),
  /** The strongest of those that are in one only, the strongest first. */
  strongestOfA: z.array(exclusive),
  strongestOfB: z.array(exclusive),
  /** Per layer what the top sets of two random halves of one of the domains share, and of half of each, of parameters in either. */
  halves: z
    .looseObject({ within: someOf(share), across: someOf(share) })
    .nullable()
    .default(null),
});

/** How likely a difference this large is where the domains do not matter: a p-value per layer. */
const significance = someOf(share);

/**
 * How alike texts of one domain are on average, and texts of two, over all pairs in the strata; between what the difference lies
 * (95 %, a jackknife over the texts; null: too few), and how often the texts' labels, shuffled, give as much.
 */
const difference = z.looseObject({
  within: z.number(),
  across: z.number(),
  difference: z.number(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  p: share,
});

const likenessTests = z.looseObject({
  /** Of the mean over the deep layers. */
  deep: difference,
  /** p is corrected for all layers (max-T). */
  layers: someOf(difference),
  /** Of every two domains, by their numbers, the mean over the deep layers of their texts only; corrected for all pairs (Holm). */
  pairs: someOf(difference.extend({ a: count, b: count, corrected: share })),
});

/** Texts every two of which were compared, as domain and number; per layer how alike text 1 is to 0, 2 to 0, 2 to 1, 3 to 0 and so on. */
const stratum = z.looseObject({
  texts: z.array(z.tuple([count, count])),
  similarity: z.array(amounts),
  contrast: z.array(amounts).nullable(),
});

const tests = z.looseObject({
  seed: z.int(),
  permutations: count,
  /** The smallest p that so many texts allow. */
  leastP: share,
  similarity: likenessTests,
  contrast: likenessTests.nullable(),
  strata: z.array(stratum),
});

export const domainsDocument = z.looseObject({
  format: z.literal("paramscope.domains"),
  version: z.literal(1),
  model,
  run,
  target: z.string(),
  share,
  deep: range,
  domains: someOf(z.looseObject({ name: z.string(), texts: count, sources: z.array(z.string()) })),
  pairs: someOf(domainPair),
  /** The density of each domain and layer; null: there was no memory for it. */
  density: someOf(someOf(share)).nullable(),
  /** The feed-forward neurons that tell every two domains apart best, the best first; null as `density`. */
  neurons: z.array(z.looseObject({ a: z.string(), b: z.string(), neurons: z.array(neuron) })).nullable(),
  /** What the top sets of every two domains share, and what is theirs alone; null: there was no memory for it. */
  overlaps: z.array(domainOverlap).nullable(),
  /** null: in files of earlier versions, and where too few texts were compared with each other. */
  tests: tests.nullable().default(null),
  significance,
  contrastSignificance: significance.nullable(),
});

export type DomainsDocument = z.infer<typeof domainsDocument>;
export type DomainTests = z.infer<typeof tests>;
export type LikenessTests = z.infer<typeof likenessTests>;
export type Difference = z.infer<typeof difference>;
export type SeparatingNeuron = z.infer<typeof neuron>;
export type DomainOverlap = z.infer<typeof domainOverlap>;
export type ExclusiveParameter = z.infer<typeof exclusive>;
export type DomainPair = z.infer<typeof domainPair>;
