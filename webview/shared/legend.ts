import type { SVGTemplateResult, TemplateResult } from "lit";
import { html, svg } from "./template";

/** What a chart is drawn with, and what that stands for. */
export interface LegendKey {
  readonly name: string;
  /** The width of the swatch, in pixels. */
  readonly width: number;
  /** The height of the swatch, in pixels. */
  readonly height: number;
  readonly swatch: SVGTemplateResult;
}

/** One key of a legend: a swatch and its name. */
export function legendKey({ name, width, height, swatch }: LegendKey): TemplateResult {
  return html`<span class="key"
    ><svg class="swatch" width=${width} height=${height} aria-hidden="true">${swatch}</svg>${name}</span
  >`;
}

/** The key of a filled area. */
export function filledKey(kind: string, name: string, width = 12): TemplateResult {
  return legendKey({
    name,
    width,
    height: 10,
    swatch: svg`<rect class=${kind} width=${width} height="10"></rect>`,
  });
}
