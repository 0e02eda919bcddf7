import type { TemplateResult } from "lit";
import type { ShrinkDocument } from "../../src/engine/document/document";
import { formatCount } from "../../src/format/numbers";
import { goneInWords, scoreInWords, scoreTitle } from "../../src/format/shrink";
import { barChart, type Bar } from "../shared/bar-chart";
import type { DataTable } from "../shared/data-table";
import { rowHeightOf } from "../shared/row-height";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

export const layersChart = "layers-chart";

/** What of each layer went. */
export function layersSection(panel: Panel): TemplateResult {
  const { document, view, change, width } = panel;
  const { layers, structure } = document;
  return section(panel, {
    name: "layers",
    title: structure === "layers" ? "Layers that go" : `What goes of each layer's ${structure}`,
    note: scoreTitle(document),
    chart: () =>
      barChart({
        id: layersChart,
        label: "Layers from first to last. Up and down arrows walk them.",
        bars: barsOf(document),
        top: 2,
        width,
        rowHeight: rowHeightOf(layers.length),
        focused: Math.min(view.layer, layers.length - 1),
        onFocus: (layer) => change({ layer }),
      }),
    table: () => layersTable(document),
    explanation: structure === "layers" ? explanations.layers : explanations.units,
  });
}

function barsOf(document: ShrinkDocument): Bar[] {
  const { layers, structure } = document;
  const largest = Math.max(0, ...layers.map(({ score }) => score ?? 0));
  return layers.map(({ layer, score, step, gone, units }) => {
    const what =
      structure === "layers"
        ? step === null
          ? ""
          : `goes in step ${step}`
        : `${formatCount(gone.length)} of ${formatCount(units)}: ${goneInWords(gone)}`;
    const value = scoreInWords(document, score);
    const text = structure === "layers" ? what : value;
    const scored = value === "" ? [] : [`${scoreTitle(document)} ${value}`];
    // what is seen comes first, as it is read out
    const more = structure === "layers" ? scored : value === "" ? [what] : [scoreTitle(document), what];
    return {
      label: String(layer),
      length: largest > 0 ? Math.max(0, score ?? 0) / largest : 0,
      text,
      description: [`Layer ${layer}${text === "" ? "" : `: ${text}`}`, ...more]
        .filter((part) => part !== "")
        .join("; "),
    };
  });
}

export function layersTable(document: ShrinkDocument): DataTable {
  return document.structure === "layers" ? wholeLayersTable(document) : unitsTable(document);
}

const CAPTION = "What of each layer went";

function wholeLayersTable(document: ShrinkDocument): DataTable {
  return {
    caption: CAPTION,
    columns: [{ title: "Layer" }, { title: "Goes in step", text: true }, { title: scoreTitle(document), text: true }],
    rows: document.layers.map(({ layer, step, score }) => [
      layer,
      step === null ? "" : String(step),
      scoreInWords(document, score),
    ]),
    format: [String, String, String],
  };
}

function unitsTable(document: ShrinkDocument): DataTable {
  return {
    caption: CAPTION,
    columns: [
      { title: "Layer" },
      { title: "Has" },
      { title: "Lost" },
      { title: scoreTitle(document), text: true },
      { title: "Which", text: true },
    ],
    rows: document.layers.map(({ layer, units, gone, score }) => [
      layer,
      units,
      gone.length,
      scoreInWords(document, score),
      goneInWords(gone),
    ]),
    format: [String, formatCount, formatCount, String, String],
  };
}
