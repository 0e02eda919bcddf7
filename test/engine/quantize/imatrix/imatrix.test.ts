import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openModel, type Model } from "../../../../src/engine/model/model";
import { planGguf, writeGguf } from "../../../../src/engine/quantize/export/write-gguf";
import { collectImatrix, type CollectedImatrix } from "../../../../src/engine/quantize/imatrix/collect";
import { meanSquares, type Imatrix } from "../../../../src/engine/quantize/imatrix/imatrix";
import { mergeImatrices } from "../../../../src/engine/quantize/imatrix/merge";
import { importanceOfModel } from "../../../../src/engine/quantize/imatrix/of-model";
import { readImatrix } from "../../../../src/engine/quantize/imatrix/read";
import { layerStatistics, tensorStatistics } from "../../../../src/engine/quantize/imatrix/statistics";
import { writeImatrix } from "../../../../src/engine/quantize/imatrix/write";
import { llamaMixture } from "../../../../src/engine/quantize/llama-mixture";
import type { Sample } from "../../../../src/engine/text/sample";
import { formSamples } from "../../../../src/engine/text/form-samples";
import { storedTensors } from "../../support/stored-tensors";
import { convertToGguf } from "../../support/convert-to-gguf";
import { llamaCpp, mixedByLlamaCpp } from "../../support/llama-cpp";
import { findPyTorch, inputSquaresInPyTorch } from "../../support/pytorch";
import { fixturePath } from "../../support/reference";

let folder = "";
let models: Model[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "paramscope-imatrix-"));
});
afterEach(async () => {
  await Promise.all(models.map((model) => model.close()));
  models = [];
  rmSync(folder, { recursive: true });
});

async function opened(path: string): Promise<Model> {
  const model = await openModel(path);
  models.push(model);
  return model;
}

const TEXTS = [
  "The old bridge was built of stone, and the river under it had been there before.",
  "A small boat came round the bend. Nobody was at the oars.",
];

async function collected(model: Model, texts: readonly string[] = TEXTS): Promise<CollectedImatrix> {
  const { samples } = formSamples(
    texts.map((text, i) => ({ source: `text ${i}`, text })),
    model.tokenizer,
    { window: 32, maxSamples: 100, context: model.context },
  );
  return lastOf(collectImatrix({ model, samples, datasets: ["notes"], chunkSize: 32, threads: 1 }));
}

async function lastOf(run: ReturnType<typeof collectImatrix>): Promise<CollectedImatrix> {
  for await (const event of run) if (event.type === "done") return event.result;
  throw new Error("the run has no end");
}

function sampleOf({ tokenizer, context }: Model, text: string): Sample {
  const { samples } = formSamples([{ source: "text", text }], tokenizer, { window: 512, maxSamples: 1, context });
  return samples[0];
}

const sumOf = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);

/** Two tensors of two columns. */
function small(changes: Partial<Imatrix> = {}): Imatrix {
  return {
    entries: new Map([
      ["blk.0.attn_q.weight", { sums: Float64Array.of(8, 0), counts: Float64Array.of(4) }],
      ["blk.1.attn_q.weight", { sums: Float64Array.of(4, 4), counts: Float64Array.of(4) }],
      ["blk.1.ffn_up_exps.weight", { sums: Float64Array.of(2, 4, 0, 0), counts: Float64Array.of(2, 0) }],
    ]),
    datasets: ["a.txt"],
    chunkSize: 2,
    ...changes,
  };
}

