import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AnalysisDocument, FrequencyDocument } from "../../src/engine/document/document";
import { parseDocument } from "../../src/kinds/parse-document";
import { paramscope, repository, type Outcome } from "./session";

const story = "samples/fiction/harbour.txt";
let folder = "";
/** Of the story, as several tests look at it. */
let printed: Outcome;
let document: AnalysisDocument;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paramscope-"));
  printed = await paramscope(["analyze", story]);
  document = await analysis(story);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function analysis(...args: string[]): Promise<AnalysisDocument> {
  const { code, stdout, stderr } = await paramscope(["analyze", ...args, "--json"]);
  expect([code, stderr]).toEqual([0, ""]);
  return (await parseDocument(stdout, "standard output")) as AnalysisDocument;
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** Time differs from run to run. */
const withoutTime = (text: string) => text.replace(/\d+(\.\d+)? (s|min \d+ s)$/gm, "TIME");

describe("the table of a text", () => {
  test("layers as they are done, deepest first, then the tables", async () => {
    const { code, stdout, stderr } = printed;
    expect([code, stderr]).toEqual([0, ""]);
    await expect(withoutTime(stdout)).toMatchFileSnapshot("golden/analyze.txt");
  });

  test("of a mixture of experts: who gets tokens, and all experts' matrices of one name in one column", async () => {
    const model = ["--model", "test/fixtures/qwen3_moe", "--baseline", "none"];
    const { code, stdout } = await paramscope(["analyze", "samples/fiction/letter.txt", ...model, "--quiet"]);
    expect(code).toBe(0);
    await expect(withoutTime(stdout)).toMatchFileSnapshot("golden/analyze-mixture.txt");
  });

  test("--quiet prints the tables alone", async () => {
    const quiet = await paramscope(["analyze", story, "--quiet"]);
    expect(quiet.stdout.startsWith(story)).toBe(true);
    expect(withoutTime(printed.stdout)).toContain(withoutTime(quiet.stdout));
  });

  test("what was left out is said on standard error", async () => {
    const { stderr } = await paramscope(["analyze", "samples/fiction", "--max-samples", "4", "--window", "40"]);
    expect(stderr).toMatch(/^4 of \d+ windows of \d long texts were taken: a run takes at most 4\.$/m);
  });

  test("--profile says where the time went", async () => {
    const { stdout, stderr } = await paramscope(["analyze", story, "--profile", "--json"]);
    expect(stderr).toMatch(/^part +time +share\n/);
    await expect(parseDocument(stdout, "x")).resolves.toBeDefined();
  });

  test("a reader that closes the pipe is no failure", async () => {
    const cli = process.env.PARAMSCOPE_CLI ?? join(repository, "dist/cli.cjs");
    const run = promisify(execFile)("sh", ["-c", `"${process.execPath}" "${cli}" analyze ${story} | head -n 1`], {
      cwd: repository,
    });
    expect(await run).toMatchObject({ stderr: "", stdout: expect.stringMatching(/^layer 11 .*\n$/) as string });
  });
});

describe("the document of a text", () => {
  test("adds up", () => {
    const { model, threshold, layers, run } = document;
    expect(model).toMatchObject({ name: "demo", architecture: "llama", layers: 12 });
    expect(run).toMatchObject({ runtime: "onnx", version: "0.1.0", window: 256, maxSamples: 64, chat: false });
    expect(threshold).toMatchObject({ mode: "share", share: 0.1 });
    expect(sum(layers.map(({ parameters }) => parameters))).toBe(model.scored);
    expect(sum(layers.map(({ active }) => active)) / model.scored).toBeCloseTo(0.1, 4);
    for (const { modules, ...layer } of layers) {
      expect(sum(modules.map(({ active }) => active))).toBe(layer.active);
      expect(layer.density).toBeCloseTo(layer.active / layer.parameters, 9);
      for (const { shape, parameters, zeros, histogram, rows, columns, ...module } of modules) {
        expect(shape[0] * shape[1]).toBe(parameters);
        expect(zeros + sum(histogram.counts)).toBe(parameters);
        expect(rows).toHaveLength(Math.min(256, shape[0]));
        expect(columns).toHaveLength(Math.min(256, shape[1]));
        expect(sum(rows) / module.sum).toBeCloseTo(1, 4);
        expect(sum(columns) / module.sum).toBeCloseTo(1, 4);
        expect(module.top[0].value / module.max).toBeCloseTo(1, 4);
      }
    }
  });

  test("holds the text and its tokens, each a slice of it", async () => {
    const { samples } = document;
    expect(samples).toHaveLength(1);
    expect(samples[0].text).toBe(await readFile(join(repository, story), "utf8"));
    for (const { text, start, end } of samples[0].tokens.filter((token) => token.start >= 0)) {
      expect(text).toBe(samples[0].text.slice(start, end));
    }
  });

  test("samples stand in the order of the arguments", async () => {
    const files = ["samples/news/bridge.txt", "samples/german/werkstatt.txt"];
    const { samples } = await analysis(...files, "--text", "One.", "--text", "Two.", "--window", "64");
    const sources = [...new Set(samples.map(({ source }) => source))];
    expect(sources).toEqual([...files, "text 1", "text 2"]);
  });

  test("standard input is a text like any other", async () => {
    const { stdout } = await paramscope(["analyze", "-", "--json"], { input: "\uFEFFThe river rose" });
    const fromPipe = (await parseDocument(stdout, "x")) as AnalysisDocument;
    const fromOption = await analysis("--text", "The river rose");
    expect(fromPipe.samples[0]).toMatchObject({ source: "-", text: "The river rose", offset: 0 });
    expect(fromPipe.layers).toEqual(fromOption.layers);
  });

  test("every target has its token and its value", async () => {
    const text = "The river rose in the night";
    const of = async (target: string) => (await analysis("--text", text, "--target", target)).samples[0];
    expect(await of("loss")).toMatchObject({ targetToken: null });
    const second = await of("next-token:2");
    const [, , third] = second.tokens;
    expect(second.targetToken?.id).toBe(third.id);
    expect(second.targetValue).toBeCloseTo(Math.log(second.targetProbability ?? NaN), 3);
    const highest = await of("max-logit");
    expect(highest.targetToken?.id).toBe(highest.nextTokens[0].id);
  });

  test("an answer stands behind the text, given or the model's own", async () => {
    const text = "The river rose in the night";
    const given = (await analysis("--text", text, "--answer", " and the rain")).samples[0];
    expect(given).toMatchObject({ text, answer: { text: " and the rain" }, targetToken: null });
    const tokens = given.answer?.tokens ?? 0;
    expect(
      given.tokens
        .slice(-tokens)
        .map(({ text: own }) => own)
        .join(""),
    ).toBe(" and the rain");
    for (const { start, saliency } of given.tokens.slice(-tokens))
      expect([start, saliency]).toEqual([-1, expect.any(Number)]);
    // the likelihood of the answer is that of its tokens one after the other
    const each = await Promise.all(
      Array.from({ length: tokens }, async (_, i) => {
        const position = given.tokens.length - tokens + i;
        const [sample] = (await analysis("--text", `${text} and the rain`, "--target", `next-token:${position}`))
          .samples;
        return sample.targetValue;
      }),
    );
    expect(given.targetValue).toBeCloseTo(sum(each), 3);

    const own = (await analysis("--text", text, "--target", "answer")).samples[0];
    expect(own.answer?.tokens).toBeGreaterThan(0);
    expect(own.answer?.tokens).toBeLessThanOrEqual(16);
    // greedy: it begins with the likeliest token
    expect(own.tokens.at(-(own.answer?.tokens ?? 0))?.id).toBe(own.nextTokens[0].id);
    expect((await paramscope(["analyze", "--text", text, "--answer", "x", "--target", "loss"])).stderr).toBe(
      "paramscope: --answer asks for the target answer, and --target for loss. Leave one of them out.\n",
    );
    expect((await paramscope(["analyze", "--text", text, "--answer", ""])).code).not.toBe(0);
  });

  test("an absolute threshold counts what is above it", async () => {
    const absolute = await analysis(story, "--threshold", String(document.threshold.tau));
    expect(absolute.threshold.mode).toBe("absolute");
    expect(absolute.threshold.share).toBeCloseTo(0.1, 3);
  });

  test("--frequency prints how often each parameter is in the top sets", async () => {
    const { stdout } = await paramscope(["analyze", "samples/math", "--frequency", "--json", "--window", "64"]);
    const { format, layers, samples, model } = (await parseDocument(stdout, "x")) as FrequencyDocument;
    expect(format).toBe("paramscope.frequency");
    for (const { counts } of layers) expect(counts).toHaveLength(samples + 1);
    expect(sum(layers.map(({ counts }) => sum(counts)))).toBe(model.scored);
  });

  test("--frequency of a mixture counts by expert", async () => {
    const model = ["--model", "test/fixtures/qwen3_moe", "--baseline", "none"];
    const args = [
      "analyze",
      "samples/fiction",
      "--max-samples",
      "6",
      "--window",
      "32",
      "--frequency",
      "--quiet",
      ...model,
    ];
    const { stdout } = await paramscope(args);
    const frequencies = stdout.slice(stdout.indexOf("How many of the 6 samples"));
    await expect(frequencies).toMatchFileSnapshot("golden/frequency-mixture.txt");
  });

  test("--positions has what is known up to each token", async () => {
    const { stdout } = await paramscope(["analyze", "--text", "The moon lifts the water.", "--positions", "--json"]);
    const { positions, samples } = JSON.parse(stdout) as AnalysisDocument;
    expect(positions?.at).toHaveLength(samples[0].tokens.length);
    const last = positions?.at.at(-1);
    expect(last?.loss).toBeNull();
    expect(last?.next.map(({ text }) => text)).toEqual(samples[0].nextTokens.map(({ text }) => text));
  });

  test("--ablate says what the prediction is without a head, and without a neuron", async () => {
    const places = ["--ablate", "layer 5 k head 1", "--ablate", "Layer 9 neuron 211"];
    const { stdout } = await paramscope(["analyze", "--text", "The moon lifts the water.", "--quiet", ...places]);
    const said = stdout.split("\n").filter((line) => line.includes("Without it"));
    expect(said).toEqual([
      expect.stringMatching(/^Layer 5 k head 1: Without it ".*" .* Taking away the other head of that matrix changes/),
      expect.stringMatching(/^Layer 9 neuron 211: Without it ".*" .* of the 15 others that were tried, of 5\d\d of/i),
    ]);
    const json = await paramscope(["analyze", "--text", "The moon lifts the water.", "--json", ...places]);
    const { ablations } = (await parseDocument(json.stdout, "printed")) as AnalysisDocument;
    expect(ablations).toMatchObject([
      { sample: 0, level: "head", layer: 5, module: "self_attn.k_proj", index: 1 },
      { sample: 0, level: "neuron", layer: 9, module: "mlp.down_proj", index: 211 },
    ]);
  });

  test("--ablate of an answer tells of its first token", async () => {
    const args = ["--text", "The moon lifts", "--answer", " the water", "--ablate", "layer 11 o head 0", "--json"];
    const { ablations, samples } = JSON.parse((await paramscope(["analyze", ...args])).stdout) as AnalysisDocument;
    const [{ answer, tokens }] = samples;
    expect(ablations?.[0]?.token.id).toBe(tokens.at(-(answer?.tokens ?? NaN))?.id);
  });

  test.each([
    ["constructor", "There is no place called 'constructor'."],
    ["layer 99 k head 0", "demo has no layer 99 k head 0."],
    ["layer 5 up head 0", "demo has no layer 5 up head 0."],
    ["layer 5 neuron 99999", "demo has no layer 5 neuron 99999."],
  ])("--ablate %s is refused in one line, before anything is computed", async (place, said) => {
    const { code, stdout, stderr } = await paramscope(["analyze", "--text", "x", "--ablate", place]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.startsWith(`paramscope: ${said} `)).toBe(true);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("what --ablate takes is in the estimate", async () => {
    const of = async (...more: string[]) => {
      const { stdout } = await paramscope(["estimate", "analyze", story, "--baseline", "none", "--json", ...more]);
      return (JSON.parse(stdout) as { diskRead: number; samples: number }) ?? {};
    };
    const [alone, ablated] = [await of(), await of("--ablate", "layer 0 k head 0")];
    expect(ablated.samples).toBe(alone.samples);
    expect(ablated.diskRead).toBeGreaterThan(alone.diskRead);
  });

  test("--frequency of one sample has nothing to count", async () => {
    const { code, stderr } = await paramscope(["analyze", story, "--frequency"]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `paramscope: Frequencies say in how many of several samples a weight is among the strongest, and ${story} is one sample. Take a folder or several files; a text longer than a window counts as several samples.\n`,
    );
  });

  test("--output saves it, --report shows it, --json prints it", async () => {
    const saved = join(folder, "story.paramscope");
    const report = join(folder, "story.html");
    const own = await analysis(story, "--output", saved, "--report", report);
    expect(await parseDocument(await readFile(saved, "utf8"), saved)).toEqual(own);
    expect(await readFile(report, "utf8")).toContain(`<title>${story} · demo`);
    expect((await readdir(folder)).sort()).toEqual(["story.html", "story.paramscope"]);
  });
});

describe("a run that is interrupted", () => {
  test.skipIf(process.platform === "win32")("ends with 130 and leaves nothing behind", async () => {
    const output = join(folder, "interrupted");
    const { code, stderr } = await paramscope(["analyze", "samples", "-o", output, "--report", `${output}.html`], {
      env: { TMPDIR: folder },
      interrupt: (stdout) => (stdout.includes("layer 11") ? "SIGINT" : undefined),
    });
    expect(code).toBe(130);
    // of two files one could be there
    expect(stderr).toBe("paramscope: Stopped by you. A file that it was writing is whole or not there.\n");
    expect((await readdir(folder)).filter((name) => name.includes("interrupted"))).toEqual([]);
  });
});

describe("a text that the target does not fit", () => {
  test.each<[string, string]>([
    ["a", "loss"],
    ["The river", "next-token:9"],
  ])("%j with %s fails with one line", async (text, target) => {
    const file = join(folder, "short.txt");
    await writeFile(file, text);
    const { code, stdout, stderr } = await paramscope(["analyze", file, "--target", target]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^paramscope: [^\n]+\. [^\n]+\n$/);
    expect(stderr).not.toContain("defect");
  });

  test("a model without a chat template fails with --chat", async () => {
    const { code, stderr } = await paramscope(["analyze", story, "--chat"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^paramscope: [^\n]*chat template[^\n]*\n$/);
  });
});
