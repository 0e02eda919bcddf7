import { modulesAt, type Model, type ScoredModule } from "../model/model";
import { randomNumbers } from "../numbers/random";
import type { SiteGradients } from "./block-runner";
import { Products } from "./reducers/products";
import type { ObservedBlock } from "./sweep";

/** Parameters of every matrix that a sketch holds; of a smaller matrix all. */
export const SKETCH_SIZE = 256;
/** Where the random choice of them starts. */
const SEED = 1;

/** The parameters of one matrix that are looked at. */
interface SketchedMatrix {
  readonly module: ScoredModule;
  /** Row-major places, ascending. */
  readonly places: readonly number[];
  /** How many parameters of the matrix each stands for. */
  readonly weight: number;
}

/**
 * The activations of some samples at a fixed random choice of every matrix's parameters, of the layer that a sweep is at. No scores are
 * formed by tiles: a gradient at (r, c) is `Σ_t δ_tr x_tc`.
 */
export class Sketches {
  readonly #model: Model;
  readonly #rows = new Map<number, Float32Array>();
  readonly #matrices = new Map<number, readonly SketchedMatrix[]>();
  readonly #samples: ReadonlySet<number>;

  /** @param samples those of the run that are sketched, by their numbers. */
  constructor(model: Model, samples: readonly number[]) {
    this.#model = model;
    this.#samples = new Set(samples);
  }

  /** Takes in a batch of a block: an observer of a sweep. */
  readonly observe = (block: ObservedBlock): Promise<void> => {
    this.#take(block);
    return Promise.resolve();
  };

  #take({ layer, batch, gradients, blocks }: ObservedBlock): void {
    const matrices = this.#matricesOf(layer);
    for (const [at, sample] of batch.samples.entries()) {
      if (!this.#samples.has(sample)) continue;
      const row = new Float32Array(matrices.reduce((sum, { places }) => sum + places.length, 0));
      let next = 0;
      for (const { module, places } of matrices) {
        const site = gradients.sites.get(module.name);
        const weights = blocks.weight(`${module.name}.weight`);
        for (const place of places) {
          const value =
            site === undefined ? 0 : gradientAt(site, at, [Math.floor(place / module.in), place % module.in]);
          row[next++] = Math.abs(weights[place]! * value);
        }
      }
      this.#rows.set(sample, row);
    }
  }

  /**
   * How alike pairs of samples are in the layer that the sweep has just done, as estimated from the sketches.
   * @param background the samples whose mean contrast is measured against.
   */
  similarities(
    layer: number,
    pairs: readonly (readonly [number, number])[],
    background: readonly number[],
  ): { readonly plain: number[]; readonly contrast: number[] } {
    const weights = this.#matricesOf(layer).flatMap(({ places, weight }) => places.map(() => weight));
    const mean = new Float64Array(weights.length);
    for (const sample of background) {
      const row = this.#row(sample);
      for (let i = 0; i < mean.length; i++) mean[i]! += row[i]! / background.length;
    }
    const contrasted = new Map<number, Float64Array>();
    for (const sample of new Set(pairs.flat()))
      contrasted.set(
        sample,
        Float64Array.from(this.#row(sample), (value, i) => (mean[i]! > 0 ? Math.log1p(value / mean[i]!) : 0)),
      );
    const of = (rows: (sample: number) => ArrayLike<number>): number[] =>
      pairs.map(([a, b]) => weightedCosine(rows(a), rows(b), weights));
    return {
      plain: of((sample) => this.#row(sample)),
      contrast: of((sample) => contrasted.get(sample) ?? []),
    };
  }

  /** How many parameters each place stands for, in the layer that the sweep has just done. */
  weights(layer: number): Float32Array {
    return Float32Array.from(this.#matricesOf(layer).flatMap(({ places, weight }) => places.map(() => weight)));
  }

  /** A sample's activations at those places. */
  activations(sample: number): Float32Array {
    return this.#row(sample);
  }

  #row(sample: number): Float32Array {
    const row = this.#rows.get(sample);
    if (row === undefined) throw new Error(`sample ${sample} has not been sketched`);
    return row;
  }

  #matricesOf(layer: number): readonly SketchedMatrix[] {
    const known = this.#matrices.get(layer);
    if (known !== undefined) return known;
    const matrices = modulesAt(this.#model, layer).map((module, i): SketchedMatrix => {
      const size = module.out * module.in;
      const places = chosenPlaces(size, randomNumbers(SEED + 1009 * layer + 65_537 * i));
      return { module, places, weight: size / places.length };
    });
    this.#matrices.clear();
    this.#matrices.set(layer, matrices);
    return matrices;
  }
}

/** `SKETCH_SIZE` different places of `size`, ascending; all where there are no more. */
function chosenPlaces(size: number, next: () => number): number[] {
  if (size <= SKETCH_SIZE) return Array.from({ length: size }, (_, i) => i);
  const places = new Set<number>();
  while (places.size < SKETCH_SIZE) places.add(Math.floor(next() * size));
  return [...places].sort((a, b) => a - b);
}

/** `Σ_t δ_tr x_tc` of one sample. */
function gradientAt(
  { samples, positions, x, delta }: SiteGradients,
  sample: number,
  [row, column]: readonly [number, number],
): number {
  const width = x.data.length / (samples * positions);
  const rows = delta.data.length / (samples * positions);
  const fromX = sample * positions * width + column;
  const fromDelta = (sample * rows + row) * positions;
  const [inputs, gradients] = [x.data, delta.data];
  let sum = 0;
  for (let t = 0; t < positions; t++) sum += gradients[fromDelta + t]! * inputs[fromX + t * width]!;
  return sum;
}

/** The cosine of two rows whose places count by weights; 0 if one side is all zero. */
function weightedCosine(a: ArrayLike<number>, b: ArrayLike<number>, weights: readonly number[]): number {
  const products = new Products();
  for (let i = 0; i < weights.length; i++) {
    const [x, y, weight] = [a[i]!, b[i]!, weights[i]!];
    products.ab += weight * x * y;
    products.aa += weight * x * x;
    products.bb += weight * y * y;
  }
  return products.similarity;
}
