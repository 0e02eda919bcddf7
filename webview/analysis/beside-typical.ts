import type { AnalysisDocument, TypicalDescription } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import type { Panel } from "./panel";
import type { Shown } from "./view-state";

/** What is known of typical texts; undefined where nothing is, or where it is not of these layers and matrices, as in an edited file. */
export function typicalOf({
  typical,
  layers,
}: Pick<AnalysisDocument, "typical" | "layers">): TypicalDescription | undefined {
  const matrices = layers.reduce((sum, { modules }) => sum + modules.length, 0);
  const isOfThese = typical?.ratios.layer.length === layers.length && typical.ratios.matrix.length === matrices;
  return isOfThese ? typical : undefined;
}

/** What layers and matrices show now. */
export function shownMeasure({ document, view }: Pick<Panel, "document" | "view">): Shown {
  const usual = typicalOf(document) === undefined ? "density" : "typical";
  return view.measure === undefined || view.measure === "typical" ? usual : view.measure;
}

/** The shares of matrices of one layer, given by their places in it, as one ratio to the usual. */
export function matrixRatios(
  { layers }: Pick<AnalysisDocument, "layers">,
  { ratios: { matrix: ratios } }: TypicalDescription,
): (row: number, modules: readonly number[]) => number {
  let next = 0;
  const begins = layers.map(({ modules }) => {
    const own = next;
    next += modules.length;
    return own;
  });
  return (row, modules) => {
    const begin = elementAt(begins, row);
    const [only, ...others] = modules;
    if (only !== undefined && others.length === 0) return elementAt(ratios, begin + only);
    // each one's usual share is its own divided by its ratio; of one that has nothing here it is not known
    const known = modules.filter((module) => elementAt(ratios, begin + module) > 0);
    const sumOf = (module: number) => elementAt(elementAt(layers, row).modules, module).sum;
    const sum = known.reduce((all, module) => all + sumOf(module), 0);
    const usual = known.reduce((all, module) => all + sumOf(module) / elementAt(ratios, begin + module), 0);
    return usual > 0 ? sum / usual : 0;
  };
}
