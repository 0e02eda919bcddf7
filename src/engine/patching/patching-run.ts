import type { PatchingPhase, PatchingSite, RunEvent } from "../api";
import type { Model } from "../model/model";
import type { Branch } from "../model/architectures/block-builder";
import type { Runtime } from "../runtime/runtime";
import { at } from "../numbers/at";
import { BlockRunner, type BlockBatch } from "../sweep/block-runner";
import { checkIds } from "../sweep/batch";
import { concatenate } from "../sweep/concatenate";
import { embed } from "../sweep/embedding";
import { Head, type HeadResult } from "../sweep/head";
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

interface Options {
  readonly model: Model;
  readonly runtime: Runtime;
  readonly profiler: Profiler;
  readonly site: PatchingSite;
  /** A and B, equally many ids. */
  readonly samples: readonly Sample[];
  readonly plan: PatchingPlan;
  readonly signal?: AbortSignal;
}

type Progress = Exclude<RunEvent<never, PatchingPhase>, { type: "done" }>;

const A = 0;
const B = 1;

const targetOf = ([token, minus]: readonly [number, number]): LogitTarget => ({ kind: "logit", token, minus });

/** The forward passes of activation patching, block by block: every block's weights are read once for all cells. */
export class PatchingRun {
  readonly #blocks: BlockRunner;
  readonly #head: Head;
  readonly #begun = performance.now();
  readonly #tokens: number;
  /** Floats of one prompt's hidden states. */
  readonly #size: number;
  /** Per layer what the site holds in A's run, `[tokens, hidden]`. */
  readonly #site: Float32Array[] = [];
  /** Per layer B's hidden states in front of the block, and behind the last. */
  readonly #ofB: Float32Array[] = [];
  /** The last position's hidden states of A and of B. */
  #last: Float32Array[] = [];

  constructor(private readonly options: Options) {
    const { model, runtime, profiler, samples } = options;
    this.#blocks = new BlockRunner({ model, runtime, profiler });
    this.#head = new Head({ model, runtime, profiler });
    this.#tokens = samples[0].ids.length;
    this.#size = this.#tokens * model.hiddenSize;
  }

