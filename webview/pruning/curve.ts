import type { TemplateResult } from "lit";
import type { CurvePoint, EvaluationDescription, PruningDocument } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { formatDensity, formatNumber, formatShare } from "../../src/format/numbers";
import { intervalOf, timesInWords } from "../../src/format/perplexity-ratio";
import { criterionInWords, pointToDense } from "../../src/format/pruning";
import type { DataTable } from "../shared/data-table";
import { lineChart } from "../shared/line-chart";
import { roundTicks } from "../shared/scales";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Charts } from "./panel";
import { criteriaFinding, curveFinding } from "../../src/format/pruning-findings";

export const curveChart = "curve-chart";

/** Room that the highest point leaves above it, as a factor. */
const ROOM = 1.1;

/** Perplexity over sparsity, a line per criterion with its interval, beside the dense model; on a logarithmic scale. */
export function curveSection(
  charts: Charts,
  document: PruningDocument,
  evaluation: EvaluationDescription,
): TemplateResult {
  const { view, change, width } = charts;
  const { curve } = document;
  const { dense } = evaluation;
  const { criteria, sparsities, at } = gridOf(curve);
  const perplexities = [dense, ...curve.map(({ perplexity }) => perplexity)];
  const [low, high] = [Math.min(...perplexities) / ROOM, Math.max(...perplexities) * ROOM];
  return section(charts, {
    name: "curve",
    title: "Perplexity over sparsity",
    note: "logarithmic",
    chart: () =>
      lineChart({
        id: curveChart,
        label: "Perplexity by sparsity and criterion",
        lines: [
          ...criteria.map((criterion) => ({
            name: criterionInWords[criterion],
            values: sparsities.map((sparsity) => logOf(at(criterion, sparsity)?.perplexity)),
            band: bandOf(
              sparsities.map((sparsity) => at(criterion, sparsity)),
              evaluation,
            ),
          })),
          { name: "dense", values: sparsities.map(() => Math.log10(dense)), isLevel: true },
        ],
        places: sparsities.map(formatShare),
        axis: "sparsity",
        low: Math.log10(low),
        high: Math.log10(high),
        ticks: roundTicks(low, high).map((value) => ({ value: Math.log10(value), text: formatNumber(value) })),
        width,
        at: view.place,
        onMove: (place) => change({ place }),
        describe: (place) => {
          const sparsity = elementAt(sparsities, place);
          const pruned = criteria.flatMap((criterion) => {
            const point = at(criterion, sparsity);
            if (point === undefined) return [];
            const times = timesInWords(pointToDense(point, evaluation), "dense");
            return [`${criterionInWords[criterion]} ${formatNumber(point.perplexity)}, ${times}`];
          });
          return `${formatShare(sparsity)}: ${[...pruned, `dense ${formatNumber(dense)}`].join("; ")}`;
        },
      }),
    table: () => curveTable(document),
    sentence: [curveFinding(curve, evaluation), criteriaFinding(curve, evaluation)].join(" ").trim(),
    explanation: explanations.curve,
  });
}

function gridOf(curve: readonly CurvePoint[]) {
  return {
    criteria: [...new Set(curve.map(({ criterion }) => criterion))],
    sparsities: [...new Set(curve.map(({ sparsity }) => sparsity))].sort((a, b) => a - b),
    at: (criterion: CurvePoint["criterion"], sparsity: number) =>
      curve.find((point) => point.criterion === criterion && point.sparsity === sparsity),
  };
}

/** The intervals of a line whose points are all there, and have them. */
function bandOf(
  points: readonly (CurvePoint | undefined)[],
  evaluation: EvaluationDescription,
): (readonly [low: number, high: number])[] | undefined {
  const intervals = points.flatMap((point) => {
    const [low, high] = (point && intervalOf(pointToDense(point, evaluation))) ?? [];
    if (low === undefined || high === undefined) return [];
    return [[Math.log10(evaluation.dense * low), Math.log10(evaluation.dense * high)] as const];
  });
  return intervals.length === points.length ? intervals : undefined;
}

function logOf(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.log10(value);
}

export function curveTable({ curve, perplexity: evaluation }: PruningDocument): DataTable {
  const ratios = (point: CurvePoint): (number | string)[] => {
    if (evaluation === null) return ["", "", ""];
    const ratio = pointToDense(point, evaluation);
    const [low, high] = intervalOf(ratio) ?? ["", ""];
    return [ratio.ratio, low, high];
  };
  return {
    caption: "Perplexity over sparsity",
    columns: [
      { title: "Criterion", text: true },
      ...["Sparsity", "Perplexity", "× dense", "From", "To", "Agreement", "Divergence"].map((title) => ({ title })),
    ],
    rows: curve.map((point) => [
      criterionInWords[point.criterion],
      point.sparsity,
      point.perplexity,
      ...ratios(point),
      point.agreement,
      point.divergence,
    ]),
    format: [String, formatShare, formatNumber, formatNumber, formatNumber, formatNumber, formatDensity, formatNumber],
  };
}
