import { html, svg, type TemplateResult } from "lit";
import { colourIn, css } from "./colour-scale";
import type { HeatMap } from "./heat-cells";
import { isHighContrast } from "./theme";

/** What the colours of a heat map are. */
export interface HeatLegend {
  /** What the two ends of the scale are. */
  readonly low: string;
  readonly high: string;
  /** What the ends of the scale are, in a sentence, where hatching stands for colours. */
  readonly hatching: string;
  /** What is measured, and how. */
  readonly what: string;
}

const steps = 24;

/** What the colours of a heat map mean. */
export function heatLegend(
  map: Pick<HeatMap, "theme" | "diverges">,
  { low, high, hatching, what }: HeatLegend,
): TemplateResult {
  if (isHighContrast(map.theme)) return html`<p class="legend">${hatching}<span class="note">${what}</span></p>`;
  return html`<p class="legend">
    <span>${low}</span
    ><svg class="ramp" width=${5 * steps} height="8" aria-hidden="true">
      ${Array.from(
        { length: steps },
        (_, i) =>
          svg`<rect x=${5 * i} y="0" width="5.2" height="8" fill=${css(colourIn(map, i / (steps - 1)))}></rect>`,
      )}</svg
    ><span>${high}</span><span class="note">${what}</span>
  </p>`;
}