describe("what enters matrices", () => {
  test("of the first layer is what norms make of embeddings", async () => {
    const model = await opened(fixturePath("llama"));
    const { imatrix } = await collected(model);
    const { hiddenSize, vocabularySize, tokenizer } = model;
    const embeddings = new Float32Array(vocabularySize * hiddenSize);
    await model.checkpoint.read("model.embed_tokens.weight", embeddings);
    const norm = new Float32Array(hiddenSize);
    await model.checkpoint.read("model.layers.0.input_layernorm.weight", norm);
    const sums = new Float64Array(hiddenSize);
    let tokens = 0;
    const { samples } = formSamples(
      TEXTS.map((text, i) => ({ source: `text ${i}`, text })),
      tokenizer,
      { window: 32, maxSamples: 100, context: model.context },
    );
    for (const id of samples.flatMap(({ ids }) => [...ids])) {
      const row = embeddings.subarray(id * hiddenSize, (id + 1) * hiddenSize);
      const scale = Math.sqrt(sumOf(row.map((value) => value ** 2)) / hiddenSize + 1e-6);
      row.forEach((value, column) => (sums[column] += ((value / scale) * norm[column]) ** 2));
      tokens++;
    }
    for (const name of ["attn_q", "attn_k", "attn_v"]) {
      const entry = imatrix.entries.get(`blk.0.${name}.weight`)!;
      expect([...entry.counts]).toEqual([tokens]);
      entry.sums.forEach((sum, column) => {
        expect(sum).toBeCloseTo(sums[column], 3);
      });
    }
    const names = [...imatrix.entries.keys()].filter((name) => name.startsWith("blk.3."));
    expect(names.sort()).toEqual(
      ["attn_k", "attn_output", "attn_q", "attn_v", "ffn_down", "ffn_gate", "ffn_up"].map(
        (name) => `blk.3.${name}.weight`,
      ),
    );
  });

  test("of experts are the tokens that are routed to them", async () => {
    const model = await opened(fixturePath("mixtral"));
    const { imatrix, notes } = await collected(model);
    const tokens = imatrix.entries.get("blk.0.attn_q.weight")!.counts[0];
    for (const name of ["ffn_gate_exps", "ffn_up_exps", "ffn_down_exps"]) {
      const { counts, sums } = imatrix.entries.get(`blk.2.${name}.weight`)!;
      expect(counts.length).toBe(4);
      // two of four experts for each token
      expect(sumOf(counts)).toBe(2 * tokens);
      expect(sums.length / 4).toBe(name === "ffn_down_exps" ? 96 : 64);
    }
    expect(notes).toEqual([]);
    // of one token two experts hear nothing, in each of four layers
    const { notes: ofOne } = await collected(model, ["a"]);
    expect(ofOne.join()).toMatch(/^No token of the texts reached [1-8] experts?: whoever quantises by this file/);
  });

  test("is the same of a folder and of its GGUF file, where columns have another order too", async () => {
    for (const fixture of ["llama", "qwen3_5", "gpt_oss", "deepseek_v3", "phi3"]) {
      const path = join(folder, `${fixture}.gguf`);
      writeFileSync(path, (await convertToGguf(fixture)).file);
      const hub = await opened(fixturePath(fixture));
      const [a, b] = [(await collected(hub)).imatrix, (await collected(await opened(path))).imatrix];
      expect([...a.entries.keys()].sort()).toEqual([...b.entries.keys()].sort());
      for (const [name, { sums, counts }] of a.entries) {
        const other = b.entries.get(name)!;
        expect([...other.counts], name).toEqual([...counts]);
        const most = Math.max(...sums);
        expect(Math.max(...sums.map((sum, i) => Math.abs(sum - other.sums[i]))), name).toBeLessThan(1e-4 * most + 1e-9);
      }
    }
  });
});

const python = findPyTorch("importance matrices by PyTorch");

describe.skipIf(python === undefined)("PyTorch", () => {
  // of experts in one tensor PyTorch has no module for each
  const fixtures = ["llama", "gpt2", "gpt_neox", "gemma3", "falcon", "phi3"];

  test("has the same enter the matrices", async () => {
    const hub = await Promise.all(fixtures.map((fixture) => opened(fixturePath(fixture))));
    const ids = hub.map(({ tokenizer }) =>
      TEXTS.map((text) => tokenizer.encode(text, { special: true }).ids.slice(0, 32)),
    );
    const theirs = inputSquaresInPyTorch(
      python!,
      hub.map(({ checkpoint }, i) => ({ model: checkpoint.path, ids: ids[i] })),
    );
    for (const [i, model] of hub.entries()) {
      const samples = ids[i].map((one, text) => ({ ...sampleOf(model, TEXTS[text]), ids: Int32Array.from(one) }));
      const { imatrix } = await lastOf(collectImatrix({ model, samples, datasets: [], chunkSize: 32, threads: 1 }));
      const { tensors } = await planGguf(model);
      let compared = 0;
      for (const { name, inputs } of tensors) {
        const entry = imatrix.entries.get(name);
        if (entry === undefined) continue;
        const { sums, tokens } = theirs[i][inputs[0]];
        expect([...entry.counts], name).toEqual([tokens]);
        const most = Math.max(...sums);
        expect(Math.max(...sums.map((sum, column) => Math.abs(sum - entry.sums[column]))), name).toBeLessThan(
          1e-4 * most,
        );
        compared++;
      }
      expect(compared).toBeGreaterThanOrEqual(4 * model.layers);
    }
  }, 300_000);
});

