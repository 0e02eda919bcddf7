import type { FrequencyDocument } from "../../engine/document/document";
import { formatCount, formatDensity, formatShare } from "../../format/numbers";
import type { Style } from "../terminal/style";
import { table } from "../terminal/table";

/** In how many samples the parameters of each layer are among the strongest of their matrix. */
export function frequencyLines({ layers, samples, share }: FrequencyDocument, style: Style): string[] {
  const bands = bandsOf(samples);
  const isClustered = layers.some(({ varianceRatio }) => varianceRatio !== null);
  const columns = [
    { title: "layer" },
    ...bands.map(({ title }) => ({ title })),
    ...(isClustered ? [{ title: "against chance" }] : []),
  ];
  const rows = layers.map(({ layer, counts, varianceRatio }) => {
    const parameters = sum(counts);
    return [
      String(layer),
      ...bands.map(({ from, to }) => formatDensity(sum(counts.slice(from, to + 1)) / parameters)),
      ...(isClustered ? [varianceRatio === null ? "" : `${varianceRatio.toFixed(1)} x`] : []),
    ];
  });
  const all = layers.reduce((total, { counts }) => total + sum(counts), 0);
  const always = layers.reduce((total, { counts }) => total + (counts[samples] ?? 0), 0);
  return [
    `How many of the ${formatCount(samples)} samples have a weight among the strongest ${formatShare(share)} of its matrix:`,
    "",
    ...table(columns, rows, style),
    "",
    `${formatShare(always / all)} of the weights are among the strongest in every sample.`,
    ...(isClustered
      ? [
          "Against chance: the variance of these numbers, as a multiple of that of weights that are active independently.",
        ]
      : []),
  ];
}

interface Band {
  readonly title: string;
  readonly from: number;
  readonly to: number;
}

/** None, quarters of the rest, all. */
function bandsOf(samples: number): Band[] {
  const none = { title: "none", from: 0, to: 0 };
  const all = { title: samples === 1 ? "1" : `all ${samples}`, from: samples, to: samples };
  const between = samples - 1;
  const parts = Math.min(4, between);
  const middle = Array.from({ length: parts }, (_, part) => {
    const from = 1 + Math.floor((part * between) / parts);
    const to = Math.floor(((part + 1) * between) / parts);
    return { title: from === to ? String(from) : `${from}–${to}`, from, to };
  });
  return [none, ...middle, all];
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
