import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { compare } from "../../../src/engine/compare/compare";
import { percentileAmong } from "../../../src/engine/compare/yardstick";
import type { RunEvent } from "../../../src/engine/api";
import { openModel, type Model } from "../../../src/engine/model/model";
import type { Text } from "../../../src/engine/text/text";
import { unrelatedTexts } from "../../../src/engine/text/shipped-samples";
import { ModelCopy } from "../support/model-copy";
import { fixturePath, fixtureReference } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { samplesOf, setOf } from "../support/samples";
import { maxLogit } from "../support/sweeping";

let model: Model;
let folder = "";
let background: Text[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
  vi.stubEnv("XDG_CACHE_HOME", folder);
  model = await openModel(fixturePath("llama"));
  background = (await unrelatedTexts("samples")).slice(0, 5);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await model.close();
  await rm(folder, { recursive: true });
});

function comparison(a: number, b: number, of = model) {
  const samples = samplesOf(fixtureReference("llama"), of);
  const side = (i: number) => ({ name: `text ${i}`, set: setOf([samples[i]]) });
  return compare({ model: of, target: maxLogit, threads: 1, a: side(a), b: side(b), share: 0.1, background });
}

describe("the yardstick of a comparison", () => {
  test("is measured once per model and kept, which is said", async () => {
    const first: RunEvent<unknown>[] = [];
    for await (const event of comparison(0, 1)) first.push(event);
    const of = (events: readonly RunEvent<unknown>[]) =>
      events.filter((event) => event.type === "progress" && event.of === "unrelated texts").length;
    expect(of(first)).toBeGreaterThan(0);
    const again: RunEvent<unknown>[] = [];
    for await (const event of comparison(2, 3)) again.push(event);
    expect(of(again)).toBe(0);
    const kept = JSON.parse(await readFile(join(folder, "paramscope", "yardstick.json"), "utf8")) as Record<
      string,
      { relevance: number[] }
    >;
    expect(Object.values(kept).map(({ relevance }) => relevance.length)).toEqual([10]);
  });

  test("places two texts, and a text with itself above all others", async () => {
    const { document } = await resultOf(comparison(0, 0));
    expect(document).toMatchObject({ percentile: 100, contrastPercentile: 100, yardstick: { pairs: 10, tokens: 32 } });
    expect(document.contrastRelevance).toBeCloseTo(1, 6);
    for (const { contrast } of document.layers) expect(contrast).toBeCloseTo(1, 6);
    const other = (await resultOf(comparison(0, 1))).document;
    expect(other.percentile).toBeLessThan(100);
    expect(other.contrastRelevance).toBeLessThan(1);
  });
});

test("another model's yardstick is not taken, however little tells the two apart", async () => {
  await resultOf(comparison(0, 1));
  const copy = await ModelCopy.tuned("llama");
  const other = await openModel(copy.path);
  try {
    const { document } = await resultOf(comparison(0, 0, other));
    expect(document).toMatchObject({ percentile: 100, contrastPercentile: 100 });
    const kept = JSON.parse(await readFile(join(folder, "paramscope", "yardstick.json"), "utf8")) as Record<
      string,
      { relevance: number[] }
    >;
    const [own, others] = Object.values(kept).map(({ relevance }) => relevance);
    expect(others).not.toEqual(own);
  } finally {
    await other.close();
    await copy.remove();
  }
});

test("a percentile counts what is smaller, and half of what is equal", () => {
  expect(percentileAmong([1, 2, 3, 4], 5)).toBe(100);
  expect(percentileAmong([1, 2, 3, 4], 0)).toBe(0);
  expect(percentileAmong([1, 2, 3, 4], 2)).toBe(37.5);
});
