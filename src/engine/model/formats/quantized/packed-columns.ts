import { forEachChunk, type ChunkBuffers } from "../chunks";
import { areFinite } from "../expand";
import type { WantedRows } from "../read-weights";
import { runsOf, type Groups, type Run } from "./coded-rows";
import { readFloats, readIntegers, type StoredTensor } from "./stored";

/**
 * A matrix that is stored with inputs along its rows, in 32-bit words of several codes: of GPTQ a word has neighbouring inputs (`[in/codes, out]`), of AWQ
 * outputs (`[in, out/codes]`). Scales and zero points are `[groups, out]`, the latter packed along the outputs in both.
 */
export interface PackedColumns {
  readonly codes: StoredTensor;
  readonly scales: StoredTensor;
  readonly zeros: StoredTensor;
  readonly bits: 2 | 4 | 8;
  readonly inputs: number;
  readonly outputs: number;
  readonly packs: "inputs" | "outputs";
  /** Which code of a word, lowest bits first, each output of eight is, where words have outputs. */
  readonly order: readonly number[];
  /** What is added to a stored zero point. */
  readonly zeroOffset: number;
  /** Which row of the scales counts for each input. */
  readonly groups: Groups;
}

/** Reads outputs as rows: `(code − zero) · scale`. All of the matrix is read, whatever the range. Returns whether all are finite. */
export async function readPackedColumns(
  matrix: PackedColumns,
  { from, to, out }: WantedRows,
  buffers: ChunkBuffers,
): Promise<boolean> {
  if (from === to) return true;
  const { codes, inputs, outputs, packs } = matrix;
  const scales = await readFloats(matrix.scales);
  const zeros = await unpackedZeros(matrix);
  const rowBytes = 4 * (packs === "inputs" ? outputs : codes.bytes / 4 / inputs);
  const rows = codes.bytes / rowBytes;
  const runs = runsOf(inputs, matrix.groups);
  const copy = packs === "inputs" ? copyInputs : copyOutputs;
  await forEachChunk(codes.file, buffers, codes.offset, rowBytes, rows, (bytes, first, count) => {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, (count * rowBytes) / 4);
    copy({ ...matrix, runs, scaleOf: scales, zeroOf: zeros }, words, first, count, { from, to, out });
  });
  return areFinite(out, 0, (to - from) * inputs);
}

/** The zero points `[groups, outputs]`. */
async function unpackedZeros({ zeros, bits, outputs, order, zeroOffset }: PackedColumns): Promise<Float32Array> {
  const words = await readIntegers(zeros);
  const each = 32 / bits;
  const wordsInRow = outputs / each;
  return Float32Array.from({ length: (words.length / wordsInRow) * outputs }, (_, i) => {
    const output = i % outputs;
    const word = words[Math.floor(i / outputs) * wordsInRow + Math.floor(output / each)]!;
    return ((word >>> (bits * order[output % each]!)) & (2 ** bits - 1)) + zeroOffset;
  });
}

/** A matrix whose scales and zero points are at hand, `[groups, outputs]`, and whose inputs are runs of one group. */
interface Unpacked extends PackedColumns {
  readonly runs: readonly Run[];
  readonly scaleOf: Float32Array;
  readonly zeroOf: Float32Array;
}

/** A word has `each` inputs of one output, which lie one behind the other in the result. Of the words those of one run are taken at a time. */
function copyInputs(
  { bits, inputs, outputs, runs, scaleOf, zeroOf }: Unpacked,
  words: Int32Array,
  first: number,
  count: number,
  { from, to, out }: WantedRows,
): void {
  const [each, mask] = [32 / bits, 2 ** bits - 1];
  const [begin, end] = [first * each, (first + count) * each];
  for (const run of runs) {
    const [start, stop] = [Math.max(run.from, begin), Math.min(run.to, end)];
    for (let input = start; input < stop;) {
      const next = Math.min(stop, input - (input % each) + each);
      const row = (Math.floor(input / each) - first) * outputs;
      const shift = bits * (input % each);
      const group = run.group * outputs;
      for (let output = from; output < to; output++) {
        const zero = zeroOf[group + output]!;
        const scale = scaleOf[group + output]!;
        let word = words[row + output]! >>> shift;
        const at = (output - from) * inputs;
        for (let i = input; i < next; i++, word >>>= bits) out[at + i] = ((word & mask) - zero) * scale;
      }
      input = next;
    }
  }
}

/** A word has `each` outputs of one input: output by output over all inputs of the piece, so that writing stays in the cache. */
function copyOutputs(
  { bits, inputs, outputs, runs, order, scaleOf, zeroOf }: Unpacked,
  words: Int32Array,
  first: number,
  count: number,
  { from, to, out }: WantedRows,
): void {
  const [each, mask] = [32 / bits, 2 ** bits - 1];
  const wordsInRow = outputs / each;
  for (let output = from; output < to; output++) {
    const column = Math.floor(output / each) - first * wordsInRow;
    const shift = bits * order[output % each]!;
    const at = (output - from) * inputs;
    for (const run of runs) {
      const [start, stop] = [Math.max(run.from, first), Math.min(run.to, first + count)];
      const zero = zeroOf[run.group * outputs + output]!;
      const scale = scaleOf[run.group * outputs + output]!;
      for (let input = start; input < stop; input++)
        out[at + input] = (((words[input * wordsInRow + column]! >>> shift) & mask) - zero) * scale;
    }
  }
}
