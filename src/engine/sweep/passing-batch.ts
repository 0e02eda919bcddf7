import { elementAt } from "../numbers/elements";
import type { Architecture } from "../model/architectures/architecture";
import type { Sample } from "../text/sample";
import type { Batch } from "./batch";
import type { BlockBatch, Held } from "./block-batch";
import { concatenate } from "./concatenate";
import type { LentStates } from "./lent-states";
import { readsManyPositions, targetLength, type Target } from "./target";
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
  /** What its layers have lent to each other. */
  readonly lent: LentStates;
  /** Hidden states on the way forward, `[samples, tokens, hidden]`, behind the last block at the positions that the target reads; their gradients on the way back. */
  states: Float32Array;
  /** The states before, to be written over. */
  spare: Float32Array | undefined;
  /** By layer what is held of it from the way forward to the way back. */
  readonly held: Map<number, Held | undefined>;
}

/** What a block runs on: of the last one only the position is computed that the target is at, as no other has a gradient. `loss` and `answer` read several. */
export function blockBatch({ batch, samples, lent }: PassingBatch, target: Target, isLast: boolean): BlockBatch {
  const positions =
    isLast && !readsManyPositions(target)
      ? samples.map(({ sample: { ids } }) => [targetLength(ids.length, target) - 1])
      : undefined;
  const texts = samples.map(({ sample: { ids } }) => ids);
  return { samples: samples.length, tokens: batch.tokens, texts, positions, lent };
}

/** What a block runs on where all positions of a batch pass; `ids` are those of each of the run's samples. */
export function allPositions(
  { samples, tokens }: Batch,
  ids: readonly Int32Array[],
  lent: LentStates | undefined,
): BlockBatch {
  const texts = samples.map((sample) => elementAt(ids, sample));
  return { samples: samples.length, tokens, texts, positions: undefined, lent };
}

/** The positions of a sample whose hidden states behind the last block the head reads, counted in those that are there, and what they predict. */
export function readOf(
  { ids, answer = 0 }: Sample,
  target: Target,
): { readonly first: number; readonly rows: number; readonly following: readonly number[] } {
  switch (target.kind) {
    case "loss":
      return { first: 0, rows: ids.length, following: [...ids.subarray(1)] };
    case "answer":
      return { first: ids.length - answer - 1, rows: answer, following: [...ids.subarray(ids.length - answer)] };
    default:
      return { first: 0, rows: 1, following: [...ids.subarray(targetLength(ids.length, target))] };
  }
}

/** Puts 0 where the head has read nothing: it has put gradients at the positions that it read, and hidden states are still around them. */
export function clearUnread({ batch, samples, states }: PassingBatch, target: Target, hiddenSize: number): void {
  for (const [i, { sample }] of samples.entries()) {
    const { first, rows } = readOf(sample, target);
    const from = i * batch.tokens;
    states.fill(0, from * hiddenSize, (from + first) * hiddenSize);
    states.fill(0, (from + first + rows) * hiddenSize, (from + batch.tokens) * hiddenSize);
  }
}

/**
 * Where a sweep stands, per sample in the order of the run: `[ids, hidden]` of the gradient in front of a block, and behind them those of what the layers
 * `lenders`, which are still to come, have lent.
 */
export function resumable(
  passing: readonly PassingBatch[],
  hiddenSize: number,
  lenders: readonly number[],
): Float32Array[] {
  const gradients: Float32Array[] = [];
  for (const { batch, samples, states, lent } of passing)
    for (const [i, { number, sample }] of samples.entries()) {
      const from = i * batch.tokens * hiddenSize;
      const length = lengthIn(batch, sample);
      const own = states.slice(from, from + length * hiddenSize);
      gradients[number] = concatenate([own, ...lent.gradientsOf(lenders, i, length)]);
    }
  return gradients;
}

/** Takes a batch to where `resumable` says that its samples were. */
export function resumed(
  one: PassingBatch,
  gradients: readonly Float32Array[],
  hiddenSize: number,
  lenders: readonly number[],
): void {
  const { batch, samples, lent } = one;
  one.states = new Float32Array(samples.length * batch.tokens * hiddenSize);
  for (const [i, { number, sample }] of samples.entries()) {
    const length = lengthIn(batch, sample);
    const own = elementAt(gradients, number);
    one.states.set(own.subarray(0, length * hiddenSize), i * batch.tokens * hiddenSize);
    lent.restore(lenders, i, length, own.subarray(length * hiddenSize));
  }
}

/** Layers in front of `layer` that have lent something to it or to later ones. */
export function lendersBefore(
  { layers, layer: kindOf }: Pick<Architecture, "layers" | "layer">,
  layer: number,
): number[] {
  const lenders = Array.from({ length: layers - layer }, (_, i) => kindOf(layer + i).borrowsFrom);
  return [...new Set(lenders)].filter((lender) => lender !== undefined && lender < layer) as number[];
}

const lengthIn = ({ tokens }: Batch, { ids }: Sample): number => Math.min(tokens, ids.length);
