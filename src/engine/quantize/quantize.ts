import type { PrunePhase, Profile, QuantizeRequest, QuantizeResult, RunEvent } from "../api";
import type { BitsDocument } from "../document/bits";
import { describeModel, describeRun } from "../document/describe";
import type { Model } from "../model/model";
import { zip } from "../numbers/elements";
import { greedyText } from "../prune/greedy-text";
import { RunParts, type PruneEvents } from "../prune/run-parts";
import { answerTasks } from "../tasks/answer-tasks";
import { openRuntime } from "../runtime/open-runtime";
import { Profiler } from "../sweep/profiler";
import { chooseFormats, optionsOf, type ChosenFormats, type Choosing } from "./costs-by-way";
import { evaluateChoices } from "./evaluate-choices";
import { chosenModel, type Made } from "./made";
import type { Importance } from "./input-importance";
import type { CostMeasure } from "./known-costs";
import { measureCosts, type MeasuredCosts } from "./measure-costs";
import type { Way } from "./options";
import { prepareQuantizing } from "./prepare";
import type { FormatCost } from "./rounding-costs";
import { bitsPerWeight } from "./tensors";
import { writeChosen } from "./write-chosen";

/**
 * Chooses one format for each matrix of a model so that its weights take at most so many bytes, by what rounding them is expected to cost, and says what it
 * does cost on a text that had no say.
 * @throws ParamscopeError when a text, the size or the memory does not allow it; the signal's reason when aborted.
 */
export async function* quantize(
  request: QuantizeRequest,
): AsyncGenerator<RunEvent<QuantizeResult, PrunePhase>, void, void> {
  const { model, signal, by } = request;
  const prepared = await prepareQuantizing(request);
  const { samples, tensors, kept, keptBytes, roundings, roundingOf, view, prompt, notes } = prepared;
  const parts = new RunParts(prepared.costs.all);
  const runtime = await openRuntime(request);
  const profiler = new Profiler();
  const shared = { runtime, profiler, signal };

  const measuring = { samples, tensors, roundings };
  const measured = async function* (measure: CostMeasure, importance?: Importance): PruneEvents<MeasuredCosts> {
    const known = prepared.known[measure];
    if (known) return { ...known, profile: new Map() };
    const costs = yield* parts.run(prepared.costs.sweep, measureCosts(request, { ...measuring, measure, importance }));
    // those of an importance that was read are of no other run
    if (request.imatrix === undefined) request.known?.keep(request, measure, measuring, costs);
    return costs;
  };
  const sensitivity = yield* measured("sensitivity", prepared.importance);
  const { importance } = sensitivity;
  const activation = prepared.ways.includes("activation") ? yield* measured("activation", importance) : undefined;
  const choosing: Choosing = {
    tensors,
    kept,
    keptBytes,
    roundings,
    roundingOf,
    costs: { sensitivity: sensitivity.costs, ...(activation && { activation: activation.costs }) },
    view,
  };

  const chosen = chooseFormats(choosing, by, prepared.bytes);
  if (chosen === undefined) throw new Error("a size that is possible has a choice");
  const made: Made = { choosing, chosen, importance, parts, prepared };
  const { evaluation, curve } = yield* evaluateChoices(request, made, { ...shared, model });
  const tasks =
    request.tasks &&
    (yield* parts.run(
      prepared.costs.tasks,
      answerTasks(request.tasks, chosenModel(model, made, chosen), { ...shared, model }),
    ));
  let continuation: BitsDocument["continuation"] = null;
  if (prompt) {
    const write = (of: Model, number: 0 | 1): PruneEvents<string> =>
      parts.run(prepared.costs.continuation, greedyText(of, prompt.ids, number, shared));
    const dense = yield* write(model, 0);
    continuation = { prompt: prompt.text, dense, quantized: yield* write(chosenModel(model, made, chosen), 1) };
  }

  const document: BitsDocument = {
    format: "paramscope.bits",
    version: 1,
    model: await describeModel(model),
    run: describeRun(runtime, parts.seconds, [], notes),
    calibration: {
      sources: [...new Set(samples.map(({ source }) => source))],
      samples: samples.length,
      tokens: samples.reduce((sum, { ids }) => sum + ids.length, 0),
      window: Math.max(...samples.map(({ ids }) => ids.length)),
    },
    by,
    mixture: chosen.mixture ?? null,
    formats: roundings.map(({ name }) => name),
    size: {
      asked: prepared.asked,
      bytes: chosen.bytes,
      bitsPerWeight: bitsPerWeight(choosing, chosen.bytes),
      ...prepared.bounds,
    },
    kept,
    tensors: describeTensors(choosing, chosen, by),
    evaluation,
    curve,
    ...(tasks && { tasks }),
    continuation,
    ...(yield* writeChosen(request, made)),
  };
  const profiles = [sensitivity, activation, { profile: profiler.seconds }];
  yield { type: "done", result: { document, profile: addedUp(profiles.flatMap((one) => one?.profile ?? [])) } };
}

/** Where the time of several parts went. */
function addedUp(profiles: readonly Profile[]): Profile {
  const all = new Map<string, number>();
  for (const profile of profiles) for (const [part, seconds] of profile) all.set(part, (all.get(part) ?? 0) + seconds);
  return all;
}

function describeTensors(choosing: Choosing, { formats }: ChosenFormats, by: Way): BitsDocument["tensors"] {
  const costs = choosing.costs[by === "activation" ? "activation" : "sensitivity"] ?? [];
  return zip(choosing.tensors, formats).map(([tensor, format], i) => {
    const measured: ReadonlyMap<string, FormatCost> | undefined = costs[i];
    const options = optionsOf(choosing, tensor);
    const all = options.some(({ name }) => name === format.name) ? options : [...options, format];
    return {
      name: tensor.name,
      layer: tensor.layer ?? null,
      module: tensor.module,
      parameters: tensor.parameters,
      columns: tensor.columns,
      format: format.name,
      options: all.map(({ name, bytesOf }) => ({
        format: name,
        bytes: bytesOf(tensor.parameters),
        cost: measured?.get(name)?.cost ?? null,
        outputError: measured?.get(name)?.outputError ?? null,
      })),
    };
  });
}
