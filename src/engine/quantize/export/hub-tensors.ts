import { ParamscopeError } from "../../errors";
import { GGUF_ARCHITECTURES, type GgufArchitecture } from "../../model/formats/gguf-architectures";
import type { GgufDescription } from "../../model/formats/gguf-description";
import type { ExpertsPart, GgufNames, HubPart, LatentPart } from "../../model/formats/gguf-names";
import { departures } from "../../model/formats/gguf-orders";
import { isConv1D } from "../../model/formats/hub-names";
import { quote } from "../../model/formats/quote";
import type { RowOrder } from "../../model/formats/read-weights";
import { isFloatType } from "../../prune/export/encode-floats";
import { isQuantized } from "../llama-mixture";
import type { HubModel } from "./hub-model";
import { columnOrderOf, inputsOf, rowsOf, type PlannedTensor } from "./plan";

/** A tensor of a GGUF file, and which of the checkpoint's it is made of. */
export interface HubTensor {
  readonly name: string;
  /** The name inside a block, without its kind; empty outside. */
  readonly part: string;
  /** As ggml has them: a row's length first. */
  readonly dimensions: readonly number[];
  readonly from: readonly string[];
  /** Reads all of it as the checkpoint has it, the tensors it is made of one behind another; undefined where rows can be read one by one. */
  readonly whole?: (read: ReadWhole) => Promise<Float32Array>;
}

type ReadWhole = (name: string) => Promise<Float32Array>;

/** Tensors of the checkpoint that tell names apart: Falcon's new form has a norm for attention and one for the feed-forward. */
const namesFor = (architecture: GgufArchitecture, model: HubModel, description: GgufDescription): GgufNames => {
  const { names } = architecture;
  if (typeof names !== "function") return names;
  const isNewFalcon = model.tensors.has(`${model.definition.blocks}.0.ln_attn.weight`);
  const blockHas = (name: string): boolean => name === "attn_norm_2.weight" && isNewFalcon;
  return names(Object.create(description, { blockHas: { value: blockHas } }) as GgufDescription);
};

/**
 * The tensors that llama.cpp's converter makes of a checkpoint, under the names by which such a file is read.
 * @throws ParamscopeError naming those that no name is known for.
 */
export function hubTensors(model: HubModel, architectureName: string, description: GgufDescription): HubTensor[] {
  const architecture = GGUF_ARCHITECTURES.get(architectureName);
  if (architecture === undefined) throw new Error(`there is no architecture ${architectureName}`);
  const names = namesFor(architecture, model, description);
  const taken = new Set<string>();
  const all: HubTensor[] = [];
  const take = (tensor: HubTensor | undefined): void => {
    if (tensor === undefined) return;
    tensor.from.forEach((name) => taken.add(name));
    all.push(tensor);
  };
  for (const [part, name] of Object.entries(names.outside))
    for (const kind of ["weight", "bias"]) {
      const from = outsideName(model, part, name, kind);
      if (from !== undefined) take(plain(model, `${part}.${kind}`, "", from));
    }
  const inBlock = Object.entries<HubPart>(names.inside);
  for (let layer = 0; layer < model.definition.layers; layer++)
    for (const [part, hub] of inBlock)
      if (typeof hub === "object" && "exact" in hub)
        take(plain(model, `blk.${layer}.${part}`, part, `${model.definition.blocks}.${layer}.${hub.exact}`));
      else
        for (const kind of ["weight", "bias"])
          take(inLayer(model, { layer, part, hub, kind, isLatent: isLatent(inBlock, hub) }, description));
  refuseOthers(model, taken, architecture);
  return all;
}

/** Whether a matrix is written in parts: keys and values of latent attention. */
function isLatent(inBlock: readonly (readonly [string, HubPart])[], hub: HubPart): boolean {
  return inBlock.some(([, other]) => typeof other === "object" && "latent" in other && other.latent === hub);
}

/** The checkpoint's tensor for one outside the blocks: the embedding and the head are where the model has them. */
function outsideName({ definition, tensors }: HubModel, part: string, name: string, kind: string): string | undefined {
  const { embedding, head } = definition;
  if (part === "token_embd") return kind === "weight" ? embedding.tokens : undefined;
  if (part === "output") {
    if (kind === "bias") return head.bias;
    return head.weight === embedding.tokens ? undefined : head.weight;
  }
  const base = definition.blocks.replace(/layers$/, "");
  const own = `${definition.isWrapped ? name.replace(/^model\./, base) : name}.${kind}`;
  return tensors.has(own) ? own : undefined;
}

/** What stands there as it is in the checkpoint. */
function plain({ tensors }: HubModel, name: string, part: string, from: string): HubTensor | undefined {
  const shape = tensors.get(from)?.shape;
  if (shape === undefined) return undefined;
  return { name, part, dimensions: shape.length === 0 ? [1] : shape.toReversed(), from: [from] };
}

interface Inside {
  readonly layer: number;
  readonly part: string;
  readonly hub: Exclude<HubPart, { readonly exact: string }>;
  readonly kind: string;
  readonly isLatent: boolean;
}

