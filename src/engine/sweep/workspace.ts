import { tensor, type FloatTensor } from "../runtime/runtime";

/**
 * Float32 arrays by name, made once and used again for every block: what a run holds is bounded by the largest block,
 * and no time goes into clearing and faulting in fresh memory.
 */
export class Workspace {
  readonly #arrays = new Map<string, Float32Array>();

  /** An array of that length whose contents are whatever was there. */
  take(name: string, length: number): Float32Array {
    let array = this.#arrays.get(name);
    if (array === undefined || array.length < length) {
      array = new Float32Array(length);
      this.#arrays.set(name, array);
    }
    return array.length === length ? array : array.subarray(0, length);
  }

  /** The same as a tensor of that shape. */
  tensor(name: string, ...shape: number[]): FloatTensor {
    return tensor(
      this.take(
        name,
        shape.reduce((a, b) => a * b, 1),
      ),
      ...shape,
    );
  }

  release(name: string): void {
    this.#arrays.delete(name);
  }
}
