import { blockTensor, modulesAt, type Model, type ScoredModule } from "../model/model";
import { elementAt } from "../numbers/elements";
import type { Reducer, Tile } from "../sweep/reducers/reducer";
import type { MatrixSums } from "../api";
import type { Structure } from "./options";
import { NO_UNIT, unitsAt } from "./units";

/** Sums along rows and columns of every matrix of a layer, by its name. */
export type SumsOfLayer = ReadonlyMap<string, MatrixSums>;

/** Weights that are read at a time. */
const PIECE = 2 ** 20;

/** Sums up the activations of every row and column of every matrix. */
export class UnitSums implements Reducer {
  readonly #layers = new Map<number, Map<string, MatrixSums>>();

  tile({ layer, module, from, rows, scores }: Tile): void {
    addRows(this.#of(layer, module), module, elementAt(scores, 0), from, rows);
  }

  layer(layer: number): SumsOfLayer {
    return this.#layers.get(layer) ?? new Map<string, MatrixSums>();
  }

  #of(layer: number, module: ScoredModule): MatrixSums {
    let known = this.#layers.get(layer);
    if (known === undefined) this.#layers.set(layer, (known = new Map<string, MatrixSums>()));
    let sums = known.get(module.name);
    if (sums === undefined) known.set(module.name, (sums = emptySums(module)));
    return sums;
  }
}

const emptySums = (module: ScoredModule): MatrixSums => ({
  rows: new Float64Array(module.out),
  columns: new Float64Array(module.in),
});

/** Adds values, none of them negative, of rows `[from, from + rows)` of a matrix. */
function addRows(
  sums: MatrixSums,
  { in: width }: ScoredModule,
  values: Float32Array,
  from: number,
  rows: number,
): void {
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0, at = row * width; column < width; column++, at++) {
      const value = values[at]!;
      sum += value;
      sums.columns[column]! += value;
    }
    sums.rows[from + row]! += sum;
  }
}

/** The same of the sizes of the weights themselves, `|w|`. */
export async function magnitudeSums(
  model: Model,
  layer: number,
  signal: AbortSignal | undefined,
): Promise<SumsOfLayer> {
  const all = new Map<string, MatrixSums>();
  for (const module of modulesAt(model, layer)) {
    const sums = emptySums(module);
    const atOnce = Math.max(1, Math.floor(PIECE / module.in));
    const values = new Float32Array(Math.min(atOnce, module.out) * module.in);
    for (let from = 0; from < module.out; from += atOnce) {
      signal?.throwIfAborted();
      const to = Math.min(module.out, from + atOnce);
      const piece = values.subarray(0, (to - from) * module.in);
      await model.checkpoint.read(blockTensor(model, layer, `${module.name}.weight`), piece, from, to);
      for (let i = 0; i < piece.length; i++) piece[i] = Math.abs(piece[i]!);
      addRows(sums, module, piece, from, to - from);
    }
    all.set(module.name, sums);
  }
  return all;
}

/**
 * What the units of a structure come to: the sum over the parameters of each, those of biases and norms left out.
 * @param sums by layer.
 * @returns per group of units, of which as many go from each, one for each unit: all layers are one group, and the units of every layer are one; undefined where a layer has
 * none.
 */
export function unitScores(
  model: Model,
  structure: Structure,
  sums: (layer: number) => SumsOfLayer,
): (Float64Array | undefined)[] {
  const layers = Array.from({ length: model.layers }, (_, layer) => layer);
  if (structure === "layers")
    return [Float64Array.from(layers, (layer) => total([...sums(layer).values()].map(({ rows }) => total(rows))))];
  return layers.map((layer) => {
    const units = unitsAt(model, structure, layer);
    if (units === undefined) return undefined;
    const own = sums(layer);
    const scores = new Float64Array(units.count);
    for (const slice of units.slices) {
      const matrix = own.get(slice.tensor.replace(/\.weight$/, ""));
      // a vector: no parameter of it is scored
      if (matrix === undefined || !slice.tensor.endsWith(".weight")) continue;
      if (slice.axis === "whole") scores[slice.unit]! += total(matrix.rows);
      else for (const [i, unit] of slice.units.entries()) if (unit !== NO_UNIT) scores[unit]! += matrix[slice.axis][i]!;
    }
    return scores;
  });
}

function total(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
