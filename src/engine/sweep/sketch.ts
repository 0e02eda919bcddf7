import { elementAt } from "../numbers/elements";
import type { Model, ScoredModule } from "../model/model";
import type { SiteGradients } from "./block-gradients";
import { Products } from "./reducers/products";
import type { PlaceChoice, SketchedMatrix } from "./sketch-places";
import type { ObservedBlock } from "./sweep";

/**
 * The activations of some samples at some of every matrix' parameters, of the layer that a sweep is at; the same parameters of all samples. No
 * scores are formed by tiles: a gradient at (r, c) is `Σ_t δ_tr x_tc`.
 */
export class Sketches {
  readonly #model: Model;
  readonly #choose: PlaceChoice;
  readonly #samples: ReadonlySet<number>;
  #layer: number | undefined;
  /** In the order in which they came, stage by stage. */
  readonly #matrices = new Map<ScoredModule, SketchedMatrix>();
  /** Per sample what it activates of a matrix; none where it has no part in it. */
  readonly #rows = new Map<number, Map<ScoredModule, Float32Array>>();

  /** @param samples those of the run that are sketched, by their numbers. */
  constructor(model: Model, samples: readonly number[], choose: PlaceChoice) {
    this.#model = model;
    this.#samples = new Set(samples);
    this.#choose = choose;
  }

  /** Takes in a batch of a stage of a block: an observer of a sweep. */
  readonly observe = (block: ObservedBlock): Promise<void> => {
    this.#take(block);
    return Promise.resolve();
  };

  #take(block: ObservedBlock): void {
    const { layer, batch, modules, gradients, blocks } = block;
    if (this.#layer !== layer) {
      this.#rows.clear();
      this.#matrices.clear();
      this.#layer = layer;
    }
    if (!modules.every((module) => this.#matrices.has(module)))
      for (const matrix of this.#choose(this.#model, block)) this.#matrices.set(matrix.module, matrix);
    for (const [at, sample] of batch.samples.entries()) {
      if (!this.#samples.has(sample)) continue;
      const rows = this.#rows.get(sample) ?? new Map<ScoredModule, Float32Array>();
      this.#rows.set(sample, rows);
      for (const module of modules) {
        const site = gradients.sites.get(module.name);
        const places = this.#matrices.get(module)?.places;
        if (site === undefined || places === undefined) continue;
        const row = gradientsAt(site, at, places);
        const weights = blocks.weight(`${module.name}.weight`);
        for (let i = 0; i < row.length; i++) row[i] = Math.abs(weights[places[i]!]! * row[i]!);
        rows.set(module, row);
      }
    }
  }

  /**
   * How alike pairs of samples are in the layer that the sweep has just done, as estimated from the sketches.
   * @param background the samples whose mean contrast is measured against.
   */
  similarities(
    pairs: readonly (readonly [number, number])[],
    background: readonly number[],
  ): { readonly plain: number[]; readonly contrast: number[] } {
    const weights = this.weights();
    const activations = new Map<number, Float32Array>();
    for (const sample of new Set([...background, ...pairs.flat()])) activations.set(sample, this.activations(sample));
    const rowOf = (sample: number): Float32Array => activations.get(sample) ?? new Float32Array();
    const mean = new Float64Array(weights.length);
    for (const sample of background) {
      const row = rowOf(sample);
      for (let i = 0; i < mean.length; i++) mean[i]! += row[i]! / background.length;
    }
    const contrasted = new Map<number, Float32Array>();
    for (const sample of new Set(pairs.flat()))
      contrasted.set(
        sample,
        rowOf(sample).map((value, i) => (mean[i]! > 0 ? Math.log1p(value / mean[i]!) : 0)),
      );
    const of = (rows: (sample: number) => Float32Array): number[] =>
      pairs.map(([a, b]) => weightedCosine(rows(a), rows(b), weights));
    return {
      plain: of(rowOf),
      contrast: of((sample) => contrasted.get(sample) ?? new Float32Array()),
    };
  }

  /** How many parameters each place stands for, in the layer that the sweep has just done. */
  weights(): Float32Array {
    return concatenated([...this.#matrices.values()].map(({ weights }) => weights));
  }

  /** A sample's activations at those places. */
  activations(sample: number): Float32Array {
    const rows = this.#rows.get(sample);
    if (rows === undefined) throw new Error(`sample ${sample} has not been sketched`);
    return concatenated(
      [...this.#matrices.values()].map(({ module, places }) => rows.get(module) ?? new Float32Array(places.length)),
    );
  }
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let from = 0;
  for (const part of parts) {
    all.set(part, from);
    from += part.length;
  }
  return all;
}

/** `Σ_t δ_tr x_tc` of one sample at some places of a matrix. */
function gradientsAt({ positions, x, delta }: SiteGradients, sample: number, places: Int32Array): Float32Array {
  const gradients = new Float32Array(places.length);
  const width = elementAt(x.shape, 2);
  const out = elementAt(delta.shape, 1);
  const [inputs, deltas] = [x.data, delta.data];
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    const row = Math.floor(place / width);
    let at = sample * positions * width + (place - row * width);
    const from = (sample * out + row) * positions;
    let sum = 0;
    for (let t = 0; t < positions; t++, at += width) sum += deltas[from + t]! * inputs[at]!;
    gradients[i] = sum;
  }
  return gradients;
}

/** The cosine of two rows whose places count by weights; 0 if one side is all zero. */
function weightedCosine(a: Float32Array, b: Float32Array, weights: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < weights.length; i++) {
    const [x, y, weight] = [a[i]!, b[i]!, weights[i]!];
    ab += weight * x * y;
    aa += weight * x * x;
    bb += weight * y * y;
  }
  return Object.assign(new Products(), { ab, aa, bb }).similarity;
}
