import { createHash } from "node:crypto";
import { join } from "node:path";

import * as z from "zod";

import type { RunEvent, RunOptions } from "../api";
import { Cache } from "../cache";
import { bundledModels } from "../model/library/folders";
import { answered } from "../run/answers";
import { aside, runSweep } from "../run/run";
import { Sketches } from "../sweep/sketch";
import { likelyPlaces } from "../sweep/sketch-places";
import { fewestIds, targetName } from "../sweep/target";
import type { Sample } from "../text/sample";
import { isSameClass, unrelatedOf, unrelatedSample, type Framing, type TextClass } from "../unrelated/text-class";
import type { UnrelatedTexts } from "../unrelated/unrelated-texts";
import { relevance } from "./deep-layers";

/** Pairs of unrelated texts that a yardstick is made of, at least. */
const PAIRS = 1000;
/** The most texts that they are made of: more take longer than a first comparison should. On a small model, of so few scored parameters, all that there are. */
const MOST_TEXTS = 128;
const SMALL_MODEL = 50e6;
/** On a model with more scored parameters, the fewest that give as many pairs: of one class, and of two. */
const LARGE_MODEL = 400e6;
const FEWEST_TEXTS = { same: 48, other: 64 } as const;
/**
 * About so many parameters of every matrix are looked at. Measured over pairs of unrelated texts, both similarities then rank them as all parameters do (rho 0.99), and their
 * medians are as far from those of all parameters as a tenth of what pairs differ by, so that an exact figure has its place among them.
 */
const SKETCH_SIZE = 2048;
/** Changes with how texts are chosen and prepared: what was measured otherwise is not taken from the cache. */
const FORM = 2;
/** Similarities are kept as 16-bit integers: a step is finer than their error. */
const STEPS = 65_535;

/** Two texts' classes, and what stands around them. */
export interface YardstickClass {
  readonly framing: Framing;
  readonly a: TextClass;
  readonly b: TextClass;
}

/** How alike unrelated texts are, per layer and pair, on one model for one target. */
export interface Yardstick {
  readonly texts: number;
  readonly plain: readonly (readonly number[])[];
  readonly contrast: readonly (readonly number[])[];
}

const stored = z.object({
  texts: z.int(),
  pairs: z.int(),
  /** Per layer. */
  plain: z.array(z.string()),
  contrast: z.array(z.string()),
});

/** The samples that a comparison is contrasted with: half of them end as A does, half as B does. */
export function backgroundSamples(
  texts: UnrelatedTexts,
  { framing, a, b }: YardstickClass,
  { model }: RunOptions,
): Sample[] {
  return texts.background.map((_, i) => {
    const { ending } = i % 2 === 0 ? a : b;
    return unrelatedSample(texts.background, i, { length: "short", ending }, framing, model);
  });
}

/** Made when it is used: its folder is the environment's. Yardsticks of the bundled model within the template come with it. */
const cache = (): Cache<z.infer<typeof stored>> =>
  new Cache("yardstick", stored, join(bundledModels(), "demo", "yardstick"));

function keyOf({ model, target }: RunOptions, texts: UnrelatedTexts, kind: YardstickClass, identity: string): string {
  const asked = [FORM, SKETCH_SIZE, identity, targetName(target, model.tokenizer), kind, texts];
  return createHash("sha256").update(JSON.stringify(asked)).digest("hex");
}

/** Whether it has been measured already. */
export async function hasYardstick(
  options: RunOptions,
  texts: UnrelatedTexts,
  kind: YardstickClass,
  identity: string,
): Promise<boolean> {
  return (await cache().get(keyOf(options, texts, kind, identity))) !== undefined;
}

/**
 * How alike texts are that have nothing to do with each other, of the same classes as the two that are compared, on this model and
 * for this target; from sketches. Measured once and kept.
 * @param identity of the model.
 */
export async function* yardstickOf(
  options: RunOptions,
  texts: UnrelatedTexts,
  kind: YardstickClass,
  identity: string,
): AsyncGenerator<Exclude<RunEvent<never>, { type: "done" }>, Yardstick, void> {
  const key = keyOf(options, texts, kind, identity);
  const kept = await cache().get(key);
  if (kept !== undefined)
    return { texts: kept.texts, plain: kept.plain.map(unpacked), contrast: kept.contrast.map(unpacked) };

  const { samples, pairs } = unrelatedPairs(texts, kind, options);
  const layers = yield* sketchedSimilarities(options, {
    background: backgroundSamples(texts, kind, options),
    samples,
    pairs,
  });
  const [plain, contrast] = [layers.map((layer) => packed(layer.plain)), layers.map((layer) => packed(layer.contrast))];
  await cache().set(key, { texts: samples.length, pairs: pairs.length, plain, contrast });
  return { texts: samples.length, plain: plain.map(unpacked), contrast: contrast.map(unpacked) };
}

