import type { AnalysisDocument, AnalysisModule } from "../engine/document/document";
import type { Activity } from "../engine/document/threshold-index";
import { capital, extremes, printAlike, printsMore, timesText } from "./claims";
import { formatMeasure, type Measure, measured } from "./measures";
import { shortNamesIn } from "./matrix-names";
import { formatCardinal, formatNumber, formatShare } from "./numbers";
import { zip } from "../engine/numbers/elements";

/* What the charts of an analysis show, in figures of their own. */

/** What the first and the last of all matrices are called by each measure, and what is said where all print alike. */
const words: Readonly<Record<Measure, readonly [most: string, least: string, alike: string]>> = {
  density: ["is the densest", "the sparsest", "Every matrix is as dense"],
  mean: ["has the highest mean activation", "the lowest", "Every matrix has the same mean activation"],
  l2: ["has the largest norm", "the smallest", "Every matrix has the same norm"],
  max: ["holds the strongest weight", "the weakest", "The strongest weight of every matrix is as strong"],
};

/** Which matrix has most and which least of a measure: `Layer 0 v is the densest, 31.2 %; layer 29 q the sparsest, 2.1 %.` */
export function matricesFinding(
  document: Pick<AnalysisDocument, "layers">,
  activity: Activity,
  measure: Measure,
): string {
  const shortName = shortNamesIn(document.layers);
  const all = zip(document.layers, activity.layers).flatMap(([{ layer, modules }, active]) =>
    zip(modules, active.modules).map(([module, activeOf]) => ({
      name: `layer ${layer} ${shortName(module.name)}`,
      value: measured(measure, module, activeOf),
    })),
  );
  const found = extremes(all, ({ value }) => value);
  if (found === undefined) return "";
  const { most, least } = found;
  const [best, worst, alike] = words[measure];
  const at = (value: number) => formatMeasure(measure, value);
  if (printAlike(at, most.value, least.value)) return `${alike}, ${at(most.value)}.`;
  return `${capital(most.name)} ${best}, ${at(most.value)}; ${least.name} ${worst}, ${at(least.value)}.`;
}

/** How concentrated one matrix is: what its ten strongest weights and its strongest row hold. */
export function matrixFinding({
  top,
  sum,
  parameters,
  zeros,
}: Pick<AnalysisModule, "top" | "sum" | "parameters" | "zeros">): string {
  if (sum === 0) return "No weight of this matrix matters here: all activations are 0.";
  const none = zeros > 0 ? [`${formatShare(zeros / parameters)} of its weights have no activation at all.`] : [];
  const [first] = top;
  if (first === undefined) return none.join(" ");
  const times = (first.value * parameters) / sum;
  if (timesText(times) === undefined) return ["All of its weights have about the same activation.", ...none].join(" ");
  const strongest = top.reduce((total, { value }) => total + value, 0);
  const who = top.length === 1 ? "strongest weight holds" : `${formatCardinal(top.length)} strongest weights hold`;
  // all weights there are hold all of it, which says nothing
  const isMore = printsMore(formatShare, strongest / sum, top.length / parameters);
  const held = isMore ? `Its ${who} ${formatShare(strongest / sum)} of its activation; the` : "The";
  return [`${held} strongest has ${formatNumber(times)} times the mean.`, ...none].join(" ");
}

/** `The strongest tenth of the rows holds 34 % of the activation, that of the columns 61 %.`: where that is more than a tenth. */
export function profileFinding({
  rows,
  columns,
}: {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}): string {
  const [ofRows, ofColumns] = [rows, columns].map(heldByTenth);
  const tenth = (what: string, held: string) => `strongest tenth of the ${what} holds ${held} of the activation`;
  if (ofRows === undefined && ofColumns === undefined) return "All rows hold about as much, and all columns.";
  if (ofRows === undefined) return `All rows hold about as much; the ${tenth("columns", ofColumns ?? "")}.`;
  const others = ofColumns === undefined ? "; all columns hold about as much" : `, that of the columns ${ofColumns}`;
  return `The ${tenth("rows", ofRows)}${others}.`;
}

/** What the largest tenth of sums makes of all; undefined where it is no more than a tenth of their number. */
function heldByTenth(sums: readonly number[]): string | undefined {
  const sorted = [...sums].sort((a, b) => b - a);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  const count = Math.ceil(sorted.length / 10);
  const held = sorted.slice(0, count).reduce((sum, value) => sum + value, 0) / (total || 1);
  return printsMore(formatShare, held, count / sorted.length) ? formatShare(held) : undefined;
}
