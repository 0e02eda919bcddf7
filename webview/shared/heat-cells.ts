import type { ThemeKind } from "./colour-scale";
import type { Cell } from "./grid-keys";
import type { HeatLabels } from "./heat-map-layout";

/** A cell of a heat map. */
export interface HeatCell {
  /** 0..1 on the scale of colours; of one that diverges 0.5 is the middle. */
  readonly position: number;
  /** Short, written into the cell where there is room. */
  readonly text: string;
  /** A sentence with the values: made when it is asked for, of one cell. */
  readonly describe: () => string;
}

/** A heat map, and what its keys do. */
export interface HeatMap {
  readonly id: string;
  readonly label: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Row by row; undefined where there is nothing. */
  readonly cells: readonly (readonly (HeatCell | undefined)[])[];
  readonly width: number;
  readonly rowHeight: number;
  readonly theme: ThemeKind;
  /** Where the labels of rows and columns are longer than a number or a short name: the room that they take, in pixels. */
  readonly labels?: HeatLabels;
  /** How narrow cells may be, in pixels, where that is less than usual. */
  readonly narrowest?: number;
  /** Colours run away from a middle to both sides. */
  readonly diverges?: boolean;
  readonly focused: Cell;
  readonly onFocus: (cell: Cell) => void;
  readonly onOpen: (cell: Cell) => void;
}
