import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { setImmediate } from "node:timers/promises";

import { randomNumbers } from "../numbers/random";
import type { StoredCheckpoint } from "./checkpoint";
import { GgufCheckpoint } from "./formats/gguf-checkpoint";
import type { GgufValue } from "./formats/gguf-header";
import { isOfTokenizer, modelFiles } from "./formats/model-files";

/** Tensors of so many bytes are read whole; of larger ones samples are. */
const WHOLE_BYTES = 2 ** 20;
const SAMPLES = 64;
const SAMPLE_BYTES = 64;

/** The form of identities as they are made here; those of another form cannot be compared with them. */
const FORM = "sha256-2:";

/** Whether two results, or a result and a model, can be told apart by these: earlier versions looked at fewer of the weights. */
export function isIdentity(hash: string): boolean {
  return hash.startsWith(FORM);
}

/**
 * What tells two models apart, wherever they are stored: SHA-256 of the configuration, the tokenizer, and of every tensor the
 * name, shape, type, and 64 samples of 64 bytes at fixed random places, or all of it below 1 MiB. Bytes are taken as they are
 * stored: a model has another identity in another type or format.
 * @param tokenizer `tokenizerDigest` of the checkpoint, when it was opened
 * @throws ParamscopeError when a file cannot be read, or has changed since it was opened
 */
export async function identityOf(checkpoint: StoredCheckpoint, tokenizer: TokenizerDigest): Promise<string> {
  const hash = createHash("sha256");
  hash.update(JSON.stringify(checkpoint.config));
  hash.update(tokenizer());
  // One piece of memory for all: to get it anew for each tensor took as long as to read the tensor.
  const memory = Buffer.allocUnsafe(WHOLE_BYTES);
  const tensors = [...checkpoint.tensors.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, shape, type, bytes } of tensors) {
    hash.update(`\n${name} ${shape.join("x")} ${type}\n`);
    const isWhole = bytes < WHOLE_BYTES;
    const samples = memory.subarray(0, isWhole ? bytes : SAMPLES * SAMPLE_BYTES);
    checkpoint.sampleStored(name, isWhole ? [0] : places(bytes), samples);
    hash.update(samples);
    // Thousands of places on a slow disk take their time: whatever else waits has its turn.
    await setImmediate();
  }
  return FORM + hash.digest("hex");
}

/** Where a tensor of so many bytes is looked at, in the order of the file. */
function places(bytes: number): number[] {
  const next = randomNumbers(bytes);
  return Array.from({ length: SAMPLES }, () => Math.floor(next() * (bytes - SAMPLE_BYTES))).sort((a, b) => a - b);
}

/** What tells a tokenizer from others. */
export type TokenizerDigest = () => Buffer;

/**
 * That of the tokenizer that comes with a checkpoint: of the entries of a GGUF file, or of the files in a folder. These are read at once,
 * since nothing of them stays open; what a GGUF file's entries come to is found out when it is asked for.
 */
export async function tokenizerDigest(checkpoint: StoredCheckpoint): Promise<TokenizerDigest> {
  if (checkpoint instanceof GgufCheckpoint) {
    const { metadata } = checkpoint;
    return () => digestOf(metadata.under("tokenizer."));
  }
  const hash = createHash("sha256");
  for (const file of (await modelFiles(checkpoint.path)).filter(isOfTokenizer))
    hash.update(`\n${relative(checkpoint.path, file)} `).update(await readFile(file));
  const digest = hash.digest();
  return () => digest;
}

function digestOf(entries: readonly (readonly [string, GgufValue])[]): Buffer {
  const hash = createHash("sha256");
  for (const [key, value] of entries) {
    hash.update(`\n${key} `);
    if (ArrayBuffer.isView(value)) hash.update(value);
    else hash.update(typeof value === "bigint" ? value.toString() : JSON.stringify(value));
  }
  return hash.digest();
}
