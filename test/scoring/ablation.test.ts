import { afterAll, expect, test } from "vitest";

import type { AblatedPlace, SampleDescription } from "../../src/engine/document/document";
import { elementAt } from "../../src/engine/numbers/elements";
import { ablationRun } from "../../src/kinds/ablation";
import type { RunSettings } from "../../src/wire/protocol";
import { analysisOf, sample, settings, startClient } from "./support";

/* What a prediction of an analysis is without a head: asked for by the page of the analysis, as a run of its own. */

const { client: scoring } = startClient();

afterAll(() => scoring.dispose());

const harbour = sample("fiction/harbour.txt");
const sentences = { ...harbour, text: harbour.text.slice(0, 160) };
const place = { level: "head", layer: 5, module: "self_attn.k_proj", index: 1 } as const;

function without(samples: readonly SampleDescription[], own: RunSettings, away: AblatedPlace = place) {
  const asked = { title: "", origins: [], texts: [], notes: [], samples: [elementAt(samples, 0)], without: away };
  return { kind: ablationRun, asked, settings: own };
}

test.each([
  ["spread", (samples: SampleDescription[]) => samples[0]?.nextTokens[0]?.id],
  ["answer: the sea", ({ 0: first }: SampleDescription[]) => first?.tokens.at(-(first.answer?.tokens ?? NaN))?.id],
  ["next-token:9", (samples: SampleDescription[]) => samples[0]?.tokens[9]?.id],
  ["logit:#42", () => 42],
])("of the target %s it tells of the token that is asked for", async (target, tokenOf) => {
  const own = { ...settings, target };
  const { samples } = await scoring.run(analysisOf({ texts: [sentences], settings: own }));
  const { ablation } = await scoring.run(without(samples, own));
  expect(ablation).toMatchObject({ ...place, sample: 0, token: { id: tokenOf(samples) } });
  const probability = samples[0]?.targetProbability;
  // of an answer that is the probability of all of its tokens
  if (target.startsWith("next")) expect(ablation.whole.probability).toBeCloseTo(probability ?? NaN, 4);
  expect(ablation.without.probability).not.toBe(ablation.whole.probability);
  expect(ablation.peers.length).toBe(ablation.others);
});

test("a place that the model does not have is refused, in words", async () => {
  const { samples } = await scoring.run(analysisOf({ texts: [sentences], settings }));
  await expect(scoring.run(without(samples, settings, { ...place, index: 99 }))).rejects.toMatchObject({
    kind: "user",
    message: expect.stringContaining("has no head 99 of self_attn.k_proj in layer 5") as string,
  });
});

test("a short one needs no estimate", async () => {
  const { samples } = await scoring.run(analysisOf({ texts: [{ source: "a", text: "The sea" }], settings }));
  expect(await scoring.estimate(without(samples, settings))).toBeNull();
});
