import type { QuantizeRequest } from "../api";
import { ParamscopeError } from "../errors";
import { refuseWithoutRoom } from "../free-space";
import { isQuantized } from "../model/formats/quantized/schemes";
import type { Model } from "../model/model";
import { formatBytes } from "../numbers/bytes";
import { evaluationWindows, type EvaluationWindows } from "../prune/evaluation-windows";
import { CONTINUATION, SWEEP_PASSES } from "../prune/costs";
import { promptOf } from "../prune/prepare";
import { seenNotes } from "../prune/seen-tokens";
import { taskTokens } from "../tasks/choice-ids";
import { fewestIds } from "../sweep/target";
import type { Sample } from "../text/sample";
import { bytesOfBits } from "./choose-formats";
import { bytesWished, type Choosing } from "./costs-by-way";
import { checkGgufOutput } from "./export/write-gguf";
import { ggufView, importanceFrom, quantizedTensorsOf, type GgufView } from "./gguf-view";
import { formatOf, isFloat, type FormatName } from "./formats";
import type { Importance } from "./input-importance";
import type { CostMeasure, CostsOfRounding } from "./known-costs";
import { costTarget } from "./measure-costs";
import { ALL_FORMATS, DEFAULT_FORMATS, type SizeWish, type Way } from "./options";
import { ggufRounding, type Rounding } from "./rounding";
import { boundsOf, checkSize } from "./size-errors";
import { parametersOf, quantizedTensors, type QuantizedTensors } from "./tensors";

/** With fewer tokens than this the choice is a matter of chance. */
const FEW_TOKENS = 1024;
/** The passes of one model that is evaluated, with its logits and the rounding of its weights. */
const EVALUATING_PASSES = 1.5;
/** How many tokens' pass takes as long as rounding all weights once, and writing them. */
const WRITING_TOKENS = 300;

/** All that is known of a run before anything is computed. */
export interface PreparedQuantizing extends QuantizedTensors {
  /** Those of the set that predict something. */
  readonly samples: readonly Sample[];
  readonly roundings: readonly Rounding[];
  readonly roundingOf: (name: FormatName) => Rounding;
  readonly view: GgufView | undefined;
  /** How much an error in each column counts, where that is known. */
  readonly importance: Importance | undefined;
  readonly windows: EvaluationWindows | undefined;
  readonly prompt: { readonly text: string; readonly ids: Int32Array } | undefined;
  /** What rounding costs, where an earlier run has measured it. */
  readonly known: Partial<Record<CostMeasure, CostsOfRounding>>;
  /** Ways that something is chosen by. */
  readonly ways: readonly Way[];
  /** Other ways and sizes that are evaluated. */
  readonly points: readonly { readonly way: Way; readonly bytes: number }[];
  /** What the weights may take. */
  readonly bytes: number;
  /** The size as it was asked for, in words. */
  readonly asked: string;
  readonly bounds: { readonly stored: number; readonly least: number; readonly most: number };
  readonly notes: readonly string[];
  readonly costs: {
    readonly sweep: number;
    readonly evaluate: number;
    readonly continuation: number;
    readonly write: number;
    readonly tasks: number;
    readonly all: readonly number[];
  };
}

