import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";

import { percentileAmong } from "../../src/engine/compare/yardstick";
import { openModel, type Model } from "../../src/engine/model/model";
import { spearman } from "../../src/engine/numbers/spearman";
import { ONE_WORD_TEMPLATE } from "../../src/engine/text/template";
import { measureProfile, placeShares } from "../../src/engine/typical/measured-profile";
import { levels, type PlaceSums } from "../../src/engine/typical/places";
import { TextBeside, unpacked, type TypicalProfile } from "../../src/engine/typical/typical-profile";
import { UNUSUAL } from "../../src/engine/typical/unusual";
import { classOf, unrelatedSample, type TextClass } from "../../src/engine/unrelated/text-class";
import { TemporaryFolder } from "../engine/support/temporary-folder";
import {
  ended,
  exactAndEstimated,
  heldOutPercentiles,
  heldOutTexts,
  shippedTexts,
  uniformity,
} from "../engine/support/yardstick";

const smollm2 = inject("smollm2");
const target = { kind: "spread" } as const;

function isUnusual(profile: TypicalProfile, text: PlaceSums): boolean {
  const beside = new TextBeside(profile, text);
  return levels.some((level) => beside.furthestPlaces(level, 1).some(({ p }) => p <= UNUSUAL));
}

/* What holds against itself on the bundled model does so on a real one. */
describe.skipIf(smollm2 === "")("on texts that are in neither", () => {
  let model: Model;
  const temporary = new TemporaryFolder();

  beforeAll(async () => {
    vi.stubEnv("XDG_CACHE_HOME", temporary.path);
    model = await openModel(smollm2);
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await model.close();
    temporary.remove();
  });

  test("percentiles of unrelated pairs are uniform", async () => {
    const short = { length: "short", ending: undefined } as const;
    const kind = { framing: { template: ONE_WORD_TEMPLATE }, a: short, b: short };
    for (const percentiles of Object.values(await heldOutPercentiles({ model, target }, kind))) {
      const { mean, above95 } = uniformity(percentiles);
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
      expect(above95).toBeLessThan(0.08);
    }
  });

  test("relevance by all parameters has its place among estimated ones", async () => {
    for (const { exact, estimated } of Object.values(await exactAndEstimated({ model, target }, 24))) {
      expect(spearman(exact, estimated)).toBeGreaterThan(0.97);
      const ascending = [...estimated].sort((a, b) => a - b);
      const { mean } = uniformity(exact.map((value) => percentileAmong(ascending, value)));
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    }
  });

  test("something unusual is found in few of a few words, and in few that are asked within the chat template", async () => {
    const held = await heldOutTexts();
    expect(await shareUnusual({ length: "brief", ending: "sentence" }, "bare", held.brief)).toBeLessThan(0.08);
    const short = { length: "short", ending: undefined } as const;
    expect(await shareUnusual(short, "chat", [...held.requests, ...held.short])).toBeLessThan(0.08);
  });

  /** The share of texts of a class in which something is. */
  async function shareUnusual(kind: TextClass, framing: "bare" | "chat", all: readonly string[]): Promise<number> {
    const { length, ending } = kind;
    const samples = all
      .map((_, i) => unrelatedSample(all, i, kind, framing, model))
      .filter((sample) => classOf(sample, framing, model.tokenizer).length === length);
    const wish = { chat: framing === "chat", length, endings: ending === undefined ? [] : [ending] };
    const texts = { kind: "shipped" as const, texts: await shippedTexts() };
    const profile = unpacked(await ended(measureProfile({ model, target }, { texts, kind: wish })));
    const shares = await ended(placeShares({ model, target }, samples));
    return shares.filter((text) => text !== undefined && isUnusual(profile, text)).length / samples.length;
  }

  test("something unusual is found in few, and in what is unusual", async () => {
    const options = { model, target };
    const kind = { chat: false, length: "short", endings: ["sentence" as const] } as const;
    const texts = { kind: "shipped" as const, texts: await shippedTexts() };
    const profile = unpacked(await ended(measureProfile(options, { texts, kind })));
    const held = (await heldOutTexts()).short;
    const strange = [
      "the the the the the the the the the the the the the the the the the.",
      "Question: What is 12 times 12? Answer: 144. Question: What is 7 times 8? Answer: 56.",
    ];
    const all = [...held, ...strange];
    const samples = all.map((_, i) => unrelatedSample(all, i, { length: "short", ending: "sentence" }, "bare", model));
    const claims = (await ended(placeShares(options, samples))).map(
      (text) => text !== undefined && isUnusual(profile, text),
    );
    expect(claims.slice(0, held.length).filter(Boolean).length / held.length).toBeLessThan(0.08);
    expect(claims.slice(held.length)).toEqual([true, true]);
  });
});
