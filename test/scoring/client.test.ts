import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";

import { analyze, openModel, parseTarget } from "../../src/engine/index";
import { formSamples } from "../../src/engine/text/form-samples";
import type { AnalysisDocument } from "../../src/engine/document/document";
import type { ScoringClient } from "../../src/wire/client";
import type { LayerParams } from "../../src/wire/protocol";
import { ScoringProcessError } from "../../src/wire/errors";
import { analysisOf, comparisonOf, frequencyOf, manyTexts, pruningOf, sample, settings, startClient } from "./support";

const clients: ScoringClient[] = [];

function client(options: Parameters<typeof startClient>[0] = {}) {
  const started = startClient(options);
  clients.push(started.client);
  return started;
}

afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

async function failure(promise: Promise<unknown>): Promise<ScoringProcessError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ScoringProcessError) return error;
  throw new Error("it did not fail with a ScoringProcessError", { cause: error });
}

async function engineResult(text: ReturnType<typeof sample>): Promise<AnalysisDocument> {
  const model = await openModel(settings.model);
  try {
    const { context, tokenizer } = model;
    const set = formSamples([text], tokenizer, { ...settings, context });
    const run = analyze({ model, set, target: parseTarget(settings.target, tokenizer), threshold: settings.threshold });
    for await (const event of run) if (event.type === "done") return event.result.document;
    throw new Error("no result");
  } finally {
    await model.close();
  }
}

const text = sample("science/tides.txt");

describe("a result", () => {
  test("is the engine's own", async () => {
    const { client: scoring } = client();
    const [document, expected] = [await scoring.run(analysisOf({ texts: [text], settings })), await engineResult(text)];
    expect(document.layers).toEqual(expected.layers);
    expect(document.samples).toEqual(expected.samples);
    expect(document.threshold).toEqual(expected.threshold);
    expect(document.model).toEqual(expected.model);
    expect(document.run).toMatchObject({ window: 256, maxSamples: 64, chat: false });
  });

  test("comes after progress that only grows, and layers from the deepest to the first", async () => {
    const { client: scoring } = client();
    const shares: number[] = [];
    const layers: number[] = [];
    const { model } = await scoring.run(analysisOf({ texts: [text], settings }), {
      progress: ({ share }) => shares.push(share),
      layer: ({ layer }) => layers.push(layer),
    });
    expect(layers).toEqual(Array.from({ length: model.layers }, (_, index) => model.layers - 1 - index));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  test("of the samples of an earlier document is the same again, and has the notes of its texts", async () => {
    const { client: scoring } = client();
    const first = await scoring.run(analysisOf({ texts: [text], settings }));
    const again = await scoring.run(
      analysisOf({ texts: [], samples: first.samples, notes: ["One left out."], settings }),
    );
    expect(again.layers).toEqual(first.layers);
    expect(again.run.notes).toEqual(["One left out."]);
  });

  test("of a comparison of a text with itself is 1", async () => {
    const { client: scoring } = client();
    const side = { name: "a", texts: [text] };
    const { layers } = await scoring.run(comparisonOf({ a: side, b: { ...side, name: "b" }, settings }));
    for (const { similarity } of layers) expect(similarity).toBeCloseTo(1, 5);
  });

  test.each([
    analysisOf({ texts: [text], settings }),
    frequencyOf({ texts: [text], settings }),
    comparisonOf({ a: { name: "a", texts: [text] }, b: { name: "b", texts: [text] }, settings }),
    pruningOf({
      calibration: { texts: [text] },
      criterion: "magnitude",
      allocation: "uniform",
      sparsity: 0.5,
      share: 0.1,
      settings,
    }),
  ])("has the figures by layer that its page is told: $kind.format", async (wanted) => {
    const { client: scoring } = client();
    const layers: LayerParams[] = [];
    await scoring.run<unknown, unknown>(wanted, { layer: (layer) => layers.push(layer) });
    expect(layers).toHaveLength(12);
    for (const { figures } of layers)
      expect(Object.keys(figures)).toEqual(expect.arrayContaining([...wanted.kind.run.figures]));
  });

  test("of an estimate is null where the run is short for certain", async () => {
    const { client: scoring } = client();
    expect(await scoring.estimate(analysisOf({ ...{ texts: [text] }, settings }))).toBeNull();
  });

  test("of an estimate is none once that is cancelled: nobody is asked about its cost", async () => {
    const { client: scoring } = client();
    const many = analysisOf({ texts: Array.from({ length: 200 }, () => text), settings });
    await scoring.estimate(many);
    for (const delay of [0, 1, 2, 4, 8, 16, 32]) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), delay);
      const answer = await scoring.estimate(many, {}, controller.signal).then(
        () => (controller.signal.aborted ? "a cost" : "a cost before"),
        () => "cancelled",
      );
      expect(answer).not.toBe("a cost");
    }
  });

  test("of a description names the model", async () => {
    const { client: scoring } = client();
    expect(await scoring.describeModel(settings.model)).toMatchObject({
      name: "demo",
      architecture: "llama",
      layers: 12,
    });
  });
});

