import { ParamscopeError } from "../errors";
import type { Model } from "../model/model";
import type { Runtime } from "../runtime/runtime";
import type { Sample } from "../text/sample";
import { checkIds, type Batch } from "./batch";
import { BlockRunner, type BlockBatch, type BlockGradients } from "./block-runner";
import { FileCheckpoints, MemoryCheckpoints, type CheckpointStore } from "./checkpoints";
import { embed } from "./embedding";
import { GramScorer } from "./gram-scorer";
import type { Grams } from "./grams";
import { Head, type HeadResult, type HeadSample } from "./head";
import type { SweepPlan } from "./plan";
import type { Profiler } from "./profiler";
import { Programs } from "./programs";
import type { Reducer, Unit } from "./reducers/reducer";
import { Scorer } from "./scorer";
import { targetLength, type Target } from "./target";
import { Workspace } from "./workspace";

export interface SweepRequest {
  readonly model: Model;
  readonly runtime: Runtime;
  readonly samples: readonly Sample[];
  readonly target: Target;
  readonly units: readonly Unit[];
  readonly reducers: readonly Reducer[];
  /** Filled with the products of samples, where they are wanted. */
  readonly grams?: Grams;
  /** Sees what the gradients of every block's matrices are made of, batch by batch. */
  readonly observer?: GradientObserver;
  /** Goes on with an earlier sweep of the same samples: its results hold for the layers that it had done. */
  readonly from?: ResumePoint;
  readonly plan: SweepPlan;
  readonly profiler: Profiler;
  readonly signal?: AbortSignal;
}

export type GradientObserver = (block: ObservedBlock) => Promise<void>;

/**
 * A block that the sweep goes backward through, for one batch. Behind attention the last one's sites have the position alone that the
 * target is at, since no other has a gradient: who needs all positions there runs the block again.
 */
export interface ObservedBlock {
  readonly layer: number;
  readonly batch: Batch;
  /** As they are until the next batch. */
  readonly gradients: BlockGradients;
  /** The block's weights are loaded. */
  readonly blocks: BlockRunner;
  /** What enters the block, `[samples, tokens, hidden]`; the array is the caller's until it is asked for again. */
  readonly hidden: () => Promise<Float32Array>;
}

/** Where a sweep can be taken up: behind it, `layer` and all deeper ones are done. */
export interface ResumePoint {
  readonly layer: number;
  /** Per sample `∂y/∂` the hidden states in front of block `layer`, `[ids, hidden]`. */
  readonly gradients: readonly Float32Array[];
}

/** One block, or the head, has been passed. In `backward` the layer's scores are complete. */
export type SweepStep =
  | { readonly phase: "forward" | "head"; readonly layer: number }
  | { readonly phase: "backward"; readonly layer: number; readonly resumePoint: () => ResumePoint };

export interface SweepResult {
  /** Per sample; empty where the sweep was taken up behind the head. */
  readonly heads: readonly HeadResult[];
  /** Per sample `⟨x_t, ∂y/∂x_t⟩` of every token, x_t the hidden state that enters block 0. */
  readonly saliency: readonly Float32Array[];
}

/**
 * One sweep through the model: forward block by block for all samples, the head at the target's position, and backward,
 * deepest block first, forming the scores of every matrix by tiles. Weights are read twice, whatever the number of samples.
 * @throws ParamscopeError when a sample cannot have the target; the signal's reason when it is aborted.
 */
