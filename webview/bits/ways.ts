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

/** Sizes that differ by less stand at one place: what is left of the room is never quite nothing. */
const SAME_PLACE = 0.02;

/** The sizes that points have, the smallest of each place. */
function placesOf(points: readonly ComparedWay[]): number[] {
  const places: number[] = [];
  for (const { bitsPerWeight } of points)
    if (!(bitsPerWeight <= (1 + SAME_PLACE) * (places.at(-1) ?? 0))) places.push(bitsPerWeight);
  return places;
}

/** The next round value in a direction: 1, 2 or 5 times a power of ten. */
function roundEnd(value: number, direction: 1 | -1): number {
  const power = Math.floor(Math.log10(value));
  const ends = [-1, 0, 1].flatMap((more) => [1, 2, 5].map((factor) => Number(`${factor}e${power + more}`)));
  return direction > 0
    ? (ends.find((end) => end >= value) ?? value)
    : (ends.toReversed().find((end) => end <= value) ?? value);
}

/** Divergence over bits, a line for each way of choosing with its interval, on a logarithmic scale. */
export function waysSection(panel: Panel): TemplateResult | typeof nothing {
  const { document, view, change, width } = panel;
  const points = comparedWays(document);
  if (points.length < 2 || !points.some(({ divergence }) => divergence.mean > 0)) return nothing;
  // the chosen one first: its line is whole
  const ways = [...new Set([document.by, ...points.map(({ by }) => by)])];
  const places = placesOf(points);
  const at = (way: ComparedWay["by"], place: number): ComparedWay | undefined => {
    const [from, to] = [elementAt(places, place), places[place + 1] ?? Infinity];
    return points.find(({ by, bitsPerWeight }) => by === way && bitsPerWeight >= from && bitsPerWeight < to);
  };
  const means = points.map(({ divergence }) => divergence.mean).filter((mean) => mean > 0);
  const [low, high] = [roundEnd(Math.min(...means), -1), roundEnd(Math.max(...means), 1)];
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
          values: places.map((_, place) => height(at(way, place)?.divergence.mean ?? 0)),
        })),
        places: places.map(formatBits),
        axis: "bits of a weight",
        low: Math.log10(low),
        high: Math.log10(high),
        ticks: roundTicks(low, high).map((value) => ({ value: Math.log10(value), text: formatNumber(value) })),
        width,
        at: Math.min(view.place, places.length - 1),
        onMove: (place) => change({ place }),
        describe: (place) => {
          const said = ways.flatMap((way) => {
            const point = at(way, place);
            return point
              ? [`${choiceInWords(point)} ${inWords(point.divergence)} at ${formatBits(point.bitsPerWeight)} bits`]
              : [];
          });
          return said.join("; ");
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
