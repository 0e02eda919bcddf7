import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PairsDocument } from "../../src/engine/document/document";
import { ONE_WORD_TEMPLATE } from "../../src/engine/text/template";
import { parseDocument } from "../../src/kinds/parse-document";
import { paramscope } from "./session";

const stsb = "test/data/stsb-dev-100.tsv";
let folder = "";
let own = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
  own = join(folder, "own.csv");
  await writeFile(
    own,
    "left,right,human\nA cat sat.,A cat was sitting.,4.5\nA cat sat.,Shares fell.,0\nIt rains.,It snows.,2\n",
  );
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("sentence pairs", () => {
  test("print rho of each layer as it is done, then what it comes to", async () => {
    const { code, stdout, stderr } = await paramscope(["pairs", stsb, "--limit", "8"]);
    expect([code, stderr]).toEqual([0, "8 of 100 pairs were taken.\n"]);
    await expect(stdout.replace(/\d+(\.\d+)? s$/gm, "TIME")).toMatchFileSnapshot("golden/pairs.txt");
  });

  test("of any table with named columns are saved as a document", async () => {
    const saved = join(folder, "own.paramscope");
    const columns = ["--columns", "left,right,human"];
    const { code, stdout, stderr } = await paramscope([
      "pairs",
      own,
      ...columns,
      "-o",
      saved,
      "--json",
      "--no-contrast",
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    const document = (await parseDocument(stdout, "standard output")) as PairsDocument;
    expect(await parseDocument(await readFile(saved, "utf8"), saved)).toEqual(document);
    expect(document).toMatchObject({ source: own, texts: 5, template: ONE_WORD_TEMPLATE, contrastSpearman: null });
    expect(document.pairs.map(({ score }) => score)).toEqual([4.5, 0, 2]);
  });

  test("every n-th of those that are not skipped", async () => {
    const { stdout } = await paramscope(["pairs", stsb, "--skip", "1", "--every", "30", "--json", "--no-contrast"]);
    const lines = (await readFile(stsb, "utf8")).split("\n");
    const { pairs, run } = JSON.parse(stdout) as PairsDocument;
    expect(pairs.map(({ a }) => a)).toEqual([1, 31, 61, 91].map((line) => lines[line].split("\t")[5]));
    expect(run.notes).toEqual(["4 of 100 pairs were taken."]);
  });

  test.each([
    [
      ["--columns", "left,right"],
      2,
      "Option '--columns <names>' argument 'left,right' is invalid. Write three names with commas between: sentence1,sentence2,score. See paramscope --help.",
    ],
    [
      ["--columns", "left,right,score"],
      1,
      'FILE has no column "score": its first line has left, right, human. Name its columns, such as sentenceA,sentenceB,score (--columns).',
    ],
    [
      [],
      1,
      "FILE: it is not to be seen which columns are the sentences and the score (line 1: left, right, human). Name them, such as sentenceA,sentenceB,score (--columns).",
    ],
    [
      ["--columns", "left,right,human", "--skip", "1"],
      1,
      "FILE gives 2 pairs, and a correlation needs at least 3. Give more pairs.",
    ],
    [["--columns", "left,right,human", "--skip", "9"], 1, "FILE: no pair is left after --skip 9. Skip fewer."],
    [
      ["--columns", "left,right,human", "--template", "one word"],
      2,
      "Option '--template <template>' argument 'one word' is invalid. Write {text} where the text belongs, or none. See paramscope --help.",
    ],
    [["--text", "x"], 2, "pairs takes no --text. Name a file with pairs of sentences."],
  ])("%j is refused", async (options, code, message) => {
    const outcome = await paramscope(["pairs", own, ...options]);
    expect(outcome).toEqual({ code, stdout: "", stderr: `paramscope: ${message.replaceAll("FILE", own)}\n` });
  });
});
