import { nameInGraph, type BlockPart, type Model, type ScoredModule } from "../model/model";
import { elementAt } from "../numbers/elements";
import { PART_POSITIONS } from "../sweep/block-batch";
import { checkIds } from "../sweep/batch";
import type { SizedBlock } from "../sweep/block-graphs";
import type { BlockRunner } from "../sweep/block-runner";
import { expertBlock } from "../sweep/expert-graphs";
import { HiddenStates } from "../sweep/hidden-states";
import type { Profiler } from "../sweep/profiler";
import type { RoutedBatch } from "../sweep/routed-batch";
import type { Sample } from "../text/sample";
import { InputProducts } from "./input-products";
import { InputSquares } from "./input-squares";
import type { Products } from "./products";
import { curvatureOf, type InputCurvature } from "./sparse-gpt";

/** The criteria that look at what enters a matrix. */
export type InputCriterion = "wanda" | "sparsegpt";

/** The samples that pruning is calibrated with. */
interface CalibrationRequest {
  readonly model: Model;
  readonly profiler: Profiler;
  readonly samples: readonly Sample[];
  readonly signal?: AbortSignal;
}

/** The calibration samples on their way through the blocks, and what they say of the inputs of each. */
export class Calibration {
  readonly #criterion: InputCriterion;
  /** What is summed up of inputs, by the kind of block: of all tokens, and of those that an expert is given. */
  readonly #common = new Map<number, InputSquares | InputProducts>();
  readonly #experts = new Map<number, InputSquares | InputProducts>();
  #part: BlockPart | undefined;
  #current: InputSquares | InputProducts | undefined;
  /** Where the samples are routed in the block that was measured last. */
  #routed: readonly RoutedBatch[] = [];
  /** The expert that was measured last has seen no token. */
  #isUnreached = false;
  /** Experts that no token reached. */
  unreached = 0;
  /** The tokens that entered the part that was measured last. */
  tokens = 0;
  readonly #texts: HiddenStates;
  readonly #count: { readonly texts: number; readonly tokens: number };
  readonly #signal: AbortSignal | undefined;

  private constructor(
    criterion: InputCriterion,
    texts: HiddenStates,
    ids: readonly Int32Array[],
    signal: AbortSignal | undefined,
  ) {
    this.#criterion = criterion;
    this.#texts = texts;
    this.#count = { texts: ids.length, tokens: ids.reduce((sum, { length }) => sum + length, 0) };
    this.#signal = signal;
  }

  static async begin(
    { model, samples, profiler, signal }: CalibrationRequest,
    criterion: InputCriterion,
  ): Promise<Calibration> {
    for (const { ids, source } of samples) checkIds(ids, model.vocabularySize, source);
    const ids = samples.map((sample) => sample.ids);
    const texts = await HiddenStates.embedded({ model, profiler, ids, signal });
    return new Calibration(criterion, texts, ids, signal);
  }

  /** Sums up what enters the matrices of the block that is loaded, but for its experts'. */
  async measure(blocks: BlockRunner): Promise<void> {
    const { block, architecture } = blocks;
    const { hiddenSize } = architecture;
    const statistics = this.#of(this.#common, block.kind, { hiddenSize, block: block.definition });
    this.#part = block.common;
    this.#isUnreached = false;
    this.tokens = this.#count.tokens;
    const passes = this.#texts.batches.map((entry) => ({
      hidden: entry.states,
      batch: this.#texts.blockBatch(entry),
    }));
    for (const { hidden, batch } of passes) {
      this.#signal?.throwIfAborted();
      await statistics.add(blocks, hidden, batch);
    }
    this.#routed = block.experts.length > 0 ? await blocks.route(passes) : [];
  }

  /** Sums up what enters the matrices of the expert that is loaded: the tokens that are routed to it. */
  async measureExpert(blocks: BlockRunner, expert: number): Promise<void> {
    const { block, architecture } = blocks;
    const { experts } = block.definition;
    if (experts === undefined) throw new Error("the block has no experts");
    const { hiddenSize } = architecture;
    const statistics = this.#of(this.#experts, block.kind, expertBlock(hiddenSize, experts));
    this.#part = elementAt(block.experts, expert);
    this.#isUnreached = !this.#routed.some((batch) => batch.reaches(expert));
    if (this.#isUnreached) this.unreached++;
    this.tokens = 0;
    const observed = { observe: blocks.observeExpert.bind(blocks) };
    for (const batch of this.#routed) {
      const rows = batch.rowsOf(expert).flat();
      this.tokens += rows.length;
      for (let from = 0; from < rows.length; from += PART_POSITIONS) {
        this.#signal?.throwIfAborted();
        const part = rows.slice(from, from + PART_POSITIONS);
        // rows of any texts, as one
        const texts = [new Int32Array(part.length)];
        const together = { samples: 1, tokens: part.length, texts, positions: undefined, lent: undefined };
        await statistics.add(observed, batch.inputsOf(part), together);
      }
    }
  }

  #of(all: Map<number, InputSquares | InputProducts>, kind: number, block: SizedBlock): InputSquares | InputProducts {
    let statistics = all.get(kind);
    if (statistics === undefined) {
      statistics = this.#criterion === "wanda" ? new InputSquares(block) : new InputProducts(block);
      all.set(kind, statistics);
    }
    statistics.clear();
    this.#current = statistics;
    return statistics;
  }

  /** The sum of squares `Σ x_j²` of every input of a matrix, over all tokens; of an expert that no token reached 0. */
  squares(module: ScoredModule): Float64Array {
    if (!(this.#current instanceof InputSquares)) throw new Error("squares are Wanda's");
    return this.#current.of(this.#nameOf(module));
  }

  /** The norm `‖x_j‖₂` of every input of a matrix; of an expert that no token reached 1, so that its weights go by magnitude. */
  norms(module: ScoredModule): Float32Array {
    if (this.#isUnreached) return new Float32Array(module.in).fill(1);
    return Float32Array.from(this.squares(module), Math.sqrt);
  }

  /** The curvature of a matrix's input; matrices with the same input share it. */
  async curvature(
    module: ScoredModule,
    known: Map<string, InputCurvature>,
    products: Products,
  ): Promise<InputCurvature> {
    if (!(this.#current instanceof InputProducts)) throw new Error("curvatures are SparseGPT's");
    const name = this.#nameOf(module);
    const input = this.#current.inputOf(name);
    let curvature = known.get(input);
    if (curvature === undefined) {
      const sums = this.#isUnreached ? identity(module.in) : this.#current.of(name);
      known.set(input, (curvature = await curvatureOf(sums, module.in, this.#count.texts, products)));
    }
    return curvature;
  }

  /** What a matrix is called in the graph of the part that was measured last: an expert's has its name within the expert. */
  #nameOf(module: ScoredModule): string {
    if (this.#part === undefined) throw new Error(`${module.name} has not been measured`);
    return nameInGraph(this.#part, module);
  }

  /** Takes all samples through the block as it is loaded. */
  async pass(blocks: BlockRunner): Promise<void> {
    await this.#texts.pass(blocks);
  }
}

function identity(size: number): Float32Array {
  return Float32Array.from({ length: size ** 2 }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
}
