import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import type { CompareRequest, RunEvent } from "../../../src/engine/api";
import { analyze } from "../../../src/engine/analysis/analyze";
import { compare, estimateComparison } from "../../../src/engine/compare/compare";
import { percentileAmong, unrelatedPairs, type YardstickClass } from "../../../src/engine/compare/yardstick";
import { openModel, type Model } from "../../../src/engine/model/model";
import { formSamples } from "../../../src/engine/text/form-samples";
import { inTemplate, ONE_WORD_TEMPLATE } from "../../../src/engine/text/template";
import { isSameClass, type Framing } from "../../../src/engine/unrelated/text-class";
import type { UnrelatedTexts } from "../../../src/engine/unrelated/unrelated-texts";
import { ModelCopy } from "../support/model-copy";
import { demoModel, fixturePath, fixtureReference } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { samplesOf, setOf } from "../support/samples";
import { maxLogit } from "../support/sweeping";
import { TemporaryFolder } from "../support/temporary-folder";
import { spearman } from "../../../src/engine/numbers/spearman";
import {
  exactAndEstimated,
  heldOutPercentiles,
  paraphrases,
  percentilesOf,
  shippedTexts,
  uniformity,
} from "../support/yardstick";

let model: Model;
let demo: Model;
let unrelated: UnrelatedTexts;
const temporary = new TemporaryFolder();

beforeAll(async () => {
  vi.stubEnv("XDG_CACHE_HOME", temporary.path);
  model = await openModel(fixturePath("llama"));
  demo = await openModel(demoModel);
  const all = await shippedTexts();
  unrelated = { ...all, short: all.short.slice(0, 12), long: all.long.slice(0, 12) };
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await model.close();
  await demo.close();
  temporary.remove();
});

function request(a: number, b: number, of = model): CompareRequest {
  const samples = samplesOf(fixtureReference("llama"), of);
  const side = (i: number) => ({ name: `text ${i}`, set: setOf([samples[i]]) });
  return { model: of, target: maxLogit, threads: 1, a: side(a), b: side(b), share: 0.1, unrelated, template: null };
}

const cacheFolder = (): string => join(temporary.path, "paramscope", "yardstick");

const kept = (): { pairs: number; contrast: string[] }[] => {
  return readdirSync(cacheFolder()).map(
    (file) =>
      (JSON.parse(readFileSync(join(cacheFolder(), file), "utf8")) as { value: { pairs: number; contrast: string[] } })
        .value,
  );
};

