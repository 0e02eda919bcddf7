import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PruneRequest } from "../../../../src/engine/api";
import type { Checkpoint } from "../../../../src/engine/model/checkpoint";
import { modulesAt, openModel, type Model } from "../../../../src/engine/model/model";
import { encodeFloats } from "../../../../src/engine/prune/export/encode-floats";
import { exportModel } from "../../../../src/engine/prune/export/export-model";
import { checkTarget, writeWholeFolder } from "../../../../src/engine/prune/export/whole-folder";
import { prune } from "../../../../src/engine/prune/prune";
import { readTensors, type StoredTensor } from "../../support/model-copy";
import { copyWith, readQuantized } from "../../support/quantized";
import { fixturePath } from "../../support/reference";
import { pruneRequestOf } from "../../support/prune-reference";
import { resultOf } from "../../support/reference-values";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-test-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function pruned(model: Model, changes: Partial<PruneRequest>) {
  return (await resultOf(prune(pruneRequestOf(model, changes)))).document;
}

async function weightsOf(model: Model, name: string): Promise<Float32Array> {
  const size = (model.checkpoint.tensors.get(name)?.shape ?? []).reduce((a, b) => a * b, 1);
  const values = new Float32Array(size);
  await model.checkpoint.read(name, values);
  return values;
}

