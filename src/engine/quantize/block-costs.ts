import { blockTensor, type Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import type { Reducer, Tile } from "../sweep/reducers/reducer";
import type { RoundingCosts } from "./rounding-costs";
import type { QuantizedTensor } from "./tensors";

/** Rounds the matrices of the blocks as their scores come, and keeps nothing of either. */
export class BlockCosts implements Reducer {
  readonly #model: Model;
  readonly #costs: RoundingCosts;
  readonly #importance: (name: string) => Float32Array | undefined;
  /** By the names of their matrices in the checkpoint. */
  readonly #tensors = new Map<string, QuantizedTensor>();

  /** @param importance of a matrix' columns, known when its scores come. */
  constructor(
    model: Model,
    tensors: readonly QuantizedTensor[],
    costs: RoundingCosts,
    importance: (name: string) => Float32Array | undefined,
  ) {
    this.#model = model;
    this.#costs = costs;
    this.#importance = importance;
    for (const tensor of tensors) for (const { name } of tensor.matrices) this.#tensors.set(name, tensor);
  }

  tile({ layer, module, scores, weights }: Tile): void {
    const name = blockTensor(this.#model, layer, `${module.name}.weight`);
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) return;
    this.#costs.add(tensor, {
      columns: module.in,
      weights,
      scores: elementAt(scores, 0),
      importance: this.#importance(name),
    });
  }
}
