import { ParamscopeError } from "../errors";
import type { KeptWeights } from "../model/kept-weights";
import type { ScoredModule } from "../model/model";
import type { Sample } from "../text/sample";
import { elementAt, zip } from "../numbers/elements";
import { checkIds, type Batch } from "./batch";
import { queriesIn, type BlockBatch } from "./block-batch";
import type { BlockGradients } from "./block-gradients";
import { BlockRunner, type ForwardPass } from "./block-runner";
import { FileCheckpoints, MemoryCheckpoints, type CheckpointStore } from "./checkpoints";
import { Embedding } from "./embedding";
import { GramScorer } from "./gram-scorer";
import type { Grams } from "./grams";
import { LentStates } from "./lent-states";
import { Head, type HeadResult, type HeadSample } from "./head";
import { blockBatch, clearUnread, lendersBefore, readOf, resumable, resumed, type PassingBatch } from "./passing-batch";
import type { SweepPlan } from "./plan";
import type { RunContext } from "./run-context";
import type { Reducer, Unit } from "./reducers/reducer";
import type { Score } from "./score-graphs";
import { Scorer } from "./scorer";
import type { SweepContext } from "./sweep-context";
import { readsManyPositions, type Target } from "./target";
import { Workspace } from "./workspace";

export interface SweepRequest extends RunContext {
  readonly samples: readonly Sample[];
  readonly target: Target;
  readonly units: readonly Unit[];
  readonly reducers: readonly Reducer[];
  /** What the reducers are given; undefined: activations. */
  readonly score?: Score;
  /** Filled with the products of samples, where they are wanted. */
  readonly grams?: Grams;
  /** Sees what the gradients of every block's matrices are made of, batch by batch, before the reducers see what is made of them. */
  readonly observer?: GradientObserver;
  /** Sees what the head is given, per sample, before the head puts gradients in its place. */
  readonly atHead?: (samples: readonly HeadSample[]) => void;
  /** Sees where the tokens of every sample are routed, of every layer with experts. */
  readonly routing?: RoutingObserver;
  /** Every stage of a block is a step of its own; experts' weights are read whether tokens reach them or not. */
  readonly eachExpert?: boolean;
  /** A few batches that have passed a block are a step of their own, where they do not all pass it together. */
  readonly eachPart?: boolean;
  /** Goes on with an earlier sweep of the same samples: its results hold for the layers that it had done. */
  readonly from?: ResumePoint;
  readonly plan: SweepPlan;
  /** Weights that stay in memory. */
  readonly kept?: KeptWeights | undefined;
  readonly signal?: AbortSignal;
}

/** Per expert of a layer how many tokens of a sample are routed to it, and how many tokens those were in all. */
export type RoutingObserver = (layer: number, sample: number, counts: Uint32Array, tokens: number) => void;

export type GradientObserver = (block: ObservedBlock) => Promise<void>;

/**
 * A block that the sweep goes backward through, for one batch. Behind attention the last one's sites have the position alone that the
 * target is at, since no other has a gradient: who needs all positions there runs the block again.
 */
export interface ObservedBlock {
  readonly layer: number;
  readonly batch: Batch;
  /** What the batch's layers have lent to each other. */
  readonly lent: LentStates;
  /** The matrices of the stage that the block is at (`GradientStage`). */
  readonly modules: readonly ScoredModule[];
  /** What their gradients are made of, until the next batch. */
  readonly gradients: BlockGradients;
  /** The weights of the stage are loaded. */
  readonly blocks: BlockRunner;
  /** What enters the block, `[samples, tokens, hidden]`; the array is the caller's until it is asked for again. */
  readonly hidden: () => Promise<Float32Array>;
}

/** Where a sweep can be taken up: behind it, `layer` and all deeper ones are done. */
export interface ResumePoint {
  readonly layer: number;
  /** Per sample `∂y/∂` the hidden states in front of block `layer`, `[ids, hidden]`, and of what layers before it have lent to later ones. */
  readonly gradients: readonly Float32Array[];
}

