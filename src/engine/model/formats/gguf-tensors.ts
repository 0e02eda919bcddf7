import { ParamscopeError } from "../../errors";
import { elementAt } from "../../numbers/elements";
import { UNUSED_TENSORS, type GgufArchitecture } from "./gguf-architectures";
import type { GgufDescription } from "./gguf-description";
import type { GgufTensor } from "./gguf-header";
import { departures } from "./gguf-orders";
import type { ExpertsPart, GgufNames, HubPart, LatentPart } from "./gguf-names";
import type { Fragment } from "./joined-rows";
import type { RangeFile } from "./range-file";
import type { WantedRows } from "./read-weights";
import { stackOfPart } from "./stacked-experts";
import { accessTo, type TensorAccess } from "./tensor-access";

/** A GGUF model, and the file that a tensor of it is in. */
export interface GgufSource {
  readonly file: RangeFile;
  readonly description: GgufDescription;
  readonly architecture: GgufArchitecture;
}

/** What a stored tensor is in the checkpoint: tensors, or what makes one with parts of others. */
export type Taken = TensorAccess | Fragment;

/**
 * A tensor of a GGUF file as the Hugging Face checkpoint has it: the conversion's names, order of rows and sums undone. One that holds several
 * of these comes apart; one that plays no part in the computation is none; undefined for one that the architecture does not have.
 */
export function ggufAccess(tensor: GgufTensor, source: GgufSource): Taken[] | undefined {
  if (UNUSED_TENSORS.test(tensor.name) || isBehindLayers(tensor.name, source.description)) return [];
  const named = hubName(tensor.name, namesOf(source.architecture, source.description));
  return named && takenApart(tensor, named, source);
}

/** What its tensors are called. */
export function namesOf({ names }: GgufArchitecture, description: GgufDescription): GgufNames {
  return typeof names === "function" ? names(description) : names;
}

/** Of a block that predicts further tokens. */
function isBehindLayers(name: string, { layers, metadata }: GgufDescription): boolean {
  const [, layer] = /^blk\.(\d+)\./.exec(name) ?? [];
  return layer !== undefined && Number(layer) >= layers && Number(layer) < metadata.ownOrThrow("block_count");
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
  const [, layer = "", inside] = /^blk\.(\d+)\.(.+)$/.exec(ggufName) ?? [];
  const prefix = inside === undefined ? "" : `${names.blocks}.${layer}.`;
  const known = inside === undefined ? names.outside : names.inside;
  const full = inside ?? ggufName;
  const exact = own(known, full);
  if (exact !== undefined && isExact(exact)) return { prefix, part: full, hub: exact, kind: "" };
  const [, part = "", kind = ""] = /^(.+)\.(weight|bias)$/.exec(full) ?? [];
  const hub = own(known, part);
  return hub === undefined || isExact(hub) ? undefined : { prefix, part: inside === undefined ? "" : part, hub, kind };
}

function isExact(hub: HubPart): boolean {
  return typeof hub === "object" && "exact" in hub;
}

