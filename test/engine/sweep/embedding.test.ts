import { afterAll, beforeAll, expect, test } from "vitest";
import { openModel, type Model } from "../../../src/engine/model/model";
import { Embedding } from "../../../src/engine/sweep/embedding";
import { observed } from "../support/model-copy";
import { fixturePath } from "../support/reference";

let model: Model;

beforeAll(async () => {
  model = await openModel(fixturePath("llama"));
});

afterAll(async () => {
  await model.close();
});

const ids = [Int32Array.of(5, 9, 5), Int32Array.of(9, 7), Int32Array.of(7, 5, 11)];
const batches = [
  { samples: [0], tokens: 3 },
  { samples: [1, 2], tokens: 3 },
];

function counted(): { readonly model: Model; readonly reads: () => number } {
  let reads = 0;
  return { model: observed(model, () => reads++), reads: () => reads };
}

test("a token's row is read once, in however many batches it is", async () => {
  const { model, reads } = counted();
  const embedding = new Embedding(model);
  for (const batch of batches) await embedding.states(ids, batch);
  // 5, 7, 9, 11, and 0 of the padding
  expect(reads()).toBe(5);
});

test("where rows take more memory than they may, those of earlier batches are read again, and the states are the same", async () => {
  const { model, reads } = counted();
  const [kept, not] = [new Embedding(model), new Embedding(model, 0)];
  for (const batch of batches) expect(await not.states(ids, batch)).toEqual(await kept.states(ids, batch));
  expect(reads()).toBe(5 + 3 + 5);
});
