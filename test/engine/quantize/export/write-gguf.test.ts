import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GgufCheckpoint } from "../../../../src/engine/model/formats/gguf-checkpoint";
import { openModel, type Model } from "../../../../src/engine/model/model";
import type { FormatName } from "../../../../src/engine/quantize/formats";
import type { GgufPlan } from "../../../../src/engine/quantize/export/plan";
import { checkGgufOutput, planGguf, writeGguf } from "../../../../src/engine/quantize/export/write-gguf";
import { llamaMixture } from "../../../../src/engine/quantize/llama-mixture";
import { storedTensors, type StoredTensor } from "../../support/stored-tensors";
import { convertToGguf } from "../../support/convert-to-gguf";
import { logitsOf, logSoftmax } from "../../support/forward";
import { GgufCopy } from "../../support/gguf-copy";
import { llamaCpp, mixedByLlamaCpp, probabilitiesByLlamaCpp } from "../../support/llama-cpp";
import { fixturePath } from "../../support/reference";

let folder = "";
let model: Model | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "paramscope-gguf-"));
});
afterEach(async () => {
  await model?.close();
  model = undefined;
  rmSync(folder, { recursive: true });
});

async function planOf(path: string): Promise<GgufPlan> {
  model = await openModel(path);
  return planGguf(model);
}

/** A fixture as a GGUF file. */
async function ggufOf(fixture: string): Promise<string> {
  const path = join(folder, "source.gguf");
  writeFileSync(path, (await convertToGguf(fixture)).file);
  return path;
}

async function entriesOf(path: string): Promise<Record<string, unknown>> {
  const checkpoint = await GgufCheckpoint.open(path);
  const [{ header }] = checkpoint.stored;
  await checkpoint.close();
  return Object.fromEntries(header.metadata);
}

describe("a GGUF file", () => {
  test("comes out as it is, where nobody chooses", async () => {
    const source = await ggufOf("llama");
    const output = join(folder, "out.gguf");
    const size = await writeGguf(output, await planOf(source), { formatOf: () => undefined });
    expect(readFileSync(output).length).toBe(size);
    expect(await storedTensors(output)).toEqual(await storedTensors(source));
    expect(await entriesOf(output)).toEqual({
      ...(await entriesOf(source)),
      "general.file_type": 0,
      "general.quantization_version": 2,
    });
  });

  test("has the formats that are chosen, its rows where they were", async () => {
    const source = await ggufOf("llama");
    const output = join(folder, "out.gguf");
    const asked: string[] = [];
    await writeGguf(output, await planOf(source), {
      formatOf: ({ name, from }) => {
        asked.push(...from);
        return name.includes("attn_q") ? "Q8_0" : name.includes("ffn_down") ? "Q5_1" : undefined;
      },
    });
    // norms are not asked about
    expect(asked.filter((name) => name.includes("layers.0"))).toEqual([
      "model.layers.0.mlp.down_proj.weight",
      "model.layers.0.mlp.gate_proj.weight",
      "model.layers.0.mlp.up_proj.weight",
      "model.layers.0.self_attn.k_proj.weight",
      "model.layers.0.self_attn.o_proj.weight",
      "model.layers.0.self_attn.q_proj.weight",
      "model.layers.0.self_attn.v_proj.weight",
    ]);
    const [before, after] = [await storedTensors(source), await storedTensors(output)];
    const changed = Object.keys(before).filter((name) => before[name].checksum !== after[name].checksum);
    expect(new Set(changed.map((name) => name.replace(/\d+/, "*")))).toEqual(
      new Set(["blk.*.attn_q.weight", "blk.*.ffn_down.weight"]),
    );
    // rows of queries are elsewhere in the file, and still are where they were
    const written = await GgufCheckpoint.open(output);
    const [own, theirs] = await Promise.all(
      [written, model!.checkpoint].map(async (one) => {
        const values = new Float32Array(64 * 64);
        await one.read("model.layers.0.self_attn.q_proj.weight", values);
        return values;
      }),
    );
    await written.close();
    const most = Math.max(...theirs.map(Math.abs));
    expect(Math.max(...own.map((value, i) => Math.abs(value - theirs[i])))).toBeLessThan(most / 127);
  });

  test("of several parts becomes one", async () => {
    const source = await ggufOf("llama");
    const copy = await GgufCopy.of(source);
    const half = Math.floor(copy.tensors.length / 2);
    const parts = [copy.tensors.slice(0, half), copy.tensors.slice(half)];
    parts.forEach((tensors, number) => {
      writeFileSync(join(folder, `m-0000${number + 1}-of-00002.gguf`), copy.file(tensors, { number, count: 2 }));
    });
    const output = join(folder, "out.gguf");
    await writeGguf(output, await planOf(join(folder, "m-00001-of-00002.gguf")), { formatOf: () => undefined });
    expect(await storedTensors(output)).toEqual(await storedTensors(source));
    expect(Object.keys(await entriesOf(output)).filter((key) => key.startsWith("split."))).toEqual([]);
  });
});

