import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { analyze } from "../../../src/engine/analysis/analyze";
import { estimateAnalysis } from "../../../src/engine/analysis/estimate-analysis";
import type { AnalyzeRequest, RunEvent, TypicalTexts } from "../../../src/engine/api";
import { modulesAt, openModel, type Model } from "../../../src/engine/model/model";
import { formSamples } from "../../../src/engine/text/form-samples";
import type { Sample } from "../../../src/engine/text/sample";
import { knownProfile, measureProfile, placeShares } from "../../../src/engine/typical/measured-profile";
import { levels } from "../../../src/engine/typical/places";
import { TextBeside, unpacked, type TypicalProfile } from "../../../src/engine/typical/typical-profile";
import { lengthBeyond, ownTexts, typicalClassOf, typicalSamples } from "../../../src/engine/typical/typical-texts";
import { UNUSUAL } from "../../../src/engine/typical/unusual";
import { unrelatedSample } from "../../../src/engine/unrelated/text-class";
import { ModelCopy } from "../support/model-copy";
import { demoModel, fixturePath } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { TemporaryFolder } from "../support/temporary-folder";
import { ended, heldOutTexts, shippedTexts } from "../support/yardstick";

const spread = { kind: "spread" } as const;
let model: Model;
let demo: Model;
let shipped: TypicalTexts;
const temporary = new TemporaryFolder();

beforeAll(async () => {
  vi.stubEnv("XDG_CACHE_HOME", temporary.path);
  model = await openModel(fixturePath("llama"));
  demo = await openModel(demoModel);
  shipped = { kind: "shipped", texts: await shippedTexts() };
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await model.close();
  await demo.close();
  temporary.remove();
});

function asked(text: string | readonly string[], of = model, more: Partial<AnalyzeRequest> = {}): AnalyzeRequest {
  const texts = [text].flat().map((one, i) => ({ source: `text ${i}`, text: one }));
  const { tokenizer, context } = of;
  return {
    model: of,
    target: spread,
    threads: 1,
    set: formSamples(texts, tokenizer, { window: 512, maxSamples: 64, context }),
    threshold: { mode: "share", share: 0.1 },
    typical: { texts: shipped },
    ...more,
  };
}

async function measured(request: AnalyzeRequest): Promise<number> {
  const events: RunEvent<unknown>[] = [];
  for await (const event of analyze(request)) events.push(event);
  return events.filter((event) => event.type === "progress" && event.of === "typical texts").length;
}

