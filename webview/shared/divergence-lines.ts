import type { TemplateResult } from "lit";
import type { MeanOfWindows } from "../../src/format/bits";
import { formatNumber } from "../../src/format/numbers";
import { type LineChart, lineChart } from "./line-chart";
import { roundTicks } from "./scales";

/** Divergences from the dense model over places, a line for each way of choosing. */
type DivergenceLines<Way> = Pick<LineChart, "id" | "label" | "places" | "positions" | "axis" | "width" | "onMove"> & {
  /** The first line is whole. */
  readonly ways: readonly Way[];
  readonly nameOf: (way: Way) => string;
  /** What a way has at a place, and what is said of it there; undefined: it was not measured. */
  readonly at: (
    way: Way,
    place: number,
  ) => { readonly divergence: MeanOfWindows; readonly description: string } | undefined;
  readonly place: number;
};

/** On a logarithmic scale between round ends. */
export function divergenceLines<Way>(chart: DivergenceLines<Way>): TemplateResult {
  const { ways, nameOf, at, places, place: shown, ...common } = chart;
  const points = ways.map((way) => places.map((_, place) => at(way, place)));
  const means = points.flat().flatMap((point) => (point && point.divergence.mean > 0 ? [point.divergence.mean] : []));
  const [low, high] = [roundEnd(Math.min(...means), -1), roundEnd(Math.max(...means), 1)];
  const height = (mean = 0): number | undefined => (mean > 0 ? Math.log10(mean) : undefined);
  return lineChart({
    ...common,
    places,
    lines: ways.map((way, i) => ({
      name: nameOf(way),
      values: points[i]?.map((point) => height(point?.divergence.mean)) ?? [],
    })),
    low: Math.log10(low),
    high: Math.log10(high),
    ticks: roundTicks(low, high).map((value) => ({ value: Math.log10(value), text: formatNumber(value) })),
    at: Math.min(shown, places.length - 1),
    describe: (place) => ways.flatMap((way) => at(way, place)?.description ?? []).join("; "),
  });
}

/** The next round value in a direction: 1, 2 or 5 times a power of ten. */
function roundEnd(value: number, direction: 1 | -1): number {
  const power = Math.floor(Math.log10(value));
  const ends = [-1, 0, 1].flatMap((more) => [1, 2, 5].map((factor) => Number(`${factor}e${power + more}`)));
  return direction > 0
    ? (ends.find((end) => end >= value) ?? value)
    : (ends.toReversed().find((end) => end <= value) ?? value);
}
