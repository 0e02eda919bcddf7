import type { PruneCriterion } from "../api";
import { modulesAt, type Model, type ScoredModule } from "../model/model";
import type { Runtime } from "../runtime/runtime";
import { checkIds } from "../sweep/batch";
import { BlockRunner } from "../sweep/block-runner";
import type { Profiler } from "../sweep/profiler";
import type { Sample } from "../text/sample";
import { BitMask } from "./bit-mask";
import { HiddenStates } from "../sweep/hidden-states";
import { InputProducts } from "./input-products";
import { InputSquares } from "./input-squares";
import { eachPiece } from "./matrix-kernels";
import { Products } from "./products";
import type { MaskedWeights, ReplacedWeights } from "./pruned-model";
import { markMatrix, markRows, type LayerRule } from "./rule";
import { curvatureOf, sparseGpt, type InputCurvature } from "./sparse-gpt";

/** What pruning left of a matrix. */
export interface PrunedModule {
  readonly module: ScoredModule;
  /** Parameters that are 0 now, whether they were before or not. */
  readonly zeros: number;
  /** Σ|w| of what stays, and of the dense matrix. */
  readonly kept: number;
  readonly dense: number;
}

/** A pruning whose rules are decided. */
export interface PruneBlocksRequest {
  readonly model: Model;
  readonly runtime: Runtime;
  readonly profiler: Profiler;
  readonly criterion: PruneCriterion;
  /** The calibration samples; those of `activation` were used up by its masks. */
  readonly samples: readonly Sample[];
  /** How much of each layer goes. */
  readonly rules: readonly LayerRule[];
  /** Filled with what goes; with `activation` it is so already. */
  readonly masks: MaskedWeights;
  /** Filled with what stays, where that is changed. */
  readonly replaced?: ReplacedWeights;
  readonly signal?: AbortSignal;
}

/**
 * Prunes block after block; yields what is left of each. Where the criterion looks at inputs, the calibration samples go along,
 * all of them one block at a time, so that a block's inputs are those that the pruned blocks before it give.
 * @throws ParamscopeError when weights cannot be read; the signal's reason when aborted.
 */
export async function* pruneBlocks(request: PruneBlocksRequest): AsyncGenerator<PrunedModule[], void, void> {
  const { model, runtime, profiler, criterion, rules, masks, replaced, signal } = request;
  const blocks = new BlockRunner({ model, runtime, profiler });
  const products = new Products(runtime, profiler);
  const calibration = usesInputs(criterion) ? await Calibration.begin(request, criterion) : undefined;
  try {
    for (const [layer, rule] of rules.entries()) {
      signal?.throwIfAborted();
      await blocks.load(layer);
      await calibration?.measure(blocks);
      const curvatures = new Map<string, InputCurvature>();
      const left: PrunedModule[] = [];
      const writing: Promise<void>[] = [];
      for (const [number, module] of modulesAt(model, layer).entries()) {
        signal?.throwIfAborted();
        const weights = blocks.weight(`${module.name}.weight`);
        const dense = sumOfMagnitudes(weights);
        if (criterion === "sparsegpt") {
          if (calibration === undefined || replaced === undefined) throw new Error("sparsegpt needs calibration");
          // S = 0 leaves the model as it is; the authors' rule would take one weight of each block of columns
          if (rule.sparsity > 0) {
            const curvature = await calibration.curvature(module, curvatures, products);
            await sparseGpt(weights, module, rule, curvature, products);
          }
          // goes on while other matrices are pruned
          const written = replaced.set(layer, number, weights);
          written.catch(() => undefined);
          writing.push(written);
        } else {
          if (criterion !== "activation")
            masks.set(layer, number, maskOf(weights, module, rule, calibration?.norms(module)));
          masks.mask(layer, number).apply(weights);
        }
        const zeros = BitMask.ofZeros(weights);
        if (criterion === "sparsegpt") masks.set(layer, number, zeros);
        left.push({ module, zeros: zeros.count(), kept: sumOfMagnitudes(weights), dense });
      }
      if (layer < model.layers - 1) await calibration?.pass(blocks);
      await Promise.all(writing);
      yield left;
    }
  } finally {
    await products.dispose();
    await blocks.dispose();
  }
}