export async function* sweep(request: SweepRequest): AsyncGenerator<SweepStep, SweepResult, void> {
  const { model, runtime, samples, target, plan, profiler, signal } = request;
  samples.forEach((sample) => {
    checkIds(sample.ids, model.vocabularySize, sample.source);
    checkTarget(sample, target);
  });
  const { batches } = plan;
  const shapes = batches.map((batch): BlockBatch => ({
    samples: batch.samples.length,
    tokens: batch.tokens,
    positions: undefined,
  }));
  const lastShapes = batches.map((batch, i): BlockBatch => ({
    ...shapes[i],
    positions:
      target.kind === "loss" ? undefined : batch.samples.map((s) => [targetLength(samples[s].ids.length, target) - 1]),
  }));
  const shapeOf = (layer: number, batch: number): BlockBatch =>
    (layer === model.layers - 1 ? lastShapes : shapes)[batch];

  const workspace = new Workspace();
  const gradientSpaces = batches.map(() => (plan.holdsGradients ? new Workspace() : workspace));
  const blocks = new BlockRunner(model, runtime, profiler);
  const head = new Head(model, runtime, profiler);
  const scorer = new Scorer(
    model,
    runtime,
    workspace,
    profiler,
    request.units,
    request.reducers,
    plan.tileBytes,
    batches,
  );
  const programs = new Programs(runtime, profiler);
  const gramScorer =
    request.grams &&
    new GramScorer(runtime, model, programs, workspace, profiler, plan.tileBytes, batches, request.grams);
  const checkpoints: CheckpointStore = plan.spill
    ? await FileCheckpoints.create()
    : new MemoryCheckpoints(
        model.layers,
        batches.map(({ samples: { length }, tokens }) => length * tokens * model.hiddenSize),
      );
  try {
    // forward
    const ids = samples.map((sample) => sample.ids);
    const states: Float32Array[] = [];
    const spare: (Float32Array | undefined)[] = [];
    for (const batch of batches) {
      signal?.throwIfAborted();
      states.push(await profiler.time("embedding", () => embed(model, ids, batch)));
    }
    const end = request.from?.layer ?? model.layers;
    for (let layer = 0; layer < end; layer++) {
      signal?.throwIfAborted();
      await blocks.load(layer);
      for (let b = 0; b < batches.length; b++) {
        signal?.throwIfAborted();
        const shape = shapeOf(layer, b);
        const rows = shape.positions === undefined ? shape.tokens : 1;
        const length = shape.samples * rows * model.hiddenSize;
        const free = spare[b];
        const output = free?.length === length ? free : new Float32Array(length);
        await checkpoints.put(layer, b, states[b]);
        await blocks.forward(states[b], shape, output);
        spare[b] = states[b];
        states[b] = output;
      }
      yield { phase: "forward", layer };
    }

    const heads: HeadResult[] = [];
    if (request.from) {
      const { gradients } = request.from;
      batches.forEach((batch, b) => (states[b] = padded(gradients, batch, model.hiddenSize)));
    } else {
      const atHead: HeadSample[] = [];
      batches.forEach((batch, b) => {
        const rows = states[b].length / batch.samples.length / model.hiddenSize;
        batch.samples.forEach((s, i) => {
          const from = i * rows * model.hiddenSize;
          const count = target.kind === "loss" ? samples[s].ids.length : 1;
          const following =
            target.kind === "loss" ? ids[s].subarray(1) : ids[s].subarray(targetLength(ids[s].length, target));
          // a view: the head puts the gradient in the hidden states' place
          atHead[s] = { hidden: states[b].subarray(from, from + count * model.hiddenSize), following: [...following] };
        });
      });
      heads.push(...(await head.run(atHead, target, signal)));
      if (target.kind === "loss") clearPadding(states, plan, samples, model.hiddenSize);
      yield { phase: "head", layer: model.layers };
    }

    // backward
    const saliency: Float32Array[] = [];
    for (let layer = end - 1; layer >= 0; layer--) {
      signal?.throwIfAborted();
      await blocks.load(layer);
      const backward = async (b: number): Promise<BlockGradients> =>
        await blocks.backward(await checkpoints.get(layer, b), shapeOf(layer, b), states[b], gradientSpaces[b]);
      const held: BlockGradients[] = [];
      if (gramScorer && request.grams?.needsMean)
        for (let b = 0; b < batches.length; b++) {
          signal?.throwIfAborted();
          const gradients = await backward(b);
          if (plan.holdsGradients) held[b] = gradients;
          await gramScorer.addBackground(b, gradients, blocks, signal);
        }
      for (let b = 0; b < batches.length; b++) {
        signal?.throwIfAborted();
        const gradients = held[b] ?? (await backward(b));
        await scorer.add(layer, b, gradients, blocks, signal);
        await gramScorer?.add(layer, b, gradients, blocks, signal);
        await request.observer?.({
          layer,
          batch: batches[b],
          gradients,
          blocks,
          hidden: () => checkpoints.get(layer, b),
        });
        if (layer === 0) {
          const { tokens } = shapes[b];
          const hidden = await checkpoints.get(layer, b);
          batches[b].samples.forEach((s, i) => {
            const from = i * tokens * model.hiddenSize;
            saliency[s] = saliencyOf(
              hidden,
              gradients.inputGradient,
              from,
              samples[s].ids.length,
              model.hiddenSize,
              tokens,
            );
          });
        } else {
          if (states[b].length !== gradients.inputGradient.length)
            states[b] = new Float32Array(gradients.inputGradient.length);
          states[b].set(gradients.inputGradient);
        }
      }
      scorer.layerDone(layer, blocks);
      gramScorer?.layerDone();
      yield {
        phase: "backward",
        layer,
        resumePoint: () => ({ layer, gradients: unpadded(states, batches, samples, model.hiddenSize) }),
      };
    }
    return { heads, saliency };
  } finally {
    await checkpoints.dispose();
    await scorer.dispose();
    await programs.dispose();
    await head.dispose();
    await blocks.dispose();
  }
}

