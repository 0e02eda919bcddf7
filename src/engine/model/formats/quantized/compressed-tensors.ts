import { quoteValue } from "../quote";
import { SIGNED_BYTES, shiftedIntegers, type Groups, type ScaleGrid } from "./coded-rows";
import { floatMatrix, withoutScales } from "./fp8";
import { scaledMatrix } from "./scaled-matrix";
import { readBytes, readIntegers, type Decoder, type Scheme, type StoredTensor, type Tensors } from "./stored";

/** The forms in which matrices are stored that are read, by what a configuration calls them. */
const FORMATS: readonly unknown[] = ["pack-quantized", "int-quantized", "float-quantized", "naive-quantized", "dense"];

/**
 * compressed-tensors, of vLLM and llm-compressor: whole numbers of 4 or 8 bits, packed or a byte each, and 8-bit floats; scales for the matrix, a row, a group of
 * a row or a block, with or without zero points (compressed_tensors, `dequantize` in quantization/lifecycle/forward.py).
 */
export const compressedTensors: Scheme = async (config, tensors) => {
  refuseOthers(config, tensors);
  const matrices = new Map<string, Decoder>();
  const packed = tensors.modules(".weight_packed");
  for (const module of packed) matrices.set(`${module}.weight`, await packedMatrix(tensors, module));
  for (const module of tensors.modules(".weight_scale")) {
    if (matrices.has(`${module}.weight`)) continue;
    const weight = tensors.get(`${module}.weight`);
    if (weight.type === "I8") matrices.set(weight.name, await integerMatrix(tensors, module, weight));
    else if (weight.type.startsWith("F8_"))
      matrices.set(weight.name, floatMatrix(tensors, weight, tensors.get(`${module}.weight_scale`), blockOf(config)));
    else tensors.unsupported("compressed-tensors whose weights are stored as they were before (quantization_status)");
  }
  const decoded = withoutScales(tensors, matrices);
  return { ...decoded, unused: [...(decoded.unused ?? []), ...tensors.named(".weight_zero_point")] };
};

function refuseOthers(config: Readonly<Record<string, unknown>>, tensors: Tensors): void {
  const groups = groupsOf(config);
  for (const format of [config.format, ...groups.map(({ format }) => format)])
    if (format !== undefined && format !== null && format !== "mixed-precision" && !FORMATS.includes(format))
      tensors.unsupported(`compressed-tensors' form ${quoteValue(format)}`);
  for (const { weights } of groups) {
    const { num_bits: bits, type } = (weights ?? {}) as { num_bits?: unknown; type?: unknown };
    if (weights && !(bits === 8 || (bits === 4 && type !== "float")))
      tensors.unsupported(`compressed-tensors of ${quoteValue(bits)}-bit ${type === "float" ? "floats" : "integers"}`);
  }
  const { sparsity_config: sparsity, transform_config: transform } = config;
  const kept = (sparsity as { format?: unknown } | undefined)?.format;
  if (kept !== undefined && kept !== "dense") tensors.unsupported(`compressed-tensors' sparsity ${quoteValue(kept)}`);
  if (transform && Object.keys((transform as { config_groups?: object }).config_groups ?? {}).length > 0)
    tensors.unsupported("compressed-tensors whose activations are transformed (transform_config)");
}

interface Group {
  readonly format?: unknown;
  readonly weights?: unknown;
}

function groupsOf(config: Readonly<Record<string, unknown>>): Group[] {
  const groups = config.config_groups;
  return typeof groups === "object" && groups !== null
    ? Object.values(groups).filter((group): group is Group => typeof group === "object" && group !== null)
    : [];
}

/** Rows and columns of a block, where scales are by blocks: the last ones may be cut. */
function blockOf(config: Readonly<Record<string, unknown>>): readonly [number, number] | undefined {
  for (const { weights } of groupsOf(config)) {
    const { block_structure: block, strategy } = (weights ?? {}) as { block_structure?: unknown; strategy?: unknown };
    if (strategy !== "block" || !Array.isArray(block)) continue;
    const [rows, columns] = block as unknown[];
    if (typeof rows === "number" && typeof columns === "number" && rows > 0 && columns > 0) return [rows, columns];
  }
  return undefined;
}