export const usesInputs = (criterion: PruneCriterion): criterion is "wanda" | "sparsegpt" =>
  criterion === "wanda" || criterion === "sparsegpt";

/** What goes of a matrix by magnitude, `|w|`, the matrix a group; with the norms of the inputs by Wanda's `|w|·‖x_j‖₂`, every row a group. */
function maskOf(
  weights: Float32Array,
  module: ScoredModule,
  rule: LayerRule,
  norms: Float32Array | undefined,
): BitMask {
  const mask = new BitMask(weights.length);
  if (norms === undefined) markMatrix(rule, module, weights, mask);
  else markRows(rule, module, weights, 0, mask, norms);
  return mask;
}

/** The calibration samples on their way through the blocks, and what they say of the inputs of each. */
class Calibration {
  /** What is summed up of a block's inputs, by the kind of block. */
  readonly #statistics = new Map<number, InputSquares | InputProducts>();
  readonly #criterion: "wanda" | "sparsegpt";
  #current: InputSquares | InputProducts | undefined;
  readonly #texts: HiddenStates;
  readonly #count: number;
  readonly #signal: AbortSignal | undefined;

  private constructor(
    criterion: "wanda" | "sparsegpt",
    texts: HiddenStates,
    count: number,
    signal: AbortSignal | undefined,
  ) {
    this.#criterion = criterion;
    this.#texts = texts;
    this.#count = count;
    this.#signal = signal;
  }

  static async begin(
    { model, samples, profiler, signal }: PruneBlocksRequest,
    criterion: "wanda" | "sparsegpt",
  ): Promise<Calibration> {
    for (const { ids, source } of samples) checkIds(ids, model.vocabularySize, source);
    const ids = samples.map((sample) => sample.ids);
    const texts = await HiddenStates.embedded({ model, profiler, ids, signal });
    return new Calibration(criterion, texts, ids.length, signal);
  }

  /** Sums up what enters the matrices of the block that is loaded. */
  async measure(blocks: BlockRunner): Promise<void> {
    const statistics = this.#of(blocks);
    statistics.clear();
    this.#current = statistics;
    for (const entry of this.#texts.batches) {
      this.#signal?.throwIfAborted();
      await statistics.add(blocks, entry.states, this.#texts.blockBatch(entry));
    }
  }

  /** Of the kind of block that is loaded. */
  #of({ block, architecture: { hiddenSize } }: BlockRunner): InputSquares | InputProducts {
    let statistics = this.#statistics.get(block.kind);
    if (statistics === undefined) {
      const sized = { hiddenSize, block: block.definition };
      statistics = this.#criterion === "wanda" ? new InputSquares(sized) : new InputProducts(sized);
      this.#statistics.set(block.kind, statistics);
    }
    return statistics;
  }

  /** The norm `‖x_j‖₂` of every input of a matrix. */
  norms(module: ScoredModule): Float32Array {
    if (!(this.#current instanceof InputSquares)) throw new Error("norms are Wanda's");
    return Float32Array.from(this.#current.of(module.name), Math.sqrt);
  }

  /** The curvature of a matrix's input; matrices with the same input share it. */
  async curvature(
    module: ScoredModule,
    known: Map<string, InputCurvature>,
    products: Products,
  ): Promise<InputCurvature> {
    if (!(this.#current instanceof InputProducts)) throw new Error("curvatures are SparseGPT's");
    const input = this.#current.inputOf(module.name);
    let curvature = known.get(input);
    if (curvature === undefined) {
      const sums = this.#current.of(module.name);
      known.set(input, (curvature = await curvatureOf(sums, module.in, this.#count, products)));
    }
    return curvature;
  }

  /** Takes all samples through the block as it is loaded. */
  async pass(blocks: BlockRunner): Promise<void> {
    await this.#texts.pass(blocks);
  }
}

function sumOfMagnitudes(weights: Float32Array): number {
  let sum = 0;
  eachPiece(weights, ({ kernels, at }, { length }) => (sum += kernels.sumOfMagnitudes(at.values, length)));
  return sum;
}
