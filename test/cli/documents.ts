import type { AnalysisDocument, ComparisonDocument, FrequencyDocument } from "../../src/engine/document/document";

/* Small documents, written by hand, as the engine would give them. */

const model = {
  name: "tiny",
  architecture: "llama",
  layers: 4,
  parameters: 1_234_567,
  scored: 800_000,
  path: "/models/tiny",
  hash: "0123456789abcdef",
};

const run = { runtime: "onnx", version: "0.1.0", seconds: 2.14, windowsSkipped: 0, notes: [] };

const tokens = [
  { id: 1, text: "<s>", start: -1, end: -1, saliency: 0.5 },
  { id: 7, text: "The", start: 0, end: 3, saliency: -0.2 },
  { id: 8, text: " <b>", start: 3, end: 7, saliency: 0.8 },
  { id: 9, text: " river", start: 7, end: 13, saliency: 0.1 },
];

function sample(source: string) {
  return {
    source,
    text: "The <b> river",
    offset: 0,
    targetToken: { id: 42, text: " rose" },
    targetValue: 12.345,
    targetProbability: 0.312,
    nextTokens: [{ id: 42, text: " rose", probability: 0.312 }],
    tokens,
  };
}

function measuresOf(density: number, parameters: number) {
  const active = Math.round(density * parameters);
  return {
    parameters,
    active,
    density: active / parameters,
    sum: density * parameters * 1e-6,
    l2: density / 100,
    max: density / 10,
  };
}

export function analysis(sources: readonly string[] = ["story.txt"]): AnalysisDocument {
  return {
    format: "paramscope.analysis",
    version: 1,
    model,
    run,
    target: "max-logit",
    samples: sources.map(sample),
    threshold: { mode: "share", share: 0.1, tau: 3.1234e-7 },
    layers: [0.18, 0.11, 0.08, 0.0301].map((density, layer) => ({
      layer,
      ...measuresOf(density, 200_000),
      modules: ["self_attn.qkv_proj", "self_attn.o_proj", "mlp.down_proj"].map((name, index) => ({
        name,
        shape: [400, 100] as [number, number],
        ...measuresOf((density * (index + 1)) / 2, 40_000),
        zeros: 12,
        histogram: { binsPerOctave: 16, firstBin: 1700, counts: [39_988] },
        parts:
          index === 0
            ? ["q", "k"].map((part, half) => ({
                name: part,
                rows: [[200 * half, 200 * half + 200]] as [number, number][],
                ...measuresOf(density / (half + 1), 20_000),
              }))
            : [],
        heads: [],
        rows: [1, 2],
        columns: [2, 1],
        top: [{ row: layer, column: index, value: density / 10, weight: -0.25 }],
      })),
    })),
  };
}

export function frequency(): FrequencyDocument {
  return {
    format: "paramscope.frequency",
    version: 1,
    model,
    run,
    target: "max-logit",
    samples: 3,
    share: 0.1,
    layers: [
      { layer: 0, counts: [700, 200, 60, 40], icc: 0.3079013749245034 },
      { layer: 1, counts: [800, 150, 50, 0], icc: 0.1276378984136225 },
    ],
  };
}

export function comparison(): ComparisonDocument {
  return {
    format: "paramscope.comparison",
    version: 3,
    model,
    run,
    target: "max-logit",
    template: null,
    a: { name: "a.txt", samples: [sample("a.txt")] },
    b: { name: "b.txt", samples: [sample("b.txt")] },
    share: 0.1,
    deep: [2, 4],
    layers: [0.9, 0.7, 0.5, 0.3].map((similarity, layer) => ({
      layer,
      similarity,
      contrast: null,
      overlap: similarity / 2,
      modules: ["self_attn.q_proj", "mlp.down_proj"].map((name, index) => ({
        name,
        similarity: similarity - index * 0.05,
        overlap: similarity / 2,
        parameters: 100,
        a: 2e-4,
        b: 3e-4,
        heads: [],
        onlyA: [{ row: 3, column: 4, a: 5e-5, b: 1e-9 }],
        onlyB: [],
      })),
    })),
    relevance: 0.4,
    contrastRelevance: null,
    percentile: null,
    percentiles: null,
    yardstick: null,
  };
}
