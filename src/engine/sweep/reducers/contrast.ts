import { elementAt } from "../../numbers/elements";
import { Products } from "./products";
import type { Reducer, Tile } from "./reducer";

/** Steps of the table of logarithms over one octave; with linear interpolation it is right to 2e-9. */
const STEPS = 2 ** 13;
const STEP_SHIFT = 23 - 13;
const OCTAVE = Math.LN2;
const logarithms = Float64Array.from({ length: STEPS + 1 }, (_, i) => Math.log1p(i / STEPS));

/** The sets that are compared, and the one that both are measured against, by their numbers in the unit. */
interface ContrastSets {
  readonly a: number;
  readonly b: number;
  readonly background: number;
}

/** Contrast similarity of two sets of unit 0, per layer: the products of `log(1 + A/Ā)`, Ā that of a third, the background. */
export class ContrastReducer implements Reducer {
  readonly #sets: ContrastSets;
  readonly #layers = new Map<number, Products>();
  readonly #ratio = new Float32Array(1);
  readonly #bits = new Int32Array(this.#ratio.buffer);

  constructor(sets: ContrastSets) {
    this.#sets = sets;
  }

  tile({ layer, scores }: Tile): void {
    let sum = this.#layers.get(layer);
    if (sum === undefined) this.#layers.set(layer, (sum = new Products()));
    const { a, b, background } = this.#sets;
    const [ofA, ofB, mean] = [elementAt(scores, a), elementAt(scores, b), elementAt(scores, background)];
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = 0; i < mean.length; i++) {
      const divisor = mean[i]!;
      if (divisor === 0) continue;
      const x = this.#log1p(ofA[i]! / divisor);
      const y = this.#log1p(ofB[i]! / divisor);
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
    sum.ab += ab;
    sum.aa += aa;
    sum.bb += bb;
  }

  similarity(layer: number): number {
    return this.#layers.get(layer)?.similarity ?? 0;
  }

  /** A table is several times as fast as Math.log1p, which would be most of a comparison's time. */
  #log1p(ratio: number): number {
    this.#ratio[0] = 1 + ratio;
    const bits = this.#bits[0]!;
    const step = (bits >>> STEP_SHIFT) & (STEPS - 1);
    const rest = (bits & ((1 << STEP_SHIFT) - 1)) / (1 << STEP_SHIFT);
    const low = logarithms[step]!;
    return ((bits >>> 23) - 127) * OCTAVE + low + rest * (logarithms[step + 1]! - low);
  }
}
