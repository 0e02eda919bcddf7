import type { RunEvent } from "../../api";
import type { Model } from "../../model/model";
import { blockTensor } from "../../model/model";
import { plural } from "../../numbers/plural";
import { observeInputs } from "../../prune/observe-inputs";
import { planPruning } from "../../prune/plan";
import { budgetOf } from "../../run/run";
import { stopwatch } from "../../run/stopwatch";
import { openRuntime } from "../../runtime/open-runtime";
import type { RuntimeWish } from "../../runtime/runtime";
import { Profiler } from "../../sweep/profiler";
import type { Sample } from "../../text/sample";
import { columnsOf, type PlannedTensor } from "../export/plan";
import { ggufTensors } from "../export/write-gguf";
import type { Imatrix, ImatrixEntry } from "./imatrix";
import { matricesOf } from "./of-model";

export interface ImatrixRequest extends RuntimeWish {
  readonly model: Model;
  readonly samples: readonly Sample[];
  /** What the samples are of, as the file says it. */
  readonly datasets: readonly string[];
  /** Tokens of a chunk, by which llama.cpp counts. */
  readonly chunkSize: number;
  readonly memory?: number;
  readonly signal?: AbortSignal;
}

export interface CollectedImatrix {
  readonly imatrix: Imatrix;
  readonly notes: readonly string[];
}

/** Where in which tensor of a GGUF file what enters a matrix belongs. */
interface Place {
  readonly tensor: PlannedTensor;
  readonly matrix: number;
}

/**
 * The importance matrix of samples: what enters each matrix of the model, as it is, squared and summed over all tokens. Of experts those tokens count that are
 * routed to them.
 * @throws ParamscopeError where the model has no names in GGUF files, or the memory does not allow it; the signal's reason when aborted.
 */
export async function* collectImatrix(
  request: ImatrixRequest,
): AsyncGenerator<RunEvent<CollectedImatrix, "forward">, void, void> {
  const { model, samples, signal } = request;
  const lengths = samples.map(({ ids }) => ids.length);
  planPruning(
    { model, criterion: "wanda", calibration: lengths, windows: [] },
    budgetOf(request),
    "An importance matrix",
  );
  const places = placesOf(await ggufTensors(model));
  const entries = new Map<string, ImatrixEntry>();
  const seconds = stopwatch();
  const runtime = await openRuntime(request);
  const profiler = new Profiler();
  const observing = observeInputs({ model, runtime, profiler, samples, signal }, ({ layer, module, calibration }) => {
    const place = places.get(blockTensor(model, layer, module.name));
    if (place === undefined) return;
    const { sums, counts } = entryOf(entries, place.tensor);
    const { columnOrder: order = (column: number) => column } = place.tensor;
    const start = place.matrix * columnsOf(place.tensor);
    for (const [column, square] of calibration.squares(module).entries()) sums[start + order(column)] = square;
    counts[place.matrix] = calibration.tokens;
  });
  let step = await observing.next();
  for (; !step.done; step = await observing.next()) {
    const share = step.value / model.layers;
    yield {
      type: "progress",
      phase: "forward",
      done: step.value,
      layers: model.layers,
      share,
      secondsLeft: (seconds() * (1 - share)) / share,
    };
  }
  const { datasets, chunkSize } = request;
  yield {
    type: "done",
    result: { imatrix: { entries, datasets, chunkSize }, notes: unreachedNotes(step.value) },
  };
}

/** Where what enters a matrix belongs, by its name in the checkpoint. */
function placesOf(tensors: readonly PlannedTensor[]): Map<string, Place> {
  return new Map(
    tensors.flatMap((tensor) =>
      tensor.isQuantized ? tensor.inputs.map((name, matrix): [string, Place] => [name, { tensor, matrix }]) : [],
    ),
  );
}

function entryOf(entries: Map<string, ImatrixEntry>, tensor: PlannedTensor): ImatrixEntry {
  let entry = entries.get(tensor.name);
  if (entry === undefined) {
    const matrices = matricesOf(tensor);
    entry = { sums: new Float64Array(columnsOf(tensor) * matrices), counts: new Float64Array(matrices) };
    entries.set(tensor.name, entry);
  }
  return entry;
}

function unreachedNotes(experts: number): string[] {
  if (experts === 0) return [];
  return [
    `No token of the texts reached ${experts} ${plural(experts, "expert", "experts")}: whoever quantises by this file rounds ${experts === 1 ? "its" : "their"} columns as if all counted alike.`,
  ];
}
