import type { AnalysisDocument, AnalysisModule } from "./document";

/** How many parameters are active at one threshold. */
export interface Active {
  readonly active: number;
  readonly parameters: number;
  readonly density: number;
}

/** How many parameters of a layer, and of each of its matrices, are active at one threshold. */
export interface LayerActivity extends Active {
  readonly layer: number;
  /** What is active of each matrix, in the order of the document's modules. */
  readonly modules: readonly Active[];
}

/** What is active at one threshold, in everything that an analysis shows. */
export interface Activity {
  readonly tau: number;
  /** The share of all scored parameters that is active. */
  readonly share: number;
  readonly layers: readonly LayerActivity[];
}

const float = new DataView(new ArrayBuffer(4));

function floatOf(pattern: number): number {
  float.setUint32(0, pattern);
  return float.getFloat32(0);
}

/** How far float32 bits are shifted to be a bin: of 23 bits of mantissa log2(bins per octave) number the bin. */
function shiftOf(binsPerOctave: number): number {
  return 23 - Math.round(Math.log2(binsPerOctave));
}

/** The smallest activation of a histogram's bin. */
export function binEdge(bin: number, binsPerOctave: number): number {
  return floatOf((bin << shiftOf(binsPerOctave)) >>> 0);
}

/** The place of `x` between `low` and `high` on a logarithmic scale, 0..1; linear from 0. */
function logPosition(x: number, low: number, high: number): number {
  if (high <= low) return 1;
  const position = low > 0 ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low);
  return Math.min(1, Math.max(0, position));
}

/**
 * The counts of one matrix above any threshold. Within a bin values are taken to lie evenly over the logarithm; at the
 * threshold of the run itself the count is the run's own, which is exact.
 */
class MatrixCounts {
  /** How many values are in bins `i` and higher, by `i`. */
  readonly #above: Float64Array;
  readonly #firstBin: number;
  readonly #shift: number;
  readonly #knownTau: number;
  readonly #knownActive: number;

  constructor({ histogram, active }: Pick<AnalysisModule, "histogram" | "active">, knownTau: number) {
    const { counts, firstBin, binsPerOctave } = histogram;
    this.#firstBin = firstBin;
    this.#shift = shiftOf(binsPerOctave);
    this.#above = new Float64Array(counts.length + 1);
    let above = 0;
    for (let i = counts.length - 1; i >= 0; i--) this.#above[i] = above += counts[i] ?? 0;
    this.#knownTau = knownTau;
    this.#knownActive = active;
  }

  /** How many values are at least `tau`; not rounded. */
  at(tau: number): number {
    const [knownTau, knownActive] = [this.#knownTau, this.#knownActive];
    if (tau === knownTau) return knownActive;
    const bin = this.#binOf(tau);
    const index = bin - this.#firstBin;
    if (index < 0) return this.#above[0] ?? 0;
    if (index >= this.#above.length - 1) return 0;

    let low = floatOf((bin << this.#shift) >>> 0);
    let high = floatOf(((bin + 1) << this.#shift) >>> 0);
    let mostActive = this.#above[index] ?? 0;
    let leastActive = this.#above[index + 1] ?? 0;
    if (knownTau > low && knownTau < high && this.#binOf(knownTau) === bin) {
      if (tau < knownTau) [high, leastActive] = [knownTau, Math.min(knownActive, mostActive)];
      else [low, mostActive] = [knownTau, Math.max(knownActive, leastActive)];
    }
    return mostActive + (leastActive - mostActive) * logPosition(tau, low, high);
  }

  #binOf(activation: number): number {
    float.setFloat32(0, activation);
    return float.getUint32(0) >>> this.#shift;
  }
}

/** A layer whose matrices can be counted at any threshold. */
interface IndexedLayer {
  readonly layer: number;
  readonly parameters: number;
  readonly matrices: readonly { readonly parameters: number; readonly counts: MatrixCounts }[];
}

/** Densities at any threshold, from a document's histograms: nothing is computed again. */
export class ThresholdIndex {
  readonly #layers: readonly IndexedLayer[];
  readonly #threshold: AnalysisDocument["threshold"];
  readonly parameters: number;
  /** The smallest and the largest threshold that make a difference. */
  readonly lowest: number;
  readonly highest: number;

  constructor({ layers, threshold }: Pick<AnalysisDocument, "layers" | "threshold" | "model">) {
    this.#layers = layers.map(({ layer, parameters, modules }) => ({
      layer,
      parameters,
      matrices: modules.map((module) => ({
        parameters: module.parameters,
        counts: new MatrixCounts(module, threshold.tau),
      })),
    }));
    this.#threshold = threshold;
    this.parameters = layers.reduce((sum, { parameters }) => sum + parameters, 0);
    let lowest = Infinity;
    let highest = 0;
    for (const { modules } of layers) {
      for (const { histogram, max } of modules) {
        if (histogram.counts.length === 0) continue;
        lowest = Math.min(lowest, binEdge(histogram.firstBin, histogram.binsPerOctave));
        highest = Math.max(highest, max);
      }
    }
    this.lowest = Number.isFinite(lowest) ? Math.max(lowest, 2 ** -149) : 2 ** -149;
    this.highest = Math.max(highest, this.lowest);
  }

  /** The activation above which this share of all scored parameters lies. */
  tauOf(share: number): number {
    if (share === this.#threshold.share) return this.#threshold.tau;
    const wanted = Math.max(1, Math.round(share * this.parameters));
    if (this.#total(this.lowest) <= wanted) return this.lowest;
    let low = Math.log(this.lowest);
    let high = Math.log(this.highest);
    for (let i = 0; i < 40; i++) {
      const middle = (low + high) / 2;
      if (this.#total(Math.exp(middle)) >= wanted) low = middle;
      else high = middle;
    }
    return Math.exp(low);
  }

  /** What is active at a threshold. */
  at(tau: number): Activity {
    let total = 0;
    const layers = this.#layers.map(({ layer, parameters, matrices }) => {
      let layerActive = 0;
      const modules = matrices.map(({ counts, parameters }) => {
        const active = Math.round(counts.at(tau));
        layerActive += active;
        return { active, parameters, density: ratio(active, parameters) };
      });
      total += layerActive;
      return { layer, active: layerActive, parameters, density: ratio(layerActive, parameters), modules };
    });
    return { tau, share: ratio(total, this.parameters), layers };
  }

  #total(tau: number): number {
    let total = 0;
    for (const { matrices } of this.#layers) for (const { counts } of matrices) total += counts.at(tau);
    return total;
  }
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