describe("a file", () => {
  test("holds what was written", async () => {
    const path = join(folder, "i.gguf");
    const size = await writeImatrix(path, small());
    expect(readFileSync(path).length).toBe(size);
    const read = await readImatrix(path);
    expect(read.datasets).toEqual(["a.txt"]);
    expect(read.chunkSize).toBe(2);
    expect([...read.entries]).toEqual([...small().entries]);
  });

  test("of the older kind is read: means times calls, of chunks of 512 tokens", async () => {
    const path = join(folder, "i.dat");
    const int = (value: number): Buffer => {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(value);
      return bytes;
    };
    const name = Buffer.from("blk.0.attn_q.weight");
    const values = Buffer.from(Float32Array.of(6, 3).buffer);
    const source = Buffer.from("wiki.txt");
    const [calls, all] = [int(3), int(3)];
    writeFileSync(
      path,
      Buffer.concat([int(1), int(name.length), name, calls, int(2), values, all, int(source.length), source]),
    );
    const read = await readImatrix(path);
    expect(read.datasets).toEqual(["wiki.txt"]);
    const entry = read.entries.get("blk.0.attn_q.weight")!;
    expect([...entry.counts]).toEqual([1536]);
    expect([...meanSquares(entry)]).toEqual([2, 1]);
  });

  test.each([
    [
      "a text",
      "These are words, and no importance matrix at all.",
      /is no importance matrix: it is neither a GGUF file/,
    ],
    ["nothing", "", /is no importance matrix/],
  ])("that is %s is refused", async (_, content, said) => {
    const path = join(folder, "x");
    writeFileSync(path, content);
    await expect(readImatrix(path)).rejects.toThrow(said);
  });

  test("that is a model is refused, and one that is cut off", async () => {
    const model = join(folder, "model.gguf");
    writeFileSync(model, (await convertToGguf("llama")).file);
    await expect(readImatrix(model)).rejects.toThrow(`${model} is no importance matrix: it is a model (llama).`);
    const path = join(folder, "i.gguf");
    await writeImatrix(path, small());
    writeFileSync(path, readFileSync(path).subarray(0, -40));
    await expect(readImatrix(path)).rejects.toThrow(/is cut off/);
    await expect(readImatrix(join(folder, "none"))).rejects.toThrow(/does not exist/);
  });

  test("whose sums are no numbers is refused", async () => {
    const path = join(folder, "i.gguf");
    const entries = new Map([["a", { sums: Float64Array.of(NaN), counts: Float64Array.of(1) }]]);
    await writeImatrix(path, small({ entries }));
    await expect(readImatrix(path)).rejects.toThrow(/: a has sums or counts that are no numbers, or below 0/);
  });
});

describe("several", () => {
  test("are added up by their tokens", () => {
    const other = small({
      entries: new Map([
        ["blk.0.attn_q.weight", { sums: Float64Array.of(0, 12), counts: Float64Array.of(8) }],
        // one number of tokens for all experts
        ["blk.1.ffn_up_exps.weight", { sums: Float64Array.of(1, 1, 3, 3), counts: Float64Array.of(3) }],
      ]),
      datasets: ["b.txt", "a.txt"],
    });
    const { entries, datasets } = mergeImatrices([
      { name: "one", imatrix: small() },
      { name: "other", imatrix: other },
    ]);
    expect([...meanSquares(entries.get("blk.0.attn_q.weight")!)].map((value) => value.toFixed(4))).toEqual([
      (8 / 12).toFixed(4),
      (12 / 12).toFixed(4),
    ]);
    expect(entries.get("blk.1.attn_q.weight")).toEqual(small().entries.get("blk.1.attn_q.weight"));
    expect(entries.get("blk.1.ffn_up_exps.weight")).toEqual({
      sums: Float64Array.of(3, 5, 3, 3),
      counts: Float64Array.of(5, 3),
    });
    expect(datasets).toEqual(["a.txt", "b.txt"]);
  });

  test("of other sizes are refused", () => {
    const entries = new Map([["blk.0.attn_q.weight", { sums: Float64Array.of(1, 2, 3), counts: Float64Array.of(4) }]]);
    expect(() =>
      mergeImatrices([
        { name: "one", imatrix: small() },
        { name: "other", imatrix: small({ entries }) },
      ]),
    ).toThrow(/^other has 3 columns of blk.0.attn_q.weight, and one has 2: they are of different models.$/);
  });
});