describe("an exported model", () => {
  test.each([
    ["llama", "wanda"],
    ["gpt2", "wanda"],
    ["mistral", "wanda"],
    ["qwen2", "sparsegpt"],
    ["qwen2", "magnitude"],
    ["llama-linear", "magnitude"],
    ["llama3-rope-tied", "magnitude"],
  ] as const)(
    "%s, pruned by %s, is one that is opened again: with its zeros, and all else as it was",
    async (name, criterion) => {
      const dense = await openModel(fixturePath(name));
      const target = join(folder, "pruned");
      const document = await pruned(dense, { criterion, exportTo: { folder: target, force: false } });
      const again = await openModel(target);
      expect(document.exported?.path).toBe(target);
      expect([...again.checkpoint.tensors.keys()].sort()).toEqual([...dense.checkpoint.tensors.keys()].sort());
      for (const { layer, modules } of document.layers)
        for (const { name: module, zeros, kept } of modules) {
          const values = await weightsOf(again, `${dense.definition.blocks}.${layer}.${module}.weight`);
          expect(values.filter((value) => value === 0)).toHaveLength(zeros);
          expect(values.reduce((sum, value) => sum + Math.abs(value), 0)).toBeCloseTo(kept, 3);
        }
      const matrices = new Set(modulesAt(dense, 0).map((module) => `${module.name}.weight`));
      for (const tensor of dense.checkpoint.tensors.values()) {
        const isMatrix = [...matrices].some((matrix) => tensor.name.endsWith(`.${matrix}`));
        if (!isMatrix) expect(await weightsOf(again, tensor.name)).toEqual(await weightsOf(dense, tensor.name));
        const type = criterion === "sparsegpt" && isMatrix ? "F32" : tensor.type;
        expect(again.checkpoint.tensors.get(tensor.name)?.type).toBe(type);
      }
      expect(again.tokenizer.encode("a text", { special: true })).toEqual(
        dense.tokenizer.encode("a text", { special: true }),
      );
      await again.close();
      await dense.close();
    },
  );

  test.each(["qwen3_5_moe", "qwen3_5_moe-published", "qwen3_5_moe-multimodal-published", "granitemoe", "gpt_oss"])(
    "%s has its experts where it had them: in a tensor of all, or in one of each",
    async (name) => {
      const dense = await openModel(fixturePath(name));
      const target = join(folder, "pruned");
      const exportTo = { folder: target, force: false };
      const document = await pruned(dense, { criterion: "magnitude", calibration: [], exportTo });
      const isSaid = document.run.notes.some((note) => note.includes("reads more than text"));
      expect(isSaid).toBe(name.includes("multimodal"));
      const [before, after] = await Promise.all(
        [fixturePath(name), target].map(async (path) => readTensors(await readFile(join(path, "model.safetensors")))),
      );
      const shapes = (tensors: ReadonlyMap<string, StoredTensor>): string[] =>
        [...tensors]
          // of a model that sees the text model is exported
          .filter(([name]) => !name.startsWith("model.visual."))
          .map(([name, { dtype, shape }]) => `${name} ${dtype} ${shape.join()}`)
          .sort();
      expect(shapes(after)).toEqual(shapes(before));
      const again = await openModel(target);
      for (const { layer, modules } of document.layers)
        for (const { name: module, zeros } of modules) {
          const tensor = `${dense.definition.blocks}.${layer}.${module}.weight`;
          const [old, values] = [await weightsOf(dense, tensor), await weightsOf(again, tensor)];
          expect(values).toEqual(old.map((value, i) => (values[i] === 0 ? 0 : value)));
          expect(values.filter((value) => value === 0)).toHaveLength(zeros);
          if (module.includes("experts")) expect(zeros).toBeGreaterThan(0);
        }
      await again.close();
      await dense.close();
    },
  );

  test("is not written over what is there, but by force over an earlier one", async () => {
    const dense = await openModel(fixturePath("llama"));
    const target = join(folder, "pruned");
    const write = (force: boolean) =>
      pruned(dense, { criterion: "magnitude", calibration: [], exportTo: { folder: target, force } });
    await write(false);
    await expect(write(false)).rejects.toThrow("holds an earlier export");
    await write(true);
    await writeFile(join(target, "notes.txt"), "mine");
    await expect(write(true)).rejects.toThrow("holds notes.txt, which Paramscope did not write");
    expect(await readFile(join(target, "notes.txt"), "utf8")).toBe("mine");
    await mkdir(join(folder, "mine"));
    await writeFile(join(folder, "mine", "config.json"), "{}");
    await expect(
      pruned(dense, {
        criterion: "magnitude",
        calibration: [],
        exportTo: { folder: join(folder, "mine"), force: true },
      }),
    ).rejects.toThrow("holds config.json, which Paramscope did not write");
    await dense.close();
  });

  test("that is cancelled while it is written leaves nothing", async () => {
    const dense = await openModel(fixturePath("llama"));
    const controller = new AbortController();
    const reason = new Error("stopped");
    const { tensors, format, path, config } = dense.checkpoint;
    let reads = 0;
    const checkpoint: Checkpoint = {
      ...{ tensors, format, path, config },
      read: async (...place) => {
        if (++reads === 5) controller.abort(reason);
        await dense.checkpoint.read(...place);
      },
      close: () => Promise.resolve(),
    };
    const target = { folder: join(folder, "pruned"), force: false };
    await expect(exportModel({ ...dense, checkpoint }, dense, target, false, controller.signal)).rejects.toBe(reason);
    expect([reads, await readdir(folder)]).toEqual([5, []]);
    await dense.close();
  });

  test("of a quantized one is dense: with the values that were read, and nothing of quantizing in its configuration", async () => {
    const copy = await copyWith(readQuantized("bitsandbytes-nf4-nested"));
    const quantized = await openModel(copy.path);
    const target = join(folder, "pruned");
    const request = { criterion: "magnitude", calibration: [], exportTo: { folder: target, force: false } } as const;
    const { run } = await pruned(quantized, request);
    expect(run.notes).toContain("The model was quantized: its weights were exported as float, not quantized again.");
    const again = await openModel(target);
    expect([...again.checkpoint.tensors.keys()].sort()).toEqual([...quantized.checkpoint.tensors.keys()].sort());
    const { quantization_config, ...config } = quantized.checkpoint.config;
    expect(quantization_config).toBeDefined();
    expect(again.checkpoint.config).toEqual({ ...config, dtype: "float32" });
    const [before, after] = await Promise.all(
      [quantized, again].map((model) => weightsOf(model, "model.layers.0.self_attn.k_proj.weight")),
    );
    expect(after.some((value) => value === 0)).toBe(true);
    expect(after).toEqual(before.map((value, i) => (after[i] === 0 ? 0 : value)));
    await Promise.all([again.close(), quantized.close()]);
    await copy.remove();
  });

  test("keeps the decimal points of its configuration, which transformers tells numbers apart by", async () => {
    const dense = await openModel(fixturePath("gemma2"));
    const target = { folder: join(folder, "pruned"), force: false };
    await exportModel(dense, dense, target, false, undefined);
    const [before, after] = await Promise.all(
      [fixturePath("gemma2"), target.folder].map((path) => readFile(join(path, "config.json"), "utf8")),
    );
    expect(after.replace(/"dtype": "\w+"/, "")).toBe(before.replace(/"dtype": "\w+"/, ""));
    expect(after).toContain('"final_logit_softcapping": 30.0');
    await dense.close();
  });

  test("that is interrupted leaves nothing, and the earlier one as it was", async () => {
    const target = { folder: join(folder, "pruned"), force: true };
    await writeWholeFolder(target, async (partial) => {
      await writeFile(join(partial, "a"), "first");
      return ["a"];
    });
    for (const [cause, message] of [
      [new Error("stopped"), "stopped"],
      [Object.assign(new Error("no space"), { code: "ENOSPC" }), "The disk is full"],
    ] as const)
      await expect(
        writeWholeFolder(target, async (partial) => {
          await writeFile(join(partial, "a"), "sec");
          throw cause;
        }),
      ).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual(["pruned"]);
    expect(await readFile(join(target.folder, "a"), "utf8")).toBe("first");
  });

  const list = JSON.stringify({ version: "1", files: [], process: 2 ** 30 });
  test.each<[string, Record<string, string>]>([
    ["that was just made", {}],
    ["whose list was half written", { "paramscope-files.json.partial": list.slice(0, 9) }],
    ["whose list was written", { "paramscope-files.json": list }],
    ["that was half full", { "paramscope-files.json": list, "model.safetensors": "half" }],
    ["that was full", { "paramscope-files.json": list, b: "x", "paramscope-files.json.partial": "" }],
  ])("takes no offence at a folder of a killed process %s", async (_, files) => {
    const target = { folder: join(folder, "pruned"), force: true };
    const partial = join(folder, ".pruned.paramscope-partial");
    await mkdir(partial);
    for (const [name, content] of Object.entries(files)) await writeFile(join(partial, name), content);
    await checkTarget(target);
    await writeWholeFolder(target, async (partial) => {
      await writeFile(join(partial, "b"), "second");
      return ["b"];
    });
    expect((await readdir(target.folder)).sort()).toEqual(["b", "paramscope-files.json"]);
    expect(await readdir(folder)).toEqual(["pruned"]);
  });
});

