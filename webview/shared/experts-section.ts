import type { TemplateResult } from "lit";
import { optionsOf, select } from "./controls";
import type { DataTable } from "./data-table";
import type { HeatMap } from "./heat-cells";
import { heatLegend, type HeatLegend } from "./heat-legend";
import { heatMap } from "./heat-map";
import { type Explanation, section, type Sectioned } from "./section";
import { html } from "./template";

/** The heat map of a mixture's experts, what it can show, and what it shows. */
interface ExpertsSection<Measure extends string> {
  readonly measure: Measure;
  readonly names: Readonly<Record<Measure, string>>;
  readonly onMeasure: (measure: Measure) => void;
  readonly map: HeatMap;
  /** What its colours are; how hatching is read need only be said where it is not more from the low end on. */
  readonly legend: HeatLegend;
  readonly table: () => DataTable;
  readonly sentence: string;
  readonly explanation: Explanation;
}

/** Experts as a heat map of a measure that is chosen from a list, layers down, a layer's experts across. */
export function expertsSectionOf<Name extends string, Measure extends string>(
  panel: Sectioned<Name | "experts">,
  { measure, names, onMeasure, map, legend, ...parts }: ExpertsSection<Measure>,
): TemplateResult {
  const { low, high } = legend;
  return section<Name | "experts">(panel, {
    name: "experts",
    title: "Experts",
    note: "layers down, a layer's experts across",
    controls: select({
      label: "Measure of the heat map of experts",
      value: measure,
      options: optionsOf(names),
      onChange: (chosen) => onMeasure(chosen as Measure),
    }),
    chart: () =>
      html`<div class="wide">${heatMap(map)}</div>
        ${heatLegend(map, { hatching: `Hatching: none is ${low}, solid ${high}`, ...legend })}`,
    ...parts,
  });
}
