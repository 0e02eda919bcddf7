import type { Checkpoint } from "../model/checkpoint";
import { blockTensor, type Model } from "../model/model";
import type { CheckpointStore } from "../sweep/checkpoints";
import type { BitMask } from "./bit-mask";

/** What pruning makes of a model's matrices. */
export interface PrunedWeights {
  /** Turns the dense model's rows of a matrix, from row `from` on, into the pruned model's. */
  apply(layer: number, module: number, rows: Float32Array, from: number): Promise<void>;
}

/** Weights that stay are as they were: one bit per parameter says which do not. */
export class MaskedWeights implements PrunedWeights {
  readonly #masks: BitMask[][] = [];

  constructor(private readonly modules: Model["modules"]) {}

  set(layer: number, module: number, mask: BitMask): void {
    (this.#masks[layer] ??= [])[module] = mask;
  }

  mask(layer: number, module: number): BitMask {
    return this.#masks[layer][module];
  }

  apply(layer: number, module: number, rows: Float32Array, from: number): Promise<void> {
    this.mask(layer, module).apply(rows, from * this.modules[module].in);
    return Promise.resolve();
  }
}

/** Weights that stay were changed too: all of them are kept. */
export class ReplacedWeights implements PrunedWeights {
  constructor(
    private readonly modules: Model["modules"],
    private readonly store: CheckpointStore,
  ) {}

  async set(layer: number, module: number, weights: Float32Array): Promise<void> {
    await this.store.put(layer, module, weights);
  }

  async apply(layer: number, module: number, rows: Float32Array, from: number): Promise<void> {
    const weights = await this.store.get(layer, module);
    const start = from * this.modules[module].in;
    rows.set(weights.subarray(start, start + rows.length));
  }
}

/** The model as it is after pruning: the same, but for what is read of its matrices. Closing it closes the dense one. */
export function prunedModel(model: Model, weights: PrunedWeights): Model {
  return { ...model, checkpoint: new PrunedCheckpoint(model, weights) };
}

class PrunedCheckpoint implements Checkpoint {
  readonly format;
  readonly path;
  readonly config;
  readonly tensors;
  /** By the tensor's full name. */
  readonly #places = new Map<string, { readonly layer: number; readonly module: number; readonly in: number }>();

  constructor(
    model: Model,
    private readonly weights: PrunedWeights,
  ) {
    this.dense = model.checkpoint;
    ({ format: this.format, path: this.path, config: this.config, tensors: this.tensors } = this.dense);
    for (let layer = 0; layer < model.layers; layer++)
      for (const [module, { name, in: columns }] of model.modules.entries())
        this.#places.set(blockTensor(model, layer, `${name}.weight`), { layer, module, in: columns });
  }

  private readonly dense: Checkpoint;

  async read(name: string, out: Float32Array, from?: number, to?: number): Promise<void> {
    await this.dense.read(name, out, from, to);
    const place = this.#places.get(name);
    if (place === undefined) return;
    const first = from ?? 0;
    const rows = (to ?? this.tensors.get(name)?.shape[0] ?? 0) - first;
    await this.weights.apply(place.layer, place.module, out.subarray(0, rows * place.in), first);
  }

  close(): Promise<void> {
    return this.dense.close();
  }
}