/** What pairs of samples are like in every layer, from sketches, with the background's mean as what contrast is measured against. */
export async function* sketchedSimilarities(
  options: RunOptions,
  {
    background,
    samples: own,
    pairs,
  }: {
    readonly background: readonly Sample[];
    readonly samples: readonly Sample[];
    readonly pairs: readonly (readonly [number, number])[];
  },
): AsyncGenerator<
  Exclude<RunEvent<never>, { type: "done" }>,
  { readonly plain: number[]; readonly contrast: number[] }[],
  void
> {
  const samples = yield* aside(answered(options, [...background, ...own]), "unrelated texts");

  const all = samples.map((_, i) => i);
  const first = background.length;
  const shifted = pairs.map(([a, b]) => [first + a, first + b] as const);
  const sketches = new Sketches(options.model, all, likelyPlaces(SKETCH_SIZE));
  const layers: { plain: number[]; contrast: number[] }[] = [];
  const sweeping = { samples, units: [], reducers: [], keepsMatrices: false, observer: sketches.observe };
  const swept = runSweep(options, sweeping, (layer) => {
    layers[layer] = sketches.similarities(shifted, all.slice(0, first));
    return { parameters: 0, figures: {} };
  });
  yield* aside(swept, "unrelated texts");
  return layers;
}

/** Unrelated texts of the two classes, and pairs of them that go round: each text is in as many. */
export function unrelatedPairs(
  texts: UnrelatedTexts,
  { framing, a, b }: YardstickClass,
  { model, target }: Pick<RunOptions, "model" | "target">,
): { readonly samples: Sample[]; readonly pairs: readonly (readonly [number, number])[] } {
  const same = isSameClass(a, b);
  const most =
    model.scored <= SMALL_MODEL
      ? Infinity
      : model.scored <= LARGE_MODEL
        ? MOST_TEXTS
        : FEWEST_TEXTS[same ? "same" : "other"];
  // those of each side that the target can be asked of
  const [ofA = [], ofB = []] = [a, b].map((kind) => {
    const own = unrelatedOf(texts, kind.length, framing);
    return own
      .map((_, i) => unrelatedSample(own, i, kind, framing, model))
      .filter(({ ids }) => ids.length >= fewestIds(target));
  });
  const count = Math.min(ofA.length, ofB.length, most);
  const half = same ? count : Math.floor(count / 2);
  const samples = same ? ofA.slice(0, count) : [...ofA.slice(0, half), ...ofB.slice(half, 2 * half)];
  const rounds = Math.min(Math.ceil(PAIRS / half), same ? Math.floor((half - 1) / 2) : half);
  const pairs: (readonly [number, number])[] = [];
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < half; i++) pairs.push(same ? [i, (i + round + 1) % half] : [i, half + ((i + round) % half)]);
  return { samples, pairs };
}

/** Relevance of every pair, ascending. */
export function unrelatedRelevances(
  { plain, contrast }: Yardstick,
  deep: readonly [number, number],
): { readonly plain: number[]; readonly contrast: number[] } {
  const of = (layers: readonly (readonly number[])[]): number[] =>
    (layers[0] ?? [])
      .map((_, pair) =>
        relevance(
          layers.map((layer) => layer[pair] ?? 0),
          deep,
        ),
      )
      .sort((x, y) => x - y);
  return { plain: of(plain), contrast: of(contrast) };
}

/** The share of values that are smaller, of equal ones half: 0 … 1. */
export function percentileAmong(ascending: readonly number[], value: number): number {
  const below = ascending.filter((other) => other < value).length;
  const equal = ascending.filter((other) => other === value).length;
  return (below + equal / 2) / ascending.length;
}

function packed(similarities: readonly number[]): string {
  const steps = Uint16Array.from(similarities, (value) => Math.round(STEPS * Math.min(1, Math.max(0, value))));
  return Buffer.from(steps.buffer).toString("base64");
}

function unpacked(text: string): number[] {
  const bytes = Buffer.from(text, "base64");
  return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16LE(2 * i) / STEPS);
}
