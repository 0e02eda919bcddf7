import { openCheckpoint } from "../../../src/engine/model/formats/open";
import type { RowsToTry } from "../support/like-llama-cpp";
import { importanceOf } from "./rows";

/** The first 64 rows of two matrices of a model's fourth layer, with rows of its width and of its feed-forward part's, each with importance and without. */
export async function storedRows(path: string): Promise<RowsToTry[]> {
  const checkpoint = await openCheckpoint(path);
  const rows: RowsToTry[] = [];
  for (const name of ["self_attn.v_proj", "mlp.down_proj"]) {
    const tensor = checkpoint.tensors.get(`model.layers.3.${name}.weight`)!;
    const columns = tensor.shape[1];
    const weights = new Float32Array(64 * columns);
    await checkpoint.read(tensor.name, weights, 0, 64);
    rows.push({ name, columns, weights });
    rows.push({ name: `${name}, by importance`, columns, weights, importance: importanceOf(columns, 2) });
  }
  await checkpoint.close();
  return rows;
}
