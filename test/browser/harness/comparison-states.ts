import type { ComparisonDocument } from "../../../src/engine/document/document";
import type { ComparisonState } from "../../../src/pages/comparison";
import { commandLine } from "./states";

export function compared(...args: readonly string[]): ComparisonDocument {
  return commandLine("compare", ...args) as ComparisonDocument;
}

export function done(document: ComparisonDocument, saved = false): ComparisonState {
  return { phase: "done", title: `${document.a.name} and ${document.b.name}`, document, saved };
}

/** As deep as a model of seven billion parameters: the layers repeated. */
function deepened(document: ComparisonDocument, layers: number): ComparisonDocument {
  return {
    ...document,
    deep: [layers / 2, layers - 2],
    model: { ...document.model, name: `demo × ${layers} layers`, layers },
    layers: Array.from({ length: layers }, (_, layer) => ({
      ...document.layers[Math.floor((layer * document.layers.length) / layers)],
      layer,
    })),
  };
}

/** Every state that the view can be in. */
export function allStates(
  prompts: ComparisonDocument,
  files: ComparisonDocument,
  same: ComparisonDocument,
  mixture: ComparisonDocument,
): Record<string, ComparisonState> {
  const layers = prompts.layers.length;
  const about = {
    title: "lines.txt:1 and lines.txt:3–5",
    a: { name: "lines.txt:1", beginning: prompts.a.samples[0].text },
    b: { name: "lines.txt:3–5", beginning: prompts.b.samples[0].text },
  };
  const running = { ...about, phase: "running", model: "demo" } as const;
  const streamed = prompts.layers
    .slice(5)
    .reverse()
    .map(({ layer, similarity, overlap }) => ({ layer, similarity, overlap }));
  return {
    empty: { phase: "empty" },
    queued: { ...running, progress: { phase: "queued", done: 0, layers: 0, share: 0 }, layers: [] },
    unrelated: {
      ...running,
      progress: { phase: "backward", of: "unrelated texts", done: 3, layers, share: 0.4, secondsLeft: 6 },
      layers: [],
    },
    streaming: {
      ...running,
      progress: { phase: "backward", done: 7, layers, share: 0.62, secondsLeft: 0.8 },
      layers: streamed,
    },
    done: done(prompts),
    files: done({ ...files, run: { ...files.run, notes: ["2 of 7 files were not taken: they are empty."] } }),
    same: done(same),
    mixture: done(mixture),
    deep: done(deepened(prompts, 32)),
    "without-yardstick": done({
      ...prompts,
      contrastRelevance: null,
      percentile: null,
      percentiles: null,
      yardstick: null,
      layers: prompts.layers.map((layer) => ({
        ...layer,
        contrast: null,
        modules: layer.modules.map((module) => ({ ...module, background: undefined })),
      })),
    }),
    saved: done(prompts, true),
    cancelled: { ...about, phase: "cancelled", layers: streamed, layerCount: layers },
    "cancelled-early": { ...about, phase: "cancelled", layers: [], layerCount: layers },
    interrupted: { phase: "interrupted", title: about.title, model: "SmolLM2-135M", target: "loss" },
    error: {
      phase: "error",
      title: "a.txt and b.txt",
      kind: "user",
      message: "A comparison takes the strongest share of each matrix, not an absolute threshold.",
      remedy: "Set the threshold to a share, such as 10%.",
    },
    crash: {
      phase: "error",
      title: "a.txt and b.txt",
      kind: "crash",
      message: "The scoring process ended unexpectedly (signal SIGKILL). The machine may be out of memory.",
      remedy: "Lower the memory budget in the settings, or choose a smaller model.",
    },
  };
}
