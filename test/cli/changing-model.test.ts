import { appendFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { paramscope, repository } from "./session";

let folder: string;
let model: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-test-"));
  model = join(folder, "model");
  await cp(join(repository, "models/demo"), model, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

test("a model that is written to during a run ends it with one line, and no result", async () => {
  const weights = join(model, "model.safetensors");
  let isChanged = false;
  const { code, stderr, stdout } = await paramscope(
    ["analyze", "samples/fiction", "-m", model, "-o", join(folder, "r.paramscope")],
    {
      interrupt: () => {
        if (!isChanged) appendFileSync(weights, "x");
        isChanged = true;
        return undefined;
      },
    },
  );
  expect([code, stderr]).toEqual([
    1,
    `paramscope: ${weights} changed while it was being read. Run it again once the model's files are as they shall be.\n`,
  ]);
  expect(stdout).not.toContain("active weights");
});

test("two saved results of one path, whose model is another one since, are compared by their texts", async () => {
  const save = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    const { code } = await paramscope(["analyze", text, "-q", "-m", model, "-o", path]);
    expect(code).toBe(0);
    return path;
  };
  const a = await save("a.paramscope", "samples/french/jardin.txt");
  const b = await save("b.paramscope", "samples/news/bridge.txt");
  await rm(model, { recursive: true });
  await cp(join(repository, "test/fixtures/llama"), model, { recursive: true });
  const compared = async (...sides: string[]): Promise<unknown> => {
    const { code, stdout } = await paramscope(["compare", ...sides, "-m", model, "--json", "--max-samples", "1"]);
    expect(code).toBe(0);
    return (JSON.parse(stdout) as { a: { samples: { tokens: unknown }[] } }).a.samples[0].tokens;
  };
  // The ids of the model that was there would mean other words.
  const ids = (tokens: unknown): number[] => (tokens as { id: number }[]).map(({ id }) => id);
  const own = ids(await compared(a, b));
  expect(own).toEqual(ids(await compared("samples/french/jardin.txt", "samples/news/bridge.txt")).slice(0, own.length));
});
