import type { TemplateResult } from "lit";
import type { CalibrationDocument } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { ratioToDense } from "../../src/format/calibration";
import { formatCount, formatDensity, formatNumber } from "../../src/format/numbers";
import { intervalOf } from "../../src/format/perplexity-ratio";
import { barChart } from "../shared/bar-chart";
import type { DataTable } from "../shared/data-table";
import { roomForLabels } from "../shared/heat-map-layout";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import { describeCell, measures } from "./measures";
import type { Choice, Panel } from "./panel";
import { agreementFinding } from "../../src/format/calibration-findings";

export const choiceChart = "choice-chart";

const rowHeight = 22;

/** Perplexity with the chosen texts, and with random ones, below that of the dense model. */
export function choiceSection(panel: Panel, { seed }: Choice): TemplateResult {
  const { document, view, change, width } = panel;
  const { calibrations, evaluations } = document;
  const { name } = elementAt(evaluations, 0);
  const dense = elementAt(document.dense, 0);
  const bars = [
    {
      label: "dense",
      value: dense,
      description: `dense: ${formatNumber(dense)} perplexity`,
    },
    ...calibrations.map(({ name: label }, i) => ({
      label,
      value: measures.perplexity.value(document, i, 0),
      description: `${label}: ${describeCell(document, i, 0)}`,
    })),
  ];
  const highest = Math.max(...bars.map(({ value }) => value));
  const labels = bars.map(({ label }) => label);
  return section(panel, {
    name: "choice",
    title: "Chosen and random texts",
    note: `perplexity on ${name}, seed ${formatCount(seed)}`,
    chart: () =>
      barChart({
        id: choiceChart,
        label: `Perplexity on ${name} by calibration. Up and down arrows walk them.`,
        bars: bars.map(({ label, value, description }) => ({
          label,
          length: value / highest,
          text: formatNumber(value),
          description,
        })),
        top: 2,
        width,
        rowHeight,
        labelWidth: roomForLabels(labels, [""], width).left,
        focused: Math.min(view.row, bars.length - 1),
        onFocus: (row) => change({ row }),
      }),
    table: () => choiceTable(document),
    sentence: agreementFinding(document),
    explanation: explanations.choice,
  });
}

export function choiceTable(document: CalibrationDocument): DataTable {
  const { perplexity, agreement, divergence } = measures;
  return {
    caption: "Chosen and random texts",
    columns: [
      { title: "Calibrated with", text: true },
      ...["Perplexity", "× dense", "From", "To", "Agreement", "Divergence"].map((title) => ({ title })),
    ],
    rows: [
      ["nothing, dense", elementAt(document.dense, 0), "", "", "", 1, 0],
      ...document.calibrations.map(({ name }, i) => {
        const ratio = ratioToDense(document, i, 0);
        return [
          name,
          perplexity.value(document, i, 0),
          ratio.ratio,
          ...(intervalOf(ratio) ?? ["", ""]),
          ...[agreement, divergence].map(({ value }) => value(document, i, 0)),
        ];
      }),
    ],
    format: [String, formatNumber, formatNumber, formatNumber, formatNumber, formatDensity, formatNumber],
  };
}
