import { describe, expect, test, vi } from "vitest";

import type { AnalysisDocument } from "../../src/engine/document/document";
import type { RunListener } from "../../src/wire/client";
import { cancelled, ScoringProcessError } from "../../src/wire/errors";
import { analysisKind } from "../../src/kinds/analysis";
import { type Compute, running } from "./running";

const document = { format: "paramscope.analysis" } as AnalysisDocument;
const asked = {
  title: "story.txt",
  texts: [{ source: "story.txt", text: "x" }],
  notes: [],
  origins: [],
};

type Analyze = Compute<AnalysisDocument>;

function report(listener: RunListener, layer: number): void {
  const progress = { run: 1, phase: "backward", done: 12 - layer, layers: 12, share: 0.5 } as const;
  listener.layer?.({ run: 1, layer, layers: 12, parameters: 10, figures: { meanActivation: 0.5 } });
  listener.progress?.(progress);
}

/** Ends when it is cancelled. */
const endless: Analyze = (listener, signal) =>
  new Promise((_, reject) => {
    report(listener, 11);
    signal.addEventListener("abort", () => reject(cancelled()));
  });

describe("the state of a run", () => {
  test("goes from starting over its layers to the document", async () => {
    const { run, start, posted } = running(analysisKind, (listener) => {
      report(listener, 11);
      report(listener, 10);
      expect(run.state).toMatchObject({ phase: "running", layers: [{ layer: 11 }, { layer: 10 }] });
      return Promise.resolve(document);
    });
    expect(await start(asked)).toBe(document);
    expect(run.state).toEqual({ phase: "done", title: "story.txt", document, saved: false });
    expect(posted.map(({ type }) => type)).toEqual(["state", "layer", "progress", "layer", "progress", "state"]);
  });

  test("keeps the layers that were done when it is cancelled", async () => {
    const { run, start } = running(analysisKind, endless);
    const started = start(asked);
    await vi.waitFor(() => expect(run.state).toMatchObject({ layers: [{ layer: 11 }] }));
    run.cancel();
    expect(await started).toBeUndefined();
    expect(run.state).toMatchObject({ phase: "cancelled", layers: [{ layer: 11 }], layerCount: 12 });
  });

  test("is cancelled when the user does not want to pay what it costs", async () => {
    const { run, start } = running(analysisKind, endless, () => Promise.resolve(false));
    await start(asked);
    expect(run.state.phase).toBe("cancelled");
  });

  test("says what went wrong", async () => {
    const { run, start } = running(analysisKind, () => Promise.reject(new ScoringProcessError("crash", "It ended.")));
    await start(asked);
    expect(run.state).toMatchObject({ phase: "error", kind: "crash", title: "story.txt" });
  });

  test("is that of the run that was started last", async () => {
    const { run, start } = running(analysisKind, endless);
    const first = start(asked);
    const second = start({ ...asked, title: "other.txt" });
    expect(await first).toBeUndefined();
    expect(run.state).toMatchObject({ phase: "running", title: "other.txt" });
    run.cancel();
    await second;
  });
});
