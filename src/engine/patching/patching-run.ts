import type { PatchingPhase, PatchingSite, RunEvent } from "../api";
import type { Model } from "../model/model";
import type { Branch } from "../model/architectures/block-builder";
import { elementAt, zip } from "../numbers/elements";
import type { Runtime } from "../runtime/runtime";
import type { BlockBatch } from "../sweep/block-batch";
import { BlockRunner } from "../sweep/block-runner";
import { checkIds } from "../sweep/batch";
import { concatenate } from "../sweep/concatenate";
import { Embedding } from "../sweep/embedding";
import { Head, type HeadResult } from "../sweep/head";
import { LentStates } from "../sweep/lent-states";
import type { Profiler } from "../sweep/profiler";
import type { LogitTarget } from "../sweep/target";
import type { Sample } from "../text/sample";
import { triangular, type PatchingPlan } from "./patching-plan";

/** The run with one place patched. */
export interface Cell {
  readonly layer: number;
  readonly position: number;
  /** The difference of the answers' logits. */
  readonly value: number;
  readonly next: HeadResult["next"];
}

/** What a patching runs, and with what. */
interface Options {
  readonly model: Model;
  readonly runtime: Runtime;
  readonly profiler: Profiler;
  readonly site: PatchingSite;
  /** A and B, with equally many ids. */
  readonly samples: readonly [Sample, Sample];
  readonly plan: PatchingPlan;
  readonly signal?: AbortSignal;
}

/** The cells of a position, one for each layer that they begin in. */
interface Column {
  readonly position: number;
  /** `[layers, tokens, hidden]` */
  readonly states: Float32Array;
  /** What layers have lent to each other in each cell. */
  readonly lent: LentStates;
}

type Progress = Exclude<RunEvent<never, PatchingPhase>, { type: "done" }>;

const A = 0;
const B = 1;

const targetOf = ([token, minus]: readonly [number, number]): LogitTarget => ({ kind: "logit", token, minus });

/** The forward passes of activation patching, block by block: every block's weights are read once for all cells. */
export class PatchingRun {
  readonly #options: Options;
  readonly #blocks: BlockRunner;
  readonly #head: Head;
  readonly #begun = performance.now();
  readonly #tokens: number;
  /** Floats of one prompt's hidden states. */
  readonly #size: number;
  /** What the site holds in A's run, per layer `[tokens, hidden]`. */
  readonly #siteOfA: Float32Array[] = [];
  /** B's hidden states in front of each block, and behind the last, `[tokens, hidden]`. */
  readonly #statesOfB: Float32Array[] = [];
  /** What B's layers have lent to each other. */
  #lentOfB = new LentStates();
  /** The last position's hidden states of A and of B. */
  #last: readonly [Float32Array, Float32Array] | undefined;

  constructor(options: Options) {
    this.#options = options;
    const { model, runtime, profiler, samples } = options;
    this.#blocks = new BlockRunner({ model, runtime, profiler });
    this.#head = new Head({ model, runtime, profiler });
    this.#tokens = samples[0].ids.length;
    this.#size = this.#tokens * model.hiddenSize;
  }

