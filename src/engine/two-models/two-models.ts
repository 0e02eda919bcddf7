import { resolve } from "node:path";

import type { LayerDone, RunEvent, TwoModelsRequest, TwoModelsResult } from "../api";
import { comparedNext } from "../document/compared-next";
import { describeModel, describeRun, describeSamples } from "../document/describe";
import type { ModelsDocument, ModelsPrediction } from "../document/document";
import { elementAt, zip } from "../numbers/elements";
import { RESAMPLES } from "../numbers/bootstrap";
import { intervalAround, uncertainMean } from "../numbers/weighted-mean";
import { wilsonInterval } from "../numbers/intervals";
import { mean } from "../numbers/statistics";
import { answered } from "../run/answers";
import { stopwatch } from "../run/stopwatch";
import { openRuntime } from "../runtime/open-runtime";
import { Profiler } from "../sweep/profiler";
import { targetName } from "../sweep/target";
import { compareStructure } from "./comparable";
import { lockstep, type LockstepEvent } from "./lockstep";
import { compareOtherTensors } from "./other-tensors";
import { planTwoModels } from "./plan-two-models";
import { compareNextTokens } from "./predictions";
import { relationOf } from "./relation";
import { TwoModelsReducers } from "./two-models-reducers";
import { scoredAt } from "../model/model";

/**
 * How another model of the same structure differs: per matrix how alike both activate for the same texts, how much the weights were
 * changed and how much of that the texts use; and how far the next-token distributions moved.
 * @throws ParamscopeError where the models cannot be compared, and as `analyze` does.
 */
export async function* compareModels(request: TwoModelsRequest): AsyncGenerator<RunEvent<TwoModelsResult>, void, void> {
  const { model, other, share, seed, target, signal } = request;
  const seconds = stopwatch();
  // one answer for both: that of the first model
  const samples = yield* answered(request, request.set.samples);
  const set = { ...request.set, samples };
  const { tokens, notes } = compareStructure(model, other, samples, target);
  const { plan } = planTwoModels({ ...request, set });
  const context = { runtime: await openRuntime(request), profiler: new Profiler() };
  const reducers = new TwoModelsReducers(model, share);
  const sweeps = lockstep(request, { a: model, b: other, samples, reducers: reducers.all, plan, ...context });
  const [a, b] = yield* told(sweeps, (layer) => ({
    layer,
    layers: model.layers,
    parameters: scoredAt(model, layer),
    figures: reducers.figures(layer),
  }));
  const rows = await compareNextTokens(context, { a: model, b: other, states: [a.last, b.last], tokens }, signal);
  const predictions = zip(rows, describeSamples(other, set, b)).map(
    ([{ divergence: kl, agrees }, { targetToken, targetValue, targetProbability, nextTokens }], sample) => ({
      kl,
      agrees,
      b: { targetToken, targetValue, targetProbability, nextTokens },
      next: comparedNext(model, elementAt(a.heads, sample), elementAt(b.heads, sample)),
    }),
  );
  const others = await compareOtherTensors(model, other, tokens, signal);
  const layers = Array.from({ length: model.layers }, (_, layer) => reducers.layer(layer));
  const document: ModelsDocument = {
    format: "paramscope.models",
    version: 1,
    model: await describeModel(model),
    modelB: { ...(await describeModel(other)), path: resolve(other.checkpoint.path) },
    run: describeRun(context.runtime, seconds(), [set], notes),
    target: targetName(target, model.tokenizer),
    samples: describeSamples(model, set, a),
    predictions,
    tokens,
    ...summaryOf(predictions),
    share,
    layers,
    change: reducers.total,
    others,
    relation: relationOf(layers, seed),
    seed,
    resamples: RESAMPLES,
  };
  yield { type: "done", result: { document, profile: context.profiler.seconds } };
}

/** What both sweeps tell, with what is known of each layer that is done. Whoever stops listening ends both. */
async function* told<Ended>(
  sweeps: AsyncGenerator<LockstepEvent, Ended, void>,
  layerDone: (layer: number) => LayerDone,
): AsyncGenerator<Exclude<RunEvent<never>, { type: "done" }>, Ended, void> {
  let step = await sweeps.next();
  try {
    for (; !step.done; step = await sweeps.next())
      yield step.value.type === "progress" ? step.value : { type: "layer", ...layerDone(step.value.layer) };
    return step.value;
  } finally {
    if (!step.done) await sweeps.return(undefined as Ended);
  }
}

/** Samples from which on an interval of their mean divergence is told: two say nothing of how much others may differ. */
const FEWEST_SAMPLES = 3;

/** The mean's 95 % interval by Student's t; no divergence is below 0. */
function divergenceInterval(divergences: readonly number[]): [low: number, high: number] {
  const [low, high] = intervalAround(
    uncertainMean(
      divergences,
      divergences.map(() => 1),
    ),
  );
  return [Math.max(0, low), high];
}

function summaryOf(
  predictions: readonly Pick<ModelsPrediction, "kl" | "agrees">[],
): Pick<ModelsDocument, "kl" | "agreement"> {
  const divergences = predictions.map(({ kl }) => kl);
  const count = predictions.filter(({ agrees }) => agrees).length;
  return {
    kl: {
      mean: mean(divergences),
      interval: divergences.length < FEWEST_SAMPLES ? null : divergenceInterval(divergences),
    },
    agreement: { count, of: predictions.length, interval: wilsonInterval(count, predictions.length) },
  };
}
