import type { TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import type { HeatMap } from "./heat-cells";
import { drawHeatMap } from "./heat-map-canvas";
import { cellAt, heatMapLayout } from "./heat-map-layout";
import { moveCell } from "./grid-keys";
import { hideTooltip, showTooltip } from "./tooltip";
import { html } from "./template";

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
