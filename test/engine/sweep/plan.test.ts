import { expect, test } from "vitest";
import { openModel } from "../../../src/engine/index";
import { sweepPlans } from "../../../src/engine/sweep/plan";

/* 20,000 texts: what takes time by the square of them would take minutes. */
test("a run of 20,000 texts is planned, as one set, as a set each, and as pairs", async () => {
  const model = await openModel("test/fixtures/llama");
  const lengths = Array.from({ length: 20_000 }, (_, i) => 8 + (i % 40));
  const all = [...lengths.keys()];
  const request = { model, lengths, target: { kind: "spread" }, keepsMatrices: false, budget: Infinity } as const;
  const one = sweepPlans({ ...request, units: [{ sets: [all] }] });
  const each = sweepPlans({ ...request, units: [{ sets: all.map((i) => [i]) }] });
  const pairs = sweepPlans({
    ...request,
    units: all.filter((i) => i % 2 === 0).map((i) => ({ sets: [[i], [i + 1]] })),
  });
  for (const plans of [one, each, pairs])
    for (const { batches } of plans)
      expect(batches.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(lengths.length);
  await model.close();
});