describe("how typical texts activate a model", () => {
  test("is measured once per model, target and class of texts, which is said, and estimated", async () => {
    const short = asked("A bird sang in the garden.");
    const [before] = (await estimateAnalysis(short)).seconds;
    expect(await measured(short)).toBeGreaterThan(0);
    expect((await estimateAnalysis(short)).seconds[0]).toBeLessThan(before);
    expect(await measured(asked("Nobody knew why the train was late."))).toBe(0);
    expect(await measured(asked("In mid-sentence"))).toBeGreaterThan(0);
    expect(await measured({ ...short, target: { kind: "max-logit" } })).toBeGreaterThan(0);
    expect(await measured({ ...short, typical: undefined })).toBe(0);
    const copy = await ModelCopy.tuned("llama");
    const other = await openModel(copy.path);
    expect(await measured(asked("A bird sang in the garden.", other))).toBeGreaterThan(0);
    await other.close();
    await copy.remove();
  });

  test("is left out where it would take too long, and what it would take is in the result", async () => {
    const text = "A line.\n";
    const request = asked(text, model, { typical: { texts: shipped, seconds: 0 } });
    expect(await measured(request)).toBe(0);
    const { document } = await resultOf(analyze(request));
    expect(document.typical).toBeUndefined();
    expect(document.typicalSeconds?.[1]).toBeGreaterThan(document.typicalSeconds?.[0] ?? Infinity);
    expect((await estimateAnalysis(request)).seconds).toEqual(
      (await estimateAnalysis({ ...request, typical: undefined })).seconds,
    );
    // known, it is there whatever it took
    expect(await measured(asked(text))).toBeGreaterThan(0);
    expect((await resultOf(analyze(request))).document.typical?.texts).toBe(64);
  });

  test("says nothing of a token within a text", async () => {
    const { document } = await resultOf(
      analyze(asked("A bird sang.", model, { target: { kind: "next-token", position: 2 } })),
    );
    expect(document.typical).toBeUndefined();
    expect(document.typicalSeconds).toBeUndefined();
  });

  test("is of the user's own texts where they are given, of which there must be twenty", async () => {
    const of = (count: number): TypicalTexts => ({
      kind: "own",
      name: "mine",
      window: 64,
      leftOut: 0,
      texts: Array.from({ length: count }, (_, i) => ({ source: `${i}.txt`, text: `Number ${i} of my texts.` })),
    });
    const { document } = await resultOf(analyze(asked("Another one.", model, { typical: { texts: of(24) } })));
    expect(document.typical).toMatchObject({ texts: 24, of: { name: "mine", from: 24 } });
    await expect(resultOf(analyze(asked("A bird.", model, { typical: { texts: of(19) } })))).rejects.toThrow(
      "mine has 19 texts, and to say what is usual takes at least 20.",
    );
  });

  test("leaves a text out of the user's own when it is analysed itself", async () => {
    const texts = Array.from({ length: 20 }, (_, i) => ({ source: `${i}.txt`, text: `Number ${i} of my texts.` }));
    const analysed = [{ source: "elsewhere/3.txt", text: "Number 3 of my texts." }];
    const own = ownTexts("mine", texts, { window: 64, analysed });
    expect(own.texts).toEqual(texts.filter((_, i) => i !== 3));
    const request = asked("Number 3 of my texts.", model, { typical: { texts: own } });
    for (const run of [resultOf(analyze(request)), estimateAnalysis(request)])
      await expect(run).rejects.toThrow("mine has 19 texts beside what is analysed, and to say what is usual takes");
  });

  test("asks for the memory that it takes before anything is computed", async () => {
    const texts = Array.from({ length: 20 }, (_, i) => ({ source: `${i}`, text: `${i} `.repeat(200) }));
    const own = ownTexts("long", texts, { window: 400, analysed: [] });
    const request = asked("A", demo);
    const { leastMemory } = await estimateAnalysis({ ...request, typical: undefined });
    const more = { ...request, memory: leastMemory + 2 ** 20 };
    await expect(analyze({ ...more, typical: { texts: own } }).next()).rejects.toThrow("needs at least");
    expect(
      (await resultOf(analyze({ ...more, typical: { texts: own, seconds: 1e9 } }))).document.typicalSeconds,
    ).toBeDefined();
  });

  test("says where texts are shorter, or longer, than every typical one", async () => {
    const beyond = async (...texts: string[]) => (await resultOf(analyze(asked(texts)))).document.typical?.beyond;
    expect(await beyond("A")).toBe("shorter");
    expect(await beyond("A", "A bird sang in the garden, and nobody listened to it.")).toBeUndefined();
    expect(await beyond("A bird sang in the garden. ".repeat(40))).toBe("longer");
  });

  test("has every layer's, matrix' and head's ratio, and names the furthest places of every level", async () => {
    const { document } = await resultOf(analyze(asked("A bird sang in the garden.")));
    const { typical } = document;
    const heads = document.layers.flatMap(({ modules }) => modules.flatMap((module) => module.heads));
    expect(typical?.ratios.layer.length).toBe(model.layers);
    expect(typical?.ratios.matrix.length).toBe(model.layers * modulesAt(model, 0).length);
    expect(typical?.ratios.head.length).toBe(heads.length);
    // of a mixture alone there are experts
    expect(typical?.levels.map(({ level }) => level)).toEqual(levels.filter((level) => level !== "expert"));
    for (const { furthest, places } of typical?.levels ?? []) expect(furthest.length).toBe(Math.min(20, places));
    const total = document.layers.reduce((sum, layer) => sum + layer.sum, 0);
    for (const { layer, share, usual, ratio } of typical?.levels[0].furthest ?? []) {
      expect(share).toBeCloseTo(document.layers[layer].sum / total, 6);
      expect(ratio).toBeCloseTo(share / usual, 6);
      expect(typical?.ratios.layer[layer]).toBe(ratio);
    }
  });
});

