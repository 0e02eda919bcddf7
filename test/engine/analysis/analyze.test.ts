import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyze } from "../../../src/engine/analysis/analyze";
import type { AnalyzeRequest, AnalyzeResult } from "../../../src/engine/api";
import type { AnalysisDocument } from "../../../src/engine/document/document";
import { parseDocument } from "../../../src/kinds/parse-document";
import { openModel, type Model } from "../../../src/engine/model/model";
import type { Sample } from "../../../src/engine/text/sample";
import { failureOf } from "../support/errors";
import { ModelCopy } from "../support/model-copy";
import { fixturePath, fixtureReference } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { sampleOf, samplesOf, setOf } from "../support/samples";
import { maxLogit } from "../support/sweeping";

let model: Model;
let samples: Sample[];
let document: AnalysisDocument;

const share = 0.1;
const total = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);

beforeAll(async () => {
  model = await openModel(fixturePath("gpt_neox"));
  samples = samplesOf(fixtureReference("gpt_neox"), model);
  ({ document } = await analyzed());
});

afterAll(async () => {
  await model.close();
});

function analyzed(changes: Partial<AnalyzeRequest> = {}): Promise<AnalyzeResult> {
  const threshold = { mode: "share", share } as const;
  return resultOf(analyze({ model, set: setOf(samples), threshold, target: maxLogit, threads: 1, ...changes }));
}

/** What a run says of the weights: all of it but when and how it ran. */
const figures = ({ layers, samples: described, threshold }: AnalysisDocument) => ({ layers, described, threshold });

describe("an analysis", () => {
  test("passes as a saved document", async () => {
    expect(await parseDocument(JSON.stringify(document), "saved")).toEqual(document);
  });

  test("says of which model and texts it is", () => {
    expect(document.model).toMatchObject({
      name: "gpt_neox",
      architecture: "gpt_neox",
      layers: 6,
      scored: 294912,
      path: fixturePath("gpt_neox"),
    });
    expect(document.model.hash).toMatch(/^sha256-2:[0-9a-f]{64}$/);
    expect(document.run).toMatchObject({ runtime: "onnx", threads: 1, windowsSkipped: 0, notes: [] });
    expect(document.samples.map(({ text }) => text)).toEqual(fixtureReference("gpt_neox").texts);
  });

  test("adds up: parts to matrices, matrices to layers, layers to the share asked for", () => {
    for (const layer of document.layers) {
      for (const key of ["parameters", "active"] as const)
        expect(total(layer.modules.map((module) => module[key]))).toBe(layer[key]);
      expect(total(layer.modules.map(({ sum }) => sum))).toBeCloseTo(layer.sum, 6);
      expect(Math.hypot(...layer.modules.map(({ l2 }) => l2))).toBeCloseTo(layer.l2, 8);
      expect(Math.max(...layer.modules.map(({ max }) => max))).toBe(layer.max);
      expect(layer.density).toBe(layer.active / layer.parameters);
      for (const { parts, ...module } of layer.modules) {
        if (parts.length === 0) continue;
        expect(parts.map(({ name }) => name)).toEqual(["q", "k", "v"]);
        for (const key of ["parameters", "active"] as const)
          expect(total(parts.map((part) => part[key]))).toBe(module[key]);
        expect(total(parts.map(({ sum }) => sum))).toBeCloseTo(module.sum, 6);
        expect(Math.hypot(...parts.map(({ l2 }) => l2))).toBeCloseTo(module.l2, 8);
      }
    }
    const active = total(document.layers.map((layer) => layer.active));
    expect(Math.abs(active / document.model.scored - share)).toBeLessThan(1e-3);
    expect(document.threshold).toMatchObject({ mode: "share", share });
  });

  test("holds of every matrix a histogram, profiles, heads and the strongest parameters", () => {
    for (const { modules } of document.layers)
      for (const { name, shape, parameters, sum, max, zeros, histogram, rows, columns, heads, top } of modules) {
        expect(parameters).toBe(shape[0] * shape[1]);
        expect(total(histogram.counts)).toBe(parameters);
        expect(histogram.binsPerOctave).toBe(16);
        expect(zeros).toBeLessThan(parameters);
        expect(rows).toHaveLength(Math.min(256, shape[0]));
        expect(columns).toHaveLength(Math.min(256, shape[1]));
        expect(total(rows) / sum).toBeCloseTo(1, 6);
        expect(total(columns) / sum).toBeCloseTo(1, 6);
        expect(top).toHaveLength(10);
        expect(top[0].value).toBe(max);
        for (const parameter of top)
          expect(Object.keys(parameter).sort()).toEqual(["column", "row", "value", "weight"]);
        if (name.startsWith("attention")) expect(total(heads.map((head) => head.sum)) / sum).toBeCloseTo(1, 6);
        else expect(heads).toEqual([]);
      }
  });

  test("names the rows of the parts of a fused matrix, which interleave by heads", () => {
    const fused = document.layers[0].modules.find(({ name }) => name === "attention.query_key_value");
    expect(fused?.parts.map(({ rows }) => rows)).toEqual(
      [0, 1, 2].map((part) => [0, 1, 2, 3].map((head) => [48 * head + 16 * part, 48 * head + 16 * part + 16])),
    );
  });

  test("has the strongest parameters with their weights", async () => {
    const { name, shape, top } = document.layers[2].modules[1];
    const weights = new Float32Array(shape[0] * shape[1]);
    await model.checkpoint.read(`gpt_neox.layers.2.${name}.weight`, weights, 0, shape[0]);
    for (const { row, column, weight } of top) expect(weight).toBe(weights[row * shape[1] + column]);
  });

  test("has the density of every layer in each of several texts, as an analysis of that text alone has it", async () => {
    expect(document.textDensities).toHaveLength(samples.length);
    for (const [i, sample] of samples.entries()) {
      const alone = await analyzed({ set: setOf([sample]) });
      expect(alone.document.textDensities).toBeUndefined();
      alone.document.layers.forEach(({ density }, layer) => {
        // of 256 of each matrix' weights
        expect(Math.abs((document.textDensities?.[i][layer] ?? NaN) - density)).toBeLessThan(0.03);
      });
    }
  });

  test("has a frequency only where it is asked for", async () => {
    expect((await analyzed()).frequency).toBeUndefined();
    const { frequency, document: same } = await analyzed({ frequency: true });
    expect(frequency).toMatchObject({ format: "paramscope.frequency", samples: 4, share, target: "max-logit" });
    expect(await parseDocument(JSON.stringify(frequency), "saved")).toEqual(frequency);
    expect(same.threshold.tau / document.threshold.tau).toBeCloseTo(1, 5);
  });

  test("of one text is that text's", async () => {
    const { document: one } = await analyzed({ set: setOf(samples.slice(1, 2)) });
    const expected = fixtureReference("gpt_neox").samples[1];
    expect(one.samples[0].targetToken?.id).toBe(expected.targetToken);
    one.layers.forEach(({ modules }, layer) => {
      for (const { name, sum } of modules) expect(sum / expected.layers[layer][name].sum).toBeCloseTo(1, 4);
    });
  });
});

