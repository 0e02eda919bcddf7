import { execFile } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { openModel, shrink } from "../src/engine/index";
import type { Model, Structure } from "../src/engine/api";
import type { ShrinkDocument } from "../src/engine/document/shrink";
import { elementAt, zip } from "../src/engine/numbers/elements";
import { exportModel } from "../src/engine/prune/export/export-model";
import { planGguf, writeGguf } from "../src/engine/quantize/export/write-gguf";
import { defaults } from "../src/engine/run/defaults";
import { parseTarget } from "../src/engine/sweep/target";
import { formSamples } from "../src/engine/text/form-samples";
import { formatCompact, formatCount, formatNumber } from "../src/format/numbers";
import { removedInWords, speedOf } from "../src/format/shrink";
import type { PartRun } from "./part";
import { findPython } from "./pytorch";
import { benchTexts, demoModel } from "./texts";

const TOKENS = 128;
/** Tokens that llama.cpp writes behind them. */
const WRITTEN = 32;
/** What goes: of SmolLM2 6 of 30 layers, 384 of 1536 neurons, one of three heads. */
const SHARES: readonly (readonly [Structure, number])[] = [
  ["layers", 0.2],
  ["neurons", 0.25],
  ["heads", 1 / 3],
];

const run = promisify(execFile);

/** A model as the three programs read it. */
interface Written {
  readonly name: string;
  readonly folder: string;
  readonly gguf: string;
  readonly parameters: number;
}

/** Rounds' tokens a second of one program, of the dense model and of what is left of it. */
interface Speeds {
  readonly program: string;
  readonly dense: readonly number[];
  readonly shrunk: readonly number[];
}

/** How fast what is left of a model is, and what it takes: in our own forward pass, in PyTorch and in llama.cpp, each on one thread. */
export async function measureShrunk({ report, real, rounds, progress }: PartRun): Promise<void> {
  const [python, llamaCpp] = [await findPython(), process.env.LLAMA_CPP];
  const missing = [
    ...(python === undefined ? ["PyTorch (a Python with torch, transformers and gguf, named in PYTHON)"] : []),
    ...(llamaCpp === undefined ? ["llama.cpp (what test/llama-cpp/install.sh makes, named in LLAMA_CPP)"] : []),
  ];
  for (const program of missing) {
    progress(`*** NOT THERE, AND NOT MEASURED: ${program.toUpperCase()} ***`);
    report.note(`**Not there, and not measured: ${program}.**`);
  }
  const work = await mkdtemp(join(tmpdir(), "paramscope-shrink-"));
  const model = await openModel(real ?? demoModel);
  try {
    const [text = ""] = await benchTexts(1);
    const { samples } = formSamples([{ source: "a sample", text }], model.tokenizer, {
      window: TOKENS,
      maxSamples: 1,
      context: model.context,
    });
    const job = { ids: [...elementAt(samples, 0).ids], rounds, written: WRITTEN };
    const of = async (written: readonly Written[], program: "pytorch" | "llama.cpp"): Promise<Measurement> => {
      const file = join(work, "job.json");
      const models = written.map(({ folder, gguf }) => (program === "pytorch" ? folder : gguf));
      await writeFile(file, JSON.stringify({ ...job, models }));
      const [command, args] =
        program === "pytorch"
          ? [python ?? "", [join("bench", "speed_peer.py"), file]]
          : [process.execPath, [join("test", "llama-cpp", "speed.mjs"), llamaCpp ?? "", file]];
      const { stdout } = await run(command, args, { maxBuffer: 2 ** 24 });
      return JSON.parse(stdout) as Measurement;
    };

    progress(`${model.name}, dense`);
    const dense = await written(work, "dense", async (folder) => {
      await exportModel(model, model, { folder, force: false }, false, undefined);
    });
    const all: Written[] = [dense];
    const rows: string[][] = [];
    for (const [structure, share] of SHARES) {
      progress(`${model.name}, without ${structure}`);
      let document: ShrinkDocument | undefined;
      const less = await written(work, structure, async (folder) => {
        document = await shrunk(model, {
          set: { samples, windowsSkipped: 0, notes: [] },
          structure,
          amount:
            structure === "layers"
              ? { kind: "count", count: Math.round(share * model.layers) }
              : { kind: "share", share },
          exportTo: { folder, force: false },
        });
      });
      if (document === undefined) throw new Error("the model was not shrunk");
      const name = removedInWords(document);
      all.push({ ...less, name });
      const speeds: Speeds[] = [{ program: "Paramscope, reading", ...document.speed }];
      for (const program of ["pytorch", "llama.cpp"] as const) {
        if ((program === "pytorch" ? python : llamaCpp) === undefined) continue;
        progress(`${model.name}, without ${structure}, ${program}`);
        const { reading, writing } = await of([dense, less], program);
        const named = program === "pytorch" ? "PyTorch" : program;
        const pair = ([before = [], after = []]: readonly (readonly number[])[]) => ({ dense: before, shrunk: after });
        speeds.push({ program: `${named}, reading`, ...pair(reading) });
        if (writing) speeds.push({ program: `${named}, writing`, ...pair(writing) });
      }
      rows.push(...speeds.map((one) => speedRow(name, one)));
    }
    report.table(
      `${model.name}: tokens a second, dense and without parts`,
      ["without", "program", "dense", "shrunk", "times as fast", "least", "most"],
      rows,
    );
    const sizes: string[][] = [];
    for (const one of all) {
      progress(`${model.name}, memory of ${one.name}`);
      const memory = async (program: "pytorch" | "llama.cpp"): Promise<string> =>
        (program === "pytorch" ? python : llamaCpp) === undefined
          ? ""
          : formatCount(Math.round((await of([one], program)).peakMiB));
      sizes.push([
        one === dense ? "nothing" : one.name,
        formatCompact(one.parameters),
        await megabytes(join(one.folder, "model.safetensors")),
        await memory("pytorch"),
        await megabytes(one.gguf),
        await memory("llama.cpp"),
      ]);
    }
    report.table(
      `${model.name}: what they take`,
      ["without", "parameters", "folder, MB", "PyTorch, MiB", "GGUF file, MB", "llama.cpp, MiB"],
      sizes,
    );
    report.note(
      `Reading: ${TOKENS} tokens at once; writing: ${WRITTEN} tokens, one after the other. Folders are in float32, GGUF files in Q8_0. By turns, dense and shrunk, on one thread each, a second being one of processor time, which on an idle machine is one of the clock; of Paramscope it is the clock's, as it says it itself. Ratios are those of rounds. ` +
        "Memory is the most that a process with that one model has resident, the program itself and pages of the file included. What goes is that of the highest numbers: how fast what is left is hangs on how much goes, not on which.",
    );
  } finally {
    await model.close();
    await rm(work, { recursive: true });
  }
}

