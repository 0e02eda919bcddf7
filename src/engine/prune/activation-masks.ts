import { modulesAt, type Model, type ScoredModule } from "../model/model";
import { elementAt } from "../numbers/elements";
import type { Reducer, Tile } from "../sweep/reducers/reducer";
import { BitMask } from "./bit-mask";
import type { MaskedWeights } from "./pruned-model";
import { markRows, type LayerRule } from "./rule";

/** Decides what goes by the mean activation `Ā` of the dense model, row by row as the scores come: none of them is kept. */
export class ActivationMasks implements Reducer {
  readonly #model: Model;
  readonly #rules: readonly LayerRule[];
  readonly #masks: MaskedWeights;
  #mask: BitMask | undefined;

  /** @param rules per layer */
  constructor(model: Model, rules: readonly LayerRule[], masks: MaskedWeights) {
    this.#model = model;
    this.#rules = rules;
    this.#masks = masks;
  }

  tile({ layer, module, from, scores }: Tile): void {
    this.#mask ??= new BitMask(module.out * module.in);
    markRows(elementAt(this.#rules, layer), module, elementAt(scores, 0), from, this.#mask);
  }

  moduleDone(layer: number, module: ScoredModule): void {
    const number = modulesAt(this.#model, layer).indexOf(module);
    if (this.#mask === undefined || number < 0) throw new Error(`${module.name} came without scores`);
    this.#masks.set(layer, number, this.#mask);
    this.#mask = undefined;
  }
}
