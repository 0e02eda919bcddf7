/**
 * Histograms of activations over bins whose edges are float32 bit patterns: the exponent and the first four bits of the
 * mantissa, 16 bins per octave. The bin of a value is its bits shifted right, and every threshold can be chosen later.
 */
export const BIN_SHIFT = 19;
export const BINS_PER_OCTAVE = 16;
/** Positive finite float32 values lie below 2^31. */
export const BIN_COUNT = 2 ** (31 - BIN_SHIFT);

const bits = new Uint32Array(1);
const value = new Float32Array(bits.buffer);

/** The smallest value of a bin. */
export function binEdge(bin: number): number {
  bits[0] = (bin << BIN_SHIFT) >>> 0;
  return bin >= BIN_COUNT ? Infinity : value[0];
}

export function binOf(activation: number): number {
  value[0] = activation;
  return bits[0] >>> BIN_SHIFT;
}

/** Counts per bin; values that are 0 are in bin 0 and not active at any threshold. */
export interface Counts {
  readonly counts: ArrayLike<number>;
  readonly zeros: number;
}

/**
 * How many values are at least `tau`, and above 0. Within a bin values are taken to lie evenly over the logarithm, which
 * is exact where `tau` is a bin's edge.
 */
export function activeAbove({ counts, zeros }: Counts, tau: number): number {
  const bin = binOf(tau);
  let above = 0;
  for (let i = counts.length - 1; i > bin; i--) above += counts[i];
  const within = (counts[bin] ?? 0) - (bin === 0 ? zeros : 0);
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
  let above = 0;
  for (let bin = BIN_COUNT - 1; bin >= 0; bin--) {
    let within = 0;
    for (const { counts, zeros } of histograms) within += (counts[bin] ?? 0) - (bin === 0 ? zeros : 0);
    if (above + within >= wanted) {
      const high = binEdge(bin + 1);
      const low = binEdge(bin);
      const part = (wanted - above) / within;
      return low === 0 ? high * (1 - part) : high * (low / high) ** part;
    }
    above += within;
  }
  return 0;
}
