import { blockAt, blockTensor, type Model, type ModelBlock, type ScoredModule } from "../model/model";
import { elementAt } from "../numbers/elements";
import { outsideTensors } from "../model/architectures/outside-tensors";

/** A matrix of the checkpoint, `[rows, columns]`. */
export interface Matrix {
  /** Its name there. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
}

/** What gets one format: a matrix, or of a mixture the same matrix of all experts of a layer, which one tensor of a GGUF file holds. */
export interface QuantizedTensor {
  /** The matrix' name in the checkpoint, with `*` for the number of an expert. */
  readonly name: string;
  /** Undefined outside of the blocks. */
  readonly layer: number | undefined;
  /** The module within the block, or what a matrix outside is there for. */
  readonly module: string;
  readonly matrices: readonly Matrix[];
  readonly columns: number;
  readonly parameters: number;
}

/** What of a model is quantised, layer by layer, then what is outside; and what is not. */
export interface QuantizedTensors {
  readonly tensors: readonly QuantizedTensor[];
  /** Parameters of norms, biases, filters, routers, position tables: they are few, and llama.cpp keeps them too. */
  readonly kept: number;
  /** What those take. */
  readonly keptBytes: number;
}

/** All parameters, of what is quantised and what is not. */
export const parametersOf = ({ tensors, kept }: Pick<QuantizedTensors, "tensors" | "kept">): number =>
  tensors.reduce((sum, { parameters }) => sum + parameters, kept);

/** The bits that each has on the average where all take so many bytes. */
export const bitsPerWeight = (all: Pick<QuantizedTensors, "tensors" | "kept">, bytes: number): number =>
  (8 * bytes) / parametersOf(all);

/** Bytes of a parameter that stays in float32. */
const KEPT_BYTES = 4;

/** The matrices outside of the blocks that are quantised. */
const OUTSIDE = ["embedding", "perLayerEmbedding", "head"] as const;

/** The matrices of a model that are quantised; what else there is stays in float32. */
export function quantizedTensors(model: Model): QuantizedTensors {
  const tensors = matricesOf(model);
  const kept = keptBeside(model, tensors);
  return { tensors, kept, keptBytes: KEPT_BYTES * kept };
}

/** Parameters of a model that are in none of these. */
export function keptBeside({ parameters: all }: Model, tensors: readonly QuantizedTensor[]): number {
  return all - tensors.reduce((sum, { parameters }) => sum + parameters, 0);
}

function matricesOf(model: Model): QuantizedTensor[] {
  const tensors: QuantizedTensor[] = [];
  for (let layer = 0; layer < model.layers; layer++) {
    const block = blockAt(model, layer);
    const matrixOf = ({ name, out, in: columns }: ScoredModule): Matrix => ({
      name: blockTensor(model, layer, `${name}.weight`),
      rows: out,
      columns,
    });
    for (const module of block.common.modules)
      if (!isRouter(block, module)) tensors.push(tensorOf({ layer, module: module.name }, [matrixOf(module)]));
    const [first] = block.experts;
    for (const [i, { name }] of (first?.modules ?? []).entries())
      tensors.push(
        tensorOf(
          { layer, module: ofAnyExpert(name), name: blockTensor(model, layer, `${ofAnyExpert(name)}.weight`) },
          block.experts.map(({ modules }) => matrixOf(elementAt(modules, i))),
        ),
      );
  }
  const outside = outsideTensors(model.definition);
  for (const role of OUTSIDE) {
    const found = outside.get(role);
    const [rows, columns] = found?.shape ?? [];
    if (found === undefined || rows === undefined || columns === undefined) continue;
    // a tied head is the embedding
    if (tensors.some(({ name }) => name === found.name)) continue;
    tensors.push(tensorOf({ layer: undefined, module: role }, [{ name: found.name, rows, columns }]));
  }
  return tensors;
}

/** Says which experts a token goes to, or how much one counts that all tokens pass. */
function isRouter({ experts }: ModelBlock, { out }: ScoredModule): boolean {
  return experts.length > 0 && (out === experts.length || out === 1);
}

/** The name of the first expert's matrix, for all of them. */
const ofAnyExpert = (name: string): string => name.replace(/(^|\.)0(\.|$)/, "$1*$2");

function tensorOf(
  place: Pick<QuantizedTensor, "layer" | "module"> & { readonly name?: string },
  matrices: readonly Matrix[],
): QuantizedTensor {
  const { name, columns } = elementAt(matrices, 0);
  return {
    name,
    ...place,
    matrices,
    columns,
    parameters: matrices.reduce((sum, matrix) => sum + matrix.rows * matrix.columns, 0),
  };
}
