import { describe, expect, test } from "vitest";
import type { BitsDocument } from "../../src/engine/document/document";
import {
  bitsTitle,
  costSentences,
  fileSentences,
  formatsSentence,
  lossFinding,
  plannedSentence,
  quantizeCommand,
  sizeSentence,
  waysFinding,
} from "../../src/format/bits";
import { bitsGrid, roundingCosts, tensorName } from "../../src/format/bits-grid";

type Tensor = BitsDocument["tensors"][number];

const tensor = (layer: number | null, module: string, format: string, cost: number | null): Tensor => ({
  name: `model.${layer}.${module}`,
  layer,
  module,
  parameters: 3200,
  columns: 32,
  format,
  options: [
    { format: "Q4_0", bytes: 1800, cost: cost === null ? null : 4 * cost, outputError: 0.01 },
    { format: "Q8_0", bytes: 3400, cost, outputError: 0.0001 },
  ],
});

const measured = (divergences: readonly number[]) => ({
  perplexity: 20.4,
  agreement: 0.9,
  divergence: divergences.reduce((a, b) => a + b) / divergences.length,
  divergences: [...divergences],
  losses: divergences.map((divergence) => 3 + divergence),
});

const windows = [0.011, 0.012, 0.01, 0.013, 0.011, 0.012];
/** Twice as much on every window, and the same on the average. */
const twice = windows.map((value) => 2 * value);
const alike = windows.map((value, i) => value + (i % 2 === 0 ? 0.004 : -0.004));

function documentOf(changes: Partial<BitsDocument> = {}): BitsDocument {
  return {
    format: "paramscope.bits",
    version: 1,
    model: {
      name: "small",
      architecture: "llama",
      layers: 2,
      parameters: 13_000,
      scored: 9600,
      path: "small",
      hash: "",
    },
    run: { runtime: "onnx", version: "0.1.0", seconds: 4.2, windowsSkipped: 0, notes: [] },
    calibration: { sources: ["a.txt", "b.txt"], samples: 3, tokens: 2048, window: 512 },
    by: "sensitivity",
    mixture: null,
    formats: ["Q4_0", "Q8_0"],
    size: { asked: "4.5 bits a weight", bytes: 7_000, bitsPerWeight: 4.31, stored: 26_000, least: 7_000, most: 26_000 },
    kept: 200,
    tensors: [
      tensor(0, "self_attn.q_proj", "Q4_0", 0.1),
      tensor(0, "mlp.down_proj", "Q8_0", 0.3),
      tensor(1, "mlp.down_proj", "Q8_0", 0.2),
      tensor(null, "embedding", "Q4_0", 0.05),
    ],
    evaluation: {
      text: "wiki.txt",
      window: 256,
      windows: windows.length,
      available: 40,
      tokens: windows.map(() => 255),
      dense: { perplexity: 20, losses: windows.map(() => 3) },
      quantized: measured(windows),
    },
    curve: [],
    continuation: null,
    files: [],
    recipe: null,
    ...changes,
  };
}

const point = (
  by: BitsDocument["by"],
  bytes: number,
  divergences: readonly number[],
  mixture: string | null = null,
) => ({
  by,
  mixture,
  bytes,
  bitsPerWeight: (8 * bytes) / 13_000,
  ...measured(divergences),
});

test("what was chosen is said with what it takes and took", () => {
  const document = documentOf();
  expect(bitsTitle(document)).toBe("2 texts · small · by sensitivity · 4.31 bits a weight · 2,048 tokens · 4.2 s");
  expect(sizeSentence(document)).toBe(
    "The weights take 7 kB, 4.31 bits each on the average; as they are stored now they take 26 kB.",
  );
  expect(formatsSentence(document)).toBe("Of 4 matrices 2 in Q4_0 and 2 in Q8_0.");
});

test("what it costs has intervals, but for a few windows", () => {
  const document = documentOf();
  expect(costSentences(document.evaluation!)).toEqual([
    "Divergence from the dense model on wiki.txt (6 windows of 256 tokens): 0.0115 (0.0104 to 0.0126).",
    "Perplexity: dense 20, quantised 20.4, 1.01 × dense (1.01 to 1.01). At 90 % of 1,530 positions both find the same token the likeliest.",
  ]);
  const few = {
    ...document.evaluation!,
    windows: 1,
    tokens: [255],
    dense: { perplexity: 20, losses: [3] },
    quantized: measured([0.01]),
  };
  expect(costSentences(few)[0]).toBe("Divergence from the dense model on wiki.txt (256 tokens): 0.01.");
});

describe("how it compares with other ways", () => {
  test("is said where windows are certain of it, either way round", () => {
    const curve = [
      point("uniform", 7_100, twice, "Q4_0"),
      point(
        "activation",
        7_000,
        windows.map((value) => value / 2),
      ),
    ];
    expect(waysFinding(documentOf({ curve }))).toBe(
      "The divergence is less than by one format for all, Q4_0 of 7.1 kB (0.5 ×). The divergence is more than by activation (2 ×).",
    );
  });

  test("is within what windows vary where they are not", () => {
    expect(waysFinding(documentOf({ curve: [point("activation", 7_000, alike)] }))).toBe(
      "How it compares with activation is within what windows vary.",
    );
  });

  test("is not said of what is smaller, nor of other sizes of the same way, nor where nothing was measured", () => {
    expect(waysFinding(documentOf({ curve: [point("uniform", 6_000, twice, "Q4_0")] }))).toBe("");
    expect(waysFinding(documentOf({ curve: [point("sensitivity", 9_000, twice)] }))).toBe("");
    expect(waysFinding(documentOf({ evaluation: null, curve: [point("uniform", 7_100, twice)] }))).toBe("");
  });

  test("is with the smallest of those that are no smaller", () => {
    const curve = [point("llama.cpp", 9_000, alike, "Q5_K_M"), point("llama.cpp", 6_990, twice, "Q4_K_M")];
    expect(waysFinding(documentOf({ curve }))).toBe(
      "The divergence is less than by llama.cpp's mixture, Q4_K_M (0.5 ×).",
    );
  });
});

