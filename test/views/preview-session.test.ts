import { describe, expect, test, vi } from "vitest";

import type { AnalysisDocument, PruningDocument } from "../../src/engine/document/document";
import type { RunListener, Wanted } from "../../src/wire/client";
import { cancelled, ScoringProcessError } from "../../src/wire/errors";
import type { RunSettings } from "../../src/wire/protocol";
import { type AskedAnalysis, analysisKind } from "../../src/kinds/analysis";
import type { AskedPruning } from "../../src/kinds/pruning";
import type { KeptPreview } from "../../src/views/kept-preview";
import { PreviewSession } from "../../src/views/preview-session";
import type { ToPreview } from "../../src/pages/preview";
import { settings } from "../scoring/support";

const analysis = {
  format: "paramscope.analysis",
  model: { name: "other", path: "/models/other" },
  run: { notes: ["A note."], window: 64 },
  target: "loss",
  threshold: { mode: "share", share: 0.1, tau: 1 },
  samples: [{ source: "a.txt", text: "x", tokens: [] }],
  layers: [{ density: 0.3 }, { density: 0.1 }],
} as unknown as AnalysisDocument;

const plan = { criterion: "wanda", allocation: "activation", sparsity: 0.5, pattern: null } as const;
const evaluation = { text: { source: "b.txt", text: "y" }, windows: 2 };

type Asked = AskedPruning["pruning"] & { readonly settings: RunSettings };

/** What a scoring process would make of it: perplexity grows with sparsity. */
function prunedAs({ criterion, allocation, sparsity, evaluation: on, exportTo }: Asked): PruningDocument {
  return {
    format: "paramscope.pruning",
    model: { name: "other" },
    run: { notes: [] },
    ...{ criterion, allocation, sparsity, pattern: null, curve: [] },
    perplexity: on
      ? {
          ...{ dense: 10, pruned: 10 + sparsity, agreement: 1 - sparsity, divergence: sparsity },
          losses: { tokens: [7, 7], dense: [2, 3], pruned: [2, 3 + sparsity] },
        }
      : null,
    exported: exportTo ? { path: exportTo.folder, type: "float32", bytes: 1 } : null,
    masks: null,
  } as unknown as PruningDocument;
}

type Prune = (asked: Asked, listener: RunListener, signal: AbortSignal) => Promise<PruningDocument>;

function sessionWith(
  prune: Prune = (asked) => Promise.resolve(prunedAs(asked)),
  confirm = () => Promise.resolve(true),
) {
  const posted: ToPreview[] = [];
  const model = { name: "demo", path: analysis.model.path };
  const asked: Asked[] = [];
  const analyzed: Wanted<AskedAnalysis, AnalysisDocument>[] = [];
  const remembered: KeptPreview[] = [];
  const kept: { id: string | undefined; document: PruningDocument; title: string }[] = [];
  const session = new PreviewSession({
    scoring: {
      estimate: () => Promise.resolve(null),
      pruningChoices: () => Promise.resolve({ patterns: [], continuationMemory: 1, budget: 2 }),
      run: (wanted: Wanted<never, unknown>, listener: RunListener, signal: AbortSignal) => {
        if (wanted.kind.format === analysisKind.format) {
          analyzed.push(wanted as never);
          return Promise.resolve(analysis);
        }
        const { pruning } = wanted.asked as AskedPruning;
        const params = { ...pruning, settings: wanted.settings };
        asked.push(params);
        return signal.aborted ? Promise.reject(cancelled()) : prune(params, listener, signal);
      },
    } as never,
    post: (message) => posted.push(message),
    settings: (model) => Promise.resolve({ ...settings, model: model?.path ?? settings.model }),
    modelName: () => model.name,
    modelPath: () => Promise.resolve(model.path),
    confirm: async (_, __, settings) => ((await confirm()) ? settings : undefined),
    begin: () => ({ update: () => undefined, end: () => undefined }),
    keep: (document, { title }, id) => {
      kept.push({ id, document, title });
      return Promise.resolve(id ?? `result ${kept.length}`);
    },
    remember: (preview) => {
      remembered.push(preview);
      return Promise.resolve();
    },
    failure: (error) =>
      error instanceof ScoringProcessError
        ? { kind: "user", message: error.message, settings: error.settings }
        : { kind: "crash", message: String(error) },
  });
  const last = (part: string) =>
    posted
      .flatMap((message) =>
        message.type === "part" && message.part === part && message.message.type === "state"
          ? [message.message.state]
          : [],
      )
      .at(-1);
  return { session, posted, asked, analyzed, kept, remembered, last, model };
}

