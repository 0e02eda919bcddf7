import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openModel } from "../../../src/engine/model/model";
import { convertedFixtures, convertToGguf } from "../support/convert-to-gguf";
import { embeddedTogether, logitsFrom } from "../support/forward";
import { llamaCpp, probabilitiesByLlamaCpp, type LlamaCppProbabilities } from "../support/llama-cpp";
import { fixtureReference } from "../support/reference";

/** Every converted fixture that llama.cpp itself opens: what it predicts is what we predict of the same file. */
const folder = mkdtempSync(join(tmpdir(), "paramscope-gguf-"));
const pathOf = (fixture: string): string => join(folder, `${fixture}.gguf`);
const idsOf = (fixture: string): readonly (readonly number[])[] => fixtureReference(fixture).tokens.slice(0, 4);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What llama.cpp (v0.5.0) says against a file: of these it takes for granted what the published models have. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  cohere: /expected 42, got 34/, // norms of heads only from 64 layers on
  "gpt_neox-sequential": /attn_qkv.bias/,
  phi: /attn_k.weight/, // as many keys as queries
};

/** Where it computes something else than the folder's model, and why. */
const OTHER: Readonly<Record<string, string>> = {
  exaone4: "it slides where there are 64 layers, whatever the file says",
};

/** How far logarithms of probabilities may be from each other, where not as float32 has them. */
const FAR: Readonly<Record<string, number>> = {
  // its GELU is a table of half floats
  ...Object.fromEntries(
    [
      "bloom",
      "falcon",
      "falcon-7b-like",
      "gemma",
      "gemma2",
      "gemma3",
      "gemma3-multimodal",
      "gpt2",
      "gpt_neox",
      "mpt",
      "starcoder2",
    ].map((name) => [name, 2e-2]),
  ),
  qwen2_5_vl: 1e-3, // it passes over the epsilon of the norms
  qwen3_vl: 5e-2, // it leaves the pairs unturned that the sections of pictures do not come to
};
const NEAR = 5e-5;

describe.skipIf(llamaCpp === undefined)("predictions of llama.cpp", () => {
  let theirs: LlamaCppProbabilities;
  beforeAll(async () => {
    for (const fixture of convertedFixtures) writeFileSync(pathOf(fixture), (await convertToGguf(fixture)).file);
    theirs = probabilitiesByLlamaCpp(
      llamaCpp ?? "",
      convertedFixtures.map((fixture) => ({ model: pathOf(fixture), ids: idsOf(fixture) })),
    );
  }, 120_000);
  test.each(convertedFixtures)("%s", async (fixture) => {
    const expected = theirs.models[convertedFixtures.indexOf(fixture)];
    const model = await openModel(pathOf(fixture));
    if (typeof expected === "string") {
      expect(expected).toMatch(REFUSED[fixture] ?? "a file that it opens");
      await model.close();
      return;
    }
    const ids = idsOf(fixture).map((one) => Int32Array.from(one));
    const hidden = await embeddedTogether(model, ids);
    const logits = await logitsFrom(
      model,
      hidden,
      ids,
      ids.map((one) => [one.length - 1]),
    );
    const worst = logits.map(([last], i) => {
      const own = logarithms(last);
      return Math.max(...own.map((value, id) => Math.abs(value - expected[i][id])));
    });
    await model.close();
    const far = FAR[fixture] ?? NEAR;
    if (fixture in OTHER) expect(Math.max(...worst)).toBeGreaterThan(far);
    else expect(worst.filter((one) => !(one <= far))).toEqual([]);
  });
});

function logarithms(logits: Float32Array): number[] {
  const most = Math.max(...logits);
  const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0));
  return Array.from(logits, (logit) => logit - most - total);
}
