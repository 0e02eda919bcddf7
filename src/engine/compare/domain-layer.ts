import * as z from "zod";

/** Texts every two of which were compared, by their numbers, and how alike they are: text 1 with 0, 2 with 0, 2 with 1 and so on. */
const stratum = z.object({
  texts: z.array(z.int()),
  similarity: z.array(z.number()),
  contrast: z.array(z.number()).nullable(),
});

const domainActivation = z.object({
  parameters: z.int(),
  /** The histograms of the parts of all matrices, in the fine bins of `sweep/reducers/histogram.ts`. */
  histograms: z.array(z.object({ firstBin: z.int(), counts: z.array(z.int()), zeros: z.int() })),
  /** The summed activation of the weights of every feed-forward neuron. */
  neurons: z.array(z.number()),
});

const parameter = z.object({ module: z.string(), row: z.int(), column: z.int(), a: z.number(), b: z.number() });

/** What the top sets of two domains' mean activations share: how many parameters, and the strongest that are in one only. */
const domainOverlap = z.object({
  both: z.int(),
  onlyA: z.int(),
  onlyB: z.int(),
  strongestOfA: z.array(parameter),
  strongestOfB: z.array(parameter),
});

/** How many parameters are in two top sets, and in either. */
const shared = z.object({ both: z.number(), either: z.number() });

/** What the top sets of halves share: of each domain, and of every two. */
const halfOverlaps = z.object({ within: z.array(shared), across: z.array(shared) });

/** Of two domains the largest measure of the layer's neurons for every shuffle of the texts, and that of some neurons as the texts stand. */
const neuronMeasures = z.object({
  largest: z.array(z.number()),
  named: z.array(z.object({ neuron: z.int(), value: z.number() })),
});

/** What a comparison of domains keeps of one layer; a run that is taken up has it in its file. */
export const domainLayer = z.object({
  /** The similarity of each pair of texts that the document lists. */
  similarity: z.array(z.number()),
  contrast: z.array(z.number()).nullable(),
  strata: z.array(stratum),
  /** The activation of each domain; null: there was no memory for it. */
  domains: z.array(domainActivation).nullable(),
  /** The overlap of every two domains; null: there was no memory for it. */
  overlaps: z.array(domainOverlap).nullable(),
  /** What chance makes of both; null: there was no memory for it. */
  halves: halfOverlaps.nullable(),
  neuronMeasures: z.array(neuronMeasures).nullable(),
});

export type DomainLayer = z.infer<typeof domainLayer>;
export type SharedCounts = z.infer<typeof shared>;
export type HalfOverlaps = z.infer<typeof halfOverlaps>;
export type NeuronMeasures = z.infer<typeof neuronMeasures>;
export type LayerStratum = z.infer<typeof stratum>;
export type DomainOverlap = z.infer<typeof domainOverlap>;
export type DomainActivation = z.infer<typeof domainActivation>;
