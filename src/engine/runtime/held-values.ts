import type { HeldTensors, Tensor, Tensors } from "./runtime";

/** What tensors that are held are in a library's own memory, until they are released. */
export class HeldValues<Value> {
  readonly #values = new Map<Tensor, Value>();

  /** What was made of a tensor that is held; undefined: it is not. */
  get(tensor: Tensor): Value | undefined {
    return this.#values.get(tensor);
  }

  /**
   * Holds tensors, each as one of its own, so that holding the same twice is not releasing it twice.
   * @param make what one is in the library's memory; undefined: it stays where it is.
   */
  hold(tensors: Tensors, make: (own: Tensor) => Value | undefined, release: (value: Value) => void): HeldTensors {
    const held = Object.entries(tensors).map(([name, { data, shape }]) => [name, { data, shape }] as const);
    for (const [, own] of held) {
      const value = make(own);
      if (value !== undefined) this.#values.set(own, value);
    }
    return {
      tensors: Object.fromEntries(held),
      release: () => {
        for (const [, own] of held) {
          const value = this.#values.get(own);
          if (value !== undefined) release(value);
          this.#values.delete(own);
        }
      },
    };
  }
}
