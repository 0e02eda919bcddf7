import type { PruningDocument } from "../../engine/document/document";
import { elementAt } from "../../engine/numbers/elements";
import { groupedGrid } from "../../format/matrix-grid";
import { formatDensity } from "../../format/numbers";
import {
  agreementSentence,
  allocationSentence,
  exportSentences,
  perplexitySentence,
  pruningTitle,
  zerosSentence,
} from "../../format/pruning";
import { taskSentences } from "../../format/tasks";
import { bar } from "../terminal/bar";
import { continuationLines } from "./continuation";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";
import { groupedNote } from "./grouped-note";

const barWidth = 20;

/** Head line, what went of each layer against its density, how much of each matrix' magnitude stays, and what that costs. */
export function pruningLines(document: PruningDocument, style: Style): string[] {
  const { layers, perplexity, continuation } = document;
  const written = exportSentences(document);
  const bought = allocationSentence(document);
  const hasDensity = layers.some(({ density }) => density !== null);
  const grid = groupedGrid({ layers });
  const rows = layers.map(({ layer, density, zeros, parameters, modules }, row) => [
    String(layer),
    ...(hasDensity ? [density === null ? "" : formatDensity(density)] : []),
    formatDensity(zeros / parameters),
    bar(zeros / parameters, barWidth),
    ...grid.titles.map((_, column) => {
      const own = grid.modulesAt({ row, column }).map((module) => elementAt(modules, module));
      const total = (of: "kept" | "dense"): number => own.reduce((sum, module) => sum + module[of], 0);
      return total("dense") > 0 ? formatDensity(total("kept") / total("dense")) : "";
    }),
  ]);
  const columns = [
    { title: "layer" },
    ...(hasDensity ? [{ title: "density" }] : []),
    { title: "removed" },
    { title: "", align: "left" as const, style: (text: string) => style("cyan", text) },
    ...grid.titles.map((title) => ({ title })),
  ];
  return [
    style("bold", pruningTitle(document)),
    `${zerosSentence(document)} Per layer, and what stays of the sum of |w| of each matrix:`,
    "",
    ...table(columns, rows, style),
    ...groupedNote(grid),
    ...(perplexity === null
      ? []
      : ["", perplexitySentence(perplexity), agreementSentence(perplexity), ...(bought === undefined ? [] : [bought])]),
    ...(document.tasks ? ["", ...taskSentences(document.tasks, "pruned")] : []),
    ...continuationLines(continuation, "pruned", continuation?.pruned),
    ...(written.length === 0 ? [] : ["", ...written]),
  ];
}
