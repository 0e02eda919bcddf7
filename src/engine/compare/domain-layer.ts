import * as z from "zod";

/** The similarity of each pair of texts, and the p-value of the layer. */
const measured = z.object({ similarity: z.array(z.number()), significance: z.number() });

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

/** What a comparison of domains keeps of one layer; a run that is taken up has it in its file. */
export const domainLayer = z.object({
  plain: measured,
  contrast: measured.nullable(),
  /** The activation of each domain; null: there was no memory for it. */
  domains: z.array(domainActivation).nullable(),
  /** The overlap of every two domains; null: there was no memory for it. */
  overlaps: z.array(domainOverlap).nullable(),
});

export type DomainLayer = z.infer<typeof domainLayer>;
export type DomainOverlap = z.infer<typeof domainOverlap>;
export type DomainActivation = z.infer<typeof domainActivation>;