describe("a folder that an export wrote", () => {
  const target = () => ({ folder: join(folder, "out"), force: true });
  const write = async (content: string, to = target()) => {
    await writeWholeFolder(to, async (partial) => {
      await writeFile(join(partial, "a"), content);
      return ["a"];
    });
  };
  const content = async (path = "a") => await readFile(join(folder, "out", path), "utf8");

  test.each([
    [
      "a file was changed",
      async (out: string) => await writeFile(join(out, "a"), "firsT"),
      "a, which is not what Paramscope wrote",
    ],
    [
      "a file is another's",
      async (out: string) => await writeFile(join(out, "mine"), ""),
      "mine, which Paramscope did not write",
    ],
    [
      "a link stands in a file's place",
      async (out: string) => {
        await writeFile(join(folder, "elsewhere"), "first");
        await rm(join(out, "a"));
        await symlink(join(folder, "elsewhere"), join(out, "a"));
      },
      "a, which is not what Paramscope wrote",
    ],
    [
      "a folder stands in a file's place",
      async (out: string) => {
        await rm(join(out, "a"));
        await mkdir(join(out, "a"));
      },
      "a, which is not what Paramscope wrote",
    ],
    [
      "the list is gone",
      async (out: string) => await rm(join(out, "paramscope-files.json")),
      "a, which Paramscope did not write",
    ],
    [
      "the list names files elsewhere",
      async (out: string) => {
        await writeFile(join(folder, "victim"), "first");
        const list = JSON.parse(await content("paramscope-files.json")) as { files: object[] };
        const [file] = list.files;
        await writeFile(
          join(out, "paramscope-files.json"),
          JSON.stringify({ ...list, files: [{ ...file, name: "../victim" }] }),
        );
      },
      "a, which Paramscope did not write",
    ],
  ] as const)("is not replaced where %s", async (_, change, message) => {
    await write("first");
    await change(join(folder, "out"));
    const before = (await readdir(folder)).sort();
    await expect(checkTarget(target())).rejects.toThrow(message);
    await expect(write("second")).rejects.toThrow(message);
    expect((await readdir(folder)).sort()).toEqual(before);
  });

  test("is not replaced through a link", async () => {
    await write("first");
    await symlink(join(folder, "out"), join(folder, "link"));
    await expect(write("second", { folder: join(folder, "link"), force: true })).rejects.toThrow("is a link");
    expect(await content()).toBe("first");
  });

  test("comes back where a process was killed between taking it away and putting the new one there", async () => {
    await write("first");
    await rename(join(folder, "out"), join(folder, ".out.paramscope-replaced"));
    await expect(checkTarget({ ...target(), force: false })).rejects.toThrow("holds an earlier export");
    expect(await content()).toBe("first");
    await write("second");
    expect([await content(), await readdir(folder)]).toEqual(["second", ["out"]]);
  });

  test("is cleared of the earlier one where a process was killed before that was deleted", async () => {
    await write("first");
    await rename(join(folder, "out"), join(folder, ".out.paramscope-replaced"));
    await write("second", { folder: join(folder, "other"), force: false });
    await rename(join(folder, "other"), join(folder, "out"));
    await checkTarget(target());
    expect(await readdir(folder)).toEqual(["out"]);
  });

  test("is not written over what another process writes, nor over a folder of the user's of that name", async () => {
    const partial = join(folder, ".out.paramscope-partial");
    await mkdir(partial);
    await writeFile(join(partial, "notes.txt"), "mine");
    await expect(write("first")).rejects.toThrow("holds what Paramscope did not write");
    await writeFile(
      join(partial, "paramscope-files.json"),
      JSON.stringify({ version: "1", files: [], process: process.ppid }),
    );
    await expect(write("first")).rejects.toThrow("is under way");
    expect(await readFile(join(partial, "notes.txt"), "utf8")).toBe("mine");
  });

  test.runIf(process.platform === "linux")(
    "is written over what a process left whose number is another's now",
    async () => {
      const partial = join(folder, ".out.paramscope-partial");
      await mkdir(partial);
      const list = { version: "1", files: [], process: `${process.ppid} 1` };
      await writeFile(join(partial, "paramscope-files.json"), JSON.stringify(list));
      await write("first");
      await expect(readdir(partial)).rejects.toThrow("ENOENT");
    },
  );
});