describe("held against a model", () => {
  test("another model's is refused, and what is missing is named", async () => {
    const llama = await opened(fixturePath("llama"));
    const { tensors } = await planGguf(llama);
    const own = (await collected(llama)).imatrix;
    expect(importanceOfModel("own", own, tensors).missing).toEqual([]);
    const without = new Map([...own.entries].filter(([name]) => name !== "blk.2.ffn_up.weight"));
    const some = importanceOfModel("own", { ...own, entries: without }, tensors);
    expect(some.missing).toEqual(["blk.2.ffn_up.weight"]);
    const other = (await collected(await opened(fixturePath("gpt2")))).imatrix;
    expect(() => importanceOfModel("other", other, tensors)).toThrow(
      /^other is of another model: it has 256 columns of blk\.0\.ffn_down\.weight, and the model has 160\.$/,
    );
    expect(() => importanceOfModel("none", small({ entries: new Map() }), tensors)).toThrow(
      /^none is of another model: it has none of this one's tensors, such as /,
    );
  });
});

describe("statistics", () => {
  test("are those of llama.cpp's tool, of mean squares", () => {
    const [first, second, experts] = tensorStatistics(small());
    expect(first).toEqual({
      name: "blk.0.attn_q.weight",
      layer: 0,
      columns: 2,
      total: 2,
      least: 0,
      most: 2,
      mean: 1,
      deviation: Math.SQRT2,
      active: 0.5,
      evenness: 0,
      farOff: 0,
      likeBefore: null,
    });
    expect(second).toMatchObject({ evenness: 1, deviation: 0, active: 1 });
    // [1, 1] beside [2, 0]
    expect(second.likeBefore).toBeCloseTo(Math.SQRT1_2, 12);
    // the expert that no token reached says nothing
    expect(experts).toMatchObject({ columns: 2, total: 3, least: 1, most: 2 });
    const [, layer] = layerStatistics(small());
    expect(layer).toMatchObject({ layer: 1, tensors: 2, columns: 4, total: 5, mean: 1.25 });
    expect(layer.likeBefore).toBeCloseTo(Math.SQRT1_2, 12);
  });
});

describe.skipIf(llamaCpp === undefined)("llama.cpp", () => {
  test("quantises by it, to the bytes that we write", async () => {
    const model = await opened("models/demo");
    const { imatrix } = await collected(model);
    const path = join(folder, "imatrix.gguf");
    await writeImatrix(path, imatrix);
    const read = await readImatrix(path);
    const plan = await planGguf(model);
    const [dense, output] = [join(folder, "dense.gguf"), join(folder, "out.gguf")];
    await writeGguf(dense, plan, { formatOf: () => "F32" });
    const formats = llamaMixture(
      "Q4_K_M",
      { architecture: "llama", layers: 12, heads: 6, keyValueHeads: 2, experts: 0 },
      plan.tensors.map(({ name, dimensions }) => ({ name, shape: dimensions })),
      true,
    );
    const { importanceOf } = importanceOfModel(path, read, plan.tensors);
    await writeGguf(output, plan, { formatOf: ({ name }) => formats.get(name), importanceOf });
    const importance = Object.fromEntries([...read.entries].map(([name, entry]) => [name, [...meanSquares(entry)]]));
    const [[theirs]] = mixedByLlamaCpp(llamaCpp!, [{ file: readFileSync(dense), fileTypes: [15], importance }]);
    expect(await checksumsOf(output)).toEqual(
      Object.fromEntries(Object.entries(theirs ?? {}).map(([name, { checksum }]) => [name, checksum])),
    );
  });
});

async function checksumsOf(path: string): Promise<Record<string, string>> {
  return Object.fromEntries(Object.entries(await storedTensors(path)).map(([name, { checksum }]) => [name, checksum]));
}
