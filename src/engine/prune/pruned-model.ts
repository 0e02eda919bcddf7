import type { Checkpoint } from "../model/checkpoint";
import { blockTensor, modulesAt, type Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import type { CheckpointStore } from "../sweep/checkpoints";
import type { BitMask } from "./bit-mask";

/** What pruning makes of a model's matrices. */
export interface PrunedWeights {
  /** Turns the dense model's rows of a matrix, from row `from` on, into the pruned model's. */
  apply(layer: number, module: number, rows: Float32Array, from: number): Promise<void>;
}

/** Pruned weights of which those that stay are as they were: one bit per parameter says which do not. */
export class MaskedWeights implements PrunedWeights {
  readonly #model: Model;
  /** The masks by layer and module. */
  readonly #masks: BitMask[][] = [];

  constructor(model: Model) {
    this.#model = model;
  }

  set(layer: number, module: number, mask: BitMask): void {
    (this.#masks[layer] ??= [])[module] = mask;
  }

  mask(layer: number, module: number): BitMask {
    return elementAt(elementAt(this.#masks, layer), module);
  }

  apply(layer: number, module: number, rows: Float32Array, from: number): Promise<void> {
    this.mask(layer, module).apply(rows, from * elementAt(modulesAt(this.#model, layer), module).in);
    return Promise.resolve();
  }
}

/** Pruned weights of which those that stay were changed too: all of them are kept. */
export class ReplacedWeights implements PrunedWeights {
  readonly #model: Model;
  readonly #store: CheckpointStore;

  constructor(model: Model, store: CheckpointStore) {
    this.#model = model;
    this.#store = store;
  }

  async set(layer: number, module: number, weights: Float32Array): Promise<void> {
    await this.#store.put(layer, module, weights);
  }

  async apply(layer: number, module: number, rows: Float32Array, from: number): Promise<void> {
    const weights = await this.#store.get(layer, module);
    const start = from * elementAt(modulesAt(this.#model, layer), module).in;
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
  /** The matrix that each pruned tensor is, by its full name. */
  readonly #places = new Map<string, { readonly layer: number; readonly module: number; readonly in: number }>();
  readonly #dense: Checkpoint;
  readonly #weights: PrunedWeights;

  constructor(model: Model, weights: PrunedWeights) {
    this.#dense = model.checkpoint;
    this.#weights = weights;
    ({ format: this.format, path: this.path, config: this.config, tensors: this.tensors } = this.#dense);
    for (let layer = 0; layer < model.layers; layer++)
      for (const [module, { name, in: columns }] of modulesAt(model, layer).entries())
        this.#places.set(blockTensor(model, layer, `${name}.weight`), { layer, module, in: columns });
  }

  async read(name: string, out: Float32Array, from?: number, to?: number): Promise<void> {
    await this.#dense.read(name, out, from, to);
    const place = this.#places.get(name);
    if (place === undefined) return;
    const first = from ?? 0;
    const rows = (to ?? this.tensors.get(name)?.shape[0] ?? 0) - first;
    await this.#weights.apply(place.layer, place.module, out.subarray(0, rows * place.in), first);
  }

  close(): Promise<void> {
    return this.#dense.close();
  }
}
