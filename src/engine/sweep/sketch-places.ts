import { modulesAt, parametersOf, type Model, type ScoredModule } from "../model/model";
import { randomNumbers } from "../numbers/random";
import type { SiteGradients } from "./block-gradients";
import type { ObservedBlock } from "./sweep";

/** The parameters of one matrix that a sketch holds. */
export interface SketchedMatrix {
  readonly module: ScoredModule;
  /** Row-major places, ascending. */
  readonly places: Int32Array;
  /** How many parameters of the matrix each of them stands for. */
  readonly weights: Float32Array;
}

/** Chooses parameters of a stage's matrices, when the first batch has been passed through it. */
export type PlaceChoice = (model: Model, block: ObservedBlock) => SketchedMatrix[];

/** Where the random choice starts. */
const SEED = 1;

/** So many parameters of every matrix, each as likely as any other; of a smaller matrix all. */
export function uniformPlaces(size: number): PlaceChoice {
  return (model, { layer, modules }) =>
    modules.map((module) => {
      const all = module.out * module.in;
      const places = chosenPlaces(all, size, randomNumbers(seedOf(model, layer, module)));
      return { module, places, weights: new Float32Array(places.length).fill(all / places.length) };
    });
}

/**
 * About so many parameters for each matrix of the stage, half of them by chance, half in proportion to how much they are likely to be activated:
 * `|w_rc| ‖δ_r‖ ‖x_c‖` over the first batch. Similarity comes mostly from few strong weights, contrast from all alike: both halves
 * together estimate both (importance sampling from a mixture with the uniform: Owen and Zhou, "Safe and effective importance
 * sampling", 2000).
 */
export function likelyPlaces(size: number): PlaceChoice {
  return (model, { layer, modules, gradients, blocks }) => {
    const matrices = modules.map((module): LikelyMatrix => {
      const site = gradients.sites.get(module.name);
      if (site === undefined) return { module };
      const weights = blocks.weight(`${module.name}.weight`);
      return { module, activity: { weights, rows: rowNorms(site, module), columns: columnNorms(site, module) } };
    });
    const parameters = parametersOf(modules);
    const likely = matrices.reduce((sum, matrix) => sum + sumOf(matrix), 0);
    const half = (size * modules.length) / 2;
    const [first] = modules;
    const next = randomNumbers(first ? seedOf(model, layer, first) : SEED);
    return matrices.map((matrix): SketchedMatrix => {
      const [places, weights]: [number[], number[]] = [[], []];
      eachLikeliness(matrix, (likeliness, place) => {
        const p = Math.min(1, half / parameters + (likely > 0 ? (half * likeliness) / likely : 0));
        if (next() >= p) return;
        places.push(place);
        weights.push(1 / p);
      });
      return { module: matrix.module, places: Int32Array.from(places), weights: Float32Array.from(weights) };
    });
  };
}

function seedOf(model: Model, layer: number, module: ScoredModule): number {
  return SEED + 1009 * layer + 65_537 * modulesAt(model, layer).indexOf(module);
}

interface LikelyMatrix {
  readonly module: ScoredModule;
  /** Its weights, and how strong what comes out of its rows and into its columns is; undefined: it had no part in the batch. */
  readonly activity?: { readonly weights: Float32Array; readonly rows: Float64Array; readonly columns: Float64Array };
}

/** Passes every parameter of a matrix in turn: as many as a model has, so that none of it is kept. */
function eachLikeliness({ module, activity }: LikelyMatrix, take: (likeliness: number, place: number) => void): void {
  for (let row = 0, place = 0; row < module.out; row++)
    for (let column = 0; column < module.in; column++, place++)
      take(activity ? Math.abs(activity.weights[place]!) * activity.rows[row]! * activity.columns[column]! : 0, place);
}

function sumOf(matrix: LikelyMatrix): number {
  let sum = 0;
  eachLikeliness(matrix, (likeliness) => (sum += likeliness));
  return sum;
}

/** Per row `‖δ_r‖` over all samples and positions. */
function rowNorms({ samples, positions, delta }: SiteGradients, { out }: ScoredModule): Float64Array {
  const squares = new Float64Array(out);
  for (let i = 0, at = 0; i < samples * out; i++)
    for (let t = 0; t < positions; t++, at++) squares[i % out]! += delta.data[at]! ** 2;
  return squares.map(Math.sqrt);
}

/** Per column `‖x_c‖` over all samples and positions. */
function columnNorms({ samples, positions, x }: SiteGradients, { in: width }: ScoredModule): Float64Array {
  const squares = new Float64Array(width);
  for (let i = 0, at = 0; i < samples * positions; i++)
    for (let column = 0; column < width; column++, at++) squares[column]! += x.data[at]! ** 2;
  return squares.map(Math.sqrt);
}

/** `size` different places of `all`, ascending; all where there are no more. */
function chosenPlaces(all: number, size: number, next: () => number): Int32Array {
  if (all <= size) return Int32Array.from({ length: all }, (_, i) => i);
  const places = new Set<number>();
  while (places.size < size) places.add(Math.floor(next() * all));
  return Int32Array.from(places).sort();
}
