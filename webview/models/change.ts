import type { TemplateResult } from "lit";
import type { ModelsDocument, ModelsLayer } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { formatRelative, usageInWords } from "../../src/format/models";
import { changedLayersSentence } from "../../src/format/models-findings";
import { formatCount, formatDensity, formatNumber } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { layerAxis } from "../shared/layer-axis";
import { lineChart } from "../shared/line-chart";
import { roundedUp } from "../shared/scales";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

const TICKS = 5;

export const changeChart = "change-chart";

/** How much of each layer was changed. */
export function changeSection(panel: Panel): TemplateResult {
  const { document } = panel;
  const { layers } = document;
  const most = Math.max(...layers.map(({ relative }) => relative ?? 0));
  return section(panel, {
    name: "change",
    title: "What was changed",
    note: "relative change by layer",
    chart: () =>
      lineChart({
        id: changeChart,
        label: "Size of the change of a layer's weights by that of the weights",
        lines: [{ name: "Relative change", values: layers.map(({ relative }) => relative ?? undefined) }],
        ...layerAxis(
          panel,
          layers.map(({ layer }) => layer),
        ),
        low: 0,
        high: most > 0 ? roundedUp(most, TICKS) : 1,
        describe: (row) => describe(elementAt(layers, row)),
      }),
    table: () => changeTable(document),
    sentence: changedLayersSentence(document),
    explanation: explanations.change,
  });
}

function describe({ layer, relative, changed, zeroed, parameters, usage }: ModelsLayer): string {
  const zeros = zeroed > 0 ? `, ${formatDensity(zeroed / parameters)} are 0 in B` : "";
  return `Layer ${layer}: relative change ${formatRelative(relative)}; ${formatDensity(changed / parameters)} of the weights differ${zeros}${usageInWords(usage)}`;
}

export function changeTable({ layers }: ModelsDocument): DataTable {
  return {
    caption: "What was changed, by layer",
    columns: ["Layer", "Relative change", "Norm of the change", "Norm", "Changed", "0 in B", "Effect", "Counts, times"].map((title) => ({
      title,
    })),
    rows: layers.map(({ layer, relative, changeNorm, norm, changed, zeroed, effect, usage }) => [
      layer,
      relative ?? "",
      changeNorm,
      norm,
      changed,
      zeroed,
      effect,
      usage ?? "",
    ]),
    format: [String, formatNumber, formatNumber, formatNumber, formatCount, formatCount, formatNumber, formatNumber],
  };
}
