import { ParamscopeError } from "../../errors";
import { readGgufHeader, type GgufHeader, type GgufTensor } from "../../model/formats/gguf-header";
import { quote } from "../../model/formats/quote";
import { RangeFile } from "../../model/formats/range-file";
import type { Imatrix, ImatrixEntry } from "./imatrix";

/** Tokens of a chunk where a file does not say it, as older ones do not: what llama.cpp takes unless told otherwise. */
const USUAL_CHUNK = 512;
/** Importance matrices of the largest models take some hundreds of megabytes. */
const MOST_BYTES = 2 ** 32;
/** In older files: a tensor's name, and how many tensors there are. ggml allows 64 bytes for a name. */
const MOST_NAME_BYTES = 256;
const MOST_TENSORS = 100_000;

const AGAIN = "Get the file again, or make it anew of texts.";

/**
 * Reads an importance matrix as llama.cpp writes it: a GGUF file, or one of the older kind (`.dat`).
 * @throws ParamscopeError where the file is none, or is damaged.
 */
export async function readImatrix(path: string): Promise<Imatrix> {
  const file = await RangeFile.open(path);
  try {
    if (file.size > MOST_BYTES) throw isNone(path, `it has ${file.size} bytes, more than any has`);
    const magic = new Uint8Array(Math.min(4, file.size));
    await file.read(magic, 0);
    return Buffer.from(magic).toString("latin1") === "GGUF" ? await ofGguf(file) : await ofOlder(file);
  } finally {
    await file.close();
  }
}

function isNone(path: string, why: string): ParamscopeError {
  return new ParamscopeError(
    `${path} is no importance matrix: ${why}.`,
    "Name a file that llama-imatrix or paramscope imatrix has written.",
  );
}

const damaged = (path: string, what: string): ParamscopeError => new ParamscopeError(`${path}: ${what}.`, AGAIN);

async function ofGguf(file: RangeFile): Promise<Imatrix> {
  const header = readGgufHeader(file);
  if (header.metadata.get("general.type") !== "imatrix") {
    const architecture = header.metadata.get("general.architecture");
    throw isNone(
      file.path,
      typeof architecture === "string" ? `it is a model (${quote(architecture)})` : "it does not say that it is one",
    );
  }
  const entries = new Map<string, ImatrixEntry>();
  for (const [name, tensor] of header.tensors) {
    if (!name.endsWith(".in_sum2")) continue;
    const own = name.slice(0, -".in_sum2".length);
    const counts = header.tensors.get(`${own}.counts`);
    if (counts === undefined) throw damaged(file.path, `${quote(own)} has sums without the number of tokens`);
    entries.set(own, checked(file.path, own, { sums: await floats(file, tensor), counts: await floats(file, counts) }));
  }
  if (entries.size === 0) throw damaged(file.path, "it holds no sums");
  return { entries, datasets: datasetsOf(header), chunkSize: chunkSizeOf(header) };
}

function datasetsOf({ metadata }: GgufHeader): string[] {
  const datasets = metadata.get("imatrix.datasets");
  return Array.isArray(datasets) ? datasets.map(String) : [];
}

function chunkSizeOf({ metadata }: GgufHeader): number {
  const size = metadata.get("imatrix.chunk_size");
  return typeof size === "number" && size > 0 ? size : USUAL_CHUNK;
}

async function floats(file: RangeFile, { name, type, offset, bytes }: GgufTensor): Promise<Float64Array> {
  if (type.name !== "F32") throw damaged(file.path, `${quote(name)} is stored as ${type.name}, not as float32`);
  const stored = new Uint8Array(bytes);
  await file.read(stored, offset);
  return Float64Array.from(new Float32Array(stored.buffer));
}

function checked(path: string, name: string, entry: ImatrixEntry): ImatrixEntry {
  const { sums, counts } = entry;
  if (counts.length === 0 || sums.length === 0 || sums.length % counts.length !== 0)
    throw damaged(path, `${quote(name)} has ${sums.length} sums for ${counts.length} matrices`);
  if (![sums, counts].every((values) => values.every((value) => value >= 0 && value < Infinity)))
    throw damaged(path, `${quote(name)} has sums or counts that are no numbers, or below 0`);
  return entry;
}

/**
 * `imatrix.dat`: how many tensors; of each the name with its length, the calls (chunks), how many values, and the values, which are means times calls; then
 * how many calls in all, and the texts' file.
 */
async function ofOlder(file: RangeFile): Promise<Imatrix> {
  const bytes = Buffer.alloc(file.size);
  await file.read(bytes, 0);
  let at = 0;
  const take = (length: number): number => {
    if (at + length > bytes.length) throw isNone(file.path, "it is neither a GGUF file nor one of the older kind");
    at += length;
    return at - length;
  };
  const integer = (most: number): number => {
    const value = bytes.readInt32LE(take(4));
    if (value < 0 || value > most) throw isNone(file.path, "it is neither a GGUF file nor one of the older kind");
    return value;
  };
  const tensors = integer(MOST_TENSORS);
  if (tensors === 0) throw isNone(file.path, "it holds no sums");
  const entries = new Map<string, ImatrixEntry>();
  for (let i = 0; i < tensors; i++) {
    const length = integer(MOST_NAME_BYTES);
    const name = bytes.toString("utf8", take(length), at);
    const calls = integer(2 ** 31);
    const count = integer(bytes.length / 4);
    const from = take(4 * count);
    const sums = Float64Array.from({ length: count }, (_, j) => bytes.readFloatLE(from + 4 * j) * USUAL_CHUNK);
    entries.set(name, checked(file.path, name, { sums, counts: Float64Array.of(calls * USUAL_CHUNK) }));
  }
  const datasets: string[] = [];
  if (at + 8 <= bytes.length) {
    take(4);
    const length = integer(bytes.length);
    if (length > 0) datasets.push(bytes.toString("utf8", take(length), at));
  }
  return { entries, datasets, chunkSize: USUAL_CHUNK };
}
