import { ParamscopeError } from "../../errors";
import { overlapping } from "./overlap";
import { quote } from "./quote";
import type { RangeFile } from "./range-file";
import { OTHER_SAFETENSORS_TYPES, SAFETENSORS_TYPES } from "./stored-types";

/** A tensor as the header of a safetensors file describes it. */
export interface SafetensorsTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: string;
  /** Where the tensor begins, in bytes from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** The cap of the format's own library: 100 MB, room for some 700,000 tensors. */
const MAX_HEADER_BYTES = 100_000_000;
/** No tensor of a language model has more than 5. The product is bounded by the file's size. */
const MAX_DIMENSIONS = 16;

const REMEDY = "Download the file again.";

/** Reads the header of a safetensors file. @throws ParamscopeError naming what in it is wrong. */
export async function readSafetensorsHeader(file: RangeFile): Promise<Map<string, SafetensorsTensor>> {
  const refuse = (what: string): ParamscopeError => new ParamscopeError(`${file.path}: ${what}.`, REMEDY);
  if (file.size < 8) throw refuse("it is too short to be a safetensors file");
  const prefix = Buffer.alloc(8);
  await file.read(prefix, 0);
  const length = prefix.readUInt32LE(0) + prefix.readUInt32LE(4) * 2 ** 32;
  if (length > MAX_HEADER_BYTES || length > file.size - 8) {
    throw refuse(
      `its header claims ${length} bytes, ${length > MAX_HEADER_BYTES ? `more than the ${MAX_HEADER_BYTES} allowed` : `but the file has ${file.size}`}`,
    );
  }
  const text = Buffer.alloc(length);
  await file.read(text, 8);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
  } catch {
    throw refuse("its header is not valid JSON");
  }
  if (!isObject(header)) throw refuse("its header is not a JSON object");

  const dataStart = 8 + length;
  const tensors = new Map<string, SafetensorsTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const at = `the tensor ${quote(name)}`;
    if (!isObject(entry)) throw refuse(`${at} is not described by an object`);
    const { dtype, shape, data_offsets: offsets } = entry;
    const elementBytes =
      typeof dtype === "string"
        ? (SAFETENSORS_TYPES.get(dtype)?.bytes ?? OTHER_SAFETENSORS_TYPES.get(dtype))
        : undefined;
    if (typeof dtype !== "string" || elementBytes === undefined) {
      throw refuse(`${at} has the unknown type ${quote(JSON.stringify(dtype) ?? "none")}`);
    }
    if (!isSizes(shape) || shape.length > MAX_DIMENSIONS) throw refuse(`${at} has no valid shape`);
    const [begin, end, ...more] = isSizes(offsets) ? offsets : [];
    if (begin === undefined || end === undefined || more.length > 0 || begin > end) {
      throw refuse(`${at} has no valid data_offsets`);
    }
    if (dataStart + end > file.size) {
      throw new ParamscopeError(
        `${file.path} is cut off: ${at} ends at byte ${dataStart + end} of ${file.size}.`,
        REMEDY,
      );
    }
    const bytes = shape.reduce((product, size) => product * size, elementBytes);
    if (bytes !== end - begin) {
      throw refuse(`${at} of shape [${shape.join(", ")}] and type ${dtype} takes ${bytes} bytes, not ${end - begin}`);
    }
    tensors.set(name, { name, shape, type: dtype, offset: dataStart + begin, bytes });
  }
  const overlap = overlapping([...tensors.values()].filter((tensor) => tensor.bytes > 0));
  if (overlap) throw refuse(`the tensors ${quote(overlap[0].name)} and ${quote(overlap[1].name)} overlap`);
  return tensors;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
