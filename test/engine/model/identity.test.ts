import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openCheckpoint } from "../../../src/engine/model/formats/open";
import { identityOf, isIdentity, tokenizerDigest } from "../../../src/engine/model/identity";
import { openModel } from "../../../src/engine/model/model";
import { ModelCopy, type ModelChanges, type StoredTensor } from "../support/model-copy";
import { fixturePath } from "../support/reference";

async function identityAt(path: string): Promise<string> {
  const model = await openModel(path);
  try {
    return await model.identity();
  } finally {
    await model.close();
  }
}

async function identityWith(changes: ModelChanges, then?: (path: string) => Promise<void>): Promise<string> {
  const copy = await ModelCopy.of("llama", changes);
  try {
    await then?.(copy.path);
    return await identityAt(copy.path);
  } finally {
    await copy.remove();
  }
}

let own: string;
beforeAll(async () => {
  own = await identityAt(fixturePath("llama"));
});

test("is the same at another path, whenever it was written", async () => {
  expect(isIdentity(own)).toBe(true);
  expect(await identityWith({})).toBe(own);
  // The same values, in another order of the file.
  const reversed = (tensors: Map<string, StoredTensor>): void => {
    const all = [...tensors].reverse();
    tensors.clear();
    for (const [name, tensor] of all) tensors.set(name, tensor);
  };
  expect(await identityWith({ tensors: reversed })).toBe(own);
});

test("is another one with another value in any tensor, the embedding and the last down projection among them", async () => {
  const names: string[] = [];
  await identityWith({ tensors: (tensors) => names.push(...tensors.keys()) });
  expect(names.length).toBeGreaterThan(15);
  for (const changed of names) {
    const identity = await identityWith({
      tensors: (tensors) => {
        const { bytes } = tensors.get(changed) ?? { bytes: new Uint8Array(1) };
        bytes[bytes.length - 4] ^= 1;
      },
    });
    expect([changed, identity === own]).toEqual([changed, false]);
  }
});

test.each<[string, ModelChanges, (path: string) => Promise<void>]>([
  ["configuration", { config: (config) => ({ ...config, rms_norm_eps: 1e-3 }) }, () => Promise.resolve()],
  [
    "tokenizer",
    {},
    (path) =>
      edited(join(path, "tokenizer.json"), (text) => text.replace('"ignore_merges"', '"x": 1, "ignore_merges"')),
  ],
  ["tokenizer's configuration", {}, (path) => edited(join(path, "tokenizer_config.json"), (text) => `${text} `)],
  ["chat template", {}, (path) => writeFile(join(path, "chat_template.jinja"), "{{ messages }}")],
])("is another one with another %s", async (_, changes, then) => {
  expect(await identityWith(changes, then)).not.toBe(own);
});

test("is that of the tokenizer that was opened, whatever stands in its place since", async () => {
  const copy = await ModelCopy.of("llama", {});
  const model = await openModel(copy.path);
  try {
    await edited(join(copy.path, "tokenizer.json"), (text) =>
      text.replace('"ignore_merges"', '"x": 1, "ignore_merges"'),
    );
    expect(await model.identity()).toBe(own);
    expect(await model.isUnchanged()).toBe(false);
  } finally {
    await model.close();
    await copy.remove();
  }
});

async function edited(path: string, edit: (text: string) => string): Promise<void> {
  const text = await readFile(path, "utf8");
  expect(edit(text)).not.toBe(text);
  await writeFile(path, edit(text));
}

test("of a large tensor samples are taken, all over it", async () => {
  // 2 MiB: a twentieth of it in any place is seen.
  const rows = 8192;
  const grown = (change?: (bytes: Uint8Array) => void): ModelChanges => ({
    config: (config) => ({ ...config, vocab_size: rows, tie_word_embeddings: true }),
    tensors: (tensors) => {
      const embedding = tensors.get("model.embed_tokens.weight");
      if (embedding === undefined) throw new Error("no embedding");
      const [, columns] = embedding.shape;
      const bytes = new Uint8Array((rows * columns * embedding.bytes.length) / (embedding.shape[0] * columns));
      for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 31) % 61;
      change?.(bytes);
      tensors.set("model.embed_tokens.weight", { ...embedding, shape: [rows, columns], bytes });
      tensors.delete("lm_head.weight");
    },
  });
  const whole = await identityWith(grown());
  expect(await identityWith(grown())).toBe(whole);
  for (let part = 0; part < 20; part++) {
    const changed = grown((bytes) => {
      expect(bytes.length).toBeGreaterThan(2 ** 20);
      const size = Math.floor(bytes.length / 20);
      for (let i = part * size; i < (part + 1) * size; i++) bytes[i] ^= 1;
    });
    expect(await identityWith(changed)).not.toBe(whole);
  }
});

describe("of a GGUF file", () => {
  const original = new URL("../../data/gguf/llama.gguf", import.meta.url).pathname;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "paramscope-test-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("its weights and its vocabulary count", async () => {
    const path = join(folder, "model.gguf");
    await copyFile(original, path);
    const identity = await identityOfFile(path);
    expect(await identityOfFile(original)).toBe(identity);
    const bytes = await readFile(original);
    const checkpoint = await openCheckpoint(original);
    const written = [...checkpoint.tensors.values()].reduce((sum, tensor) => sum + tensor.bytes, 0);
    await checkpoint.close();
    // Bytes all over the weights; one may be of the padding between two of them.
    const unchanged: number[] = [];
    for (let at = bytes.length - written; at < bytes.length; at += Math.ceil(written / 40)) {
      const changed = Buffer.from(bytes);
      changed[at] ^= 1;
      await writeFile(path, changed);
      if ((await identityOfFile(path)) === identity) unchanged.push(at);
    }
    expect(unchanged.length).toBeLessThan(3);
    const changed = Buffer.from(bytes);
    // Behind the key: the types of the entry and of its values, their number, and the length of the first.
    const key = "tokenizer.ggml.tokens";
    changed.write("~", bytes.indexOf(key) + key.length + 4 + 4 + 8 + 8);
    await writeFile(path, changed);
    expect(await identityOfFile(path)).not.toBe(identity);
  });
});

/** The fixtures' GGUF files have their first layer only, and are no whole models. */
async function identityOfFile(path: string): Promise<string> {
  const checkpoint = await openCheckpoint(path);
  try {
    return await identityOf(checkpoint, await tokenizerDigest(checkpoint));
  } finally {
    await checkpoint.close();
  }
}
