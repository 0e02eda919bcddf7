import { ParamscopeError } from "../../errors";
import { quote } from "../../model/formats/quote";
import { columnsOf, rowsOf, type PlannedTensor } from "../export/plan";
import { meanSquares, type Imatrix } from "./imatrix";

/** What an importance matrix says of a model's tensors. */
export interface ModelImportance {
  /** How much the squared error of each column of a tensor counts, as `GgufChoices.importanceOf` has it; undefined: nothing is known. */
  readonly importanceOf: (tensor: PlannedTensor) => Float32Array | undefined;
  /** Tensors that it says nothing of, though something could be known of their inputs. */
  readonly missing: readonly string[];
}

/**
 * Holds an importance matrix against the tensors of a model.
 * @param name what it is called.
 * @throws ParamscopeError where it is of another model: a tensor has other sizes, or it has none of the model's.
 */
export function importanceOfModel(name: string, imatrix: Imatrix, tensors: readonly PlannedTensor[]): ModelImportance {
  const missing: string[] = [];
  let known = 0;
  for (const tensor of tensors) {
    if (!tensor.isQuantized) continue;
    const entry = imatrix.entries.get(tensor.name);
    if (entry === undefined) {
      if (tensor.name.startsWith("blk.") && tensor.inputs.length > 0) missing.push(tensor.name);
      continue;
    }
    known++;
    const columns = columnsOf(tensor);
    const matrices = matricesOf(tensor);
    if (entry.sums.length !== columns * matrices || ![1, matrices].includes(entry.counts.length))
      throw new ParamscopeError(
        `${name} is of another model: it has ${entry.sums.length} columns of ${quote(tensor.name)}, and the model has ${columns * matrices}.`,
        "Name the importance matrix of this model, or make one.",
      );
  }
  if (known === 0)
    throw new ParamscopeError(
      `${name} is of another model: it has none of this one's tensors, such as ${quote(tensors.find(({ isQuantized }) => isQuantized)?.name ?? "")}.`,
      "Name the importance matrix of this model, or make one.",
    );
  return {
    missing,
    importanceOf: ({ name: tensor }) => {
      const entry = imatrix.entries.get(tensor);
      return entry && meanSquares(entry);
    },
  };
}

/** How many matrices stand one behind another in a tensor. */
export function matricesOf(tensor: PlannedTensor): number {
  return tensor.dimensions.length > 2 ? rowsOf(tensor) / (tensor.dimensions[1] ?? 1) : 1;
}
