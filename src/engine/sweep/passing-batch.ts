import type { Sample } from "../text/sample";
import type { Batch } from "./batch";
import type { BlockBatch } from "./block-runner";
import { targetLength, type Target } from "./target";
import type { Workspace } from "./workspace";

/** A sample of a batch, with its number in the run. */
export interface NumberedSample {
  readonly number: number;
  readonly sample: Sample;
}

/** A batch on its way through the blocks, forward and back. */
export interface PassingBatch {
  readonly number: number;
  readonly batch: Batch;
  readonly samples: readonly NumberedSample[];
  /** Takes the gradients of a block's matrices. */
  readonly gradientSpace: Workspace;
  /** Hidden states on the way forward, `[samples, tokens, hidden]`, behind the last block at the positions that the target reads; their gradients on the way back. */
  states: Float32Array;
  /** The states before, to be written over. */
  spare: Float32Array | undefined;
}

/** What a block runs on: of the last one only the position is computed that the target is at, as no other has a gradient. `loss` reads all. */
export function blockBatch({ batch, samples }: PassingBatch, target: Target, isLast: boolean): BlockBatch {
  const positions =
    isLast && target.kind !== "loss"
      ? samples.map(({ sample: { ids } }) => [targetLength(ids.length, target) - 1])
      : undefined;
  return { samples: samples.length, tokens: batch.tokens, positions };
}

/** Puts 0 behind every sample: with `loss` the head has put gradients at its positions, and hidden states are still there behind. */
export function clearPadding({ batch, samples, states }: PassingBatch, hiddenSize: number): void {
  for (const [i, { sample }] of samples.entries()) {
    const from = (i * batch.tokens + sample.ids.length) * hiddenSize;
    states.fill(0, from, (i + 1) * batch.tokens * hiddenSize);
  }
}

/** Gradients of a batch's samples, `[samples, tokens, hidden]`, 0 at what is padding. */
export function padded(gradients: readonly Float32Array[], tokens: number, hiddenSize: number): Float32Array {
  const all = new Float32Array(gradients.length * tokens * hiddenSize);
  for (const [i, gradient] of gradients.entries()) all.set(gradient, i * tokens * hiddenSize);
  return all;
}

/** The gradients of all samples, `[ids, hidden]` each, in the order of the run. */
export function unpadded(passing: readonly PassingBatch[], hiddenSize: number): Float32Array[] {
  const gradients: Float32Array[] = [];
  for (const { batch, samples, states } of passing)
    for (const [i, { number, sample }] of samples.entries()) {
      const from = i * batch.tokens * hiddenSize;
      const length = Math.min(batch.tokens, sample.ids.length) * hiddenSize;
      gradients[number] = states.slice(from, from + length);
    }
  return gradients;
}
