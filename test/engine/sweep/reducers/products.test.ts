import { beforeAll, describe, expect, test } from "vitest";
import type { Architecture, HeadLayout } from "../../../../src/engine/model/architectures/architecture";
import type { ScoredModule } from "../../../../src/engine/model/model";
import { ProductReducer, type Products } from "../../../../src/engine/sweep/reducers/products";
import { definitionOf, hand, moduleNamed, randomScores } from "../../support/tiles";

interface Expected {
  ab: number;
  aa: number;
  bb: number;
}

/** Over the parameters that `wanted` picks. */
function products(
  a: Float32Array,
  b: Float32Array,
  width: number,
  wanted: (row: number, column: number) => boolean = () => true,
): Expected {
  const sums = { ab: 0, aa: 0, bb: 0 };
  a.forEach((value, i) => {
    if (!wanted(Math.floor(i / width), i % width)) return;
    sums.ab += value * b[i];
    sums.aa += value * value;
    sums.bb += b[i] * b[i];
  });
  return sums;
}

function expectProducts({ ab, aa, bb, similarity }: Products, expected: Expected): void {
  expect(ab).toBeCloseTo(expected.ab, 8);
  expect(aa).toBeCloseTo(expected.aa, 8);
  expect(bb).toBeCloseTo(expected.bb, 8);
  expect(similarity).toBeCloseTo(expected.ab / Math.sqrt(expected.aa * expected.bb), 10);
}

/** The rows or columns of a head, written out. */
function linesOf({ size, parts }: HeadLayout): Set<number>[] {
  return parts.flatMap(({ from, stride, count }) =>
    Array.from(
      { length: count },
      (_, head) => new Set(Array.from({ length: size }, (__, i) => from + head * stride + i)),
    ),
  );
}

describe.each([
  ["llama", ["self_attn.q_proj", "self_attn.k_proj", "self_attn.o_proj"]],
  ["gpt2", ["attn.c_attn", "attn.c_proj"]],
  ["gpt_neox", ["attention.query_key_value", "attention.dense"]],
  ["phi3", ["self_attn.qkv_proj", "self_attn.o_proj"]],
])("products in %s", (fixture, names) => {
  let architecture: Architecture;
  let modules: readonly ScoredModule[];

  beforeAll(async () => {
    ({ architecture, modules } = await definitionOf(fixture));
  });

  test.each(names)("of the heads of %s are those of their rows or columns, and add up to the whole", (name) => {
    const module = moduleNamed(modules, name);
    const layout = architecture.block.heads[name];
    const reducer = new ProductReducer(architecture, [[0, 1]]);
    const [a, b] = [1, 2].map((seed) => randomScores(seed, module));
    // a height that splits heads
    hand(reducer, { module, scores: [a, b] }, 7);
    const { total, heads } = reducer.module(0, name);
    expectProducts(total, products(a, b, module.in));

    const lines = linesOf(layout);
    expect(heads).toHaveLength(lines.length);
    heads.forEach(({ products: ofHead }, head) => {
      const wanted = (row: number, column: number): boolean => lines[head].has(layout.axis === "rows" ? row : column);
      expectProducts(ofHead, products(a, b, module.in, wanted));
    });
    const sum = heads.reduce((all, head) => all + head.products.ab, 0);
    expect(sum).toBeCloseTo(total.ab, 8);
    const names = heads.map(({ part, head }) => `${part ?? ""}${head}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test("of matrices without heads have none", () => {
    const module = modules.find(({ name: candidate }) => architecture.block.heads[candidate] === undefined);
    if (module === undefined) throw new Error("every matrix has heads");
    const reducer = new ProductReducer(architecture, [[0, 1]]);
    hand(reducer, { module, scores: [1, 2].map((seed) => randomScores(seed, module)) });
    expect(reducer.module(0, module.name).heads).toEqual([]);
  });

  test("of a layer are those of its matrices together", () => {
    const reducer = new ProductReducer(architecture, [
      [0, 1],
      [1, 2],
    ]);
    const expected = { ab: 0, aa: 0, bb: 0 };
    modules.forEach((module, m) => {
      const scores = [0, 1, 2].map((set) => randomScores(1 + 3 * m + set, module));
      hand(reducer, { layer: 4, module, unit: 1, scores });
      const own = products(scores[1], scores[2], module.in);
      for (const key of ["ab", "aa", "bb"] as const) expected[key] += own[key];
    });
    expectProducts(reducer.layer(4, modules, 1, 1), expected);
  });
});

describe("similarity", () => {
  const module = { name: "w", out: 2, in: 3 };

  async function similarityOf(a: Float32Array, b: Float32Array): Promise<number> {
    const { architecture } = await definitionOf("llama");
    const reducer = new ProductReducer(architecture, [[0, 1]]);
    hand(reducer, { module, scores: [a, b] });
    return reducer.module(0, "w").total.similarity;
  }

  test("is 1 with itself and with its multiples", async () => {
    const a = Float32Array.of(1, 2, 0, 4, 0.5, 3);
    expect(await similarityOf(a, a)).toBeCloseTo(1, 12);
    expect(
      await similarityOf(
        a,
        a.map((value) => 4 * value),
      ),
    ).toBeCloseTo(1, 12);
  });

  test("is 0 where nothing is shared, and where one side is all zero", async () => {
    expect(await similarityOf(Float32Array.of(1, 0, 2, 0, 0, 0), Float32Array.of(0, 3, 0, 0, 0, 1))).toBe(0);
    expect(await similarityOf(new Float32Array(6), Float32Array.of(1, 2, 3, 4, 5, 6))).toBe(0);
  });

  test("of a layer that has not been swept is an error", async () => {
    const { architecture, modules } = await definitionOf("llama");
    expect(() => new ProductReducer(architecture, [[0, 1]]).layer(2, modules)).toThrow("layer 2 has not been swept");
  });
});
