import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import type { PairsDocument } from "../../src/engine/document/document";
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
  readonly template: PairsReference & { readonly template: string };
  readonly contrast: PairsReference & { readonly contrast: readonly (readonly number[])[] };
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

describe.skipIf(smollm2 === "")("100 sentence pairs of STS-B on a real model", () => {
  test("have the reference's similarities, contrasts and correlations", async () => {
    const { pairs, spearman, contrastSpearman } = await run();
    expect(pairs).toHaveLength(100);
    pairs.forEach(({ similarity, contrast }, pair) => {
      similarity.forEach((value, layer) => {
        expect(Math.abs(value / reference.similarity[pair][layer] - 1)).toBeLessThan(2e-3);
        expect(Math.abs((contrast?.[layer] ?? NaN) - reference.contrast.contrast[pair][layer])).toBeLessThan(3e-3);
      });
    });
    expectCorrelations(spearman, reference);
    if (contrastSpearman === null) throw new Error("contrast was asked for");
    expectCorrelations(contrastSpearman, reference.contrast);
  });

  test("follow the human scores better inside a template", async () => {
    const { spearman } = await run("--no-contrast", "--template", reference.template.template);
    expectCorrelations(spearman, reference.template);
    expect(spearman.deep).toBeGreaterThan(reference.spearmanDeep);
  });
});
