import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { relevance } from "../../src/engine/compare/deep-layers";
import type { PairsDocument } from "../../src/engine/document/document";
import { spearman as correlate } from "../../src/engine/numbers/spearman";
import { paramscope, repository } from "../cli/session";

const smollm2 = inject("smollm2");
const file = "test/data/stsb-dev-100.tsv";

interface PairsReference {
  readonly spearmanDeep: number;
  readonly spearmanPerLayer: readonly number[];
}

/** test/reference/smollm2-135m.stsb100.json: PyTorch and SciPy on the same pairs. */
const reference = JSON.parse(
  readFileSync(join(repository, "test/reference/smollm2-135m.stsb100.json"), "utf8"),
) as PairsReference & {
  readonly similarity: readonly (readonly number[])[];
};

async function run(...options: string[]): Promise<PairsDocument> {
  const { code, stdout, stderr } = await paramscope(["pairs", file, "--model", smollm2, "--json", ...options]);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as PairsDocument;
}

function expectCorrelations(found: PairsDocument["spearman"], expected: PairsReference): void {
  expect(Math.abs(found.deep - expected.spearmanDeep)).toBeLessThan(0.005);
  found.layers.forEach((rho, layer) => {
    expect(Math.abs(rho - expected.spearmanPerLayer[layer])).toBeLessThan(0.005);
  });
}

/** test/reference/smollm2-135m.stsb100.spread.json: the same with the target spread and the template. */
const spread = JSON.parse(
  readFileSync(join(repository, "test/reference/smollm2-135m.stsb100.spread.json"), "utf8"),
) as Record<"similarity" | "contrast", readonly (readonly number[])[]> & { readonly template: string };

describe.skipIf(smollm2 === "")("100 sentence pairs of STS-B on a real model", () => {
  test("have the reference's similarities and correlations, as the authors ask", async () => {
    const asked = ["--target", "max-logit", "--template", "none", "--deep", "half", "--no-contrast"];
    const { pairs, spearman } = await run(...asked);
    expect(pairs).toHaveLength(100);
    pairs.forEach(({ similarity }, pair) => {
      similarity.forEach((value, layer) => {
        expect(Math.abs(value / reference.similarity[pair][layer] - 1)).toBeLessThan(2e-3);
      });
    });
    expectCorrelations(spearman, reference);
  });

  test("follow the human scores twice as well within the template, by contrast of what the whole prediction owes to", async () => {
    const { pairs, spearman, contrastSpearman, hiddenSpearman, words, deep, target, template } = await run();
    expect([target, template, deep]).toEqual(["spread", spread.template, [22, 28]]);
    pairs.forEach(({ similarity, contrast }, pair) => {
      similarity.forEach((value, layer) => {
        expect(Math.abs(value - spread.similarity[pair][layer])).toBeLessThan(3e-3);
        expect(Math.abs((contrast?.[layer] ?? NaN) - spread.contrast[pair][layer])).toBeLessThan(3e-3);
      });
    });
    const scores = pairs.map(({ score }) => score);
    const rho = (kind: "similarity" | "contrast", range: readonly [number, number]): number =>
      correlate(
        pairs.map((pair) => relevance(pair[kind] ?? [], range)),
        scores,
      );
    expect(Math.abs((contrastSpearman?.deep ?? NaN) - 0.807)).toBeLessThan(0.005);
    expect(spearman.deep).toBeCloseTo(rho("similarity", [22, 28]), 9);
    expect(Math.abs(rho("contrast", [15, 28]) - 0.723)).toBeLessThan(0.005);
    expect(Math.abs(rho("similarity", [15, 28]) - 0.567)).toBeLessThan(0.005);
    // transformers' hidden states of the same file, scikit-learn's tf-idf, SciPy's correlations
    expect(Math.abs((hiddenSpearman?.deep ?? NaN) - 0.829)).toBeLessThan(0.005);
    expect(Math.abs((words?.tfidf.rho ?? NaN) - 0.722)).toBeLessThan(0.001);
    expect(Math.abs((words?.jaccard.rho ?? NaN) - 0.652)).toBeLessThan(0.001);
    expect(Math.abs((contrastSpearman?.partial?.rho ?? NaN) - 0.555)).toBeLessThan(0.01);
    // what the documentation says of these pairs: not more than words or hidden states, as far as 100 pairs tell
    expect(contrastSpearman?.over?.tfidf?.interval[0]).toBeLessThan(0.005);
    expect(contrastSpearman?.over?.hidden?.interval[1]).toBeGreaterThan(0);
    expect(contrastSpearman?.over?.similarity?.interval[0]).toBeGreaterThan(0.02);
  });
});
