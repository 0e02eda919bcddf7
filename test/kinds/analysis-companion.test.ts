import { expect, test } from "vitest";

import type { AnalysisDocument } from "../../src/engine/document/document";
import { atThreshold } from "../../src/engine/document/at-threshold";
import { analysisKind } from "../../src/kinds/analysis";
import type { Host } from "../../src/kinds/kind";
import type { MoreOfAnalysis } from "../../src/pages/analysis";
import { analysis } from "../cli/documents";

/* What the page of an analysis has beside its document: whether its tokens are tinted in the editor, and the run that explains one. */

function pageOf(result: AnalysisDocument | undefined, isOn = false) {
  const posted: MoreOfAnalysis[] = [];
  const asked: unknown[] = [];
  const listeners = new Set<() => void>();
  let tinted: AnalysisDocument | undefined;
  const tell = () => listeners.forEach((listener) => listener());
  const tints = {
    isOn,
    shows: (document: AnalysisDocument) => document === tinted,
    show: (document: AnalysisDocument) => ((tinted = document), tell()),
    clear: () => ((tinted = undefined), tell()),
    onDidChange: (listener: () => void) => (listeners.add(listener), { dispose: () => listeners.delete(listener) }),
  };
  const run = (_: unknown, what: unknown) => Promise.resolve(void asked.push(what));
  const shown = {
    document: result && atThreshold(result, { mode: "absolute", tau: 1e-4 }),
    result,
    title: "a",
    origins: [],
  };
  const companion = analysisKind.companion?.({ shown: () => shown, post: (message) => posted.push(message) }, {
    tints,
    run,
  } as unknown as Host);
  if (!companion) throw new Error("an analysis has no companion");
  return { companion, posted, asked, tints, listeners };
}

test("the page is told when its tokens are tinted, when they are not any more, and again when it comes back", async () => {
  const { companion, posted, tints } = pageOf(analysis());
  companion.told();
  expect(posted).toEqual([]);
  expect(await companion.answer({ type: "toggleDecorations" })).toBe(true);
  expect(posted.splice(0)).toEqual([{ type: "decorated", decorated: true }]);
  companion.told();
  expect(posted.splice(0)).toEqual([{ type: "decorated", decorated: true }]);
  tints.show(analysis());
  expect(posted.splice(0)).toEqual([{ type: "decorated", decorated: false }]);
});

test("a run that has ended is tinted at once where the user wants that, and nothing else is", () => {
  const wanted = pageOf(analysis(), true);
  wanted.companion.told();
  expect(wanted.posted).toEqual([]);
  wanted.companion.ended?.();
  expect(wanted.posted).toEqual([{ type: "decorated", decorated: true }]);
  const unwanted = pageOf(analysis());
  unwanted.companion.ended?.();
  expect(unwanted.posted).toEqual([]);
});

test("a token is explained by its sample, at the threshold that is shown", async () => {
  const result = analysis();
  const { companion, asked } = pageOf(result);
  expect(await companion.answer({ type: "explain", sample: 0, token: 2 })).toBe(true);
  expect(asked).toMatchObject([
    {
      samples: [result.samples[0]],
      options: { target: "next-token:2", threshold: { mode: "absolute", tau: 1e-4 } },
      model: { hash: result.model.hash },
    },
  ]);
});

test("a page that is closed is told nothing more", () => {
  const { companion, listeners } = pageOf(analysis());
  expect(listeners.size).toBe(1);
  companion.close();
  expect(listeners.size).toBe(0);
});
