import type { PruneRequest } from "../api";
import { ParamscopeError } from "../errors";
import { scoredAt, type Model } from "../model/model";
import { plural } from "../numbers/plural";
import { runSweep } from "../run/run";
import type { Runtime } from "../runtime/runtime";
import { FileCheckpoints } from "../sweep/checkpoints";
import type { Profiler } from "../sweep/profiler";
import type { Sample } from "../text/sample";
import { ActivationMasks } from "./activation-masks";
import { MOST_SPARSITY, planSparsities, type Allocation } from "./allocation";
import { oddModule } from "./choices";
import { measureDensities } from "./measure-densities";
import { measureOutliers } from "./measure-outliers";
import { measuresDensities, measuresOutliers } from "./options";
import { pruneBlocks, type PrunedModule } from "./prune-blocks";
import { MaskedWeights, prunedModel, ReplacedWeights } from "./pruned-model";
import type { LayerRule } from "./rule";
import type { PruneEvents, RunParts } from "./run-parts";

/** A model after pruning, and what was done to it. */
export interface Pruned {
  /** The pruned model: reads of its matrices are those of the pruned ones. */
  readonly model: Model;
  readonly masks: MaskedWeights;
  readonly densities: readonly number[] | undefined;
  readonly outliers: readonly number[] | undefined;
  readonly allocation: Allocation;
  readonly layers: readonly (readonly PrunedModule[])[];
  /** What of it is otherwise than the criterion says, a sentence each. */
  readonly notes: readonly string[];
  /** Ends what holds the pruned weights; the dense model stays open. */
  readonly dispose: () => Promise<void>;
}

const changedWeights = {
  what: "the weights that SparseGPT changes there",
  remedy: "Free some space, point TMPDIR to another disk, or take a criterion that changes none.",
};

/** The costs of each part of pruning against the others, for progress. */
export interface PruneCosts {
  readonly sweep: number;
  readonly outliers: number;
  readonly blocks: number;
}

/** What a pruning runs with. */
export interface PruneContext {
  readonly samples: readonly Sample[];
  readonly runtime: Runtime;
  readonly profiler: Profiler;
  readonly parts: RunParts;
  readonly costs: PruneCosts;
}

/**
 * Prunes a model: how much of each layer goes, what of it, and the model without it. Nothing is written anywhere.
 * @throws ParamscopeError when the request cannot be met; the signal's reason when aborted.
 */
export async function* pruneModel(request: PruneRequest, context: PruneContext): PruneEvents<Pruned> {
  const { model, criterion, pattern, signal } = request;
  const { samples, runtime, profiler, parts, costs } = context;
  checkRequest(request);
  const densities = measuresDensities(request)
    ? yield* parts.run(costs.sweep, measureDensities(request, samples, request.share))
    : request.densities;
  const outliers = measuresOutliers(request)
    ? yield* parts.run(costs.outliers, measureOutliers({ model, samples, signal }, context))
    : undefined;
  const allocation = planSparsities(model.layers, { densities, outliers }, request);
  const rules = allocation.sparsities.map((sparsity): LayerRule => ({ sparsity, pattern }));

  const masks = new MaskedWeights(model);
  if (criterion === "activation")
    yield* parts.run(
      costs.sweep,
      runSweep(
        request,
        {
          samples,
          units: [{ sets: [samples.map((_, i) => i)] }],
          reducers: [new ActivationMasks(model, rules, masks)],
          keepsMatrices: false,
        },
        (layer) => ({ parameters: scoredAt(model, layer), figures: {} }),
      ),
    );

  const store = criterion === "sparsegpt" ? await FileCheckpoints.create(changedWeights) : undefined;
  const replaced = store && new ReplacedWeights(model, store);
  const layers: PrunedModule[][] = [];
  const prune = async function* (): PruneEvents<number> {
    const pruning = pruneBlocks({ model, runtime, profiler, criterion, samples, rules, masks, replaced, signal });
    for (;;) {
      const step = await pruning.next();
      if (step.done) return step.value;
      const left = step.value;
      const layer = layers.push(left) - 1;
      const parameters = left.reduce((sum, { module }) => sum + module.out * module.in, 0);
      const zeros = left.reduce((sum, module) => sum + module.zeros, 0);
      yield {
        type: "layer",
        layer,
        layers: model.layers,
        parameters,
        figures: { sparsity: zeros / parameters, ...(densities && { density: densities[layer] }) },
      };
      yield {
        type: "progress",
        phase: "prune",
        done: layer + 1,
        layers: model.layers,
        share: (layer + 1) / model.layers,
        secondsLeft: undefined,
      };
    }
  };
  let unreached: number;
  try {
    unreached = yield* parts.run(costs.blocks, prune());
  } catch (error) {
    await store?.dispose();
    throw error;
  }
  return {
    model: prunedModel(model, replaced ?? masks),
    masks,
    densities,
    outliers,
    allocation,
    layers,
    notes: unreached > 0 ? [unreachedNote(unreached)] : [],
    dispose: async () => {
      await store?.dispose();
    },
  };
}

function unreachedNote(experts: number): string {
  return experts === 1
    ? "No token of the calibration reached one expert: its weights went by their magnitude."
    : `No token of the calibration reached ${experts} experts: their weights went by their magnitude.`;
}

function checkRequest({ model, sparsity, pattern, densities, sparsities, allocation }: PruneRequest): void {
  if (pattern === undefined) {
    if (!(sparsity >= 0 && sparsity <= MOST_SPARSITY))
      throw new ParamscopeError(
        `A sparsity of ${sparsity} cannot be: it is the share of the weights that goes.`,
        `Give one from 0 to ${MOST_SPARSITY}.`,
      );
  } else {
    const { pruned, of } = pattern;
    if (!(Number.isInteger(pruned) && Number.isInteger(of) && pruned >= 1 && pruned < of))
      throw new ParamscopeError(`There is no pattern ${pruned}:${of}.`, "Give 2:4 or 4:8: so many of so many go.");
    const odd = oddModule(model, { pruned, of });
    if (odd !== undefined)
      throw new ParamscopeError(
        `The pattern ${pruned}:${of} does not fit ${model.name}: ${odd.name} has ${odd.in} inputs, which ${of} does not divide.`,
        "Use another pattern, or a sparsity.",
      );
  }
  const layers = sparsities?.length ?? 0;
  if (allocation === "given" && layers !== model.layers)
    throw new ParamscopeError(
      `The allocation is of ${layers} ${plural(layers, "layer", "layers")}, and ${model.name} has ${model.layers}.`,
      "Give one sparsity for each layer, shallowest first.",
    );
  if (densities !== undefined && densities.length !== model.layers)
    throw new ParamscopeError(
      `The densities are those of a model with ${densities.length} layers, and ${model.name} has ${model.layers}.`,
      "Analyse the calibration texts with this model.",
    );
}
