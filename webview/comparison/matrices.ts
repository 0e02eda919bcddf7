import { nothing, type TemplateResult } from "lit";
import type { ComparisonModule } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import {
  balanceInWords,
  balanceOf,
  formatBalance,
  meanOf,
  type Measure,
  similarityTogether,
  sumsTogether,
} from "../../src/format/balance";
import { hasExperts } from "../../src/format/compared-experts";
import { sharesBesideUnrelated, sharesFinding } from "../../src/format/compared-shares";
import { matricesFinding } from "../../src/format/comparison-findings";
import { groupedGrid } from "../../src/format/matrix-grid";
import { shortNamesIn } from "../../src/format/matrix-names";
import { shortMeasure } from "../../src/format/measures";
import { formatNumber } from "../../src/format/numbers";
import { formatRatio, shortRatio } from "../../src/format/typical-findings";
import { logarithmicToggle, optionsOf, select } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { type HeatLegend, heatLegend } from "../shared/heat-legend";
import { roomForNames } from "../shared/heat-map-layout";
import { groupCells } from "../shared/layer-cells";
import { type NamedHeatMap, pairedHeatMaps, pairedWidth } from "../shared/paired-heat-maps";
import { endsOf, ratioScale } from "../shared/ratio-scale";
import { clamp, linearScale, logScale } from "../shared/scales";
import { section } from "../shared/section";
import { similarityScale } from "../shared/similarity-scale";
import { html } from "../shared/template";
import { explanations } from "./explanations";
import { matricesMap, openMatrix } from "./opening";
import type { Panel } from "./panel";
import type { Side } from "./view-state";

const measureNames: Record<Measure, string> = {
  unrelated: "A and B, beside unrelated texts",
  mean: "A and B, mean activation",
  similarity: "Similarity",
  balance: "Balance of A and B",
};

/** What a heat map shows of the matrices of a cell, of one side where there is one for each. */
interface Colours {
  readonly sides: readonly (Side | undefined)[];
  readonly diverges: boolean;
  readonly position: (modules: readonly ComparisonModule[], side: Side | undefined) => number;
  readonly text: (modules: readonly ComparisonModule[], side: Side | undefined) => string;
  readonly legend: HeatLegend;
}

/** Heat maps, layers down and matrices across: of A and B side by side, or one of how alike they are or which activates them more. */
export function matricesSection(panel: Panel): TemplateResult {
  const { document, view, change, width } = panel;
  const { maps, legend } = matricesHeatMaps(panel, width);
  const measure = shownMeasure(panel);
  const { unrelated, ...others } = measureNames;
  return section(panel, {
    name: "matrices",
    title: "Matrices",
    controls: html`${select({
      label: "Measure of the heat map",
      value: measure,
      options: optionsOf(sharesBesideUnrelated(document) ? { unrelated, ...others } : others),
      onChange: (measure) => change({ measure: measure as Measure }),
    })}
    ${measure === "mean" ? logarithmicToggle(view.logarithmic, (logarithmic) => change({ logarithmic })) : nothing}`,
    chart: () =>
      html`<div id=${matricesMap} class="focus-target" tabindex="-1">${pairedHeatMaps(maps, width)}</div>
        ${heatLegend(elementAt(maps, 0).map, legend)}`,
    table: () => matricesTable(panel),
    sentence:
      measure === "unrelated"
        ? sharesFinding(document)
        : matricesFinding(document, measure === "similarity" ? "similarity" : "balance"),
    explanation: hasExperts(document) ? explanations.matricesOfExperts : explanations.matrices,
  });
}

/** A and B beside unrelated texts where those are known, unless something else was chosen. */
function shownMeasure({ document, view }: Pick<Panel, "document" | "view">): Measure {
  const first = sharesBesideUnrelated(document) ? "unrelated" : "mean";
  return view.measure === undefined || view.measure === "unrelated" ? first : view.measure;
}

/** The heat maps of the matrices by the chosen measure, all experts' of one name as one, and what their colours are. */
export function matricesHeatMaps(
  panel: Panel,
  width: number,
): { readonly maps: readonly NamedHeatMap[]; readonly legend: HeatLegend } {
  const { document, view, theme, change } = panel;
  const grid = groupedGrid(document);
  const shown = document.layers.flatMap(({ modules }, row) =>
    grid.titles.flatMap((_, column) => {
      const own = grid.modulesAt({ row, column }).map((module) => elementAt(modules, module));
      return own.length > 0 ? [own] : [];
    }),
  );
  const { sides, diverges, position, text, legend } = coloursOf(panel, shown);
  const ratioOf = sharesBesideUnrelated(document);
  const ownWidth = sides.length > 1 ? pairedWidth(width) : width;
  const rows = document.layers.map(({ layer }) => String(layer));
  const maps = sides.map((side): NamedHeatMap => {
    const name = side ? `${side.toUpperCase()} · ${document[side].name}` : "";
    const of = side ? ` of ${side.toUpperCase()}` : "";
    return {
      name,
      map: {
        id: side ? `matrices-${side}` : "matrices",
        label: `Matrices${of} by layer. Arrow keys walk the cells, Enter opens a matrix.`,
        ...groupCells(document.layers, grid, (modules, { layer, title }) => ({
          position: clamp(position(modules, side)),
          text: text(modules, side),
          describe: () => `Layer ${layer} ${title}: ${side ? ofSide(modules, side, ratioOf) : ofBoth(modules)}`,
        })),
        width: ownWidth,
        labels: roomForNames(rows, grid.titles, ownWidth),
        theme,
        diverges,
        focused: { row: view.row, column: Math.min(view.column, grid.titles.length - 1) },
        onFocus: ({ row, column }) => change({ row, column }),
        onOpen: (cell) => openMatrix(panel, cell),
      },
    };
  });
  return { maps, legend };
}

