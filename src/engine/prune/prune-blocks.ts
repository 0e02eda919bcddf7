import type { PruneCriterion } from "../api";
import type { Model, ScoredModule } from "../model/model";
import type { Runtime } from "../runtime/runtime";
import { BlockRunner } from "../sweep/block-runner";
import type { Profiler } from "../sweep/profiler";
import type { Sample } from "../text/sample";
import { BitMask } from "./bit-mask";
import { Calibration, type InputCriterion } from "./calibration-inputs";
import { eachPiece } from "./matrix-kernels";
import { Products } from "./products";
import { prunedModel, type MaskedWeights, type ReplacedWeights } from "./pruned-model";
import { markMatrix, markRows, type LayerRule } from "./rule";
import { sparseGpt, type InputCurvature } from "./sparse-gpt";

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
 * @returns how many experts no token of the calibration reached: their weights go by magnitude.
 * @throws ParamscopeError when weights cannot be read; the signal's reason when aborted.
 */
export async function* pruneBlocks(request: PruneBlocksRequest): AsyncGenerator<PrunedModule[], number, void> {
  const { model, runtime, profiler, criterion, rules, masks, replaced, signal } = request;
  const blocks = new BlockRunner({ model, runtime, profiler, signal });
  // of a mixture experts come one after the other, so that samples go along a block that is read again, as it is pruned
  const pruned = new BlockRunner({ model: prunedModel(model, replaced ?? masks), runtime, profiler, signal });
  const products = new Products(runtime, profiler);
  const calibration = usesInputs(criterion) ? await Calibration.begin(request, criterion) : undefined;
  try {
    for (const [layer, rule] of rules.entries()) {
      signal?.throwIfAborted();
      await blocks.load(layer);
      await calibration?.measure(blocks);
      const left: PrunedModule[] = [];
      const writing: Promise<void>[] = [];
      const { common, experts } = blocks.block;
      for (const [part, { modules }] of [common, ...experts].entries()) {
        if (part > 0) {
          await blocks.loadExpert(part - 1);
          await calibration?.measureExpert(blocks, part - 1);
        }
        const curvatures = new Map<string, InputCurvature>();
        for (const module of modules) {
          signal?.throwIfAborted();
          const number = left.length;
          const weights = blocks.weight(`${module.name}.weight`);
          const dense = sumOfMagnitudes(weights);
          if (criterion === "sparsegpt") {
            if (calibration === undefined || replaced === undefined) throw new Error("sparsegpt needs calibration");
            // S = 0 leaves the model as it is; the authors' rule would take one weight of each block of columns
            if (rule.sparsity > 0) {
              const curvature = await calibration.curvature(module, curvatures, products);
              await sparseGpt(weights, module, rule, curvature, products);
            }
            // goes on while other matrices are pruned, but for experts, whose weights are read into the same place
            const written = replaced.set(layer, number, weights);
            if (part > 0) await written;
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
      }
      await Promise.all(writing);
      if (layer < model.layers - 1 && calibration !== undefined) {
        if (experts.length > 0) await pruned.load(layer);
        await calibration.pass(experts.length > 0 ? pruned : blocks);
      }
      yield left;
    }
    return calibration?.unreached ?? 0;
  } finally {
    await products.dispose();
    await pruned.dispose();
    await blocks.dispose();
  }
}

export const usesInputs = (criterion: PruneCriterion): criterion is InputCriterion =>
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

function sumOfMagnitudes(weights: Float32Array): number {
  let sum = 0;
  eachPiece(weights, ({ kernels, at }, { length }) => (sum += kernels.sumOfMagnitudes(at.values, length)));
  return sum;
}
