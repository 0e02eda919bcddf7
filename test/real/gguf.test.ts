import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, inject, test } from "vitest";
import { openModel } from "../../src/engine/model/model";
import { GgufCheckpoint } from "../../src/engine/model/formats/gguf-checkpoint";
import { planGguf, writeGguf } from "../../src/engine/quantize/export/write-gguf";
import { logitsOf, logSoftmax } from "../engine/support/forward";
import { llamaCpp, probabilitiesByLlamaCpp } from "../engine/support/llama-cpp";

const smollm2 = inject("smollm2");
const folder = mkdtempSync(join(tmpdir(), "paramscope-real-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.skipIf(smollm2 === "")("a real model as a GGUF file", () => {
  test("is written as it is, byte for byte where nothing is chosen", async () => {
    const output = join(folder, "same.gguf");
    const model = await openModel(smollm2);
    await writeGguf(output, await planGguf(model), { formatOf: () => undefined });
    await model.close();
    const [before, after] = await Promise.all([smollm2, output].map((path) => GgufCheckpoint.open(path)));
    const [[source], [written]] = [before.stored, after.stored];
    expect([...written.header.metadata]).toEqual([...source.header.metadata]);
    expect([...written.header.tensors.values()].map(({ name, type }) => [name, type.name])).toEqual(
      [...source.header.tensors.values()].map(({ name, type }) => [name, type.name]),
    );
    const bytesOf = (path: string, { header: { tensors } }: typeof source): Buffer => {
      const [first] = tensors.values();
      return readFileSync(path).subarray(first.offset);
    };
    expect(bytesOf(output, written).equals(bytesOf(smollm2, source))).toBe(true);
    await Promise.all([before.close(), after.close()]);
  });

  test.skipIf(llamaCpp === undefined)("predicts in float32 what llama.cpp predicts with it", async () => {
    const output = join(folder, "f32.gguf");
    const model = await openModel(smollm2);
    await writeGguf(output, await planGguf(model), { formatOf: () => "F32" });
    const texts = ["The capital of France is", "def fibonacci(n):\n    if n < 2:"];
    const ids = texts.map((text) => model.tokenizer.encode(text, { special: true }).ids);
    const { models } = probabilitiesByLlamaCpp(llamaCpp!, [{ model: output, ids }]);
    const theirs = models[0] as number[][];
    for (const [i, one] of ids.entries()) {
      const own = logSoftmax((await logitsOf(model, one)).at(-1)!);
      expect(Math.max(...own.map((value, id) => Math.abs(value - theirs[i][id])))).toBeLessThan(2e-3);
    }
    await model.close();
  });
});
