import { join } from "node:path";
import type { ExportTarget } from "../../api";
import { blockTensor, modulesAt, type Model } from "../../model/model";
import type { MaskedWeights } from "../pruned-model";
import { writeSafetensors } from "./safetensors-writer";
import { writeWholeFolder } from "./whole-folder";

const FILE = "masks.safetensors";

/**
 * Writes what goes of every matrix, a bit per parameter: `U8` tensors under the matrices' names, the first parameter in the
 * lowest bit, 1 for what goes, rows of `[out, in]` one behind the other; the shapes are in the file's metadata.
 * @returns the size of the file in bytes
 */
export async function exportMasks(model: Model, masks: MaskedWeights, target: ExportTarget): Promise<number> {
  const all = Array.from({ length: model.layers }, (_, layer) =>
    modulesAt(model, layer).map((module, number) => ({
      name: blockTensor(model, layer, `${module.name}.weight`),
      shape: [module.out, module.in],
      bytes: masks.mask(layer, number).bytes,
    })),
  ).flat();
  const shapes = Object.fromEntries(all.map(({ name, shape }) => [name, shape]));
  let size = 0;
  await writeWholeFolder(target, async (folder) => {
    size = await writeSafetensors(
      join(folder, FILE),
      all.map(({ name, bytes }) => ({
        name,
        dtype: "U8",
        shape: [bytes.length],
        bytes: bytes.length,
        pieces: async function* () {
          yield await Promise.resolve(bytes);
        },
      })),
      { bits: "1 = removed, lowest bit first", shapes: JSON.stringify(shapes) },
    );
    return [FILE];
  });
  return size;
}
