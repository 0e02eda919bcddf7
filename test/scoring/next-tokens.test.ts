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
  // the end as a text of its own, with so many tokens at most
  const ends = [...long.text.matchAll(/(?= )/g)].map(({ index }) => long.text.slice(index)).reverse();
  const behind = [];
  for (const text of ends.slice(40, 70)) {
    const document = await scoring.run(
      analysisOf({ texts: [{ source: "end", text }], settings: { ...settings, window } }),
    );
    if (document.samples.length === 1 && document.run.windowsSkipped === 0)
      behind.push(document.samples[0]?.nextTokens[0]);
  }
  expect(behind.map((token) => token?.text)).toContain(read.tokens[0]?.text);
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
