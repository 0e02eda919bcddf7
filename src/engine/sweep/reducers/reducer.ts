import type { ScoredModule } from "../../model/model";

/**
 * Sets of samples whose scores are handed on together. A *set* stands for the mean of its samples' activations `Ā`; a set
 * of one sample for its `A`. Two sets in one unit can be compared parameter by parameter.
 */
export interface Unit {
  /** Indices of samples, per set. */
  readonly sets: readonly (readonly number[])[];
  /** What each sample of the run counts for in the means, against 1; undefined: all count 1. */
  readonly factors?: readonly number[];
}

/** Scores of some rows of one matrix. The arrays are used again afterwards: a reducer keeps nothing of them. */
export interface Tile {
  readonly layer: number;
  readonly module: ScoredModule;
  readonly unit: number;
  /** The first row, and how many. */
  readonly from: number;
  readonly rows: number;
  /** Per set of the unit, `[rows, in]`. */
  readonly scores: readonly Float32Array[];
  /** `[rows, in]` */
  readonly weights: Float32Array;
}

/** Takes in the scores as they are formed, and keeps what some view needs. */
export interface Reducer {
  /** Tiles of a matrix come in any order of units, from the first row to the last. */
  tile(tile: Tile): void;
  /** All rows of the matrix have come for this unit. */
  moduleDone?(layer: number, module: ScoredModule, unit: number): void;
  /** All rows of the matrix have come for every unit. */
  matrixDone?(layer: number, module: ScoredModule): void;
  /** All matrices of the layer have come. */
  layerDone?(layer: number): void;
}
