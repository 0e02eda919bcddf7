import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The text that perplexity is measured on. */
export const perplexityText = here("data/wikitext2-valid-head.txt");

/** `PYTHON`, or `python3`, where it has torch and transformers; else says loudly what is skipped. */
export function findPyTorch(skipped: string): string | undefined {
  const python = process.env.PYTHON ?? "python3";
  try {
    execFileSync(python, ["-c", "import torch, transformers"], { stdio: "ignore" });
    return python;
  } catch {
    process.stderr.write(
      `\n*** NO PYTHON WITH TORCH AND TRANSFORMERS (name one in PYTHON): ${skipped.toUpperCase()} IS SKIPPED. ***\n\n`,
    );
    return undefined;
  }
}

/** Per model folder the perplexity that PyTorch finds: test/reference/perplexity.py. */
export function perplexitiesInPyTorch(
  python: string,
  folders: readonly string[],
  { window, windows }: { readonly window: number; readonly windows: number },
): number[] {
  const output = execFileSync(
    python,
    [here("reference/perplexity.py"), perplexityText, String(window), String(windows), ...folders],
    { encoding: "utf8", stdio: "pipe" },
  );
  return JSON.parse(output) as number[];
}

/** What enters a matrix, `Σ x²` of each column, and of how many tokens. */
export interface PyTorchSquares {
  readonly sums: readonly number[];
  readonly tokens: number;
}

/** A model folder, and texts as ids. */
interface PyTorchJob {
  readonly model: string;
  readonly ids: readonly (readonly number[])[];
}

/** Per model folder what enters its matrices on texts, by their modules' names: test/reference/input_squares.py. */
export function inputSquaresInPyTorch(
  python: string,
  jobs: readonly PyTorchJob[],
): Readonly<Record<string, PyTorchSquares>>[] {
  return asked(python, "input_squares.py", jobs) as Readonly<Record<string, PyTorchSquares>>[];
}

/** Per model folder and text the logits behind its last id: test/reference/last_logits.py. */
export function lastLogitsInPyTorch(python: string, jobs: readonly PyTorchJob[]): number[][][] {
  return asked(python, "last_logits.py", jobs) as number[][][];
}

/** What a program of test/reference prints. */
function asked(python: string, program: string, jobs: readonly PyTorchJob[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), "paramscope-pytorch-"));
  try {
    writeFileSync(join(folder, "jobs.json"), JSON.stringify(jobs));
    const args = [here(`reference/${program}`), join(folder, "jobs.json")];
    return JSON.parse(execFileSync(python, args, { encoding: "utf8", stdio: "pipe", maxBuffer: 2 ** 28 }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
