import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import type { AnalysisDocument } from "../../src/engine/document/document";
import type { ScoringClient } from "../../src/scoring/client";
import type { MatrixSums } from "../../src/scoring/protocol";
import { repository, sample, settings, startClient } from "./support";

let scoring: ScoringClient;
let document: AnalysisDocument;

beforeEach(async () => {
  scoring = startClient().client;
  document = await scoring.analyze({ texts: [sample("science/tides.txt")], settings });
});

afterEach(() => scoring.dispose());

const place = { layer: 3, matrix: "mlp.down_proj" };

/** As a document has them. */
function binned(values: readonly number[], bins: number): number[] {
  const sums = new Array<number>(bins).fill(0);
  values.forEach((value, i) => (sums[Math.floor((i * bins) / values.length)] += value));
  return sums;
}

function expectToBe(sums: MatrixSums | null, { layers }: AnalysisDocument): void {
  const module = layers[place.layer].modules.find(({ name }) => name === place.matrix);
  if (!module || !sums) throw new Error("there is no such matrix, or no sums");
  expect([sums.rows.length, sums.columns.length]).toEqual(module.shape);
  expect(sums.columns.length).toBeGreaterThan(module.columns.length);
  for (const [full, bins] of [
    [sums.rows, module.rows],
    [sums.columns, module.columns],
  ])
    binned(full, bins.length).forEach((value, i) => expect(value / bins[i]).toBeCloseTo(1, 4));
}

test("the sums of the last results are held", async () => {
  expectToBe(await scoring.heldSums({ ...place, result: document }), document);
  expect(await scoring.heldSums({ ...place, matrix: "no.such", result: document })).toBeNull();
  const other = { ...document, target: "loss" };
  expect(await scoring.heldSums({ ...place, result: other })).toBeNull();
});

test("another process runs the samples again, with progress", async () => {
  scoring.dispose();
  scoring = startClient().client;
  expect(await scoring.heldSums({ ...place, result: document })).toBeNull();
  const shares: number[] = [];
  const listener = { progress: ({ share }: { share: number }) => void shares.push(share) };
  expectToBe(await scoring.matrixSums({ ...place, result: document, settings }, listener), document);
  expect(shares.at(-1)).toBe(1);
  expectToBe(await scoring.heldSums({ ...place, result: document }), document);
});

test("the run for them can be cancelled", async () => {
  const controller = new AbortController();
  const result = { ...document, target: "loss" };
  const asked = scoring.matrixSums(
    { ...place, result, settings: { ...settings, target: "loss" } },
    { progress: () => controller.abort() },
    controller.signal,
  );
  await expect(asked).rejects.toMatchObject({ kind: "cancelled" });
});

test("another model than the result's is refused", async () => {
  const other = { ...settings, model: join(repository, "test/fixtures/llama") };
  const result = { ...document, target: "loss" };
  const asked = scoring.matrixSums({ ...place, result, settings: other });
  await expect(asked).rejects.toMatchObject({
    kind: "user",
    message: expect.stringContaining("is not the one that this result was made with") as string,
  });
});

test("a result of an earlier version, which does not say which model it is of, is not run with one that may be another", async () => {
  const result = { ...document, model: { ...document.model, hash: "sha256:0123" }, target: "loss" };
  await expect(scoring.matrixSums({ ...place, result, settings })).rejects.toMatchObject({
    kind: "user",
    message: "This result is of an earlier version, and does not say for certain which model it was made with",
  });
});

test("a layer that is not there is said", async () => {
  const asked = scoring.matrixSums({ ...place, layer: 99, result: document, settings });
  await expect(asked).rejects.toMatchObject({
    kind: "user",
    message: "This result has no matrix mlp.down_proj in layer 99",
  });
});
