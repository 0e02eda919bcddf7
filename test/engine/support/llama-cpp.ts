import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { ggufFile, type GgufEntries } from "./write-gguf";

/** A folder that test/llama-cpp/install.sh made. */
export const llamaCpp = process.env.LLAMA_CPP;

export interface LlamaCppIds {
  /** The version of llama.cpp. */
  readonly release: string;
  /** What it puts before every text. */
  readonly prefixes: number[][];
  /** Per vocabulary and text, without the prefix; special tokens in a text are read, but "<unk>". */
  readonly ids: number[][][];
}

/** What llama.cpp needs beside a vocabulary, to open a file of no tensors. */
const NEEDED: GgufEntries = {
  "general.architecture": "llama",
  "llama.context_length": 64,
  "llama.embedding_length": 8,
  "llama.block_count": 1,
  "llama.feed_forward_length": 8,
  "llama.attention.head_count": 1,
  "llama.attention.layer_norm_rms_epsilon": 1e-5,
};

/** What llama.cpp itself makes of texts with vocabularies, given as a GGUF file's metadata. */
export function idsByLlamaCpp(
  folder: string,
  jobs: readonly { readonly metadata: GgufEntries; readonly texts: readonly string[] }[],
): LlamaCppIds {
  return asked("ids.mjs", folder, (work) =>
    jobs.map(({ metadata, texts }, i) => {
      const model = join(work, `${i}.gguf`);
      writeFileSync(model, ggufFile({ ...NEEDED, ...metadata }));
      return { model, texts };
    }),
  ) as LlamaCppIds;
}

export interface LlamaCppProbabilities {
  readonly release: string;
  /** Per model and text the logarithm of every token's probability behind the text; or what llama.cpp says against the file. */
  readonly models: (string | number[][])[];
}

/** What llama.cpp itself predicts behind texts, given as ids, with models. */
export function probabilitiesByLlamaCpp(
  folder: string,
  jobs: readonly { readonly model: string; readonly ids: readonly (readonly number[])[] }[],
): LlamaCppProbabilities {
  return asked("probabilities.mjs", folder, () => jobs) as LlamaCppProbabilities;
}

/** Rows of weights for llama.cpp's own quantiser. */
export interface RowsToQuantize {
  /** ggml's number of the format. */
  readonly ggmlType: number;
  readonly columns: number;
  readonly weights: Float32Array;
  readonly importance?: Float32Array;
}

export interface QuantizedByLlamaCpp {
  readonly blocks: Uint8Array;
  /** What llama.cpp reads of these. */
  readonly decoded: Float32Array;
  /** On one thread. */
  readonly nanosecondsPerWeight: number;
}

/** What llama.cpp's own `ggml_quantize_chunk` makes of rows. */
export function quantizedByLlamaCpp(folder: string, jobs: readonly RowsToQuantize[]): QuantizedByLlamaCpp[] {
  const done: QuantizedByLlamaCpp[] = [];
  asked(
    "quantize.mjs",
    folder,
    (work) =>
      jobs.map(({ ggmlType, columns, weights, importance }, i) => {
        const path = (name: string): string => join(work, `${i}.${name}`);
        writeFileSync(path("weights"), weights);
        if (importance !== undefined) writeFileSync(path("importance"), importance);
        return {
          ggmlType,
          columns,
          weights: path("weights"),
          importance: importance === undefined ? null : path("importance"),
          blocks: path("blocks"),
          decoded: path("decoded"),
        };
      }),
    (work, printed) => {
      (printed as number[]).forEach((nanosecondsPerWeight, i) => {
        const [blocks, decoded] = ["blocks", "decoded"].map(
          (name) => new Uint8Array(readFileSync(join(work, `${i}.${name}`))),
        );
        done.push({ blocks, decoded: new Float32Array(decoded.buffer), nanosecondsPerWeight });
      });
    },
  );
  return done;
}

/** A model for llama.cpp to quantise. */
export interface ModelToMix {
  /** A GGUF file. */
  readonly file: Uint8Array;
  /** llama.cpp's numbers (`enum llama_ftype`). */
  readonly fileTypes: readonly number[];
  /** Tensors that there is importance of, with that of each column, or with as many columns as are of one importance. */
  readonly importance?: Readonly<Record<string, number | readonly number[]>>;
  /** ggml's numbers of types by patterns of tensors' names, and of the `output` and the `embedding`. */
  readonly types?: Readonly<Record<string, number>>;
}

export interface MixedByLlamaCpp {
  readonly type: string;
  /** SHA-256 of its bytes. */
  readonly checksum: string;
}

/** Per model and file type every tensor of the file that llama.cpp writes, by name; or null where it refuses. */
export function mixedByLlamaCpp(
  folder: string,
  models: readonly ModelToMix[],
): (Readonly<Record<string, MixedByLlamaCpp>> | null)[][] {
  return asked("mixtures.mjs", folder, (work) =>
    models.map(({ file, fileTypes, importance = null, types = null }, i) => {
      const model = join(work, `${i}.gguf`);
      writeFileSync(model, file);
      return { model, output: join(work, "quantised.gguf"), fileTypes, importance, types };
    }),
  ) as (Readonly<Record<string, MixedByLlamaCpp>> | null)[][];
}

/** What a program of test/llama-cpp prints; `jobs` may put files into a folder that is there until `read` has read what was written there. */
function asked(
  program: string,
  folder: string,
  jobs: (work: string) => readonly unknown[],
  read?: (work: string, printed: unknown) => void,
): unknown {
  const work = mkdtempSync(join(tmpdir(), "paramscope-llama-"));
  try {
    writeFileSync(join(work, "jobs.json"), JSON.stringify(jobs(work)));
    const path = fileURLToPath(new URL(`../../llama-cpp/${program}`, import.meta.url));
    // What it says of files without tensors is left unread.
    const output = execFileSync(process.execPath, [path, folder, join(work, "jobs.json")], {
      encoding: "utf8",
      maxBuffer: 2 ** 30,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const printed: unknown = JSON.parse(output);
    read?.(work, printed);
    return printed;
  } finally {
    rmSync(work, { recursive: true });
  }
}
