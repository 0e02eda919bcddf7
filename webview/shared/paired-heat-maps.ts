import type { TemplateResult } from "lit";
import type { HeatMap } from "./heat-cells";
import { heatMap } from "./heat-map";
import { html } from "./template";

/** From this width on two heat maps stand beside each other, else one below the other. */
const twoAbreast = 640;
const gap = 24;

/** The room of each of two heat maps, in pixels. */
export function pairedWidth(width: number): number {
  return width < twoAbreast ? width : Math.floor((width - gap) / 2);
}

/** A heat map and what is of it. */
export interface NamedHeatMap {
  readonly name: string;
  readonly map: HeatMap;
}

/** Two heat maps of the same rows and columns, on one scale: keys in one walk both. */
export function pairedHeatMaps(maps: readonly NamedHeatMap[], width: number): TemplateResult {
  return html`<div class="paired-maps ${maps.length > 1 && width >= twoAbreast ? "abreast" : ""}">${maps.map(({ name, map }) => html`<div><h3>${name}</h3>${heatMap(map)}</div>`)}</div>`;
}