describe("the yardstick of a comparison", () => {
  test("is measured once per model and class of texts and kept, which is said", async () => {
    const measuring = async (asked: CompareRequest): Promise<number> => {
      const events: RunEvent<unknown>[] = [];
      for await (const event of compare(asked)) events.push(event);
      return events.filter((event) => event.type === "progress" && event.of === "unrelated texts").length;
    };
    const before = await estimateComparison(request(0, 2));
    expect(await measuring(request(0, 2))).toBeGreaterThan(0);
    expect((await estimateComparison(request(0, 2))).seconds[0]).toBeLessThan(before.seconds[0]);
    expect(await measuring(request(2, 0))).toBe(0);
    // the deep layers are chosen from what is kept
    expect(await measuring({ ...request(0, 3), deep: "half" })).toBe(0);
    // another text ends with a line
    expect(await measuring(request(0, 1))).toBeGreaterThan(0);
    expect(kept().length).toBe(2);
  });

  test("places two texts, and a text with itself above all others", async () => {
    const { document } = await resultOf(compare(request(0, 0)));
    expect(document).toMatchObject({
      percentile: 1,
      percentiles: { similarity: 1, contrast: 1 },
      template: null,
      yardstick: { texts: 12, a: { length: "short", ending: "sentence" }, b: { length: "short", ending: "sentence" } },
    });
    expect(document.contrastRelevance).toBeCloseTo(1, 6);
    for (const { contrast } of document.layers) expect(contrast).toBeCloseTo(1, 6);
    const other = (await resultOf(compare(request(0, 2)))).document;
    expect(other.percentile).toBeLessThan(1);
    expect(other.contrastRelevance).toBeLessThan(1);
  });

  test("is of other texts within a template, in which short texts stand where nothing is said", async () => {
    const { document } = await resultOf(compare({ ...request(0, 2), template: undefined }));
    expect(document).toMatchObject({
      template: ONE_WORD_TEMPLATE,
      yardstick: { a: { length: "short", ending: null }, b: { length: "short", ending: null } },
    });
    const [sample] = document.a.samples;
    const text = fixtureReference("llama").texts[0];
    expect(sample.text).toBe(ONE_WORD_TEMPLATE.replace("{text}", text));
    // a token stands where it does in its source
    const [first] = sample.tokens.filter(({ start }) => start + sample.offset >= 0);
    expect(text.startsWith(first.text.replace(/^.*"/, ""))).toBe(true);
  });

  test("is made of those texts that the target can be asked of", async () => {
    const loss = { kind: "loss" } as const;
    const word = { length: "brief", ending: "middle" } as const;
    const kind: YardstickClass = { framing: "bare", a: word, b: word };
    const all = await shippedTexts();
    const { samples } = unrelatedPairs(all, kind, { model: demo, target: loss });
    const few = { ...all, brief: all.brief.slice(20, 44) };
    expect(Math.min(...samples.map(({ ids }) => ids.length))).toBe(2);
    expect(samples.length).toBeLessThan(all.brief.length);
    const set = (text: string) =>
      formSamples([{ source: "x", text }], demo.tokenizer, { window: 64, maxSamples: 1, context: 512 });
    const sides = { a: { name: "a", set: set("A bird sang") }, b: { name: "b", set: set("The river") } };
    const asked = { ...request(0, 0, demo), target: loss, ...sides, unrelated: few };
    const { document } = await resultOf(compare(asked));
    expect(document.yardstick).toMatchObject({ a: word, b: word });
    const { typical } = (
      await resultOf(
        analyze({
          model: demo,
          target: loss,
          threads: 1,
          set: set("A bird sang"),
          threshold: { mode: "share", share: 0.1 },
          typical: { texts: { kind: "shipped", texts: few } },
        }),
      )
    ).document;
    expect(typical?.texts).toBeLessThan(24);
  });

  test("is not there for sets of texts, which are more alike than two texts", async () => {
    const samples = samplesOf(fixtureReference("llama"), model);
    const a = { name: "several", set: setOf(samples.slice(0, 2)) };
    const { document } = await resultOf(compare({ ...request(0, 2), a }));
    expect(document).toMatchObject({ percentile: null, percentiles: null, yardstick: null });
    expect(document.contrastRelevance).toBeGreaterThan(0);
  });

  test("is not there for a token within the texts, nor a background whose texts are too short for it", async () => {
    const at = (position: number) => ({ ...request(0, 2), target: { kind: "next-token", position } as const });
    const { document } = await resultOf(compare(at(2)));
    expect(document).toMatchObject({ percentile: null, yardstick: null });
    expect(document.contrastRelevance).toBeGreaterThan(0);
    const short = { ...at(20), unrelated: { ...unrelated, background: ["A bird sang."] } };
    const later = (await resultOf(compare(short))).document;
    expect(later).toMatchObject({ percentile: null, yardstick: null, contrastRelevance: null });
    expect((await estimateComparison(short)).samples).toBe(2);
  });

  test("of another model is not taken, however little tells the two apart", async () => {
    await resultOf(compare(request(0, 2)));
    const copy = await ModelCopy.tuned("llama");
    const other = await openModel(copy.path);
    try {
      const before = kept();
      expect((await resultOf(compare(request(0, 0, other)))).document.percentile).toBe(1);
      const after = kept();
      expect(after.length).toBe(before.length + 1);
      expect(new Set(after.map(({ contrast }) => contrast.join())).size).toBe(after.length);
    } finally {
      await other.close();
      await copy.remove();
    }
  });
});

const template: Framing = { template: ONE_WORD_TEMPLATE };
const bare = (a: "sentence" | "line" | "middle", b = a): YardstickClass => ({
  framing: "bare",
  a: { length: "short", ending: a },
  b: { length: "short", ending: b },
});
const short = { length: "short", ending: undefined } as const;
const brief = { length: "brief", ending: undefined } as const;
const classes: [string, YardstickClass][] = [
  ["within the template", { framing: template, a: short, b: short }],
  ["that end in the middle of a sentence", bare("middle")],
  ["of a few words within the template", { framing: template, a: brief, b: brief }],
  ["of which one has a few words", { framing: template, a: brief, b: short }],
];

test("pairs of unrelated texts are a thousand, and each text is in as many", async () => {
  const all = await shippedTexts();
  const long = { length: "long", ending: "sentence" } as const;
  const ofLong = { framing: "bare", a: long, b: long } as const;
  const kinds = [...classes.map(([, kind]) => kind), bare("sentence"), bare("sentence", "middle"), ofLong];
  for (const kind of kinds) {
    const { samples, pairs } = unrelatedPairs(all, kind, { model: demo, target: maxLogit });
    expect(pairs.length).toBeGreaterThanOrEqual(1000);
    expect(new Set(pairs.map(([a, b]) => [a, b].sort((x, y) => x - y).join()))).toHaveLength(pairs.length);
    const times = samples.map(() => 0);
    for (const text of pairs.flat()) times[text]++;
    expect(Math.max(...times)).toBe(Math.min(...times));
    if (!isSameClass(kind.a, kind.b))
      for (const [a, b] of pairs) expect(a < samples.length / 2).toBe(b >= samples.length / 2);
  }
});

/* The bundled model is small: the real one is held to the same in test/real. */
describe("on texts that are not in it", { timeout: 300_000 }, () => {
  const options = () => ({ model: demo, target: { kind: "spread" } as const });

  // within the template on those that come with the model, as users have them
  beforeAll(() => cpSync(join(demoModel, "yardstick"), cacheFolder(), { recursive: true }));

  test.each(classes)("percentiles of unrelated pairs %s are uniform", async (_name, kind) => {
    const percentiles = await heldOutPercentiles(options(), kind);
    for (const which of ["contrast", "plain"] as const) {
      const { mean, above95 } = uniformity(percentiles[which]);
      expect.soft(Math.abs(mean - 0.5)).toBeLessThan(0.05);
      expect.soft(above95).toBeLessThan(0.08);
    }
  });

  test("relevance by all parameters has its place among estimated ones", async () => {
    for (const { exact, estimated } of Object.values(await exactAndEstimated(options(), 24))) {
      expect(spearman(exact, estimated)).toBeGreaterThan(0.97);
      const ascending = [...estimated].sort((a, b) => a - b);
      const { mean } = uniformity(exact.map((value) => percentileAmong(ascending, value)));
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    }
  });

  test("a text and its near-paraphrase are above 0.9, as is one without its full stop", async () => {
    const sampleOf = (text: string) => {
      const settings = { window: 512, maxSamples: 1, context: demo.context };
      const [sample] = formSamples([{ source: "x", text }], demo.tokenizer, settings).samples;
      return inTemplate(sample, ONE_WORD_TEMPLATE, demo.tokenizer);
    };
    const texts = paraphrases();
    const samples = texts.flatMap(([a, b]) => [a, b, a.replace(/[.!?]$/, "")].map(sampleOf));
    const kind = { framing: template, a: short, b: short };
    const withEach = (other: 1 | 2) => texts.map((_, i) => [3 * i, 3 * i + other] as const);
    const pairs = [...withEach(2), ...withEach(1)];
    const { contrast } = await percentilesOf(options(), kind, samples, pairs);
    expect(Math.min(...contrast.slice(0, texts.length))).toBeGreaterThan(0.9);
    // of a model of three million parameters not every paraphrase is one
    const same = contrast.slice(texts.length).filter((percentile) => percentile > 0.9);
    expect(same.length / texts.length).toBeGreaterThan(0.7);
  });
});

test("a percentile counts what is smaller, and half of what is equal", () => {
  expect(percentileAmong([1, 2, 3, 4], 5)).toBe(1);
  expect(percentileAmong([1, 2, 3, 4], 0)).toBe(0);
  expect(percentileAmong([1, 2, 3, 4], 2)).toBe(0.375);
});