/** @throws ParamscopeError when a text or the size does not allow the run. */
export async function prepareQuantizing(request: QuantizeRequest): Promise<PreparedQuantizing> {
  const { model, set, by, size, evaluation, compared } = request;
  const notes = [...(request.notes ?? []), ...set.notes];
  const samples = predictingSamples(set.samples, notes);
  const found = await ggufView(model);
  const view = found instanceof ParamscopeError ? undefined : found;
  const ways = [...new Set([by, ...(compared?.ways ?? [])])];
  if (found instanceof ParamscopeError && needsFile(request, ways)) throw found;
  const quantized = view ? quantizedTensorsOf(model, view) : quantizedTensors(model);
  const { tensors } = quantized;
  const names = request.formats ?? usualFormats(model);
  const roundingOf = remembered(ggufRounding);
  const roundings = names.map(roundingOf).sort((a, b) => a.bitsPerWeight - b.bitsPerWeight);
  const choosing: Choosing = { ...quantized, roundings, roundingOf, costs: {}, view };
  const stored = [...model.checkpoint.tensors.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const bounds = { stored, ...boundsOf(choosing) };
  const wished = bytesWished(choosing, size);
  if (wished === undefined) throw new Error("a mixture needs a model that llama.cpp knows");
  const bytes = size.kind === "bits" && size.orLeast ? Math.max(wished, bounds.least) : wished;
  checkSize(choosing, by, bytes, bounds.least);
  if (bytes > bounds.most)
    notes.push(
      `The size is more than the weights can take: with the formats there are they take at most ${formatBytes(bounds.most)}.`,
    );
  notes.push(...sourceNotes(model), ...fallbackNotes(tensors, roundings));
  const windows =
    evaluation &&
    evaluationWindows(evaluation.text, model.tokenizer, {
      window: Math.min(evaluation.window, model.context),
      count: evaluation.windows,
    });
  if (windows && evaluation)
    notes.push(...seenNotes(evaluation.text.source, windows.ids, samples, "what the choice costs"));
  const prompt = request.prompt === undefined ? undefined : promptOf(request.prompt, model);
  const sizes = [bytes, ...(compared?.bits ?? []).map((bits) => bytesOfBits(parametersOf(quantized), bits))];
  const ascending = [...new Set(sizes)].sort((a, b) => a - b);
  const points = windows ? ascending.flatMap((size) => ways.map((way) => ({ way, bytes: size }))) : [];
  const tokens = samples.reduce((sum, { ids }) => sum + ids.length, 0);
  const predicted = windows?.ids.reduce((sum, { length }) => sum + length, 0) ?? 0;
  const measures: CostMeasure[] = ways.includes("activation") ? ["sensitivity", "activation"] : ["sensitivity"];
  const find = (measure: CostMeasure): CostsOfRounding | undefined =>
    request.imatrix ? undefined : request.known?.find(request, measure, { samples, roundings });
  const known = { sensitivity: find("sensitivity"), activation: find("activation") };
  const sweep = (SWEEP_PASSES + 2) * tokens;
  const evaluate = EVALUATING_PASSES * predicted;
  const tasks = 2 * EVALUATING_PASSES * (request.tasks ? taskTokens(request.tasks.items, model) : 0);
  const write = request.exportTo ? WRITING_TOKENS : 0;
  for (const to of [request.exportTo, request.recipeTo?.types, request.recipeTo?.imatrix])
    if (to) await checkGgufOutput(to.file, [model.checkpoint.path], to.force);
  if (request.exportTo) await refuseWithoutRoom([{ path: request.exportTo.file, bytes: Math.min(bytes, bounds.most) }]);
  const importance = request.imatrix && view && importanceFrom(request.imatrix.name, request.imatrix.imatrix, view);
  return {
    ...quantized,
    importance,
    samples,
    roundings,
    roundingOf,
    view,
    windows,
    prompt,
    known,
    ways,
    points,
    bytes,
    asked: bytes > wished ? "as small as can be" : sizeInWords(size),
    bounds,
    notes,
    costs: {
      sweep,
      evaluate,
      continuation: CONTINUATION,
      write,
      tasks,
      all: [
        ...measures.filter((measure) => known[measure] === undefined).map(() => sweep),
        ...new Array<number>(windows ? 2 + points.length : 0).fill(evaluate),
        ...new Array<number>(prompt ? 2 : 0).fill(CONTINUATION),
        tasks,
        write,
      ],
    },
  };
}

/** Whether what is asked for is of GGUF files: then it has to be able to be one. */
function needsFile({ size, exportTo, recipeTo, imatrix }: QuantizeRequest, ways: readonly Way[]): boolean {
  if ((exportTo ?? recipeTo ?? imatrix) !== undefined) return true;
  return size.kind === "mixture" || ways.includes("llama.cpp");
}

/** The usual formats, and those that the model is stored in: what is stored so already loses nothing. */
function usualFormats({ checkpoint }: Model): FormatName[] {
  const stored = new Set([...checkpoint.tensors.values()].map(({ type }) => type));
  return ALL_FORMATS.filter((name) => DEFAULT_FORMATS.includes(name) || (name.startsWith("Q") && stored.has(name)));
}

/** Those samples that predict a token; the others are left out, which is said. @throws ParamscopeError where there are none. */
function predictingSamples(samples: readonly Sample[], notes: string[]): Sample[] {
  const least = fewestIds(costTarget("sensitivity"));
  const long = samples.filter(({ ids }) => ids.length >= least);
  if (long.length === 0)
    throw new ParamscopeError(
      "No calibration text has two tokens: what a matrix is worth is found in what the model predicts.",
      "Give some texts of the kind that the model is for.",
    );
  if (long.length < samples.length)
    notes.push(
      `${samples.length - long.length} of ${samples.length} calibration samples have one token, predict nothing, and were left out.`,
    );
  const tokens = long.reduce((sum, { ids }) => sum + ids.length, 0);
  if (tokens < FEW_TOKENS)
    notes.push(`The calibration has only ${tokens} tokens: with some thousands the choice is less a matter of chance.`);
  return long;
}

function sourceNotes({ name, checkpoint }: Model): string[] {
  const types = new Set([...checkpoint.tensors.values()].map(({ type }) => type));
  const stored = [...types].filter((type) => !isFloat(type)).sort();
  if (checkpoint.format === "gguf" ? stored.length === 0 : !isQuantized(checkpoint.config)) return [];
  return [
    `${name} is quantised already${stored.length > 0 ? ` (${stored.join(", ")})` : ""}: what it lost then is not seen here, and formats that it is stored in, or that have all of their levels (Q5_1 those of Q4_1), cost less than they would from a model in floats, in mixtures too.`,
  ];
}

/** What is to be said where rows are no whole blocks of formats that may be chosen. */
function fallbackNotes(tensors: QuantizedTensors["tensors"], roundings: readonly Rounding[]): string[] {
  const widths = [...new Set(tensors.map(({ columns }) => columns))].sort((a, b) => a - b);
  return widths.flatMap((columns) => {
    const missing = roundings.filter(({ divides }) => !divides(columns)).map(({ name }) => name);
    if (missing.length === 0) return [];
    const size = Math.max(...missing.map((name) => formatOf(name as FormatName).blockSize));
    const of = tensors.filter((tensor) => tensor.columns === columns).length;
    return [
      `${of} of ${tensors.length} matrices have rows of ${columns} weights, which are no whole blocks of ${size}: ${missing.join(", ")} cannot be theirs.`,
    ];
  });
}

/** As a person writes it: `4.5 bits a weight`. */
export function sizeInWords(size: SizeWish): string {
  switch (size.kind) {
    case "bits":
      return `${size.bits} bits a weight`;
    case "bytes":
      return formatBytes(size.bytes);
    case "mixture":
      return `as llama.cpp's ${size.mixture}`;
  }
}

function remembered(make: (name: FormatName) => Rounding): (name: FormatName) => Rounding {
  const known = new Map<FormatName, Rounding>();
  return (name) => {
    const found = known.get(name) ?? make(name);
    known.set(name, found);
    return found;
  };
}
