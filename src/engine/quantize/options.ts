/* What can be chosen of a quantisation; apart from the rest, so that front ends may know it without the engine. */
import { FORMATS, type FormatName } from "./formats";
import { MIXTURES, type Mixture } from "./llama-mixture";

export { MIXTURES, type FormatName, type Mixture };

/** What says which format a tensor gets: the ways of choosing, the one that is meant first. */
export const WAYS = ["sensitivity", "activation", "output-error", "uniform", "llama.cpp"] as const;

export type Way = (typeof WAYS)[number];

/**
 * How large the weights may be: so many bits for each on the average, so many bytes in all, or as many as llama.cpp's mixture takes;
 * `orLeast`: where nothing is as small, as small as can be.
 */
export type SizeWish =
  | { readonly kind: "bits"; readonly bits: number; readonly orLeast?: boolean }
  | { readonly kind: "bytes"; readonly bytes: number }
  | { readonly kind: "mixture"; readonly mixture: Mixture };

/** Formats that a choice is made among unless others are named: Q4_1 and Q5_1 take long to round to, and are hardly ever chosen. */
const LEFT_OUT: readonly FormatName[] = ["Q4_1", "Q5_1", "BF16", "F32"];

export const ALL_FORMATS: readonly FormatName[] = FORMATS.map(({ name }) => name).filter((name) => name !== "F32");

export const DEFAULT_FORMATS: readonly FormatName[] = FORMATS.map(({ name }) => name).filter(
  (name) => !LEFT_OUT.includes(name),
);
