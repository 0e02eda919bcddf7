import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { elementAt } from "../../../src/engine/numbers/elements";
import type { AnalysisDocument } from "../../../src/engine/document/document";
import type { AnalysisState, StreamedAnalysisLayer } from "../../../src/pages/analysis";

/** A document of the real engine, by the built command line: what writes no file runs once where files of tests share documents. */
export function commandLine(...args: readonly string[]): unknown {
  const { SHARED_DOCUMENTS: shared } = process.env;
  if (shared === undefined || args.includes("--report")) return JSON.parse(outputOf(args));
  const path = join(shared, createHash("sha256").update(JSON.stringify(args)).digest("hex"));
  if (!existsSync(path)) {
    // whole or not at all: another file's tests may look for it
    const own = `${path}.${process.pid}`;
    writeFileSync(own, outputOf(args));
    renameSync(own, path);
  }
  return JSON.parse(readFileSync(path, "utf8"));
}

function outputOf(args: readonly string[]): string {
  return execFileSync(process.execPath, ["dist/cli.cjs", ...args, "--json"], { encoding: "utf8", maxBuffer: 2 ** 28 });
}

export function analyzed(...args: readonly string[]): AnalysisDocument {
  return commandLine("analyze", ...args) as AnalysisDocument;
}

export function done(document: AnalysisDocument, title = "harbour.txt", saved = false): AnalysisState {
  return { phase: "done", title, document, saved };
}

/** As deep as a model of seven billion parameters: the layers repeated. */
export function deepened(document: AnalysisDocument, layers: number): AnalysisDocument {
  const copied = Array.from({ length: layers }, (_, layer) => Math.floor((layer * document.layers.length) / layers));
  const { typical } = document;
  const begins = document.layers.map((_, i) =>
    document.layers.slice(0, i).reduce((sum, { modules }) => sum + modules.length, 0),
  );
  const ratios = typical && {
    ...typical.ratios,
    layer: copied.map((from) => elementAt(typical.ratios.layer, from)),
    matrix: copied.flatMap((from) =>
      typical.ratios.matrix.slice(
        begins[from],
        elementAt(begins, from) + elementAt(document.layers, from).modules.length,
      ),
    ),
  };
  return {
    ...document,
    model: { ...document.model, name: `demo × ${layers} layers`, layers },
    layers: copied.map((from, layer) => ({ ...elementAt(document.layers, from), layer })),
    ...(typical && ratios && { typical: { ...typical, ratios } }),
  };
}

/** As many experts as a large mixture has: those of each layer repeated, with ever fewer of the tokens. */
export function widened(document: AnalysisDocument, times: number): AnalysisDocument {
  const copies = Array.from({ length: times }, (_, copy) => copy);
  return {
    ...document,
    model: { ...document.model, name: `mixture × ${times}` },
    layers: document.layers.map((layer) => {
      const { routing, modules } = layer;
      if (routing === undefined) return layer;
      const moved = (name: string, copy: number): string =>
        name.replace(/\.(\d+)\./, (_, expert) => `.${Number(expert) + copy * routing.experts.length}.`);
      const names = new Set(routing.experts.flatMap((expert) => expert.modules));
      return {
        ...layer,
        modules: [
          ...modules.filter(({ name }) => !names.has(name)),
          ...copies.flatMap((copy) =>
            modules
              .filter(({ name }) => names.has(name))
              .map((module) => ({ ...module, name: moved(module.name, copy), sum: module.sum / (copy + 1) })),
          ),
        ],
        routing: {
          ...routing,
          experts: copies.flatMap((copy) =>
            routing.experts.map((expert) => ({
              tokens: Math.floor(expert.tokens / (copy + 1)),
              modules: expert.modules.map((name) => moved(name, copy)),
            })),
          ),
        },
      };
    }),
  };
}

function streamed({ layers }: AnalysisDocument, from: number): StreamedAnalysisLayer[] {
  return layers
    .slice(from)
    .reverse()
    .map(({ layer, parameters, sum }) => ({ layer, meanActivation: sum / parameters }));
}

/** Nothing that a model is used to. */
export const DIGITS = "3 1 4 1 5 9 2 6 5 3 5 8 9 7 9 3 2 3 8 4 6 2 6 4 3 3 8 3 2 7 9 5 0 2 8 8.";

/** Every state that the panel can be in. */
export function allStates(
  one: AnalysisDocument,
  several: AnalysisDocument,
  fused: AnalysisDocument,
  explained: AnalysisDocument,
  mixture: AnalysisDocument,
): Record<string, AnalysisState> {
  const running = { phase: "running", title: "harbour.txt", model: "demo" } as const;
  const layers = one.layers.length;
  return {
    empty: { phase: "empty" },
    queued: { ...running, progress: { phase: "queued", done: 0, layers, share: 0 }, layers: [] },
    starting: { ...running, progress: { phase: "starting", done: 0, layers, share: 0 }, layers: [] },
    forward: { ...running, progress: { phase: "forward", done: 4, layers, share: 0.1, secondsLeft: 3.2 }, layers: [] },
    streaming: {
      ...running,
      progress: { phase: "backward", done: 7, layers, share: 0.62, secondsLeft: 0.8 },
      layers: streamed(one, 5),
    },
    done: done(one),
    several: done(
      {
        ...several,
        run: { ...several.run, windowsSkipped: 3, notes: ["3 of 11 windows were not taken: above 8 samples."] },
      },
      "8 files",
    ),
    fused: done(fused, "fused.txt"),
    explained: done(explained),
    mixture: done(mixture, "letter.txt"),
    "wide-mixture": done(widened(deepened(mixture, 16), 8), "letter.txt"),
    unusual: done(analyzed("--text", DIGITS), "digits.txt"),
    unmeasured: done({ ...one, typical: undefined, typicalSeconds: [21, 48] }),
    deep: done(deepened(one, 32)),
    saved: done(one, "harbour.paramscope", true),
    cancelled: { phase: "cancelled", title: "harbour.txt", layers: streamed(one, 5), layerCount: layers },
    "cancelled-early": { phase: "cancelled", title: "harbour.txt", layers: [], layerCount: layers },
    interrupted: { phase: "interrupted", title: "harbour.txt", model: "SmolLM2-135M", target: "next-token:12" },
    error: {
      phase: "error",
      title: "notes.txt",
      kind: "user",
      message: "The text is empty: there is nothing to predict from.",
      remedy: "Write something, or choose another file.",
    },
    crash: {
      phase: "error",
      title: "harbour.txt",
      kind: "crash",
      message: "The scoring process ended unexpectedly (signal SIGKILL). The machine may be out of memory.",
      remedy: "Lower the memory budget in the settings, or choose a smaller model.",
    },
    "model-missing": {
      phase: "error",
      title: "harbour.txt",
      kind: "model-missing",
      message: "The model Qwen/Qwen3-0.6B is not there.",
      remedy: "Download it, choose another one, or correct the setting paramscope.model.",
      download: "Qwen/Qwen3-0.6B",
    },
    "broken-file": {
      phase: "error",
      title: "old.paramscope",
      kind: "broken-file",
      message: "layers[3].density: expected a number from 0 to 1, found 12.",
      remedy: "Open it as text to mend it, or analyze the text again.",
    },
  };
}
