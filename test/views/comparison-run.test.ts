import { describe, expect, test, vi } from "vitest";

import type { RunListener } from "../../src/scoring/client";
import { cancelled } from "../../src/scoring/errors";
import type { ToComparisonView } from "../../src/views/comparison-protocol";
import { ComparisonRun } from "../../src/views/comparison-run";
import { comparison } from "../cli/documents";
import { settings } from "../scoring/support";

const document = comparison();
const job = {
  title: "a.txt and b.txt",
  modelName: "demo",
  a: { name: "a.txt", texts: [{ source: "a.txt", text: "\n One  text,\nof two lines. " }] },
  b: { name: "b.txt", texts: [], samples: document.b.samples },
  settings: () => Promise.resolve(settings),
};
const about = {
  a: { name: "a.txt", beginning: "One text, of two lines." },
  b: { name: "b.txt", beginning: "The <b> river" },
};

type Compare = (listener: RunListener, signal: AbortSignal) => Promise<typeof document>;

function running(compare: Compare) {
  const posted: ToComparisonView[] = [];
  const run = new ComparisonRun(
    {
      estimate: () => Promise.resolve(null),
      compare: (_params, listener = {}, signal = new AbortController().signal) => compare(listener, signal),
    },
    {
      post: (message) => posted.push(message),
      confirm: () => Promise.resolve(true),
      progress: () => undefined,
      failure: (error) => ({ kind: "crash", message: String(error) }),
    },
  );
  return { run, posted };
}

describe("the state of a comparison", () => {
  test("says whose texts they are, what is measured first, and each layer as it is there", async () => {
    const { run, posted } = running((listener) => {
      const progress = { run: 1, phase: "forward", done: 1, layers: 4, share: 0.1 } as const;
      listener.progress?.({ ...progress, of: "unrelated texts" });
      expect(run.state).toMatchObject({ phase: "running", ...about, progress: { of: "unrelated texts" } });
      listener.layer?.({ run: 1, layer: 3, layers: 4, parameters: 10, similarity: 0.3, overlap: 0.1 });
      listener.progress?.(progress);
      expect(run.state).toMatchObject({ layers: [{ layer: 3, similarity: 0.3, overlap: 0.1 }] });
      return Promise.resolve(document);
    });
    expect(await run.start(job)).toBe(document);
    expect(run.state).toEqual({ phase: "done", title: job.title, document, saved: false });
    expect(posted.map(({ type }) => type)).toEqual(["state", "progress", "layer", "progress", "state"]);
  });

  test("keeps the two and their layers when it is cancelled", async () => {
    const { run } = running(
      (listener, signal) =>
        new Promise((_, reject) => {
          listener.layer?.({ run: 1, layer: 3, layers: 4, parameters: 10, similarity: 0.3, overlap: 0.1 });
          signal.addEventListener("abort", () => reject(cancelled()));
        }),
    );
    const started = run.start(job);
    await vi.waitFor(() => expect(run.state).toMatchObject({ layers: [{ layer: 3 }] }));
    run.cancel();
    await started;
    expect(run.state).toMatchObject({ phase: "cancelled", ...about, layers: [{ layer: 3 }] });
  });
});
