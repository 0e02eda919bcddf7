import type { AnalysisDocument, AnalysisModule } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { binEdge } from "../../src/engine/document/threshold-index";

/**
 * How much of its activation each matrix loses when its least active weights go: what any criterion takes at least, since the
 * others take other weights. From the histograms of an analysis, so that any sparsity is answered at once.
 */
export class ActivationLosses {
  readonly #matrices: readonly (readonly MatrixLosses[])[];

  constructor({ layers }: Pick<AnalysisDocument, "layers">) {
    this.#matrices = layers.map(({ modules }) => modules.map((module) => new MatrixLosses(module)));
  }

  /** The share of the matrix' activation, 0..1, at a sparsity. */
  at(layer: number, module: number, sparsity: number): number {
    return elementAt(elementAt(this.#matrices, layer), module).at(sparsity);
  }
}

/** What one matrix loses. Within a bin all values count as its middle, which is off by at most a thirty-second of an octave. */
class MatrixLosses {
  /** How many weights lie below each bin, and their activation: one more than bins. */
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;

  constructor({ histogram: { counts, firstBin, binsPerOctave }, zeros }: Pick<AnalysisModule, "histogram" | "zeros">) {
    this.#counts = new Float64Array(counts.length + 1);
    this.#sums = new Float64Array(counts.length + 1);
    let [below, sum] = [zeros, 0];
    this.#counts[0] = below;
    for (const [i, count] of counts.entries()) {
      const middle = (binEdge(firstBin + i, binsPerOctave) + binEdge(firstBin + i + 1, binsPerOctave)) / 2;
      this.#counts[i + 1] = below += count;
      this.#sums[i + 1] = sum += count * middle;
    }
  }

  /** The share of the activation, 0..1, that the least active weights of this share have. */
  at(sparsity: number): number {
    const count = (bin: number) => elementAt(this.#counts, bin);
    const sum = (bin: number) => elementAt(this.#sums, bin);
    const bins = this.#counts.length - 1;
    const total = sum(bins);
    const gone = sparsity * count(bins);
    if (total === 0 || gone <= count(0)) return 0;
    let [low, high] = [0, bins];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (count(middle) <= gone) low = middle;
      else high = middle;
    }
    const within = (gone - count(low)) / Math.max(1, count(high) - count(low));
    return (sum(low) + within * (sum(high) - sum(low))) / total;
  }
}
