import { describe, expect, test } from "vitest";

import { analyze } from "../../../src/engine/analysis/analyze";
import { modulesAt, openModel } from "../../../src/engine/model/model";
import { placeShares } from "../../../src/engine/typical/measured-profile";
import { levels, Places, sharesOf } from "../../../src/engine/typical/places";
import { kindsOfFixtures, fixturePath, fixtureReference } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { allRuntimes } from "../support/runtimes";
import { samplesOf, setOf } from "../support/samples";
import { ended } from "../support/yardstick";

const spread = { kind: "spread" } as const;
const maxLogit = { kind: "max-logit" } as const;

/* What single texts' places hold comes from sums within the runtime, which the scores of an analysis never pass. */
describe.each(kindsOfFixtures)("the places of %s", (name) => {
  test("hold of every text what PyTorch finds in its matrices", async () => {
    const model = await openModel(fixturePath(name));
    const reference = fixtureReference(name);
    const places = new Places(model);
    const shares = await ended(placeShares({ model, target: maxLogit, threads: 1 }, samplesOf(reference, model)));
    reference.samples.forEach(({ layers }, text) => {
      const sums = layers.flatMap((modules, layer) =>
        modulesAt(model, layer).map((module) => modules[module.name].sum),
      );
      const total = sums.reduce((a, b) => a + b, 0);
      expect(shares[text]?.matrix.length).toBe(places.count("matrix"));
      sums.forEach((sum, i) => {
        expect(Math.abs((shares[text]?.matrix[i] ?? 0) - sum / total)).toBeLessThan((1e-3 * sum) / total + 1e-9);
      });
    });
    await model.close();
  });
});

test.each(allRuntimes)("are as an analysis of the text alone sums them up, on %s", async (_, wish) => {
  for (const name of ["llama", "gpt2", "gpt_neox", "phi3", "mixtral", "deepseek_v3"]) {
    const model = await openModel(fixturePath(name));
    const places = new Places(model);
    const samples = samplesOf(fixtureReference(name), model).slice(0, 3);
    const shares = await ended(placeShares({ model, target: spread, threads: 1, ...wish }, samples));
    for (const [i, sample] of samples.entries()) {
      const asked = { model, target: spread, threads: 1, ...wish, set: setOf([sample]) };
      const { sums } = await resultOf(analyze({ ...asked, threshold: { mode: "share", share: 0.1 } }));
      const alone = sharesOf(
        places,
        sums.map((own, layer) => places.sumsOf(layer, (module, axis) => own.get(module)?.[axis] ?? new Float64Array())),
      );
      for (const level of levels) {
        expect(alone?.[level].length).toBe(places.count(level));
        alone?.[level].forEach((share, place) => {
          expect(Math.abs((shares[i]?.[level][place] ?? 0) - share)).toBeLessThan(2e-4 * share + 1e-9);
        });
      }
    }
    await model.close();
  }
});

test("are named by where they are; a fused matrix has the heads of its parts", async () => {
  const model = await openModel(fixturePath("phi3"));
  const places = new Places(model);
  expect(places.at("layer", 1)).toEqual({ layer: 1 });
  expect(places.at("matrix", 0)).toEqual({ layer: 0, module: modulesAt(model, 0)[0].name });
  const heads = Array.from({ length: places.count("head") }, (_, i) => places.at("head", i));
  expect(new Set(heads.flatMap(({ part }) => part ?? []))).toEqual(new Set(["q", "k", "v"]));
  const neurons = places.count("neuron") / model.layers;
  expect(places.at("neuron", neurons + 3)).toEqual({ layer: 1, module: model.definition.block.neurons, index: 3 });
  await model.close();
});

test("of a mixture are its experts too, each with its matrices; dense layers have none", async () => {
  const model = await openModel(fixturePath("deepseek_v3"));
  const places = new Places(model);
  const dense = model.blocks.findIndex(({ experts }) => experts.length > 0);
  expect(dense).toBeGreaterThan(0);
  expect(places.at("expert", 0)).toEqual({ layer: dense, index: 0 });
  expect(places.count("expert")).toBe(model.blocks.reduce((sum, { experts }) => sum + experts.length, 0));
  const ones = places.sumsOf(dense, () => Float64Array.of(1));
  expect([...ones.expert]).toEqual(model.blocks[dense].experts.map(({ modules }) => modules.length));
  await model.close();
});
