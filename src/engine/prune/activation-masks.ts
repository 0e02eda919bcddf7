import type { Model, ScoredModule } from "../model/model";
import type { Reducer, Tile } from "../sweep/reducers/reducer";
import { BitMask } from "./bit-mask";
import type { MaskedWeights } from "./pruned-model";
import { markRows, type LayerRule } from "./rule";

/** Decides what goes by the mean activation `Ā` of the dense model, row by row as the scores come: none of them is kept. */
export class ActivationMasks implements Reducer {
  readonly #numbers: ReadonlyMap<ScoredModule, number>;
  #mask: BitMask | undefined;

  /** @param rules per layer */
  constructor(
    modules: Model["modules"],
    private readonly rules: readonly LayerRule[],
    private readonly masks: MaskedWeights,
  ) {
    this.#numbers = new Map(modules.map((module, number) => [module, number]));
  }

  tile({ layer, module, from, scores: [mean] }: Tile): void {
    this.#mask ??= new BitMask(module.out * module.in);
    markRows(this.rules[layer], module, mean, from, this.#mask);
  }

  moduleDone(layer: number, module: ScoredModule): void {
    const number = this.#numbers.get(module);
    if (this.#mask === undefined || number === undefined) throw new Error(`${module.name} came without scores`);
    this.masks.set(layer, number, this.#mask);
    this.#mask = undefined;
  }
}