async function calibrated(...how: Parameters<typeof sessionWith>) {
  const made = sessionWith(...how);
  await made.session.useAnalysis(analysis, { title: "a.txt", origins: [] });
  return made;
}

test("the preview says when another model is chosen than the one that was calibrated", async () => {
  const { session, posted, model } = await calibrated();
  const said = () => posted.filter(({ type }) => type === "otherModel").at(-1);
  expect(said()).toEqual({ type: "otherModel", name: null });
  Object.assign(model, { name: "third", path: "/models/third" });
  await session.tellModel();
  expect(said()).toEqual({ type: "otherModel", name: "third" });
  posted.length = 0;
  session.tell();
  await new Promise(setImmediate);
  expect(said()).toEqual({ type: "otherModel", name: "third" });
  Object.assign(model, { name: "demo", path: analysis.model.path });
  await session.tellModel();
  expect(said()).toEqual({ type: "otherModel", name: null });
});

describe("the pruning preview", () => {
  test("prunes with the texts, densities, model and target of its calibration", async () => {
    const { session, asked, kept } = await calibrated();
    await session.evaluate(plan, evaluation, "The town was");
    expect(asked).toEqual([
      {
        ...plan,
        pattern: undefined,
        calibration: { texts: [], samples: analysis.samples, notes: ["A note."] },
        densities: [0.3, 0.1],
        share: 0.1,
        // what the allocation bought is seen beside the same share of every layer
        evaluation: { ...evaluation, even: true },
        prompt: "The town was",
        settings: { ...settings, model: "/models/other", target: "loss", window: 64 },
      },
    ]);
    expect(kept).toMatchObject([{ id: undefined, title: "a.txt (Wanda 50 %)" }]);
  });

  test("says where the text that is evaluated is one that calibrates", async () => {
    const { session, asked } = await calibrated();
    await session.evaluate(plan, { ...evaluation, text: { source: "a.txt", text: "x" } });
    expect(asked[0].calibration.notes?.at(-1)).toContain("a.txt calibrates and is evaluated");
  });

  test("says what an evaluation would take, before it is asked for", async () => {
    const { session, posted, asked } = await calibrated();
    await session.estimate(plan, evaluation);
    expect(posted.at(-1)).toEqual({ type: "cost", cost: "short" });
    expect(asked).toEqual([]);
  });

  test("does nothing before it is calibrated", async () => {
    const { session, asked } = sessionWith();
    await session.evaluate(plan, evaluation);
    await session.measureCurve(["wanda"]);
    await session.export(plan, { exportTo: { folder: "/x", force: false } });
    expect(asked).toEqual([]);
  });

  test("fills the curve in point by point, and later only what is missing", async () => {
    const { session, asked, kept } = await calibrated();
    await session.evaluate(plan, evaluation, "The town was");
    await session.measureCurve(["magnitude"]);
    expect(asked).toHaveLength(9);
    expect(asked[8]).toMatchObject({ criterion: "magnitude", sparsity: 0.8, evaluation, prompt: undefined });
    await session.measureCurve(["magnitude", "wanda"]);
    expect(asked).toHaveLength(17);
    const curve = session.evaluated?.curve ?? [];
    expect(curve.map(({ criterion, sparsity }) => `${criterion} ${sparsity}`).slice(7, 9)).toEqual([
      "magnitude 0.8",
      "wanda 0.1",
    ]);
    expect(curve[0]).toEqual({
      criterion: "magnitude",
      sparsity: 0.1,
      perplexity: 10.1,
      agreement: 0.9,
      divergence: 0.1,
      losses: [2, 3.1],
    });
    expect(kept.map(({ id }) => id)).toEqual([undefined, "result 1", "result 1"]);
    expect(kept[2].document.curve).toEqual(curve);
  });

  test("keeps the points that were there when the curve is cancelled", async () => {
    const { session, last } = await calibrated((asked, _, signal) =>
      asked.sparsity < 0.25 || asked.sparsity === 0.5
        ? Promise.resolve(prunedAs(asked))
        : new Promise((_, reject) => signal.addEventListener("abort", () => reject(cancelled()))),
    );
    await session.evaluate(plan, evaluation);
    const running = session.measureCurve(["wanda"]);
    await vi.waitFor(() => expect(session.evaluated?.curve).toHaveLength(2));
    session.cancel();
    await running;
    expect(last("curve")).toMatchObject({ phase: "cancelled" });
    expect(session.evaluated?.curve).toHaveLength(2);
  });

  test("an export of what was evaluated becomes a part of its result", async () => {
    const { session, kept } = await calibrated();
    await session.evaluate(plan, evaluation);
    await session.export(plan, { exportTo: { folder: "/x", force: false } });
    expect(kept[1]).toMatchObject({
      id: "result 1",
      document: { perplexity: { dense: 10 }, exported: { path: "/x" } },
    });
    await session.export({ ...plan, sparsity: 0.3 }, { exportTo: { folder: "/y", force: false } });
    expect(kept[2]).toMatchObject({ id: undefined, document: { perplexity: null, exported: { path: "/y" } } });
    expect(session.evaluated?.exported?.path).toBe("/x");
  });

  test("tells why an export was refused, and leaves the evaluation as it was", async () => {
    const refused = new ScoringProcessError("user", "/x holds an earlier export.", "Name another folder.", ["force"]);
    const { session, last } = await calibrated((asked) =>
      asked.exportTo ? Promise.reject(refused) : Promise.resolve(prunedAs(asked)),
    );
    await session.evaluate(plan, evaluation);
    const error = await session.export(plan, { exportTo: { folder: "/x", force: false } });
    expect(error).toMatchObject({ message: "/x holds an earlier export.", settings: ["force"] });
    expect(last("evaluation")).toMatchObject({ phase: "done" });
  });

  test("another calibration ends what runs, and forgets what belonged to the one before", async () => {
    const { session, last, posted } = await calibrated(
      (_asked, _, signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(cancelled()))),
    );
    const running = session.evaluate(plan, evaluation);
    await vi.waitFor(() => expect(last("evaluation")).toMatchObject({ phase: "running" }));
    await session.useAnalysis(analysis, { title: "c.txt", origins: [] });
    await running;
    expect(last("evaluation")).toEqual({ phase: "empty" });
    expect(session.title).toBe("c.txt");
    expect(posted.at(-1)).toMatchObject({ type: "choices", choices: { budget: 2 } });
  });

  test("is the same in another window: its calibration, what was evaluated, and the curve that goes on from there", async () => {
    const before = await calibrated();
    expect(before.remembered).toEqual([{ title: "a.txt", origins: [], calibration: analysis, evaluated: undefined }]);
    await before.session.evaluate({ ...plan, sparsity: 0.4 }, evaluation);
    const result = before.session.evaluated;
    const [, remembered] = before.remembered;
    expect(remembered.evaluated).toEqual({ id: "result 1", ...evaluation });

    const after = sessionWith();
    await after.session.restore(remembered, result);
    expect(after.session.title).toBe("a.txt");
    expect([after.session.evaluated, after.session.evaluatedTitle]).toEqual([result, "a.txt (Wanda 40 %)"]);
    expect(after.posted.at(-1)).toMatchObject({ type: "choices", choices: { budget: 2 } });
    await after.session.measureCurve(["wanda"]);
    await before.session.measureCurve(["wanda"]);
    expect(after.asked).toEqual(before.asked.slice(1));
    expect(after.kept).toMatchObject([{ id: "result 1" }]);
  });

  test("measures the texts of a saved pruning as they calibrated it, and tells every page its options", async () => {
    const { session, analyzed, posted } = sessionWith();
    const offered = { id: "1", plan: { ...plan, sparsity: 0.3 }, windows: 4, prompt: undefined };
    session.offer(offered);
    const options = { target: "loss", threshold: { mode: "share", share: 0.2 }, window: 32, chat: false } as const;
    const texts = [{ source: "a.txt", text: "x" }];
    await session.calibrate({ title: "a.txt", texts, notes: [], origins: [], firstWindows: true, options });
    expect(analyzed).toMatchObject([{ asked: { texts, firstWindows: true }, settings: { ...settings, ...options } }]);
    session.tell();
    expect(posted.filter(({ type }) => type === "options")).toEqual(new Array(2).fill({ type: "options", ...offered }));
  });

  test("takes no place of what is there already, and leaves out an evaluation that is not in the history any more", async () => {
    const { session, remembered } = await calibrated();
    await session.evaluate(plan, evaluation);
    await session.useAnalysis(analysis, { title: "b.txt", origins: [] });
    await session.restore(remembered[1], undefined);
    expect(session.title).toBe("b.txt");
    const { session: another } = sessionWith();
    await another.restore(remembered[1], undefined);
    expect([another.title, another.evaluated]).toEqual(["a.txt", undefined]);
  });

  test("is not begun when the user does not want to pay what it costs", async () => {
    const { session, last, kept } = await calibrated(undefined, () => Promise.resolve(false));
    await session.evaluate(plan, evaluation);
    expect(last("evaluation")).toMatchObject({ phase: "cancelled" });
    expect(kept).toEqual([]);
  });
});
