import { blockOf, type Architecture, type HeadLayout } from "../../model/architectures/architecture";
import { headsOf } from "../../model/architectures/heads";
import type { ScoredModule } from "../../model/model";
import { elementAt } from "../../numbers/elements";
import type { Reducer, Tile } from "./reducer";

/** Products of the scores of two sets: Σ a·b, and of each with itself. */
export class Products {
  ab = 0;
  aa = 0;
  bb = 0;

  add(other: Products): this {
    this.ab += other.ab;
    this.aa += other.aa;
    this.bb += other.bb;
    return this;
  }

  /** `Σ|a·b| / (‖a‖ ‖b‖)`; 0 if one side is all zero. */
  get similarity(): number {
    return this.aa > 0 && this.bb > 0 ? this.ab / Math.sqrt(this.aa * this.bb) : 0;
  }
}

/** Products of one pair of sets in one matrix. */
export interface ModuleProducts {
  readonly total: Products;
  /** Products of each head, in the order of the layout's parts and heads. */
  readonly heads: readonly { readonly part?: string; readonly head: number; readonly products: Products }[];
}

/** Products of the listed pairs of a unit's sets, per matrix and head. */
export class ProductReducer implements Reducer {
  readonly #architecture: Architecture;
  readonly #pairs: readonly (readonly [number, number])[];
  readonly #products = new Map<string, ModuleProducts>();

  constructor(architecture: Architecture, pairs: readonly (readonly [number, number])[]) {
    this.#architecture = architecture;
    this.#pairs = pairs;
  }

  tile(tile: Tile): void {
    this.#pairs.forEach(([a, b], pair) => {
      const key = `${tile.unit}/${pair}/${tile.layer}/${tile.module.name}`;
      let products = this.#products.get(key);
      if (products === undefined) this.#products.set(key, (products = this.#empty(tile)));
      accumulate(
        products,
        blockOf(this.#architecture, tile.layer).heads[tile.module.name],
        tile,
        elementAt(tile.scores, a),
        elementAt(tile.scores, b),
      );
    });
  }

  #empty({ layer, module }: Tile): ModuleProducts {
    const heads = headsOf(blockOf(this.#architecture, layer).heads[module.name]).map(({ part, head }) => ({
      ...(part === undefined ? {} : { part }),
      head,
      products: new Products(),
    }));
    return { total: new Products(), heads };
  }

  module(layer: number, name: string, pair = 0, unit = 0): ModuleProducts {
    const products = this.#products.get(`${unit}/${pair}/${layer}/${name}`);
    if (products === undefined) throw new Error(`layer ${layer} has not been swept`);
    return products;
  }

  /** The products of all matrices of a layer together. */
  layer(layer: number, modules: readonly ScoredModule[], pair = 0, unit = 0): Products {
    return modules.reduce((sum, { name }) => sum.add(this.module(layer, name, pair, unit).total), new Products());
  }
}

function accumulate(
  products: ModuleProducts,
  layout: HeadLayout | undefined,
  { from, rows, module }: Tile,
  a: Float32Array,
  b: Float32Array,
): void {
  const width = module.in;
  const byColumns = layout?.axis === "columns" ? layout.size : width;
  for (let row = 0; row < rows; row++) {
    for (let start = 0; start < width; start += byColumns) {
      const first = row * width + start;
      const end = row * width + Math.min(width, start + byColumns);
      let ab = 0;
      let aa = 0;
      let bb = 0;
      for (let i = first; i < end; i++) {
        const x = a[i]!;
        const y = b[i]!;
        ab += x * y;
        aa += x * x;
        bb += y * y;
      }
      const head = layout && headAt(layout, layout.axis === "rows" ? from + row : start);
      for (const sum of head === undefined
        ? [products.total]
        : [products.total, elementAt(products.heads, head).products]) {
        sum.ab += ab;
        sum.aa += aa;
        sum.bb += bb;
      }
    }
  }
}

/** The number of the head, over all parts, that a row or column belongs to. */
function headAt({ parts, size }: HeadLayout, index: number): number | undefined {
  let before = 0;
  for (const { from, stride, count } of parts) {
    const head = Math.floor((index - from) / stride);
    if (index >= from && head < count && (index - from) % stride < size) return before + head;
    before += count;
  }
  return undefined;
}
