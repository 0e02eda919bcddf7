import { modulesAt, type Model, type ScoredModule } from "../model/model";
import { holding, sliceSamples, tensor, type FloatTensor, type Tensors } from "../runtime/runtime";
import type { BlockGradients, SiteGradients } from "./block-runner";
import type { SweepContext } from "./sweep-context";
import type { Workspace } from "./workspace";

/** Some rows of one matrix, and what their scores are made of. */
export interface ScoreTile {
  readonly module: ScoredModule;
  readonly from: number;
  readonly rows: number;
  readonly weights: Float32Array;
  /** `x` `[samples, positions, in]` and the rows' `delta` `[samples, rows, positions]`. */
  readonly inputs: Tensors;
}

/** A matrix, and what its gradients are made of. */
export interface ModuleGradients extends SiteGradients {
  readonly module: ScoredModule;
}

/** The matrices of a layer that have a gradient. */
export function* modulesOf(model: Model, layer: number, { sites }: BlockGradients): Generator<ModuleGradients> {
  for (const module of modulesAt(model, layer)) {
    const site = sites.get(module.name);
    if (site !== undefined) yield { module, ...site };
  }
}

/** A matrix by tiles of so many rows that their gradients take `tileBytes` for all samples. */
export async function eachTile(
  { runtime, workspace, blocks }: Pick<SweepContext, "runtime" | "workspace" | "blocks">,
  gradients: ModuleGradients,
  tileBytes: number,
  use: (tile: ScoreTile) => Promise<void>,
): Promise<void> {
  const { module, samples, x } = gradients;
  const weights = blocks.weight(`${module.name}.weight`);
  const height = Math.min(module.out, Math.max(1, Math.floor(tileBytes / (4 * samples * module.in))));
  await holding(runtime, { x }, async (held) => {
    for (let from = 0; from < module.out; from += height) {
      const rows = Math.min(height, module.out - from);
      await use({
        module,
        from,
        rows,
        weights: weights.subarray(from * module.in, (from + rows) * module.in),
        inputs: { ...held, delta: rowsOf(gradients, from, rows, workspace) },
      });
    }
  });
}

/** The gradients of these rows' outputs, `[samples, rows, positions]`. */
function rowsOf(
  { module: { out }, samples, positions, delta }: ModuleGradients,
  from: number,
  rows: number,
  workspace: Workspace,
): FloatTensor {
  if (rows === out) return delta;
  const part = workspace.take("rows of gradients", samples * rows * positions);
  for (let sample = 0; sample < samples; sample++) {
    const start = (sample * out + from) * positions;
    part.set(delta.data.subarray(start, start + rows * positions), sample * rows * positions);
  }
  return tensor(part, samples, rows, positions);
}

/** A view of the gradients of so many samples of a matrix, from `first` on. */
export function partOf(gradients: ModuleGradients, first: number, samples: number): ModuleGradients {
  const { x, delta } = gradients;
  return { ...gradients, samples, x: sliceSamples(x, first, samples), delta: sliceSamples(delta, first, samples) };
}