test("nothing of what lies outside of a model's folder leaves by an export; in the Hugging Face cache files are links", async () => {
  const secret = join(folder, "secret.json");
  await writeFile(secret, '{"password": "x"}');
  const repository = join(folder, "models--a--b");
  const snapshot = join(repository, "snapshots", "0123");
  const plain = join(folder, "plain");
  for (const path of [snapshot, plain, join(repository, "blobs")]) await mkdir(path, { recursive: true });
  for (const file of await readdir(fixturePath("llama"))) {
    await copyFile(join(fixturePath("llama"), file), join(repository, "blobs", file));
    await symlink(join("..", "..", "blobs", file), join(snapshot, file));
    await copyFile(join(fixturePath("llama"), file), join(plain, file));
  }
  for (const path of [snapshot, plain]) {
    await rm(join(path, "generation_config.json"), { force: true });
    await symlink(secret, join(path, "generation_config.json"));
    const model = await openModel(path);
    const out = { folder: `${path}-out`, force: false };
    const { notes } = await exportModel(model, model, out, false, undefined);
    expect(notes).toEqual([
      "generation_config.json is a link that leads out of the model's folder: it was not copied.",
    ]);
    expect(await readdir(out.folder)).toContain("tokenizer.json");
    expect(await readdir(out.folder)).not.toContain("generation_config.json");
    await model.close();
  }
});