describe("what the user can mend", () => {
  test("is an error with cause and remedy, and the process goes on", async () => {
    const { client: scoring } = client();
    const wrong = await failure(
      scoring.run(analysisOf({ texts: [text], settings: { ...settings, target: "no-such" } })),
    );
    expect(wrong).toMatchObject({ kind: "user", message: "There is no target 'no-such'." });
    expect(wrong.remedy).toMatch(/^Targets are/);
    const { pid } = scoring;
    const missing = await failure(scoring.describeModel("/no/such/model"));
    expect(missing.kind).toBe("user");
    expect(scoring.pid).toBe(pid);
  });

  test("is so for a comparison with an absolute threshold", async () => {
    const { client: scoring } = client();
    const side = { name: "a", texts: [text] };
    const absolute = { ...settings, threshold: { mode: "absolute", tau: 1e-6 } } as const;
    expect((await failure(scoring.run(comparisonOf({ a: side, b: side, settings: absolute })))).kind).toBe("user");
  });
});

describe("cancelling", () => {
  test("ends a run between two blocks, and the same process answers the next", async () => {
    const { client: scoring } = client();
    const controller = new AbortController();
    const run = scoring.run(
      analysisOf({ texts: manyTexts, settings }),
      { progress: () => controller.abort() },
      controller.signal,
    );
    expect((await failure(run)).kind).toBe("cancelled");
    const { pid } = scoring;
    expect((await scoring.run(analysisOf({ texts: [text], settings }))).layers).toHaveLength(12);
    expect(scoring.pid).toBe(pid);
  });

  test("kills a process that does not answer", async () => {
    const { client: scoring, lines } = client({ worker: await deafWorker(), cancelMilliseconds: 200 });
    const controller = new AbortController();
    const run = scoring.run(analysisOf({ texts: [text], settings }), {}, controller.signal);
    setTimeout(() => controller.abort(), 100);
    expect((await failure(run)).kind).toBe("cancelled");
    expect(scoring.pid).toBeUndefined();
    expect(lines.join("\n")).toContain("it is killed");
  });
});

describe("a process that ends", () => {
  test("by a signal ends in one message, and the next request starts another", async () => {
    const { client: scoring } = client();
    const run = scoring.run(analysisOf({ texts: manyTexts, settings }), {
      progress: ({ done }) => void (done === 2 && process.kill(scoring.pid ?? 0, "SIGKILL")),
    });
    const error = await failure(run);
    expect(error).toMatchObject({ kind: "crash", message: "The scoring process was killed while it was computing" });
    expect((await scoring.run(analysisOf({ texts: [text], settings }))).layers).toHaveLength(12);
  });

  test("by itself says its exit code, and what it wrote is in the log", async () => {
    const { client: scoring, lines } = client({
      worker: await worker(`console.error("out of luck"); process.exit(7);`),
    });
    const error = await failure(scoring.run(analysisOf({ texts: [text], settings })));
    expect(error).toMatchObject({ kind: "crash", message: "The scoring process ended unexpectedly (code 7)" });
    await expect.poll(() => lines).toContain("out of luck");
  });

  test("because it hung says so", async () => {
    const { client: scoring } = client({ worker: await deafWorker(), hangMilliseconds: 300 });
    const error = await failure(scoring.run(analysisOf({ texts: [text], settings })));
    expect(error.kind).toBe("crash");
    expect(error.message).toMatch(/did not answer/);
  });
});

describe("a model that is not used", () => {
  test("is let go after a while, and the process with it; the next request opens it again", async () => {
    let idle = 1000;
    const { client: scoring } = client({ idleSeconds: () => idle, idleCheckMilliseconds: 20 });
    await scoring.run(analysisOf({ texts: [text], settings }));
    const { pid } = scoring;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(scoring.pid).toBe(pid);
    idle = 0.01;
    await expect.poll(() => scoring.pid).toBeUndefined();
    expect((await scoring.run(analysisOf({ texts: [text], settings }))).layers).toHaveLength(12);
  });
});

describe("two requests at once", () => {
  test("run one after the other, and the second says that it waits", async () => {
    const { client: scoring } = client();
    const events: string[] = [];
    const listen = (name: string) => ({
      queued: () => void events.push(`${name} queued`),
      started: () => void events.push(`${name} started`),
    });
    const first = scoring.run(analysisOf({ texts: [text], settings }), listen("a")).then(() => events.push("a done"));
    const second = scoring.run(analysisOf({ texts: [text], settings }), listen("b")).then(() => events.push("b done"));
    await Promise.all([first, second]);
    expect(events.filter((event) => event !== "a done")).toEqual(["a started", "b queued", "b started", "b done"]);
    expect(events.indexOf("a done")).toBeLessThan(events.indexOf("b done"));
  });

  test("can be cancelled while they wait", async () => {
    const { client: scoring } = client();
    const controller = new AbortController();
    const first = scoring.run(analysisOf({ texts: [text], settings }));
    const second = scoring.run(
      analysisOf({ texts: [text], settings }),
      { queued: () => setTimeout(() => controller.abort()) },
      controller.signal,
    );
    expect((await failure(second)).kind).toBe("cancelled");
    expect((await first).layers).toHaveLength(12);
  });
});

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function worker(source: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "paramscope-worker-"));
  folders.push(folder);
  const path = join(folder, "worker.cjs");
  await writeFile(path, source);
  return path;
}

/** Takes requests and never answers. */
const deafWorker = () => worker("process.on('message', () => { for (;;); });");
