import type { GgufArchitecture } from "./gguf-architectures";
import type { GgufDescription } from "./gguf-description";
import type { RowOrder } from "./read-weights";
import type { Departures } from "./tensor-access";

/**
 * How values of a tensor stand elsewhere in a GGUF file, or are others.
 * @param ggufName the tensor's name in the file
 * @param part its name inside a block, without `.weight` or `.bias` unless the checkpoint's name lacks them
 */
export function departures(
  ggufName: string,
  part: string,
  rows: number,
  description: GgufDescription,
  architecture: GgufArchitecture,
): Departures {
  const isOnePlus = architecture.normsPlusOne && ggufName.endsWith("norm.weight") && part !== "ssm_norm";
  return { ...reordered(part, rows, description, architecture), ...(isOnePlus && { added: 1 }) };
}

function reordered(
  part: string,
  rows: number,
  description: GgufDescription,
  { permuted, fusedByPart, tiled }: GgufArchitecture,
): Departures {
  if (permuted && (part === "attn_q" || part === "attn_k"))
    return { order: halvesFromPairs(rows / (part === "attn_q" ? description.heads : description.keyValueHeads)) };
  if (fusedByPart && part === "attn_qkv") return { order: groupsFromParts(description) };
  return tiled ? ofDeltaNet(part, description) : {};
}

/**
 * Of Qwen3.5's linear attention. A key head has several value heads, which in the checkpoint stand beside each other; in the file the first
 * ones of all key heads come first (`_LinearAttentionVReorderBase`). Decays are stored as `−exp(A_log)`.
 */
function ofDeltaNet(part: string, { deltaHeads }: GgufDescription): Departures {
  const { keyHeads, valueHeads, keySize, valueSize } = deltaHeads;
  const sharing = valueHeads / keyHeads;
  /** Of heads of so many rows, behind so many others. */
  const grouped =
    (size: number, before = 0): RowOrder =>
    (row) => {
      if (row < before) return row;
      const [head, inHead] = [Math.floor((row - before) / size), (row - before) % size];
      const [key, place] = [Math.floor(head / sharing), head % sharing];
      return before + (place * keyHeads + key) * size + inHead;
    };
  switch (part) {
    case "attn_qkv":
    case "ssm_conv1d":
      return { order: grouped(valueSize, 2 * keyHeads * keySize) };
    case "attn_gate":
      return { order: grouped(valueSize) };
    case "ssm_alpha":
    case "ssm_beta":
    case "ssm_dt.bias":
      return { order: grouped(1) };
    case "ssm_a":
      return { order: grouped(1), undone: { read: (stored) => Math.log(-stored), write: (value) => -Math.exp(value) } };
    case "ssm_out":
      return { columnOrder: grouped(valueSize) };
    default:
      return {};
  }
}

/**
 * llama.cpp rotates neighbouring rows of a head, transformers row j with row j + size/2: `LlamaModel.permute` moved row
 * (half s, j) of each head to 2j + s.
 */
function halvesFromPairs(headSize: number): RowOrder {
  const half = headSize / 2;
  return (row) => {
    const inHead = row % headSize;
    return row - inHead + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
  };
}

/**
 * Key by key transformers has the queries that share it, the key and its value: as many queries as keys in GPT-NeoX and BLOOM. In the file are
 * all queries, all keys, all values.
 */
function groupsFromParts({ heads, keyValueHeads, headSize }: GgufDescription): RowOrder {
  const sharing = heads / keyValueHeads;
  return (row) => {
    const [head, inHead] = [Math.floor(row / headSize), row % headSize];
    const [group, place] = [Math.floor(head / (sharing + 2)), head % (sharing + 2)];
    const stored = place < sharing ? group * sharing + place : heads + (place === sharing ? 0 : keyValueHeads) + group;
    return stored * headSize + inHead;
  };
}
