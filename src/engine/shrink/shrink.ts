import type { PrunePhase, RunEvent, ShrinkRequest, ShrinkResult } from "../api";
import { describeModel, describeRun } from "../document/describe";
import type { ShrinkDocument } from "../document/shrink";
import type { Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import { greedyText } from "../prune/greedy-text";
import { continuationMemory } from "../prune/plan";
import { RunParts, type PruneEvents } from "../prune/run-parts";
import { budgetOf } from "../run/run";
import { openRuntime } from "../runtime/open-runtime";
import { Profiler } from "../sweep/profiler";
import { targetName } from "../sweep/target";
import { answerTasks } from "../tasks/answer-tasks";
import { chooseUnits, type ChosenUnits } from "./choose-units";
import { evaluateShrunk, type LeftModel } from "./evaluate-shrunk";
import { KnownScores } from "./known-scores";
import { measureSpeed } from "./measure-speed";
import { goesInSteps, type Structure } from "./options";
import { prepareShrinking } from "./prepare";
import { sizeOf } from "./remaining";
import { shrunkModel } from "./shrunk-model";
import { writeShrunk } from "./write-shrunk";

/**
 * Takes layers, neurons, heads or experts out of a model wholly, without training: those whose parameters texts activate the least. What is left is a smaller model, of which it is
 * said how fast it is and what it lost.
 * @throws ParamscopeError when a text, the model or the memory does not allow it; the signal's reason when aborted.
 */
export async function* shrink(request: ShrinkRequest): AsyncGenerator<RunEvent<ShrinkResult, PrunePhase>, void, void> {
  const { model, signal, by, structure, seed } = request;
  const prepared = await prepareShrinking(request);
  const { samples, costs, of, removed, most, steps, prompt } = prepared;
  const notes = [...prepared.notes];
  const parts = new RunParts(costs.all);
  const runtime = await openRuntime(request);
  const profiler = new Profiler();
  const forward = { runtime, profiler, ...(signal && { signal }), model };

  // what is measured of one amount the others have in common with it
  const choosing = { structure, samples, seed, known: request.known ?? new KnownScores() };
  const models: LeftModel[] = [];
  let chosen: ChosenUnits | undefined;
  for (const amount of [{ removed, steps }, ...prepared.curve])
    for (const way of prepared.ways) {
      const units = yield* chooseUnits(request, { ...choosing, ...amount }, way, { parts, costs, profiler });
      chosen ??= units;
      models.push({ by: way, removed: amount.removed, model: shrunkModel(model, units.kept) });
    }
  const shrunk = models[0]?.model;
  if (chosen === undefined || shrunk === undefined) throw new Error("one way is meant");

  const evaluated = yield* evaluateShrunk(request, models, prepared, forward, parts);
  const budget = budgetOf(request);
  const inMemory = continuationMemory(model) + continuationMemory(shrunk) <= budget;
  if (!inMemory)
    notes.push("Both models are not in memory at once: that weights are read counts for how fast they are.");
  const speed = yield* parts.run(
    costs.speed,
    measureSpeed(model, shrunk, { ...forward, ids: prepared.read }, inMemory),
  );
  const tasks = request.tasks && (yield* parts.run(costs.tasks, answerTasks(request.tasks, shrunk, forward)));
  let continuation: ShrinkDocument["continuation"] = null;
  if (prompt) {
    const write = (own: Model, number: 0 | 1): PruneEvents<string> =>
      parts.run(costs.continuation, greedyText(own, prompt.ids, number, forward));
    const dense = yield* write(model, 0);
    continuation = { prompt: prompt.text, dense, shrunk: yield* write(shrunk, 1) };
  }
  const written = yield* parts.run(costs.write, writeShrunk(request, shrunk));
  notes.push(...written.notes);

  const document: ShrinkDocument = {
    format: "paramscope.shrink",
    version: 1,
    model: await describeModel(model),
    run: describeRun(runtime, parts.seconds, [], notes),
    target: targetName(request.target, model.tokenizer),
    calibration: {
      sources: [...new Set(samples.map(({ source }) => source))],
      samples: samples.length,
      tokens: samples.reduce((sum, { ids }) => sum + ids.length, 0),
      window: Math.max(...samples.map(({ ids }) => ids.length)),
    },
    structure,
    by,
    steps: goesInSteps(by) ? steps : 1,
    seed,
    removed,
    of,
    most,
    layers: describeLayers(model, structure, chosen),
    configuration: Object.entries(shrunk.checkpoint.config)
      .map(([key, value]) => ({ key, dense: model.checkpoint.config[key] ?? null, shrunk: value }))
      .filter(({ dense, shrunk: value }) => JSON.stringify(dense) !== JSON.stringify(value)),
    size: { dense: sizeOf(model), shrunk: sizeOf(shrunk) },
    speed,
    ...evaluated,
    ...(tasks && { tasks }),
    continuation,
    files: written.files,
  };
  yield { type: "done", result: { document, profile: profiler.seconds } };
}

function describeLayers(
  model: Model,
  structure: Structure,
  { scores, gone, kept }: ChosenUnits,
): ShrinkDocument["layers"] {
  return Array.from({ length: model.layers }, (_, layer) => {
    if (structure === "layers") {
      const went = gone[0]?.find(({ unit }) => unit === layer);
      const score = scores?.[0]?.[layer] ?? null;
      return { layer, isGone: went !== undefined, units: 0, gone: [], step: went?.step ?? null, score };
    }
    const out = elementAt(gone, layer)
      .map(({ unit }) => unit)
      .sort((a, b) => a - b);
    const own = scores?.[layer];
    const all = own?.reduce((sum, score) => sum + score, 0) ?? 0;
    const lost = out.reduce((sum, unit) => sum + (own?.[unit] ?? 0), 0);
    return {
      layer,
      isGone: false,
      units: (kept.units[layer]?.length ?? 0) + out.length,
      gone: out,
      step: null,
      score: own === undefined || out.length === 0 ? null : all > 0 ? lost / all : 0,
    };
  });
}
