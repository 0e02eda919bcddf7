import { afterAll, beforeAll, expect, test } from "vitest";
import { analyze } from "../../../src/engine/analysis/analyze";
import type { RunEvent } from "../../../src/engine/api";
import { compare } from "../../../src/engine/compare/compare";
import { blockAt, openModel, type Model } from "../../../src/engine/model/model";
import { planRequest, runSweep } from "../../../src/engine/run/run";
import { planSweep } from "../../../src/engine/sweep/plan";
import { layerOf, observed } from "../support/model-copy";
import { fixturePath, fixtureReference } from "../support/reference";
import { samplesOf, setOf } from "../support/samples";
import { maxLogit, stepwise } from "../support/sweeping";

let model: Model;

beforeAll(async () => {
  model = await openModel(fixturePath("llama"));
});

afterAll(async () => {
  await model.close();
});

async function collected<Event>(events: AsyncIterable<Event>): Promise<Event[]> {
  const all: Event[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const upwards = [0, 1, 2, 3, 4, 5];

test("a sweep goes forward, through the head and back, block by block", async () => {
  const samples = samplesOf(fixtureReference("llama"), model);
  const steps = await collected(stepwise({ model, samples, positions: 100 }));
  expect(steps.map(({ phase, layer }) => `${phase} ${layer}`)).toEqual([
    ...upwards.map((layer) => `forward ${layer}`),
    "head 6",
    ...upwards.toReversed().map((layer) => `backward ${layer}`),
  ]);
});

test("where many batches pass a block, some of them are a step of their own", async () => {
  const [sample] = samplesOf(fixtureReference("llama"), model);
  const samples = Array.from({ length: 9 }, () => sample);
  const steps = await collected(stepwise({ model, samples, positions: 1, eachPart: true }));
  const parts = steps.flatMap((step) => (step.phase === "part" ? [`${step.way} ${step.layer} ${9 * step.share}`] : []));
  expect(parts).toEqual([
    ...upwards.flatMap((layer) => [`forward ${layer} 4`, `forward ${layer} 8`]),
    ...upwards.toReversed().flatMap((layer) => [`backward ${layer} 4`, `backward ${layer} 8`]),
  ]);
});

test("a run tells of those too: it comes nearer to its end with each, and no layer more is done", async () => {
  const [sample] = samplesOf(fixtureReference("llama"), model);
  const samples = Array.from({ length: 5 }, () => sample);
  const sweeping = { samples, units: [], reducers: [], keepsMatrices: false };
  const options = { model, target: maxLogit, threads: 1 };
  const plan = planSweep(planRequest(options, sweeping));
  const batches = samples.map((_, i) => ({ samples: [i], tokens: sample.ids.length }));
  const run = runSweep(options, { ...sweeping, plan: { ...plan, batches } }, () => ({ parameters: 0, figures: {} }));
  const progress = (await collected(run)).filter((event) => event.type === "progress");
  expect(progress.slice(0, 3)).toMatchObject([{ done: 0 }, { done: 1 }, { done: 1 }]);
  const shares = progress.map(({ share }) => share);
  expect(shares).toHaveLength(2 * 6 + 1 + 2 * 6);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares[0]).toBeCloseTo(0.8 * shares[1], 12);
  expect(shares.at(-1)).toBe(1);
});

test("weights of a block are read twice, whatever the number of samples and batches", async () => {
  const samples = samplesOf(fixtureReference("llama"), model);
  for (const positions of [1, 2000]) {
    const reads = new Map<string, number>();
    const watched = observed(model, (tensor) => reads.set(tensor, (reads.get(tensor) ?? 0) + 1));
    await collected(stepwise({ model: watched, samples, positions }));
    const blocks = [...reads].filter(([tensor]) => layerOf(tensor) !== undefined);
    expect(blocks).toHaveLength(6 * blockAt(model, 0).weights.length);
    // the last block's backward pass follows its forward pass: its weights are still there
    for (const [tensor, times] of blocks) expect([tensor, times]).toEqual([tensor, layerOf(tensor) === 5 ? 1 : 2]);
  }
});

test("analyze tells of every layer, the deepest first, before its progress", async () => {
  const set = setOf(samplesOf(fixtureReference("llama"), model));
  const threshold = { mode: "share", share: 0.1 } as const;
  const events = await collected(analyze({ model, set, threshold, target: maxLogit, threads: 1 }));
  expectOrder(events);
  const document = events.flatMap((event) => (event.type === "done" ? [event.result.document] : []))[0];
  for (const event of events) {
    if (event.type !== "layer") continue;
    const { parameters, sum } = document.layers[event.layer];
    expect(event.parameters).toBe(parameters);
    expect(event.figures.meanActivation).toBeCloseTo(sum / parameters, 12);
  }
});

test("compare tells of every layer, the deepest first, before its progress", async () => {
  const [first, second] = samplesOf(fixtureReference("llama"), model);
  const [a, b] = [first, second].map((sample) => ({ name: sample.source, set: setOf([sample]) }));
  const events = await collected(compare({ model, a, b, share: 0.1, target: maxLogit, threads: 1 }));
  expectOrder(events);
  const document = events.flatMap((event) => (event.type === "done" ? [event.result.document] : []))[0];
  for (const event of events) {
    if (event.type !== "layer") continue;
    const { similarity, overlap } = document.layers[event.layer];
    expect([event.figures.similarity, event.figures.overlap]).toEqual([similarity, overlap]);
  }
});

function expectOrder(events: readonly RunEvent<unknown>[]): void {
  expect(events.map((event) => nameOf(event))).toEqual([
    ...upwards.map((layer) => `forward ${layer + 1} of 6`),
    "head 6 of 6",
    ...upwards.toReversed().flatMap((layer) => [`layer ${layer} of 6`, `backward ${6 - layer} of 6`]),
    "done",
  ]);
  const progress = events.filter((event) => event.type === "progress");
  progress.reduce((before, event) => {
    expect(event.share).toBeGreaterThanOrEqual(before.share);
    return event;
  });
  expect(progress.at(-1)).toMatchObject({ share: 1, secondsLeft: 0 });
  for (const { share, secondsLeft } of progress) {
    expect(share).toBeGreaterThan(0);
    if (secondsLeft !== undefined) expect(secondsLeft).toBeGreaterThanOrEqual(0);
  }
}

function nameOf(event: RunEvent<unknown>): string {
  switch (event.type) {
    case "progress":
      return `${event.phase} ${event.done} of ${event.layers}`;
    case "layer":
      return `layer ${event.layer} of ${event.layers}`;
    case "done":
      return "done";
  }
}
