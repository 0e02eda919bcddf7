import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BitsDocument } from "../../src/engine/document/document";
import { GgufCheckpoint } from "../../src/engine/model/formats/gguf-checkpoint";
import { parseDocument } from "../../src/kinds/parse-document";
import { paramscope } from "./session";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const calibration = ["samples/fiction", "samples/science"];
const short = ["--window", "64", "--max-samples", "16"];

async function quantized(...args: string[]): Promise<BitsDocument> {
  const { code, stdout, stderr } = await paramscope(["quantize", ...calibration, ...short, ...args, "--json"]);
  expect([code, stderr]).toEqual([0, ""]);
  return (await parseDocument(stdout, "standard output")) as BitsDocument;
}

test("a choice is printed with what it costs beside other ways", async () => {
  const { code, stdout } = await paramscope([
    "quantize",
    ...calibration,
    ...short,
    "--evaluate",
    "samples/math/orchard.txt",
    "--compare",
    "all",
    "--prompt",
    "The river rose",
    "--quiet",
  ]);
  expect(code).toBe(0);
  const lines = stdout.split("\n");
  expect(lines[0]).toMatch(/^6 texts · demo · by sensitivity · 4\.5 bits a weight · [\d,]+ tokens · .* s$/);
  expect(stdout).toMatch(/^Divergence from the dense model on samples\/math\/orchard\.txt \(.*\): [\d.]+/m);
  for (const way of ["sensitivity", "activation", "output error", "one format for all"]) expect(stdout).toContain(way);
  // llama.cpp has nothing as small
  expect(stdout).not.toContain("mixture");
  expect(stdout).toContain('"The river rose" is continued');
});

test("it is within the size that was asked for, and nearly as large", async () => {
  for (const [size, bits] of [
    ["4.2bpw", 4.2],
    ["6", 6],
  ] as const) {
    const { size: made, tensors, model } = await quantized("--size", size);
    expect(made.bitsPerWeight).toBeLessThanOrEqual(bits);
    expect(made.bitsPerWeight).toBeGreaterThan(bits - 0.05);
    const bytes = tensors.map(({ format, options }) => options.find((option) => option.format === format)!.bytes);
    const all = tensors.reduce((sum, { parameters }) => sum + parameters, 0);
    expect(all).toBeLessThan(model.parameters);
    // what is kept is norms
    expect(made.bytes - bytes.reduce((a, b) => a + b)).toBe(4 * (model.parameters - all));
  }
});

test("the file is what the choice says: as large, in those formats, and with the divergence that was measured", async () => {
  const file = join(folder, "small.gguf");
  const evaluate = ["--evaluate", "samples/math/orchard.txt"];
  // so few bits that head and embedding, which are one here, lose something that is seen
  const document = await quantized("--size", "4.2", ...evaluate, "--gguf", file);
  const { size } = await stat(file);
  expect(document.files).toEqual([{ kind: "model", path: file, bytes: size }]);
  expect(size).toBeGreaterThan(document.size.bytes);

  // stored so already it loses nothing more, where what is stored is what may be chosen
  const formats = [...new Set(document.tensors.map(({ format }) => format))];
  const again = await quantized("--size", "8.6", "--formats", formats.join(","), "--model", file, ...evaluate);
  const [reopened, measured] = [again.evaluation!.dense.perplexity, document.evaluation!.quantized.perplexity];
  expect(Math.abs(reopened / measured - 1)).toBeLessThan(1e-3);
  expect(Math.abs(document.evaluation!.dense.perplexity / measured - 1)).toBeGreaterThan(3e-3);

  const refused = await paramscope(["quantize", ...calibration, ...short, "--gguf", file]);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    `paramscope: ${file} is there already. Name another file, or have this one replaced (--force).\n`,
  ]);
});

