import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NeuronsDocument } from "../../src/engine/document/document";
import { parseDocument } from "../../src/kinds/parse-document";
import { paramscope } from "./session";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("neurons", () => {
  test("print how many can be deactivated, by attribution and by size", async () => {
    const { code, stdout, stderr } = await paramscope([
      "neurons",
      "samples/math",
      "--window",
      "16",
      "--max-samples",
      "4",
    ]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("windows of 3 long texts were taken")]);
    await expect(stdout.replace(/\d+(\.\d+)? s$/gm, "TIME")).toMatchFileSnapshot("golden/neurons.txt");
  });

  test("are saved as a document", async () => {
    const saved = join(folder, "neurons.paramscope");
    const { code, stdout } = await paramscope(["neurons", "--text", "The river rose in", "--json", "-o", saved]);
    expect(code).toBe(0);
    const document = (await parseDocument(stdout, "standard output")) as NeuronsDocument;
    expect(await parseDocument(await readFile(saved, "utf8"), saved)).toEqual(document);
    expect(document.samples.map(({ source, tokens }) => [source, tokens])).toEqual([["text 1", 6]]);
    expect(document.curves.map(({ points }) => points.length)).toEqual([20, 20]);
  });

  test.each([
    [[], "There is nothing to predict from. Name a file or a folder, - for standard input, or use --text."],
    [
      ["a.txt", "--target", "loss"],
      "neurons asks for the likeliest next token: its target is max-logit. Leave --target and --answer out.",
    ],
    [["a.txt", "--threshold", "10%"], "neurons has no threshold: it tries all shares. Leave --threshold out."],
  ])("%j: refused", async (args, message) => {
    expect(await paramscope(["neurons", ...args])).toEqual({ code: 2, stdout: "", stderr: `paramscope: ${message}\n` });
  });
});
