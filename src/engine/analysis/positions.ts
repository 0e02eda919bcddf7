import type { Estimate, PositionsWish, RunEvent, RunOptions } from "../api";
import { describeNext } from "../document/describe";
import type { PositionsDescription } from "../document/positions";
import { saliencyCodes } from "../document/read-positions";
import { blockAt, type Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import { largestOf } from "../numbers/statistics";
import { MOST_POSITIONS } from "../run/defaults";
import { estimateSweep, together, tokensOf } from "../run/estimate";
import { aside, planRequest, runSweep } from "../run/run";
import { openRuntime } from "../runtime/open-runtime";
import type { HeadResult } from "../sweep/head";
import { planSweep } from "../sweep/plan";
import { Profiler } from "../sweep/profiler";
import { SideSums } from "../sweep/side-sums";
import { targetName, type Target } from "../sweep/target";
import type { Sample, SampleSet } from "../text/sample";

/** Tokens of the beginnings that are swept together: what enters every block is held of all of them. */
const TOGETHER = 8192;

/** What is asked of every beginning: as of the whole text, where that can be asked of a text that ends anywhere; else the whole prediction. */
export function targetOfPositions(target: Target): Target {
  return ["spread", "max-logit", "logit"].includes(target.kind) ? target : { kind: "spread" };
}

/** The beginnings of the first sample, each one token longer than the one before: all of them, or the most that are measured. */
export function beginnings({ samples }: Pick<SampleSet, "samples">, { around = 0 }: PositionsWish): Sample[] {
  const { source, text, offset, ids, starts, ends, answer = 0 } = elementAt(samples, 0);
  const tokens = ids.length - answer;
  const number = Math.min(MOST_POSITIONS, tokens);
  const first = Math.max(0, Math.min(tokens - number, Math.floor(around - number / 2)));
  return Array.from({ length: number }, (_, i) => {
    const end = first + i + 1;
    const own = { ids: ids.subarray(0, end), starts: starts.subarray(0, end), ends: ends.subarray(0, end) };
    const next = ids.subarray(0, tokens)[end];
    return { source, text, offset, ...own, ...(next !== undefined && { next }) };
  });
}

/** Beginnings that are swept together, the shortest first. */
function groupsOf(samples: readonly Sample[]): Sample[][] {
  const groups: Sample[][] = [];
  let tokens = Infinity;
  for (const sample of samples) {
    tokens += sample.ids.length;
    if (tokens > TOGETHER) {
      groups.push([]);
      tokens = sample.ids.length;
    }
    groups.at(-1)?.push(sample);
  }
  return groups;
}

/** What it takes to measure the beginnings of the first sample, from sizes alone. */
export async function estimatePositions(options: RunOptions, set: SampleSet, wish: PositionsWish): Promise<Estimate> {
  const own = { ...options, target: targetOfPositions(options.target) };
  const parts: Estimate[] = [];
  for (const samples of groupsOf(beginnings(set, wish))) {
    const request = planRequest(own, sweepingOf(samples));
    const plan = planSweep(request);
    const cost = await estimateSweep(own, { lengths: request.lengths, plan, sets: 0, products: "plain" });
    parts.push({ ...cost, samples: samples.length, tokens: tokensOf(samples), leastMemory: plan.leastMemory });
  }
  return parts.reduce(together);
}

const sweepingOf = (samples: readonly Sample[]) => ({ samples, units: [], reducers: [], keepsMatrices: false });

type Measuring<Result> = AsyncGenerator<Exclude<RunEvent<never>, { type: "done" }>, Result, void>;

/** What is found of one beginning: the sum of the activations of every cell (`cellsOf`), layer after layer. */
interface Position {
  readonly sums: readonly number[];
  readonly head: HeadResult;
  readonly saliency: Float32Array;
}

/**
 * What every beginning of the first sample activates by itself, as an analysis of it would have it: sums of activations, saliency, the likeliest next
 * tokens, and the loss of the token that really follows.
 * @throws ParamscopeError where the memory does not allow it; the signal's reason when aborted.
 */
export async function* positionsOf(
  options: RunOptions,
  set: SampleSet,
  wish: PositionsWish,
): Measuring<PositionsDescription> {
  const { model } = options;
  const target = targetOfPositions(options.target);
  const samples = beginnings(set, wish);
  const found: Position[] = [];
  const all = tokensOf(samples);
  const begun = performance.now();
  for (const group of groupsOf(samples)) {
    const [before, own] = [tokensOf(samples.slice(0, found.length)), tokensOf(group)];
    const run = aside(measured({ ...options, target }, group), "positions");
    let step = await run.next();
    for (; !step.done; step = await run.next()) {
      const share = (before + own * step.value.share) / all;
      const seconds = (performance.now() - begun) / 1000;
      yield { ...step.value, share, secondsLeft: share > 0 ? (seconds * (1 - share)) / share : undefined };
    }
    found.push(...step.value);
  }
  return described(model, { target, first: elementAt(samples, 0).ids.length - 1 }, found);
}

async function* measured(options: RunOptions, samples: readonly Sample[]): Measuring<Position[]> {
  const { model } = options;
  const sweeping = sweepingOf(samples);
  const plan = planSweep(planRequest(options, sweeping));
  const sums = new SideSums(model, () => "all", {
    runtime: await openRuntime(options),
    profiler: new Profiler(),
    tileBytes: plan.tileBytes,
  });
  /** Per sample and layer. */
  const found = samples.map((): number[][] => []);
  try {
    const { heads, saliency } = yield* runSweep(options, { ...sweeping, plan, observer: sums.observe }, (layer) => {
      const cells = cellsOf(model, layer);
      found.forEach((layers, sample) => {
        const sumOf = (module: string): number => elementAt([...sums.of(layer, sample, module)], 0);
        layers[layer] = cells.map((modules) => modules.reduce((sum, module) => sum + sumOf(module), 0));
      });
      return { parameters: 0, figures: {} };
    });
    return found.map((layers, i) => ({
      sums: layers.flat(),
      head: elementAt(heads, i),
      saliency: elementAt(saliency, i),
    }));
  } finally {
    await sums.dispose();
  }
}

/** The matrices of a layer that have one sum: each by itself, those of all experts together, which may be hundreds. */
function cellsOf(model: Model, layer: number): string[][] {
  const { common, experts } = blockAt(model, layer);
  const [first] = experts;
  const ofExperts = (first?.modules ?? []).map((_, i) => experts.map(({ modules }) => elementAt(modules, i).name));
  return [...common.modules.map(({ name }) => [name]), ...ofExperts];
}

function described(
  model: Model,
  { target, first }: { readonly target: Target; readonly first: number },
  found: readonly Position[],
): PositionsDescription {
  const { tokenizer } = model;
  const sums = Float32Array.from(found.flatMap(({ sums }) => sums));
  const strongest = found.map(({ saliency }) => largestOf(saliency.map(Math.abs)));
  const codes = found.flatMap(({ saliency }, i) => [...saliencyCodes(saliency, elementAt(strongest, i))]);
  return {
    sample: 0,
    first,
    target: targetName(target, tokenizer),
    matrices: Array.from({ length: model.layers }, (_, layer) =>
      cellsOf(model, layer).map((modules) => elementAt(modules, 0)),
    ),
    sums: Buffer.from(sums.buffer).toString("base64"),
    saliency: Buffer.from(Int8Array.from(codes).buffer).toString("base64"),
    at: found.map(({ head: { loss, next } }, i) => ({
      loss: loss === undefined ? null : Math.max(0, loss),
      strongest: elementAt(strongest, i),
      next: describeNext(tokenizer, next),
    })),
  };
}