test("a recipe has what llama-quantize takes, and its importance matrix makes the same choice", async () => {
  const recipe = join(folder, "recipe");
  await mkdir(recipe);
  const made = await quantized("--size", "5", "--recipe", recipe);
  expect((await readdir(recipe)).sort()).toEqual(["imatrix.gguf", "types.txt"]);
  expect(made.files.map(({ kind }) => kind)).toEqual(["types", "imatrix"]);
  const types = (await readFile(join(recipe, "types.txt"), "utf8")).trimEnd().split("\n");
  const named = new Map(types.map((line) => line.split("=") as [string, string]));
  // embeddings have an option of their own
  expect(named.size).toBe(made.tensors.length - 1);
  const down = made.tensors.find(({ name }) => name === "model.layers.3.mlp.down_proj.weight");
  expect(named.get(String.raw`^blk\.3\.ffn_down\.weight$`)).toBe(down?.format.toLowerCase());
  expect(made.recipe?.slice(0, 3)).toEqual(["llama-quantize", "--imatrix", join(recipe, "imatrix.gguf")]);

  const again = await quantized("--size", "5", "--imatrix", join(recipe, "imatrix.gguf"));
  expect(again.tensors.map(({ format }) => format)).toEqual(made.tensors.map(({ format }) => format));

  // as llama-quantize says it
  const file = join(folder, "with.gguf");
  await quantized("--size", "5", "--imatrix", join(recipe, "imatrix.gguf"), "--gguf", file);
  const checkpoint = await GgufCheckpoint.open(file);
  const [{ header }] = checkpoint.stored;
  await checkpoint.close();
  expect(Object.fromEntries([...header.metadata].filter(([key]) => key.startsWith("quantize.")))).toEqual({
    "quantize.imatrix.file": "imatrix.gguf",
    "quantize.imatrix.dataset": "harbour.txt",
    "quantize.imatrix.entries_count": made.tensors.length - 1,
    "quantize.imatrix.chunks_count": 13,
  });

  const { code, stderr } = await paramscope(["quantize", ...calibration, "--recipe", recipe]);
  expect([code, stderr]).toEqual([
    1,
    `paramscope: ${join(recipe, "types.txt")} is there already. Name another file, or have this one replaced (--force).\n`,
  ]);
});

test("an importance matrix of another model is refused", async () => {
  const imatrix = join(folder, "recipe", "imatrix.gguf");
  const { code, stderr } = await paramscope([
    "quantize",
    ...calibration,
    "--imatrix",
    imatrix,
    "--model",
    "test/fixtures/llama",
    "--size",
    "6",
  ]);
  expect([code, stderr]).toEqual([1, expect.stringContaining(`${imatrix} is of another model: `)]);
});

