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
import { barChart } from "../shared/bar-chart";
import type { DataTable } from "../shared/data-table";
import { divergenceLines } from "../shared/divergence-lines";
import { roomForLabels } from "../shared/heat-map-layout";
import { rowHeightOf } from "../shared/row-height";
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

/** Divergence by way of choosing: bars at one size, lines over several. */
export function waysSection(panel: Panel): TemplateResult | typeof nothing {
  const { document } = panel;
  const points = comparedWays(document);
  if (points.length < 2 || !points.some(({ divergence }) => divergence.mean > 0)) return nothing;
  const isOfOne = isOfOneSize(document);
  return section(panel, {
    name: "ways",
    title: isOfOne ? "Divergence by way of choosing" : "Divergence over size",
    note: isOfOne ? "at one size" : "logarithmic",
    chart: () => (isOfOne ? bars(panel, points) : lines(panel, points)),
    table: () => waysTable(document),
    sentence: waysFinding(document),
    explanation: explanations.ways,
  });
}

/** Whether all ways were measured at about one size. */
export function isOfOneSize(document: BitsDocument): boolean {
  return placesOf(comparedWays(document)).length < 2;
}

function bars({ view, change, width }: Panel, points: readonly ComparedWay[]): TemplateResult {
  const ordered = [...points].sort((a, b) => a.divergence.mean - b.divergence.mean);
  const largest = Math.max(...ordered.map(({ divergence }) => divergence.mean));
  return barChart({
    id: waysChart,
    label: "Ways of choosing by their divergence from the dense model. Up and down arrows walk them.",
    bars: ordered.map((point) => ({
      label: choiceInWords(point),
      length: point.divergence.mean / largest,
      text: formatNumber(point.divergence.mean),
      mark: undefined,
      description: `By ${choiceInWords(point)}: ${inWords(point.divergence)} at ${formatBits(point.bitsPerWeight)} bits`,
    })),
    top: 2,
    width,
    rowHeight: rowHeightOf(ordered.length),
    labelWidth: roomForLabels(ordered.map(choiceInWords), [""], width).left,
    focused: Math.min(view.place, ordered.length - 1),
    onFocus: (place) => change({ place }),
  });
}

/** A line for each way of choosing, on a logarithmic scale. */
function lines({ document, view, change, width }: Panel, points: readonly ComparedWay[]): TemplateResult {
  // the chosen one first: its line is whole
  const ways = [...new Set([document.by, ...points.map(({ by }) => by)])];
  const places = placesOf(points);
  const at = (way: ComparedWay["by"], place: number): ComparedWay | undefined => {
    const [from, to] = [elementAt(places, place), places[place + 1] ?? Infinity];
    return points.find(({ by, bitsPerWeight }) => by === way && bitsPerWeight >= from && bitsPerWeight < to);
  };
  return divergenceLines({
    id: waysChart,
    label: "Divergence from the dense model by size and way of choosing",
    ways,
    nameOf: (way) => wayInWords[way],
    at: (way, place) => {
      const point = at(way, place);
      return (
        point && {
          divergence: point.divergence,
          description: `${choiceInWords(point)} ${inWords(point.divergence)} at ${formatBits(point.bitsPerWeight)} bits`,
        }
      );
    },
    places: places.map(formatBits),
    positions: places,
    axis: "bits of a weight",
    width,
    place: view.place,
    onMove: (place) => change({ place }),
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
