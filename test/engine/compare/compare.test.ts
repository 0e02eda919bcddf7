import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compare } from "../../../src/engine/compare/compare";
import { deepLayers, readDeepLayers, relevance } from "../../../src/engine/compare/deep-layers";
import type { ComparisonDocument } from "../../../src/engine/document/document";
import { swapSides } from "../../../src/engine/document/swap-sides";
import { parseDocument } from "../../../src/kinds/parse-document";
import { modulesAt, openModel, type Model } from "../../../src/engine/model/model";
import { StatisticsReducer } from "../../../src/engine/sweep/reducers/statistics";
import type { Reducer, Tile } from "../../../src/engine/sweep/reducers/reducer";
import type { Sample } from "../../../src/engine/text/sample";
import { fixturePath, fixtureReference } from "../support/reference";
import { moduleNamed } from "../support/tiles";
import { resultOf } from "../support/reference-values";
import { samplesOf, setOf } from "../support/samples";
import { maxLogit, swept } from "../support/sweeping";

let model: Model;
let samples: Sample[];

beforeAll(async () => {
  model = await openModel(fixturePath("phi3"));
  samples = samplesOf(fixtureReference("phi3"), model);
});

afterAll(async () => {
  await model.close();
});

async function compared(a: readonly Sample[], b: readonly Sample[], share = 0.1): Promise<ComparisonDocument> {
  const [first, second] = [
    { name: "first", set: setOf(a) },
    { name: "second", set: setOf(b) },
  ];
  const request = { model, a: first, b: second, share, target: maxLogit, threads: 1, template: null };
  return (await resultOf(compare(request))).document;
}

describe("deep layers", () => {
  test.each([
    [1, [0, 1], [0, 1]],
    [2, [1, 2], [1, 2]],
    [3, [2, 3], [1, 3]],
    [4, [3, 4], [2, 4]],
    [5, [3, 5], [2, 3]],
    [6, [4, 6], [3, 4]],
    [12, [9, 10], [6, 10]],
    [30, [22, 28], [15, 28]],
    [32, [24, 30], [16, 30]],
  ])("of %i are %j, and as the authors have them %j", (layers, quarter, half) => {
    expect(deepLayers(layers)).toEqual(quarter);
    expect(deepLayers(layers, "quarter")).toEqual(quarter);
    expect(deepLayers(layers, "half")).toEqual(half);
  });

  test("may be any that the model has", () => {
    expect(deepLayers(30, { first: 22, last: 27 })).toEqual([22, 28]);
    expect(readDeepLayers("22-27")).toEqual({ first: 22, last: 27 });
    expect(readDeepLayers("half")).toBe("half");
    for (const wrong of ["", "deep", "27-22", "1-", "-3", "1-2-3", "1.5-2", "99999999-99999999"])
      expect(readDeepLayers(wrong)).toBeUndefined();
    expect(() => deepLayers(6, { first: 4, last: 6 })).toThrow("the model has the layers 0 to 5");
  });

  test("are those whose mean relevance is", () => {
    expect(relevance([9, 9, 9, 1, 9, 9], [3, 4])).toBe(1);
    expect(relevance([9, 1, 2], [1, 3])).toBe(1.5);
  });
});

