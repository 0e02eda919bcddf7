import { execFileSync } from "node:child_process";

import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";

import { atThreshold, type ChosenThreshold } from "../../../src/engine/document/at-threshold";
import type { AnalysisDocument } from "../../../src/engine/document/document";
import { parseDocument } from "../../../src/kinds/parse-document";
import { ThresholdIndex } from "../../../src/engine/document/threshold-index";

let document: AnalysisDocument;

/** Of the same text, by another threshold. */
function analyzed(threshold: string): AnalysisDocument {
  const args = ["dist/cli.cjs", "analyze", "--text", "The boats are in.", "--threshold", threshold, "--json"];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 28 })) as AnalysisDocument;
}

beforeAll(() => {
  document = analyzed("10%");
});

test("is, at the edge of a bin, what a run at that threshold finds", () => {
  // a power of two begins a bin
  const tau = 2 ** Math.round(Math.log2(document.threshold.tau) + 1);
  const chosen = atThreshold(document, { mode: "absolute", tau });
  const run = analyzed(String(tau));
  const counts = ({ layers, threshold }: AnalysisDocument) => [
    threshold.tau,
    threshold.share,
    ...layers.map(({ active, density, modules }) => [active, density, modules.map((m) => [m.active, m.density])]),
  ];
  expect(counts(chosen)).toEqual(counts(run));
  expect(chosen.threshold).toEqual({ mode: "absolute", share: run.threshold.share, tau, run: document.threshold });
});

test("is the document itself at its own threshold, and has everything else of it at any other", () => {
  const { threshold } = document;
  expect(atThreshold(document, { mode: "share", share: threshold.share })).toBe(document);
  const chosen = atThreshold(document, { mode: "share", share: 0.02 });
  expect({ ...chosen, layers: [], threshold }).toEqual({ ...document, layers: [] });
  expect(chosen.layers.map(({ sum, l2, max }) => [sum, l2, max])).toEqual(
    document.layers.map(({ sum, l2, max }) => [sum, l2, max]),
  );
});

const chosen: fc.Arbitrary<ChosenThreshold> = fc.oneof(
  fc.double({ min: 1e-5, max: 1, noNaN: true }).map((share) => ({ mode: "share", share }) as const),
  fc.double({ min: -45, max: 3, noNaN: true }).map((exponent) => ({ mode: "absolute", tau: 10 ** exponent }) as const),
);

test("holds together at any threshold, is read again, and is then shown with the same figures", async () => {
  await fc.assert(
    fc.asyncProperty(chosen, chosen, async (first, second) => {
      const once = atThreshold(document, first);
      const saved = (await parseDocument(JSON.stringify(once), "saved")) as AnalysisDocument;
      expect(saved).toEqual(once);
      for (const { active, density, parameters, modules } of saved.layers) {
        expect(active).toBe(modules.reduce((sum, module) => sum + module.active, 0));
        expect(density).toBeCloseTo(active / parameters, 12);
      }
      const total = saved.layers.reduce((sum, { active }) => sum + active, 0);
      expect(saved.threshold.share).toBeCloseTo(total / saved.model.scored, 12);
      if (first.mode === "share") expect(total).toBeGreaterThanOrEqual(first.share * saved.model.scored * 0.99 - 100);
      const activity = new ThresholdIndex(saved).at(saved.threshold.tau);
      expect(activity.layers.map(({ active }) => active)).toEqual(saved.layers.map(({ active }) => active));
      // chosen twice: the run's own threshold stays known, and counts fall as the threshold rises
      const twice = atThreshold(saved, second);
      if (twice !== document && twice.threshold.tau !== document.threshold.tau)
        expect(twice.threshold.run).toEqual(document.threshold);
      const after = twice.layers.reduce((sum, { active }) => sum + active, 0);
      if (twice.threshold.tau > saved.threshold.tau) expect(after).toBeLessThanOrEqual(total);
      if (twice.threshold.tau < saved.threshold.tau) expect(after).toBeGreaterThanOrEqual(total);
    }),
    { numRuns: 60 },
  );
});
