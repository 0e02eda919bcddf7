import type { Model, ScoredModule } from "../model/model";
import { holding, sliceSamples, tensor, type Runtime, type Tensor, type Tensors } from "../runtime/runtime";
import type { BlockGradients, BlockRunner } from "./block-runner";
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

/** What the scores of a matrix are made of. */
export interface Site {
  /** `[samples, positions, in]` */
  readonly x: Tensor;
  /** `[samples, out, positions]` */
  readonly delta: Tensor;
}

/** Where tiles are formed. */
export interface TileWork {
  readonly runtime: Runtime;
  readonly workspace: Workspace;
  /** The block whose weights are loaded. */
  readonly blocks: BlockRunner;
}

/**
 * Every matrix of the block that is loaded, by tiles of so many rows that their gradients take `tileBytes` for all samples;
 * `moduleDone` after the last of a matrix.
 */
export async function eachTile(
  work: TileWork,
  model: Model,
  gradients: BlockGradients,
  tileBytes: number,
  use: (tile: ScoreTile) => Promise<void>,
  moduleDone?: (module: ScoredModule) => void,
): Promise<void> {
  for (const module of model.modules) {
    const site = gradients.sites.get(module.name);
    if (site === undefined) continue;
    await eachTileOf(work, module, site, tileBytes, use);
    moduleDone?.(module);
  }
}

/** One matrix. */
export async function eachTileOf(
  { runtime, workspace, blocks }: TileWork,
  module: ScoredModule,
  { x, delta }: Site,
  tileBytes: number,
  use: (tile: ScoreTile) => Promise<void>,
): Promise<void> {
  const weights = blocks.weight(`${module.name}.weight`);
  const height = Math.min(module.out, Math.max(1, Math.floor(tileBytes / (4 * x.shape[0] * module.in))));
  await holding(runtime, { x }, async (held) => {
    for (let from = 0; from < module.out; from += height) {
      const rows = Math.min(height, module.out - from);
      await use({
        module,
        from,
        rows,
        weights: weights.subarray(from * module.in, (from + rows) * module.in),
        inputs: { ...held, delta: rowsOf(delta, from, rows, workspace) },
      });
    }
  });
}

/** Those rows of every sample. */
function rowsOf(delta: Tensor, from: number, rows: number, workspace: Workspace): Tensor {
  const [samples, out, positions] = delta.shape;
  if (rows === out) return delta;
  const part = workspace.take("rows of gradients", samples * rows * positions);
  for (let sample = 0; sample < samples; sample++) {
    const start = (sample * out + from) * positions;
    part.set((delta.data as Float32Array).subarray(start, start + rows * positions), sample * rows * positions);
  }
  return tensor(part, samples, rows, positions);
}

/** So many samples of a site, from `first` on: a view. */
export function partOf({ x, delta }: Site, first: number, count: number): Site {
  return { x: sliceSamples(x, first, count), delta: sliceSamples(delta, first, count) };
}
