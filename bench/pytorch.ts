import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { Measured } from "./measure";
import { benchTexts } from "./texts";

const run = promisify(execFile);

/** A Python that has what the peer needs: `PYTHON`, or `python3`. */
export async function findPython(): Promise<string | undefined> {
  const python = process.env.PYTHON ?? "python3";
  try {
    await run(python, ["-c", "import torch, transformers, gguf"]);
    return python;
  } catch {
    return undefined;
  }
}

/** The paper's procedure as a user would run it today (`pytorch_peer.py`). */
export async function measurePyTorch(
  python: string,
  path: string,
  texts: number,
  tokens: number,
  dtype: string,
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), "paramscope-bench-"));
  try {
    const file = join(folder, "texts.json");
    await writeFile(file, JSON.stringify({ texts: await benchTexts(texts) }));
    const { stdout } = await run(
      python,
      [join("bench", "pytorch_peer.py"), path, file, "--tokens", String(tokens), "--dtype", dtype],
      { maxBuffer: 2 ** 24 },
    );
    const { analyze_s: seconds, peak_mib: peakMiB } = JSON.parse(stdout) as { analyze_s: number; peak_mib: number };
    return { seconds, peakMiB };
  } finally {
    await rm(folder, { recursive: true });
  }
}
