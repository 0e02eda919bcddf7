/**
 * Histograms of activations over bins whose edges are float32 bit patterns: the exponent and the first seven bits of the
 * mantissa, 128 bins per octave. The bin of a value is its bits shifted right, and every threshold can be chosen later.
 * Documents carry 16 bins per octave; the threshold of the run itself is found in the finer ones, so that densities of
 * small matrices are right to a few parameters.
 */
export const BIN_SHIFT = 16;
export const BINS_PER_OCTAVE = 128;
/** Positive finite float32 values lie below 2^31. */
export const BIN_COUNT = 2 ** (31 - BIN_SHIFT);

const bits = new Uint32Array(1);
const value = new Float32Array(bits.buffer);

/** The smallest value of a bin. */
export function binEdge(bin: number): number {
  bits[0] = (bin << BIN_SHIFT) >>> 0;
  return bin >= BIN_COUNT ? Infinity : value[0]!;
}

/** The float32 that has these bits. */
export function floatOf(pattern: number): number {
  bits[0] = pattern;
  return value[0]!;
}

/** The bin of a value. */
export function binOf(activation: number): number {
  value[0] = activation;
  return bits[0]! >>> BIN_SHIFT;
}

/** Counts of the bins from `firstBin` on; values that are 0 are in bin 0 and not active at any threshold. */
export interface Counts {
  readonly firstBin: number;
  readonly counts: ArrayLike<number>;
  readonly zeros: number;
  /** All values, where they are so few that a bin's share would be off by too much of them. */
  readonly values?: readonly number[] | undefined;
}

/** The bins between the empty ones at both ends, and the number of the first. */
export function trimmed(counts: Uint32Array): { firstBin: number; counts: Uint32Array } {
  const to = bisect(counts.length, (bin) => !isEmpty(counts, bin, counts.length));
  const firstBin = bisect(to, (bin) => isEmpty(counts, 0, bin + 1));
  return { firstBin, counts: counts.slice(firstBin, to) };
}

const emptyBins = Buffer.alloc(BIN_COUNT * Uint32Array.BYTES_PER_ELEMENT);

/**
 * Whether bins `[from, to)` hold nothing. Compared as a whole: a short text waited 40 ms for a loop over the bins of all
 * matrices, which is not compiled yet when a command has just begun.
 */
function isEmpty(counts: Uint32Array, from: number, to: number): boolean {
  const bins = counts.subarray(from, to);
  return emptyBins.subarray(0, bins.byteLength).equals(new Uint8Array(bins.buffer, bins.byteOffset, bins.byteLength));
}

/** How many of the numbers from 0 to `below` pass, of which those that pass come first. */
function bisect(below: number, passes: (number: number) => boolean): number {
  let low = 0;
  let high = below;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same histogram with fewer bins per octave, a divisor of those here: how documents carry it. */
export function coarser({ firstBin, counts }: Counts, binsPerOctave: number): { firstBin: number; counts: number[] } {
  const factor = BINS_PER_OCTAVE / binsPerOctave;
  const first = Math.floor(firstBin / factor);
  const merged = new Array<number>(Math.ceil((firstBin + counts.length) / factor) - first).fill(0);
  for (let i = 0; i < counts.length; i++) merged[Math.floor((firstBin + i) / factor) - first]! += counts[i]!;
  return { firstBin: first, counts: merged };
}

/**
 * How many values are at least `tau`, and above 0. Within a bin values are taken to lie evenly over the logarithm, which
 * is exact where `tau` is a bin's edge; few values are counted one by one.
 */
export function activeAbove({ firstBin, counts, zeros, values }: Counts, tau: number): number {
  if (values !== undefined) return values.filter((value) => value >= tau && value > 0).length;
  const bin = binOf(tau);
  let above = 0;
  for (let i = counts.length - 1; i >= 0 && firstBin + i > bin; i--) above += counts[i]!;
  const within = (counts[bin - firstBin] ?? 0) - (bin === 0 ? zeros : 0);
  return Math.round(above + within * shareAbove(bin, tau));
}

function shareAbove(bin: number, tau: number): number {
  const low = binEdge(bin);
  const high = binEdge(bin + 1);
  if (tau <= low) return 1;
  if (low === 0) return (high - tau) / high;
  return Math.log(high / tau) / Math.log(high / low);
}

/** The threshold that makes a share of all parameters active: the k-th largest value, k = round(share · parameters). */
export function thresholdOf(share: number, parameters: number, histograms: readonly Counts[]): number {
  const wanted = Math.max(1, Math.round(share * parameters));
  const total = new Float64Array(BIN_COUNT);
  for (const { firstBin, counts, zeros } of histograms) {
    for (let i = 0; i < counts.length; i++) total[firstBin + i]! += counts[i]!;
    total[0]! -= zeros;
  }
  let above = 0;
  for (let bin = BIN_COUNT - 1; bin >= 0; bin--) {
    const within = total[bin]!;
    if (within > 0 && above + within >= wanted) {
      const high = binEdge(bin + 1);
      const low = binEdge(bin);
      const part = (wanted - above) / within;
      return low === 0 ? high * (1 - part) : high * (low / high) ** part;
    }
    above += within;
  }
  return 0;
}
