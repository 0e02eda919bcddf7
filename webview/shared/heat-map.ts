import { html, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { drawHeatMap } from "./heat-map-canvas";
import { cellAt, type HeatLabels, heatMapLayout } from "./heat-map-layout";
import { type Cell, moveCell } from "./grid-keys";
import type { ThemeKind } from "./colour-scale";
import { hideTooltip, showTooltip } from "./tooltip";

export interface HeatCell {
  /** 0..1 on the scale of colours; of one that diverges 0.5 is the middle. */
  readonly position: number;
  /** Short, written into the cell where there is room. */
  readonly text: string;
  /** A sentence with the values: made when it is asked for, of one cell. */
  readonly describe: () => string;
}

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
  /** Colours run away from a middle to both sides. */
  readonly diverges?: boolean;
  readonly focused: Cell;
  readonly onFocus: (cell: Cell) => void;
  readonly onOpen: (cell: Cell) => void;
}

/** Rows by columns of coloured cells: arrow keys walk them, Enter opens one; what a cell holds is said as it is reached. */
export function heatMap(map: HeatMap): TemplateResult {
  const { rows, columns, cells, focused, onFocus, onOpen } = map;
  const layout = heatMapLayout(map);
  const shown = cells[focused.row]?.[focused.column];
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === " ") {
      if (shown) onOpen(focused);
    } else {
      const cell = moveCell(focused, { rows: rows.length, columns: columns.length }, event);
      if (!cell) return;
      onFocus(cell);
    }
    event.preventDefault();
  };
  const isWalked = document.activeElement?.classList.contains("heat-map") ?? false;
  const pointed = (event: PointerEvent | MouseEvent) => cellAt(layout, event.offsetX, event.offsetY);
  const onMove = (event: PointerEvent) => {
    const cell = pointed(event);
    const description = cell && cells[cell.row]?.[cell.column]?.describe();
    if (description) showTooltip(event, description);
    else hideTooltip();
  };
  const onClick = (event: MouseEvent) => {
    const cell = pointed(event);
    if (cell && cells[cell.row]?.[cell.column]) onOpen(cell);
  };
  return html`<div
    class="heat-map"
    role="application"
    aria-roledescription="heat map"
    aria-label=${map.label}
    aria-describedby="${map.id}-cell"
    tabindex="0"
    @keydown=${onKey}
  >
    <canvas
      aria-hidden="true"
      data-chart=${map.id}
      @pointermove=${onMove}
      @pointerleave=${hideTooltip}
      @click=${onClick}
      ${ref((canvas) => {
        if (canvas instanceof HTMLCanvasElement) drawHeatMap(canvas, map, layout);
      })}
    ></canvas>
    <p class="readout" id="${map.id}-cell" aria-live=${isWalked ? "polite" : "off"}>${shown?.describe() ?? ""}</p>
  </div>`;
}
