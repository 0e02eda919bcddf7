import type { ChunkBuffers } from "../chunks";
import { areFinite } from "../expand";
import type { WantedRows } from "../read-weights";
import { parsePythonJson } from "../read-json";
import { readCodedRows, SIGNED_BYTES, type CodedRows, type ScaleGrid } from "./coded-rows";
import { elements, readBytes, readFloats, type Decoder, type Scheme, type StoredTensor, type Tensors } from "./stored";

/**
 * bitsandbytes, 4-bit and 8-bit. Four bits (nf4 and fp4): `weight` U8 with two codes in a byte, the first in the higher bits, of all weights one after the other;
 * `weight.quant_map` the 16 values, `weight.absmax` a scale for each block, in bytes of their own (`nested`) where they are quantized as well, and
 * `weight.quant_state.bitsandbytes__nf4` the sizes as JSON (bitsandbytes, functional.py, `QuantState`). Eight bits: `weight` I8 `[out, in]`, values
 * `weight · SCB/127`.
 */
export const bitsandbytes: Scheme = async (_, tensors) => {
  const matrices = new Map<string, Decoder>();
  for (const module of tensors.modules(".SCB")) matrices.set(`${module}.weight`, integerMatrix(tensors, module));
  for (const name of tensors.modules(".absmax")) matrices.set(name, await nibbleMatrix(tensors, name));
  return { matrices, unused: tensors.named(".weight_format") };
};

function integerMatrix(tensors: Tensors, module: string): Decoder {
  const codes = tensors.get(`${module}.weight`);
  const scale = tensors.get(`${module}.SCB`);
  const [out = 0, columns = 0] = codes.shape;
  tensors.check(codes, ["I8"], [out, columns]);
  tensors.check(scale, ["F32"], [out]);
  const rows: CodedRows = { codes, rows: out, columns, rowBytes: columns, table: SIGNED_BYTES };
  const grid: ScaleGrid = {
    blockRows: 1,
    columns: 1,
    groups: columns,
    scales: async (from, to) => (await readFloats(scale, from, to)).map((largest) => largest / 127),
  };
  return {
    shape: codes.shape,
    type: "INT8",
    parts: [codes, scale],
    read: async (wanted, buffers) => {
      await refuseOtherLayouts(tensors, module);
      return readCodedRows(rows, grid, wanted, buffers);
    },
  };
}

/** `weight_format` is 0 where rows lie as they are; older files have them turned for the kernels of a graphics card. */
async function refuseOtherLayouts(tensors: Tensors, module: string): Promise<void> {
  const format = tensors.find(`${module}.weight_format`);
  if (format?.bytes === 1 && (await readBytes(format))[0] !== 0)
    tensors.unsupported("bitsandbytes of 8 bits in the order of a graphics card's kernels");
}

/** What `quant_state` says. */
interface QuantState {
  readonly blocksize: number;
  readonly shape: readonly [number, number];
  /** Of scales that are quantized: how many share one, and what is added. */
  readonly nested?: { readonly blocksize: number; readonly offset: number };
}

const STATE = ".quant_state.bitsandbytes__";
/** The largest real ones have some hundred bytes. */
const MAX_STATE_BYTES = 10_000;
/** bitsandbytes itself has blocks of 32 to 4096. */
const MAX_BLOCK = 65_536;

