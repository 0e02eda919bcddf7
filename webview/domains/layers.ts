import type { TemplateResult } from "lit";
import { certaintyInWords, type DomainsLayer, formatP, isTold } from "../../src/format/domains";
import { deepLayers, layerAxis } from "../shared/layer-axis";
import { elementAt } from "../../src/engine/numbers/elements";
import { formatNumber, formatSigned } from "../../src/format/numbers";
import type { Box } from "../shared/box";
import { boxPlot } from "../shared/box-plot";
import type { DataTable } from "../shared/data-table";
import { section } from "../shared/section";
import { boxedLayers } from "./boxed-layers";
import { explanations } from "./explanations";
import { likenessChoice, likenessNames, likenessOf, type Panel } from "./panel";
import { layersFinding } from "../../src/format/domains-findings";

export const layersChart = "layers-chart";

/** Similarity of every layer within domains and across, and whether the difference is more than chance. */
export function layersSection(panel: Panel): TemplateResult {
  const { document } = panel;
  const likeness = likenessOf(panel);
  const name = likenessNames[likeness].toLowerCase();
  const layers = boxedLayers(document, likeness);
  return section(panel, {
    name: "layers",
    title: "Layers",
    note: `${name} of two texts`,
    controls: likenessChoice(panel, "layers"),
    chart: () =>
      boxPlot({
        id: layersChart,
        label: `${likenessNames[likeness]} within and across domains by layer`,
        series: [
          { name: "within a domain", boxes: layers.map(({ boxes }) => boxes.within) },
          { name: "across domains", boxes: layers.map(({ boxes }) => boxes.across) },
        ],
        ...layerAxis(
          panel,
          layers.map(({ layer }) => layer),
        ),
        marks: { of: layers.map((layer) => markOf(layer)), name: "* p < 0.05, ** p < 0.01" },
        shaded: deepLayers(document.deep),
        describe: (layer) => describeLayer(elementAt(layers, layer)),
      }),
    table: () => layersTable(panel),
    sentence: layersFinding(layers),
    explanation: explanations.layers,
  });
}

function markOf(layer: DomainsLayer): string {
  return !isTold(layer) ? "" : layer.p < 0.01 ? "**" : "*";
}

function describeLayer({ layer, within, across, medians, tested, p }: DomainsLayer): string {
  return (
    `Layer ${layer}: median ${formatNumber(medians.within)} within (${within.length} pairs), ` +
    `${formatNumber(medians.across)} across (${across.length} pairs); ` +
    (tested
      ? `over all pairs a difference of ${formatSigned(tested.difference)} on average (${certaintyInWords(tested, p)})`
      : `p ${formatP(p)}`)
  );
}

const formatKnown = (value: number): string => (Number.isNaN(value) ? "" : formatSigned(value));

export function layersTable(panel: Panel): DataTable {
  const quartiles = ({ lowerQuartile, median, upperQuartile }: Box) => [lowerQuartile, median, upperQuartile];
  const figures = ["lower quartile", "median", "upper quartile"];
  return {
    caption: `${likenessNames[likenessOf(panel)]} by layer`,
    columns: [
      "Layer",
      ...figures.map((figure) => `Within: ${figure}`),
      ...figures.map((figure) => `Across: ${figure}`),
      "Mean difference",
      "95 % from",
      "to",
      "p",
    ].map((title) => ({ title })),
    rows: boxedLayers(panel.document, likenessOf(panel)).map(({ layer, boxes, tested, p }) => [
      layer,
      ...quartiles(boxes.within),
      ...quartiles(boxes.across),
      tested?.difference ?? NaN,
      ...(tested?.interval ?? [NaN, NaN]),
      p,
    ]),
    format: [
      String,
      ...Array.from({ length: 6 }, () => formatNumber),
      ...Array.from({ length: 3 }, () => formatKnown),
      formatP,
    ],
  };
}
