import { elementAt, zip } from "../numbers/elements";
import { mean } from "../numbers/statistics";
import type { Estimate, NeuronsPhase, NeuronsRequest, NeuronsResult, RunEvent } from "../api";
import { describeModel, describeRun } from "../document/describe";
import type { DeactivationCurve, NeuronsDocument } from "../document/document";
import { blockBytes, estimate, guess } from "../run/estimate";
import { machineSpeed } from "../run/machine";
import { requiredNeurons, type Model } from "../model/model";
import { budgetOf, runSweep } from "../run/run";
import { stopwatch } from "../run/stopwatch";
import { openRuntime } from "../runtime/open-runtime";
import { Profiler } from "../sweep/profiler";
import { runDeactivations, type Deactivated, type Deactivation } from "./deactivation-run";
import { criteria, NeuronScores } from "./neuron-scores";
import { groupSamples } from "./plan-deactivation";

/** Shares that are tried beside 0. */
const SHARES = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
/** The share of a set's next tokens that shall stay. */
const KEPT = 0.95;
/** The share of a block's sum that its strongest neurons make up. */
const MOST = 0.9;
/** How many neurons are named per block. */
const TOP = 5;
/** How many passes of a token a sweep without scores takes, forward being one. */
const SWEEP_PASSES = 3.2;

/** The factor for what surrounds the products. */
const OVERHEAD = 1.3;

const target = { kind: "max-logit" } as const;

/**
 * How many feed-forward neurons a set's predictions can do without, if for each sample those that matter least to it are
 * deactivated in every block: the share of next tokens that stay, and KL(dense ‖ sparse), over the share of neurons. By
 * attribution, and by size to compare.
 * @throws ParamscopeError when a text or the memory does not allow it; the signal's reason when aborted.
 */
export async function* neurons(
  request: NeuronsRequest,
): AsyncGenerator<RunEvent<NeuronsResult, NeuronsPhase>, void, void> {
  const { model, set, signal } = request;
  const { samples } = set;
  const seconds = stopwatch();
  const lengths = samples.map(({ ids }) => ids.length);
  const deactivations = criteria.flatMap((criterion) => SHARES.map((share) => ({ criterion, share })));
  const groups = groupSamples(model, lengths, deactivations.length + 1, budgetOf(request));
  const runtime = await openRuntime(request);
  const profiler = new Profiler();
  const scores = new NeuronScores(
    model,
    runtime,
    profiler,
    samples.map(({ ids }) => ids),
  );
  const before = SWEEP_PASSES / (SWEEP_PASSES + deactivations.length + 1);
  const progress = <Event extends RunEvent<never, NeuronsPhase>>(event: Event, from: number, to: number): Event => {
    if (event.type !== "progress") return event;
    const share = from + (to - from) * event.share;
    return { ...event, share, secondsLeft: share > 0 ? (seconds() * (1 - share)) / share : undefined };
  };
  try {
    const sweeping = { samples, units: [], reducers: [], keepsMatrices: false, observer: scores.observe };
    const sweep = runSweep({ ...request, target }, sweeping, () => ({ parameters: 0, figures: {} }));
    let swept = await sweep.next();
    for (; !swept.done; swept = await sweep.next())
      if (swept.value.type === "progress") yield progress(swept.value, 0, before);
    const { heads } = swept.value;
    const run = runDeactivations({ model, runtime, profiler, samples, scores, deactivations, groups, signal });
    let step = await run.next();
    for (; !step.done; step = await run.next()) yield progress(step.value, before, 1);

    const document: NeuronsDocument = {
      format: "paramscope.neurons",
      version: 1,
      model: await describeModel(model),
      run: describeRun(runtime, seconds(), [set]),
      target: "max-logit",
      samples: zip(samples, heads).map(([{ source, offset, ids }, { next }]) => {
        const { id, probability } = elementAt(next, 0);
        return {
          source,
          offset,
          tokens: ids.length,
          next: { id, text: model.tokenizer.tokenText(id), probability },
        };
      }),
      neurons: requiredNeurons(model, 0).in,
      kept: KEPT,
      curves: curvesOf(samples.length, deactivations, step.value),
      layers: describeLayers(model, samples.length, scores),
    };
    yield { type: "done", result: { document, profile: profiler.seconds } };
  } finally {
    await scores.dispose();
  }
}

/**
 * What deactivating neurons would take, from sizes alone and the measurement of this machine.
 * @throws ParamscopeError as `neurons` itself would, before it computes.
 */
export async function estimateNeurons(request: NeuronsRequest): Promise<Estimate> {
  const { model, set } = request;
  const { samples } = set;
  const runs = criteria.length * SHARES.length + 1;
  const lengths = samples.map(({ ids }) => ids.length);
  const groups = groupSamples(model, lengths, runs, budgetOf(request));
  const swept = await estimate({ ...request, target }, { samples });
  const { productFlops } = await machineSpeed(await openRuntime(request));
  const { hiddenSize, vocabularySize, scored } = model;
  const head = 2 * hiddenSize * vocabularySize * samples.length;
  const flops = runs * (2 * scored * swept.tokens + head);
  const [low, high] = guess((OVERHEAD * flops) / productFlops);
  return {
    ...swept,
    seconds: [swept.seconds[0] + low, swept.seconds[1] + high],
    diskRead: swept.diskRead + groups.length * blockBytes(model),
  };
}

function curvesOf(
  samples: number,
  deactivations: readonly Deactivation[],
  results: readonly (readonly Deactivated[])[],
): DeactivationCurve[] {
  return criteria.map((criterion) => {
    const points = [{ share: 0, kl: 0, agreement: 1, stays: samples }];
    for (const [{ criterion: own, share }, ofSamples] of zip(deactivations, results))
      if (own === criterion) {
        const stays = ofSamples.filter((sample) => sample.stays).length;
        const kl = mean(ofSamples.map(({ divergence }) => divergence));
        points.push({ share, kl, agreement: stays / samples, stays });
      }
    const below = points.findIndex(({ agreement }) => agreement < KEPT);
    return { criterion, points, tolerated: elementAt(points, (below < 0 ? points.length : below) - 1).share };
  });
}

function describeLayers(model: Model, samples: number, scores: NeuronScores): NeuronsDocument["layers"] {
  return Array.from({ length: model.layers }, (_, layer) => {
    const of = (criterion: (typeof criteria)[number]): Float32Array[] =>
      Array.from({ length: samples }, (_, sample) => scores.of(criterion, layer, sample));
    const attributions = of("attribution");
    const means = Array.from(elementAt(attributions, 0), (_, neuron) =>
      mean(attributions.map((own) => elementAt(own, neuron))),
    );
    return {
      layer,
      concentration: {
        attribution: mean(attributions.map(concentration)),
        size: mean(of("size").map(concentration)),
      },
      top: means
        .map((attribution, neuron) => ({ neuron, attribution }))
        .sort((a, b) => b.attribution - a.attribution)
        .slice(0, TOP),
    };
  });
}

/** The share of values, the largest first, that make up most of the sum; 0 where all are 0. */
function concentration(values: Float32Array): number {
  const sorted = values.slice().sort();
  const wanted = MOST * sorted.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  let count = 0;
  for (const value of sorted.reverse()) {
    if (sum >= wanted) break;
    sum += value;
    count++;
  }
  return count / sorted.length;
}
