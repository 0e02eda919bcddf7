import type { HeatCell, HeatMap } from "./heat-cells";
import { rowHeightOf } from "./row-height";

/** A layer that has experts. */
export interface LayerOfExperts<Expert> {
  readonly layer: number;
  /** The place of the layer among all. */
  readonly row: number;
  readonly experts: readonly Expert[];
}

/** The heat map of a mixture: layers that have experts down, a layer's experts across. */
export function expertsMap<Expert>(
  layers: readonly LayerOfExperts<Expert>[],
  cellOf: (expert: Expert, layer: number) => HeatCell | undefined,
  {
    view,
    change,
    width,
    theme,
  }: {
    readonly view: { readonly row: number; readonly expert?: number };
    readonly change: (changes: { readonly row: number; readonly expert: number }) => void;
    readonly width: number;
    readonly theme: HeatMap["theme"];
  },
): HeatMap {
  const count = Math.max(0, ...layers.map(({ experts }) => experts.length));
  const stand: HeatMap["onFocus"] = ({ row, column }) => {
    change({ row: layers[row]?.row ?? 0, expert: column });
  };
  return {
    id: "experts",
    label: "Experts by layer. Arrow keys walk the cells.",
    rows: layers.map(({ layer }) => String(layer)),
    columns: Array.from({ length: count }, (_, expert) => String(expert)),
    cells: layers.map(({ layer, experts }) =>
      Array.from({ length: count }, (_, i) => experts.slice(i, i + 1).map((expert) => cellOf(expert, layer))[0]),
    ),
    rowHeight: rowHeightOf(layers.length),
    narrowest: 4,
    width,
    theme,
    focused: {
      row: Math.max(
        0,
        layers.findLastIndex(({ row }) => row <= view.row),
      ),
      column: Math.min(view.expert ?? 0, Math.max(0, count - 1)),
    },
    onFocus: stand,
    onOpen: stand,
  };
}
