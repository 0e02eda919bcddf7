import { expect, test } from "vitest";

import { analyze } from "../../../src/engine/analysis/analyze";
import { modulesAt, openModel, type Model } from "../../../src/engine/model/model";
import { intraclassCorrelation } from "../../../src/engine/numbers/intraclass";
import type { Reducer } from "../../../src/engine/sweep/reducers/reducer";
import type { Sample } from "../../../src/engine/text/sample";
import { parseDocument } from "../../../src/kinds/parse-document";
import { fixturePath, fixtureReference } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { samplesOf, setOf } from "../support/samples";
import { maxLogit, swept } from "../support/sweeping";

const share = 0.1;
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Every activation of one sample, by layer and matrix. */
async function activationsOf(model: Model, sample: Sample): Promise<Map<string, Float32Array>> {
  const all = new Map<string, Float32Array>();
  const keeps: Reducer = {
    tile: ({ layer, module, from, scores }) => {
      const key = `${layer}/${module.name}`;
      const kept = all.get(key) ?? new Float32Array(module.out * module.in);
      all.set(key, kept);
      kept.set(scores[0], from * module.in);
    },
  };
  await swept({ model, samples: [sample], units: [{ sets: [[0]] }], reducers: [keeps] });
  return all;
}

/** In how many of some samples each of a matrix's parameters is among the strongest, by sorting. */
function timesOf(activations: readonly Float32Array[]): number[] {
  const tops = activations.map((values) => {
    const least = values.toSorted().at(-Math.max(1, Math.round(share * values.length))) ?? 0;
    return values.map((value) => (value > 0 && value >= least ? 1 : 0));
  });
  return Array.from(activations[0], (_, i) => total(tops.map((top) => top[i])));
}

/* Beside sets that are formed by sorting all activations of each sample swept alone, and beside whom PyTorch routes a token to. */
test.each(["qwen3_moe", "deepseek_v3", "gpt_oss", "granitemoe"])("frequencies of the experts of %s", async (name) => {
  const model = await openModel(fixturePath(name));
  const reference = fixtureReference(name);
  const samples = samplesOf(reference, model);
  const threshold = { mode: "share", share } as const;
  const request = { model, target: maxLogit, threads: 1, threshold, set: setOf(samples), frequency: true };
  const { frequency } = await resultOf(analyze(request));
  const alone = await Promise.all(samples.map((sample) => activationsOf(model, sample)));
  const reached: number[] = [];

  for (const { layer, counts, routing } of frequency?.layers ?? []) {
    const experts = routing?.experts ?? [];
    expect(experts).toHaveLength(model.blocks[layer].experts.length);
    for (const { modules, samples: own, counts: ofExpert, icc } of experts) {
      reached.push(own);
      const routed = reference.samples.filter(({ layers }) => modules.some((module) => layers[layer][module].sum > 0));
      expect(own).toBe(routed.length);
      // no weight is among the strongest of a sample that does not reach its expert
      expect(total(ofExpert.slice(own + 1))).toBe(0);
      expect(ofExpert).toHaveLength(samples.length + 1);
      expect(icc).toBe(intraclassCorrelation(ofExpert.slice(0, own + 1)));

      const times = modules.flatMap((module) =>
        timesOf(alone.map((sample) => sample.get(`${layer}/${module}`) ?? new Float32Array())),
      );
      ofExpert.forEach((count, k) => {
        const expected = times.filter((all) => all === k).length;
        expect(Math.abs(count - expected)).toBeLessThanOrEqual(0.01 * times.length);
      });
      expect(total(ofExpert)).toBe(times.length);
    }
    // what is no expert's is the rest
    const others = modulesAt(model, layer).filter(
      (module) => !experts.some(({ modules }) => modules.includes(module.name)),
    );
    const rest = counts.map((count, k) => count - total(experts.map((expert) => expert.counts[k])));
    expect(total(rest)).toBe(total(others.map((module) => module.out * module.in)));
    expect(rest.every((count) => count >= 0)).toBe(true);
  }
  // the fixture has experts that all reach, and such as some or none do
  expect(new Set(reached).size).toBeGreaterThan(2);
  expect(await parseDocument(JSON.stringify(frequency), "saved")).toEqual(frequency);
  await model.close();
});

test("a model without experts has none in its frequencies", async () => {
  const model = await openModel(fixturePath("llama"));
  const set = setOf(samplesOf(fixtureReference("llama"), model));
  const threshold = { mode: "share", share } as const;
  const { frequency } = await resultOf(
    analyze({ model, target: maxLogit, threads: 1, threshold, set, frequency: true }),
  );
  for (const layer of frequency?.layers ?? []) expect(layer).not.toHaveProperty("routing");
  await model.close();
});
