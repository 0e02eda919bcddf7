import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { GgufCheckpoint } from "../../../../src/engine/model/formats/gguf-checkpoint";
import { openModel, type Model } from "../../../../src/engine/model/model";
import { columnsOf, rowsOf, type PlannedTensor } from "../../../../src/engine/quantize/export/plan";
import { planGguf, writeGguf } from "../../../../src/engine/quantize/export/write-gguf";
import { convertedFixtures, metadataOf, tensorsOf } from "../../support/convert-to-gguf";
import { lastLogits } from "../../support/forward";
import { fixturePath } from "../../support/reference";

const folder = mkdtempSync(join(tmpdir(), "paramscope-gguf-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Its rope goes by a text's length, of which GGUF files know nothing; the converter leaves that out. */
const REFUSED = "llama-dynamic";

/**
 * Entries that the converter takes from elsewhere than the folder: fixtures' sizes that published models have in another relation, or that its
 * key for them is not the configuration's; what says that nothing is scaled; sections that were made up for it.
 */
const OTHERWISE: readonly string[] = [
  "bloom.context_length",
  "falcon.context_length",
  "chatglm.context_length",
  "chatglm.attention.layer_norm_rms_epsilon",
  "nemotron.attention.layer_norm_rms_epsilon",
  "phi2.attention.head_count_kv",
  "phi2.feed_forward_length",
  "command-r.rope.scaling.type",
  "cohere2.rope.scaling.type",
  "nemotron.rope.scaling.type",
  "qwen35.rope.dimension_sections",
  "qwen35moe.rope.dimension_sections",
];

test("what a file cannot say is refused by name", async () => {
  const model = await openModel(fixturePath(REFUSED));
  await expect(planGguf(model)).rejects.toThrow(/cannot say how positions turn/);
  await model.close();
});

describe.each(convertedFixtures.filter((name) => name !== REFUSED))("%s", (fixture) => {
  const path = join(folder, `${fixture}.gguf`);

  test("has the tensors that llama.cpp's converter makes, and its metadata", async () => {
    const model = await openModel(fixturePath(fixture));
    const plan = await planGguf(model);
    await writeGguf(path, plan, { formatOf: () => "F32" });
    const theirs = tensorsOf(fixture);
    expect(plan.tensors.map(({ name }) => name).sort()).toEqual(Object.keys(theirs).sort());
    const differing: string[] = [];
    for (const tensor of plan.tensors) {
      const { shape, digest, type } = theirs[tensor.name];
      expect([tensor.name, ...tensor.dimensions.toReversed()]).toEqual([tensor.name, ...shape]);
      if (type === undefined && (await digestOf(tensor)) !== digest && !(await isNear(tensor, theirs[tensor.name])))
        differing.push(tensor.name);
    }
    await model.close();
    expect(differing).toEqual([]);

    const written = await GgufCheckpoint.open(path);
    const theirEntries = Object.entries(metadataOf(fixture)).filter(([key]) => !OTHERWISE.includes(key));
    const ours = theirEntries.map(([key]) => [key, rounded(written.metadata.get(key))]);
    await written.close();
    expect(ours).toEqual(theirEntries.map(([key, value]) => [key, rounded(value)]));
  });

  test("predicts what the folder predicts", async () => {
    const [hub, gguf] = await Promise.all([openModel(fixturePath(fixture)), openModel(path)]);
    const texts = ["The old bridge was built of stone.", "It's 1234 feet\n\nlong"];
    const ids = [hub, gguf].map(({ tokenizer }) => texts.map((text) => tokenizer.encode(text, { special: true }).ids));
    expect(ids[1]).toEqual(ids[0]);
    const [theirs, ours] = await Promise.all([hub, gguf].map((model) => predicted(model, ids[0])));
    const most = Math.max(...theirs.map((logit, i) => Math.abs(logit - ours[i])));
    expect(most).toBeLessThan(1e-4);
    await Promise.all([hub.close(), gguf.close()]);
  });
});

async function predicted(model: Model, all: readonly number[][]): Promise<number[]> {
  const texts = all.map((ids) => Int32Array.from(ids));
  return (await lastLogits(model, texts)).flatMap((values) => [...values]);
}

/** Divisors of frequencies are made of others than the converter makes them of. */
async function isNear(tensor: PlannedTensor, theirs: ReturnType<typeof tensorsOf>[string]): Promise<boolean> {
  if (!("values" in theirs)) return false;
  const values = new Float32Array(theirs.values.length);
  await tensor.read(values, 0, 1);
  return theirs.values.every((value, i) => Math.abs(values[i] / value - 1) < 1e-5);
}

async function digestOf(tensor: PlannedTensor): Promise<string> {
  const values = new Float32Array(columnsOf(tensor) * rowsOf(tensor));
  await tensor.read(values, 0, rowsOf(tensor));
  return createHash("sha256").update(Buffer.from(values.buffer)).digest("hex").slice(0, 16);
}

function rounded(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(6));
  return ArrayBuffer.isView(value) || Array.isArray(value) ? Array.from(value as number[], rounded) : value;
}
