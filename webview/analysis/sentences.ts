import type { AnalysisDocument, AnalysisModule } from "../../src/engine/document/document";
import { formatCardinal, formatNumber, formatShare } from "../../src/format/numbers";
import type { Activity } from "../../src/engine/document/threshold-index";
import { matrixGrid } from "../shared/matrix-grid";
import { formatMeasure, type Measure, measured } from "./measures";

/** Which matrix has most and which least of a measure: `Layer 0 v is the densest at 31.2 %, layer 29 q the sparsest at 2.1 %.` */
export function matricesFinding(
  document: Pick<AnalysisDocument, "layers">,
  activity: Activity,
  measure: Measure,
): string {
  const { names, titles } = matrixGrid(document);
  const all = document.layers.flatMap(({ layer, modules }, l) =>
    modules.map((module, m) => ({
      name: `layer ${layer} ${titles[names.indexOf(module.name)]}`,
      value: measured(measure, module, activity.layers[l].modules[m]),
    })),
  );
  if (all.length === 0) return "";
  const most = all.reduce((a, b) => (b.value > a.value ? b : a));
  const least = all.reduce((a, b) => (b.value < a.value ? b : a));
  const of: Record<Measure, [string, string]> = {
    density: ["the densest", "the sparsest"],
    mean: ["has the highest mean activation", "the lowest"],
    l2: ["has the largest norm", "the smallest"],
    max: ["holds the strongest weight", "the weakest"],
  };
  const [best, worst] = of[measure];
  const verb = measure === "density" ? "is " : "";
  const at = (value: number) => formatMeasure(measure, value);
  return `${capital(most.name)} ${verb}${best}, ${at(most.value)}; ${least.name} ${worst}, ${at(least.value)}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How concentrated one matrix is: what its ten strongest weights and its strongest row hold. */
export function matrixFinding({ top, sum, parameters, zeros }: AnalysisModule): string {
  if (sum === 0) return "No weight of this matrix matters to the answer: all activations are 0.";
  const strongest = top.reduce((total, { value }) => total + value, 0);
  const times = formatNumber(top.length > 0 ? (top[0].value * parameters) / sum : 0);
  const none = zeros > 0 ? ` ${formatShare(zeros / parameters)} of its weights have no activation at all.` : "";
  return (
    `Its ${formatCardinal(top.length)} strongest weights hold ${formatShare(strongest / sum)} of its activation; ` +
    `the strongest has ${times} times the mean.${none}`
  );
}
