import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modulesAt, openModel, type Model } from "../../../src/engine/model/model";
import { Grams } from "../../../src/engine/sweep/grams";
import { ProductReducer } from "../../../src/engine/sweep/reducers/products";
import type { Reducer, Tile } from "../../../src/engine/sweep/reducers/reducer";
import type { Sample } from "../../../src/engine/text/sample";
import { fixturePath, fixtureReference } from "../support/reference";
import { samplesOf } from "../support/samples";
import { swept } from "../support/sweeping";

const fixture = "llama";
/** Weighted unevenly, as a text that stands in several pairs is. */
const background = [0.4, 0.3, 0.2, 0.1];
const pairs = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].map((b): [number, number] => [a, b]));

let model: Model;
let samples: Sample[];
let scores: ScoreCollector;
let products: ProductReducer;

beforeAll(async () => {
  model = await openModel(fixturePath(fixture));
  samples = samplesOf(fixtureReference(fixture), model);
  scores = new ScoreCollector();
  products = new ProductReducer(model.definition, pairs);
  await swept({ model, samples, units: [{ sets: samples.map((_, i) => [i]) }], reducers: [scores, products] });
});

afterAll(async () => {
  await model.close();
});

/** DESIGN's definition, from the scores themselves. */
function contrastOf(layer: number, a: number, b: number): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (const { name } of modulesAt(model, layer)) {
    const all = scores.of(layer, name);
    for (let i = 0; i < all[0].length; i++) {
      const mean = all.reduce((sum, values, sample) => sum + background[sample] * values[i], 0);
      if (mean === 0) continue;
      const [x, y] = [Math.log1p(all[a][i] / mean), Math.log1p(all[b][i] / mean)];
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
  }
  return ab / Math.sqrt(aa * bb);
}

function expectAll(grams: Grams, among: readonly (readonly [number, number])[] = pairs): void {
  for (let layer = 0; layer < model.layers; layer++)
    among.forEach(([a, b]) => {
      const pair = pairs.findIndex(([x, y]) => x === a && y === b);
      const plain = products.layer(layer, modulesAt(model, layer), pair).similarity;
      expect(grams.products("plain", layer, a, b).similarity).toBeCloseTo(plain, 5);
      expect(grams.products("contrast", layer, a, b).similarity).toBeCloseTo(contrastOf(layer, a, b), 5);
    });
}

const batch = (...members: number[]) => ({
  samples: members,
  tokens: Math.max(...members.map((member) => samples[member].ids.length)),
});

const grouped = (groupSize: number, ...members: number[]) => ({ ...batch(...members), groupSize });

describe("products of samples", () => {
  test("are those of their scores, all with all in one batch", async () => {
    const grams = new Grams(background);
    await swept({ model, samples, grams, batches: [batch(0, 1, 2, 3)] });
    expect(grams.needsMean).toBe(false);
    expectAll(grams);
  });

  test.each([true, false])("are the same by groups in several batches, gradients held: %s", async (holdsGradients) => {
    const grams = new Grams(background);
    await swept({
      model,
      samples,
      grams,
      batches: [grouped(2, 2, 0), grouped(2, 1, 3)],
      holdsGradients,
      tileBytes: 4096,
    });
    expect(grams.needsMean).toBe(true);
    expectAll(grams, [
      [0, 2],
      [2, 0],
      [1, 3],
      [1, 1],
    ]);
    expect(() => grams.products("plain", 0, 0, 1)).toThrow("not in one batch");
  });

  test("are the same by groups of one batch", async () => {
    const grams = new Grams(background);
    await swept({ model, samples, grams, batches: [grouped(2, 0, 3, 1, 2)], tileBytes: 4096 });
    expectAll(grams, [
      [0, 3],
      [1, 2],
    ]);
    expect(() => grams.products("plain", 0, 0, 1)).toThrow("not in one group");
  });

  test("without a background have no contrast", async () => {
    const grams = new Grams(undefined);
    await swept({ model, samples, grams, batches: [batch(0, 1, 2, 3)] });
    expect(grams.products("plain", 0, 0, 0).similarity).toBeCloseTo(1, 6);
    expect(() => grams.products("contrast", 0, 0, 1)).toThrow("has not been swept");
  });

  test("need whole groups", () => {
    expect(() => {
      new Grams(undefined).begin([{ samples: [0, 1, 2], tokens: 1, groupSize: 2 }]);
    }).toThrow("3 samples are no whole groups of 2");
  });
});

/** Keeps the scores of every sample: what the engine never does. */
class ScoreCollector implements Reducer {
  readonly #matrices = new Map<string, Float32Array[]>();

  tile({ layer, module, from, scores: tile }: Tile): void {
    const key = `${layer}/${module.name}`;
    let kept = this.#matrices.get(key);
    if (kept === undefined) this.#matrices.set(key, (kept = tile.map(() => new Float32Array(module.out * module.in))));
    tile.forEach((values, set) => kept[set].set(values, from * module.in));
  }

  of(layer: number, module: string): readonly Float32Array[] {
    return this.#matrices.get(`${layer}/${module}`) ?? [];
  }
}
