import type { TemplateResult } from "lit";
import { formatProbability, type NextShare, type Probability } from "../../src/format/compared-next";
import { quoted } from "../../src/format/model-words";
import { formatShare } from "../../src/format/numbers";
import type { DataTable } from "./data-table";
import { mirroredBars, type MirroredBar, type MirroredBars } from "./mirrored-bars";

/** What two texts or models take for likely to come next, A's shares to the left and B's to the right. */
export function nextSharesChart(shares: readonly NextShare[], chart: Omit<MirroredBars, "rows">): TemplateResult {
  const highest = Math.max(0, ...shares.flatMap(({ a, b }) => [a.share, b.share]));
  // what is only known to be less than something has no length
  const bar = (of: Probability): MirroredBar => ({
    length: of.isBelow || highest === 0 ? 0 : of.share / highest,
    text: formatProbability(of).replace("less than ", "< "),
  });
  return mirroredBars({
    ...chart,
    rows: shares.map(({ text, a, b }) => ({
      label: quoted(text),
      a: bar(a),
      b: bar(b),
      description: `${quoted(text)}: A ${formatProbability(a)}, B ${formatProbability(b)}`,
    })),
  });
}

/** The same as a table. */
export function nextSharesTable(shares: readonly NextShare[], caption: string): DataTable {
  return {
    caption,
    columns: [{ title: "Token", text: true }, { title: "in A" }, { title: "in B" }],
    rows: shares.map(({ text, a, b }) => [quoted(text), figure(a), figure(b)]),
    format: [String, formatShare, formatShare],
  };
}

const figure = (of: Probability): string | number => (of.isBelow ? formatProbability(of) : of.share);
