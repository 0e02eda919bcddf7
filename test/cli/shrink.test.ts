import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ShrinkDocument } from "../../src/engine/document/document";
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
const short = ["--window", "64", "--max-samples", "8"];
const evaluate = ["--evaluate", "samples/math/orchard.txt"];

async function shrunk(...args: string[]): Promise<ShrinkDocument> {
  const { code, stdout, stderr } = await paramscope(["shrink", ...calibration, ...short, ...args, "--json"]);
  expect([code, stderr]).toEqual([0, ""]);
  return (await parseDocument(stdout, "standard output")) as ShrinkDocument;
}

test("what goes is printed with what is left, what that costs, and other ways", async () => {
  const { code, stdout } = await paramscope([
    "shrink",
    ...calibration,
    ...short,
    "--layers",
    "2",
    ...evaluate,
    "--compare",
    "last,random",
    "--prompt",
    "The river rose",
    "--quiet",
  ]);
  expect(code).toBe(0);
  expect(stdout.split("\n")[0]).toMatch(
    /^\d texts · demo · without 2 of 12 layers, by activation · \d+ tokens · .* s$/,
  );
  expect(stdout).toMatch(/^Layers \d+ and \d+ go, in that order, 2 times measured anew\.$/m);
  expect(stdout).toMatch(
    /^What is left has [\d.]+M of 5\.51M parameters \(86 %\), and takes [\d.]+ MB in place of 11 MB\.$/m,
  );
  expect(stdout).toMatch(
    /^With Paramscope's own forward pass it reads [\d,]+ \(.*\) tokens a second in place of [\d,]+ \(/m,
  );
  expect(stdout).toContain("Its configuration says num_hidden_layers 10, not 12.");
  expect(stdout).toMatch(/^Divergence from the dense model on samples\/math\/orchard\.txt \(.*\): [\d.]+/m);
  for (const way of ["activation", "highest number", "chance"]) expect(stdout).toMatch(new RegExp(`^${way} `, "m"));
  expect(stdout).toContain('"The river rose" is continued');
});

test("other amounts are measured by the same ways, each as a run of that amount measures it", async () => {
  const args = ["--layers", "2", ...evaluate, "--compare", "random"];
  const { curve, evaluation, compared } = await shrunk(...args, "--curve", "4,2,1,4");
  expect(curve.map(({ by, removed }) => [by, removed])).toEqual([
    ["activation", 1],
    ["random", 1],
    ["activation", 4],
    ["random", 4],
  ]);
  // without other amounts the same
  const alone = await shrunk(...args);
  expect([alone.evaluation, alone.compared, alone.curve]).toEqual([evaluation, compared, []]);
  const four = await shrunk("--layers", "4", ...evaluate);
  const { by, removed, parameters, ...figures } = curve[2];
  expect([by, removed, parameters]).toEqual(["activation", 4, four.size.shrunk.parameters]);
  expect(figures).toEqual(four.evaluation?.shrunk);
  const { code, stdout } = await paramscope([
    ...["shrink", ...calibration, ...short, "--neurons", "25%", "--by", "magnitude", ...evaluate],
    ...["--curve", "12.5%,50%", "--quiet"],
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^neurons gone +parameters +chosen by +divergence/m);
  for (const row of ["64", "128", "256"])
    expect(stdout).toMatch(new RegExp(`^ +${row} +[\\d.]+M +size of weights`, "m"));
});

test("an exported model is the one that was measured, as a folder and as a GGUF file", async () => {
  const [less, gguf] = [join(folder, "less"), join(folder, "less.gguf")];
  const written = ["--export", less, "--gguf", gguf];
  const made = await shrunk("--neurons", "12.5%", ...evaluate, ...written);
  expect(made).toMatchObject({ structure: "neurons", removed: 64, of: 512, steps: 4 });
  expect(made.configuration).toEqual([{ key: "intermediate_size", dense: 512, shrunk: 448 }]);
  expect(made.files.map(({ kind, path }) => [kind, path])).toEqual([
    ["folder", less],
    ["gguf", gguf],
  ]);
  expect((await stat(gguf)).size).toBe(made.files[1]?.bytes);
  expect(await readdir(less)).toEqual(expect.arrayContaining(["config.json", "model.safetensors", "tokenizer.json"]));

  // what is left is shrunk on from there, and measured before that
  for (const model of [less, gguf]) {
    const again = await shrunk("--layers", "1", "--by", "last", ...evaluate, "--model", model);
    const [opened, measured] = [again.evaluation!.dense.perplexity, made.evaluation!.shrunk.perplexity];
    expect(Math.abs(opened / measured - 1)).toBeLessThan(1e-3);
  }

  const refused = await paramscope(["shrink", ...calibration, "--layers", "1", "--export", less]);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    `paramscope: ${less} holds an earlier export. Name another folder, or have this one replaced (--force).\n`,
  ]);
  const forced = await shrunk("--layers", "1", "--by", "last", ...written, "--force");
  expect(forced.files.map(({ kind }) => kind)).toEqual(["folder", "gguf"]);
});

