import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PatchingDocument } from "../../src/engine/document/document";
import { parseDocument } from "../../src/kinds/parse-document";
import { paramscope } from "./session";

const prompts = ["--text", "The cat sat on the", "--text", "The dog sat on the"];
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
  await writeFile(join(folder, "a.txt"), "The cat sat on the");
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("activation patching", () => {
  test("prints which layers and positions carry A's answer", async () => {
    const { code, stdout, stderr } = await paramscope(["patch", ...prompts]);
    expect([code, stderr]).toEqual([0, ""]);
    await expect(stdout.replace(/\d+(\.\d+)? s$/gm, "TIME")).toMatchFileSnapshot("golden/patch.txt");
  });

  test("at another site and with given answers is saved as a document", async () => {
    const saved = join(folder, "patch.paramscope");
    const options = ["--site", "mlp", "--answers", " table, c", "--json", "-o", saved];
    const { code, stdout } = await paramscope(["patch", ...prompts, ...options]);
    expect(code).toBe(0);
    const document = (await parseDocument(stdout, "standard output")) as PatchingDocument;
    expect(await parseDocument(await readFile(saved, "utf8"), saved)).toEqual(document);
    expect(document).toMatchObject({ site: "mlp", answers: { a: { text: " table" }, b: { text: " c" } } });
    expect(document.grid).toHaveLength(document.model.layers);
  });

  test.each([
    [["FOLDER/a.txt"], 2, "patch takes two prompts, not 1. Name two files, or give --text twice."],
    [
      ["FOLDER/a.txt", "FOLDER/a.txt"],
      1,
      'Both prompts have the same answer, " table": there is no difference to trace. A has 6: "The" " c" "at" " sat" " on" " the" B has 6: "The" " c" "at" " sat" " on" " the". Give prompts with different answers, or two answers (--answers).',
    ],
    [
      ["FOLDER/a.txt", "--text", "The cat sat"],
      1,
      'The prompts must have equally many tokens. A has 6: "The" " c" "at" " sat" " on" " the" B has 4: "The" " c" "at" " sat". Change one so that token answers token.',
    ],
    [
      [...prompts, "--answers", "no comma"],
      2,
      "Option '--answers <answers>' argument 'no comma' is invalid. Write two tokens with a comma between: ' Paris, Rome'. See paramscope --help.",
    ],
    [
      [...prompts, "--site", "head"],
      2,
      "Option '--site <site>' argument 'head' is invalid. Allowed choices are residual, attention, mlp. See paramscope --help.",
    ],
    [
      [...prompts, "--target", "loss"],
      2,
      "patch has a target of its own: the logits of the two answers. Leave --target out; see --answers.",
    ],
  ])("%j: refused", async (args, code, message) => {
    const outcome = await paramscope(["patch", ...args.map((arg) => arg.replace("FOLDER", folder))]);
    expect(outcome).toEqual({ code, stdout: "", stderr: `paramscope: ${message}\n` });
  });
});
