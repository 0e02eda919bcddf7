import type { MatrixGrid } from "../../src/format/matrix-grid";
import { elementAt } from "../../src/engine/numbers/elements";
import type { HeatCell, HeatMap } from "./heat-cells";
import { rowHeightOf } from "./row-height";

/** A matrix in a heat map of layers by matrices. */
export interface PlacedMatrix {
  /** The number of the layer, as the model has it. */
  readonly layer: number;
  /** The place of the layer among the layers. */
  readonly row: number;
  /** The place of the matrix among those of the layer. */
  readonly module: number;
  /** The short name of the matrix: `q` for `self_attn.q_proj`. */
  readonly title: string;
}

/** Layers down, matrices across: a cell for each matrix that a layer has. */
export function matrixCells<Module>(
  layers: readonly { readonly layer: number; readonly modules: readonly Module[] }[],
  { titles, moduleAt }: MatrixGrid,
  cellOf: (module: Module, place: PlacedMatrix) => HeatCell,
): Pick<HeatMap, "rows" | "columns" | "cells" | "rowHeight"> {
  return {
    rows: layers.map(({ layer }) => String(layer)),
    columns: titles,
    cells: layers.map(({ layer, modules }, row) =>
      titles.map((title, column) => {
        const module = moduleAt({ row, column });
        return module === undefined ? undefined : cellOf(elementAt(modules, module), { layer, row, module, title });
      }),
    ),
    rowHeight: rowHeightOf(layers.length),
  };
}

/** The walk over a heat map whose rows are layers: the view stands on the same layer in all charts. */
export function layerWalk(
  {
    view,
    change,
  }: {
    readonly view: { readonly layer: number; readonly column: number };
    readonly change: (change: { layer: number; column: number }) => void;
  },
  { rows, columns }: Pick<HeatMap, "rows" | "columns">,
): Pick<HeatMap, "focused" | "onFocus" | "onOpen"> {
  const stand = ({ row, column }: HeatMap["focused"]) => change({ layer: row, column });
  return {
    focused: { row: Math.min(view.layer, rows.length - 1), column: Math.min(view.column, columns.length - 1) },
    onFocus: stand,
    onOpen: stand,
  };
}
