import { ParamscopeError } from "../../errors";
import { elementAt } from "../../numbers/elements";
import { UNUSED_TENSORS, type GgufArchitecture } from "./gguf-architectures";
import type { GgufDescription } from "./gguf-description";
import type { GgufTensor } from "./gguf-header";
import type { GgufNames, HubPart } from "./gguf-names";
import type { RangeFile } from "./range-file";
import type { RowOrder, WantedRows } from "./read-weights";
import { accessTo, type TensorAccess } from "./tensor-access";

/** A GGUF model, and the file that a tensor of it is in. */
export interface GgufSource {
  readonly file: RangeFile;
  readonly description: GgufDescription;
  readonly architecture: GgufArchitecture;
}

/**
 * A tensor of a GGUF file as the Hugging Face checkpoint has it: the conversion's names, order of rows and sums undone. One that holds several
 * of these comes apart; one that plays no part in the computation is none; undefined for one that the architecture does not have.
 */
export function ggufAccess(tensor: GgufTensor, source: GgufSource): TensorAccess[] | undefined {
  if (UNUSED_TENSORS.test(tensor.name)) return [];
  const named = hubName(tensor.name, namesOf(source.architecture, source.description));
  if (named === undefined) return undefined;
  const { prefix, part, hub, kind } = named;
  return piecesOf(tensor, hub, source).map(({ name, from, rows, isRow, side }) =>
    access(tensor, source, {
      name: `${prefix}${name}.${kind}`,
      from,
      rows,
      isRow,
      order: rowOrder(side ?? part, rows, source),
    }),
  );
}

function namesOf({ names }: GgufArchitecture, description: GgufDescription): GgufNames {
  return typeof names === "function" ? names(description) : names;
}

/**
 * Vectors of single layers that stand in the metadata, as tensors of the checkpoint that nothing is stored of.
 * @throws ParamscopeError where the metadata lack them
 */
export function layerValues(description: GgufDescription, architecture: GgufArchitecture): TensorAccess[] {
  const { metadata, layers } = description;
  const { layerValues: all = {} } = architecture;
  const { blocks } = namesOf(architecture, description);
  return Object.entries(all).flatMap(([name, { key, shape }]) => {
    const [one, each] = [metadata.number(key), metadata.numbers(key)];
    if (one === undefined && (each?.length ?? 0) < layers)
      throw new ParamscopeError(
        `${metadata.path} lacks the metadata entry ${key} with a number for each of ${layers} layers.`,
        "Convert the model again with a current llama.cpp.",
      );
    return Array.from({ length: layers }, (_, layer) => ({
      name: `${blocks}.${layer}.${name}`,
      shape,
      type: "F32",
      bytes: 0,
      parts: [],
      read: ({ out }: WantedRows) => {
        const value = one ?? each?.[layer] ?? NaN;
        out[0] = value;
        return Promise.resolve(Number.isFinite(value));
      },
    }));
  });
}

interface Named {
  readonly prefix: string;
  /** The name inside a block without its kind, as the file has it; empty outside. */
  readonly part: string;
  readonly hub: HubPart;
  readonly kind: string;
}

/** Undefined for a tensor that the architecture does not have. */
function hubName(ggufName: string, names: GgufNames): Named | undefined {
  const [, layer = "", part = "", kind = ""] = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(ggufName) ?? [];
  const inBlock = own(names.inside, part);
  if (inBlock !== undefined) return { prefix: `${names.blocks}.${layer}.`, part, hub: inBlock, kind };
  const [, name = "", ofName = ""] = /^(\w+)\.(weight|bias)$/.exec(ggufName) ?? [];
  const outside = own(names.outside, name);
  return outside === undefined ? undefined : { prefix: "", part: "", hub: outside, kind: ofName };
}

/** A name from a file may be one that every object has. */
function own<Value>(names: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

/** Rows of a stored tensor that are one of the checkpoint's. */
interface Piece {
  readonly name: string;
  /** In rows; in values where the tensor is a vector. */
  readonly from: number;
  readonly rows: number;
  /** One row of a matrix, which is a vector in the checkpoint. */
  readonly isRow?: boolean;
  /** Which of the tensors that the file may have in its place it is. */
  readonly side?: string;
}

function piecesOf({ dimensions }: GgufTensor, hub: HubPart, { description }: GgufSource): Piece[] {
  const rows = elementAt(dimensions, dimensions.length - 1);
  if (typeof hub === "string") return [{ name: hub, from: 0, rows }];
  if ("eachRow" in hub)
    return Array.from({ length: rows }, (_, row) => ({
      name: `${hub.eachRow}.${row}`,
      from: row,
      rows: 1,
      isRow: true,
    }));
  const [query, key, value] = hub.queryKeyValue;
  const keys = description.keyValueHeads * description.headSize;
  return [
    { name: query, from: 0, rows: rows - 2 * keys, side: "attn_q" },
    { name: key, from: rows - 2 * keys, rows: keys, side: "attn_k" },
    { name: value, from: rows - keys, rows: keys, side: "attn_v" },
  ];
}

interface WantedPiece extends Omit<Piece, "side"> {
  readonly order: RowOrder | undefined;
}

function access(
  { name: ggufName, dimensions, type, offset }: GgufTensor,
  { file, architecture }: GgufSource,
  { name, from, rows, isRow = false, order }: WantedPiece,
): TensorAccess {
  const isVector = dimensions.length === 1;
  const columns = isVector ? rows : elementAt(dimensions, 0);
  const inner = dimensions.slice(1, -1).toReversed();
  const shape = isVector ? [rows] : isRow ? [columns] : [rows, ...inner, columns];
  const storedRows = isVector ? 1 : rows * inner.reduce((product, size) => product * size, 1);
  const bytesOf = (weights: number): number => (weights / type.weights) * type.bytes;
  const [before, weights] = [isVector ? from : (from * storedRows * columns) / rows, storedRows * columns];
  return accessTo(
    { name, shape, type: type.name, bytes: bytesOf(weights) },
    { file, offset: offset + bytesOf(before), type, rows: storedRows, columns },
    { order, added: architecture.normsPlusOne && ggufName.endsWith("norm.weight") ? 1 : undefined },
  );
}

function rowOrder(part: string, rows: number, { architecture, description }: GgufSource): RowOrder | undefined {
  if (architecture.permuted && (part === "attn_q" || part === "attn_k"))
    return halvesFromPairs(rows / (part === "attn_q" ? description.heads : description.keyValueHeads));
  if (architecture.fusedByPart && part === "attn_qkv") return groupsFromParts(description);
  return undefined;
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
