import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

/** What a program of test/llama-cpp prints; `jobs` may put files into a folder that is there as long as it runs. */
function asked(program: string, folder: string, jobs: (work: string) => readonly unknown[]): unknown {
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
    return JSON.parse(output);
  } finally {
    rmSync(work, { recursive: true });
  }
}
