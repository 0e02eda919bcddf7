import { elementAt } from "../numbers/elements";
import type { Model } from "../model/model";
import { BIN_COUNT, binOf, thresholdOf } from "../sweep/reducers/histogram";
import { Sketches } from "../sweep/sketch";
import { uniformPlaces } from "../sweep/sketch-places";
import type { GradientObserver } from "../sweep/sweep";

/** Parameters of every matrix that are looked at. */
const SKETCH_SIZE = 256;
/** With fewer texts there is no saying how much they vary. */
export const FEWEST_TEXTS = 3;

/** A layer: how many parameters each place stands for, and the activations there of every text. */
interface SketchedLayer {
  readonly weights: Float32Array;
  readonly texts: readonly Float32Array[];
}

/**
 * The density of every layer in each text by itself, of the text's own strongest share of all parameters: estimated from sketches
 * (256 parameters of every matrix), as the scores of single texts are not formed where their mean is wanted.
 */
export class TextDensities {
  readonly #sketches: Sketches;
  readonly #samples: number;
  readonly #layers = new Map<number, SketchedLayer>();

  constructor(model: Model, samples: number) {
    this.#samples = samples;
    this.#sketches = new Sketches(
      model,
      Array.from({ length: samples }, (_, sample) => sample),
      uniformPlaces(SKETCH_SIZE),
    );
  }

  get observe(): GradientObserver {
    return this.#sketches.observe;
  }

  /** The sweep is behind this layer. */
  layerDone(layer: number): void {
    const texts = Array.from({ length: this.#samples }, (_, sample) => this.#sketches.activations(sample));
    this.#layers.set(layer, { weights: this.#sketches.weights(), texts });
  }

  /** Per text and layer, shallowest first. */
  densities(share: number): number[][] {
    const layers = [...this.#layers].sort(([a], [b]) => a - b).map(([, layer]) => layer);
    return Array.from({ length: this.#samples }, (_, text) =>
      densitiesOf(
        layers.map(({ weights, texts }) => ({ weights, values: elementAt(texts, text) })),
        share,
      ),
    );
  }
}

interface Sketched {
  readonly values: Float32Array;
  readonly weights: Float32Array;
}

function densitiesOf(layers: readonly Sketched[], share: number): number[] {
  const counts = new Float64Array(BIN_COUNT);
  let [zeros, parameters] = [0, 0];
  for (const { values, weights } of layers)
    for (let i = 0; i < values.length; i++) {
      const [value, weight] = [values[i]!, weights[i]!];
      counts[binOf(value)]! += weight;
      parameters += weight;
      if (value === 0) zeros += weight;
    }
  const tau = thresholdOf(share, parameters, [{ firstBin: 0, counts, zeros }]);
  return layers.map(({ values, weights }) => {
    let [active, all] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      const [value, weight] = [values[i]!, weights[i]!];
      if (value > 0 && value >= tau) active += weight;
      all += weight;
    }
    return active / all;
  });
}
