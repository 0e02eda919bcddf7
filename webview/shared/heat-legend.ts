import type { TemplateResult } from "lit";
import { colourIn, css } from "./colour-scale";
import type { HeatMap } from "./heat-cells";
import { isHighContrast } from "./theme";
import { html, svg } from "./template";

/** What the colours of a heat map are. */
export interface HeatLegend {
  /** What the two ends of the scale are. */
  readonly low: string;
  readonly high: string;
  /** What the ends of the scale are, in a sentence, where hatching stands for colours; a picture has none, and greys in their place. */
  readonly hatching?: string;
  /** What is measured, and how. */
  readonly what: string;
  /** The strongest colour is that of the low end. */
  readonly descends?: boolean;
}

const steps = 24;

/** What the colours of a heat map mean. */
export function heatLegend(
  map: Pick<HeatMap, "theme" | "diverges">,
  { low, high, hatching, what, descends = false }: HeatLegend,
): TemplateResult {
  if (hatching !== undefined && isHighContrast(map.theme))
    return html`<p class="legend">${hatching}<span class="note">${what}</span></p>`;
  return html`<p class="legend">
    <span>${low}</span
    ><svg class="ramp" width=${5 * steps} height="8" aria-hidden="true">
      ${Array.from(
        { length: steps },
        (_, i) =>
          svg`<rect x=${5 * i} y="0" width="5.2" height="8" fill=${css(colourIn(map, (descends ? steps - 1 - i : i) / (steps - 1)))}></rect>`,
      )}</svg
    ><span>${high}</span><span class="note">${what}</span>
  </p>`;
}
