import type { ShrunkSize } from "../document/shrink";
import type { Model } from "../model/model";
import { outsideTensors } from "../model/architectures/outside-tensors";

/** Keys and values are kept as float16, as other programs keep them. */
const KEPT_BYTES = 2;

/** What a model takes: on disk and in memory. */
export function sizeOf(model: Model): ShrunkSize {
  const { checkpoint, definition, layers, blocks, parameters } = model;
  const outside = new Set([...outsideTensors(definition).values()].map(({ name }) => name));
  let bytes = 0;
  for (const { name, bytes: own } of checkpoint.tensors.values()) if (outside.has(name)) bytes += own;
  let keysAndValues = 0;
  for (let layer = 0; layer < layers; layer++) {
    for (const { name } of blocks[layer]?.weights ?? [])
      bytes += checkpoint.tensors.get(`${definition.blocks}.${layer}.${name}`)?.bytes ?? 0;
    const { keyValueHeads = definition.keyValueHeads, borrowsFrom } = definition.layer(layer);
    if (borrowsFrom === undefined) keysAndValues += 2 * keyValueHeads * definition.headSize * KEPT_BYTES;
  }
  return { parameters, bytes, layers, keyValueBytes: keysAndValues };
}