test("a length is said to matter where no typical text is as short, or as long, but none where all have one", () => {
  const of = (...lengths: number[]) => lengths.map((length) => ({ ids: new Int32Array(length) }) as Sample);
  expect(lengthBeyond(of(3, 5), [5, 9])).toBe("shorter");
  expect(lengthBeyond(of(4, 6), [5, 9])).toBeUndefined();
  expect(lengthBeyond(of(9, 12), [5, 9])).toBe("longer");
  expect(lengthBeyond(of(5, 9), [5, 9])).toBeUndefined();
  expect(lengthBeyond(of(5), [5, 5])).toBeUndefined();
});

test("texts are of the class that most are of, with every ending that there is", () => {
  const set = (...texts: string[]) => asked(texts).set;
  const classOf = (...texts: string[]) => typicalClassOf(set(...texts), model.tokenizer);
  const sentence = "A bird sang in the old tree behind the house of the doctor.";
  expect(classOf(sentence)).toEqual({ chat: false, length: "short", endings: ["sentence"] });
  expect(classOf("Hi.")).toEqual({ chat: false, length: "brief", endings: ["sentence"] });
  expect(classOf("Hi.", "A\n", "In mid")).toMatchObject({ endings: ["line", "middle", "sentence"] });
  expect(classOf("long ".repeat(100))).toMatchObject({ length: "long", endings: ["middle"] });
  // of two lengths that are as many the longer one
  expect(classOf("Hi.", sentence)).toMatchObject({ length: "short" });
  const kind = { chat: false, length: "short", endings: ["line", "sentence"] } as const;
  const ends = typicalSamples(shipped, kind, model).map(({ text }) => text.endsWith("\n"));
  expect(ends.filter(Boolean).length).toBe(32);
  expect(ends.slice(0, 4)).toEqual([true, false, true, false]);
});

describe("of the bundled model", { timeout: 300_000 }, () => {
  const of = (length: "brief" | "short" | "long", ending: "sentence" | "middle" | "line") => ({
    chat: false,
    length,
    endings: [ending],
  });

  const coming = join(demoModel, "typical");

  beforeAll(() => cpSync(coming, join(temporary.path, "paramscope", "typical"), { recursive: true }));

  const options = () => ({ model: demo, target: spread });
  const shippedProfile = async (kind: ReturnType<typeof of>): Promise<TypicalProfile> => {
    const profile = await knownProfile(options(), { texts: shipped, kind });
    if (profile === undefined) throw new Error("it did not come with the model");
    return profile;
  };

  test("comes with it, for texts of every length and ending, as it is measured anew", async () => {
    expect(readdirSync(coming).length).toBe(9);
    const kind = of("short", "line");
    const same = await shippedProfile(kind);
    const fresh = unpacked(await ended(measureProfile(options(), { texts: shipped, kind })));
    for (const level of levels)
      same.levels[level].mean.forEach((mean, i) => {
        expect(Math.abs(mean - fresh.levels[level].mean[i])).toBeLessThan(0.003);
      });
  });

  /* Held out: 66 brief texts, 88 short and 61 long ones that are not among the typical ones. */
  test.each([
    ["brief", "sentence"],
    ["brief", "middle"],
    ["brief", "line"],
    ["short", "sentence"],
    ["short", "middle"],
    ["long", "sentence"],
  ] as const)("finds something unusual in few %s texts that end with a %s", async (length, ending) => {
    const texts = await heldOutTexts();
    const samples = texts[length].map((_, i) => unrelatedSample(texts[length], i, { length, ending }, "bare", demo));
    const profile = await shippedProfile(of(length, ending));
    const shares = await ended(placeShares(options(), samples));
    const claims = shares.filter((text) => {
      if (text === undefined) return false;
      const beside = new TextBeside(profile, text);
      return levels.some((level) => beside.furthestPlaces(level, 1).some(({ p }) => p <= UNUSUAL));
    });
    expect(claims.length / samples.length).toBeLessThan(0.08);
  });

  test("finds what is: digits without end, one word over and over, Chinese", async () => {
    const texts = [
      "3 1 4 1 5 9 2 6 5 3 5 8 9 7 9 3 2 3 8 4 6 2 6 4 3 3 8 3 2 7 9 5 0 2 8 8.",
      "the the the the the the the the the the the the the the the the the.",
      "今天天气很好，我们一起去公园散步，孩子们在草地上玩耍。",
    ];
    for (const text of texts) {
      const { document } = await resultOf(analyze(asked(text, demo)));
      expect(document.typical?.levels.some(({ unusual }) => unusual > 0)).toBe(true);
    }
  });
});
