import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";

import { openModel, type Model } from "../../src/engine/model/model";
import { ONE_WORD_TEMPLATE } from "../../src/engine/text/template";
import { measureProfile, placeShares } from "../../src/engine/typical/measured-profile";
import { levels } from "../../src/engine/typical/places";
import { TextBeside, unpacked } from "../../src/engine/typical/typical-profile";
import { UNUSUAL } from "../../src/engine/typical/unusual";
import { unrelatedSample } from "../../src/engine/unrelated/text-class";
import { TemporaryFolder } from "../engine/support/temporary-folder";
import { ended, heldOutPercentiles, heldOutTexts, shippedTexts, uniformity } from "../engine/support/yardstick";

const smollm2 = inject("smollm2");
const target = { kind: "spread" } as const;

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
    const { mean, above95 } = uniformity((await heldOutPercentiles({ model, target }, kind)).contrast);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    expect(above95).toBeLessThan(0.08);
  });

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
    const claims = (await ended(placeShares(options, samples))).map((text) => {
      if (text === undefined) return false;
      const beside = new TextBeside(profile, text);
      return levels.some((level) => beside.furthestPlaces(level, 1).some(({ p }) => p <= UNUSUAL));
    });
    expect(claims.slice(0, held.length).filter(Boolean).length / held.length).toBeLessThan(0.08);
    expect(claims.slice(held.length)).toEqual([true, true]);
  });
});