/** What a program says of models, each in the same order: tokens a second of every round, and the most memory that it had. */
interface Measurement {
  readonly reading: readonly (readonly number[])[];
  readonly writing?: readonly (readonly number[])[];
  readonly peakMiB: number;
}

/** A folder, and the GGUF file of it. */
async function written(work: string, name: string, write: (folder: string) => Promise<void>): Promise<Written> {
  const [folder, gguf] = [join(work, name), join(work, `${name}.gguf`)];
  await write(folder);
  const made = await openModel(folder);
  try {
    await writeGguf(gguf, await planGguf(made), { formatOf: () => "Q8_0" });
    return { name, folder, gguf, parameters: made.parameters };
  } finally {
    await made.close();
  }
}

async function shrunk(
  model: Model,
  asked: Pick<Parameters<typeof shrink>[0], "set" | "structure" | "amount" | "exportTo">,
): Promise<ShrinkDocument> {
  const target = parseTarget(defaults.target, model.tokenizer);
  for await (const event of shrink({ ...asked, model, target, threads: 1, by: "last", seed: 0 }))
    if (event.type === "done") return event.result.document;
  throw new Error("the run came to no end");
}

function speedRow(without: string, { program, dense, shrunk: less }: Speeds): string[] {
  const middle = (speeds: readonly number[]): string => formatCount(Math.round(speedOf(speeds).middle));
  const ratio = speedOf(zip(less, dense).map(([after, before]) => after / before));
  return [without, program, middle(dense), middle(less), ...[ratio.middle, ...ratio.range].map(formatNumber)];
}

async function megabytes(path: string): Promise<string> {
  return ((await stat(path)).size / 1e6).toFixed(1);
}
