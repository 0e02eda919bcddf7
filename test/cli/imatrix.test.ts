import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { paramscope } from "./session";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});
const at = (name: string): string => join(folder, name);

async function made(name: string, ...texts: readonly string[]): Promise<void> {
  const { code, stderr } = await paramscope(["imatrix", ...texts, "-o", at(name), "--quiet"]);
  expect([code, stderr]).toEqual([0, ""]);
}

describe("an importance matrix", () => {
  test("is made of folders of texts, and says what is in it", async () => {
    const { code, stdout, stderr } = await paramscope(["imatrix", "samples/fiction", "-o", at("i.gguf")]);
    expect([code, stderr]).toEqual([
      0,
      "The ends of 2 texts, 56 tokens in all, were left out: each less than a quarter window.\n",
    ]);
    await expect(stdout.replaceAll(folder, "DIR")).toMatchFileSnapshot("golden/imatrix.txt");
    expect((await readFile(at("i.gguf"))).subarray(0, 4).toString()).toBe("GGUF");
  });

  test("of several files is shown and written as one", async () => {
    const [story, code] = ["samples/fiction/harbour.txt", "samples/science/tides.txt"];
    await made("a.gguf", story);
    await made("b.gguf", code);
    const merged = await paramscope([
      "imatrix",
      "--imatrix",
      at("a.gguf"),
      "--imatrix",
      at("b.gguf"),
      "-o",
      at("ab.gguf"),
    ]);
    expect(merged.code).toBe(0);
    expect(merged.stdout).toContain(`: ${story}, ${code}\n`);
    const added = await paramscope(["imatrix", code, "--imatrix", at("a.gguf"), "-o", at("added.gguf"), "--json"]);
    const shown = await paramscope(["imatrix", "--imatrix", at("ab.gguf"), "--json"]);
    interface Shown {
      readonly datasets: readonly string[];
      readonly tensors: readonly { readonly name: string; readonly total: number }[];
    }
    const [one, other] = [added, shown].map(({ stdout }) => JSON.parse(stdout) as Shown);
    expect(one.datasets).toEqual([story, code]);
    expect(one.tensors.map(({ name }) => name)).toEqual(other.tensors.map(({ name }) => name));
    one.tensors.forEach(({ total }, i) => {
      expect(total / other.tensors[i].total).toBeCloseTo(1, 5);
    });
  });

  test("that is there already stays, unless it is to be replaced", async () => {
    await writeFile(at("i.gguf"), "earlier");
    const args = ["imatrix", "--text", "The river rose.", "-o", at("i.gguf"), "--quiet"];
    expect(await paramscope(args)).toEqual({
      code: 1,
      stdout: "",
      stderr: `paramscope: ${at("i.gguf")} is there already. Name another file, or have this one replaced (--force).\n`,
    });
    expect(await readFile(at("i.gguf"), "utf8")).toBe("earlier");
    expect((await paramscope([...args, "--force"])).code).toBe(0);
    expect(await readdir(folder)).toEqual(["i.gguf"]);
  });
});

describe("what is no importance matrix, or another model's, is refused", () => {
  test("a text, a model, nothing", async () => {
    await writeFile(at("words.txt"), "These are words and nothing else.");
    for (const [file, said] of [
      [at("words.txt"), "it is neither a GGUF file nor one of the older kind."],
      ["test/data/gguf-whole/llama-yarn.gguf", "it is a model (llama)."],
    ])
      expect(await paramscope(["imatrix", "--imatrix", file])).toEqual({
        code: 1,
        stdout: "",
        stderr: `paramscope: ${file} is no importance matrix: ${said} Name a file that llama-imatrix or paramscope imatrix has written.\n`,
      });
    expect((await paramscope(["imatrix", "--imatrix", at("none")])).stderr).toBe(
      `paramscope: ${at("none")} does not exist. Check the path.\n`,
    );
  });

  test("another model's; what it says nothing of is noted", async () => {
    await made("demo.gguf", "samples/fiction/harbour.txt");
    const { code, stderr } = await paramscope([
      "imatrix",
      "--imatrix",
      at("demo.gguf"),
      "--model",
      "test/fixtures/llama",
    ]);
    expect([code, stderr]).toEqual([
      1,
      `paramscope: ${at("demo.gguf")} is of another model: it has 192 columns of blk.0.attn_q.weight, and the model has 64. Name the importance matrix of this model, or make one.\n`,
    ]);
  });

  test("a model that GGUF files have no names for", async () => {
    const { code, stderr } = await paramscope([
      "imatrix",
      "--text",
      "x",
      "--model",
      "test/fixtures/opt",
      "-o",
      at("i.gguf"),
    ]);
    expect([code, stderr]).toEqual([
      1,
      "paramscope: test/fixtures/opt is of the architecture opt, of which GGUF files are not written. Convert it with llama.cpp's convert_hf_to_gguf.py, and give the file that it writes.\n",
    ]);
    expect(await readdir(folder)).toEqual([]);
  });
});