function checkTarget({ ids, source }: Sample, target: Target): void {
  if (target.kind === "loss" && ids.length < 2)
    throw new ParamscopeError(
      `${source} is one token, and the target 'loss' needs at least two: each is predicted from those before it.`,
      "Give a longer text, or take the target max-logit.",
      { settings: ["target"] },
    );
  if (target.kind === "next-token" && target.position >= ids.length)
    throw new ParamscopeError(
      `${source} has ${ids.length} ${ids.length === 1 ? "token" : "tokens"}, and the target next-token:${target.position} predicts token ${target.position + 1}.`,
      ids.length > 1
        ? `Use next-token:1 to next-token:${ids.length - 1}.`
        : "Give a longer text, or take the target max-logit.",
      { settings: ["target"] },
    );
}

/** With `loss` the head has put gradients at the samples' positions; behind them there are still hidden states. */
function clearPadding(
  states: readonly Float32Array[],
  plan: SweepPlan,
  samples: readonly Sample[],
  hiddenSize: number,
): void {
  plan.batches.forEach((batch, b) => {
    batch.samples.forEach((s, i) => {
      const from = (i * batch.tokens + samples[s].ids.length) * hiddenSize;
      states[b].fill(0, from, (i + 1) * batch.tokens * hiddenSize);
    });
  });
}

/** Gradients of a batch's samples, `[samples, tokens, hidden]`, 0 at what is padding. */
function padded(gradients: readonly Float32Array[], { samples, tokens }: Batch, hiddenSize: number): Float32Array {
  const all = new Float32Array(samples.length * tokens * hiddenSize);
  samples.forEach((sample, i) => {
    all.set(gradients[sample], i * tokens * hiddenSize);
  });
  return all;
}

function unpadded(
  states: readonly Float32Array[],
  batches: readonly Batch[],
  samples: readonly Sample[],
  hiddenSize: number,
): Float32Array[] {
  const gradients: Float32Array[] = [];
  batches.forEach((batch, b) => {
    batch.samples.forEach((sample, i) => {
      const from = i * batch.tokens * hiddenSize;
      const length = Math.min(batch.tokens, samples[sample].ids.length) * hiddenSize;
      gradients[sample] = states[b].slice(from, from + length);
    });
  });
  return gradients;
}

function saliencyOf(
  hidden: Float32Array,
  gradient: Float32Array,
  from: number,
  length: number,
  hiddenSize: number,
  tokens: number,
): Float32Array {
  const saliency = new Float32Array(length);
  for (let t = 0; t < Math.min(length, tokens); t++) {
    const at = from + t * hiddenSize;
    let sum = 0;
    for (let i = at; i < at + hiddenSize; i++) sum += hidden[i] * gradient[i];
    saliency[t] = sum;
  }
  return saliency;
}
