import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ComparisonDocument } from "../../src/engine/document/document";
import { ONE_WORD_TEMPLATE } from "../../src/engine/text/template";
import { parseDocument } from "../../src/kinds/parse-document";
import { paramscope } from "./session";

const a = "samples/french/jardin.txt";
const b = "samples/german/werkstatt.txt";
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function comparison(...args: string[]): Promise<ComparisonDocument> {
  const { code, stdout, stderr } = await paramscope(["compare", ...args, "--json"]);
  expect([code, stderr]).toEqual([0, ""]);
  return (await parseDocument(stdout, "standard output")) as ComparisonDocument;
}

describe("a comparison", () => {
  test("prints layers as they are done, then the table", async () => {
    const { code, stdout, stderr } = await paramscope(["compare", a, b]);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^samples\/french\/jardin\.txt was cut into 2 samples: how alike .* up to what the model reads\.\n$/,
    );
    await expect(stdout.replace(/\d+(\.\d+)? s$/gm, "TIME")).toMatchFileSnapshot("golden/compare.txt");
  });

  test("of a mixture of experts: which experts either side's tokens go to, and the router by one name", async () => {
    const texts = ["samples/fiction/letter.txt", "samples/math/parity.txt"];
    const { code, stdout } = await paramscope(["compare", ...texts, "--model", "test/fixtures/qwen3_moe", "--quiet"]);
    expect(code).toBe(0);
    await expect(stdout.replace(/\d+(\.\d+)? s$/gm, "TIME")).toMatchFileSnapshot("golden/compare-mixture.txt");
  });

  test("of a text with itself is 1 everywhere", async () => {
    const { layers, relevance, deep } = await comparison(a, a);
    expect(deep).toEqual([9, 10]);
    for (const { similarity, overlap } of layers) {
      expect(similarity).toBeCloseTo(1, 5);
      expect(overlap).toBe(1);
    }
    expect(relevance).toBeCloseTo(1, 5);
  });

  test("of two short texts is within a template, and among unrelated texts", async () => {
    const texts = ["--text", "A man is playing a guitar.", "--text", "A woman plays the flute."];
    const document = await comparison(...texts);
    expect(document).toMatchObject({
      target: "spread",
      template: ONE_WORD_TEMPLATE,
      yardstick: { a: { length: "short" } },
    });
    expect(document.yardstick?.pairs).toBeGreaterThan(1000);
    expect(document.percentile).toBeGreaterThan(0.5);
    // of a token within them nothing is measured of texts as they stand, which takes ten seconds
    expect((await comparison(...texts, "--template", "none", "--target", "next-token:2")).template).toBeNull();
    const deeper = await comparison(...texts, "--deep", "2-4");
    expect(deeper.deep).toEqual([2, 5]);
    expect(deeper.layers).toEqual(document.layers);
    expect((await paramscope(["compare", ...texts, "--deep", "20-40"])).stderr).toBe(
      "paramscope: The deep layers 20 to 40 were asked for, and the model has the layers 0 to 11. Name layers that it has.\n",
    );
  });

  test("of a text that was cut says why it has no place among unrelated texts, of several texts nothing", async () => {
    const cut = await comparison("samples/fiction/harbour.txt", b, "--window", "64", "--max-samples", "4");
    const [why = ""] = cut.run.notes.filter((note) => note.includes("no place"));
    expect(why).toMatch(
      /^samples\/fiction\/harbour\.txt was cut into \d+ samples: how alike the two are has no place among unrelated texts, which are single samples\. A larger window takes it whole, up to what the model reads\.$/,
    );
    expect(cut.yardstick).toBeNull();
    const sets = await comparison("samples/fiction", "samples/math", "--window", "64", "--max-samples", "4");
    expect(sets.run.notes.join(" ")).not.toContain("no place");
  });

  test("of short texts and a few words is placed by what comes with the bundled model, and measures nothing", async () => {
    const texts = ["The river rose.", "A man is playing a guitar in the street before the old town hall."];
    const env = { XDG_CACHE_HOME: folder, LOCALAPPDATA: folder };
    for (const first of texts)
      for (const second of texts) {
        const { code, stdout } = await paramscope(["compare", "--text", first, "--text", second], { env });
        expect(code).toBe(0);
        expect(stdout).toContain("pairs of unrelated texts (their median is");
      }
    expect(existsSync(join(folder, "paramscope", "yardstick"))).toBe(false);
  });

  test("of two texts is the same both ways, and its relevance is the mean of the deep layers", async () => {
    const there = await comparison(a, b);
    const back = await comparison(b, a);
    for (const [layer, { similarity, overlap }] of there.layers.entries()) {
      expect(back.layers[layer].similarity).toBeCloseTo(similarity, 5);
      expect(back.layers[layer].overlap).toBeCloseTo(overlap, 5);
    }
    const [from, to] = there.deep;
    const deep = there.layers.slice(from, to).map(({ similarity }) => similarity);
    expect(there.relevance).toBeCloseTo(deep.reduce((x, y) => x + y) / deep.length, 6);
  });

  test("takes saved results, runs their texts with their model, and finds the same", async () => {
    const saved = join(folder, "a.paramscope");
    const run = await paramscope(["analyze", a, "-q", "-o", saved, "-m", "test/fixtures/llama", "--target", "loss"]);
    expect(run.code).toBe(0);
    const fromSaved = await comparison(saved, b);
    const fromFiles = await comparison(a, b, "-m", "test/fixtures/llama", "--target", "loss");
    expect(fromSaved.model.name).toBe(fromFiles.model.name);
    expect(fromSaved.target).toBe("loss");
    expect(fromSaved.layers).toEqual(fromFiles.layers);
  });

  test("takes folders, and texts themselves", async () => {
    const folders = await comparison("samples/french", "samples/spanish", "--window", "64", "--max-samples", "3");
    expect(folders.a.samples.length).toBeGreaterThan(1);
    const texts = await comparison("--text", "The cat sat.", "--text", "The dog ran.");
    expect([texts.a.name, texts.b.name]).toEqual(["text 1", "text 2"]);
  });
});

describe("an estimate", () => {
  test.each([
    ["analyze samples/news"],
    [`compare ${a} ${b}`],
    ["domains samples/french samples/spanish"],
    ["domains samples/french samples/spanish --prune --windows 2"],
    ["domains samples/french --pool samples/spanish --choose 1 --prune"],
    ["pairs test/data/stsb-dev-100.tsv --no-contrast"],
    ["patch --text 11 --text 22"],
    [`prune ${a}`],
    [`neurons ${a} ${b}`],
  ])("of %s", async (line) => {
    const { code, stdout, stderr } = await paramscope(["estimate", ...line.split(" ")]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^\w+ · demo · \d+ samples?, [\d,]+ tokens\ntime .*\nmemory .*\ndisk .*\n(.+\.\n)*$/);
  });

  test("as JSON has every figure", async () => {
    const { stdout } = await paramscope(["estimate", "analyze", a, "--json"]);
    const cost = JSON.parse(stdout) as Record<string, unknown>;
    expect(cost).toMatchObject({ format: "paramscope.estimate", command: "analyze", model: "demo" });
    expect(Object.keys(cost)).toEqual(
      expect.arrayContaining(["seconds", "memory", "leastMemory", "diskRead", "spilled"]),
    );
  });
});
