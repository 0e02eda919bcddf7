import type { PrunePhase, QuantizeRequest, QuantizeResult, RunEvent, WrittenFile } from "../api";
import { describeModel, describeRun } from "../document/describe";
import type { BitsDocument, BitsPoint } from "../document/bits";
import type { Model } from "../model/model";
import { writtenText } from "../model/tokenizer/written-text";
import { elementAt, zip } from "../numbers/elements";
import { comparedStates, predictingStates } from "../prune/evaluate";
import { MOST_TOKENS } from "../prune/costs";
import { RunParts, type PruneEvents } from "../prune/run-parts";
import { evaluatedWindows } from "../prune/window-losses";
import { continueGreedily, resident } from "../run/continuation";
import { openRuntime } from "../runtime/open-runtime";
import type { ForwardRequest } from "../sweep/hidden-states";
import { Profiler } from "../sweep/profiler";
import { writeGguf } from "./export/write-gguf";
import { quantizeArguments, recipeOf } from "./export/recipe";
import { imatrixOf, plannedFormats, plannedImportance } from "./gguf-view";
import { writeImatrix } from "./imatrix/write";
import { writeWholeFile } from "../whole-file";
import { writeError } from "../write-error";
import { bytesWished, chooseFormats, optionsOf, type ChosenFormats, type Choosing } from "./costs-by-way";
import { measureCosts } from "./measure-costs";
import { prepareQuantizing, type PreparedQuantizing } from "./prepare";
import { roundedModel } from "./rounded-model";
import type { FormatCost } from "./rounding-costs";
import type { Importance } from "./input-importance";
import type { Way } from "./options";

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
  const { samples, windows, tensors, kept, keptBytes, roundings, roundingOf, view, prompt, notes } = prepared;
  const parts = new RunParts(prepared.costs.all);
  const runtime = await openRuntime(request);
  const profiler = new Profiler();
  const forward = { model, runtime, profiler, ids: windows?.ids ?? [], signal };

  const measuring = { samples, tensors, roundings };
  const sensitivity = yield* parts.run(
    prepared.costs.sweep,
    measureCosts(request, { ...measuring, measure: "sensitivity", importance: prepared.importance }),
  );
  const { importance } = sensitivity;
  const activation = prepared.ways.includes("activation")
    ? yield* parts.run(prepared.costs.sweep, measureCosts(request, { ...measuring, measure: "activation", importance }))
    : undefined;
  const choosing: Choosing = {
    tensors,
    kept,
    keptBytes,
    roundings,
    roundingOf,
    costs: { sensitivity: sensitivity.costs, ...(activation && { activation: activation.costs }) },
    view,
  };

  const bytes = bytesWished(choosing, request.size) ?? 0;
  const chosen = chooseFormats(choosing, by, bytes);
  if (chosen === undefined) throw new Error("a size that is possible has a choice");
  const evaluated =
    windows && (yield* evaluateAll(request, { choosing, chosen, importance, forward, parts, prepared }));
  const continuation =
    prompt &&
    (yield* continued(request, {
      prompt,
      forward,
      parts,
      prepared,
      rounded: rounded(model, choosing, chosen, importance),
    }));

  const parameters = tensors.reduce((sum, tensor) => sum + tensor.parameters, kept);
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
      bitsPerWeight: (8 * chosen.bytes) / parameters,
      ...prepared.bounds,
    },
    kept,
    tensors: describeTensors(choosing, chosen, by),
    evaluation: evaluated?.evaluation ?? null,
    curve: evaluated?.curve ?? [],
    continuation: continuation ?? null,
    ...(yield* written(request, { choosing, chosen, importance, parts, prepared })),
  };
  yield { type: "done", result: { document, profile: profiler.seconds } };
}

/** Writes what was asked for. */
async function* written(
  { model, exportTo, recipeTo, signal }: QuantizeRequest,
  { choosing, chosen, importance, parts, prepared }: Omit<Evaluating, "forward">,
): PruneEvents<Pick<BitsDocument, "files" | "recipe">> {
  const { view, samples } = prepared;
  const files: BitsDocument["files"] = [];
  if (view === undefined) return { files, recipe: null };
  const formatOf = plannedFormats(choosing.tensors, chosen.formats);
  const writing = async function* (to: WrittenFile): PruneEvents<number> {
    yield { type: "progress", phase: "write", done: 0, layers: 1, share: 0, secondsLeft: undefined };
    return await writeGguf(to.file, view.plan, { formatOf, importanceOf: plannedImportance(importance), signal });
  };
  if (exportTo)
    files.push({
      kind: "model",
      path: exportTo.file,
      bytes: yield* parts.run(prepared.costs.write, writing(exportTo)),
    });
  if (recipeTo === undefined) return { files, recipe: null };
  const { types, imatrix } = recipeTo;
  const recipe = recipeOf(view.plan.tensors, formatOf);
  await writeText(types.file, recipe.types);
  files.push({ kind: "types", path: types.file, bytes: Buffer.byteLength(recipe.types) });
  const datasets = [...new Set(samples.map(({ source }) => source))];
  const chunkSize = Math.max(...samples.map(({ ids }) => ids.length));
  const bytes = await writeImatrix(imatrix.file, imatrixOf(importance, view, { datasets, chunkSize }));
  files.push({ kind: "imatrix", path: imatrix.file, bytes });
  const isGguf = model.checkpoint.format === "gguf";
  return {
    files,
    recipe: quantizeArguments(recipe, {
      types: types.file,
      imatrix: imatrix.file,
      from: isGguf ? model.checkpoint.path : `${model.name}-F32.gguf`,
      to: exportTo?.file ?? `${model.name}-quantised.gguf`,
      isQuantized: isGguf && view.plan.tensors.some(({ isQuantized, type }) => isQuantized && !/^B?F\d+$/.test(type)),
    }),
  };
}

