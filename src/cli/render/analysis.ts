import type { AnalysisDocument } from "../../engine/document/document";
import { ablationSentences } from "../../format/ablation";
import { capital } from "../../format/claims";
import { expertsFinding, expertsOf } from "../../format/experts";
import { finding, textsFinding } from "../../format/finding";
import { formatRatio, placeName, typicalFinding, unmeasuredFinding } from "../../format/typical-findings";
import { groupedGrid } from "../../format/matrix-grid";
import { activeTogether } from "../../format/measures";
import { bar, shade } from "../terminal/bar";
import { formatCompact, formatDensity, formatExponential, formatNumber, formatShare } from "../../format/numbers";
import type { Style } from "../terminal/style";
import { table, tableWidth } from "../terminal/table";
import { groupedNote } from "./grouped-note";
import { expertsTable } from "./experts-table";
import { headLine } from "./head";
import { elementAt, zip } from "../../engine/numbers/elements";

const barWidth = 20;

/** Head line, what counts as active, the table of layers, and what it shows in a sentence. */
export function analysisLines(document: AnalysisDocument, style: Style): string[] {
  const { layers, model } = document;
  const highest = layers.reduce((max, { density }) => Math.max(max, density), 0);
  const ratios = document.typical?.ratios.layer ?? [];
  const rows = layers.map(({ layer, density, sum, parameters }, i) => [
    String(layer),
    formatDensity(density),
    bar(highest > 0 ? density / highest : 0, barWidth),
    formatExponential(parameters > 0 ? sum / parameters : 0),
    formatCompact(parameters),
    ...ratios.slice(i, i + 1).map(formatRatio),
  ]);
  const columns = [
    { title: "layer" },
    { title: "density" },
    { title: "", align: "left" as const, style: (text: string) => style("cyan", text) },
    { title: "mean activation" },
    { title: "weights" },
    ...(ratios.length > 0 ? [{ title: "beside typical" }] : []),
  ];
  return [
    style("bold", headLine(document)),
    `Active: ${activeText(document)} of ${formatCompact(model.scored)} weights.`,
    ...typicalLines(document),
    "",
    ...table(columns, rows, style),
    "",
    finding(layers),
    ...[textsFinding(layers, document.textDensities ?? [])].filter((line) => line !== undefined),
  ];
}

/** What is unusual; or how it can be known. */
function typicalLines(document: AnalysisDocument): string[] {
  const found = typicalFinding(document);
  if (found) return ["", found.headline, ...found.places];
  const unmeasured = unmeasuredFinding(document);
  return unmeasured === undefined ? [] : ["", `${unmeasured} With --baseline typical that is done.`];
}

/** What was found of places that were taken away, a line for each. */
export function ablationLines({ ablations = [], layers }: AnalysisDocument): string[] {
  return ablations.map((ablation) => {
    const name = capital(placeName(ablation, ablation.level, layers));
    return `${name}: ${ablationSentences(ablation).join(" ")}`;
  });
}

/** `mean |w·∂y/∂w| ≥ 3.1e-7, 10 %` */
export function activeText({ threshold, samples }: Pick<AnalysisDocument, "threshold" | "samples">): string {
  const what = samples.length === 1 ? "|w·∂y/∂w|" : "mean |w·∂y/∂w|";
  return `${what} ≥ ${formatNumber(threshold.tau)}, ${formatShare(threshold.share)}`;
}

/** The table of experts by the share of tokens that each gets, and what it shows. Empty where there are none. */
export function expertLines(document: AnalysisDocument, style: Style, width: number): string[] {
  const layers = document.layers.map((layer) => ({ ...layer, experts: expertsOf(layer) }));
  const lines = expertsTable(
    layers,
    { title: "Share of tokens that each expert gets", most: "experts with the most tokens" },
    style,
    width,
  );
  const said = expertsFinding(document);
  return [...lines, ...(said === undefined ? [] : ["", said])];
}

/**
 * The table of matrices, layers down and matrices across, all experts' of one name in one column; empty where it is wider
 * than `width`. Parts of a fused matrix follow it.
 */
export function matrixLines({ layers }: AnalysisDocument, style: Style, width: number): string[] {
  const grid = groupedGrid({ layers });
  const rows = layers.map(({ modules }, row) =>
    grid.titles.map((_, column) => grid.modulesAt({ row, column }).map((module) => elementAt(modules, module))),
  );
  const columns = grid.titles.flatMap((title, column) => {
    const parts = rows.flatMap((row) => elementAt(row, column).flatMap((module) => module.parts));
    const names = [...new Set(parts.map(({ name }) => name))];
    return [
      { column, part: undefined, title },
      ...names.map((part) => ({
        column,
        part,
        title: grid.isGroup(column) ? `${part} ${title.replace(/^.* /, "")}` : part,
      })),
    ];
  });
  const densities = rows.map((row) =>
    columns.map(({ column, part }) => {
      const modules = elementAt(row, column);
      const of =
        part === undefined ? modules : modules.flatMap(({ parts }) => parts.filter(({ name }) => name === part));
      return of.length > 0 ? activeTogether(of).density : undefined;
    }),
  );
  const highest = densities.flat().reduce<number>((max, density) => Math.max(max, density ?? 0), 0);
  const cell = (density: number | undefined) =>
    density === undefined ? "" : `${formatDensity(density)} ${shade(highest > 0 ? density / highest : 0)}`;
  const lines = table(
    [{ title: "layer" }, ...columns.map(({ title }) => ({ title: `${title}  ` }))],
    zip(layers, densities).map(([{ layer }, row]) => [String(layer), ...row.map(cell)]),
    style,
  );
  if (tableWidth(lines) > width) return [];
  return [...lines, ...groupedNote(grid)];
}