/** One block, or the head, has been passed; in `part` by a share of the batches, on the way that is named. In `stage` the scores of some of a layer's matrices are complete, whose weights are still loaded; in `backward` the layer's are. */
export type SweepStep =
  | { readonly phase: "forward" | "head" | "stage"; readonly layer: number }
  | { readonly phase: "part"; readonly way: "forward" | "backward"; readonly layer: number; readonly share: number }
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
  const { hiddenSize } = model;
  const workspace = new Workspace();
  const blocks = new BlockRunner({ model, runtime, profiler, signal, kept: request.kept });
  const head = new Head({ model, runtime, profiler });
  const context: SweepContext = { model, runtime, profiler, plan, blocks, workspace, signal };
  const scorer = new Scorer(context, request.units, request.reducers, request.score ?? "activation");
  const gramScorer = request.grams && new GramScorer(context, request.grams);
  const checkpoints: CheckpointStore = plan.spill
    ? await FileCheckpoints.create()
    : new MemoryCheckpoints(
        model.layers,
        plan.batches.map(({ samples: { length }, tokens }) => length * tokens * hiddenSize),
      );
  try {
    // forward
    const ids = samples.map((sample) => sample.ids);
    const embedding = new Embedding(model);
    const passing = plan.batches.map((batch, number): PassingBatch => ({
      number,
      batch,
      samples: batch.samples.map((sample) => ({ number: sample, sample: elementAt(samples, sample) })),
      gradientSpace: plan.holdsGradients ? new Workspace() : workspace,
      lent: new LentStates(),
      states: new Float32Array(),
      spare: undefined,
      held: new Map(),
    }));
    const batchAt = (layer: number, one: PassingBatch): BlockBatch =>
      blockBatch(one, target, layer === model.layers - 1);
    const end = request.from?.layer ?? model.layers;
    for (let layer = 0; layer < end; layer++) {
      signal?.throwIfAborted();
      await blocks.load(layer);
      // experts are read once for all batches that pass together
      const together = blocks.block.experts.length > 0 ? [passing] : passing.map((one) => [one]);
      for (const [i, some] of together.entries()) {
        const passes: ForwardPass[] = [];
        for (const one of some) {
          signal?.throwIfAborted();
          if (layer === 0) one.states = await profiler.time("embedding", () => embedding.states(ids, one.batch));
          const { number, states: hidden, spare } = one;
          await checkpoints.put(layer, number, hidden);
          const batch = batchAt(layer, one);
          const length = batch.samples * queriesIn(batch) * hiddenSize;
          const output = spare?.length === length ? spare : new Float32Array(length);
          const held = plan.holds ? blocks.placesToHold(batch) : undefined;
          one.held.set(layer, held);
          passes.push({ hidden, batch, output, held });
        }
        await blocks.forward(passes);
        for (const [one, { hidden, output }] of zip(some, passes)) {
          one.spare = hidden;
          one.states = output;
        }
        if (request.eachPart) yield* partDone("forward", layer, i + 1, together.length);
      }
      embedding.forget();
      yield { phase: "forward", layer };
    }

    const heads: HeadResult[] = [];
    if (request.from) {
      const { gradients, layer } = request.from;
      for (const one of passing) resumed(one, gradients, hiddenSize, lendersBefore(model.definition, layer));
    } else {
      const atHead = samplesAtHead(passing, target, hiddenSize);
      request.atHead?.(atHead);
      heads.push(...(await head.run(atHead, target, signal)));
      if (readsManyPositions(target)) for (const one of passing) clearUnread(one, target, hiddenSize);
      yield { phase: "head", layer: model.layers };
    }

    // backward
    const saliency: Float32Array[] = [];
    for (let layer = end - 1; layer >= 0; layer--) {
      signal?.throwIfAborted();
      await blocks.load(layer);
      const hiddenOf = ({ number }: PassingBatch): Promise<Float32Array> => checkpoints.get(layer, number);
      const passes = passing.map((one) => ({
        hidden: () => hiddenOf(one),
        batch: batchAt(layer, one),
        outputGradient: one.states,
        space: one.gradientSpace,
        held: one.held.get(layer),
      }));
      for await (const stage of blocks.backward(passes, request.eachExpert)) {
        const { modules } = stage;
        const held = new Map<PassingBatch, BlockGradients>();
        if (gramScorer && request.grams?.needsMean)
          for (const [i, one] of passing.entries()) {
            signal?.throwIfAborted();
            const gradients = await stage.gradients(i);
            if (plan.holdsGradients) held.set(one, gradients);
            await gramScorer.addBackground(one.number, modules, gradients);
          }
        for (const [i, one] of passing.entries()) {
          signal?.throwIfAborted();
          if (request.eachPart && blocks.block.experts.length === 0)
            yield* partDone("backward", layer, i, passing.length);
          const gradients = held.get(one) ?? (await stage.gradients(i));
          const { batch, lent } = one;
          await request.observer?.({ layer, batch, lent, modules, gradients, blocks, hidden: () => hiddenOf(one) });
          await scorer.add(layer, one.number, modules, gradients);
          await gramScorer?.add(layer, one.number, modules, gradients);
          const { inputGradient } = gradients;
          if (inputGradient === undefined) continue;
          if (layer === 0) {
            const hidden = await hiddenOf(one);
            const size = batch.tokens * hiddenSize;
            for (const [i, { number, sample }] of one.samples.entries()) {
              const part = (values: Float32Array): Float32Array => values.subarray(i * size, (i + 1) * size);
              saliency[number] = saliencyOf(part(hidden), part(inputGradient), sample.ids.length, hiddenSize);
            }
          } else {
            if (one.states.length !== inputGradient.length) one.states = new Float32Array(inputGradient.length);
            one.states.set(inputGradient);
          }
        }
        stage.routed?.forEach((routed, batch) => {
          elementAt(passing, batch).samples.forEach(({ number }, i) => {
            request.routing?.(layer, number, routed.countsOf(i), routed.tokensOf(i));
          });
        });
        scorer.stageDone(layer, modules);
        gramScorer?.stageDone(modules);
        if (request.eachExpert) yield { phase: "stage", layer };
      }
      scorer.layerDone(layer);
      for (const { held } of passing) held.delete(layer);
      const lenders = lendersBefore(model.definition, layer);
      const resumePoint = (): ResumePoint => ({ layer, gradients: resumable(passing, hiddenSize, lenders) });
      yield { phase: "backward", layer, resumePoint };
    }
    return { heads, saliency };
  } finally {
    await checkpoints.dispose();
    await scorer.dispose();
    await gramScorer?.dispose();
    await head.dispose();
    await blocks.dispose();
  }
}

