import type { AnalysisModule, AnalysisPart } from "../engine/document/document";
import { formatDensity, formatNumber } from "./numbers";
import type { Active } from "../engine/document/threshold-index";

/** What the heat map of an analysis shows of each matrix. */
export type Measure = "density" | "mean" | "l2" | "max";

export const measureNames: Record<Measure, string> = {
  density: "Density",
  mean: "Mean activation",
  l2: "Norm",
  max: "Maximum",
};

/** What is told of a matrix, of a part of one, or of several together. */
export type Figures = Pick<AnalysisModule | AnalysisPart, "parameters" | "sum" | "l2" | "max">;

/** What several matrices come to as one: sums, norms and the largest of all their weights. */
export function together(modules: readonly Figures[]): Figures {
  return {
    parameters: modules.reduce((sum, { parameters }) => sum + parameters, 0),
    sum: modules.reduce((total, { sum }) => total + sum, 0),
    l2: Math.sqrt(modules.reduce((sum, { l2 }) => sum + l2 ** 2, 0)),
    max: modules.reduce((most, { max }) => Math.max(most, max), 0),
  };
}

/** How many weights of several matrices are active, and how dense that makes them together. */
export function activeTogether(all: readonly Omit<Active, "density">[]): Active {
  const active = all.reduce((sum, of) => sum + of.active, 0);
  const parameters = all.reduce((sum, of) => sum + of.parameters, 0);
  return { active, parameters, density: parameters > 0 ? active / parameters : 0 };
}

/** The mean activation of a matrix; 0 of one without parameters. */
export function meanOf({ sum, parameters }: { readonly sum: number; readonly parameters: number }): number {
  return parameters > 0 ? sum / parameters : 0;
}

/** Density comes from what is active at the chosen threshold; the others do not depend on it. */
export function measured(measure: Measure, module: Figures, { density }: Pick<Active, "density">): number {
  switch (measure) {
    case "density":
      return density;
    case "mean":
      return meanOf(module);
    case "l2":
      return module.l2;
    case "max":
      return module.max;
  }
}

/** A measure's value for a sentence or a table. */
export function formatMeasure(measure: Measure, value: number): string {
  return measure === "density" ? formatDensity(value) : formatNumber(value);
}

/** A measure for a cell of the heat map, as short as can be: `18.4`, `3.1e-7` */
export function shortMeasure(measure: Measure, value: number): string {
  if (measure === "density") return (100 * value).toFixed(1);
  return formatNumber(Number(value.toPrecision(2)));
}