describe("importance", () => {
  test("of all experts is each one's", async () => {
    const plan = await planOf(fixturePath("mixtral"));
    const experts = plan.tensors.find(({ name }) => name === "blk.0.ffn_up_exps.weight")!;
    expect(experts.inputs).toEqual(
      [0, 1, 2, 3].map((expert) => `model.layers.0.block_sparse_moe.experts.${expert}.w3`),
    );
    const write = async (name: string, importance: readonly number[]): Promise<Record<string, StoredTensor>> => {
      const path = join(folder, name);
      await writeGguf(path, plan, {
        formatOf: ({ name: one }) => (one === experts.name ? "Q4_0" : undefined),
        importanceOf: ({ name: one }) =>
          one === experts.name
            ? Float32Array.from({ length: 4 * 64 }, (_, i) => (i % 64 < 8 ? importance[Math.floor(i / 64)] : 1))
            : undefined,
      });
      return storedTensors(path);
    };
    const [even, first, last] = [
      await write("a.gguf", [1, 1, 1, 1]),
      await write("b.gguf", [50, 1, 1, 1]),
      await write("c.gguf", [1, 1, 1, 50]),
    ].map((tensors) => tensors[experts.name].checksum);
    expect(new Set([even, first, last]).size).toBe(3);
  });
});

describe("what cannot be written leaves nothing", () => {
  const unchanged = (): string[] => readdirSync(folder).sort();

  test("stopped", async () => {
    const plan = await planOf("models/demo");
    const controller = new AbortController();
    const progress: number[] = [];
    const writing = writeGguf(join(folder, "out.gguf"), plan, {
      formatOf: () => "Q8_0",
      signal: controller.signal,
      onProgress: (written, of) => {
        progress.push(written / of);
        if (written > of / 2) controller.abort(new Error("stopped"));
      },
    });
    await expect(writing).rejects.toThrow("stopped");
    expect(progress.length).toBeGreaterThan(5);
    expect(unchanged()).toEqual([]);
  });

  test("a disk that is full: what was there stays", async () => {
    const output = join(folder, "out.gguf");
    writeFileSync(output, "earlier");
    const plan = await planOf(fixturePath("llama"));
    const [first, ...others] = plan.tensors;
    const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
    const failing = { ...plan, tensors: [...others, { ...first, read: () => Promise.reject(full) }] };
    await expect(writeGguf(output, failing, { formatOf: () => "F32" })).rejects.toThrow(
      `The disk is full: ${output} was not written.`,
    );
    expect(unchanged()).toEqual(["out.gguf"]);
    expect(readFileSync(output, "utf8")).toBe("earlier");
  });

  test("a folder that is not there", async () => {
    await expect(checkGgufOutput(join(folder, "no/out.gguf"), ["models/demo"], false)).rejects.toThrow(
      /does not exist/,
    );
  });

  test("the model itself, by whatever name, is never replaced; another file is where that is asked for", async () => {
    const source = await ggufOf("llama");
    linkSync(source, join(folder, "same.gguf"));
    for (const name of [source, join(folder, "same.gguf")])
      for (const force of [false, true])
        await expect(checkGgufOutput(name, [source], force)).rejects.toThrow(`${name} is the model that is read`);
    const other = join(folder, "other.gguf");
    await checkGgufOutput(other, [source], false);
    writeFileSync(other, "earlier");
    await expect(checkGgufOutput(other, [source], false)).rejects.toThrow(`${other} is there already.`);
    await checkGgufOutput(other, [source], true);
    await expect(checkGgufOutput(folder, [source], true)).rejects.toThrow("is no file");
  });
});

describe.each(["gptj", "opt", "helium", "qwen3_moe"])("%s", (fixture) => {
  test("is refused by name, with what can be done", async () => {
    await expect(planOf(fixturePath(fixture))).rejects.toMatchObject({
      message: expect.stringContaining(fixture) as string,
      remedy: "Convert it with llama.cpp's convert_hf_to_gguf.py, and give the file that it writes.",
    });
  });
});

/** `enum llama_ftype`. */
const [Q4_K_M, Q5_0] = [15, 8];

describe.skipIf(llamaCpp === undefined)("the bundled model, by llama.cpp", () => {
  test("quantised by Q4_K_M's rules it is what llama.cpp makes of it", async () => {
    const plan = await planOf("models/demo");
    const [dense, output] = [join(folder, "dense.gguf"), join(folder, "out.gguf")];
    await writeGguf(dense, plan, { formatOf: () => "F32" });
    const formats = llamaMixture(
      "Q4_K_M",
      { architecture: "llama", layers: 12, heads: 6, keyValueHeads: 2, experts: 0 },
      plan.tensors.map(({ name, dimensions }) => ({ name, shape: dimensions })),
    );
    await writeGguf(output, plan, { formatOf: ({ name }) => formats.get(name) });
    const [[theirs]] = mixedByLlamaCpp(llamaCpp!, [{ file: readFileSync(dense), fileTypes: [Q4_K_M] }]);
    expect(await storedTensors(output)).toEqual(theirs);
    // its rows divide by 32 alone: most weights are in what stands for Q4_K
    expect((await entriesOf(output))["general.file_type"]).toBe(Q5_0);
  });

  // llama.cpp rounds what enters a matrix to what the matrix is stored in
  test.each<[FormatName, number]>([
    ["F32", 2e-3],
    ["F16", 1e-2],
    ["BF16", 5e-2],
  ])("predicts in %s what we predict", async (format, near) => {
    const output = join(folder, "out.gguf");
    await writeGguf(output, await planOf("models/demo"), { formatOf: () => format });
    const ids = model!.tokenizer.encode("The river ran past the old mill, and", { special: true }).ids;
    const { models } = probabilitiesByLlamaCpp(llamaCpp!, [{ model: output, ids: [ids] }]);
    const written = await openModel(output);
    const own = logSoftmax((await logitsOf(written, ids)).at(-1)!);
    await written.close();
    const [theirs] = models[0] as number[][];
    expect(Math.max(...own.map((value, id) => Math.abs(value - theirs[id])))).toBeLessThan(near);
  });
});
