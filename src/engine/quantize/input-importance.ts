import type { SiteGradients } from "../sweep/block-gradients";
import type { ObservedBlock } from "../sweep/sweep";
import { blockTensor, type Model } from "../model/model";
import { elementAt } from "../numbers/elements";

/** How much an error in each column of a matrix counts. */
export interface ColumnImportance {
  /** The mean squares of what enters them, `[columns]`. */
  readonly squares: Float32Array;
  /** Tokens that they are the mean over. */
  readonly tokens: number;
}

/** By the name of a matrix in the checkpoint. */
export type Importance = ReadonlyMap<string, ColumnImportance>;

/**
 * The mean square of each input of every matrix, over the tokens that enter it: how much an error in a column changes what comes out (llama.cpp's imatrix).
 * An observer of a sweep whose target reads all positions.
 */
export class InputImportance {
  readonly #model: Model;
  readonly #sums = new Map<string, Squares>();

  constructor(model: Model) {
    this.#model = model;
  }

  readonly observe = ({ layer, modules, gradients: { sites } }: ObservedBlock): Promise<void> => {
    const counted = modules.flatMap(({ name }) => sites.get(name) ?? []);
    // some matrices have the same input
    const known = new Map<Float32Array, Squares>();
    for (const { name, in: width } of modules) {
      const site = sites.get(name);
      if (site === undefined) continue;
      const own = known.get(site.x.data) ?? squaresOf(site, width, counted);
      known.set(site.x.data, own);
      const tensor = blockTensor(this.#model, layer, `${name}.weight`);
      const sums = this.#sums.get(tensor);
      this.#sums.set(tensor, sums === undefined ? own : added(sums, own));
    }
    return Promise.resolve();
  };

  /** Of a matrix of the checkpoint; undefined where no token entered it. */
  of(name: string): ColumnImportance | undefined {
    const { squares, tokens = 0 } = this.#sums.get(name) ?? {};
    if (squares === undefined || tokens === 0) return undefined;
    return { squares: Float32Array.from(squares, (sum) => sum / tokens), tokens };
  }

  /** All that are known. */
  get all(): Importance {
    const known = new Map<string, ColumnImportance>();
    for (const name of this.#sums.keys()) {
      const own = this.of(name);
      if (own !== undefined) known.set(name, own);
    }
    return known;
  }
}

/** The squares of a matrix's inputs, summed over so many tokens. */
interface Squares {
  readonly squares: Float64Array;
  readonly tokens: number;
}

/** At positions where anything that is computed with them has a gradient: what is padding has none, nor has a text's last token. */
function squaresOf({ samples, positions, x }: SiteGradients, width: number, all: readonly SiteGradients[]): Squares {
  const beside = all.filter((site) => site.positions === positions);
  const squares = new Float64Array(width);
  let tokens = 0;
  for (let sample = 0; sample < samples; sample++)
    for (let t = 0; t < positions; t++) {
      if (!beside.some((site) => hasGradient(site, sample, t))) continue;
      tokens++;
      const first = (sample * positions + t) * width;
      for (let i = 0; i < width; i++) {
        const value = x.data[first + i]!;
        squares[i]! += value * value;
      }
    }
  return { squares, tokens };
}

function added(a: Squares, b: Squares): Squares {
  return { squares: a.squares.map((square, i) => square + b.squares[i]!), tokens: a.tokens + b.tokens };
}

function hasGradient({ positions, delta }: SiteGradients, sample: number, t: number): boolean {
  const out = elementAt(delta.shape, 1);
  for (let row = 0, at = sample * out * positions + t; row < out; row++, at += positions)
    if (delta.data[at] !== 0) return true;
  return false;
}
