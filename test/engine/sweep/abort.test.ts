import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { analyze } from "../../../src/engine/analysis/analyze";
import { openModel, type Model } from "../../../src/engine/model/model";
import type { Sample } from "../../../src/engine/text/sample";
import { layerOf, observed } from "../support/model-copy";
import { fixturePath, fixtureReference } from "../support/reference";
import { samplesOf, setOf } from "../support/samples";
import { maxLogit, stepwise, swept } from "../support/sweeping";
import { TemporaryFolder } from "../support/temporary-folder";

let model: Model;
let samples: Sample[];
let temporary: TemporaryFolder;

beforeAll(async () => {
  model = await openModel(fixturePath("llama"));
  samples = samplesOf(fixtureReference("llama"), model);
});

afterAll(async () => {
  await model.close();
});

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

class Stop extends Error {}

describe("an aborted sweep", () => {
  test.each(["forward 0", "forward 4", "head 6", "backward 5", "backward 1"])(
    "ends after %s with the signal's reason, reads no further block and leaves no file",
    async (last) => {
      const abort = new AbortController();
      const reason = new Stop();
      const readAfter: string[] = [];
      const watched = observed(model, (tensor) => {
        if (abort.signal.aborted) readAfter.push(tensor);
      });
      const steps = stepwise({ model: watched, samples, signal: abort.signal, spill: true });
      const passed: string[] = [];
      const run = async (): Promise<void> => {
        for await (const { phase, layer } of steps) {
          passed.push(`${phase} ${layer}`);
          if (passed.at(-1) === last) abort.abort(reason);
        }
      };
      await expect(run()).rejects.toBe(reason);
      expect(passed.at(-1)).toBe(last);
      expect(readAfter).toEqual([]);
      expect(temporary.entries).toEqual([]);
    },
  );

  test.each([0, 3])("that is aborted while block %i is read runs no other block", async (layer) => {
    const abort = new AbortController();
    const layers = new Set<number>();
    const watched = observed(model, (tensor) => {
      const at = layerOf(tensor);
      if (at === layer && !abort.signal.aborted) abort.abort(new Stop());
      if (at !== undefined) layers.add(at);
    });
    await expect(swept({ model: watched, samples, signal: abort.signal, spill: true })).rejects.toBeInstanceOf(Stop);
    expect(Math.max(...layers)).toBe(layer);
    expect(temporary.entries).toEqual([]);
  });

  test("that was aborted before it began reads nothing", async () => {
    const read: string[] = [];
    const watched = observed(model, (tensor) => read.push(tensor));
    const run = swept({ model: watched, samples, signal: AbortSignal.abort(new Stop()), spill: true });
    await expect(run).rejects.toBeInstanceOf(Stop);
    expect(read).toEqual([]);
    expect(temporary.entries).toEqual([]);
  });

  test("ends analyze with the signal's reason", async () => {
    const abort = new AbortController();
    const reason = new Stop();
    const run = async (): Promise<void> => {
      const threshold = { mode: "share", share: 0.1 } as const;
      const request = { model, set: setOf(samples), threshold, target: maxLogit, threads: 1, signal: abort.signal };
      for await (const event of analyze(request)) if (event.type === "layer") abort.abort(reason);
    };
    await expect(run()).rejects.toBe(reason);
  });
});

describe("checkpoints in a temporary file", () => {
  test("leave nothing when the sweep ends, and when nobody waits for its end", async () => {
    await swept({ model, samples, spill: true });
    expect(temporary.entries).toEqual([]);
    for await (const { phase } of stepwise({ model, samples, spill: true })) if (phase === "head") break;
    expect(temporary.entries).toEqual([]);
  });
});
