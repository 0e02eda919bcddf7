import { nothing, type TemplateResult } from "lit";
import type { BitsDocument } from "../../src/engine/document/document";
import { formatBytes } from "../../src/engine/numbers/bytes";
import { elementAt } from "../../src/engine/numbers/elements";
import {
  choiceInWords,
  comparedWays,
  type ComparedWay,
  formatBits,
  inWords,
  wayInWords,
  waysFinding,
} from "../../src/format/bits";
import { formatDensity, formatNumber } from "../../src/format/numbers";
import type { DataTable } from "../shared/data-table";
import { lineChart } from "../shared/line-chart";
import { roundTicks } from "../shared/scales";
import { section } from "../shared/section";
import { explanations } from "./explanations";
import type { Panel } from "./panel";

export const waysChart = "ways-chart";

/** Room that the highest point leaves above it, and the lowest below, as a factor. */
const ROOM = 1.1;

/** Divergence over bits, a line for each way of choosing with its interval, on a logarithmic scale. */
export function waysSection(panel: Panel): TemplateResult | typeof nothing {
  const { document, view, change, width } = panel;
  const points = comparedWays(document);
  if (points.length < 2) return nothing;
  const ways = [...new Set(points.map(({ by }) => by))];
  const sizes = [...new Set(points.map(({ bitsPerWeight }) => formatBits(bitsPerWeight)))];
  const at = (way: ComparedWay["by"], size: string): ComparedWay | undefined =>
    points.find(({ by, bitsPerWeight }) => by === way && formatBits(bitsPerWeight) === size);
  const means = points.map(({ divergence }) => divergence.mean).filter((mean) => mean > 0);
  const [low, high] = [Math.min(...means, 1) / ROOM, Math.max(...means) * ROOM];
  const height = (value: number): number | undefined => (value > 0 ? Math.log10(value) : undefined);
  return section(panel, {
    name: "ways",
    title: "Divergence over size",
    note: "logarithmic",
    chart: () =>
      lineChart({
        id: waysChart,
        label: "Divergence from the dense model by size and way of choosing",
        lines: ways.map((way) => ({
          name: wayInWords[way],
          values: sizes.map((size) => height(at(way, size)?.divergence.mean ?? 0)),
        })),
        places: sizes,
        axis: "bits of a weight",
        low: Math.log10(low),
        high: Math.log10(high),
        ticks: roundTicks(low, high).map((value) => ({ value: Math.log10(value), text: formatNumber(value) })),
        width,
        at: Math.min(view.place, sizes.length - 1),
        onMove: (place) => change({ place }),
        describe: (place) => {
          const size = elementAt(sizes, place);
          const said = ways.flatMap((way) => {
            const point = at(way, size);
            return point ? [`${choiceInWords(point)} ${inWords(point.divergence)}`] : [];
          });
          return `${size} bits: ${said.join("; ")}`;
        },
      }),
    table: () => waysTable(document),
    sentence: waysFinding(document),
    explanation: explanations.ways,
  });
}

export function waysTable(document: BitsDocument): DataTable {
  return {
    caption: "Divergence by way of choosing and size",
    columns: [
      { title: "Chosen by", text: true },
      ...["Bits", "Bytes", "Divergence", "From", "To", "Perplexity", "Same token"].map((title) => ({ title })),
    ],
    rows: comparedWays(document).map((point) => [
      choiceInWords(point),
      point.bitsPerWeight,
      point.bytes,
      point.divergence.mean,
      ...(point.divergence.interval ?? ["", ""]),
      point.perplexity,
      point.agreement,
    ]),
    format: [String, formatBits, formatBytes, formatNumber, formatNumber, formatNumber, formatNumber, formatDensity],
  };
}
