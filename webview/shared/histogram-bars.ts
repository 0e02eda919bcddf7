import type { Histogram } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { binEdge } from "../../src/engine/document/threshold-index";

/** A histogram as bars for which there is room. */
export interface HistogramBars {
  readonly counts: readonly number[];
  /** One more than counts: bar i is from edge i to edge i + 1. */
  readonly edges: readonly number[];
  /** Counts per octave: bins are of equal size in the value, not in its logarithm, so that counts alone would be jagged. */
  readonly densities: readonly number[];
  /** How many values lie below the first bar. */
  readonly below: number;
}

/** A few values may lie twenty decades below all others: so small a share of them gets no room. */
const tail = 1e-3;

/** Neighbouring bins put together, by a power of two up to an octave, until no more than `most` bars are left. */
export function histogramBars(histogram: Histogram, most: number): HistogramBars {
  const { binsPerOctave } = histogram;
  const { firstBin, counts, below } = withoutTail(histogram);
  let factor = 1;
  while (factor < binsPerOctave && counts.length / factor > most) factor *= 2;
  const first = Math.floor(firstBin / factor);
  const bars = Math.ceil((firstBin + counts.length) / factor) - first;
  const merged = new Array<number>(bars).fill(0);
  for (const [i, count] of counts.entries()) {
    const bar = Math.floor((firstBin + i) / factor) - first;
    merged[bar] = elementAt(merged, bar) + count;
  }
  const smallest = 2 ** -149;
  const edges = Array.from({ length: bars + 1 }, (_, i) =>
    Math.max(smallest, binEdge((first + i) * factor, binsPerOctave)),
  );
  const densities = merged.map((count, i) => count / Math.log2(elementAt(edges, i + 1) / elementAt(edges, i)));
  return { counts: merged, edges, densities, below };
}

function withoutTail({ firstBin, counts }: Histogram): { firstBin: number; counts: readonly number[]; below: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  let skipped = 0;
  for (const count of counts) {
    if (below + count > tail * total) break;
    below += count;
    skipped++;
  }
  return { firstBin: firstBin + skipped, counts: counts.slice(skipped), below };
}
