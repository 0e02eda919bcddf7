import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paramscope } from "./session";

/* Layers of several kinds, with other matrices and other sizes of the same: every command goes through them and prints them. */

let folder = "";
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
  await mkdir(at("one"));
  await mkdir(at("two"));
  const [river, code] = ["The river rose in the night", "def mean(values): return sum(values)"];
  for (const i of [1, 2, 3, 4]) {
    await writeFile(at(`one/${i}.txt`), `${river}, ${i} times, and the fields were under water.`);
    await writeFile(at(`two/${i}.txt`), `${code} / ${i}`);
  }
  const pairs = ["The river rose.,The water came up.,4", "A cat sleeps.,Stocks fell.,1", "He reads.,She reads.,3.5"];
  await writeFile(at("pairs.csv"), ["a,b,score", ...pairs].join("\n"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe.each(["lfm2", "qwen3_5", "gemma4-multimodal"])("%s goes through", (fixture) => {
  const model = join("test", "fixtures", fixture);
  const prompts = ["--text", "The cat sat on", "--text", "The dog sat on", "--answers", " a, the"];
  const pruned = ["--sparsity", "0.5", "--window", "32"];

  test.each<[string, () => string[]]>([
    ["analyze", () => ["analyze", at("one"), "--baseline", "none", "--frequency"]],
    ["analyze with an answer", () => ["analyze", "--text", "The river", "--answer", " rose", "--baseline", "none"]],
    ["compare", () => ["compare", at("one"), at("two")]],
    ["domains", () => ["domains", at("one"), at("two"), "--samples", "4"]],
    ["pairs", () => ["pairs", at("pairs.csv")]],
    ["patch", () => ["patch", ...prompts]],
    ["patch of a branch", () => ["patch", ...prompts, "--site", "mlp"]],
    ["prune by Wanda", () => ["prune", at("one"), ...pruned, "--export", at(`${fixture}-pruned`)]],
    ["prune by SparseGPT", () => ["prune", at("one"), ...pruned, "--criterion", "sparsegpt"]],
    ["compare with the pruned", () => ["compare", at("one"), "--model-b", at(`${fixture}-pruned`)]],
    ["neurons", () => ["neurons", at("one/1.txt")]],
    ["estimate", () => ["estimate", "analyze", at("one")]],
  ])("%s", async (_, parameters) => {
    const { code, stdout, stderr } = await paramscope([...parameters(), "--model", model, "--quiet"]);
    expect(stderr).not.toContain("defect");
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(0);
  });
});

test("analyze says what of a hybrid is not scored, and of other models nothing", async () => {
  const noteOf = async (fixture: string): Promise<string | undefined> => {
    const parameters = ["analyze", "--text", "The river rose.", "--baseline", "none"];
    const { stdout, stderr } = await paramscope([...parameters, "--model", join("test", "fixtures", fixture)]);
    return /Not scored.*/.exec(stdout + stderr)?.[0];
  };
  expect(await noteOf("lfm2")).toBe("Not scored, since they are no matrices: filters of convolutions.");
  expect(await noteOf("qwen3_5")).toBe("Not scored, since they are no matrices: filters of convolutions, decays.");
  expect(await noteOf("gemma4")).toBeUndefined();
  expect(await noteOf("llama")).toBeUndefined();
});
