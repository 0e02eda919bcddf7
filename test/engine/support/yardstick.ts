import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { RunOptions } from "../../../src/engine/api";
import { deepLayers, relevance } from "../../../src/engine/compare/deep-layers";
import {
  backgroundSamples,
  percentileAmong,
  sketchedSimilarities,
  unrelatedRelevances,
  yardstickOf,
  type YardstickClass,
} from "../../../src/engine/compare/yardstick";
import { unrelatedOf, unrelatedSample, type TextClass } from "../../../src/engine/unrelated/text-class";
import { readUnrelatedTexts, type UnrelatedTexts } from "../../../src/engine/unrelated/unrelated-texts";
import { pairs } from "../../../src/engine/pairs/pairs";
import type { Sample } from "../../../src/engine/text/sample";
import { ONE_WORD_TEMPLATE } from "../../../src/engine/text/template";
import { resultOf } from "./reference-values";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const heldOut = join(root, "test/data/unrelated");

export const shippedTexts = (): Promise<UnrelatedTexts> => readUnrelatedTexts(join(root, "samples/unrelated"));

/** Texts that are not in the shipped ones: of the long ones the samples to try too. */
export async function heldOutTexts(): Promise<UnrelatedTexts> {
  const { background, short, long, ...others } = await readUnrelatedTexts(heldOut);
  const samples = readdirSync(join(root, "samples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "unrelated")
    .flatMap(({ name }) => readdirSync(join(root, "samples", name)).map((file) => join(root, "samples", name, file)))
    .map((file) => readFileSync(file, "utf8").trim());
  return { ...others, background: [], short: [...background, ...short], long: [...long, ...samples] };
}

export const paraphrases = (): [string, string][] =>
  readFileSync(join(heldOut, "paraphrases.tsv"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split("\t") as [string, string]);

/** The result of a run whose steps nobody looks at. */
export async function ended<Result>(run: AsyncGenerator<unknown, Result, void>): Promise<Result> {
  let step = await run.next();
  while (!step.done) step = await run.next();
  return step.value;
}

/** The percentiles of pairs of samples by contrast and by similarity, on the yardstick of a class. */
export async function percentilesOf(
  options: RunOptions,
  kind: YardstickClass,
  samples: readonly Sample[],
  pairs: readonly (readonly [number, number])[],
): Promise<{ contrast: number[]; plain: number[] }> {
  const texts = await shippedTexts();
  const yardstick = await ended(yardstickOf(options, texts, kind, await options.model.identity()));
  const background = backgroundSamples(texts, kind, options);
  const layers = await ended(sketchedSimilarities(options, { background, samples, pairs }));
  const deep = deepLayers(options.model.layers);
  const unrelated = unrelatedRelevances(yardstick, deep);
  const of = (which: "plain" | "contrast"): number[] =>
    pairs.map((_, pair) =>
      percentileAmong(
        unrelated[which],
        relevance(
          layers.map((layer) => layer[which][pair]),
          deep,
        ),
      ),
    );
  return { contrast: of("contrast"), plain: of("plain") };
}

/** Percentiles of pairs of held-out texts, which should be uniform. */
export async function heldOutPercentiles(
  options: RunOptions,
  kind: YardstickClass,
): Promise<{ contrast: number[]; plain: number[] }> {
  const texts = await heldOutTexts();
  const { a, b, framing } = kind;
  const of = ({ length }: TextClass) => unrelatedOf(texts, length, framing);
  const half = Math.floor(Math.min(of(a).length, of(b).length) / 2);
  const samples = Array.from({ length: 2 * half }, (_, i) => {
    const kind = i < half ? a : b;
    return unrelatedSample(of(kind), i, kind, framing, options.model);
  });
  const pairs = Array.from({ length: 20 * half }, (_, i): [number, number] => [
    i % half,
    half + (((i % half) + Math.floor(i / half)) % half),
  ]);
  return await percentilesOf(options, kind, samples, pairs);
}

/** Relevances of pairs of held-out texts, each text as the background of all, by all parameters and as a yardstick estimates them. */
export async function exactAndEstimated(
  options: RunOptions,
  count: number,
): Promise<Record<"plain" | "contrast", { exact: number[]; estimated: number[] }>> {
  const texts = (await heldOutTexts()).short.slice(0, count);
  const indices = Array.from({ length: 4 * count }, (_, i): [number, number] => [
    i % count,
    (i + 1 + Math.floor(i / count)) % count,
  ]);
  const sentences = indices.map(([a, b], score) => ({ a: texts[a], b: texts[b], score }));
  const settings = { source: "held out", template: ONE_WORD_TEMPLATE, window: 512, contrast: true, seed: 1 };
  const { document } = await resultOf(pairs({ ...options, ...settings, pairs: sentences }));
  const kind = { length: "short", ending: undefined } as const;
  const framing = { template: ONE_WORD_TEMPLATE };
  const samples = texts.map((_, i) => unrelatedSample(texts, i, kind, framing, options.model));
  const layers = await ended(sketchedSimilarities(options, { background: samples, samples, pairs: indices }));
  const deep = deepLayers(options.model.layers);
  const of = (which: "plain" | "contrast") => ({
    exact: document.pairs.map((pair) => relevance((which === "plain" ? pair.similarity : pair.contrast) ?? [], deep)),
    estimated: indices.map((_, pair) =>
      relevance(
        layers.map((layer) => layer[which][pair]),
        deep,
      ),
    ),
  });
  return { plain: of("plain"), contrast: of("contrast") };
}

/** How far percentiles are from uniform: their mean, and the share above 0.95. */
export function uniformity(percentiles: readonly number[]): { mean: number; above95: number } {
  return {
    mean: percentiles.reduce((sum, value) => sum + value, 0) / percentiles.length,
    above95: percentiles.filter((value) => value > 0.95).length / percentiles.length,
  };
}