/** Packed: `weight_packed` I32 `[out, ⌈in · bits/32⌉]`, lowest bits first, each number plus half its range; `weight_shape` `[out, in]`. */
async function packedMatrix(tensors: Tensors, module: string): Promise<Decoder> {
  const codes = tensors.get(`${module}.weight_packed`);
  const scale = tensors.get(`${module}.weight_scale`);
  const shape = tensors.get(`${module}.weight_shape`);
  const zero = tensors.find(`${module}.weight_zero_point`);
  const order = tensors.find(`${module}.weight_g_idx`);
  if (!["I32", "I64"].includes(shape.type) || shape.bytes > 64) tensors.misfit(shape, "I64 of shape [2]");
  const [out = 0, columns = 0] = await readIntegers(shape);
  const [, words = 0] = codes.shape;
  const bits = ([4, 8] as const).find((size) => words === Math.ceil((columns * size) / 32));
  const each = (words * 32) / columns;
  if (bits === undefined && !(each >= 1 && each < 9)) tensors.misfit(codes, `packed integers of [${out}, ${columns}]`);
  if (bits === undefined) tensors.unsupported(`compressed-tensors of ${each.toFixed(1)} bits each`);
  tensors.check(codes, ["I32"], [out, words]);
  const groups = scale.shape[1] ?? 1;
  const others = [shape, ...(zero ? [zero] : []), ...(order ? [order] : [])];
  return scaledMatrix(tensors, {
    type: `INT${bits}`,
    rows: { codes, rows: out, columns, rowBytes: 4 * words, table: shiftedIntegers(bits) },
    scale,
    zeros: zero && packedZeros(tensors, zero, bits, out, groups),
    groups: order && (await groupsFrom(tensors, order, columns, groups)),
    others,
  });
}

/** Zero points are packed along the rows: I32 `[⌈out · bits/32⌉, groups]`. */
function packedZeros(
  tensors: Tensors,
  zero: StoredTensor,
  bits: 4 | 8,
  out: number,
  groups: number,
): ScaleGrid["zeros"] {
  const each = 32 / bits;
  tensors.check(zero, ["I32"], [Math.ceil(out / each), groups]);
  return async (from, to) => {
    const first = Math.floor(from / each);
    const words = new Int32Array((await readBytes(zero, 4 * first * groups, 4 * Math.ceil(to / each) * groups)).buffer);
    return Float32Array.from({ length: (to - from) * groups }, (_, i) => {
      const row = from + Math.floor(i / groups);
      const word = words[(Math.floor(row / each) - first) * groups + (i % groups)] ?? 0;
      return ((word >>> (bits * (row % each))) & (2 ** bits - 1)) - 2 ** (bits - 1);
    });
  };
}

/** A byte each: `weight` I8 `[out, in]`, zero points I8 of the scales' shape. */
async function integerMatrix(tensors: Tensors, module: string, weight: StoredTensor): Promise<Decoder> {
  const [out = 0, columns = 0] = weight.shape;
  tensors.check(weight, ["I8"], [out, columns]);
  const scale = tensors.get(`${module}.weight_scale`);
  const zero = tensors.find(`${module}.weight_zero_point`);
  const order = tensors.find(`${module}.weight_g_idx`);
  if (zero) tensors.check(zero, ["I8"], scale.shape);
  const groups = scale.shape[1] ?? 1;
  return scaledMatrix(tensors, {
    type: "INT8",
    rows: { codes: weight, rows: out, columns, rowBytes: columns, table: SIGNED_BYTES },
    scale,
    zeros:
      zero &&
      (async (from, to) =>
        Float32Array.from(await readBytes(zero, from * groups, to * groups), (byte) => (byte << 24) >> 24)),
    groups: order && (await groupsFrom(tensors, order, columns, groups)),
    others: [...(zero ? [zero] : []), ...(order ? [order] : [])],
  });
}

/** The group of each column, where quantizing went in another order: `weight_g_idx` `[in]`; −1 everywhere where it did not. */
export async function groupsFrom(
  tensors: Tensors,
  order: StoredTensor,
  columns: number,
  groups: number,
): Promise<Groups | undefined> {
  tensors.check(order, ["I32", "I64"], [columns]);
  const groupOf = await readIntegers(order);
  if (groupOf.every((group) => group === -1)) return undefined;
  if (groupOf.some((group) => group < 0 || group >= groups)) tensors.misfit(order, `places in ${groups} groups`);
  const size = Math.ceil(columns / groups);
  return groupOf.every((group, column) => group === Math.floor(column / size)) ? size : groupOf;
}