test("a GGUF file is shrunk into a folder, and not into another one", async () => {
  const gguf = join(folder, "source.gguf");
  await shrunk("--layers", "1", "--by", "last", "--gguf", gguf);
  const less = join(folder, "from-gguf");
  const made = await shrunk("--heads", "50%", "--model", gguf, "--export", less);
  expect(made).toMatchObject({ structure: "heads", removed: 1, of: 2 });
  await shrunk("--layers", "1", "--by", "last", "--model", less);
  const { code, stderr } = await paramscope([
    "shrink",
    ...calibration,
    "--layers",
    "1",
    "--model",
    gguf,
    "--gguf",
    join(folder, "again.gguf"),
  ]);
  expect([code, stderr]).toEqual([
    1,
    `paramscope: ${gguf} is a GGUF file, of which no other one is made here. Export the shrunk model as a folder: of that GGUF files are written, in any formats.\n`,
  ]);
});

test("experts go with their rows of the router's", async () => {
  const model = ["--model", "test/fixtures/mixtral"];
  const { layers, configuration, size } = await shrunk("--experts", "25%", ...model);
  expect(configuration).toEqual([{ key: "num_local_experts", dense: 4, shrunk: 3 }]);
  expect(layers.every(({ units, gone }) => units === 4 && gone.length === 1)).toBe(true);
  // three matrices of 96 x 64 and a row of 64, in each of four layers
  expect(size.dense.parameters - size.shrunk.parameters).toBe(4 * (3 * 96 * 64 + 64));
});

test("both models answer questions", async () => {
  const { tasks } = await shrunk("--layers", "1", "--tasks", "test/data/tasks/piqa.jsonl", "--questions", "4");
  expect(tasks).toMatchObject({ source: "test/data/tasks/piqa.jsonl", kind: "PIQA", questions: 4 });
});

test("chance is the same for the same seed", async () => {
  const goneBy = async (seed: string): Promise<number[]> =>
    (await shrunk("--layers", "4", "--by", "random", "--seed", seed)).layers.flatMap(({ layer, isGone }) =>
      isGone ? [layer] : [],
    );
  const first = await goneBy("1");
  expect(await goneBy("1")).toEqual(first);
  expect(await goneBy("2")).not.toEqual(first);
});

test("nothing is left where a folder holds anything else, and the model itself stays", async () => {
  const other = join(folder, "other");
  await mkdir(other);
  await writeFile(join(other, "notes.txt"), "mine");
  const strange = await paramscope(["shrink", ...calibration, "--layers", "1", "--export", other, "--force"]);
  expect([strange.code, strange.stderr]).toEqual([
    1,
    `paramscope: ${other} holds notes.txt, which Paramscope did not write: it is not replaced. Name another folder.\n`,
  ]);
  const model = join(folder, "model");
  await cp("test/fixtures/llama", model, { recursive: true });
  const own = await paramscope([
    "shrink",
    ...calibration,
    "--layers",
    "1",
    "--model",
    model,
    "--export",
    model,
    "--force",
  ]);
  expect([own.code, own.stderr]).toEqual([
    1,
    `paramscope: ${model} has the model that is read: it is not replaced. Name another folder.\n`,
  ]);
  expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
});

