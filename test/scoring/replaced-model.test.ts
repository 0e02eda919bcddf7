import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import type { ScoringClient } from "../../src/wire/client";
import { ModelCopy } from "../engine/support/model-copy";
import { fixturePath } from "../engine/support/reference";
import { analysisOf, comparisonOf, sample, settings, startClient } from "./support";

const texts = [sample("science/tides.txt")];

let scoring: ScoringClient;
let folder: string;
let model: string;
let tuned: ModelCopy;
beforeEach(async () => {
  scoring = startClient().client;
  folder = await mkdtemp(join(tmpdir(), "paramscope-test-"));
  model = join(folder, "model");
  await cp(fixturePath("llama"), model, { recursive: true });
  tuned = await ModelCopy.tuned("llama");
});
afterEach(async () => {
  scoring.dispose();
  await tuned.remove();
  await rm(folder, { recursive: true });
});

async function replace(): Promise<void> {
  await rm(model, { recursive: true });
  await cp(tuned.path, model, { recursive: true });
}

test("an editor that stays open sees the model that is there now", async () => {
  const analyzed = () => scoring.run(analysisOf({ texts, settings: { ...settings, model } }));
  const before = await analyzed();
  await replace();
  const after = await analyzed();
  const alone = await scoring.run(analysisOf({ texts, settings: { ...settings, model: tuned.path } }));
  expect(after.layers).toEqual(alone.layers);
  expect(after.model.hash).toBe(alone.model.hash);
  expect(after.layers).not.toEqual(before.layers);
  expect(after.model.hash).not.toBe(before.model.hash);
});

test("results of the one that was there are not run with it", async () => {
  const { model: made, samples } = await scoring.run(analysisOf({ texts, settings: { ...settings, model } }));
  const again = { ...settings, model, identity: made.hash };
  const set = { name: "tides", texts: [], samples };
  expect((await scoring.run(comparisonOf({ a: set, b: set, settings: again }))).model.hash).toBe(made.hash);
  await replace();
  for (const asked of [
    scoring.run(comparisonOf({ a: set, b: set, settings: again })),
    scoring.run(analysisOf({ texts: [], samples, settings: again })),
    scoring.estimate(analysisOf({ ...set, settings: again })),
  ])
    await expect(asked).rejects.toMatchObject({
      kind: "user",
      message: `The model model at ${model} is not the one that this result was made with`,
      remedy: "Analyze the text again.",
    });
});
