import type { GroupedGrid } from "../../src/format/matrix-grid";
import { elementAt } from "../../src/engine/numbers/elements";
import type { HeatCell, HeatMap } from "./heat-cells";
import { rowHeightOf } from "./row-height";

/** Matrices of one name in a heat map: one, or all experts' that a layer has. */
export interface PlacedMatrices {
  /** The number of the layer, as the model has it. */
  readonly layer: number;
  /** The place of the layer among the layers. */
  readonly row: number;
  /** The place of the matrices' name among the titles. */
  readonly column: number;
  /** Their places among those of the layer. */
  readonly modules: readonly number[];
  /** The short name: `q` for `self_attn.q_proj`. */
  readonly title: string;
}

/** Layers down, matrices across: a cell for each name that a layer has matrices of. */
export function groupCells<Module>(
  layers: readonly { readonly layer: number; readonly modules: readonly Module[] }[],
  { titles, modulesAt }: GroupedGrid,
  cellOf: (modules: readonly Module[], place: PlacedMatrices) => HeatCell,
): Pick<HeatMap, "rows" | "columns" | "cells" | "rowHeight"> {
  return {
    rows: layers.map(({ layer }) => String(layer)),
    columns: titles,
    cells: layers.map(({ layer, modules: all }, row) =>
      titles.map((title, column) => {
        const modules = modulesAt({ row, column });
        if (modules.length === 0) return undefined;
        return cellOf(
          modules.map((module) => elementAt(all, module)),
          { layer, row, column, modules, title },
        );
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