async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeWholeFile(path, async (file) => {
      await file.writeFile(text);
    });
  } catch (cause) {
    throw writeError(path, cause, "file");
  }
}

const rounded = (model: Model, { tensors }: Choosing, { formats }: ChosenFormats, importance: Importance): Model =>
  roundedModel(model, tensors, formats, importance);

interface Evaluating {
  readonly choosing: Choosing;
  readonly chosen: ChosenFormats;
  readonly importance: Importance;
  readonly forward: ForwardRequest;
  readonly parts: RunParts;
  readonly prepared: PreparedQuantizing;
}

/** What the choice costs on the windows of a text, and what other ways and sizes do. */
async function* evaluateAll(
  { model, by, evaluation }: QuantizeRequest,
  { choosing, chosen, importance, forward, parts, prepared }: Evaluating,
): PruneEvents<Pick<BitsDocument, "evaluation" | "curve">> {
  const { windows, costs } = prepared;
  if (windows === undefined || evaluation === undefined) return { evaluation: null, curve: [] };
  const dense = yield* parts.run(costs.evaluate, predictingStates(forward, 0, 1));
  const measured = async function* (choice: ChosenFormats) {
    const changed = { ...forward, model: rounded(model, choosing, choice, importance) };
    const states = yield* parts.run(costs.evaluate, predictingStates(changed, 0, 1));
    const rows = await comparedStates(forward, dense, states);
    const all = evaluatedWindows(rows, windows.ids);
    return {
      dense: { perplexity: all.perplexity, losses: all.losses.own },
      tokens: all.losses.tokens,
      quantized: {
        perplexity: all.otherPerplexity,
        agreement: all.agreement,
        divergence: all.divergence,
        divergences: all.divergences,
        losses: all.losses.other,
      },
    };
  };
  const own = yield* measured(chosen);
  const parameters = choosing.tensors.reduce((sum, tensor) => sum + tensor.parameters, choosing.kept);
  const curve: BitsPoint[] = [];
  const known = new Map([[keyOf(chosen), own.quantized]]);
  for (const { way, bytes } of prepared.points) {
    const choice = chooseFormats(choosing, way, bytes);
    if (choice === undefined) continue;
    const key = keyOf(choice);
    const figures = known.get(key) ?? (yield* measured(choice)).quantized;
    known.set(key, figures);
    // at sizes between two mixtures of llama.cpp, or two formats, there is nothing new
    if (curve.some((point) => point.by === way && point.bytes === choice.bytes)) continue;
    if (way === by && choice.bytes === chosen.bytes) continue;
    curve.push({
      by: way,
      mixture: choice.mixture ?? null,
      bytes: choice.bytes,
      bitsPerWeight: (8 * choice.bytes) / parameters,
      ...figures,
    });
  }
  return {
    evaluation: {
      text: evaluation.text.source,
      window: elementAt(windows.ids, 0).length,
      windows: windows.ids.length,
      available: windows.available,
      ...own,
    },
    curve,
  };
}

const keyOf = ({ formats }: ChosenFormats): string => formats.map(({ name }) => name).join(" ");

async function* continued(
  { model, signal }: QuantizeRequest,
  {
    prompt,
    forward: { runtime, profiler },
    parts,
    prepared: { costs },
    rounded,
  }: Pick<Evaluating, "forward" | "parts" | "prepared"> & {
    readonly prompt: NonNullable<PreparedQuantizing["prompt"]>;
    readonly rounded: Model;
  },
): PruneEvents<NonNullable<BitsDocument["continuation"]>> {
  const written = async function* (of: Model, number: number): PruneEvents<string> {
    const run = continueGreedily({
      model: resident(of),
      runtime,
      profiler,
      prompts: [prompt.ids],
      most: MOST_TOKENS,
      ...(signal && { signal }),
    });
    let step = await run.next();
    for (; !step.done; step = await run.next())
      yield {
        type: "progress",
        phase: "continue",
        done: number * MOST_TOKENS + step.value,
        layers: 2 * MOST_TOKENS,
        share: step.value / MOST_TOKENS,
        secondsLeft: undefined,
      };
    return writtenText(elementAt(step.value, 0), model);
  };
  const dense = yield* parts.run(costs.continuation, written(model, 0));
  return { prompt: prompt.text, dense, quantized: yield* parts.run(costs.continuation, written(rounded, 1)) };
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
