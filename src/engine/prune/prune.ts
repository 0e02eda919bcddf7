import type { PruneRequest, PrunePhase, PruneResult, RunEvent } from "../api";
import { describeMethod, describeModel, describeRun } from "../document/describe";
import type { PruningDocument } from "../document/document";
import { ParamscopeError } from "../errors";
import { refuseWithoutRoom } from "../free-space";
import { isQuantized } from "../model/formats/quantized/schemes";
import { elementAt, zip } from "../numbers/elements";
import { openRuntime } from "../runtime/open-runtime";
import { Profiler } from "../sweep/profiler";
import { answerTasks } from "../tasks/answer-tasks";
import { targetName } from "../sweep/target";
import { plural } from "../numbers/plural";
import { areAlike } from "./allocation";
import { isCalibrated } from "./options";
import { DenseResults } from "./dense-results";
import { evaluate } from "./evaluate";
import { evaluateEven } from "./even";
import { continuationMemory } from "./plan";
import { prepareRun } from "./prepare";
import { pruneModel, type Pruned } from "./prune-model";
import { greedyText } from "./greedy-text";
import { exportMasks } from "./export/export-masks";
import { exportedBytes, exportModel } from "./export/export-model";
import { refuseOverlap } from "./export/overlap";
import { checkTarget } from "./export/whole-folder";
import { RunParts } from "./run-parts";
import type { EvaluatedWindows } from "./window-losses";

/**
 * Prunes a model without training: removes the weights of the least importance, layer by layer, and says what that costs in
 * perplexity, where a text to evaluate is given. Layers come shallowest first.
 * @throws ParamscopeError when a text, an option or the memory does not allow it; the signal's reason when aborted.
 */
export async function* prune(request: PruneRequest): AsyncGenerator<RunEvent<PruneResult, PrunePhase>, void, void> {
  const { model, signal } = request;
  await checkTargets(request);
  const { calibration, windows, prompt, known, budget, costs } = prepareRun(request);
  // what is of no use now takes no memory either
  if (known.states === undefined) request.dense?.states.forget();
  const notes = [...(request.notes ?? []), ...calibration.notes];
  const runtime = await openRuntime(request);
  const profiler = new Profiler();
  const parts = new RunParts(costs.all);

  const { samples } = calibration;
  const context = { samples, runtime, profiler, parts, costs };
  const even =
    windows && costs.even.length > 0 ? yield* evaluateEven(request, context, windows, known.states) : undefined;
  const pruned = yield* pruneModel(request, context);
  try {
    const shared = { runtime, profiler, signal };
    const evaluated =
      windows &&
      (yield* parts.run(
        costs.evaluate,
        evaluate({
          ...shared,
          dense: model,
          pruned: pruned.model,
          ids: windows.ids,
          known: even?.states ?? known.states,
        }),
      ));
    if (evaluated && DenseResults.keeps(evaluated.states.byteLength))
      request.dense?.states.keep(request, windows.ids, evaluated.states);
    const predictions = evaluated?.evaluated;
    const tasks =
      request.tasks && (yield* parts.run(costs.tasks, answerTasks(request.tasks, pruned.model, { ...shared, model })));
    let continuation: PruningDocument["continuation"] = null;
    if (prompt !== undefined && continuationMemory(model) > budget)
      notes.push(
        `The prompt was not continued: that takes ${Math.ceil(continuationMemory(model) / 2 ** 20)} MiB, all weights in memory, and the run may use ${Math.floor(budget / 2 ** 20)} MiB.`,
      );
    else if (prompt !== undefined) {
      const dense =
        known.continuation ?? (yield* parts.run(costs.continuation, greedyText(model, prompt.ids, 0, shared)));
      request.dense?.continuation.keep(request, [prompt.ids], dense);
      continuation = {
        prompt: prompt.text,
        dense,
        pruned: yield* parts.run(costs.continuation, greedyText(pruned.model, prompt.ids, 1, shared)),
      };
    }
    notes.push(...pruned.notes, ...allocationNotes(request, pruned));
    const files = await writeFiles(request, pruned, notes);
    const document: PruningDocument = {
      format: "paramscope.pruning",
      version: 1,
      model: await describeModel(model),
      run: describeRun(runtime, parts.seconds, [], notes),
      target: targetName(request.target, model.tokenizer),
      calibration: {
        sources: samples.map(({ source }) => source),
        texts: samples.length,
        tokens: calibration.tokens,
        window: calibration.window,
      },
      ...describeMethod(request),
      layers: describeLayers(pruned),
      perplexity:
        predictions === undefined || windows === undefined || request.evaluation === undefined
          ? null
          : {
              dense: predictions.perplexity,
              pruned: predictions.otherPerplexity,
              text: request.evaluation.text.source,
              window: elementAt(windows.ids, 0).length,
              windows: windows.ids.length,
              available: windows.available,
              tokens: predictions.tokens,
              agreement: predictions.agreement,
              divergence: predictions.divergence,
              losses: {
                tokens: predictions.losses.tokens,
                dense: predictions.losses.own,
                pruned: predictions.losses.other,
              },
              ...(even && { even: evenFigures(even.evaluated) }),
            },
      curve: [],
      ...(tasks && { tasks }),
      continuation,
      ...files,
    };
    yield { type: "done", result: { document, profile: profiler.seconds } };
  } finally {
    await pruned.dispose();
  }
}