describe("bad input", () => {
  test.each([
    [["a.txt"], "It is not said what is to go. Write --layers 2, --neurons 20%, --heads 25% or --experts 25%."],
    [
      ["a.txt", "--layers", "2", "--heads", "50%"],
      "--layers and --heads cannot go at once: what the one costs depends on the other. Take out one, export what is left, and shrink that.",
    ],
    [
      ["--layers", "2"],
      "There is no calibration text: what goes depends on what texts activate. Name files or folders of the kind that the model is for.",
    ],
    [
      ["a.txt", "--neurons", "20%", "--by", "perplexity"],
      "neurons are not chosen by perplexity: that takes a pass through the model for each of them. Choose by activation, magnitude, last or random.",
    ],
    [
      ["a.txt", "--layers", "1", "--compare", "all"],
      "--compare measures on a text, and none is given. Name one with --evaluate.",
    ],
    [
      ["a.txt", "--layers", "1", "--curve", "2"],
      "--curve measures on a text, and none is given. Name one with --evaluate.",
    ],
    [
      ["a.txt", "--layers", "1", "--evaluate", "b.txt", "--curve", "20%"],
      "Layers go by their number. Write --curve 1,2,4,6.",
    ],
    [
      ["a.txt", "--heads", "50%", "--evaluate", "b.txt", "--curve", "1,2"],
      "heads go by their share. Write --curve 10%,20%,30%.",
    ],
    [
      ["a.txt", "--layers", "1", "--curve", "1,x"],
      "Option '--curve <amounts>' argument '1,x' is invalid. Write numbers of layers, 1,2,4,6, or shares, 10%,20%,30%, with commas between them. See paramscope --help.",
    ],
    [
      ["a.txt", "--layers", "1", "--force"],
      "Nothing is written that --force could replace. Name a folder with --export, or a file with --gguf.",
    ],
    [
      ["a.txt", "--layers", "1", "--questions", "3"],
      "There are no questions that --questions could bound. Name a file with --tasks.",
    ],
    [
      ["a.txt", "--layers", "1", "--threshold", "10%"],
      "shrink has no threshold: what goes wholly counts by the sum of its weights' activations. Leave --threshold out.",
    ],
    [
      ["a.txt", "--neurons", "all"],
      "Option '--neurons <share>' argument 'all' is invalid. Write a share between nothing and all: 20%. See paramscope --help.",
    ],
  ])("%j: refused", async (args, message) => {
    expect(await paramscope(["shrink", ...args])).toEqual({ code: 2, stdout: "", stderr: `paramscope: ${message}\n` });
  });

  test.each([
    [["--layers", "12"], "0 of the 12 layers of demo would be left. Take out at most 11."],
    [
      ["--heads", "10%"],
      "That share of the 2 heads of each layer of demo is not one. Take out a larger share: one of them is 50 %.",
    ],
    [
      ["--experts", "25%"],
      "demo has no experts: its feed-forwards are no mixtures. Take out layers, neurons or heads.",
    ],
    [
      ["--experts", "75%", "--model", "test/fixtures/mixtral"],
      "mixtral sends every token to 2 experts, and 1 of 4 would be left. Take out at most 2, 50 %.",
    ],
  ])("%j: refused by name", async (args, message) => {
    const { code, stderr } = await paramscope(["shrink", "samples/fiction", ...args]);
    expect([code, stderr]).toEqual([1, `paramscope: ${message}\n`]);
  });
});
