import { expect, test } from "vitest";
import { compare } from "../../../src/engine/compare/compare";
import { openModel } from "../../../src/engine/model/model";
import { comparisonLines } from "../../../src/cli/render/comparison";
import { plain } from "../../../src/cli/terminal/style";
import type { ComparisonDocument } from "../../../src/engine/document/document";
import { similarityTogether } from "../../../src/format/balance";
import { parseDocument } from "../../../src/kinds/parse-document";
import { fixturePath, fixtureReference } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { samplesOf, setOf } from "../support/samples";
import { maxLogit } from "../support/sweeping";

test.each(["qwen3_moe", "granitemoe"])("a comparison of %s says where each side's tokens go", async (name) => {
  const model = await openModel(fixturePath(name));
  const [a, b, c] = samplesOf(fixtureReference(name), model);
  const side = (...samples: (typeof a)[]) => ({ name: "side", set: setOf(samples) });
  const request = { model, share: 0.1, target: maxLogit, threads: 1, template: null };
  const { document } = await resultOf(compare({ ...request, a: side(a), b: side(b, c) }));
  const first = document.layers[0];
  expect(first.routing?.tokens).toEqual({ a: a.ids.length, b: b.ids.length + c.ids.length });
  const perToken = (of: "a" | "b") =>
    (first.routing?.experts ?? []).reduce((sum, { tokens }) => sum + tokens[of], 0) / (first.routing?.tokens[of] ?? 0);
  expect(perToken("a")).toBeGreaterThanOrEqual(1);
  expect(perToken("b")).toBe(perToken("a"));
  for (const { modules, routing, similarity } of document.layers) {
    expect(similarityTogether(modules)).toBeCloseTo(similarity, 9);
    for (const expert of routing?.experts ?? []) {
      const own = modules.filter((module) => expert.modules.includes(module.name));
      expect(similarityTogether(own)).toBeCloseTo(expert.similarity, 9);
      expect(own.some((module) => module.a > 0)).toBe(expert.tokens.a > 0);
      expect(own.some((module) => module.b > 0)).toBe(expert.tokens.b > 0);
    }
  }
  expect(await parseDocument(JSON.stringify(document), "x")).toEqual(document);

  // files of earlier versions have no norms: several matrices are as alike as they are on the average
  const layers = document.layers.map(({ modules, ...layer }) => ({
    ...layer,
    modules: modules.map((module) => ({ ...module, norms: undefined })),
  }));
  const old = (await parseDocument(JSON.stringify({ ...document, layers }), "x")) as ComparisonDocument;
  expect(old.layers).toEqual(layers);
  for (const { modules } of old.layers) {
    const mean = modules.reduce((sum, { similarity }) => sum + similarity, 0) / modules.length;
    expect(similarityTogether(modules)).toBeCloseTo(mean, 12);
  }
  expect(comparisonLines(old, plain)).toEqual(comparisonLines(document, plain));
  await model.close();
});
