import {
  cp,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { ParamscopeError } from "../../src/engine/errors";
import type { Model } from "../../src/engine/index";
import { ModelStore } from "../../src/scoring/model-store";
import { fixturePath } from "../engine/support/reference";

const NORM = "model.norm.weight";

let folder: string;
let path: string;
let store: ModelStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-test-"));
  path = join(folder, "model");
  await cp(fixturePath("llama"), path, { recursive: true });
  store = new ModelStore();
});
afterEach(async () => {
  await store.releaseIdle(0);
  expect(store.size).toBe(0);
  await rm(folder, { recursive: true });
});

const weights = (): string => join(path, "model.safetensors");

async function norm(model: Model): Promise<number[]> {
  const values = new Float32Array(model.hiddenSize);
  await model.checkpoint.read(NORM, values);
  return [...values];
}

/** The model's file with other values in all of its last tensor's end. */
async function others(): Promise<Buffer> {
  const bytes = await readFile(weights());
  const header = Number(bytes.readBigUInt64LE());
  const {
    data_offsets: [from, to],
  } = (JSON.parse(bytes.subarray(8, 8 + header).toString()) as Record<string, { data_offsets: [number, number] }>)[
    NORM
  ];
  bytes.fill(0, 8 + header + from, 8 + header + to);
  return bytes;
}

test("a model is opened once, as long as its files stay as they are", async () => {
  const first = await store.with(path, (model) => Promise.resolve(model));
  // Reading a file, and writing another one into its folder, changes nothing.
  await readFile(weights());
  await writeFile(join(path, "notes.txt"), "mine");
  expect(await store.with(path, (model) => Promise.resolve(model))).toBe(first);
});

describe("answers with the model that is there now", () => {
  const changes: [string, () => Promise<void>][] = [
    [
      "a file was put in its file's place",
      async () => {
        await writeFile(join(folder, "new"), await others());
        await rename(join(folder, "new"), weights());
      },
    ],
    ["its file was written over", async () => writeFile(weights(), await others())],
    [
      "its file was truncated and filled again, its time put back",
      async () => {
        const { atime, mtime } = await stat(weights());
        const bytes = await others();
        await truncate(weights(), 0);
        await writeFile(weights(), bytes);
        await utimes(weights(), atime, mtime);
      },
    ],
    [
      "its folder was replaced",
      async () => {
        const bytes = await others();
        await rename(path, join(folder, "old"));
        await cp(fixturePath("llama"), path, { recursive: true });
        await writeFile(weights(), bytes);
      },
    ],
    [
      "a link leads to another folder",
      async () => {
        const bytes = await others();
        await cp(path, join(folder, "other"), { recursive: true });
        await writeFile(join(folder, "other", "model.safetensors"), bytes);
        await rm(path, { recursive: true });
        await symlink(join(folder, "other"), path);
      },
    ],
  ];

  test.each(changes)("when %s", async (_, change) => {
    const before = await store.with(path, async (model) => ({
      norm: await norm(model),
      identity: await model.identity(),
    }));
    expect(before.norm.some((value) => value !== 0)).toBe(true);
    await change();
    const after = await store.with(path, async (model) => ({
      norm: await norm(model),
      identity: await model.identity(),
    }));
    expect(after.norm.every((value) => value === 0)).toBe(true);
    expect(after.identity).not.toBe(before.identity);
    expect(store.size).toBe(1);
  });

  test.each(["config.json", "tokenizer.json", "tokenizer_config.json"])("when its %s was edited", async (file) => {
    const before = await store.with(path, (model) => model.identity());
    const text = await readFile(join(path, file), "utf8");
    await writeFile(join(path, file), text.replace("{", '{ "edited": 1,'));
    expect(await store.with(path, (model) => model.identity())).not.toBe(before);
  });

  test("when a chat template was put beside", async () => {
    const template = () => store.with(path, ({ tokenizer }) => Promise.resolve(tokenizer.chatTemplate));
    await template();
    await writeFile(join(path, "chat_template.jinja"), "new");
    expect(await template()).toBe("new");
  });

  test("and says that it is gone, where it is", async () => {
    await store.with(path, norm);
    await rm(path, { recursive: true });
    await expect(store.with(path, norm)).rejects.toThrow(`${path} does not exist.`);
    await cp(fixturePath("llama"), path, { recursive: true });
    expect((await store.with(path, norm)).length).toBeGreaterThan(0);
  });
});

describe("a run under which a file changes ends with one line", () => {
  const during: [string, () => Promise<void>, RegExp][] = [
    [
      "is written to",
      async () => writeFile(weights(), await others()),
      /model\.safetensors changed while it was being read\.$/,
    ],
    ["is cut off", () => truncate(weights(), 100), /model\.safetensors changed while it was being read\.$/],
    ["is deleted", () => unlink(weights()), /model\.safetensors was replaced or deleted while it was being read\.$/],
    [
      "is replaced",
      async () => {
        await writeFile(join(folder, "new"), await others());
        await rename(join(folder, "new"), weights());
      },
      /model\.safetensors was replaced or deleted while it was being read\.$/,
    ],
  ];

  test.each(during)("when it %s", async (_, change, message) => {
    const error: unknown = await store
      .with(path, async (model) => {
        await norm(model);
        await change();
        await norm(model);
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ParamscopeError);
    expect((error as ParamscopeError).message).toMatch(message);
    expect((error as ParamscopeError).message).not.toContain("\n");
    expect((error as ParamscopeError).remedy).toBeTruthy();
  });

  test("and one that is under way keeps its own model, while the next has the new one", async () => {
    let go = (): void => undefined;
    const going = new Promise<void>((resolve) => (go = resolve));
    const first = store.with(path, async (model) => {
      await going;
      return model;
    });
    await store.with(path, norm);
    await writeFile(weights(), await others());
    const second = await store.with(path, (model) => Promise.resolve(model));
    go();
    expect(await first).not.toBe(second);
    await expect((await first).checkpoint.read(NORM, new Float32Array(4096))).rejects.toThrow();
  });
});