describe("a comparison", () => {
  test("of a text with itself is 1 everywhere", async () => {
    const document = await compared([samples[0]], [samples[0]]);
    for (const { similarity, overlap, modules } of document.layers) {
      expect(similarity).toBeCloseTo(1, 9);
      expect(overlap).toBe(1);
      for (const module of modules) {
        expect(module.similarity).toBeCloseTo(1, 9);
        expect(module.overlap).toBe(1);
        for (const head of module.heads) expect(head.similarity).toBeCloseTo(1, 9);
      }
    }
    expect(document.relevance).toBeCloseTo(1, 9);
  });

  test("is the same the other way round", async () => {
    const [there, back] = [
      await compared(samples.slice(0, 1), samples.slice(1)),
      await compared(samples.slice(1), samples.slice(0, 1)),
    ];
    there.layers.forEach(({ similarity, overlap }, layer) => {
      expect(back.layers[layer].similarity).toBeCloseTo(similarity, 6);
      expect(back.layers[layer].overlap).toBeCloseTo(overlap, 2);
    });
    expect(back.relevance).toBeCloseTo(there.relevance, 6);
    expect([back.a.name, back.b.name]).toEqual([there.a.name, there.b.name]);
    expect(back.a.samples).toHaveLength(3);
  });

  test("of two sets is that of their mean activations", async () => {
    const document = await compared(samples.slice(0, 2), samples.slice(2));
    const means = new MeanCollector(samples.length);
    await swept({ model, samples, units: samples.map((_, i) => ({ sets: [[i]] })), reducers: [means] });
    document.layers.forEach(({ similarity, modules }, layer) => {
      let [ab, aa, bb] = [0, 0, 0];
      for (const { name, similarity: ofModule } of modules) {
        const [a, b] = [means.mean(layer, name, [0, 1]), means.mean(layer, name, [2, 3])];
        const product = (x: Float64Array, y: Float64Array): number =>
          x.reduce((sum, value, i) => sum + value * y[i], 0);
        const own = [product(a, b), product(a, a), product(b, b)];
        expect(ofModule).toBeCloseTo(own[0] / Math.sqrt(own[1] * own[2]), 5);
        ab += own[0];
        aa += own[1];
        bb += own[2];
      }
      expect(similarity).toBeCloseTo(ab / Math.sqrt(aa * bb), 5);
    });
  });

  test("of two texts says how likely each one's next tokens are after both", async () => {
    const [a, b] = [samples.slice(0, 1), samples.slice(1, 2)];
    const { next = [], ...document } = await compared(a, b);
    const ids = ({ samples: [{ nextTokens }] }: ComparisonDocument["a"]) => nextTokens.map(({ id }) => id);
    expect(next.map(({ id }) => id).sort()).toEqual([...new Set([...ids(document.a), ...ids(document.b)])].sort());
    const likeliest = next.map((token) => Math.max(token.a ?? 0, token.b ?? 0));
    expect(likeliest).toEqual([...likeliest].sort((x, y) => y - x));
    for (const { id, probability } of document.a.samples[0].nextTokens)
      expect(next.find((token) => token.id === id)?.a).toBe(probability);
    // what B does not tell itself is as its logit has it
    const others = next.filter(({ id, b: ofB }) => ofB !== null && !ids(document.b).includes(id));
    expect(others.length).toBeGreaterThan(0);
    for (const { id, b: ofB } of others) {
      const set = { a: { name: "a", set: setOf(a) }, b: { name: "b", set: setOf(b) } };
      const target = { kind: "logit", token: id } as const;
      const asked = await resultOf(compare({ model, ...set, share: 0.1, target, threads: 1, template: null }));
      expect(asked.document.b.samples[0].targetProbability).toBeCloseTo(ofB ?? 0, 6);
    }
    expect(swapSides({ ...document, next }).next?.map((token) => [token.a, token.b])).toEqual(
      next.map((token) => [token.b, token.a]),
    );
    expect(await compared(samples.slice(0, 2), b)).not.toHaveProperty("next");
  });

  test("says what it compared, and passes as a saved document", async () => {
    const document = await compared(samples.slice(0, 2), samples.slice(2), 0.2);
    expect(await parseDocument(JSON.stringify(document), "saved")).toEqual(document);
    expect(document).toMatchObject({
      format: "paramscope.comparison",
      target: "max-logit",
      share: 0.2,
      deep: [4, 6],
      a: { name: "first" },
      b: { name: "second" },
      contrastRelevance: null,
      percentile: null,
      percentiles: null,
      yardstick: null,
    });
    expect(document.a.samples.map(({ text }) => text)).toEqual(samples.slice(0, 2).map(({ text }) => text));
    expect(document.b.samples.map(({ text }) => text)).toEqual(samples.slice(2).map(({ text }) => text));
    expect(document.relevance).toBeCloseTo(
      relevance(
        document.layers.map(({ similarity }) => similarity),
        document.deep,
      ),
      12,
    );
    const [{ modules }] = document.layers;
    const fused = modules.find(({ name }) => name === "self_attn.qkv_proj");
    expect(fused?.heads.map(({ part, head }) => `${part ?? ""}${head}`)).toEqual([
      "q0",
      "q1",
      "q2",
      "q3",
      "k0",
      "k1",
      "v0",
      "v1",
    ]);
    expect(modules.find(({ name }) => name === "mlp.down_proj")?.heads).toEqual([]);
  });

  test("has both sides' activations, and what only one of them activates", async () => {
    const document = await compared([samples[0]], [samples[1]]);
    const statistics = new StatisticsReducer(model.definition);
    await swept({ model, samples: samples.slice(0, 2), units: [{ sets: [[0], [1]] }], reducers: [statistics] });
    document.layers.forEach(({ modules }, layer) => {
      for (const { name, a, b, heads, parameters, onlyA, onlyB } of modules) {
        const [ofA, ofB] = [0, 1].map((set) => statistics.layer(layer, 0, set).get(name));
        expect(a).toBeCloseTo(ofA?.sum ?? NaN, 10);
        expect(b).toBeCloseTo(ofB?.sum ?? NaN, 10);
        if (heads.length > 0 && name !== "self_attn.qkv_proj")
          expect(heads.reduce((sum, head) => sum + head.a, 0) / a).toBeCloseTo(1, 6);
        const module = moduleNamed(modulesAt(model, 0), name);
        expect(parameters).toBe(module.out * module.in);
        for (const only of [onlyA, onlyB]) expect(only.length).toBeLessThanOrEqual(5);
        for (const [i, { a: own, b: other }] of onlyA.entries()) {
          expect(own).toBeGreaterThan(0);
          expect(own).toBeLessThanOrEqual(onlyA[i - 1]?.a ?? Infinity);
          expect(other).toBeLessThan(own);
        }
        for (const { a: other, b: own } of onlyB) expect(other).toBeLessThan(own);
      }
    });
  });

  test("shares more of larger top sets", async () => {
    const [small, large] = [
      await compared([samples[0]], [samples[1]], 0.05),
      await compared([samples[0]], [samples[1]], 0.5),
    ];
    small.layers.forEach(({ overlap, similarity }, layer) => {
      expect(large.layers[layer].overlap).toBeGreaterThan(overlap);
      expect(large.layers[layer].similarity).toBe(similarity);
    });
  });
});

/** Keeps the scores of every sample: what the engine never does. */
class MeanCollector implements Reducer {
  readonly #scores = new Map<string, Float64Array>();

  constructor(private readonly samples: number) {}

  tile({ layer, module, unit, from, scores: [values] }: Tile): void {
    const key = `${layer}/${module.name}/${unit}`;
    const all = this.#scores.get(key) ?? new Float64Array(module.out * module.in);
    this.#scores.set(key, all);
    all.set(values, from * module.in);
    expect(unit).toBeLessThan(this.samples);
  }

  mean(layer: number, name: string, of: readonly number[]): Float64Array {
    const all = of.map((sample) => this.#scores.get(`${layer}/${name}/${sample}`) ?? new Float64Array(0));
    return all[0].map((_, i) => all.reduce((sum, scores) => sum + scores[i], 0) / of.length);
  }
}
