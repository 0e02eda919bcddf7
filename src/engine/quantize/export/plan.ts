import type { GgufArchitecture } from "../../model/formats/gguf-architectures";
import type { GgufDescription } from "../../model/formats/gguf-description";
import { departures } from "../../model/formats/gguf-orders";
import type { RowOrder } from "../../model/formats/read-weights";
import type { StoredBytes } from "../../model/formats/tensor-access";

/** A model as it goes into a GGUF file, before formats are chosen for its tensors. */
export interface GgufPlan {
  /** Of the metadata: what each entry is stored as. */
  readonly entries: ReadonlyMap<string, Uint8Array>;
  readonly tensors: readonly PlannedTensor[];
  readonly alignment?: number;
  /** Where llama.cpp computes something else than the model does, in sentences. */
  readonly notes: readonly string[];
}

/** A tensor of the file that is to be written. */
export interface PlannedTensor {
  /** As it is called in GGUF files: `blk.3.attn_q.weight`. */
  readonly name: string;
  /** As ggml has them: a row's length first. */
  readonly dimensions: readonly number[];
  /** What it is stored as in the model. */
  readonly type: string;
  /** What it is stored as in the file where nobody chooses. */
  readonly usual: string;
  /** Whether a format may be chosen for it. Norms, biases and small matrices that matter keep theirs. */
  readonly isQuantized: boolean;
  /** The checkpoint's tensors that it is made of: `model.layers.3.self_attn.q_proj.weight`; of a mixture those of all experts. */
  readonly from: readonly string[];
  /**
   * What importance its columns have is found in the inputs of these matrices of the checkpoint, one for each matrix that stands behind
   * another in it (experts); none where nothing that we know of is multiplied by its rows.
   */
  readonly inputs: readonly string[];
  /** In which column of the file one of the matrix's inputs stands, where columns have another order there. */
  readonly columnOrder?: RowOrder | undefined;
  /** Reads rows `[from, to)`, of all that stand one behind another, as they go into the file. */
  readonly read: (out: Float32Array, from: number, to: number) => Promise<void>;
  /** Where it lies in the model's file as it would in this one. */
  readonly stored?: StoredBytes;
}

/** Tensors that are looked up, and matrices of latent attention, which stand there by heads and partly the other way round. */
const WITHOUT_INPUTS = /^((per_layer_)?token_embd|position_embd)\.|\.attn_[kv]_b\./;

/**
 * The matrices of the checkpoint whose inputs a tensor's columns are.
 * @param from the checkpoint's tensors that it is made of
 */
export function inputsOf(name: string, dimensions: readonly number[], from: readonly string[]): string[] {
  if (dimensions.length < 2 || WITHOUT_INPUTS.test(name) || !name.endsWith(".weight")) return [];
  const matrices = dimensions.slice(2).reduce((product, size) => product * size, 1);
  // what stands beside each other in one matrix has the same inputs
  const each = from.length / matrices;
  return from.filter((_, i) => i % each === 0).map((one) => one.replace(/\.weight$/, ""));
}

/** In which column of the file a matrix's input stands, where columns have another order there. */
export function columnOrderOf(
  name: string,
  { description, architecture }: { readonly description: GgufDescription; readonly architecture: GgufArchitecture },
): RowOrder | undefined {
  const part = /^blk\.\d+\.(.+)\.weight$/.exec(name)?.[1];
  return part === undefined ? undefined : departures(name, part, 0, description, architecture).columnOrder;
}

/** How many rows a tensor has, all that stand one behind another. */
export function rowsOf({ dimensions }: Pick<PlannedTensor, "dimensions">): number {
  return dimensions.slice(1).reduce((product, size) => product * size, 1);
}

/** A row's length. */
export function columnsOf({ dimensions }: Pick<PlannedTensor, "dimensions">): number {
  return dimensions[0] ?? 0;
}
