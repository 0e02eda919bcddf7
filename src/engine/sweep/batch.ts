import { ParamscopeError } from "../errors";
import { elementAt } from "../numbers/elements";
import { largestOf } from "../numbers/statistics";

/** Samples that run together, padded at the end to the same length: causal attention never looks there. */
export interface Batch {
  /** Indices into the run's samples. */
  readonly samples: readonly number[];
  /** Ids per sample, padding included. */
  readonly tokens: number;
  /** How many samples, one after the other, are multiplied with each other, where products are formed; undefined: all. */
  readonly groupSize?: number;
}

/** The share of a batch's positions that may be padding. */
const MOST_PADDING = 0.2;
/**
 * So few positions may be padding for whatever part of them: adding up scores over batches takes longer. Measured on SmolLM2 with 18
 * texts of 9 to 40 tokens: a comparison in one batch takes a third of the time.
 */
const FEW_POSITIONS = 1024;

/**
 * Batches of like lengths, each of at most `budget` positions (one sample, if it is longer). Every sample is in exactly one.
 * `together` lists samples that should share a batch where the budget and the padding allow it.
 */
export function formBatches(
  lengths: readonly number[],
  budget: number,
  together: readonly (readonly number[])[],
): Batch[] {
  const lengthsOf = (unit: readonly number[]): number[] => unit.map((i) => elementAt(lengths, i));
  const grouped = new Set(together.flat());
  const alone = [...lengths.keys()].filter((i) => !grouped.has(i)).map((i) => [i]);
  const units = [
    ...together.flatMap((group) => (fits(lengthsOf(group), budget) ? [group] : group.map((i) => [i]))),
    ...alone,
  ].map((unit) => {
    const of = lengthsOf(unit);
    return { unit, longest: largestOf(of), used: of.reduce((sum, length) => sum + length, 0) };
  });
  units.sort((a, b) => b.longest - a.longest);

  const batches: { samples: number[]; tokens: number; used: number }[] = [];
  for (const { unit, longest, used } of units) {
    const open = batches.at(-1);
    const positions = open ? open.tokens * (open.samples.length + unit.length) : 0;
    if (open && positions <= budget && open.used + used >= (1 - MOST_PADDING) * positions) {
      open.samples.push(...unit);
      open.used += used;
    } else batches.push({ samples: [...unit], tokens: longest, used });
  }
  return batches.map(({ samples, tokens }) => ({ samples, tokens }));
}

/** Where a sample is: in which batch, and as the how manieth there, counted from 0. */
export interface Place {
  readonly batch: number;
  readonly at: number;
}

/** Where each sample of the batches is. */
export function placesIn(batches: readonly Batch[]): ReadonlyMap<number, readonly Place[]> {
  const places = new Map<number, Place[]>();
  for (const [batch, { samples }] of batches.entries())
    for (const [at, sample] of samples.entries()) {
      const known = places.get(sample);
      if (known) known.push({ batch, at });
      else places.set(sample, [{ batch, at }]);
    }
  return places;
}

function fits(lengths: readonly number[], budget: number): boolean {
  const used = lengths.reduce((sum, length) => sum + length, 0);
  const positions = largestOf(lengths) * lengths.length;
  return positions <= budget && (positions <= FEW_POSITIONS || used >= (1 - MOST_PADDING) * positions);
}

/** @throws ParamscopeError when an id is not of the model's vocabulary: the tokenizer is another model's. */
export function checkIds(ids: Int32Array, vocabularySize: number, source: string): void {
  const strange = ids.find((id) => id < 0 || id >= vocabularySize);
  if (strange !== undefined)
    throw new ParamscopeError(
      `${source}: the tokenizer gives the id ${strange}, and the model's vocabulary has ${vocabularySize}.`,
      "The tokenizer and the weights are of different models: get both from one place.",
    );
}
