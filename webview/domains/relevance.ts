import type { TemplateResult } from "lit";
import type { DomainPair } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { deepInWords } from "../../src/format/comparison";
import { pairOf } from "../../src/format/domains";
import { formatNumber } from "../../src/format/numbers";
import { median } from "../../src/engine/numbers/statistics";
import type { DataTable } from "../shared/data-table";
import type { HeatCell, HeatMap } from "../shared/heat-cells";
import { heatMap } from "../shared/heat-map";
import { roomForLabels } from "../shared/heat-map-layout";
import { heatLegend } from "../shared/heat-legend";
import { rangeSlider } from "../shared/controls";
import { rangeScale } from "../shared/scales";
import { section } from "../shared/section";
import { tokenLabel } from "../shared/token-label";
import { explanations } from "./explanations";
import { likenessChoice, likenessNames, likenessOf, type Panel } from "./panel";
import { pairsFinding, relevanceFinding } from "../../src/format/domains-findings";
import { html } from "../shared/template";

/** The heat map: every domain with every other and with itself, over the deep layers or in one. */
export function relevanceSection(panel: Panel): TemplateResult {
  const { map, low, high } = relevanceHeatMap(panel, panel.width);
  return section(panel, {
    name: "domains",
    title: "Domains",
    note: whatIsShown(panel),
    controls: html`${layerSlider(panel)} ${likenessChoice(panel, "domains")}`,
    chart: () =>
      html`<div class="wide">${heatMap(map)}</div>
        ${heatLegend(map, {
          low: formatNumber(low),
          high: formatNumber(high),
          hatching: `Hatching: none is ${formatNumber(low)}, solid ${formatNumber(high)}`,
          what: whatIsShown(panel),
        })}`,
    table: () => relevanceTable(panel),
    sentence: sentenceOf(panel),
    explanation: explanations.domains,
  });
}

/** What the map shows; of the deep layers also which two domains are told apart. */
function sentenceOf(panel: Panel): string {
  const { document } = panel;
  const shown = relevanceFinding(document.pairs, (pair) => valueOf(panel, pair));
  const tested = shownLayer(panel) < 0 ? pairsFinding(document, likenessOf(panel)) : undefined;
  return tested === undefined ? shown : `${tested} ${shown}`;
}

/** All deep layers, or one. */
function layerSlider(panel: Panel): TemplateResult {
  const { document, change } = panel;
  const shown = shownLayer(panel);
  const where = shown < 0 ? deepInWords(document.deep) : `layer ${shown}`;
  return rangeSlider({
    id: "shown-layer",
    label: "Layers",
    className: "layer-slider",
    value: shown,
    text: where,
    low: -1,
    high: document.significance.length - 1,
    step: 1,
    onInput: (layer) => change({ shown: layer }),
  });
}

/** −1: all deep ones. */
function shownLayer({ document, view }: Panel): number {
  return Math.min(view.shown, document.significance.length - 1);
}

/** What a cell of the heat map is, in words: `median similarity in layer 3`. */
export function whatIsShown(panel: Panel): string {
  const layer = shownLayer(panel);
  const name = likenessNames[likenessOf(panel)].toLowerCase();
  if (layer >= 0) return `median ${name} in layer ${layer}`;
  return name === "contrast" ? "contrast relevance" : "relevance";
}

function valueOf(panel: Panel, pair: DomainPair): number {
  const layer = shownLayer(panel);
  const isContrast = likenessOf(panel) === "contrast";
  if (layer >= 0) return median((isContrast ? pair.contrast : pair.similarity)?.[layer] ?? []);
  return (isContrast ? pair.contrastRelevance : pair.relevance) ?? NaN;
}

/** The heat map of domains by domains, and the ends of its colours. */
export function relevanceHeatMap(panel: Panel, width: number): { map: HeatMap; low: number; high: number } {
  const { document, view, theme, change, focus } = panel;
  const { domains, pairs, neurons } = document;
  const scale = rangeScale(pairs.map((pair) => valueOf(panel, pair)));
  const names = domains.map(({ name }) => tokenLabel(name, 18));
  const what = whatIsShown(panel);
  const opens = ({ row, column }: { row: number; column: number }) =>
    (neurons ?? []).findIndex(({ a, b }) => {
      const named = [elementAt(domains, row).name, elementAt(domains, column).name];
      return a !== b && named.includes(a) && named.includes(b);
    });
  const map: HeatMap = {
    id: "domains",
    label: "Domains by domains. Arrow keys walk the cells, Enter shows the neurons that differ most between the two.",
    rows: names,
    columns: names,
    cells: domains.map(({ name }) =>
      domains.map((other): HeatCell | undefined => {
        const pair = pairOf(pairs, name, other.name);
        if (!pair) return undefined;
        const value = valueOf(panel, pair);
        return {
          position: scale.position(value),
          text: value.toFixed(2),
          describe: () =>
            `${name === other.name ? `Two texts of ${name}` : `${name} and ${other.name}`}: ${what} ${formatNumber(value)}`,
        };
      }),
    ),
    width,
    rowHeight: domains.length <= 12 ? 28 : 18,
    labels: roomForLabels(names, names, width),
    theme,
    focused: { row: Math.min(view.row, names.length - 1), column: Math.min(view.column, names.length - 1) },
    onFocus: ({ row, column }) => change({ row, column }),
    onOpen: (cell) => {
      const pair = opens(cell);
      change({ ...cell, ...(pair >= 0 && { pair, neuron: 0 }) });
      if (pair >= 0) focus("neurons-title");
    },
  };
  return { map, low: scale.low, high: scale.high };
}

export function relevanceTable(panel: Panel): DataTable {
  const { domains, pairs } = panel.document;
  return {
    caption: `Domains, ${whatIsShown(panel)}`,
    columns: [{ title: "Domain", text: true }, ...domains.map(({ name }) => ({ title: name }))],
    rows: domains.map(({ name }) => [
      name,
      ...domains.map((other) => {
        const pair = pairOf(pairs, name, other.name);
        return pair ? valueOf(panel, pair) : "";
      }),
    ]),
    format: [String, ...domains.map(() => formatNumber)],
  };
}
