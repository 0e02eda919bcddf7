import { expect, test } from "vitest";

import type { AnalysisDocument } from "../../src/engine/document/document";
import { atThreshold } from "../../src/engine/document/at-threshold";
import { analysisKind } from "../../src/kinds/analysis";
import type { Host } from "../../src/kinds/kind";
import type { MoreOfAnalysis } from "../../src/pages/analysis";
import { analysis } from "../cli/documents";

/* What the page of an analysis has beside its document: whether its tokens are tinted in the editor, and the run that explains one. */

function pageOf(result: AnalysisDocument | undefined, isOn = false, more: Partial<Host> = {}) {
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
  const grown: AnalysisDocument[] = [];
  const page = {
    shown: () => shown,
    post: (message: MoreOfAnalysis) => void posted.push(message),
    grown: () => {
      const completed = result && companion?.completed?.(result);
      if (completed) grown.push(completed);
    },
  };
  const companion = analysisKind.companion?.(page, {
    tints,
    run,
    ...more,
  } as unknown as Host);
  if (!companion) throw new Error("an analysis has no companion");
  return { companion, posted, grown, asked, tints, listeners };
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

const place = { level: "head", layer: 5, module: "self_attn.k_proj", index: 1, sample: 0 } as const;

/** Scoring that answers with an ablation of what it is asked for, of a growing effect. */
function ablating() {
  const asked: unknown[] = [];
  const ablation = (probability: number) => ({
    ...place,
    token: { id: 1, text: "a" },
    whole: { probability: 0.9, next: [] },
    without: { probability, divergence: 1, next: [] },
    others: 0,
    peers: [],
  });
  const scoring = {
    estimate: () => Promise.resolve(null),
    run: (what: { asked: { without: { index: number } } }) => {
      asked.push(what.asked.without);
      const { index } = what.asked.without;
      return Promise.resolve({ ablation: { ...ablation(asked.length / 10), index } });
    },
  } as unknown as Host["scoring"];
  const host: Partial<Host> = {
    scoring,
    settings: () => Promise.resolve({ model: "demo" } as Awaited<ReturnType<Host["settings"]>>),
    confirm: (_, __, settings) => Promise.resolve(settings),
    begin: () => ({ update: () => undefined, end: () => undefined }),
    failure: (error) => ({ kind: "defect", message: String(error) }) as unknown as ReturnType<Host["failure"]>,
  };
  return { asked, host };
}

test("places that were taken away are kept, told again, and in what is saved; another result has none of them", async () => {
  const { asked, host } = ablating();
  const result = analysis();
  const { companion, posted, grown } = pageOf(result, false, host);
  await companion.answer({ type: "takeAway", place });
  await companion.answer({ type: "takeAway", place: { ...place, index: 0 } });
  await companion.answer({ type: "takeAway", place });
  expect(asked).toHaveLength(3);
  const kept = [
    [0, 0.2],
    [1, 0.3],
  ];
  const last = posted.at(-1);
  if (last?.type !== "ablation") throw new Error("nothing was told");
  expect(last.made.map(({ index, without }) => [index, without.probability])).toEqual(kept);
  posted.length = 0;
  companion.told();
  expect(posted).toEqual([last]);
  const saved = companion.completed?.(result);
  expect(saved?.ablations?.map(({ index, without }) => [index, without.probability])).toEqual(kept);
  // each was said to be there, for the history
  expect(grown.map(({ ablations }) => ablations?.length)).toEqual([1, 2, 2]);
  expect(grown.at(-1)).toEqual(saved);
  // a file that has one of the same place has the newer one
  const again = companion.completed?.({ ...result, ablations: saved?.ablations?.slice(0, 1) });
  expect(again?.ablations).toHaveLength(2);
  companion.changing();
  expect(companion.completed?.(result)).toBe(result);
});

test("another model runs the texts, not their ids, once it was chosen, and nothing where it was not", async () => {
  const result = analysis();
  const options = { target: "spread", threshold: { mode: "share", share: 0.1 }, window: 64, chat: false } as const;
  const chosen = pageOf(result, false, { chooseModel: () => Promise.resolve(true) });
  expect(await chosen.companion.answer({ type: "runWithAnotherModel", options })).toBe(true);
  expect(chosen.asked).toEqual([
    expect.objectContaining({ options, texts: result.samples.map(({ source, text }) => ({ source, text })) }),
  ]);
  expect(chosen.asked[0]).not.toHaveProperty("samples");
  expect(chosen.asked[0]).not.toHaveProperty("model");
  const cancelled = pageOf(result, false, { chooseModel: () => Promise.resolve(false) });
  expect(await cancelled.companion.answer({ type: "runWithAnotherModel", options })).toBe(true);
  expect(cancelled.asked).toEqual([]);
});
