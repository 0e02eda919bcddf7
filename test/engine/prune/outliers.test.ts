import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openModel } from "../../../src/engine/model/model";
import { calibrationSet } from "../../../src/engine/prune/calibration";
import { measureOutliers } from "../../../src/engine/prune/measure-outliers";
import { outlierAllocation } from "../../../src/engine/prune/allocation";
import { prune } from "../../../src/engine/prune/prune";
import { openRuntime } from "../../../src/engine/runtime/open-runtime";
import { Profiler } from "../../../src/engine/sweep/profiler";
import { calibrationTexts, evaluationText } from "../support/prune-reference";
import { demoModel, fixturePath } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { returnedOf } from "../support/returned-of";
import { maxLogit } from "../support/sweeping";

const reference = JSON.parse(
  readFileSync(new URL("../../reference/prune.outliers.json", import.meta.url), "utf8"),
) as Record<string, number[]>;

const method = { criterion: "wanda", allocation: "owl", sparsity: 0.6, share: 0.1, window: 256 } as const;

describe("outliers", () => {
  test.each([
    ["demo", demoModel],
    ["llama", fixturePath("llama")],
    ["gpt2", fixturePath("gpt2")],
    ["qwen2", fixturePath("qwen2")],
  ])("of %s are those of PyTorch, within a weight or two of a layer", async (name, path) => {
    const model = await openModel(path);
    const { samples } = calibrationSet({ ...method, model, calibration: calibrationTexts() });
    const context = { runtime: await openRuntime({}), profiler: new Profiler() };
    const shares = await returnedOf(measureOutliers({ model, samples }, context));
    const weights = model.scored / model.layers;
    expect(shares).toHaveLength(reference[name].length);
    for (const [layer, share] of shares.entries())
      expect(Math.abs(share - reference[name][layer]) * weights, `layer ${layer}`).toBeLessThan(2.5);
    await model.close();
  });

  test("decide how much of each layer goes, and the same share of every layer is evaluated beside", async () => {
    const model = await openModel(demoModel);
    const request = { ...method, model, target: maxLogit, calibration: calibrationTexts() };
    const evaluation = { text: evaluationText(), windows: 3 };
    const { document } = await resultOf(prune({ ...request, evaluation: { ...evaluation, even: true } }));
    const { sparsities } = outlierAllocation(reference.demo, 0.6, 0.08);
    document.layers.forEach(({ sparsity, density }, layer) => {
      expect(sparsity).toBeCloseTo(sparsities[layer], 4);
      expect(density).toBeNull();
    });
    const uniform = await resultOf(prune({ ...request, allocation: "uniform", evaluation }));
    const { pruned, agreement, divergence, losses } = uniform.document.perplexity ?? {};
    expect(document.perplexity?.even).toEqual({ perplexity: pruned, agreement, divergence, losses: losses?.pruned });
    expect(uniform.document.perplexity?.even).toBeUndefined();
    // a saved allocation prunes as the one that it was saved from
    const again = await resultOf(
      prune({
        ...request,
        allocation: "given",
        sparsities: document.layers.map(({ sparsity }) => sparsity),
        evaluation,
      }),
    );
    expect(again.document.layers.map(({ zeros }) => zeros)).toEqual(document.layers.map(({ zeros }) => zeros));
    expect(again.document.perplexity?.pruned).toBe(document.perplexity?.pruned);
    await model.close();
  });

  test("an allocation of another number of layers is refused", async () => {
    const model = await openModel(demoModel);
    const given = { ...method, allocation: "given", sparsities: [0.5, 0.6] } as const;
    await expect(
      resultOf(prune({ ...given, model, target: maxLogit, calibration: calibrationTexts() })),
    ).rejects.toThrow("The allocation is of 2 layers, and demo has 12.");
    await model.close();
  });
});
