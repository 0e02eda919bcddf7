import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { analyze } from "../../../src/engine/analysis/analyze";
import type { Estimate, RunOptions } from "../../../src/engine/api";
import { estimate, type EstimatedRun } from "../../../src/engine/run/estimate";
import { openModel, type Model } from "../../../src/engine/model/model";
import type { Target } from "../../../src/engine/sweep/target";
import { failureOf } from "../support/errors";
import { observed } from "../support/model-copy";
import { demoModel, fixturePath } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { sampleOf, setOf } from "../support/samples";
import { maxLogit } from "../support/sweeping";
import { TemporaryFolder } from "../support/temporary-folder";

const MIB = 2 ** 20;

let model: Model;
let temporary: TemporaryFolder;

/** Samples of `length` ids each. */
const texts = (count: number, length: number) =>
  Array.from({ length: count }, (_, text) =>
    sampleOf(Array.from({ length }, (__, i) => 3 + ((text * 31 + i * 7) % 900))),
  );

beforeAll(async () => {
  model = await openModel(demoModel);
  temporary = new TemporaryFolder();
  // the measurement of this machine is kept there
  vi.stubEnv("XDG_CACHE_HOME", temporary.path);
});

afterAll(async () => {
  temporary.remove();
  await model.close();
});

function estimated(run: EstimatedRun, options: Partial<RunOptions> = {}): Promise<Estimate> {
  return estimate({ model, target: maxLogit, threads: 1, memory: 2 ** 33, ...options }, run);
}

describe("an estimate", () => {
  test("reads no weights: it computes nothing of the run", async () => {
    const reads: string[] = [];
    const watched = observed(model, (tensor) => reads.push(tensor));
    await estimated({ samples: texts(4, 60) }, { model: watched });
    await estimated({ samples: texts(4, 60), frequency: true }, { model: watched, target: { kind: "loss" } });
    expect(reads).toEqual([]);
  });

  test("measures the machine once, and keeps the measurement", async () => {
    const run = { samples: texts(2, 20) };
    const first = await estimated(run);
    // two measurements would differ
    expect(await estimated(run)).toEqual(first);
    expect(temporary.entries).toEqual(["paramscope"]);
  });

  test("grows with texts and tokens", async () => {
    const [small, more, longer] = [
      await estimated({ samples: texts(4, 50) }),
      await estimated({ samples: texts(16, 50) }),
      await estimated({ samples: texts(4, 200) }),
    ];
    for (const large of [more, longer]) {
      expect(large.seconds[0]).toBeGreaterThan(small.seconds[0]);
      expect(large.memory).toBeGreaterThan(small.memory);
    }
    for (const { seconds } of [small, more, longer]) expect(seconds[0]).toBeLessThan(seconds[1]);
  });

  test.each<[Target, number]>([
    [{ kind: "max-logit" }, 1],
    [{ kind: "loss" }, 2],
  ])("counts what is read from disk: every block twice, the head as often as %o needs", async (target, times) => {
    const { diskRead } = await estimated({ samples: texts(2, 20) }, { target });
    const bytes = (wanted: (name: string) => boolean): number =>
      [...model.checkpoint.tensors.values()].reduce((sum, tensor) => sum + (wanted(tensor.name) ? tensor.bytes : 0), 0);
    const blocks = bytes((name) => name.startsWith("model.layers."));
    const head = bytes((name) => name === model.definition.head.weight);
    expect(diskRead).toBe(2 * blocks + times * head);
  });

  test.each([1, 3, 100])(
    "counts of a mixture the experts that %i tokens can go to, and says that it is the most",
    async (tokens) => {
      const mixture = await openModel(fixturePath("deepseek_v3"));
      const samples = [sampleOf(Array.from({ length: tokens }, (_, i) => 3 + ((7 * i) % 400)))];
      const { diskRead, diskReadAtMost } = await estimated({ samples }, { model: mixture });
      expect(diskReadAtMost).toBe(true);
      const bytes = new Map([...mixture.checkpoint.tensors].map(([name, tensor]) => [name, tensor.bytes]));
      const sumOf = (pattern: RegExp): number =>
        [...bytes].reduce((sum, [name, size]) => sum + (pattern.test(name) ? size : 0), 0);
      const experts = sumOf(/\.experts\.\d/);
      const reached = Math.min(8, 2 * tokens) / 8;
      expect(diskRead).toBe(2 * (sumOf(/^model\.layers\./) - (1 - reached) * experts) + sumOf(/^lm_head/));
      let read = 0;
      const isBlock = (name: string): boolean => name.startsWith("model.layers.");
      const watched = observed(mixture, (name) => (read += isBlock(name) ? (bytes.get(name) ?? 0) : 0));
      const threshold = { mode: "share", share: 0.1 } as const;
      await resultOf(analyze({ model: watched, target: maxLogit, threads: 1, set: setOf(samples), threshold }));
      expect(read).toBeLessThanOrEqual(diskRead);
      await mixture.close();
    },
  );

  test("of a model without experts is all that is read", async () => {
    expect(await estimated({ samples: texts(1, 5) })).not.toHaveProperty("diskReadAtMost");
  });

  test("says when checkpoints go to disk, as soon as memory is short", async () => {
    const run = { samples: texts(32, 400) };
    const { spilled, memory, leastMemory } = await estimated(run);
    expect(spilled).toBe(0);
    expect(leastMemory).toBeLessThan(memory);
    const tight = await estimated(run, { memory: leastMemory });
    expect(tight.memory).toBeLessThanOrEqual(leastMemory);
    expect(tight.spilled).toBeGreaterThanOrEqual(4 * model.layers * 32 * 400 * model.hiddenSize);
  });

  test("refuses as the run itself would", async () => {
    const set = setOf(texts(2, 30));
    const threshold = { mode: "share", share: 0.1 } as const;
    const options = { model, target: maxLogit, threads: 1, memory: 10 * MIB };
    const line = await failureOf(() => resultOf(analyze({ ...options, set, threshold })));
    expect(line).toMatch(/^This run needs at least \d+ MiB, and it may use 10 MiB\./);
    expect(await failureOf(() => estimate(options, { samples: set.samples }))).toBe(line);
  });

  test("does not fall short of the memory by which a run grows", async () => {
    const samples = texts(16, 128);
    const { memory } = await estimated({ samples });
    const before = process.memoryUsage.rss();
    let most = before;
    const threshold = { mode: "share", share: 0.1 } as const;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
    await resultOf(analyze({ model, set: setOf(samples), threshold, target: maxLogit, threads: 1 }));
    clearInterval(timer);
    expect(most - before).toBeLessThan(memory);
  });
});
