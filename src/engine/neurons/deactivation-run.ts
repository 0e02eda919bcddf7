import type { NeuronsPhase, RunEvent } from "../api";
import { requiredNeurons, type Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import { BitMask } from "../prune/bit-mask";
import { compareDistributions, type ComparedRow } from "../prune/predictions";
import { markSmallest } from "../prune/smallest";
import { tensor, type Runtime } from "../runtime/runtime";
import { ablationGraph, KEPT } from "../sweep/ablation-graph";
import { names } from "../sweep/block-graphs";
import { BlockRunner } from "../sweep/block-runner";
import { concatenate } from "../sweep/concatenate";
import { Embedding } from "../sweep/embedding";
import { LentStates } from "../sweep/lent-states";
import { allPositions } from "../sweep/passing-batch";
import type { Profiler } from "../sweep/profiler";
import { Vocabulary } from "../sweep/vocabulary";
import type { Sample } from "../text/sample";
import type { Criterion, NeuronScores } from "./neuron-scores";

/** A share of the neurons of every block, those with the least by a criterion, of equal ones those of the lower number. */
export interface Deactivation {
  readonly criterion: Criterion;
  readonly share: number;
}

/**
 * How many of a block's neurons a share is: rounded down, so never more than the share. It is taken as the decimal that is shown:
 * 0.7 of 90 are 63, though the nearest binary fractions make 62.99999999999999 of it.
 */
export function deactivatedNeurons(neurons: number, share: number): number {
  return Math.floor(Number((neurons * share).toFixed(6)));
}

/** What each neuron is multiplied by: 0 for the share of them with the smallest score, of equal ones the first; 1 for all others. */
export function activeNeurons(scores: Float32Array, share: number): Float32Array {
  const mask = new BitMask(scores.length);
  markSmallest(scores, deactivatedNeurons(scores.length, share), mask, 0);
  const active = new Float32Array(scores.length).fill(1);
  mask.apply(active);
  return active;
}

/** What is deactivated in the runs of which samples. */
interface DeactivationRequest {
  readonly model: Model;
  readonly runtime: Runtime;
  readonly profiler: Profiler;
  readonly samples: readonly Sample[];
  readonly scores: NeuronScores;
  readonly deactivations: readonly Deactivation[];
  /** Samples that pass through the blocks together; weights are read once for each group. */
  readonly groups: readonly (readonly number[])[];
  readonly signal?: AbortSignal;
}

/** What a sample's prediction is with neurons deactivated, against its own. */
export interface Deactivated {
  /** The divergence KL(dense ‖ sparse), in nats, at the last position. */
  readonly divergence: number;
  /** The likeliest token is the same. */
  readonly stays: boolean;
}

type Progress = Exclude<RunEvent<never, NeuronsPhase>, { type: "done" }>;

/**
 * Runs every sample as it is and with each deactivation, all of them a block at a time.
 * @returns per deactivation and sample what becomes of the prediction.
 */
export async function* runDeactivations(request: DeactivationRequest): AsyncGenerator<Progress, Deactivated[][], void> {
  const { model, runtime, profiler, deactivations, groups, samples, signal } = request;
  const { layers, hiddenSize } = model;
  const blocks = new BlockRunner({ model, runtime, profiler });
  /** The last position's hidden states of each sample: its own, then of each deactivation. */
  const last: Float32Array[] = [];
  try {
    for (const [g, group] of groups.entries()) {
      let runs = await Promise.all(
        group.map(async (sample) => {
          const states = await startOf(request, elementAt(samples, sample));
          return { sample, states, lent: new LentStates() };
        }),
      );
      for (let layer = 0; layer < layers; layer++) {
        await blocks.load(layer);
        const passed: typeof runs = [];
        for (const run of runs) {
          signal?.throwIfAborted();
          passed.push({ ...run, states: await passBlock(request, { blocks, layer }, run) });
        }
        runs = passed;
        yield {
          type: "progress",
          phase: "deactivate",
          done: layer + 1,
          layers,
          share: (g + (layer + 1) / layers) / groups.length,
          secondsLeft: undefined,
        };
      }
      for (const { sample, states } of runs) {
        const size = elementAt(samples, sample).ids.length * hiddenSize;
        last[sample] = concatenate(
          Array.from({ length: deactivations.length + 1 }, (_, run) =>
            states.subarray((run + 1) * size - hiddenSize, (run + 1) * size),
          ),
        );
      }
    }
  } finally {
    await blocks.dispose();
  }
  const rows = await compared(request, last);
  return deactivations.map((_, d) =>
    samples.map((_, sample) => {
      const { divergence, agrees } = elementAt(rows, sample * deactivations.length + d);
      return { divergence, stays: agrees };
    }),
  );
}

/** A sample's runs on their way through the blocks. */
interface SampleRuns {
  readonly sample: number;
  /** `[runs, tokens, hidden]` */
  readonly states: Float32Array;
  /** What layers have lent to each other. */
  readonly lent: LentStates;
}

/** A sample's hidden states in front of the first block, once for every run. */
async function startOf({ model, deactivations }: DeactivationRequest, { ids }: Sample): Promise<Float32Array> {
  const own = await new Embedding(model).states([ids], { samples: [0], tokens: ids.length });
  return concatenate(Array.from({ length: deactivations.length + 1 }, () => own));
}

/** Takes a sample's runs through the block that is loaded. */
async function passBlock(
  request: DeactivationRequest,
  { blocks, layer }: { readonly blocks: BlockRunner; readonly layer: number },
  { sample, states, lent }: SampleRuns,
): Promise<Float32Array> {
  const { model, samples, deactivations } = request;
  const { name, in: neurons } = requiredNeurons(model, layer);
  const { ids } = elementAt(samples, sample);
  const [runs, tokens] = [deactivations.length + 1, ids.length];
  const active = activeOfRuns(request, layer, sample, neurons);
  const output = new Float32Array(states.length);
  const size = tokens * model.hiddenSize;
  const batch = allPositions({ samples: Array.from({ length: runs }, () => 0), tokens }, [ids], lent);
  await blocks.observe(
    "deactivated",
    (block) => ablationGraph(block, { module: name, axis: "columns" }),
    { hidden: states, batch },
    (part, from) => {
      const to = from + part.samples;
      return {
        inputs: { [KEPT]: tensor(active.subarray(from * neurons, to * neurons), part.samples, 1, neurons) },
        outputs: {
          [names.output]: tensor(output.subarray(from * size, to * size), part.samples, tokens, model.hiddenSize),
        },
      };
    },
  );
  return output;
}

/** What the neurons of every run are multiplied by, `[runs, neurons]`; the first run is the model as it is. */
function activeOfRuns(
  { scores, deactivations }: DeactivationRequest,
  layer: number,
  sample: number,
  neurons: number,
): Float32Array {
  return concatenate([
    new Float32Array(neurons).fill(1),
    ...deactivations.map(({ criterion, share }) => activeNeurons(scores.of(criterion, layer, sample), share)),
  ]);
}

/** Compares every deactivation of every sample with the sample's own run, sample after sample. */
async function compared(
  { model, runtime, profiler, deactivations, signal }: DeactivationRequest,
  last: readonly Float32Array[],
): Promise<readonly ComparedRow[]> {
  const { hiddenSize } = model;
  const own = concatenate(last.flatMap((states) => deactivations.map(() => states.subarray(0, hiddenSize))));
  const sparse = concatenate(last.map((states) => states.subarray(hiddenSize)));
  const vocabulary = new Vocabulary({ model, runtime, profiler });
  try {
    return (await compareDistributions(model, vocabulary, { own, other: sparse }, signal)).rows;
  } finally {
    await vocabulary.dispose();
  }
}