function evenFigures({ otherPerplexity: perplexity, agreement, divergence, losses }: EvaluatedWindows) {
  return { perplexity, agreement, divergence, losses: losses.other };
}

async function checkTargets({ model, exportTo, masksTo, criterion }: PruneRequest): Promise<void> {
  if (masksTo !== undefined && criterion === "sparsegpt")
    throw new ParamscopeError(
      "SparseGPT changes the weights that stay too: which ones went does not make its model.",
      "Export the model, or use another criterion for masks.",
    );
  const targets = [exportTo, masksTo].filter((target) => target !== undefined);
  await refuseOverlap(
    targets.map(({ folder }) => folder),
    model.checkpoint.path,
  );
  for (const target of targets) await checkTarget(target);
  await refuseWithoutRoom([
    ...(exportTo ? [{ path: exportTo.folder, bytes: exportedBytes(model, criterion === "sparsegpt") }] : []),
    ...(masksTo ? [{ path: masksTo.folder, bytes: Math.ceil(model.scored / 8) }] : []),
  ]);
}

async function writeFiles(
  { model, criterion, exportTo, masksTo, signal }: PruneRequest,
  pruned: Pruned,
  notes: string[],
): Promise<Pick<PruningDocument, "exported" | "masks">> {
  let exported: PruningDocument["exported"] = null;
  if (exportTo !== undefined) {
    const changed = criterion === "sparsegpt";
    const written = await exportModel(pruned.model, model, exportTo, changed, signal);
    const { bytes, compressed, type } = written;
    exported = { path: exportTo.folder, bytes, compressed, type };
    notes.push(...written.notes);
    if (model.checkpoint.format === "gguf")
      notes.push(
        "The model was a GGUF file: its weights were exported as float, not quantized again, and its tokenizer as tokenizer.json.",
      );
    else if (isQuantized(model.checkpoint.config))
      notes.push("The model was quantized: its weights were exported as float, not quantized again.");
  }
  const masks =
    masksTo === undefined ? null : { path: masksTo.folder, bytes: await exportMasks(model, pruned.masks, masksTo) };
  return { exported, masks };
}

/** What is to be said of how the sparsity was spread over the layers. */
export function allocationNotes(request: PruneRequest, { allocation, densities, outliers }: Pruned): string[] {
  const { atBounds, sparsities } = allocation;
  const notes: string[] = [];
  const followsDensities = request.allocation === "activation" && request.pattern === undefined;
  if (atBounds > 0)
    notes.push(
      `The allocation reached its bounds in ${atBounds} of ${sparsities.length} layers: none loses less than nothing or more than 95 %.`,
    );
  if (request.allocation !== "uniform" && request.pattern !== undefined)
    notes.push("A pattern takes the same share of every layer: the allocation is uniform.");
  if (densities !== undefined && followsDensities && areAlike(densities))
    notes.push("All layers activate equally densely: the allocation is uniform.");
  if (outliers !== undefined && areAlike(outliers))
    notes.push("All layers have as many outliers: the allocation is uniform.");
  if (request.calibration.length > 0 && !isCalibrated(request) && !followsDensities)
    notes.push(
      `The calibration ${plural(request.calibration.length, "text has", "texts have")} no say: magnitude looks at weights alone.`,
    );
  return notes;
}

function describeLayers({ layers, densities, allocation }: Pruned): PruningDocument["layers"] {
  return zip(layers, allocation.sparsities).map(([modules, sparsity], layer) => ({
    layer,
    density: densities?.[layer] ?? null,
    sparsity,
    parameters: modules.reduce((sum, { module }) => sum + module.out * module.in, 0),
    zeros: modules.reduce((sum, { zeros }) => sum + zeros, 0),
    modules: modules.map(({ module, zeros, kept, dense }) => ({
      name: module.name,
      shape: [module.out, module.in],
      parameters: module.out * module.in,
      zeros,
      kept,
      dense,
    })),
  }));
}
