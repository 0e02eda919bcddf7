import type { AnalysisDocument, AnalysisModule } from "../../src/engine/document/document";
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
    return this.#matrices[layer][module].at(sparsity);
  }
}

/** Within a bin all values count as its middle, which is off by at most a thirty-second of an octave. */
class MatrixLosses {
  /** `count[i]`, `sum[i]`: how many weights lie below bin `i`, and their activation. */
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;

  constructor({ histogram: { counts, firstBin, binsPerOctave }, zeros }: Pick<AnalysisModule, "histogram" | "zeros">) {
    this.#counts = new Float64Array(counts.length + 1);
    this.#sums = new Float64Array(counts.length + 1);
    this.#counts[0] = zeros;
    for (const [i, count] of counts.entries()) {
      const middle = (binEdge(firstBin + i, binsPerOctave) + binEdge(firstBin + i + 1, binsPerOctave)) / 2;
      this.#counts[i + 1] = this.#counts[i] + count;
      this.#sums[i + 1] = this.#sums[i] + count * middle;
    }
  }

  at(sparsity: number): number {
    const bins = this.#counts.length - 1;
    const total = this.#sums[bins];
    const gone = sparsity * this.#counts[bins];
    if (total === 0 || gone <= this.#counts[0]) return 0;
    let [low, high] = [0, bins];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#counts[middle] <= gone) low = middle;
      else high = middle;
    }
    const within = (gone - this.#counts[low]) / Math.max(1, this.#counts[high] - this.#counts[low]);
    return (this.#sums[low] + within * (this.#sums[high] - this.#sums[low])) / total;
  }
}