function inLayer(model: HubModel, inside: Inside, description: GgufDescription): HubTensor | undefined {
  const { layer, part, hub, kind } = inside;
  const name = `blk.${layer}.${part}.${kind}`;
  const prefix = `${model.definition.blocks}.${layer}.`;
  if (typeof hub === "string") return inside.isLatent ? undefined : plain(model, name, part, `${prefix}${hub}.${kind}`);
  if ("row" in hub) return plain(model, name, part, `${prefix}${hub.row}.${kind}`);
  if ("filters" in hub) {
    const filters = plain(model, name, part, `${prefix}${hub.filters}.${kind}`);
    // the checkpoint has one filter for each channel: [channels, 1, width]
    return filters && { ...filters, dimensions: filters.dimensions.filter((_, i) => i !== 1 || kind === "bias") };
  }
  if ("eachRow" in hub) return stacked(model, name, part, (row) => `${prefix}${hub.eachRow}.${row}.${kind}`);
  if ("experts" in hub) return ofExperts(model, name, part, hub, (own) => `${prefix}${own}.${kind}`);
  if ("latent" in hub) return kind === "weight" ? ofLatent(model, name, part, hub, prefix, description) : undefined;
  // queries, keys and values that are stored for themselves are written so
  return undefined;
}

/** Tensors of one shape, numbered from 0, one behind another. */
function stacked(
  { tensors }: HubModel,
  name: string,
  part: string,
  nameOf: (number: number) => string,
): HubTensor | undefined {
  const from: string[] = [];
  while (tensors.has(nameOf(from.length))) from.push(nameOf(from.length));
  const shape = tensors.get(nameOf(0))?.shape;
  return shape && { name, part, dimensions: [...shape.toReversed(), from.length], from };
}

function ofExperts(
  model: HubModel,
  name: string,
  part: string,
  { experts: own, half }: ExpertsPart,
  full: (name: string) => string,
): HubTensor | undefined {
  // two matrices in one are what some conversions have in the place of each for itself
  if (typeof own !== "string") return undefined;
  const usual = stacked(model, name, part, (expert) => full(own.replace("*", String(expert))));
  // as published some have gates and ups fused, which other conversions take apart
  const fused = usual ?? stackedHalf(model, name, part, own, full);
  if (fused === undefined) return undefined;
  const split =
    half ??
    (usual === undefined
      ? { place: own.includes(".up_proj") ? (1 as const) : (0 as const), takesTurns: false }
      : undefined);
  if (split === undefined) return fused;
  const [dimensions, experts] = [fused.dimensions.slice(0, -1), fused.from.length];
  const rows = (dimensions.at(-1) ?? 0) / 2;
  const rowLength = dimensions.length > 1 ? (dimensions[0] ?? 0) : 1;
  return {
    ...fused,
    dimensions: [...dimensions.slice(0, -1), rows, experts],
    whole: async (read) => {
      const all = new Float32Array(experts * rows * rowLength);
      for (const [expert, from] of fused.from.entries()) {
        const both = await read(from);
        for (let row = 0; row < rows; row++) {
          const place = split.takesTurns ? 2 * row + split.place : split.place * rows + row;
          all.set(both.subarray(place * rowLength, (place + 1) * rowLength), (expert * rows + row) * rowLength);
        }
      }
      return all;
    },
  };
}

function stackedHalf(
  model: HubModel,
  name: string,
  part: string,
  own: string,
  full: (name: string) => string,
): HubTensor | undefined {
  if (!/\.(gate|up)_proj$/.test(own)) return undefined;
  const fused = own.replace(/\.(gate|up)_proj$/, ".gate_up_proj");
  return stacked(model, name, part, (expert) => full(fused.replace("*", String(expert))));
}

/** Of one head after the other: its keys, which lie the other way round, or its values. */
function ofLatent(
  { tensors }: HubModel,
  name: string,
  part: string,
  { latent, side }: LatentPart,
  prefix: string,
  { heads, latentSizes }: GgufDescription,
): HubTensor | undefined {
  const from = `${prefix}${latent}.weight`;
  const rank = tensors.get(from)?.shape[1];
  if (rank === undefined) return undefined;
  const { plain: keys, value: values } = latentSizes;
  const isKey = side === "key";
  return {
    name,
    part,
    dimensions: isKey ? [keys, rank, heads] : [rank, values, heads],
    from: [from],
    whole: async (read) => {
      const both = await read(from);
      const size = (isKey ? keys : values) * rank;
      const all = new Float32Array(heads * size);
      for (let head = 0; head < heads; head++) {
        const start = (head * (keys + values) + (isKey ? 0 : keys)) * rank;
        const own = both.subarray(start, start + size);
        if (isKey) for (let i = 0; i < size; i++) all[head * size + i] = own[(i % keys) * rank + Math.floor(i / keys)]!;
        else all.set(own, head * size);
      }
      return all;
    },
  };
}

