import { EXPAND } from "../model/formats/expand";
import { growTo, loadKernels } from "../wasm/load-kernels";
import { bytesOf, formatOf, type Format, type FormatName } from "./formats";
import { usableImportance } from "./importance";
import wasm, { type Kernels } from "./kernels/quantize.wasm";

/** Weights that are worked on at a time, unless a row has more: they stay in a core's own cache. */
const PIECE = 32 * 1024;
/** `WORK` of kernels/work.ts, and some. */
const WORK = 4096;
/** What the kernels write beyond is overwritten, or behind the last block. */
const SLACK = 64;

export interface Quantizer extends Format {
  /**
   * Rows of `columns` weights each, one behind the other, in the format's blocks: llama.cpp's bytes. Where `importance` is given, a value
   * for each column, the squared error of a weight counts so much (llama.cpp's imatrix); none where all are 0. A row's bytes depend on
   * no other row. What a format does not hold becomes the most that it does.
   * @throws Error unless weights are finite, rows whole blocks, and importance finite and not negative.
   */
  readonly quantize: (rows: Float32Array, columns: number, importance?: Float32Array) => Uint8Array<ArrayBuffer>;
  /** The weights of blocks as float32, as they are read from a file, to `out` from its start: as many as fill it. */
  readonly dequantize: (blocks: Uint8Array, out: Float32Array) => void;
}

export function quantizer(name: FormatName): Quantizer {
  const format = formatOf(name);
  const expand = EXPAND[name]!;
  return {
    ...format,
    quantize: (rows, columns, importance) => {
      check(format, rows, columns, importance);
      const ofColumns = importance && usableImportance(importance);
      // of floats a weight is a block, nothing is weighted, and rows, however long, need not be together
      return format.blockSize === 1 ? quantizeRows(name, rows, 1) : quantizeRows(name, rows, columns, ofColumns);
    },
    dequantize: (blocks, out) => {
      if (blocks.length < bytesOf(name, out.length)) throw new Error("there are fewer blocks than weights asked for");
      // float32 is read where it lies
      expand(blocks.byteOffset % 4 === 0 ? blocks : blocks.slice(), out.length, out, 0);
    },
  };
}

function check({ name, blockSize }: Format, rows: Float32Array, columns: number, importance?: Float32Array): void {
  if (!(columns > 0) || columns % blockSize !== 0)
    throw new Error(`rows of ${columns} weights are no whole blocks of ${name}`);
  if (rows.length % columns !== 0) throw new Error(`${rows.length} weights are no whole rows of ${columns}`);
  if (importance !== undefined && importance.length !== columns)
    throw new Error(`there is importance for ${importance.length} columns of ${columns}`);
}

let room: { readonly kernels: Kernels; readonly memory: WebAssembly.Memory } | undefined;

function quantizeRows(
  name: FormatName,
  rows: Float32Array,
  columns: number,
  importance?: Float32Array,
): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytesOf(name, rows.length));
  const most = Math.max(1, Math.floor(PIECE / columns));
  const bytesPerRow = bytesOf(name, columns);
  const ofImportance = WORK;
  const from = ofImportance + 4 * columns;
  const to = from + 4 * most * columns;
  room ??= loadKernels(wasm, 0);
  growTo(room.memory, to + most * bytesPerRow + SLACK);
  const { buffer } = room.memory;
  if (importance !== undefined) new Float32Array(buffer, ofImportance, columns).set(importance);
  const { kernels } = room;
  for (let first = 0, written = 0; first < rows.length;) {
    const piece = rows.subarray(first, first + most * columns);
    new Float32Array(buffer, from, piece.length).set(piece);
    const count = piece.length / columns;
    if (kernels.areFinite(from, piece.length) === 0) throw new Error("weights are to be finite");
    kernels[name](from, count, columns, importance === undefined ? 0 : ofImportance, to, 0);
    result.set(new Uint8Array(buffer, to, count * bytesPerRow), written);
    first += piece.length;
    written += count * bytesPerRow;
  }
  return result;
}