describe("the threshold", () => {
  test("can be absolute: what is active then follows from it", async () => {
    const { tau } = document.threshold;
    const { document: absolute } = await analyzed({ threshold: { mode: "absolute", tau } });
    expect(absolute.threshold).toMatchObject({ mode: "absolute", tau });
    expect(absolute.threshold.share).toBeCloseTo(share, 3);
    expect(absolute.layers.map(({ active }) => active)).toEqual(document.layers.map(({ active }) => active));
  });

  test("of 0 activates all that is above 0, and a huge one nothing", async () => {
    const { document: everything } = await analyzed({ threshold: { mode: "absolute", tau: 0 } });
    for (const { modules } of everything.layers)
      for (const { active, parameters, zeros } of modules) expect(active).toBe(parameters - zeros);
    const { document: nothing } = await analyzed({ threshold: { mode: "absolute", tau: 1e10 } });
    expect(nothing.threshold.share).toBe(0);
    expect(nothing.layers.every(({ active, density }) => active === 0 && density === 0)).toBe(true);
  });

  test("of a smaller share is larger", async () => {
    const { document: less } = await analyzed({ threshold: { mode: "share", share: 0.01 } });
    expect(less.threshold.tau).toBeGreaterThan(document.threshold.tau);
    const active = total(less.layers.map((layer) => layer.active));
    expect(Math.abs(active / less.model.scored - 0.01)).toBeLessThan(2e-4);
  });
});

