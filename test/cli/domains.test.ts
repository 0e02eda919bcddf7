import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CalibrationDocument, DomainsDocument } from "../../src/engine/document/document";
import { parseDocument } from "../../src/kinds/parse-document";
import { paramscope } from "./session";

const folders = ["samples/fiction", "samples/math", "samples/code-python"];
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
  await mkdir(join(folder, "single"));
  await writeFile(join(folder, "single", "one.txt"), "One.");
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("domains", () => {
  test("print each layer as it is done, then what they have in common and what not", async () => {
    const { code, stdout, stderr } = await paramscope(["domains", ...folders, "--window", "32"]);
    expect(code).toBe(0);
    expect(stderr).toBe(
      "The last of 4 texts of fiction was left out: another domain has 3.\nOf 9 of 9 texts only the first 32 tokens were taken.\n",
    );
    await expect(stdout.replace(/\d+(\.\d+)? s$/gm, "TIME")).toMatchFileSnapshot("golden/domains.txt");
    // what a layer's line says is what the table has of it
    const [, similarities = ""] = stdout.split("Mean similarity of");
    for (const [, layer, within, across] of stdout.matchAll(/^layer +(\d+) {2}within (\S+) {2}across (\S+)/gm))
      expect(similarities).toMatch(new RegExp(`^ *${layer} +${within} +${across} `, "m"));
  });

  test("are saved as a document", async () => {
    const saved = join(folder, "domains.paramscope");
    const options = ["--samples", "2", "--window", "16", "--no-contrast", "--json", "-o", saved];
    const { code, stdout } = await paramscope(["domains", ...folders, ...options]);
    expect(code).toBe(0);
    const document = (await parseDocument(stdout, "standard output")) as DomainsDocument;
    expect(await parseDocument(await readFile(saved, "utf8"), saved)).toEqual(document);
    expect(document.domains.map(({ name, texts }) => [name, texts])).toEqual([
      ["fiction", 2],
      ["math", 2],
      ["code-python", 2],
    ]);
  });

  test("with --prune say which texts to calibrate with for which", async () => {
    const { code, stdout, stderr } = await paramscope(["domains", ...folders, "--prune", "--window", "64"]);
    expect(code).toBe(0);
    expect(stderr).toBe(
      "The last of 4 texts of fiction was left out: another domain has 3.\nOf 2 of 2 calibration texts only the first 64 tokens were taken.\nThe calibration has only 128 tokens: with some thousands the choice is less a matter of chance.\n",
    );
    await expect(stdout.replace(/\d+(\.\d+)? s$/gm, "TIME")).toMatchFileSnapshot("golden/domains-prune.txt");
  });

  test("with --pool choose calibration texts for one, saved as a document", async () => {
    const saved = join(folder, "choice.paramscope");
    const options = [
      "--choose",
      "1",
      "--window",
      "32",
      "--windows",
      "1",
      "--criterion",
      "activation",
      "--json",
      "-o",
      saved,
    ];
    const { code, stdout } = await paramscope(["domains", folders[0], "--prune", "--pool", folders[1], ...options]);
    expect(code).toBe(0);
    const document = (await parseDocument(stdout, "standard output")) as CalibrationDocument;
    expect(await parseDocument(await readFile(saved, "utf8"), saved)).toEqual(document);
    expect(document).toMatchObject({ criterion: "activation", choice: { pool: "math", seed: 0 } });
    expect(document.calibrations.map(({ kind }) => kind)).toEqual(["chosen", "random", "random", "random"]);
  });

  test.each([
    [["samples/math"], 2, "domains needs two folders at least. Name another one."],
    [
      ["samples/math", "FOLDER/single"],
      1,
      "single has one text, and texts within a domain are compared with each other. Put at least two texts into each folder.",
    ],
    [["samples/math", "FOLDER/none"], 1, "FOLDER/none does not exist. Check the path."],
    [
      ["samples/math", "samples/news", "--threshold", "5e-6"],
      2,
      "domains takes the strongest share of each domain, not an absolute threshold. Write --threshold 10%.",
    ],
    [["samples/math", "samples/news", "--pool", "samples/news"], 2, "--pool says how to prune. Add --prune."],
    [["samples/math", "samples/news", "--sparsity", "0.4"], 2, "--sparsity says how to prune. Add --prune."],
    [
      ["samples/math", "samples/news", "--prune", "--no-contrast"],
      2,
      "--no-contrast has no meaning with --prune. Leave it out.",
    ],
    [
      ["samples/math", "--prune", "--pool", "samples/news"],
      2,
      "--pool and --choose belong together. Write --pool DIR --choose 8.",
    ],
    [
      ["samples/math", "samples/fiction", "--prune", "--pool", "samples/news", "--choose", "1"],
      2,
      "With --pool domains takes one folder, not 2. Name that which the pruned model is for.",
    ],
    [
      ["samples/math", "FOLDER/single", "--prune"],
      1,
      "single has one text, and some are kept from the calibration to measure perplexity on. Put at least two texts into each folder.",
    ],
  ])("%j: refused", async (args, code, message) => {
    const outcome = await paramscope(["domains", ...args.map((arg) => arg.replace("FOLDER", folder))]);
    expect(outcome).toEqual({ code, stdout: "", stderr: `paramscope: ${message.replaceAll("FOLDER", folder)}\n` });
  });
});