function coloursOf({ document, view }: Panel, shown: readonly (readonly ComparisonModule[])[]): Colours {
  const both = ["a", "b"] as const;
  const measure = shownMeasure({ document, view });
  const ratioOf = sharesBesideUnrelated(document);
  const sideMean = (modules: readonly ComparisonModule[], side: Side = "a"): number =>
    meanOf(sumsTogether(modules), side);
  switch (measure) {
    case "unrelated": {
      const ratio = (modules: readonly ComparisonModule[], side: Side = "a"): number => ratioOf?.(modules, side) ?? 1;
      const scale = ratioScale(both.flatMap((side) => shown.map((modules) => ratio(modules, side))));
      const [low, high] = endsOf(scale);
      return {
        sides: both,
        diverges: true,
        position: (...cell) => scale.position(ratio(...cell)),
        text: (...cell) => shortRatio(ratio(...cell)),
        legend: {
          low,
          high,
          hatching: `Hatching leans left where a matrix holds less than its share in unrelated texts, right where more: solid is ${low}, ${high}`,
          what: "share of the activation beside unrelated texts, A and B on one scale",
        },
      };
    }
    case "mean": {
      const means = both.flatMap((side) => shown.map((modules) => sideMean(modules, side)));
      const scale = (view.logarithmic ? logScale : linearScale)(means);
      const [low, high] = [scale.low, scale.high].map((end) => (end === 0 ? "0" : formatNumber(end)));
      return {
        sides: both,
        diverges: false,
        position: (...cell) => scale.position(sideMean(...cell)),
        text: (...cell) => shortMeasure("mean", sideMean(...cell)),
        legend: {
          low: low ?? "",
          high: high ?? "",
          hatching: `Hatching: none is ${low}, solid ${high}`,
          what: `mean activation, ${view.logarithmic ? "logarithmic" : "linear"}, A and B on one scale`,
        },
      };
    }
    case "similarity": {
      const { position, text, legend } = similarityScale(shown.map(similarityTogether));
      return {
        sides: [undefined],
        diverges: false,
        position: (modules) => position(similarityTogether(modules)),
        text: (modules) => text(similarityTogether(modules)),
        legend,
      };
    }
    case "balance": {
      const balances = shown.map((modules) => balanceOf(sumsTogether(modules))).filter(Number.isFinite);
      const furthest = balances.reduce((max, balance) => Math.max(max, Math.abs(balance)), 0);
      const [low, high] = [`${formatBalance(-furthest)} A`, `B ${formatBalance(furthest)}`];
      return {
        sides: [undefined],
        diverges: true,
        position: (modules) => (furthest > 0 ? 0.5 + balanceOf(sumsTogether(modules)) / furthest / 2 : 0.5),
        text: (modules) => formatBalance(balanceOf(sumsTogether(modules)), furthest < 1 ? 2 : 1),
        legend: {
          low,
          high,
          hatching: `Hatching leans left where A, right where B is stronger: solid is ${low}, ${high}`,
          what: "log2 of mean activation B by A",
        },
      };
    }
  }
}

/** What is said of a cell of one side. */
function ofSide(
  modules: readonly ComparisonModule[],
  side: Side,
  ratioOf: ReturnType<typeof sharesBesideUnrelated>,
): string {
  const sums = sumsTogether(modules);
  const beside = ratioOf ? `${formatRatio(ratioOf(modules, side))} of the share that unrelated texts have there; ` : "";
  return `${beside}mean activation ${formatNumber(meanOf(sums, side))}; ${balanceInWords(sums)}`;
}

/** What is said of a cell of both sides. */
function ofBoth(modules: readonly ComparisonModule[]): string {
  const sums = sumsTogether(modules);
  const [only] = modules;
  const overlap = modules.length === 1 && only ? `, overlap ${formatNumber(only.overlap)}` : "";
  return (
    `similarity ${formatNumber(similarityTogether(modules))}${overlap}; ` +
    `mean activation A ${formatNumber(meanOf(sums, "a"))}, B ${formatNumber(meanOf(sums, "b"))}: ${balanceInWords(sums)}`
  );
}

/** What the heat maps show, for the title of a picture. */
export function matricesTitle(panel: Panel): string {
  return `matrices: ${measureNames[shownMeasure(panel)]}`;
}

export function matricesTable({ document }: Panel): DataTable {
  const shortName = shortNamesIn(document.layers);
  const ratioOf = sharesBesideUnrelated(document);
  const beside = ["A beside unrelated", "B beside unrelated"];
  return {
    caption: "Matrices",
    columns: [
      { title: "Layer" },
      { title: "Matrix", text: true },
      ...["Similarity", "Overlap", "Mean A", "Mean B", "log2 B/A", ...(ratioOf ? beside : [])].map((title) => ({
        title,
      })),
    ],
    rows: document.layers.flatMap(({ layer, modules }) =>
      modules.map((module) => [
        layer,
        shortName(module.name),
        module.similarity,
        module.overlap,
        meanOf(module, "a"),
        meanOf(module, "b"),
        balanceOf(module),
        ...(ratioOf ? [ratioOf([module], "a"), ratioOf([module], "b")] : []),
      ]),
    ),
    format: [
      String,
      String,
      formatNumber,
      formatNumber,
      formatNumber,
      formatNumber,
      formatBalance,
      formatRatio,
      formatRatio,
    ],
  };
}
