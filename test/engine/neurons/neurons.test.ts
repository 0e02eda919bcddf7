import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { NeuronsRequest } from "../../../src/engine/api";
import type { NeuronsDocument } from "../../../src/engine/document/document";
import { parseDocument } from "../../../src/engine/document/parse";
import { openModel, type Model } from "../../../src/engine/model/model";
import { NeuronScores, type Criterion } from "../../../src/engine/neurons/neuron-scores";
import { neurons } from "../../../src/engine/neurons/neurons";
import { groupSamples } from "../../../src/engine/neurons/plan-deactivation";
import { runSweep } from "../../../src/engine/run";
import { OnnxRuntime } from "../../../src/engine/runtime/onnx/onnx-runtime";
import { Profiler } from "../../../src/engine/sweep/profiler";
import type { Sample } from "../../../src/engine/text/sample";
import { fixturePath } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { sampleOf, setOf } from "../support/samples";
import { maxLogit } from "../support/sweeping";

interface Reference {
  readonly samples: readonly (readonly number[])[];
  readonly criteria: Readonly<
    Record<
      Criterion,
      {
        readonly points: readonly {
          readonly share: number;
          readonly kl: readonly number[];
          readonly stays: readonly boolean[];
        }[];
        /** Of the first sample, per block and neuron. */
        readonly first: readonly (readonly number[])[];
      }
    >
  >;
}

/** test/reference/make_neurons.py: PyTorch, one sample and share at a time. */
const references = JSON.parse(readFileSync("test/reference/neurons.json", "utf8")) as Record<string, Reference>;
const samplesOf = (fixture: string): Sample[] =>
  references[fixture].samples.map((ids, i) => sampleOf(ids, `text ${i}`));

async function withFixture<Value>(name: string, use: (model: Model) => Promise<Value>): Promise<Value> {
  const model = await openModel(fixturePath(name));
  try {
    return await use(model);
  } finally {
    await model.close();
  }
}

const run = (fixture: string, changes: Partial<NeuronsRequest> = {}): Promise<NeuronsDocument> =>
  withFixture(fixture, async (model) => {
    const request = { model, threads: 1, set: setOf(samplesOf(fixture)), ...changes };
    return (await resultOf(neurons(request))).document;
  });

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each(Object.keys(references))("deactivating neurons of %s", (fixture) => {
  test("changes the predictions as in PyTorch", async () => {
    const document = await run(fixture);
    expect(document.curves.map(({ criterion }) => criterion)).toEqual(["attribution", "size"]);
    for (const { criterion, points } of document.curves)
      for (const { share, kl, stays } of references[fixture].criteria[criterion].points) {
        const point = points.find((one) => one.share === share);
        expect(Math.abs((point?.kl ?? NaN) - mean(kl))).toBeLessThan(2e-3 * mean(kl) + 1e-7);
        expect(point?.agreement).toBe(mean(stays.map(Number)));
      }
    expect(parseDocument(JSON.stringify(document), "saved")).toEqual(document);
  });

  test("follows PyTorch's attribution and size of every neuron", async () => {
    await withFixture(fixture, async (model) => {
      const samples = samplesOf(fixture);
      const lengths = samples.map(({ ids }) => ids.length);
      const scores = new NeuronScores(model, new OnnxRuntime(1), new Profiler(), lengths);
      const sweeping = { samples, units: [], reducers: [], keepsMatrices: false, observer: scores.observe };
      const sweep = runSweep({ model, target: maxLogit, threads: 1 }, sweeping, () => ({ parameters: 0 }));
      while (!(await sweep.next()).done);
      for (const criterion of ["attribution", "size"] as const)
        references[fixture].criteria[criterion].first.forEach((theirs, layer) => {
          const ours = scores.of(criterion, layer, 0);
          const largest = Math.max(...theirs);
          theirs.forEach((value, neuron) => {
            expect(Math.abs(ours[neuron] - value)).toBeLessThan(1e-4 * largest);
          });
        });
      await scores.dispose();
    });
  });
});

describe("a run", () => {
  test("reads the weights more often where the memory is small, and comes to the same", async () => {
    await withFixture("llama", async (model) => {
      const lengths = samplesOf("llama").map(({ ids }) => ids.length);
      const least = leastBudget(model, lengths);
      expect(groupSamples(model, lengths, 39, least).length).toBeGreaterThan(3);
      expect(groupSamples(model, lengths, 39, Infinity)).toHaveLength(1);
      const [small, large] = [await run("llama", { memory: least }), await run("llama")];
      expect(small.curves).toEqual(large.curves);
    });
  });

  test("says the largest share up to which the next tokens stay", async () => {
    const { curves, kept } = await run("gpt_neox");
    for (const { points, tolerated } of curves) {
      expect(points.filter(({ share }) => share <= tolerated).every(({ agreement }) => agreement >= kept)).toBe(true);
      const next = points.find(({ share }) => share > tolerated);
      if (next !== undefined) expect(next.agreement).toBeLessThan(kept);
    }
  });

  test("goes from 0 to 1 and stops where it is aborted", async () => {
    await withFixture("llama", async (model) => {
      const controller = new AbortController();
      const shares: number[] = [];
      const phases = new Set<string>();
      const request = { model, threads: 1, set: setOf(samplesOf("llama").slice(0, 2)), signal: controller.signal };
      for await (const event of neurons(request)) {
        if (event.type !== "progress") continue;
        shares.push(event.share);
        phases.add(event.phase);
      }
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect(shares.at(-1)).toBe(1);
      expect([...phases]).toEqual(["forward", "head", "backward", "deactivate"]);
      const reason = new Error("stopped");
      await expect(
        (async () => {
          for await (const event of neurons(request))
            if (event.type === "progress" && event.phase === "deactivate") controller.abort(reason);
        })(),
      ).rejects.toBe(reason);
    });
  });

  test("is refused where the memory does not allow one sample", async () => {
    await expect(run("llama", { memory: 1e6 })).rejects.toThrow("Deactivating neurons needs at least");
  });
});

/** The least with which the samples run, one by one. */
function leastBudget(model: Model, lengths: readonly number[]): number {
  try {
    groupSamples(model, lengths, 39, 0);
  } catch (error) {
    return Number(/at least (\d+) MiB/.exec(String(error))?.[1]) * 2 ** 20;
  }
  throw new Error("nothing needs no memory");
}
