import { afterEach, beforeEach, expect, test } from "vitest";

import type { ProgressParams } from "../../src/wire/protocol";
import type { ScoringClient } from "../../src/wire/client";
import { analysisOf, sample, settings, startClient } from "./support";

/* What the model expects behind a text, without analysing it. */

let scoring: ScoringClient;

beforeEach(() => {
  scoring = startClient().client;
});

afterEach(() => scoring.dispose());

const cat = { source: "cat.prompt", text: "The cat sat on the" };

/** As the analysis of a text tells it. */
async function analysed(text: { source: string; text: string }, window = settings.window) {
  const document = await scoring.run(analysisOf({ texts: [text], settings: { ...settings, window } }));
  expect(document.samples).toHaveLength(1);
  return document.samples[0]?.nextTokens ?? [];
}

test("the likeliest tokens are those of an analysis, and every layer is told of", async () => {
  const steps: ProgressParams[] = [];
  const { tokens, isCut } = await scoring.nextTokens({ text: cat, settings }, { progress: (step) => steps.push(step) });
  expect(isCut).toBe(false);
  expect(tokens).toHaveLength(5);
  const expected = await analysed(cat);
  expect(tokens.map(({ id, text }) => ({ id, text }))).toEqual(expected.map(({ id, text }) => ({ id, text })));
  for (const [index, { probability }] of tokens.entries())
    expect(probability).toBeCloseTo(expected[index]?.probability ?? NaN, 5);
  expect(steps.map(({ done }) => done)).toEqual(steps.map((_, index) => index + 1));
  expect(steps.at(-1)).toMatchObject({ share: 1, phase: "forward" });
});

test("of a text that is longer than a window its end is read", async () => {
  const long = sample("fiction/harbour.txt");
  const window = 64;
  const read = await scoring.nextTokens({ text: long, settings: { ...settings, window } });
  expect(read.isCut).toBe(true);
  // the longest end that is one window as a text of its own, with so many tokens at most
  const ends = [...long.text.matchAll(/(?= )/g)].map(({ index }) => long.text.slice(index)).reverse();
  const whole = async (end: number) => {
    const texts = [{ source: "end", text: ends[end] ?? "" }];
    const { samples, run } = await scoring.run(analysisOf({ texts, settings: { ...settings, window, maxSamples: 1 } }));
    return run.windowsSkipped === 0 ? samples[0] : undefined;
  };
  let [fits, beyond] = [0, ends.length - 1];
  while (beyond - fits > 1) {
    const middle = (fits + beyond) >> 1;
    if (await whole(middle)) fits = middle;
    else beyond = middle;
  }
  const longest = await whole(fits);
  expect(longest?.tokens.length).toBeGreaterThan(window - 4);
  expect(longest?.nextTokens[0]?.text).toBe(read.tokens[0]?.text);
  // it may differ by the token that the window begins with
  expect(read.tokens[0]?.probability).toBeCloseTo(longest?.nextTokens[0]?.probability ?? NaN, 2);
});

test("a text without tokens is refused, in words", async () => {
  const empty = { source: "empty.prompt", text: "" };
  await expect(scoring.nextTokens({ text: empty, settings })).rejects.toMatchObject({ kind: "user" });
});

test("can be cancelled", async () => {
  const controller = new AbortController();
  controller.abort();
  await expect(scoring.nextTokens({ text: cat, settings }, {}, controller.signal)).rejects.toMatchObject({
    kind: "cancelled",
  });
});

test("with losses every token says how little it was expected, as a run that explains it has it", async () => {
  const text = { source: "a.prompt", text: "The river rose in the night" };
  const { losses = [], tokens } = await scoring.nextTokens({ text, losses: 64, settings });
  expect(tokens.map(({ id }) => id)).toEqual((await analysed(text)).map(({ id }) => id));
  const document = await scoring.run(analysisOf({ texts: [text], settings }));
  const all = document.samples[0]?.tokens ?? [];
  // the first token follows nothing
  expect(losses.map(({ start, end }) => text.text.slice(start, end))).toEqual(all.slice(1).map((token) => token.text));
  for (const t of [1, all.length - 1]) {
    const own = { ...settings, target: `next-token:${t}` };
    const explained = await scoring.run(analysisOf({ texts: [text], settings: own }));
    expect(losses[t - 1]?.loss).toBeCloseTo(-Math.log(explained.samples[0]?.targetProbability ?? NaN), 4);
  }
  const last = await scoring.nextTokens({ text, losses: 3, settings });
  expect(last.losses?.map(({ start }) => start)).toEqual(losses.slice(-3).map(({ start }) => start));
  expect((await scoring.nextTokens({ text, settings })).losses).toBeUndefined();
});

test("of a cut text they stand where the text has them", async () => {
  const long = sample("fiction/harbour.txt");
  const { losses = [] } = await scoring.nextTokens({ text: long, losses: 8, settings: { ...settings, window: 64 } });
  expect(losses).toHaveLength(8);
  expect(losses.at(-1)?.end).toBe(long.text.length);
});
