import { createHash } from "node:crypto";

import * as z from "zod";

import type { RunEvent, RunOptions } from "../api";
import { Cache } from "../cache";
import { planRequest, runSweep } from "../run/run";
import { Grams } from "../sweep/grams";
import { firstThatFits, planBatches } from "../sweep/plan";
import { targetName } from "../sweep/target";
import { firstWindows } from "../text/form-samples";
import type { Text } from "../text/text";
import type { Sample } from "../text/sample";
import { relevance } from "./deep-layers";

/** Tokens that are taken of each unrelated text: more would cost more than the comparison. */
const TOKENS = 32;

/** Relevance and contrast relevance of every pair of unrelated texts, ascending. */
export interface Yardstick {
  readonly tokens: number;
  readonly relevance: readonly number[];
  readonly contrast: readonly number[];
}

const stored: z.ZodType<Yardstick> = z.object({
  tokens: z.int(),
  relevance: z.array(z.number()).min(1),
  contrast: z.array(z.number()).min(1),
});

/** The first window of each text. */
export function backgroundSamples(texts: readonly Text[], { model }: RunOptions): Sample[] {
  return firstWindows(texts, model.tokenizer, { window: TOKENS, context: model.context }).samples;
}

/**
 * How alike texts are, on this model and for this target, that have nothing to do with each other. Measured once per model and
 * kept.
 * @param identity of the model.
 */
export async function* yardstickOf(
  options: RunOptions,
  samples: readonly Sample[],
  identity: string,
): AsyncGenerator<Exclude<RunEvent<never>, { type: "done" }>, Yardstick, void> {
  const { model } = options;
  const cache = new Cache("yardstick", stored);
  const asked = [identity, targetName(options.target, model.tokenizer), samples.map(({ ids }) => [...ids])];
  const key = createHash("sha256").update(JSON.stringify(asked)).digest("hex");
  const kept = await cache.get(key);
  if (kept !== undefined) return kept;

  const grams = new Grams(samples.map(() => 1 / samples.length));
  const tokens = Math.max(...samples.map(({ ids }) => ids.length));
  const sweeping = { samples, units: [], reducers: [], keepsMatrices: false, grams };
  const request = { ...planRequest(options, sweeping), products: "contrast" as const };
  const together = planBatches(request, [{ samples: samples.map((_, i) => i), tokens }]);
  const plan = firstThatFits(together, request.budget);
  const swept = runSweep(options, { ...sweeping, plan }, () => ({
    parameters: model.scored / model.layers,
    figures: {},
  }));
  for (;;) {
    const step = await swept.next();
    if (step.done) break;
    if (step.value.type === "progress") yield { ...step.value, of: "unrelated texts" };
  }
  const pairs = samples.flatMap((_, a) => samples.slice(a + 1).map((_, i) => [a, a + 1 + i] as const));
  const all = (kind: "plain" | "contrast"): number[] =>
    pairs
      .map(([a, b]) =>
        relevance(Array.from({ length: model.layers }, (_, layer) => grams.products(kind, layer, a, b).similarity)),
      )
      .sort((x, y) => x - y);
  const yardstick = { tokens, relevance: all("plain"), contrast: all("contrast") };
  await cache.set(key, yardstick);
  return yardstick;
}

/** The share of values that are smaller, in percent; of equal ones half. */
export function percentileAmong(ascending: readonly number[], value: number): number {
  const below = ascending.filter((other) => other < value).length;
  const equal = ascending.filter((other) => other === value).length;
  return (100 * (below + equal / 2)) / ascending.length;
}
