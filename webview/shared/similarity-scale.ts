import { formatNumber } from "../../src/format/numbers";
import type { HeatLegend } from "./heat-legend";

/** How a heat map shows similarities: what is alike has the weakest colour. */
export interface SimilarityScale {
  /** 0 where all is alike, 1 for the least of the map. */
  readonly position: (similarity: number) => number;
  readonly text: (similarity: number) => string;
  readonly legend: HeatLegend;
}

export function similarityScale(similarities: readonly number[]): SimilarityScale {
  const least = similarities.reduce((min, similarity) => Math.min(min, similarity), 1);
  return {
    position: (similarity) => (least < 1 ? (1 - similarity) / (1 - least) : 0),
    text: (similarity) => similarity.toFixed(2),
    legend: {
      low: `${formatNumber(least)} least alike`,
      high: "1 alike",
      descends: true,
      hatching: `Hatching: solid is ${formatNumber(least)}, none 1`,
      what: "similarity",
    },
  };
}
