import type { TemplateResult } from "lit";
import { elementAt } from "../../src/engine/numbers/elements";
import { expertsIn, gridOf } from "../../src/format/matrix-grid";
import { shortNamesIn } from "../../src/format/matrix-names";
import { changeTogether, formatRelative, type MatrixMeasure, measureNames, usageInWords } from "../../src/format/models";
import { matricesSentence } from "../../src/format/models-findings";
import { meanOf } from "../../src/format/balance";
import { formatNumber } from "../../src/format/numbers";
import { optionsOf, select } from "../shared/controls";
import type { DataTable } from "../shared/data-table";
import { type HeatLegend, heatLegend } from "../shared/heat-legend";
import { expertsChoice } from "../shared/expert-choice";
import { roomForNames } from "../shared/heat-map-layout";
import { groupCells, layerWalk } from "../shared/layer-cells";
import { type NamedHeatMap, pairedHeatMaps, pairedWidth } from "../shared/paired-heat-maps";
import { clamp, linearScale } from "../shared/scales";
import { section } from "../shared/section";
import { similarityScale } from "../shared/similarity-scale";
import { explanations } from "./explanations";
import type { Panel } from "./panel";
import { html } from "../shared/template";

/** What the heat map shows of a matrix, or of all experts' of one name together. */
type Figures = ReturnType<typeof changeTogether>;

/** The colours of a measure: where a matrix stands on them, what is written into its cell, and what the ends are. */
interface Colours {
  /** A heat map for each, or one of both. */
  readonly sides: readonly (Side | undefined)[];
  readonly diverges: boolean;
  readonly position: (figures: Figures, side?: Side) => number;
  readonly text: (figures: Figures, side?: Side) => string;
  readonly legend: HeatLegend;
}

type Side = "a" | "b";
const both = [undefined];

/** The heat map: layers down, matrices across, all experts' of one name as one or one of them, by how much was changed, how much that counts, or how alike they activate. */
export function matricesSection(panel: Panel): TemplateResult {
  const { document, view, change, width } = panel;
  const { maps, legend } = matricesHeatMaps(panel, width);
  return section(panel, {
    name: "matrices",
    title: "Matrices",
    controls: html`${expertsChoice({ expert: view.expert, experts: expertsIn(document) }, (expert) =>
      change({ expert }),
    )}${select({
      label: "Measure of the heat map",
      value: view.measure,
      options: optionsOf(measureNames),
      onChange: (measure) => change({ measure: measure as MatrixMeasure }),
    })}`,
    chart: () =>
      html`${pairedHeatMaps(maps, width)} ${heatLegend(elementAt(maps, 0).map, legend)}`,
    table: () => matricesTable(panel),
    sentence: matricesSentence(document, view.measure),
    explanation: explanations.matrices,
  });
}

/** The heat map by the chosen measure, or one of each model, and what their colours are. */
export function matricesHeatMaps(
  panel: Panel,
  width: number,
): { readonly maps: readonly NamedHeatMap[] } & Pick<Colours, "legend"> {
  const { document, view, theme } = panel;
  const grid = gridOf(document, view.expert);
  const shown = document.layers.flatMap(({ modules }, row) =>
    grid.titles.flatMap((_, column) => {
      const own = grid.modulesAt({ row, column }).map((module) => elementAt(modules, module));
      return own.length > 0 ? [changeTogether(own)] : [];
    }),
  );
  const { sides, diverges, position, text, legend } = coloursOf(view.measure, shown);
  const ownWidth = sides.length > 1 ? pairedWidth(width) : width;
  const maps = sides.map((side): NamedHeatMap => {
  const cells = groupCells(document.layers, grid, (modules, { layer, title }) => {
    const figures = changeTogether(modules);
    const [only] = modules;
    const overlap = modules.length === 1 && only ? `, overlap ${formatNumber(only.overlap)}` : "";
    return {
      position: clamp(position(figures, side)),
      text: text(figures, side),
      describe: () =>
        `Layer ${layer} ${title}: relative change ${formatRelative(figures.relative)}${usageInWords(figures.usage)}; ` +
        `similarity ${formatNumber(figures.similarity)}${overlap}` +
        (side ? `; mean activation A ${formatNumber(meanOf(figures, "a"))}, B ${formatNumber(meanOf(figures, "b"))}` : ""),
    };
  });
    return {
      name: side ? `${side.toUpperCase()} · ${nameOf(document, side)}` : "",
      map: {
        id: side ? `matrices-${side}` : "matrices",
        label: `Matrices${side ? ` of ${side.toUpperCase()}` : ""} by layer. Arrow keys walk the cells.`,
        ...cells,
        width: ownWidth,
        labels: roomForNames(cells.rows, cells.columns, ownWidth),
        theme,
        diverges,
        ...layerWalk(panel, cells),
      },
    };
  });
  return { maps, legend };
}

