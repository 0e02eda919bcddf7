import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { analyze } from "../../../src/engine/analysis/analyze";
import { modulesAt, openModel } from "../../../src/engine/model/model";
import { fixturePath, fixtureReference } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { samplesOf, setOf } from "../support/samples";
import { TemporaryFolder } from "../support/temporary-folder";
import { shippedTexts } from "../support/yardstick";

const temporary = new TemporaryFolder();

beforeAll(() => {
  vi.stubEnv("XDG_CACHE_HOME", temporary.path);
});

afterAll(() => {
  vi.unstubAllEnvs();
  temporary.remove();
});

/* The sweep comes to experts by whether tokens reach them: what is told of a layer's matrices stands in the model's order all the same. */
describe.each(["mixtral", "qwen3_moe", "deepseek_v3", "gpt_oss"])("an analysis of %s", (name) => {
  test("has the matrices of every layer, and what is usual of them, in the order of the model", async () => {
    const model = await openModel(fixturePath(name));
    const texts = await shippedTexts();
    const few = { ...texts, short: texts.short.slice(0, 24), brief: texts.brief.slice(0, 24) };
    const set = setOf(samplesOf(fixtureReference(name), model).slice(0, 1));
    const { document } = await resultOf(
      analyze({
        model,
        target: { kind: "spread" },
        threads: 1,
        set,
        threshold: { mode: "share", share: 0.1 },
        typical: { texts: { kind: "shipped", texts: few } },
      }),
    );
    for (const { layer, modules } of document.layers)
      expect(modules.map((module) => module.name)).toEqual(modulesAt(model, layer).map((module) => module.name));
    const { typical } = document;
    const total = document.layers.reduce((sum, layer) => sum + layer.sum, 0);
    const matrices = document.layers.flatMap(({ layer, modules }) => modules.map((module) => ({ layer, ...module })));
    expect(typical?.ratios.matrix.length).toBe(matrices.length);
    for (const { layer, module, share, ratio } of typical?.levels.find(({ level }) => level === "matrix")?.furthest ??
      []) {
      const place = matrices.findIndex((matrix) => matrix.layer === layer && matrix.name === module);
      expect(share).toBeCloseTo(matrices[place].sum / total, 6);
      expect(typical?.ratios.matrix[place]).toBe(ratio);
    }
    await model.close();
  });
});
