import { afterEach, beforeEach, expect, test } from "vitest";
import { analyze, openModel, type Model } from "../../src/engine/index";
import { formSamples } from "../../src/engine/text/form-samples";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { fixturePath } from "../engine/support/reference";

const MEBIBYTE = 2 ** 20;
let model: Model;
/** Names of the tensors of blocks that were read, as often as they were. */
let read: string[];

async function open(keeps: number): Promise<Model> {
  const opened = await openModel(fixturePath("llama"), { keeps });
  const { checkpoint } = opened;
  const reading = checkpoint.read.bind(checkpoint);
  checkpoint.read = (name, ...rest) => {
    if (name.includes(".layers.")) read.push(name);
    return reading(name, ...rest);
  };
  return opened;
}

/** What a text activates, without what tells two runs apart. */
async function analyzed(of: Model, memory?: number): Promise<Partial<AnalysisDocument>> {
  const set = formSamples([{ source: "text", text: "The river rose in the night." }], of.tokenizer, {
    window: 64,
    maxSamples: 1,
    context: of.context,
  });
  const options = { model: of, set, target: { kind: "spread" }, threshold: { mode: "share", share: 0.01 } } as const;
  for await (const event of analyze({ ...options, ...(memory !== undefined && { memory }) }))
    if (event.type === "done") return { layers: event.result.document.layers };
  throw new Error("the analysis did not end");
}

beforeEach(() => {
  read = [];
});
afterEach(async () => {
  await model.close();
});

test("weights that find room are read once, and the result is the same", async () => {
  model = await open(64 * MEBIBYTE);
  const first = await analyzed(model);
  expect(read.length).toBeGreaterThan(0);
  expect(new Set(read).size).toBe(read.length);
  read = [];
  expect(await analyzed(model)).toEqual(first);
  expect(read).toEqual([]);
});

test("those of some layers, where not all find room", async () => {
  const whole = await open(0);
  const first = await analyzed(whole);
  const all = read.length;
  await whole.close();
  // twice each: forward and backward, but for the layer at which it turns
  const { shape } = whole.checkpoint.tensors.get("model.layers.0.mlp.down_proj.weight") ?? { shape: [] };
  expect(shape.length).toBe(2);
  const bytes = [...whole.checkpoint.tensors.values()]
    .filter(({ name }) => name.startsWith("model.layers.0."))
    .reduce((sum, tensor) => sum + 4 * tensor.shape.reduce((a, b) => a * b, 1), 0);
  model = await open(bytes);
  await analyzed(model);
  read = [];
  expect(await analyzed(model)).toEqual(first);
  expect(read.filter((name) => name.includes(".layers.0."))).toEqual([]);
  expect(read.length).toBeGreaterThan(0);
  expect(read.length).toBeLessThan(all);
});

test("a model that is made of another reads its own", async () => {
  model = await open(64 * MEBIBYTE);
  const first = await analyzed(model);
  const { checkpoint } = model;
  const halved: Model = {
    ...model,
    checkpoint: {
      ...checkpoint,
      read: async (name, out, ...range) => {
        await checkpoint.read(name, out, ...range);
        if (name.endsWith("q_proj.weight")) for (const [i, value] of out.entries()) out[i] = value / 2;
      },
    },
  };
  expect(await analyzed(halved)).not.toEqual(first);
  expect(await analyzed(model)).toEqual(first);
});

test("who bounds the memory keeps none", async () => {
  model = await open(64 * MEBIBYTE);
  await analyzed(model);
  read = [];
  await analyzed(model, 4096 * MEBIBYTE);
  expect(read.length).toBeGreaterThan(0);
  read = [];
  await analyzed(model, 4096 * MEBIBYTE);
  expect(read.length).toBeGreaterThan(0);
});
