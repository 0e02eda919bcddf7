import { isAscii } from "node:buffer";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { repository } from "./support";

const extension = join(repository, "dist/extension.cjs");

test("nothing of a runtime is in the extension host's bundle, and it is small", async () => {
  const source = await readFile(extension, "utf8");
  expect(source).not.toMatch(/onnxruntime|InferenceSession|tfjs-node\/package|wasm-backend/);
  expect((await stat(extension)).size).toBeLessThan(376_000);
});

test("TensorFlow.js is in a bundle of its own, which is loaded where it runs", async () => {
  for (const program of ["worker.cjs", "command.cjs"]) {
    const source = await readFile(join(repository, "dist", program), "utf8");
    expect(source).toContain("./tensorflow/wasm-backend.cjs");
    expect(source).not.toContain("BackendWasm");
  }
});

test("the command needs no decoding: it is read at every start", async () => {
  expect(isAscii(await readFile(join(repository, "dist/command.cjs")))).toBe(true);
});
