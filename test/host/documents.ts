import type { AnalysisDocument } from "../../src/engine/document/document";

/** A result of nothing, that can be kept and read. */
export const emptyDocument: AnalysisDocument = {
  format: "paramscope.analysis",
  version: 1,
  model: { name: "demo", architecture: "llama", layers: 0, parameters: 1, scored: 1, path: "/demo", hash: "sha256:0" },
  run: { runtime: "onnx", version: "0", seconds: 1, windowsSkipped: 0, notes: [] },
  target: "max-logit",
  samples: [],
  threshold: { mode: "share", share: 0.1, tau: 0 },
  layers: [],
};