describe("memory", () => {
  const mebibytes = (line: string): number[] => [...line.matchAll(/(\d+) ?MiB/g)].map(([, figure]) => Number(figure));

  test("of less than a mebibyte is named for what it is", async () => {
    expect(await failureOf(() => analyzed({ memory: 1000 }))).toContain("and it may use 1 kB.");
  });

  test("below the least is refused with the figure that would do, and the figure does", async () => {
    const line = await failureOf(() => analyzed({ memory: 2 ** 20 }));
    expect(line).toMatch(
      /^This run needs at least (\d+) MiB, and it may use 1 MiB\. Allow it \1 MiB, or a smaller window\.$/,
    );
    const [least] = mebibytes(line);
    const { document: small } = await analyzed({ memory: least * 2 ** 20 });
    const [one, other] = [figures(small), figures(document)];
    expect(one.threshold.tau / other.threshold.tau).toBeCloseTo(1, 5);
    one.layers.forEach(({ sum, l2, max, active }, layer) => {
      const expected = other.layers[layer];
      expect(sum / expected.sum).toBeCloseTo(1, 5);
      expect(l2 / expected.l2).toBeCloseTo(1, 5);
      expect(max / expected.max).toBeCloseTo(1, 5);
      expect(Math.abs(active - expected.active)).toBeLessThanOrEqual(2);
    });
    expect(mebibytes(await failureOf(() => analyzed({ memory: (least - 1) * 2 ** 20 })))).toEqual([
      least,
      least - 1,
      least,
    ]);
  });
});

describe("a run that cannot be made says why in one line", () => {
  const one = sampleOf([5], "word.txt");
  const three = sampleOf([5, 6, 7], "story.txt");

  test.each<[string, Partial<AnalyzeRequest>, string]>([
    [
      "the loss of one token",
      { set: setOf([three, one]), target: { kind: "loss" } },
      "word.txt is one token, and the target 'loss' needs at least two: each is predicted from those before it. Give a longer text, or take the target spread.",
    ],
    [
      "the next token of one token",
      { set: setOf([one]), target: { kind: "next-token", position: 1 } },
      "word.txt has 1 token, and the target next-token:1 predicts token 2. Give a longer text, or take the target spread.",
    ],
    [
      "a token behind the end",
      { set: setOf([three]), target: { kind: "next-token", position: 3 } },
      "story.txt has 3 tokens, and the target next-token:3 predicts token 4. Use next-token:1 to next-token:2.",
    ],
    [
      "an id beyond the vocabulary",
      { set: setOf([sampleOf([5, 512], "story.txt")]) },
      "story.txt: the tokenizer gives the id 512, and the model's vocabulary has 512. The tokenizer and the weights are of different models: get both from one place.",
    ],
    [
      "a negative id",
      { set: setOf([sampleOf([-1], "story.txt")]) },
      "story.txt: the tokenizer gives the id -1, and the model's vocabulary has 512. The tokenizer and the weights are of different models: get both from one place.",
    ],
  ])("%s", async (_, changes, line) => {
    expect(await failureOf(() => analyzed(changes))).toBe(line);
  });

  test("one token is enough for the largest logit", async () => {
    const { document: ofOne } = await analyzed({ set: setOf([one]) });
    expect(ofOne.samples[0].tokens).toHaveLength(1);
    // its attention has nothing to choose from: queries and keys have no part in the result
    const fused = ofOne.layers[0].modules[0];
    expect(fused.parts.map(({ name, max }) => [name, max > 0])).toEqual([
      ["q", false],
      ["k", false],
      ["v", true],
    ]);
  });

  test.each<[string, string, number]>([
    ["a NaN among the weights of a block", "gpt_neox.layers.3.mlp.dense_h_to_4h.weight", NaN],
    ["an infinite bias", "gpt_neox.layers.1.attention.dense.bias", Infinity],
    ["a NaN in the final norm", "gpt_neox.final_layer_norm.weight", NaN],
    ["a NaN in the head", "embed_out.weight", NaN],
  ])("%s, by its tensor's name", async (_, name, value) => {
    const copy = await ModelCopy.of("gpt_neox", {
      tensors: (all) => {
        const bytes = all.get(name)?.bytes;
        if (bytes === undefined) throw new Error(`the fixture lacks ${name}`);
        new DataView(bytes.buffer, bytes.byteOffset).setFloat32(8, value, true);
      },
    });
    const damaged = await openModel(copy.path);
    try {
      const line = (await failureOf(() => analyzed({ model: damaged }))).replace(copy.path, "MODEL");
      expect(line).toBe(
        `MODEL/model.safetensors: the tensor ${name} holds NaN or infinite values. ` +
          "The file is damaged, or training diverged: download or convert the model again.",
      );
    } finally {
      await damaged.close();
      await copy.remove();
    }
  });
});
