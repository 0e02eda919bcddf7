import type { AnalysisDocument } from "../../engine/document/document";
import { expertsFinding, expertsOf } from "../../format/experts";
import { finding, textsFinding } from "../../format/finding";
import { formatRatio, typicalFinding, unmeasuredFinding } from "../../format/typical-findings";
import { namesOfMatrices, shortNames } from "../../format/matrix-names";
import { bar, shade } from "../terminal/bar";
import { formatCompact, formatDensity, formatExponential, formatNumber, formatShare } from "../../format/numbers";
import type { Style } from "../terminal/style";
import { table, tableWidth } from "../terminal/table";
import { headLine } from "./head";
import { zip } from "../../engine/numbers/elements";

const barWidth = 20;
/** Experts that are named of a layer where there is no room for all. */
const MOST_USED = 5;

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

/** `mean |w·∂y/∂w| ≥ 3.1e-7, 10 %` */
export function activeText({ threshold, samples }: Pick<AnalysisDocument, "threshold" | "samples">): string {
  const what = samples.length === 1 ? "|w·∂y/∂w|" : "mean |w·∂y/∂w|";
  return `${what} ≥ ${formatNumber(threshold.tau)}, ${formatShare(threshold.share)}`;
}

/**
 * The table of experts, layers down and experts across, by the share of tokens that each gets; where it is wider than `width`, the most used ones of
 * each layer. Empty where there are none.
 */
export function expertLines(document: AnalysisDocument, style: Style, width: number): string[] {
  const layers = document.layers.map((layer) => ({ layer: layer.layer, experts: expertsOf(layer) }));
  const count = Math.max(0, ...layers.map(({ experts }) => experts.length));
  const said = expertsFinding(document);
  if (count === 0) return [];
  const highest = Math.max(...layers.flatMap(({ experts }) => experts.map(({ share }) => share)));
  const cell = ({ share }: { readonly share: number }): string =>
    `${formatDensity(share)} ${shade(highest > 0 ? share / highest : 0)}`;
  const numbers = Array.from({ length: count }, (_, expert) => expert);
  const whole = table(
    [{ title: "layer" }, ...numbers.map((expert) => ({ title: `${expert}  ` }))],
    layers.map(({ layer, experts }) => [
      String(layer),
      ...numbers.map((expert) =>
        experts
          .slice(expert, expert + 1)
          .map(cell)
          .join(""),
      ),
    ]),
    style,
  );
  const most = (): string[] =>
    table(
      [{ title: "layer" }, { title: "experts with the most tokens", align: "left" as const }],
      layers.map(({ layer, experts }) => {
        const first = experts.toSorted((a, b) => b.tokens - a.tokens).slice(0, MOST_USED);
        return [String(layer), first.map(({ expert, share }) => `${expert}: ${formatDensity(share)}`).join(", ")];
      }),
      style,
    );
  const title = style("bold", "Share of tokens that each expert gets");
  return [title, "", ...(tableWidth(whole) <= width ? whole : most()), ...(said === undefined ? [] : ["", said])];
}

/**
 * The table of matrices, layers down and matrices across; empty where it is wider than `width`. Parts of a fused matrix
 * follow it.
 */
export function matrixLines({ layers }: AnalysisDocument, style: Style, width: number): string[] {
  const names = namesOfMatrices(layers);
  const titles = shortNames(names);
  const columns = zip(names, titles).flatMap(([name, title]) => {
    const parts = layers.flatMap(({ modules }) => modules.find((module) => module.name === name)?.parts ?? []);
    const partNames = [...new Set(parts.map((part) => part.name))];
    return [{ name, part: undefined, title }, ...partNames.map((part) => ({ name, part, title: part }))];
  });

  const densities = layers.map(({ modules }) =>
    columns.map(({ name, part }) => {
      const module = modules.find((candidate) => candidate.name === name);
      return (part === undefined ? module : module?.parts.find((candidate) => candidate.name === part))?.density;
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
  return tableWidth(lines) <= width ? lines : [];
}
