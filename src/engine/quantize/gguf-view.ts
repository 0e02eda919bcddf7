import { ParamscopeError } from "../errors";
import type { Model } from "../model/model";
import { columnsOf, rowsOf, type GgufPlan, type PlannedTensor } from "./export/plan";
import { planGguf } from "./export/write-gguf";
import { bytesOf, formatForColumns, formatOf, FORMATS, type FormatName } from "./formats";
import type { Imatrix, ImatrixEntry } from "./imatrix/imatrix";
import { importanceOfModel } from "./imatrix/of-model";
import type { ColumnImportance, Importance } from "./input-importance";
import type { MixedModel } from "./llama-mixture";
import type { Rounding } from "./rounding";
import { keptBeside, quantizedTensors, type QuantizedTensor, type QuantizedTensors } from "./tensors";

/** A model as a GGUF file has it, beside the tensors that formats are chosen for. */
export interface GgufView {
  readonly plan: GgufPlan;
  /** What llama.cpp's mixtures ask of it. */
  readonly model: MixedModel;
  /** The bytes of what surrounds tensors: the header, with the tokenizer. */
  readonly overhead: number;
}

/** Of a tensor in the header: its name's length, dimensions, type and place, and the room between tensors on the average. */
const TENSOR_BYTES = 8 + 4 + 2 * 8 + 4 + 8 + 16;
const ENTRY_BYTES = 8;

/** @returns why there is none, where the model cannot be a GGUF file. */
export async function ggufView(model: Model): Promise<GgufView | ParamscopeError> {
  let plan: GgufPlan;
  try {
    plan = await planGguf(model);
  } catch (error) {
    if (error instanceof ParamscopeError) return error;
    throw error;
  }
  const { definition, layers } = model;
  let overhead = 0;
  for (const [key, { length }] of plan.entries) overhead += ENTRY_BYTES + key.length + length;
  for (const { name } of plan.tensors) overhead += TENSOR_BYTES + name.length;
  return {
    plan,
    model: {
      // where its rules look at it, llama.cpp has the names of configurations
      architecture: definition.modelType,
      layers,
      heads: definition.queryHeads,
      keyValueHeads: definition.keyValueHeads,
      experts: Math.max(0, ...model.blocks.map(({ experts }) => experts.length)),
    },
    overhead,
  };
}

/** Which of the tensors a planned one is of, by their numbers: of a fused one several, of what is fused in the checkpoint one that others are of too. */
export function sourcesOf(tensors: readonly QuantizedTensor[]): (planned: PlannedTensor) => readonly number[] {
  const numbers = new Map<string, number>();
  for (const [number, { matrices }] of tensors.entries()) for (const { name } of matrices) numbers.set(name, number);
  return ({ from, isQuantized }) => {
    if (!isQuantized) return [];
    return [...new Set(from.flatMap((name) => numbers.get(name) ?? []))];
  };
}

/** The matrices that a GGUF file of the model has in a format of one's choice, and what all else in it takes. */
export function quantizedTensorsOf(model: Model, { plan }: GgufView): QuantizedTensors {
  const { tensors } = quantizedTensors(model);
  const sources = sourcesOf(tensors);
  const chosen = new Set<number>();
  let keptBytes = 0;
  for (const planned of plan.tensors) {
    const of = sources(planned);
    for (const number of of) chosen.add(number);
    if (of.length === 0) keptBytes += storedBytes(planned);
  }
  const quantized = tensors.filter((_, number) => chosen.has(number));
  return { tensors: quantized, kept: keptBeside(model, quantized), keptBytes };
}

function storedBytes(planned: PlannedTensor): number {
  const weights = columnsOf(planned) * rowsOf(planned);
  const format = FORMATS.find(({ name }) => name === planned.usual);
  return format ? bytesOf(format.name, weights) : (planned.stored?.bytes ?? 4 * weights);
}

/** The formats of a file's tensors, by what was chosen: of a fused tensor the one with the most bits. */
export function plannedFormats(
  tensors: readonly QuantizedTensor[],
  formats: readonly Rounding[],
): (planned: PlannedTensor) => FormatName | undefined {
  const sources = sourcesOf(tensors);
  return (planned) => {
    const [most] = sources(planned)
      .flatMap((number) => formats[number] ?? [])
      .sort((a, b) => b.bitsPerWeight - a.bitsPerWeight);
    if (most === undefined) return undefined;
    const { name } = formatOf(most.name as FormatName);
    return formatForColumns(name, columnsOf(planned));
  };
}

/** Importance as a file's tensors have columns: of tensors in which matrices stand one behind another each one's. */
export function plannedImportance(importance: Importance): (planned: PlannedTensor) => Float32Array | undefined {
  return ({ inputs, columnOrder, dimensions }) => {
    const known = inputs.map((name) => importance.get(`${name}.weight`));
    if (known.every((own) => own === undefined)) return undefined;
    const columns = columnsOf({ dimensions });
    // what no text reaches counts nothing, and so all its columns alike
    const all = new Float32Array(inputs.length * columns);
    for (const [i, own] of known.entries())
      own?.squares.forEach((value, column) => {
        all[i * columns + (columnOrder?.(column) ?? column)] = value;
      });
    return all;
  };
}

/** The same as llama.cpp's importance matrix, in the names and the order of columns of the file. */
export function imatrixOf(
  importance: Importance,
  { plan }: GgufView,
  { datasets, chunkSize }: Pick<Imatrix, "datasets" | "chunkSize">,
): Imatrix {
  const entries = new Map<string, ImatrixEntry>();
  const squaresOf = plannedImportance(importance);
  for (const planned of plan.tensors) {
    const squares = planned.isQuantized ? squaresOf(planned) : undefined;
    if (squares === undefined) continue;
    const counts = Float64Array.from(planned.inputs, (name) => importance.get(`${name}.weight`)?.tokens ?? 0);
    const columns = columnsOf(planned);
    const sums = Float64Array.from(squares, (square, i) => square * (counts[Math.floor(i / columns)] ?? 0));
    entries.set(planned.name, { sums, counts });
  }
  return { entries, datasets, chunkSize };
}

/**
 * What llama.cpp's importance matrix says of the checkpoint's matrices.
 * @param name what it is called.
 * @throws ParamscopeError where it is of another model.
 */
export function importanceFrom(name: string, imatrix: Imatrix, { plan }: GgufView): Importance {
  const { importanceOf } = importanceOfModel(name, imatrix, plan.tensors);
  const importance = new Map<string, ColumnImportance>();
  for (const planned of plan.tensors) {
    const all = planned.isQuantized ? importanceOf(planned) : undefined;
    const { counts } = imatrix.entries.get(planned.name) ?? {};
    if (all === undefined || counts === undefined) continue;
    const columns = columnsOf(planned);
    for (const [i, input] of planned.inputs.entries()) {
      const inFile = all.subarray(i * columns, (i + 1) * columns);
      const squares = inFile.map((_, column) => inFile[planned.columnOrder?.(column) ?? column]!);
      importance.set(`${input}.weight`, { squares, tokens: counts[i] ?? counts[0] ?? 0 });
    }
  }
  return importance;
}
