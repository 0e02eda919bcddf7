import type { RunOptions } from "../api";
import { elementAt } from "../numbers/elements";
import { scoredAt } from "../model/model";
import { runSweep } from "../run/run";
import type { Reducer, Tile } from "../sweep/reducers/reducer";
import type { Sample } from "../text/sample";
import { countInto, FLOAT_BINS } from "./float-bins";
import type { PruneEvents } from "./run-parts";

/**
 * The share of each layer's parameters that the samples activate, when the strongest `share` of all counts as active: what an
 * analysis of the same samples says.
 */
export async function* measureDensities(
  options: RunOptions,
  samples: readonly Sample[],
  share: number,
): PruneEvents<number[]> {
  const { model } = options;
  const counts = new LayerCounts();
  yield* runSweep(
    options,
    { samples, units: [{ sets: [samples.map((_, i) => i)] }], reducers: [counts], keepsMatrices: false },
    (layer) => ({ parameters: scoredAt(model, layer), figures: {} }),
  );
  const active = counts.active(Math.max(1, Math.round(share * model.scored)));
  return active.map((count, layer) => count / scoredAt(model, layer));
}

/** The counts of one layer's activations from bin `first` on; what is 0 is not among them. */
interface Counts {
  readonly first: number;
  readonly counts: Uint32Array;
}

class LayerCounts implements Reducer {
  readonly #counts = new Uint32Array(FLOAT_BINS);
  readonly #layers: Counts[] = [];

  tile({ scores }: Tile): void {
    countInto(this.#counts, elementAt(scores, 0));
  }

  layerDone(layer: number): void {
    const counts = this.#counts;
    // bin 0 holds what is 0, and nothing that could matter
    let first = 1;
    while (first < counts.length && counts[first] === 0) first++;
    let end = counts.length;
    while (end > first && counts[end - 1] === 0) end--;
    this.#layers[layer] = { first, counts: counts.slice(first, end) };
    counts.fill(0);
  }

  /** How many of each layer's activations are among the `wanted` largest of all; of one bin every layer has the same share. */
  active(wanted: number): number[] {
    const totals = this.#counts;
    for (const { first, counts } of this.#layers)
      for (let i = 0; i < counts.length; i++) totals[first + i] = (totals[first + i] ?? 0) + (counts[i] ?? 0);
    let above = 0;
    let bin = totals.length - 1;
    for (; bin > 0; bin--) {
      const count = totals[bin] ?? 0;
      if (above + count >= wanted) break;
      above += count;
    }
    const within = bin > 0 ? (wanted - above) / (totals[bin] ?? 1) : 0;
    totals.fill(0);
    return this.#layers.map(({ first, counts }) => {
      let active = within * (counts[bin - first] ?? 0);
      for (const count of counts.subarray(Math.max(0, bin + 1 - first))) active += count;
      return active;
    });
  }
}
