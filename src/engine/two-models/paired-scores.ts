import type { ScoredModule } from "../model/model";
import { elementAt } from "../numbers/elements";
import type { Reducer, Tile } from "../sweep/reducers/reducer";

/** Scores of the same rows of the same matrix of two models: set 0 is the first's, set 1 the second's; `weights` are the first's. */
export interface PairedTile extends Tile {
  /** The second model's, `[rows, in]`. */
  readonly otherWeights: Float32Array;
}

/** Takes in what two models' sweeps give of a matrix. Every `Reducer` is one that looks at the scores alone. */
export interface PairedReducer extends Omit<Reducer, "tile"> {
  tile(tile: PairedTile): void;
}

/** Keeps the scores of one set in the block under way, for the other model's sweep to be compared with. Takes a block's memory. */
export class KeptScores implements Reducer {
  readonly #scores = new Map<string, Float32Array>();

  tile({ module, from, scores }: Tile): void {
    let kept = this.#scores.get(module.name);
    if (kept === undefined) this.#scores.set(module.name, (kept = new Float32Array(module.out * module.in)));
    kept.set(elementAt(scores, 0), from * module.in);
  }

  /** Forgets them: others come. */
  clear(): void {
    this.#scores.clear();
  }

  /** `[out, in]` of the block that was swept last. */
  of({ name }: ScoredModule): Float32Array {
    const kept = this.#scores.get(name);
    if (kept === undefined) throw new Error(`${name} has not been swept`);
    return kept;
  }
}

/** What is there of a block of the first model while the second's is swept. */
export interface FirstBlock {
  readonly scores: KeptScores;
  /** `[out, in]` */
  readonly weights: (module: ScoredModule) => Float32Array;
}

/** Hands the scores of the second model's sweep on, beside those of the first's. */
export class PairedScores implements Reducer {
  readonly #first: FirstBlock;
  readonly #reducers: readonly PairedReducer[];

  constructor(first: FirstBlock, reducers: readonly PairedReducer[]) {
    this.#first = first;
    this.#reducers = reducers;
  }

  tile(tile: Tile): void {
    const { module, from, rows, scores, weights } = tile;
    const part = (whole: Float32Array): Float32Array => whole.subarray(from * module.in, (from + rows) * module.in);
    const paired: PairedTile = {
      ...tile,
      scores: [part(this.#first.scores.of(module)), elementAt(scores, 0)],
      weights: part(this.#first.weights(module)),
      otherWeights: weights,
    };
    for (const reducer of this.#reducers) reducer.tile(paired);
  }

  moduleDone(layer: number, module: ScoredModule, unit: number): void {
    for (const reducer of this.#reducers) reducer.moduleDone?.(layer, module, unit);
  }

  matrixDone(layer: number, module: ScoredModule): void {
    for (const reducer of this.#reducers) reducer.matrixDone?.(layer, module);
  }

  layerDone(layer: number): void {
    for (const reducer of this.#reducers) reducer.layerDone?.(layer);
  }
}
