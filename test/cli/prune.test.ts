import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PruningDocument } from "../../src/engine/document/document";
import { parseDocument } from "../../src/kinds/parse-document";
import { paramscope } from "./session";

const harbour = "samples/fiction/harbour.txt";
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
  await writeFile(join(folder, "short.txt"), "a");
  for (const [name, value] of Object.entries({ words: [0.5, "half"], none: [], two: [0.5, 0.6] }))
    await writeFile(join(folder, `${name}.json`), JSON.stringify(value));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("pruning", () => {
  test("prints each layer as it is done, then what went, what it costs and what the model then writes", async () => {
    const options = ["--window", "64", "--evaluate", harbour, "--windows", "2", "--prompt", "Once upon a time"];
    const { code, stdout, stderr } = await paramscope(["prune", "samples/fiction", ...options]);
    expect(code).toBe(0);
    expect(stderr).toBe(
      "Of 4 of 4 calibration texts only the first 64 tokens were taken.\nThe calibration has only 256 tokens: with some thousands the choice is less a matter of chance.\n50 % of the evaluated tokens of samples/fiction/harbour.txt stand in calibration texts, too: what pruning costs on texts that it has not seen is another question.\n",
    );
    await expect(stdout.replace(/\d+(\.\d+)? s$/gm, "TIME")).toMatchFileSnapshot("golden/prune.txt");
  });

  test("of a mixture of experts has one column for all experts' matrices of one name", async () => {
    const model = ["--model", "test/fixtures/qwen3_moe", "--window", "64", "--quiet"];
    const { code, stdout } = await paramscope(["prune", "samples/fiction", ...model]);
    expect(code).toBe(0);
    await expect(stdout.replace(/\d+(\.\d+)? s$/gm, "TIME")).toMatchFileSnapshot("golden/prune-mixture.txt");
  });

  test("by magnitude needs no text", async () => {
    const { code, stdout, stderr } = await paramscope([
      "prune",
      "--criterion",
      "magnitude",
      "--allocation",
      "uniform",
      "--sparsity",
      "30%",
      "--quiet",
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("1,415,556 of 4,718,592 weights are 0 now.");
  });

  test("is saved as a document", async () => {
    const saved = join(folder, "pruning.paramscope");
    const options = ["--pattern", "2:4", "--window", "32", "--json", "-o", saved];
    const { code, stdout } = await paramscope(["prune", harbour, ...options]);
    expect(code).toBe(0);
    const document = (await parseDocument(stdout, "standard output")) as PruningDocument;
    expect(await parseDocument(await readFile(saved, "utf8"), saved)).toEqual(document);
    expect(document).toMatchObject({
      criterion: "wanda",
      sparsity: 0.5,
      pattern: { pruned: 2, of: 4 },
      perplexity: null,
    });
    for (const { parameters, zeros } of document.layers) expect(2 * zeros).toBe(parameters);
  });

  test("writes the pruned model, and another one over it only by force", async () => {
    const target = join(folder, "pruned");
    const args = ["prune", "--criterion", "magnitude", "--allocation", "uniform", "--export", target];
    const { code, stdout } = await paramscope(args);
    expect(code).toBe(0);
    const [, , sizes] = stdout.slice(stdout.indexOf("The pruned model is in")).split(/: |\n/);
    expect(stdout).toContain(
      `The pruned model is in ${target}: 11 MB of weights.\nCompressed by zstd they take about `,
    );
    expect(sizes).toMatch(/^Compressed by zstd they take about [\d.]+ MB, those of the dense model [\d.]+ MB\.$/);
    const refused = await paramscope(args);
    expect([refused.code, refused.stderr.replace(folder, "FOLDER")]).toEqual([
      1,
      "paramscope: FOLDER/pruned holds an earlier export. Name another folder, or have this one replaced (--force).\n",
    ]);
    const analysed = await paramscope([
      "analyze",
      harbour,
      "--window",
      "32",
      "--max-samples",
      "1",
      "--model",
      target,
      "--quiet",
    ]);
    expect(analysed.code).toBe(0);
    expect((await paramscope([...args, "--force", "--quiet"])).code).toBe(0);
  });

  test("by outliers is evaluated beside the same share of every layer; saved, its allocation is taken again", async () => {
    const saved = join(folder, "owl.paramscope");
    const shared = ["prune", "samples/fiction", "--window", "64", "--quiet"];
    const evaluated = ["--allocation", "owl", "--strength", "20%", "--evaluate", "README.md", "-o", saved];
    const { code, stdout } = await paramscope([...shared, "--sparsity", "0.6", ...evaluated]);
    expect(code).toBe(0);
    expect(stdout).toContain("Wanda, 60 %, allocated by outliers (± 20 %)");
    expect(stdout).toMatch(
      /^The allocation (is worth it|costs|has bought nothing that could be told) here: perplexity \S+ allocated by outliers, \S+ where every layer loses the same share/m,
    );
    const again = await paramscope([...shared, "--allocation", saved, "--json"]);
    const document = (await parseDocument(again.stdout, "standard output")) as PruningDocument;
    const before = (await parseDocument(await readFile(saved, "utf8"), saved)) as PruningDocument;
    expect(document.allocation).toBe("given");
    expect(document.sparsity).toBeCloseTo(0.6, 9);
    expect(document.layers.map(({ zeros }) => zeros)).toEqual(before.layers.map(({ zeros }) => zeros));
    expect(new Set(before.layers.map(({ sparsity }) => sparsity.toFixed(3))).size).toBeGreaterThan(6);
  });

  test("is estimated without being done", async () => {
    const { code, stdout } = await paramscope(["estimate", "prune", harbour, "--criterion", "sparsegpt", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ command: "prune", model: "demo", samples: 1 });
    // what SparseGPT changes, as float32
    expect(JSON.parse(stdout)).toMatchObject({ spilled: 4 * 4_718_592 });
  });

  test.each([
    [
      [],
      2,
      "There is no calibration text: what goes depends on what texts activate. Name files or folders, or write --criterion magnitude --allocation uniform.",
    ],
    [
      [harbour, "--sparsity", "1.5"],
      2,
      "Option '--sparsity <s>' argument '1.5' is invalid. Write a share from 0 to 0.95, such as 0.5 or 50%. See paramscope --help.",
    ],
    [
      [harbour, "--sparsity=-10%"],
      2,
      "Option '--sparsity <s>' argument '-10%' is invalid. Write a share from 0 to 0.95, such as 0.5 or 50%. See paramscope --help.",
    ],
    [
      [harbour, "--sparsity", "half"],
      2,
      "Option '--sparsity <s>' argument 'half' is invalid. Write a share from 0 to 0.95, such as 0.5 or 50%. See paramscope --help.",
    ],
    [
      [harbour, "--pattern", "2"],
      2,
      "Option '--pattern <n:m>' argument '2' is invalid. Write how many of how many go: 2:4 or 4:8. See paramscope --help.",
    ],
    [
      [harbour, "--pattern", "2:4", "--sparsity", "0.5"],
      2,
      "Option '--pattern <n:m>' cannot be used with option '--sparsity <s>'. See paramscope --help.",
    ],
    [
      [harbour, "--pattern", "3:7"],
      1,
      "The pattern 3:7 does not fit demo: self_attn.q_proj has 192 inputs, which 7 does not divide. Use another pattern, or a sparsity.",
    ],
    [
      [harbour, "--evaluate", "FOLDER/short.txt"],
      1,
      "FOLDER/short.txt has one token for this model: perplexity is that of tokens predicted from those before. Give a longer text to evaluate.",
    ],
    [
      [harbour, "--allocation", "actvation"],
      2,
      "There is neither an allocation nor a file actvation. Write --allocation uniform, activation, owl or a JSON file.",
    ],
    [
      [harbour, "--allocation", "FOLDER/words.json"],
      1,
      "FOLDER/words.json gives layer 1 no share from 0 to 0.95. Write a JSON list such as [0.4, 0.5, 0.6], a share for each layer, or name what `paramscope prune --output` saved.",
    ],
    [
      [harbour, "--allocation", "FOLDER/none.json"],
      1,
      "FOLDER/none.json lists no layers. Write a JSON list such as [0.4, 0.5, 0.6], a share for each layer, or name what `paramscope prune --output` saved.",
    ],
    [
      [harbour, "--allocation", "FOLDER/two.json"],
      1,
      "The allocation is of 2 layers, and demo has 12. Give one sparsity for each layer, shallowest first.",
    ],
    [
      [harbour, "--allocation", "uniform", "--strength", "5%"],
      2,
      "--strength has no meaning where nothing is reckoned of the layers. Leave it out, or write --allocation activation or owl.",
    ],
    [
      [harbour, "--allocation", "owl", "--strength", "0"],
      2,
      "Option '--strength <share>' argument '0' is invalid. Write a share above 0, at most 0.95, such as 0.08 or 8%. See paramscope --help.",
    ],
    [
      [harbour, "--allocation", "FOLDER/two.json", "-o", "FOLDER/two.json"],
      1,
      "FOLDER/two.json is what is read: it is not written over. Name another file.",
    ],
    [[harbour, "--evaluate", "samples/fiction"], 2, "samples/fiction holds 4 texts. Name one file to evaluate."],
    [
      [harbour, "--threshold", "5e-6"],
      2,
      "prune takes the strongest share as active, not an absolute threshold. Write --threshold 10%.",
    ],
    [
      [harbour, "--memory", "100MiB"],
      1,
      /^Pruning needs at least \d+ MiB here, and it may use 100 MiB\. Allow it \d+ MiB, or give less text \(--memory, --window\)\.$/,
    ],
  ] as const)("%j: refused", async (args, code, message) => {
    const outcome = await paramscope(["prune", ...args.map((arg) => arg.replace("FOLDER", folder))]);
    expect([outcome.code, outcome.stdout]).toEqual([code, ""]);
    const line = outcome.stderr.replaceAll(folder, "FOLDER").replace(/^paramscope: (.*)\n$/, "$1");
    if (typeof message === "string") expect(line).toBe(message);
    else expect(line).toMatch(message);
  });
});
