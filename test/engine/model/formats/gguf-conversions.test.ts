import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Checkpoint } from "../../../../src/engine/model/checkpoint";
import { GGUF_ARCHITECTURES } from "../../../../src/engine/model/formats/gguf-architectures";
import { openCheckpoint } from "../../../../src/engine/model/formats/open";
import { architectureOf, convertedFixtures, convertToGguf, type Converted } from "../../support/convert-to-gguf";
import { fixturePath } from "../../support/reference";

const folder = mkdtempSync(join(tmpdir(), "paramscope-gguf-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("every architecture of the table and of the documentation has a fixture, and the name that llama.cpp gave it", () => {
  const named = convertedFixtures.map((fixture) => [modelTypeOf(fixture), architectureOf(fixture)] as const);
  expect([...new Set(named.map(([, name]) => name))].sort()).toEqual([...GGUF_ARCHITECTURES.keys()].sort());
  const [page] = readFileSync("docs/architectures.md", "utf8").split("## Formats of weights");
  const table = Array.from(page.matchAll(/^\| `(\w+)` +\|.*\| (?:`([\w-]+)`|none) +\|$/gm), ([, type, name]) => [
    type,
    name,
  ]);
  const written = Object.fromEntries(table.filter(([, name]) => name !== undefined)) as Record<string, string>;
  delete written.model_type;
  const converted = Object.fromEntries(named) as Record<string, string>;
  // a model that sees and has its experts in one tensor is converted as its text model is: experts apart, as the fixture of that has them
  const wrappers = Object.keys(written).filter((type) => !(type in converted));
  for (const type of wrappers) converted[type] = converted[`${type}_text`];
  expect(wrappers).toEqual(["qwen3_5_moe"]);
  expect(written).toEqual(converted);
});

describe.each(convertedFixtures)("%s", (fixture) => {
  let converted: Converted;
  let gguf: Checkpoint;
  let hub: Checkpoint;
  beforeAll(async () => {
    converted = await convertToGguf(fixture);
    const path = join(folder, `${fixture}.gguf`);
    writeFileSync(path, converted.file);
    gguf = await openCheckpoint(path);
    hub = await openCheckpoint(fixturePath(fixture));
  });
  afterAll(async () => {
    await gguf.close();
    await hub.close();
  });

  test("is converted as llama.cpp converts it", () => {
    expect(converted.differing).toEqual([]);
  });

  test("has the folder's tensors", async () => {
    const inText = (name: string): string =>
      name.replace("language_model.model.", "model.").replace("model.language_model.", "model.");
    const differing: string[] = [];
    const names = [...hub.tensors.keys()];
    expect([...gguf.tensors.keys()].sort()).toEqual(names.map(inText).sort());
    for (const { name, shape } of hub.tensors.values()) {
      const own = gguf.tensors.get(inText(name));
      expect({ name, shape: own?.shape }).toEqual({ name, shape });
      const [a, b] = await Promise.all([all(hub, name, shape), all(gguf, inText(name), shape)]);
      if (a.some((value, i) => Math.abs(value - b[i]) > 1e-6)) differing.push(name);
    }
    expect(differing).toEqual([]);
  });
});

function modelTypeOf(fixture: string): string {
  const config = readFileSync(join(fixturePath(fixture), "config.json"), "utf8");
  return (JSON.parse(config) as { model_type: string }).model_type;
}

async function all(checkpoint: Checkpoint, name: string, shape: readonly number[]): Promise<Float32Array> {
  const values = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
  await checkpoint.read(name, values);
  return values;
}