/** Batches that pass a block between two steps. */
const PART_BATCHES = 4;

/** A step where some of the batches, and not all, have passed a block. */
function* partDone(way: "forward" | "backward", layer: number, batches: number, all: number): Generator<SweepStep> {
  if (batches > 0 && batches < all && batches % PART_BATCHES === 0)
    yield { phase: "part", way, layer, share: batches / all };
}

function checkTarget({ ids, source, answer = 0 }: Sample, target: Target): void {
  if (target.kind === "answer" && (answer === 0 || answer >= ids.length))
    throw new ParamscopeError(
      "The target answer is of a text with an answer behind it, and here texts are taken as they are.",
      "Take the target spread.",
      { settings: ["target"] },
    );
  if (target.kind === "loss" && ids.length < 2)
    throw new ParamscopeError(
      `${source} is one token, and the target 'loss' needs at least two: each is predicted from those before it.`,
      "Give a longer text, or take the target spread.",
      { settings: ["target"] },
    );
  if (target.kind === "next-token" && target.position >= ids.length)
    throw new ParamscopeError(
      `${source} has ${ids.length} ${ids.length === 1 ? "token" : "tokens"}, and the target next-token:${target.position} predicts token ${target.position + 1}.`,
      ids.length > 1
        ? `Use next-token:1 to next-token:${ids.length - 1}.`
        : "Give a longer text, or take the target spread.",
      { settings: ["target"] },
    );
}

/** Views of all samples, in the order of the run: the head puts gradients in the hidden states' place. */
function samplesAtHead(passing: readonly PassingBatch[], target: Target, hiddenSize: number): HeadSample[] {
  const atHead: HeadSample[] = [];
  for (const { samples, states } of passing) {
    const size = states.length / samples.length;
    for (const [i, { number, sample }] of samples.entries()) {
      const { first, rows, following } = readOf(sample, target);
      const from = i * size + first * hiddenSize;
      atHead[number] = { hidden: states.subarray(from, from + rows * hiddenSize), following, next: sample.next };
    }
  }
  return atHead;
}

/** `⟨x_t, ∂y/∂x_t⟩` of a sample's tokens, 0 of those that are not in the batch; hidden states and their gradients are `[tokens, hidden]`. */
function saliencyOf(hidden: Float32Array, gradient: Float32Array, ids: number, hiddenSize: number): Float32Array {
  const saliency = new Float32Array(ids);
  const tokens = Math.min(ids, hidden.length / hiddenSize);
  for (let t = 0; t < tokens; t++) {
    let sum = 0;
    for (let i = t * hiddenSize; i < (t + 1) * hiddenSize; i++) sum += hidden[i]! * gradient[i]!;
    saliency[t] = sum;
  }
  return saliency;
}
