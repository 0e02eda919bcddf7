import { expect, test } from "vitest";
import { MemoryCheckpoints } from "../../../src/engine/sweep/checkpoints";

test.each([1, 10, 1000])(
  "checkpoints in arrays of at least %i numbers are those that were put there",
  async (large) => {
    const lengths = [3, 5, 1, 8];
    const store = new MemoryCheckpoints(2, lengths, large);
    const hidden = (layer: number, batch: number) => new Float32Array(lengths[batch]).fill(10 * layer + batch);
    for (const layer of [0, 1]) for (const batch of lengths.keys()) await store.put(layer, batch, hidden(layer, batch));
    for (const layer of [1, 0])
      for (const batch of lengths.keys()) expect(await store.get(layer, batch)).toEqual(hidden(layer, batch));
    expect(() => store.get(2, 0)).toThrow("no checkpoint of layer 2, batch 0");
  },
);