test("both models answer questions, of which the first are taken", async () => {
  const { tasks } = await quantized("--size", "5", "--tasks", "test/data/tasks/piqa.jsonl", "--questions", "4");
  expect(tasks).toMatchObject({ source: "test/data/tasks/piqa.jsonl", kind: "PIQA", questions: 4 });
  const decided = await quantized("--size", "5", "--tasks", "test/data/tasks/piqa.jsonl", "--until-decided");
  expect(decided.tasks).toMatchObject({ questions: 5, available: 5 });
  const arc = "test/data/tasks/arc.jsonl";
  const { stdout } = await paramscope(["quantize", ...calibration, ...short, "--tasks", arc, "--quiet"]);
  expect(stdout).toMatch(
    /^Of the questions of ARC in test\/data\/tasks\/arc\.jsonl the dense model answers \d of 5 \(/m,
  );
});

describe("bad input", () => {
  test.each([
    [
      [],
      "There is no calibration text: what a matrix is worth depends on what texts need. Name files or folders of the kind that the model is for.",
    ],
    [
      ["a.txt", "--target", "loss"],
      "quantize asks for what rounding does to the loss of the texts, or to the spread of predictions. Leave --target and --answer out; --by says which.",
    ],
    [
      ["a.txt", "--threshold", "10%"],
      "quantize has no threshold: every weight counts by how much it matters. Leave --threshold out.",
    ],
    [["a.txt", "--compare", "all"], "--compare measures on a text, and none is given. Name one with --evaluate."],
    [
      ["a.txt", "--force"],
      "Nothing is written that --force could replace. Name a file with --gguf, or a folder with --recipe.",
    ],
    [["a.txt", "--questions", "3"], "There are no questions that --questions could bound. Name a file with --tasks."],
    [
      ["a.txt", "--size", "tiny"],
      "Option '--size <size>' argument 'tiny' is invalid. Write bits of a weight, 4.5bpw, a size, 300MB, or a mixture of llama.cpp: Q2_K, Q3_K_S, Q3_K_M, Q3_K_L, IQ4_XS, IQ4_NL, Q4_0, Q4_1, Q4_K_S, Q4_K_M, Q5_0, Q5_1, Q5_K_S, Q5_K_M, Q6_K, Q8_0. See paramscope --help.",
    ],
    [
      ["a.txt", "--formats", "Q4_0,Q9"],
      "Option '--formats <list>' argument 'Q4_0,Q9' is invalid. Write some of Q2_K, Q3_K, IQ4_XS, Q4_K, Q4_0, IQ4_NL, Q4_1, Q5_K, Q5_0, Q5_1, Q6_K, Q8_0, F16, BF16, with commas between them. See paramscope --help.",
    ],
  ])("%j: refused", async (args, message) => {
    expect(await paramscope(["quantize", ...args])).toEqual({
      code: 2,
      stdout: "",
      stderr: `paramscope: ${message}\n`,
    });
  });

  test.each([
    [
      ["--size", "2bpw"],
      "The weights cannot be as small as 1.38 MB: with the formats there are they take at least 2.84 MB, 4.12 bits a weight. Give at least 4.13 bits a weight.",
    ],
    [
      ["--size", "1kB"],
      "The weights cannot be as small as 0 bytes: with the formats there are they take at least 2.84 MB, 4.12 bits a weight. Give at least 4.13 bits a weight.",
    ],
    [
      ["--size", "4.2", "--by", "llama.cpp"],
      "No mixture of llama.cpp is as small as 2.89 MB. Choose by sensitivity, or give a larger size.",
    ],
  ])(
    "%j: nothing is so small, which is said before anything is computed, and nothing is written",
    async (args, message) => {
      const file = join(folder, "impossible.gguf");
      const run = await paramscope(["quantize", ...calibration, ...short, ...args, "--gguf", file, "--quiet"]);
      expect(run).toEqual({ code: 1, stdout: "", stderr: `paramscope: ${message}\n` });
      expect(await readdir(folder)).not.toContain("impossible.gguf");
    },
  );

  test("without a size it is 4.5 bits, or the least that there is", async () => {
    expect((await quantized()).size.asked).toBe("4.5 bits a weight");
    const { size } = await quantized("--model", "test/fixtures/llama");
    expect([size.asked, size.bytes]).toEqual(["as small as can be", size.least]);
  });

  test("a size above what is possible is said to be", async () => {
    const { run, size } = await quantized("--size", "30bpw");
    expect(run.notes).toContain(
      `The size is more than the weights can take: with the formats there are they take at most 11 MB.`,
    );
    expect(size.bytes).toBeLessThanOrEqual(size.most);
  });

  test("texts that predict nothing are said to be too short", async () => {
    const one = join(folder, "one.txt");
    await writeFile(one, "a");
    const { code, stderr } = await paramscope(["quantize", one, "--model", "test/fixtures/gpt2"]);
    expect([code, stderr]).toEqual([
      1,
      "paramscope: No calibration text has two tokens: what a matrix is worth is found in what the model predicts. Give some texts of the kind that the model is for.\n",
    ]);
  });

  test("what was seen in choosing is said to be, and that a model is quantised already", async () => {
    const letter = "samples/fiction/letter.txt";
    const file = join(folder, "small.gguf");
    const { stdout } = await paramscope(["quantize", letter, "--evaluate", letter, "--model", file, "--json"]);
    const { run } = JSON.parse(stdout) as BitsDocument;
    expect(run.notes.join(" ")).toMatch(
      /\d+ % of the evaluated tokens of samples\/fiction\/letter\.txt stand in calibration texts, too/,
    );
    expect(run.notes.join(" ")).toMatch(/small is quantised already \(.*Q5_0.*\): what it lost then is not seen here/);
  });
});

test("the model that is read is never written over", async () => {
  const file = join(folder, "small.gguf");
  const before = await readFile(file);
  const { code, stderr } = await paramscope([
    "quantize",
    ...calibration,
    ...short,
    "--model",
    file,
    "--gguf",
    file,
    "--force",
  ]);
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining("is the model that is read: it is not replaced. Name another file."),
  ]);
  expect((await readFile(file)).equals(before)).toBe(true);
});
