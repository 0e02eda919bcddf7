import type { AnalysisDocument, PositionsDescription } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";

/** Positions of the first sample that somebody made up: as many as it has tokens, up to `most`. */
export function madeUpPositions({ layers, samples }: AnalysisDocument, most: number): PositionsDescription {
  const tokens = elementAt(samples, 0).tokens.slice(0, most);
  const matrices = layers.map(({ modules }) => modules.map(({ name }) => name));
  const sums = tokens.flatMap((_, t) => matrices.flat().map((_, i) => 1 + Math.abs(Math.sin(i + t / 7))));
  const saliency = tokens.flatMap((_, t) => Array.from({ length: t + 1 }, (_, i) => Math.round(127 * Math.cos(i - t))));
  return {
    sample: 0,
    first: 0,
    target: "spread",
    matrices,
    sums: Buffer.from(Float32Array.from(sums).buffer).toString("base64"),
    saliency: Buffer.from(Int8Array.from(saliency).buffer).toString("base64"),
    at: tokens.map(({ id, text }, t) => ({
      loss: t === tokens.length - 1 ? null : 4 + 4 * Math.sin(t),
      strongest: 1,
      next: Array.from({ length: 5 }, (_, n) => ({ id, text, probability: 0.5 / (n + 1) })),
    })),
  };
}
