import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelsDocument } from "../../src/engine/document/document";
import { parseDocument } from "../../src/kinds/parse-document";
import { changedLlama } from "../engine/two-models/changed-model";
import type { ModelCopy } from "../engine/support/model-copy";
import { paramscope } from "./session";

const llama = "test/fixtures/llama";
let copy: ModelCopy;
let folder = "";

beforeAll(async () => {
  copy = await changedLlama();
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
});

afterAll(async () => {
  await copy.remove();
  await rm(folder, { recursive: true });
});

describe("compare --model-b", () => {
  test("prints what was changed, whether it is used, and what it did to predictions", async () => {
    const { code, stdout } = await paramscope([
      ...["compare", "samples/math", "--text", "The river rose", "--window", "32", "--max-samples", "6"],
      ...["--model", llama, "--model-b", copy.path],
    ]);
    expect(code).toBe(0);
    const fixed = stdout.replaceAll(basename(copy.path), "changed").replace(/\d+(\.\d+)? s$/gm, "TIME");
    await expect(fixed).toMatchFileSnapshot("golden/compare-models.txt");
  });

  test("is saved as a document", async () => {
    const saved = join(folder, "models.paramscope");
    const { code, stdout } = await paramscope([
      ...["compare", "--text", "The river rose", "--model", llama, "--model-b", copy.path, "--json", "-o", saved],
      ...["--seed", "3", "--threshold", "20%"],
    ]);
    expect(code).toBe(0);
    const document = (await parseDocument(stdout, "standard output")) as ModelsDocument;
    expect(await parseDocument(await readFile(saved, "utf8"), saved)).toEqual(document);
    expect(document).toMatchObject({ format: "paramscope.models", share: 0.2, seed: 3, run: { window: 256 } });
    expect(document.samples.map(({ source }) => source)).toEqual(["text 1"]);
    expect(document.modelB.path).toBe(copy.path);
    expect(document.modelB.hash).not.toBe(document.model.hash);
  });

  test("of a model with itself says that it is the same", async () => {
    const { stdout } = await paramscope(["compare", "--text", "The river rose", "--model-b", "demo"]);
    expect(stdout).toContain("A and B are the same model, by identity: there is nothing to tell apart.");
    expect(stdout).toContain("The next-token distributions are equal.");
  });

  test("says what it would take: twice the layers, and what is kept between them", async () => {
    const estimate = async (...more: readonly string[]) => {
      const args = ["--text", "The river rose in the night", "--model", llama, "--json"];
      const { stdout } = await paramscope(["estimate", ...more, ...args]);
      return JSON.parse(stdout) as { command: string; memory: number; diskRead: number; seconds: [number, number] };
    };
    const [one, two] = [
      await estimate("analyze", "--baseline", "none"),
      await estimate("compare", "--model-b", copy.path),
    ];
    expect(two.command).toBe("compare");
    expect(two.memory).toBeGreaterThan(one.memory);
    expect(two.diskRead).toBeGreaterThan(2 * one.diskRead);
    expect(two.seconds[0]).toBeGreaterThan(one.seconds[0]);
  });

  test("that cannot be is refused, with both names", async () => {
    const { code, stderr } = await paramscope([
      ...["compare", "--text", "a", "--model", llama, "--model-b", "test/fixtures/gpt2"],
    ]);
    expect([code, stderr]).toEqual([
      1,
      "paramscope: llama is of the architecture llama, and gpt2 of gpt2: their weights have no counterparts. " +
        "Compare a model with one that was made from it: tuned, quantized or pruned.\n",
    ]);
  });

  test.each([
    [
      [],
      "compare needs a text to run through both models. Name files or a folder, - for standard input, or use --text.",
    ],
  ])("%j: refused", async (args, message) => {
    expect(await paramscope(["compare", ...args, "--model-b", llama])).toEqual({
      code: 2,
      stdout: "",
      stderr: `paramscope: ${message}\n`,
    });
  });

  test("of a model that is not there is refused", async () => {
    const { code, stderr } = await paramscope(["compare", "--text", "a", "--model-b", "nowhere"]);
    expect(code).toBe(1);
    expect(stderr).toContain("There is no model nowhere");
  });
});
