import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

import { openModel } from "../src/engine/index";
import { zip } from "../src/engine/numbers/elements";
import { planGguf, writeGguf } from "../src/engine/quantize/export/write-gguf";
import { FORMATS } from "../src/engine/quantize/formats";
import { meanSquares } from "../src/engine/quantize/imatrix/imatrix";
import { readImatrix } from "../src/engine/quantize/imatrix/read";
import { formSamples } from "../src/engine/text/form-samples";
import { inWords, meanOfWindows } from "../src/format/bits";
import { formatNumber } from "../src/format/numbers";
import type { PartRun } from "./part";
import { demoModel, wideModel, wikitext } from "./texts";

const WINDOW = 256;
const WINDOWS = 4;
/** The part of the text that formats are chosen with; the rest is evaluated. */
const CALIBRATED = 0.6;
/** llama.cpp's numbers of its mixtures, and of the file types that recipes name. */
const MIXTURES = { Q3_K_M: 12, Q4_K_M: 15, Q5_K_M: 17 } as const;
const FILE_TYPES: Readonly<Record<string, number>> = { Q4_0: 2, Q4_1: 3, Q8_0: 7, Q5_0: 8, Q5_1: 9 };

const run = promisify(execFile);

interface Figures {
  readonly bytes: number;
  readonly divergences: readonly number[];
  readonly losses: readonly number[];
}

/** Whole files by our recipe and by llama.cpp's mixtures, both written by its own quantiser with one importance matrix, by its own predictions. */
export async function compareWholeFiles({ report, real, progress }: PartRun): Promise<void> {
  const llamaCpp = process.env.LLAMA_CPP;
  if (llamaCpp === undefined) throw new Error("Name in LLAMA_CPP what test/llama-cpp/install.sh has made.");
  const text = await readFile(wikitext, "utf8");
  const cut = text.indexOf("\n", CALIBRATED * text.length);
  const work = await mkdtemp(join(tmpdir(), "paramscope-files-"));
  try {
    const calibration = join(work, "calibration.txt");
    const folder = join(work, "recipe");
    await mkdir(folder);
    await writeFile(calibration, text.slice(0, cut));
    for (const path of [demoModel, wideModel, real].filter((one) => one !== undefined)) {
      const model = await openModel(path);
      const { tokenizer, context, name } = model;
      const rest = [{ source: "the rest", text: text.slice(cut) }];
      const { samples } = formSamples(rest, tokenizer, { window: WINDOW, maxSamples: WINDOWS, context });
      // a GGUF file is quantised as it is, quantised or not
      const dense = path.endsWith(".gguf") ? path : join(work, `${name}.gguf`);
      if (dense !== path) await writeGguf(dense, await planGguf(model), { formatOf: () => undefined });
      await model.close();
      const rows: string[][] = [];
      for (const [mixture, fileType] of Object.entries(MIXTURES)) {
        progress(`${name}, as large as ${mixture}`);
        await run(process.execPath, [
          ...[join("dist", "cli.cjs"), "quantize", calibration, "--model", path, "--window", String(WINDOW)],
          ...["--size", mixture, "--recipe", folder, "--force", "--quiet", "-o", join(work, "bits.paramscope")],
        ]);
        const importance = await importanceIn(join(folder, "imatrix.gguf"));
        const { recipe } = JSON.parse(await readFile(join(work, "bits.paramscope"), "utf8")) as { recipe: string[] };
        const job = {
          dense,
          windows: samples.map(({ ids }) => [...ids]),
          files: [
            { path: join(work, "mixture.gguf"), fileType, importance, types: null },
            { path: join(work, "recipe.gguf"), importance, ...(await recipeIn(folder, recipe)) },
          ],
        };
        await writeFile(join(work, "job.json"), JSON.stringify(job));
        const { stdout } = await run(
          process.execPath,
          [join("test", "llama-cpp", "whole-files.mjs"), llamaCpp, join(work, "job.json")],
          { maxBuffer: 2 ** 28 },
        );
        const tokens = samples.map(({ ids }) => ids.length - 1);
        const [own, mixed, chosen] = JSON.parse(stdout) as Figures[] as [Figures, Figures, Figures];
        const difference = zip(chosen.divergences, mixed.divergences).map(([ours, theirs]) => ours - theirs);
        for (const [by, { bytes, divergences, losses }] of [
          [mixture, mixed],
          ["our recipe", chosen],
        ] as const)
          rows.push([
            by,
            (bytes / 1e6).toFixed(2),
            inWords(meanOfWindows(divergences, tokens)),
            by === mixture ? "" : inWords(meanOfWindows(difference, tokens)),
            formatNumber(Math.exp(meanOf(losses))),
            formatNumber(Math.exp(meanOf(own.losses))),
          ]);
      }
      report.table(
        `${name} (${basename(dense)}): files by llama.cpp's own quantiser, ${WINDOWS} windows of ${WINDOW} by its own predictions`,
        ["chosen by", "MB", "divergence (95 %)", "paired difference", "perplexity", "dense"],
        rows,
      );
    }
  } finally {
    await rm(work, { recursive: true });
  }
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Per tensor the mean square of what enters each column; of experts' one matrix behind another. */
async function importanceIn(path: string): Promise<Record<string, number[]>> {
  const { entries } = await readImatrix(path);
  return Object.fromEntries([...entries].map(([name, entry]) => [name, [...meanSquares(entry)]]));
}

/** What llama-quantize makes of a recipe's arguments and its file of types. */
async function recipeIn(folder: string, options: readonly string[]) {
  const numberOf = (type: string): number => {
    const format = FORMATS.find(({ name }) => name.toLowerCase() === type);
    if (format === undefined) throw new Error(`there is no format ${type}`);
    return format.ggmlType;
  };
  const types: Record<string, number> = {};
  for (const line of (await readFile(join(folder, "types.txt"), "utf8")).split("\n").filter((one) => one !== "")) {
    const [pattern = "", type = ""] = line.split("=");
    types[pattern.toLowerCase()] = numberOf(type);
  }
  const valueOf = (option: string): string | undefined => options[options.indexOf(option) + 1];
  for (const [option, key] of [
    ["--token-embedding-type", "embedding"],
    ["--output-tensor-type", "output"],
  ] as const)
    if (options.includes(option)) types[key] = numberOf(valueOf(option) ?? "");
  return { types, fileType: FILE_TYPES[options.at(-1) ?? ""] };
}