  /** Runs A and B as they are, and keeps what the site holds in each layer. */
  async *ownRuns(): AsyncGenerator<Progress, [HeadResult, HeadResult], void> {
    const { model, samples, signal } = this.#options;
    for (const { ids, source } of samples) checkIds(ids, model.vocabularySize, source);
    const ids = samples.map((sample) => sample.ids);
    const lent = new LentStates();
    const batch = { ...this.#runs(2, lent), texts: ids };
    let states = await new Embedding(model).states(ids, { samples: [A, B], tokens: this.#tokens });
    const part = (values: Float32Array, sample: number): Float32Array =>
      values.slice(sample * this.#size, (sample + 1) * this.#size);
    for (let layer = 0; layer < model.layers; layer++) {
      signal?.throwIfAborted();
      await this.#blocks.load(layer);
      this.#statesOfB.push(part(states, B));
      const output = new Float32Array(states.length);
      if (this.#branch === undefined) {
        await this.#blocks.forward([{ hidden: states, batch, output }]);
        this.#siteOfA.push(part(output, A));
      } else {
        const taken = new Float32Array(states.length);
        await this.#blocks.forwardTaking(this.#branch, states, batch, { output, taken });
        this.#siteOfA.push(part(taken, A));
      }
      states = output;
      yield this.#progress("forward", layer + 1, 2 * this.#tokens * (layer + 1));
    }
    this.#statesOfB.push(part(states, B));
    this.#lentOfB = lent.repeated(B, 1);
    this.#last = [this.#lastOf(states, A), this.#lastOf(states, B)];
    const results = await this.#head.run(
      this.#last.map((hidden) => ({ hidden: hidden.slice(), following: [] })),
      { kind: "max-logit" },
      signal,
    );
    return [elementAt(results, A), elementAt(results, B)];
  }

  /** The difference of the answers' logits in A's own run and in B's. */
  async differences(answers: readonly [number, number]): Promise<[number, number]> {
    if (this.#last === undefined) throw new Error("the prompts have not been run");
    const values = await this.#head.logitValues(concatenate(this.#last), targetOf(answers));
    return [elementAt(values, A), elementAt(values, B)];
  }

  /**
   * Hands every cell to `use`, by layers and positions. The cells of a position pass through a block together, one more with every layer; what
   * stands in front of the position is B's own, so that only what follows is computed.
   */
  async *patch(answers: readonly [number, number], use: (cell: Cell) => void): AsyncGenerator<Progress, void, void> {
    const { model, signal } = this.#options;
    const { layers } = model;
    const group = this.#options.plan.positionsAtOnce;
    for (let first = 0; first < this.#tokens; first += group) {
      const positions = Array.from({ length: Math.min(group, this.#tokens - first) }, (_, i) => first + i);
      const columns = positions.map((position) => ({
        position,
        states: new Float32Array(layers * this.#size),
        lent: new LentStates(),
      }));
      const spare = new Float32Array(layers * this.#size);
      for (let layer = 0; layer < layers; layer++) {
        signal?.throwIfAborted();
        await this.#blocks.load(layer);
        for (const column of columns) await this.#forward(layer, column, spare);
        await this.#begin(
          layer,
          columns.map(({ position, states }) => ({
            position,
            states: states.subarray(layer * this.#size, (layer + 1) * this.#size),
          })),
        );
        const passed =
          this.#tokensFrom(0, first) * triangular(layers) +
          this.#tokensFrom(first, first + positions.length) * triangular(layer + 1);
        yield this.#progress("patch", layer + 1, 2 * this.#tokens * layers + passed);
      }
      const cells = columns.flatMap(({ position, states }) =>
        Array.from({ length: layers }, (_, layer) => ({ layer, position, hidden: this.#lastOf(states, layer) })),
      );
      const results = await this.#head.run(
        cells.map(({ hidden }) => ({ hidden, following: [] })),
        targetOf(answers),
        signal,
      );
      for (const [{ layer, position }, { value, next }] of zip(cells, results)) use({ layer, position, value, next });
    }
  }

  /** Takes the cells of a position that began in earlier layers, `[cells, tokens, hidden]`, through this one. */
  async #forward(layer: number, column: Column, spare: Float32Array): Promise<void> {
    if (layer > 0) await this.#forwardCells(layer, column, spare);
    // cells that begin here or later have of this layer what B has
    if (this.#lentOfB.has(layer)) column.lent.extend(layer, this.#options.model.layers, this.#lentOfB);
  }

  async #forwardCells(layer: number, { position, states, lent }: Column, spare: Float32Array): Promise<void> {
    const { hiddenSize, layers } = this.#options.model;
    // behind the last block only the last position is read
    const first = layer === layers - 1 ? this.#tokens - 1 : position;
    const behind = Array.from({ length: this.#tokens - first }, (_, i) => first + i);
    const computed = behind.length * hiddenSize;
    const running = states.subarray(0, layer * this.#size);
    const positions = Array.from({ length: layer }, () => behind);
    const output = spare.subarray(0, layer * computed);
    await this.#blocks.forward([{ hidden: running, batch: this.#runs(layer, lent, positions), output }]);
    const before = elementAt(this.#statesOfB, layer + 1).subarray(0, first * hiddenSize);
    for (let cell = 0; cell < layer; cell++) {
      const at = cell * this.#size;
      running.set(before, at);
      running.set(output.subarray(cell * computed, (cell + 1) * computed), at + before.length);
    }
  }

  /** Begins cells, `[tokens, hidden]` each: B's run up to this layer, patched in it at one position per cell. */
  async #begin(
    layer: number,
    cells: readonly { readonly position: number; readonly states: Float32Array }[],
  ): Promise<void> {
    const { hiddenSize } = this.#options.model;
    const siteOfA = elementAt(this.#siteOfA, layer);
    if (this.#branch === undefined) {
      const behind = elementAt(this.#statesOfB, layer + 1);
      for (const { position, states } of cells) {
        const at = position * hiddenSize;
        states.set(behind);
        states.set(siteOfA.subarray(at, at + hiddenSize), at);
      }
      return;
    }
    const inFront = elementAt(this.#statesOfB, layer);
    const hidden = concatenate(cells.map(() => inFront));
    const output = new Float32Array(hidden.length);
    const batch = this.#runs(cells.length, this.#lentOfB.repeated(0, cells.length));
    const patch = { branch: this.#branch, values: siteOfA, positions: cells.map(({ position }) => position) };
    await this.#blocks.forwardPatched(patch, hidden, batch, output);
    for (const [i, { states }] of cells.entries()) states.set(output.subarray(i * this.#size, (i + 1) * this.#size));
  }

  /** Runs of B's text, at these positions or all. */
  #runs(samples: number, lent: LentStates, positions?: BlockBatch["positions"]): BlockBatch {
    const { ids } = this.#options.samples[B];
    return { samples, tokens: this.#tokens, texts: Array.from({ length: samples }, () => ids), positions, lent };
  }

  get #branch(): Branch | undefined {
    const { site } = this.#options;
    return site === "residual" ? undefined : site === "mlp" ? "feedForward" : "attention";
  }

  #lastOf(states: Float32Array, sample: number): Float32Array {
    const end = (sample + 1) * this.#size;
    return states.slice(end - this.#options.model.hiddenSize, end);
  }

  /** How many tokens the cells of these positions compute: those from each on. */
  #tokensFrom(first: number, end: number): number {
    return triangular(this.#tokens - first) - triangular(this.#tokens - end);
  }

  /**
   * How far the run is.
   * @param passed tokens of prompts and cells, times the blocks that they have passed.
   */
  #progress(phase: PatchingPhase, done: number, passed: number): Progress {
    const { layers } = this.#options.model;
    const all = 2 * this.#tokens * layers + this.#tokensFrom(0, this.#tokens) * triangular(layers);
    const share = passed / all;
    const seconds = (performance.now() - this.#begun) / 1000;
    const secondsLeft = passed > 2 * this.#tokens ? (seconds * (1 - share)) / share : undefined;
    return { type: "progress", phase, done, layers, share, secondsLeft };
  }

  async dispose(): Promise<void> {
    await this.#head.dispose();
    await this.#blocks.dispose();
  }
}