describe("where most is expected to be lost", () => {
  const nameOf = (document: BitsDocument) => (one: Tensor) => tensorName(bitsGrid(document), one);

  test("is said of the matrix with the largest share", () => {
    const document = documentOf();
    expect(lossFinding(document, nameOf(document))).toBe(
      "Layer 0 q, in Q4_0, takes the largest share of what is expected to be lost: 36 %.",
    );
  });

  test("is not said where two print alike, where nothing is lost, or was measured by something else", () => {
    const two = documentOf({
      tensors: [tensor(0, "mlp.down_proj", "Q8_0", 0.3), tensor(1, "mlp.down_proj", "Q8_0", 0.3)],
    });
    expect(lossFinding(two, nameOf(two))).toBe("");
    const nothing = documentOf({ tensors: [tensor(0, "mlp.down_proj", "Q8_0", 0)] });
    expect(lossFinding(nothing, nameOf(nothing))).toBe("");
    const other = documentOf({ by: "uniform" });
    expect(lossFinding(other, nameOf(other))).toBe("");
  });
});

test("matrices stand in a grid, experts' as one, and what is outside beside it", () => {
  const document = documentOf({
    tensors: [
      tensor(0, "self_attn.q_proj", "Q4_0", 0.1),
      tensor(1, "self_attn.q_proj", "Q4_0", 0.1),
      tensor(1, "mlp.experts.*.gate_proj", "Q8_0", 0.1),
      tensor(null, "head", "Q8_0", 0.1),
    ],
  });
  const { titles, rows, outside } = bitsGrid(document);
  expect(titles).toEqual(["q", "gate of experts"]);
  expect(rows.map(({ layer, tensors }) => [layer, ...tensors.map((one) => one?.format)])).toEqual([
    [0, "Q4_0", undefined],
    [1, "Q4_0", "Q8_0"],
  ]);
  expect(outside.map((one) => tensorName(bitsGrid(document), one))).toEqual(["head"]);
  expect(tensorName(bitsGrid(document), document.tensors[2])).toBe("layer 1 gate of experts");
});

test("files are named, with what to do with them", () => {
  const files = [{ kind: "model" as const, path: "small.gguf", bytes: 94e6 }];
  expect(fileSentences(documentOf({ files }))).toEqual(["The model is in small.gguf: 94 MB."]);
  expect(fileSentences(documentOf())).toEqual([]);
  const made = [
    { kind: "types" as const, path: "r/types.txt", bytes: 10 },
    { kind: "imatrix" as const, path: "r/imatrix.gguf", bytes: 10 },
  ];
  expect(fileSentences(documentOf({ files: made, recipe: ["llama-quantize", "my model.gguf", "Q4_0"] }))).toEqual([
    "The formats of its tensors are in r/types.txt.",
    "The importance of columns is in r/imatrix.gguf.",
    "llama.cpp makes the same file by: llama-quantize 'my model.gguf' Q4_0",
  ]);
});

describe("a choice at another size", () => {
  test("is said to be planned, with what was measured instead", () => {
    const document = documentOf();
    expect(plannedSentence(document, document)).toBe("");
    const planned = documentOf({ evaluation: null });
    expect(plannedSentence(document, planned)).toBe(
      "These formats are planned: what they cost was not measured, only what 4.31 bits cost.",
    );
    expect(plannedSentence(planned, documentOf())).toBe("These formats are planned: what they cost was not measured.");
  });

  test("has a command that makes it, quoted for a shell", () => {
    const { run, calibration } = documentOf();
    const document = documentOf({
      run: { ...run, chat: true },
      calibration: { ...calibration, sources: ["a.txt", "it's; rm.txt"] },
    });
    expect(quantizeCommand(document, 5)).toBe(
      "paramscope quantize a.txt 'it'\\''s; rm.txt' --model small --size 5bpw --window 512 --max-samples 3 --chat --formats Q4_0,Q8_0 --gguf small-5bpw.gguf",
    );
  });
});

describe("what rounding costs, all in one format", () => {
  test("is of the average weight, in the format nearest to 4.5 bits that all matrices of the layers have", () => {
    const [q, v] = [tensor(0, "q", "Q8_0", 0.4), tensor(1, "v", "Q4_0", 0.1)];
    const outside = { ...tensor(null, "embedding", "Q8_0", 1), options: [] };
    const costs = roundingCosts({ tensors: [q, v, outside] });
    expect(costs?.format).toBe("Q4_0");
    expect([q, v, outside].map((one) => costs?.costOf(one))).toEqual([1.6 / 3200, 0.4 / 3200, undefined]);
  });

  test("is not said where no format is common to all, nor where nothing was measured", () => {
    const [q, v] = [tensor(0, "q", "Q8_0", 0.4), tensor(1, "v", "Q8_0", 0.1)];
    const apart = [
      { ...q, options: q.options.slice(0, 1) },
      { ...v, options: v.options.slice(1) },
    ];
    expect(roundingCosts({ tensors: apart })).toBeUndefined();
    expect(roundingCosts({ tensors: [tensor(0, "q", "Q4_0", null)] })).toBeUndefined();
    expect(roundingCosts({ tensors: [] })).toBeUndefined();
  });
});
