import { shortNames } from "./matrix-names";

/** The matrices of all layers as a grid: layers down, names across. */
export interface MatrixGrid {
  /** `self_attn.q_proj`, … */
  readonly names: readonly string[];
  /** `q`, … */
  readonly titles: readonly string[];
  /** The place of a cell's matrix among its layer's modules. */
  readonly moduleAt: (cell: { readonly row: number; readonly column: number }) => number | undefined;
}

interface Layered {
  readonly layers: readonly { readonly modules: readonly { readonly name: string }[] }[];
}

/** The grid of a document's matrices. */
export function matrixGrid({ layers }: Layered): MatrixGrid {
  const names = [...new Set(layers.flatMap(({ modules }) => modules.map(({ name }) => name)))];
  const places = layers.map(({ modules }) => new Map(modules.map(({ name }, m) => [name, m])));
  return {
    names,
    titles: shortNames(names),
    moduleAt: ({ row, column }) => places[row]?.get(names[column] ?? ""),
  };
}
