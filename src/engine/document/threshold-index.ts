import type { AnalysisDocument, AnalysisModule } from "./document";

/** How many parameters are active at one threshold. */
export interface Active {
  readonly active: number;
  readonly parameters: number;
  readonly density: number;
}

export interface LayerActivity extends Active {
  readonly layer: number;
  /** In the order of the document's modules. */
  readonly modules: readonly Active[];
}

/** What is active at one threshold, in everything that an analysis shows. */
export interface Activity {
  readonly tau: number;
  /** Of all scored parameters. */
  readonly share: number;
  readonly layers: readonly LayerActivity[];
}

const bits = new Uint32Array(1);
const value = new Float32Array(bits.buffer);

function floatOf(pattern: number): number {
  bits[0] = pattern;
  return value[0];
}

/** Histogram bins are shifted float32 bits: 23 bits of mantissa, of which log2(bins per octave) number the bin. */
function shiftOf(binsPerOctave: number): number {
  return 23 - Math.round(Math.log2(binsPerOctave));
}

/** The smallest activation of a histogram's bin. */
export function binEdge(bin: number, binsPerOctave: number): number {
  return floatOf((bin << shiftOf(binsPerOctave)) >>> 0);
}

/** Where `x` lies between `low` and `high` on a logarithmic scale, 0..1; linear from 0. */
function logPosition(x: number, low: number, high: number): number {
  if (high <= low) return 1;
  const position = low > 0 ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low);
  return Math.min(1, Math.max(0, position));
}

/**
 * Counts of one matrix above any threshold. Within a bin values are taken to lie evenly over the logarithm; at the
 * threshold of the run itself the count is the run's own, which is exact.
 */
class MatrixCounts {
  /** `above[i]`: values in bins `i` and higher. */
  readonly #above: Float64Array;
  readonly #firstBin: number;
  readonly #shift: number;

  constructor(
    { histogram, active }: Pick<AnalysisModule, "histogram" | "active">,
    private readonly knownTau: number,
  ) {
    const { counts, firstBin, binsPerOctave } = histogram;
    this.#firstBin = firstBin;
    this.#shift = shiftOf(binsPerOctave);
    this.#above = new Float64Array(counts.length + 1);
    for (let i = counts.length - 1; i >= 0; i--) this.#above[i] = this.#above[i + 1] + counts[i];
    this.knownActive = active;
  }

  private readonly knownActive: number;

  /** How many values are at least `tau`; not rounded. */
  at(tau: number): number {
    if (tau === this.knownTau) return this.knownActive;
    const bin = this.#binOf(tau);
    const index = bin - this.#firstBin;
    if (index < 0) return this.#above[0];
    if (index >= this.#above.length - 1) return 0;

    let low = floatOf((bin << this.#shift) >>> 0);
    let high = floatOf(((bin + 1) << this.#shift) >>> 0);
    let mostActive = this.#above[index];
    let leastActive = this.#above[index + 1];
    if (this.knownTau > low && this.knownTau < high && this.#binOf(this.knownTau) === bin) {
      if (tau < this.knownTau) [high, leastActive] = [this.knownTau, Math.min(this.knownActive, mostActive)];
      else [low, mostActive] = [this.knownTau, Math.max(this.knownActive, leastActive)];
    }
    return mostActive + (leastActive - mostActive) * logPosition(tau, low, high);
  }

  #binOf(activation: number): number {
    value[0] = activation;
    return bits[0] >>> this.#shift;
  }
}

/** Densities at any threshold, from a document's histograms: nothing is computed again. */
export class ThresholdIndex {
  readonly #matrices: readonly (readonly MatrixCounts[])[];
  /** The smallest and the largest threshold that make a difference. */
  readonly lowest: number;
  readonly highest: number;

  constructor(private readonly document: Pick<AnalysisDocument, "layers" | "threshold" | "model">) {
    const { layers, threshold } = document;
    this.#matrices = layers.map(({ modules }) => modules.map((module) => new MatrixCounts(module, threshold.tau)));
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

  get parameters(): number {
    return this.document.layers.reduce((sum, { parameters }) => sum + parameters, 0);
  }

  /** The activation above which this share of all scored parameters lies. */
  tauOf(share: number): number {
    const { threshold } = this.document;
    if (share === threshold.share) return threshold.tau;
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

  at(tau: number): Activity {
    let total = 0;
    let all = 0;
    const layers = this.document.layers.map(({ layer, parameters, modules }, l) => {
      let layerActive = 0;
      const matrices = modules.map((module, m) => {
        const active = Math.round(this.#matrices[l][m].at(tau));
        layerActive += active;
        return { active, parameters: module.parameters, density: ratio(active, module.parameters) };
      });
      total += layerActive;
      all += parameters;
      return { layer, active: layerActive, parameters, density: ratio(layerActive, parameters), modules: matrices };
    });
    return { tau, share: ratio(total, all), layers };
  }

  #total(tau: number): number {
    let total = 0;
    for (const layer of this.#matrices) for (const matrix of layer) total += matrix.at(tau);
    return total;
  }
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