async function nibbleMatrix(tensors: Tensors, name: string): Promise<Decoder> {
  const codes = tensors.get(name);
  const table = tensors.get(`${name}.quant_map`);
  const absmax = tensors.get(`${name}.absmax`);
  const nestedMap = tensors.find(`${name}.nested_quant_map`);
  const nestedScale = tensors.find(`${name}.nested_absmax`);
  const packed = tensors.find(`${name}${STATE}fp4`) ?? tensors.get(`${name}${STATE}nf4`);
  const { blocksize, shape, nested } = await readState(tensors, packed);
  const [out, columns] = shape;
  const blocks = Math.ceil((out * columns) / blocksize);
  tensors.check(table, ["F32"], [16]);
  tensors.check(absmax, nested ? ["U8"] : ["F32"], [blocks]);
  if (codes.type !== "U8" || elements(codes) !== Math.ceil((out * columns) / 2))
    tensors.misfit(codes, `U8 of ${Math.ceil((out * columns) / 2)} bytes`);
  if (nested) {
    tensors.check(tensors.get(`${name}.nested_quant_map`), ["F32"], [256]);
    tensors.check(tensors.get(`${name}.nested_absmax`), ["F32"], [Math.ceil(blocks / nested.blocksize)]);
  }
  const scalesOf = async (from: number, to: number): Promise<Float32Array> => {
    if (!nested || !nestedMap || !nestedScale) return readFloats(absmax, from, to);
    const values = await readFloats(nestedMap);
    const places = await readBytes(absmax, from, to);
    const first = Math.floor(from / nested.blocksize);
    const scales = await readFloats(nestedScale, first, Math.ceil(to / nested.blocksize));
    return Float32Array.from(places, (place, i) => {
      const scaled = Math.fround(values[place]! * scales[Math.floor((from + i) / nested.blocksize) - first]!);
      return scaled + nested.offset;
    });
  };
  return {
    shape: [out, columns],
    type: packed.name.slice(packed.name.lastIndexOf("_") + 1).toUpperCase(),
    parts: [codes, absmax, table, packed, ...(nestedMap ? [nestedMap] : []), ...(nestedScale ? [nestedScale] : [])],
    read: async (wanted, buffers) => {
      const values = await readFloats(table);
      return readBlocks(
        { codes, table: values, blocksize, columns, weights: out * columns, scalesOf },
        wanted,
        buffers,
      );
    },
  };
}

/** Weights one after the other in blocks, whatever the rows. */
interface Blocks {
  readonly codes: StoredTensor;
  readonly table: Float32Array;
  readonly blocksize: number;
  readonly columns: number;
  readonly weights: number;
  readonly scalesOf: ScaleGrid["scales"];
}

/** A block is a row of codes; those that the wanted rows begin or end within are read whole, and the last may be cut. */
async function readBlocks(
  { codes, table, blocksize, columns, weights, scalesOf }: Blocks,
  { from, to, out }: WantedRows,
  buffers: ChunkBuffers,
): Promise<boolean> {
  const [start, end] = [from * columns, to * columns];
  const [first, last] = [Math.floor(start / blocksize), Math.floor(end / blocksize)];
  const grid: ScaleGrid = { blockRows: 1, columns: 1, groups: blocksize, scales: scalesOf };
  const rows = { codes, rows: last, columns: blocksize, rowBytes: blocksize / 2, table, highFirst: true };
  const whole = (begin: number, stop: number, into: Float32Array): Promise<boolean> =>
    readCodedRows(rows, grid, { from: begin, to: stop, out: into }, buffers);
  const isAligned = start === first * blocksize;
  if (isAligned && end === last * blocksize) return whole(first, last, out);
  const scratch = new Float32Array((last + 1 - first) * blocksize);
  await whole(first, last, scratch);
  const rest = Math.min(weights, (last + 1) * blocksize) - last * blocksize;
  if (rest > 0) {
    const offset = codes.offset + (last * blocksize) / 2;
    const tail = { ...codes, offset, bytes: Math.ceil(rest / 2) };
    const one = { ...rows, codes: tail, columns: rest, rowBytes: tail.bytes };
    const scales = (): Promise<Float32Array> => scalesOf(last, last + 1);
    const into = scratch.subarray((last - first) * blocksize);
    await readCodedRows(one, { ...grid, groups: rest, scales }, { from: 0, to: 1, out: into }, buffers);
  }
  out.set(scratch.subarray(start - first * blocksize, end - first * blocksize));
  return areFinite(out, 0, end - start);
}

async function readState(tensors: Tensors, packed: StoredTensor): Promise<QuantState> {
  if (packed.type !== "U8" || packed.bytes > MAX_STATE_BYTES) tensors.misfit(packed, "a short text in U8");
  const state = parsed(Buffer.from(await readBytes(packed)).toString("utf8"));
  const { blocksize, shape, nested_blocksize: nestedSize, nested_offset: offset } = state;
  const sizes: unknown[] = Array.isArray(shape) ? shape : [];
  const [out, columns] = sizes;
  if (
    !isSize(blocksize) ||
    blocksize % 2 !== 0 ||
    blocksize > MAX_BLOCK ||
    sizes.length !== 2 ||
    !isSize(out) ||
    !isSize(columns)
  )
    tensors.misfit(packed, "the sizes of a matrix as JSON");
  if (nestedSize === undefined) return { blocksize, shape: [out, columns] };
  if (!isSize(nestedSize) || typeof offset !== "number") tensors.misfit(packed, "the sizes of a matrix as JSON");
  return { blocksize, shape: [out, columns], nested: { blocksize: nestedSize, offset } };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value = parsePythonJson(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