  /** A and B as they are: keeps what the site holds in each layer. */
  async *ownRuns(): AsyncGenerator<Progress, HeadResult[], void> {
    const { model, samples, signal } = this.options;
    for (const { ids, source } of samples) checkIds(ids, model.vocabularySize, source);
    const ids = samples.map((sample) => sample.ids);
    const batch: BlockBatch = { samples: 2, tokens: this.#tokens, positions: undefined };
    let states = await embed(model, ids, { samples: [A, B], tokens: this.#tokens });
    const part = (values: Float32Array, sample: number): Float32Array =>
      values.slice(sample * this.#size, (sample + 1) * this.#size);
    for (let layer = 0; layer < model.layers; layer++) {
      signal?.throwIfAborted();
      await this.#blocks.load(layer);
      this.#ofB.push(part(states, B));
      const output = new Float32Array(states.length);
      if (this.#branch === undefined) {
        await this.#blocks.forward(states, batch, output);
        this.#site.push(part(output, A));
      } else {
        const taken = new Float32Array(states.length);
        await this.#blocks.forwardTaking(this.#branch, states, batch, { output, taken });
        this.#site.push(part(taken, A));
      }
      states = output;
      yield this.#progress("forward", layer + 1, 2 * this.#tokens * (layer + 1));
    }
    this.#ofB.push(part(states, B));
    this.#last = [A, B].map((sample) => this.#lastOf(states, sample));
    return await this.#head.run(
      this.#last.map((hidden) => ({ hidden: hidden.slice(), following: [] })),
      { kind: "max-logit" },
      signal,
    );
  }

  /** The difference of the answers' logits in A's own run and in B's. */
  async differences(answers: readonly [number, number]): Promise<[number, number]> {
    const values = await this.#head.logitValues(concatenate(this.#last), targetOf(answers));
    return [at(values, A), at(values, B)];
  }

  /**
   * Every cell, by layers and positions. The cells of a position pass through a block together, one more with every layer; what
   * stands in front of the position is B's own, so that only what follows is computed.
   */
  async *patch(answers: readonly [number, number], use: (cell: Cell) => void): AsyncGenerator<Progress, void, void> {
    const { model, signal } = this.options;
    const { layers } = model;
    const group = this.options.plan.positionsAtOnce;
    for (let first = 0; first < this.#tokens; first += group) {
      const positions = Array.from({ length: Math.min(group, this.#tokens - first) }, (_, i) => first + i);
      const states = positions.map(() => new Float32Array(layers * this.#size));
      const spare = new Float32Array(layers * this.#size);
      for (let layer = 0; layer < layers; layer++) {
        signal?.throwIfAborted();
        await this.#blocks.load(layer);
        for (const [i, position] of positions.entries()) await this.#forward(layer, position, states[i], spare);
        await this.#begin(
          layer,
          positions,
          states.map((cells) => cells.subarray(layer * this.#size, (layer + 1) * this.#size)),
        );
        const passed =
          this.#tokensFrom(0, first) * triangular(layers) +
          this.#tokensFrom(first, first + positions.length) * triangular(layer + 1);
        yield this.#progress("patch", layer + 1, 2 * this.#tokens * layers + passed);
      }
      const cells = states.flatMap((ofPosition, i) =>
        Array.from({ length: layers }, (_, layer) => ({
          layer,
          position: positions[i],
          hidden: this.#lastOf(ofPosition, layer),
        })),
      );
      const results = await this.#head.run(
        cells.map(({ hidden }) => ({ hidden, following: [] })),
        targetOf(answers),
        signal,
      );
      for (const [i, { value, next }] of results.entries()) {
        const { layer, position } = cells[i];
        use({ layer, position, value, next });
      }
    }
  }

  /** The cells of a position that began in earlier layers, `[cells, tokens, hidden]`, through this one. */
  async #forward(layer: number, position: number, states: Float32Array, spare: Float32Array): Promise<void> {
    if (layer === 0) return;
    const { hiddenSize, layers } = this.options.model;
    // behind the last block only the last position is read
    const first = layer === layers - 1 ? this.#tokens - 1 : position;
    const behind = Array.from({ length: this.#tokens - first }, (_, i) => first + i);
    const computed = behind.length * hiddenSize;
    const running = states.subarray(0, layer * this.#size);
    const positions = Array.from({ length: layer }, () => behind);
    const output = spare.subarray(0, layer * computed);
    await this.#blocks.forward(running, { samples: layer, tokens: this.#tokens, positions }, output);
    const before = this.#ofB[layer + 1].subarray(0, first * hiddenSize);
    for (let cell = 0; cell < layer; cell++) {
      const at = cell * this.#size;
      running.set(before, at);
      running.set(output.subarray(cell * computed, (cell + 1) * computed), at + before.length);
    }
  }

  /** B's run up to this layer, patched in it at one position per cell; a cell is `[tokens, hidden]`. */
  async #begin(layer: number, positions: readonly number[], cells: readonly Float32Array[]): Promise<void> {
    const { hiddenSize } = this.options.model;
    if (this.#branch === undefined) {
      for (const [i, position] of positions.entries()) {
        const at = position * hiddenSize;
        cells[i].set(this.#ofB[layer + 1]);
        cells[i].set(this.#site[layer].subarray(at, at + hiddenSize), at);
      }
      return;
    }
    const hidden = concatenate(positions.map(() => this.#ofB[layer]));
    const output = new Float32Array(hidden.length);
    const batch: BlockBatch = { samples: positions.length, tokens: this.#tokens, positions: undefined };
    const patch = { branch: this.#branch, values: at(this.#site, layer), positions };
    await this.#blocks.forwardPatched(patch, hidden, batch, output);
    for (const [i, cell] of cells.entries()) cell.set(output.subarray(i * this.#size, (i + 1) * this.#size));
  }

  get #branch(): Branch | undefined {
    const { site } = this.options;
    return site === "residual" ? undefined : site === "mlp" ? "feedForward" : "attention";
  }

  #lastOf(states: Float32Array, sample: number): Float32Array {
    const end = (sample + 1) * this.#size;
    return states.slice(end - this.options.model.hiddenSize, end);
  }

  /** Tokens that a cell of each of these positions computes: those from it on. */
  #tokensFrom(first: number, end: number): number {
    return triangular(this.#tokens - first) - triangular(this.#tokens - end);
  }

  /** @param passed tokens of prompts and cells, times the blocks that they have passed. */
  #progress(phase: PatchingPhase, done: number, passed: number): Progress {
    const { layers } = this.options.model;
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