/** @throws ParamscopeError where a tensor that the model reads has no name in such a file. */
function refuseOthers(model: HubModel, taken: ReadonlySet<string>, { layerValues = {} }: GgufArchitecture): void {
  const { blocks } = model.definition;
  const inMetadata = Object.keys(layerValues);
  const left = [...model.tensors.keys()].filter(
    (name) =>
      name.startsWith(`${blocks}.`) &&
      !taken.has(name) &&
      !inMetadata.some((own) => name.startsWith(`${blocks}.`) && name.endsWith(`.${own}`)),
  );
  if (left.length === 0) return;
  throw new ParamscopeError(
    `GGUF files have no name for the tensor ${quote(left[0] ?? "")} of ${model.model.checkpoint.path}.`,
    CONVERT,
  );
}

/** What to do where a folder cannot be written by us. */
export const CONVERT = "Convert it with llama.cpp's convert_hf_to_gguf.py, and give the file that it writes.";

/** Matrices that stay as they are, but are too large to be float32. */
const LARGE = "per_layer_model_proj";

/** A tensor with how its rows are read, in the order and with the values of the file. */
export function plannedFromHub(
  tensor: HubTensor,
  model: HubModel,
  reading: { readonly description: GgufDescription; readonly architecture: GgufArchitecture },
): PlannedTensor {
  const { name, part, dimensions, from } = tensor;
  const rows = dimensions.length === 1 ? (dimensions[0] ?? 0) : rowsOf(tensor);
  const {
    order,
    columnOrder,
    added = 0,
    undone,
  } = departures(name, part, rows, reading.description, reading.architecture);
  const { checkpoint } = model.model;
  const stored = checkpoint.tensors.get(from[0] ?? "");
  const isMatrix = isQuantized(name, dimensions);
  const type = stored?.type ?? "F32";
  const isFloat = (dimensions.length === 1 || !isMatrix) && !name.startsWith(LARGE);
  const columns = dimensions[0] ?? 0;
  const readWhole = async (one: string): Promise<Float32Array> => {
    const { shape } = checkpoint.tensors.get(one) ?? { shape: [] };
    const values = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
    await checkpoint.read(one, values);
    return values;
  };
  const isVector = dimensions.length === 1;
  const changed = (values: Float32Array): Float32Array => {
    const inOrder = order === undefined ? values : moved(values, order, rows);
    const inColumns = columnOrder === undefined ? inOrder : movedColumns(inOrder, columnOrder, columns);
    if (added !== 0) for (let i = 0; i < inColumns.length; i++) inColumns[i]! += added;
    return undone === undefined ? inColumns : inColumns.map(undone.write);
  };
  const byRows =
    tensor.whole === undefined &&
    from.length === 1 &&
    !isVector &&
    order === undefined &&
    columnOrder === undefined &&
    undone === undefined &&
    added === 0 &&
    !liesAcross(model, from[0] ?? "");
  /** The last tensor that was read whole, or that of an expert. */
  let kept: { readonly key: string; readonly values: Float32Array } | undefined;
  const remembered = async (key: string, read: () => Promise<Float32Array>): Promise<Float32Array> => {
    if (kept?.key === key) return kept.values;
    kept = undefined;
    const values = await read();
    kept = { key, values };
    return values;
  };
  const each = rowsOf(tensor) / from.length;
  const read: PlannedTensor["read"] = async (out, first, end) => {
    if (byRows) return checkpoint.read(from[0] ?? "", out, first, end);
    if (tensor.whole !== undefined) {
      const values = await remembered("", () => tensor.whole!(readWhole));
      out.set(values.subarray(first * columns, end * columns));
    } else
      for (let row = first; row < end;) {
        const one = Math.floor(row / each);
        const to = Math.min(end, (one + 1) * each);
        const source = from[one] ?? "";
        const values = await remembered(source, async () => changed(await readWhole(source)));
        out.set(values.subarray((row - one * each) * columns, (to - one * each) * columns), (row - first) * columns);
        row = to;
      }
    if (end === rowsOf(tensor)) kept = undefined;
  };
  return {
    name,
    dimensions,
    type,
    usual: isFloat ? "F32" : isFloatType(type) ? type : "F16",
    isQuantized: isMatrix,
    from,
    inputs: inputsOf(name, dimensions, from),
    columnOrder: columnOrderOf(name, reading),
    read,
  };
}

/** Whether the checkpoint has it the other way round, so that reading some of its rows reads all of it. */
function liesAcross({ model }: HubModel, name: string): boolean {
  return isConv1D(name, model.architecture) || model.checkpoint.tensors.get(name)?.stack?.transposed === true;
}

/** Rows (of a vector: values) of the checkpoint in the order of the file. */
function moved(values: Float32Array, order: RowOrder, rows: number): Float32Array {
  const size = values.length / rows;
  const inFile = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) inFile.set(values.subarray(row * size, (row + 1) * size), order(row) * size);
  return inFile;
}

function movedColumns(values: Float32Array, order: RowOrder, columns: number): Float32Array {
  const places = Array.from({ length: columns }, (_, column) => order(column));
  const inFile = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += columns)
    for (let column = 0; column < columns; column++) inFile[start + places[column]!] = values[start + column]!;
  return inFile;
}
