import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { NeuronsRequest } from "../../../src/engine/api";
import type { NeuronsDocument } from "../../../src/engine/document/document";
import { parseDocument } from "../../../src/kinds/parse-document";
import { openModel, type Model } from "../../../src/engine/model/model";
import { activeNeurons, deactivatedNeurons } from "../../../src/engine/neurons/deactivation-run";
import { criteria, NeuronScores, type Criterion } from "../../../src/engine/neurons/neuron-scores";
import { neurons } from "../../../src/engine/neurons/neurons";
import { groupSamples } from "../../../src/engine/neurons/plan-deactivation";
import { openRuntime } from "../../../src/engine/runtime/open-runtime";
import type { RuntimeWish } from "../../../src/engine/runtime/runtime";
import { Profiler } from "../../../src/engine/sweep/profiler";
import type { Sample } from "../../../src/engine/text/sample";
import { fixturePath } from "../support/reference";
import { resultOf } from "../support/reference-values";
import { allRuntimes, tensorflows } from "../support/runtimes";
import { sampleOf, setOf } from "../support/samples";
import { swept, type SweepSettings } from "../support/sweeping";

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
        /** Of some samples, by their number, per block and neuron. */
        readonly scores: Readonly<Record<string, readonly (readonly number[])[]>>;
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

/** What a sweep tells of every neuron of every block and sample. */
async function scoresOf(
  model: Model,
  samples: readonly Sample[],
  wish: RuntimeWish = {},
  plan: Pick<SweepSettings, "batches" | "spill"> = {},
): Promise<NeuronScores> {
  const runtime = await openRuntime({ threads: 1, ...wish });
  const scores = new NeuronScores(
    model,
    runtime,
    new Profiler(),
    samples.map(({ ids }) => ids),
  );
  await swept({ model, samples, runtime: wish, ...plan, observer: scores.observe });
  await scores.dispose();
  return scores;
}

/** How far numbers are from others at most, as a part of the largest of these. */
function furthest(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  return Math.max(...Array.from(theirs, (value, i) => Math.abs(ours[i] - value))) / Math.max(...Array.from(theirs));
}

/** Both curves of these samples are PyTorch's. */
function expectCurves(document: NeuronsDocument, fixture: string, samples: readonly number[]): void {
  for (const { criterion, points } of document.curves)
    for (const { share, kl, stays } of references[fixture].criteria[criterion].points) {
      const point = points.find((one) => one.share === share);
      const theirs = mean(samples.map((i) => kl[i]));
      expect(Math.abs((point?.kl ?? NaN) - theirs)).toBeLessThan(2e-3 * theirs + 1e-7);
      expect(point?.agreement).toBe(mean(samples.map((i) => Number(stays[i]))));
    }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each(Object.keys(references))("deactivating neurons of %s", (fixture) => {
  test("changes the predictions as in PyTorch", async () => {
    const document = await run(fixture);
    expect(document.curves.map(({ criterion }) => criterion)).toEqual(criteria);
    expectCurves(
      document,
      fixture,
      samplesOf(fixture).map((_, i) => i),
    );
    expect(await parseDocument(JSON.stringify(document), "saved")).toEqual(document);
  });

  test.each(allRuntimes)("follows PyTorch's attribution and size of every neuron with %s", async (_, runtime) => {
    await withFixture(fixture, async (model) => {
      const scores = await scoresOf(model, samplesOf(fixture), runtime);
      for (const criterion of criteria)
        for (const [sample, blocks] of Object.entries(references[fixture].criteria[criterion].scores))
          blocks.forEach((theirs, layer) => {
            expect(furthest(scores.of(criterion, layer, Number(sample)), theirs)).toBeLessThan(1e-4);
          });
    });
  });

  test("has the same scores for texts of unlike length, whatever is batched with them and wherever it is kept", async () => {
    await withFixture(fixture, async (model) => {
      const samples = samplesOf(fixture);
      const scores = await scoresOf(model, samples);
      // one batch, so that the short ones are padding for the most part
      const tokens = Math.max(...samples.map(({ ids }) => ids.length));
      const batches = [{ samples: samples.map((_, i) => i), tokens }];
      const together = await scoresOf(model, samples, {}, { batches, spill: true });
      for (const criterion of criteria)
        for (let layer = 0; layer < model.layers; layer++)
          for (let sample = 0; sample < samples.length; sample++) {
            const [one, other] = [scores, together].map((all) => all.of(criterion, layer, sample));
            expect(furthest(other, one)).toBeLessThan(1e-5);
          }
    });
  });
});

test.each(tensorflows)("the predictions change as in PyTorch with %s", async (_, runtime) => {
  // a text and a length each: it is slow
  const chosen = [0, 5, 10, 15];
  const all = samplesOf("gpt2");
  expectCurves(await run("gpt2", { ...runtime, set: setOf(chosen.map((i) => all[i])) }), "gpt2", chosen);
});

describe("how many neurons a share is", () => {
  const shares = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

  test("is rounded down, of the decimal that the share is", () => {
    for (let neurons = 1; neurons <= 4096; neurons++) {
      const twentieths = shares.map((_, i) => neurons * (i + 1));
      expect(shares.map((share) => deactivatedNeurons(neurons, share))).toEqual(
        twentieths.map((all) => (all - (all % 20)) / 20),
      );
    }
    expect([0.7, 0.35].map((share) => deactivatedNeurons(180, share))).toEqual([126, 63]);
  });

  test("does not fall with the share, is none of 0, and never all", () => {
    for (const neurons of [1, 7, 90, 160, 1536, 18944]) {
      const counts = [0, ...shares].map((share) => deactivatedNeurons(neurons, share));
      expect(counts[0]).toBe(0);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
      expect(counts.at(-1)).toBeLessThan(neurons);
    }
  });

  test("is what is deactivated, of equal ones the first, all of a smaller share with it", () => {
    // as small as one another, every third smaller
    const scores = Float32Array.from({ length: 90 }, (_, i) => (i % 3 === 0 ? 1 : 2));
    let before = new Set<number>();
    for (const share of shares) {
      const active = activeNeurons(scores, share);
      const gone = new Set([...active.keys()].filter((neuron) => active[neuron] === 0));
      expect(gone.size).toBe(deactivatedNeurons(scores.length, share));
      const thirds = [...scores.keys()].filter((i) => i % 3 === 0);
      const others = [...scores.keys()].filter((i) => i % 3 !== 0);
      expect([...gone].sort((a, b) => a - b)).toEqual([...thirds, ...others].slice(0, gone.size).sort((a, b) => a - b));
      expect([...before].every((neuron) => gone.has(neuron))).toBe(true);
      before = gone;
    }
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