test("neither is in the folder of the other, nor takes the place of the model that is read", async () => {
  const path = join(folder, "model");
  await cp(fixturePath("llama"), path, { recursive: true });
  const dense = await openModel(path);
  const [out, masks] = [join(folder, "out"), join(folder, "out", "masks")];
  await mkdir(out);
  for (const [exportTo, masksTo] of [
    [out, masks],
    [masks, out],
  ])
    await expect(
      pruned(dense, { exportTo: { folder: exportTo, force: true }, masksTo: { folder: masksTo, force: true } }),
    ).rejects.toThrow("cannot be one in the folder of the other");
  for (const taken of [path, folder])
    await expect(pruned(dense, { exportTo: { folder: taken, force: true } })).rejects.toThrow(
      "has the model that is read",
    );
  await dense.close();
});

test.runIf(process.platform === "linux")(
  "a folder may have the longest name that there is, and a longer one is named",
  async () => {
    const fill = async (partial: string) => {
      await writeFile(join(partial, "a"), "first");
      return ["a"];
    };
    for (const name of ["n".repeat(243), "n".repeat(255), "名".repeat(80)]) {
      const target = { folder: join(folder, name), force: true };
      for (let i = 0; i < 2; i++) {
        await checkTarget(target);
        await writeWholeFolder(target, fill);
      }
      expect(await readdir(folder)).toEqual([name]);
      // what a killed process left is found whatever the name
      await expect(
        writeWholeFolder(target, async () => {
          const left = (await readdir(folder)).find((other) => other !== name) ?? "";
          expect(Buffer.byteLength(left)).toBeLessThan(256);
          await rename(join(folder, left), join(folder, "aside"));
          await mkdir(join(folder, left));
          throw new Error("stopped");
        }),
      ).rejects.toThrow("stopped");
      await rm(join(folder, "aside"), { recursive: true });
      await rm(target.folder, { recursive: true });
    }
    for (const name of ["n".repeat(256), "名".repeat(90)])
      await expect(checkTarget({ folder: join(folder, name), force: true })).rejects.toThrow("is too long");
  },
);

test("masks are a bit per parameter, 1 for what goes", async () => {
  const dense = await openModel(fixturePath("llama"));
  const target = join(folder, "masks");
  const document = await pruned(dense, { masksTo: { folder: target, force: false } });
  const file = await readFile(join(target, "masks.safetensors"));
  expect(document.masks).toEqual({ path: target, bytes: file.length });
  const length = Number(file.readBigUInt64LE());
  const header = JSON.parse(file.toString("utf8", 8, 8 + length)) as Record<string, { data_offsets: [number, number] }>;
  for (const { layer, modules } of document.layers)
    for (const { name, zeros } of modules) {
      const [from, to] = header[`model.layers.${layer}.${name}.weight`].data_offsets;
      const bits = file.subarray(8 + length + from, 8 + length + to);
      expect(bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0)).toBe(zeros);
    }
  await expect(pruned(dense, { criterion: "sparsegpt", masksTo: { folder: target, force: true } })).rejects.toThrow(
    "SparseGPT changes the weights that stay too",
  );
  await dense.close();
});

describe("weights that were stored in 16 bits", () => {
  test("are stored in the same again", () => {
    const values = Float32Array.of(0, -0, 1, -1.5, 65504, 2 ** -14, 2 ** -24, 1023 * 2 ** -24, 0.333251953125);
    const words = new Uint16Array(encodeFloats(values, "F16").buffer);
    expect([...words]).toEqual([0, 0x8000, 0x3c00, 0xbe00, 0x7bff, 0x0400, 0x0001, 0x03ff, 0x3555]);
    expect([...new Uint16Array(encodeFloats(Float32Array.of(1, -2.5, 0), "BF16").buffer)]).toEqual([0x3f80, 0xc020, 0]);
  });

  test.each([
    ["F16", 0.1],
    ["F16", 65536],
    ["F16", 2 ** -25],
    ["BF16", 0.1],
  ] as const)("%s cannot hold %d", (type, value) => {
    expect(() => encodeFloats(Float32Array.of(value), type)).toThrow(`that ${type} can hold`);
  });
});
