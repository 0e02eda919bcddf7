import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { repository } from "./support";

const extension = join(repository, "dist/extension.cjs");

test("nothing of ONNX Runtime is in the extension host's bundle, and it is small", async () => {
  const source = await readFile(extension, "utf8");
  expect(source).not.toMatch(/onnxruntime|InferenceSession/);
  expect((await stat(extension)).size).toBeLessThan(500_000);
});

test("every command that package.json declares is registered", async () => {
  const source = await readFile(extension, "utf8");
  const { contributes } = JSON.parse(await readFile(join(repository, "package.json"), "utf8")) as {
    contributes: { commands: { command: string }[] };
  };
  for (const { command } of contributes.commands) {
    expect(source).toMatch(new RegExp(`\\("${command.replace("paramscope.", "")}"`));
  }
});
