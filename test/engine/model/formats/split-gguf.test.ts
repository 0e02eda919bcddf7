import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { listModels } from "../../../../src/engine/model/library/list";
import { openCheckpoint } from "../../../../src/engine/model/formats/open";
import { openModel } from "../../../../src/engine/model/model";
import { failureOf } from "../../support/errors";
import { GgufCopy } from "../../support/gguf-copy";

/** A whole model, as llama.cpp converts it (test/reference/make_gguf.py). */
const WHOLE = new URL("../../../data/gguf-whole/llama-yarn.gguf", import.meta.url).pathname;

const root = mkdtempSync(join(tmpdir(), "paramscope-"));
let copy: GgufCopy;
let folder: string;
beforeAll(async () => {
  copy = await GgufCopy.of(WHOLE);
});
afterAll(() => {
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(root, "model-"));
  for (const part of [1, 2, 3]) writePart(name(part), part);
});

const name = (part: number): string => `llama-0000${part}-of-00003.gguf`;

/** A third of the tensors, as part 1, 2 or 3. */
function writePart(file: string, part: number): void {
  const third = Math.ceil(copy.tensors.length / 3);
  const tensors = copy.tensors.slice((part - 1) * third, part * third);
  writeFileSync(join(folder, file), copy.file(tensors, { number: part - 1, count: 3 }));
}

async function told(path = folder): Promise<string> {
  const line = await failureOf(async () => {
    await (await openCheckpoint(path)).close();
  });
  return line.replaceAll(folder, "DIR");
}

test("any part, or the folder, opens the model that the whole file is", async () => {
  const whole = await openModelAt(WHOLE);
  for (const named of [folder, ...[1, 2, 3].map((part) => join(folder, name(part)))]) {
    const model = await openModelAt(named);
    expect(model.values).toEqual(whole.values);
    expect(model.name).toBe(named === folder ? folder.replace(/.*\//, "") : "llama");
  }
});

test("a part that is written to while the model is open is noticed", async () => {
  const checkpoint = await openCheckpoint(join(folder, name(1)));
  const { tensors } = checkpoint;
  writePart(name(3), 3);
  const last = copy.tensors.at(-1);
  const moved = [...tensors.values()].filter(({ bytes }) => bytes === last?.bytes.length);
  const failures = await Promise.all(
    moved.map(async ({ name: tensor, shape }) =>
      checkpoint.read(tensor, new Float32Array(shape.reduce((product, size) => product * size, 1))).then(
        () => "",
        (error: unknown) => String(error),
      ),
    ),
  );
  await checkpoint.close();
  expect(failures.join()).toContain("changed while it was being read");
});

test("is one model in a list, with the bytes of all parts", async () => {
  writeFileSync(join(folder, "mmproj-llama-f16.gguf"), "");
  const [model, ...others] = await listModels(folder);
  expect([model.id, others]).toEqual([name(1), []]);
  expect(model.bytes).toBeGreaterThan(copy.tensors.reduce((sum, { bytes }) => sum + bytes.length, 0));
});

test("what is missing, there twice, or of another model is said", async () => {
  const lines: string[] = [];
  rmSync(join(folder, name(2)));
  lines.push(await told());
  lines.push(await told(join(folder, name(3))));
  writePart(name(2), 3);
  lines.push(await told());
  writePart(name(2), 2);
  writeFileSync(join(folder, name(3)), copy.file(copy.tensors.slice(0, 2), { number: 2, count: 3 }));
  lines.push(await told());
  writeFileSync(join(folder, name(3)), copy.file(copy.tensors.slice(0, 2)));
  lines.push(await told());
  writePart("other.gguf", 2);
  lines.push(await told(join(folder, "other.gguf")));
  expect(lines).toMatchInlineSnapshot(`
    [
      "DIR lacks 1 of the 3 parts of the model: llama-00002-of-00003.gguf. Download the missing part into the folder.",
      "DIR lacks 1 of the 3 parts of the model: llama-00002-of-00003.gguf. Download the missing part into the folder.",
      "DIR/llama-00002-of-00003.gguf is part 3 of 3 under the name of part 2, and llama-00003-of-00003.gguf has that name. Download all parts again, into one folder and under their own names.",
      "DIR/llama-00003-of-00003.gguf: the tensor output.weight is also in another part. The parts are of different models: download all of them again.",
      "DIR/llama-00003-of-00003.gguf is no part of a model that is split into 3. Download all parts again, into one folder and under their own names.",
      "DIR/other.gguf is part 2 of 3 of a split GGUF file, which its name does not say: the others cannot be found. Give all parts the names that they had, as NAME-00001-of-00003.gguf.",
    ]
  `);
});

async function openModelAt(
  path: string,
): Promise<{ readonly name: string; readonly values: Record<string, number[]> }> {
  const checkpoint = await openCheckpoint(path);
  const values: Record<string, number[]> = {};
  for (const { name: tensor, shape } of checkpoint.tensors.values()) {
    const out = new Float32Array(shape.reduce((product, size) => product * size, 1));
    await checkpoint.read(tensor, out);
    values[tensor] = [...out.subarray(0, 64)];
  }
  await checkpoint.close();
  const model = await openModel(path);
  await model.close();
  return { name: model.name, values };
}