/** A name from a file may be one that every object has. */
function own<Value>(names: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

/** Some of a stored tensor, as it lies there. */
interface Piece {
  /** Without what stands in front of it, and behind. */
  readonly name: string;
  /** Weights in front of it. */
  readonly before: number;
  /** Of the checkpoint's tensor, but for what `departures` undo: the fastest dimension last. */
  readonly shape: readonly number[];
  /** Which of the tensors that the file may have in its place it is, where that is not the tensor's own name. */
  readonly side?: string;
  /** Stored the other way round. */
  readonly transposed?: boolean;
}

function takenApart(tensor: GgufTensor, named: Named, source: GgufSource): Taken[] | undefined {
  const { hub } = named;
  const shape = tensor.dimensions.toReversed();
  const [rows = 1, ...inner] = shape;
  const rowSize = sizeOf(inner);
  const one = (name: string): Taken[] => [access(tensor, { name, before: 0, shape }, named, source)];
  if (typeof hub === "string") return one(hub);
  if ("exact" in hub) return one(hub.exact);
  if ("row" in hub) {
    const matrix = shape.length === 1 ? [1, ...shape] : shape;
    return [access(tensor, { name: hub.row, before: 0, shape: matrix }, named, source)];
  }
  if ("filters" in hub) {
    if (inner.length > 1) return undefined;
    const filters = named.kind === "bias" ? shape : [rows, 1, ...inner];
    return [access(tensor, { name: hub.filters, before: 0, shape: filters }, named, source)];
  }
  if ("eachRow" in hub) {
    if (inner.length === 0) return undefined;
    return Array.from({ length: rows }, (_, row) =>
      access(tensor, { name: `${hub.eachRow}.${row}`, before: row * rowSize, shape: inner }, named, source),
    );
  }
  if ("experts" in hub) return ofExperts(tensor, hub, named, source);
  if ("latent" in hub) return ofLatentHeads(tensor, hub, named, source);
  const [query, key, value] = hub.queryKeyValue;
  const keys = source.description.keyValueHeads * source.description.headSize;
  const part = (name: string, from: number, count: number, side: string): Taken =>
    access(tensor, { name, before: from * rowSize, shape: [count, ...inner], side }, named, source);
  return [
    part(query, 0, rows - 2 * keys, "attn_q"),
    part(key, rows - 2 * keys, keys, "attn_k"),
    part(value, rows - keys, keys, "attn_v"),
  ];
}

/** The tensors of single experts in one of all: a matrix for each, or (biases) a vector. */
function ofExperts(tensor: GgufTensor, hub: ExpertsPart, named: Named, source: GgufSource): Taken[] | undefined {
  const [count = 0, ...shape] = tensor.dimensions.toReversed();
  if (shape.length === 0 || shape.length > 2 || count !== source.description.experts) return undefined;
  const [rows = 0, ...inner] = shape;
  const size = sizeOf(shape);
  const { experts: name, half } = hub;
  if (typeof name !== "string" && rows % 2 !== 0) return undefined;
  const ofExpert = (expert: number): Taken[] => {
    const own = (pattern: string, of: Pick<Piece, "before" | "shape">): TensorAccess =>
      access(
        tensor,
        { name: pattern.replace("*", String(expert)), before: expert * size + of.before, shape: of.shape },
        named,
        source,
      );
    if (typeof name === "string") {
      const all = own(name, { before: 0, shape });
      if (half === undefined) return [all];
      const whole = { name: all.name, shape: [2 * rows, ...inner], ...(all.stack && { stack: all.stack }) };
      const place = (row: number): number => (half.takesTurns ? 2 * row + half.place : half.place * rows + row);
      return [{ whole, rows: all, place }];
    }
    return name.map((pattern, i) => own(pattern, { before: (i * size) / 2, shape: [rows / 2, ...inner] }));
  };
  return Array.from({ length: count }, (_, expert) => ofExpert(expert)).flat();
}

/** Of one head after the other: its keys, which lie the other way round, or its values. */
function ofLatentHeads(tensor: GgufTensor, hub: LatentPart, named: Named, source: GgufSource): Taken[] | undefined {
  const { heads, latentSizes } = source.description;
  const [count, ...stored] = tensor.dimensions.toReversed();
  if (stored.length !== 2 || count !== heads) return undefined;
  const isKey = hub.side === "key";
  const shape = isKey ? stored.toReversed() : stored;
  const [rows = 0, rank = 0] = shape;
  const [keys, values] = isKey ? [rows, latentSizes.value] : [latentSizes.plain, rows];
  return Array.from({ length: heads }, (_, head) => {
    const piece = { name: hub.latent, before: head * rows * rank, shape, transposed: isKey };
    const own = access(tensor, piece, named, source);
    return {
      whole: { name: own.name, shape: [heads * (keys + values), rank] },
      rows: own,
      place: (row: number) => head * (keys + values) + (isKey ? row : keys + row),
    };
  });
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

function access(
  { name: ggufName, type, offset }: GgufTensor,
  { name, before, shape, side, transposed }: Piece,
  { prefix, part, kind }: Named,
  source: GgufSource,
): TensorAccess {
  const { file, architecture, description } = source;
  const bytesOf = (weights: number): number => (weights / type.weights) * type.bytes;
  const weights = sizeOf(shape);
  const fullName = `${prefix}${name}${kind === "" ? "" : `.${kind}`}`;
  const [rows = 1] = shape;
  const storedRows =
    shape.length === 1 ? 1 : transposed ? weights / rows : weights / elementAt(shape, shape.length - 1);
  const stack = architecture.stacks && stackOfPart(fullName, description.experts, architecture.stacks);
  return accessTo(
    { name: fullName, shape, type: type.name, bytes: bytesOf(weights), ...(stack && { stack }) },
    { file, offset: offset + bytesOf(before), type, rows: storedRows, columns: weights / storedRows },
    { transposed, ...departures(ggufName, side ?? part, rows, description, architecture) },
  );
}