function nameOf({ model, modelB }: Panel["document"], side: Side): string {
  return (side === "a" ? model : modelB).name;
}

function coloursOf(measure: MatrixMeasure, modules: readonly Figures[]): Colours {
  switch (measure) {
    case "change": {
      const most = Math.max(...modules.map(({ relative }) => relative ?? 0));
      return {
        sides: both,
        diverges: false,
        position: ({ relative }) => (most > 0 ? (relative ?? 0) / most : 0),
        text: ({ relative }) => short(relative),
        legend: {
          low: "0 equal",
          high: formatNumber(most),
          hatching: `Hatching: none is equal, solid ${formatNumber(most)}`,
          what: "relative change",
        },
      };
    }
    case "usage": {
      const logs = modules.flatMap(({ usage }) => (usage === null || usage === 0 ? [] : [Math.abs(Math.log2(usage))]));
      const furthest = Math.max(0, ...logs);
      const [low, high] = [`${formatNumber(2 ** -furthest)}×`, `${formatNumber(2 ** furthest)}×`];
      return {
        sides: both,
        diverges: true,
        position: ({ usage }) => (usage === null || furthest === 0 ? 0.5 : 0.5 + Math.log2(usage) / furthest / 2),
        text: ({ usage }) => short(usage),
        legend: {
          low,
          high,
          hatching: `Hatching leans left below, right above 1: solid is ${low}, ${high}`,
          what: "times as much as weights in general, logarithmic",
        },
      };
    }
    case "mean": {
      const scale = linearScale(modules.flatMap((figures) => [meanOf(figures, "a"), meanOf(figures, "b")]));
      const high = formatNumber(scale.high);
      return {
        sides: ["a", "b"],
        diverges: false,
        position: (figures, side = "a") => scale.position(meanOf(figures, side)),
        text: (figures, side = "a") => short(meanOf(figures, side)),
        legend: {
          low: "0",
          high,
          hatching: `Hatching: none is 0, solid ${high}`,
          what: "mean activation, A and B on one scale",
        },
      };
    }
    case "similarity": {
      const { position, text, legend } = similarityScale(modules.map(({ similarity }) => similarity));
      return {
        sides: both,
        diverges: false,
        position: ({ similarity }) => position(similarity),
        text: ({ similarity }) => text(similarity),
        legend,
      };
    }
  }
}

/** As short as can be, for a cell. */
function short(value: number | null): string {
  return value === null ? "" : formatNumber(Number(value.toPrecision(2)));
}

export function matricesTable({ document }: Panel): DataTable {
  const shortName = shortNamesIn(document.layers);
  const figures = ["relative", "effect", "usage", "similarity", "overlap", "a", "b"] as const;
  return {
    caption: "Matrices",
    columns: [
      { title: "Layer" },
      { title: "Matrix", text: true },
      ...["Relative change", "Effect", "Counts, times", "Similarity", "Overlap", "Sum of A", "Sum of B"].map((title) => ({
        title,
      })),
    ],
    rows: document.layers.flatMap(({ layer, modules }) =>
      modules.map((module) => [
        layer,
        shortName(module.name),
        ...figures.map((figure) => module[figure] ?? ""),
      ]),
    ),
    format: [String, String, ...figures.map(() => formatNumber)],
  };
}
