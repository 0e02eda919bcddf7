import { elementAt } from "../numbers/elements";
import type { PairedReducer, PairedTile } from "./paired-scores";

/** What a change of weights comes to: of a matrix, of a layer, of all. W is the first model's, ΔW what the second has more. */
export class Change {
  parameters = 0;
  /** ΣĀ of either model. */
  a = 0;
  b = 0;
  /** Σw² and ΣΔw². */
  squares = 0;
  changeSquares = 0;
  /** Σ|w| and Σ|Δw|. */
  size = 0;
  changeSize = 0;
  /** Weights that are another number, and of those that are 0 now. */
  changed = 0;
  zeroed = 0;
  /** `Σ ḡ·|Δw|`: ḡ is `Ā/|w|`, the mean size of ∂y/∂w, of the first model, or of the second where w is 0. */
  effect = 0;
  /** What `effect` would be if, within each matrix, what was changed were no more or less used than any weight: `ΣĀ · Σ|Δw| / Σ|w|`. */
  blindEffect = 0;

  add(other: Change): this {
    for (const name of summed) this[name] += other[name];
    return this;
  }

  /** ‖W‖ and ‖ΔW‖, Frobenius. */
  get norm(): number {
    return Math.sqrt(this.squares);
  }

  get changeNorm(): number {
    return Math.sqrt(this.changeSquares);
  }

  /** `‖ΔW‖/‖W‖`; null where W is 0. */
  get relative(): number | null {
    return this.squares > 0 ? this.changeNorm / this.norm : null;
  }

  /** How much more y depends on what was changed than on weights of these matrices in general; null where nothing was. */
  get usage(): number | null {
    return this.blindEffect > 0 ? this.effect / this.blindEffect : null;
  }
}

const summed = [
  "parameters",
  "a",
  "b",
  "squares",
  "changeSquares",
  "size",
  "changeSize",
  "changed",
  "zeroed",
  "effect",
  "blindEffect",
] as const satisfies readonly (keyof Change)[];

/** How the weights of every matrix were changed, and what of that the texts use. */
export class ChangeReducer implements PairedReducer {
  readonly #changes = new Map<string, Change>();

  tile({ layer, module, scores, weights, otherWeights }: PairedTile): void {
    const key = `${layer}/${module.name}`;
    let change = this.#changes.get(key);
    if (change === undefined) this.#changes.set(key, (change = new Change()));
    const [own, other] = [elementAt(scores, 0), elementAt(scores, 1)];
    let [a, b, squares, changeSquares, size, changeSize] = [0, 0, 0, 0, 0, 0];
    let [changed, zeroed, effect] = [0, 0, 0];
    for (let i = 0; i < weights.length; i++) {
      const w = weights[i]!;
      const v = otherWeights[i]!;
      a += own[i]!;
      b += other[i]!;
      squares += w * w;
      size += Math.abs(w);
      if (v === w) continue;
      const moved = Math.abs(v - w);
      changed++;
      if (v === 0) zeroed++;
      changeSquares += moved * moved;
      changeSize += moved;
      effect += w === 0 ? other[i]! * (moved / Math.abs(v)) : own[i]! * (moved / Math.abs(w));
    }
    change.parameters += weights.length;
    change.a += a;
    change.b += b;
    change.squares += squares;
    change.changeSquares += changeSquares;
    change.size += size;
    change.changeSize += changeSize;
    change.changed += changed;
    change.zeroed += zeroed;
    change.effect += effect;
    change.blindEffect = change.size > 0 ? (change.a * change.changeSize) / change.size : 0;
  }

  /** Of a matrix that has been swept. */
  module(layer: number, name: string): Change {
    const change = this.#changes.get(`${layer}/${name}`);
    if (change === undefined) throw new Error(`${name} of layer ${layer} has not been swept`);
    return change;
  }
}
