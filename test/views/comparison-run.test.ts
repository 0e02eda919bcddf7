import { describe, expect, test, vi } from "vitest";

import { cancelled } from "../../src/wire/errors";
import { comparing, comparisonKind } from "../../src/kinds/comparison";
import { comparison } from "../cli/documents";
import { running } from "./running";

const document = comparison();
const none = { notes: [], origins: [] };
const asked = comparing(
  { title: "a.txt", texts: [{ source: "a.txt", text: "\n One  text,\nof two lines. " }], ...none },
  { title: "b.txt", texts: [], samples: document.b.samples, ...none },
);
const about = {
  a: { name: "a.txt", beginning: "One text, of two lines." },
  b: { name: "b.txt", beginning: "The <b> river" },
};

describe("the state of a comparison", () => {
  test("says whose texts they are, what is measured first, and each layer as it is there", async () => {
    const { run, start, posted } = running(comparisonKind, (listener) => {
      const progress = { run: 1, phase: "forward", done: 1, layers: 4, share: 0.1 } as const;
      listener.progress?.({ ...progress, of: "unrelated texts" });
      expect(run.state).toMatchObject({ phase: "running", ...about, progress: { of: "unrelated texts" } });
      listener.layer?.({ run: 1, layer: 3, layers: 4, parameters: 10, figures: { similarity: 0.3, overlap: 0.1 } });
      listener.progress?.(progress);
      expect(run.state).toMatchObject({ layers: [{ layer: 3, similarity: 0.3, overlap: 0.1 }] });
      return Promise.resolve(document);
    });
    expect(await start(asked)).toBe(document);
    expect(run.state).toEqual({ phase: "done", title: "a.txt and b.txt", document, saved: false });
    expect(posted.map(({ type }) => type)).toEqual(["state", "progress", "layer", "progress", "state"]);
  });

  test("keeps the two and their layers when it is cancelled", async () => {
    const { run, start } = running(
      comparisonKind,
      (listener, signal) =>
        new Promise((_, reject) => {
          listener.layer?.({ run: 1, layer: 3, layers: 4, parameters: 10, figures: { similarity: 0.3, overlap: 0.1 } });
          signal.addEventListener("abort", () => reject(cancelled()));
        }),
    );
    const started = start(asked);
    await vi.waitFor(() => expect(run.state).toMatchObject({ layers: [{ layer: 3 }] }));
    run.cancel();
    await started;
    expect(run.state).toMatchObject({ phase: "cancelled", ...about, layers: [{ layer: 3 }] });
  });
});
