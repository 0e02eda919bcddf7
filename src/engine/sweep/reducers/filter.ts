import type { ScoredModule } from "../../model/model";
import type { Reducer, Tile } from "./reducer";

/** A reducer that is handed only the units that pass a filter. */
export class UnitFilter implements Reducer {
  readonly #inner: Reducer;
  readonly #wanted: (unit: number) => boolean;

  constructor(inner: Reducer, wanted: (unit: number) => boolean) {
    this.#inner = inner;
    this.#wanted = wanted;
  }

  tile(tile: Tile): void {
    if (this.#wanted(tile.unit)) this.#inner.tile(tile);
  }

  moduleDone(layer: number, module: ScoredModule, unit: number): void {
    if (this.#wanted(unit)) this.#inner.moduleDone?.(layer, module, unit);
  }

  matrixDone(layer: number, module: ScoredModule): void {
    this.#inner.matrixDone?.(layer, module);
  }

  layerDone(layer: number): void {
    this.#inner.layerDone?.(layer);
  }
}
