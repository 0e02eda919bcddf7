import { describe, expect, test } from "vitest";
import { analysisLines, matrixLines } from "../../src/cli/render/analysis";
import { comparisonLines } from "../../src/cli/render/comparison";
import { estimateLines } from "../../src/cli/render/estimate";
import { frequencyLines } from "../../src/cli/render/frequency";
import { shortNames } from "../../src/format/matrix-names";
import { plain } from "../../src/cli/terminal/style";
import { analysis, comparison, frequency } from "./documents";

const golden = (name: string) => `golden/render-${name}`;
const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

describe("what a person sees", () => {
  test("of an analysis", async () => {
    const document = analysis();
    const lines = [...analysisLines(document, plain), "", ...matrixLines(document, plain, Infinity)];
    await expect(text(lines)).toMatchFileSnapshot(golden("analysis.txt"));
  });

  test("of an analysis of several texts", () => {
    expect(analysisLines(analysis(["a", "b"]), plain)[0]).toBe(
      "2 texts · tiny · max-logit, mean of 2 samples · 8 tokens · 2.1 s",
    );
  });

  test("of an analysis in which nothing is active", () => {
    const document = analysis();
    const layers = document.layers.map((layer) => ({ ...layer, active: 0, density: 0 }));
    expect(analysisLines({ ...document, layers }, plain).at(-1)).toBe("No weight is active at this threshold.");
  });

  test("of matrices, only where there is room", () => {
    const wide = matrixLines(analysis(), plain, Infinity);
    const width = Math.max(...wide.map((line) => line.length));
    expect(matrixLines(analysis(), plain, width)).toEqual(wide);
    expect(matrixLines(analysis(), plain, width - 1)).toEqual([]);
  });

  test("of a comparison", async () => {
    await expect(text(comparisonLines(comparison(), plain))).toMatchFileSnapshot(golden("comparison.txt"));
  });

  test("of frequencies", async () => {
    await expect(text(frequencyLines(frequency(), plain, 80))).toMatchFileSnapshot(golden("frequency.txt"));
  });

  test("of an estimate", () => {
    const cost = { seconds: [0.5, 61] as const, memory: 9.1e8, leastMemory: 4e8, diskRead: 1.9e8, spilled: 2e9 };
    const of = { command: "analyze", model: "tiny", samples: 1, tokens: 1234 };
    expect(estimateLines({ ...cost, ...of })).toEqual([
      "analyze · tiny · 1 sample, 1,234 tokens",
      "time    0.5 s to 1 min 1 s",
      "memory  910 MB (it can be done with 400 MB)",
      "disk    190 MB to read, 2 GB to keep in a temporary file",
    ]);
    expect(estimateLines({ ...cost, ...of, diskReadAtMost: true })[3]).toBe(
      "disk    up to 190 MB to read, 2 GB to keep in a temporary file",
    );
    const once = { seconds: [0.4, 50] as const, of: "typical texts" as const };
    expect(estimateLines({ ...cost, ...of, once })[1]).toBe(
      "time    0.5 s to 1 min 1 s, 0.4 s to 50 s of it to measure typical texts, once",
    );
  });
});

test("matrices are named as shortly as they can be told apart", () => {
  expect(shortNames(["self_attn.q_proj", "mlp.down_proj"])).toEqual(["q", "down"]);
  expect(shortNames(["attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"])).toEqual([
    "c_attn",
    "attn.c_proj",
    "c_fc",
    "mlp.c_proj",
  ]);
});
