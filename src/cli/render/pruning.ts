import type { PruningDocument } from "../../engine/document/document";
import { namesOfMatrices, shortNames } from "../../format/matrix-names";
import { formatDensity } from "../../format/numbers";
import {
  agreementSentence,
  exportSentences,
  perplexitySentence,
  pruningTitle,
  zerosSentence,
} from "../../format/pruning";
import { bar } from "../terminal/bar";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";

const barWidth = 20;

/** Head line, what went of each layer against its density, how much of each matrix' magnitude stays, and what that costs. */
export function pruningLines(document: PruningDocument, style: Style): string[] {
  const { layers, perplexity, continuation } = document;
  const written = exportSentences(document);
  const hasDensity = layers.some(({ density }) => density !== null);
  const names = namesOfMatrices(layers);
  const rows = layers.map(({ layer, density, zeros, parameters, modules }) => [
    String(layer),
    ...(hasDensity ? [density === null ? "" : formatDensity(density)] : []),
    formatDensity(zeros / parameters),
    bar(zeros / parameters, barWidth),
    ...names.map((name) => {
      const { kept, dense } = modules.find((module) => module.name === name) ?? { kept: 0, dense: 0 };
      return dense > 0 ? formatDensity(kept / dense) : "";
    }),
  ]);
  const columns = [
    { title: "layer" },
    ...(hasDensity ? [{ title: "density" }] : []),
    { title: "removed" },
    { title: "", align: "left" as const, style: (text: string) => style("cyan", text) },
    ...shortNames(names).map((title) => ({ title })),
  ];
  return [
    style("bold", pruningTitle(document)),
    `${zerosSentence(document)} Per layer, and what stays of the sum of |w| of each matrix:`,
    "",
    ...table(columns, rows, style),
    ...(perplexity === null ? [] : ["", perplexitySentence(perplexity), agreementSentence(perplexity)]),
    ...(continuation === null
      ? []
      : [
          "",
          `${JSON.stringify(continuation.prompt)} is continued`,
          `  dense   ${JSON.stringify(continuation.dense)}`,
          `  pruned  ${JSON.stringify(continuation.pruned)}`,
        ]),
    ...(written.length === 0 ? [] : ["", ...written]),
  ];
}
