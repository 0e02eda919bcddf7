import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { elementAt } from "../src/engine/numbers/elements";
import { median } from "../src/engine/numbers/statistics";
import { openModel, pairs, patching } from "../src/engine/index";
import type { Model, RunEvent } from "../src/engine/api";
import { readPairs } from "../src/engine/pairs/read-pairs";
import { BlockRunner } from "../src/engine/sweep/block-runner";
import { LentStates } from "../src/engine/sweep/lent-states";
import { Embedding } from "../src/engine/sweep/embedding";
import { Head } from "../src/engine/sweep/head";
import { Grams } from "../src/engine/sweep/grams";
import { planBatches } from "../src/engine/sweep/plan";
import { Profiler } from "../src/engine/sweep/profiler";
import { StatisticsReducer } from "../src/engine/sweep/reducers/statistics";
import { runSweep } from "../src/engine/run/run";
import { openRuntime } from "../src/engine/runtime/open-runtime";
import { formSamples } from "../src/engine/text/form-samples";
import type { Sample } from "../src/engine/text/sample";
import { childOf, type ComparisonCase, type ComparisonTask, type Measured } from "./measure";
import type { PartRun } from "./part";
import { findPython } from "./pytorch";
import { benchTexts } from "./texts";

const TABLE = join("test", "data", "stsb-dev-100.tsv");
/** Texts whose pairs are all formed, and their tokens: no more texts than tokens. */
const TEXTS = 32;
const TOKENS = 64;
const PROMPTS = [
  "The capital of France is called Paris and the capital of Italy is called",
  "The capital of Spain is called Madrid and the capital of China is called",
] as const;
const promptOf = (number: 0 | 1) => ({ source: `prompt ${number}`, text: PROMPTS[number] });

/** Sentence pairs, all pairs of some texts, and activation patching, each against what it should be faster than. */
export async function measureComparisons({ report, real, rounds, progress }: PartRun): Promise<void> {
  if (real === undefined) return report.note("The real model could not be brought.");
  const python = await findPython();
  const seconds = new Map<string, number[]>();
  const keep = (what: string, value: number): void => void seconds.set(what, [...(seconds.get(what) ?? []), value]);
  const cases: ComparisonCase[] = ["pairs", "pairs with contrast", "one sweep", "all pairs", "patching", "every cell"];
  for (let round = 0; round < rounds; round++) {
    for (const what of cases) {
      progress(`${what}, round ${round + 1} of ${rounds}`);
      keep(what, (JSON.parse(await childOf({ kind: "comparison", path: real, what })) as Measured).seconds);
    }
    progress(`PyTorch, round ${round + 1} of ${rounds}`);
    if (python !== undefined) keep("PyTorch", await pairsInPyTorch(python, real));
  }
  const of = (what: string): number => median(seconds.get(what) ?? []);
  const times = (what: string, other: string): string => `${(of(other) / of(what)).toFixed(2)} x as fast as ${other}`;
  const peer = (what: string): string => (seconds.has("PyTorch") ? times(what, "PyTorch") : "");
  report.table(
    "Comparisons, SmolLM2-135M (Q4_1)",
    ["", "seconds", ""],
    [
      ["100 STS-B pairs", of("pairs").toFixed(2), peer("pairs")],
      ["… with contrast similarity", of("pairs with contrast").toFixed(2), peer("pairs with contrast")],
      ...(seconds.has("PyTorch") ? [["… in PyTorch, without contrast", of("PyTorch").toFixed(2), ""]] : []),
      [`${TEXTS} texts of ${TOKENS} tokens, their mean`, of("one sweep").toFixed(2), ""],
      [
        `… all their pairs`,
        of("all pairs").toFixed(2),
        `${(100 * (of("all pairs") / of("one sweep") - 1)).toFixed(0)} % more than one sweep`,
      ],
      ["activation patching, all layers and positions", of("patching").toFixed(2), times("patching", "every cell")],
      ["… every cell from the start", of("every cell").toFixed(2), ""],
    ],
  );
}

async function pairsInPyTorch(python: string, path: string): Promise<number> {
  const { stdout } = await promisify(execFile)(
    python,
    [join("bench", "pairs_reference.py"), path, TABLE, "--limit", "100"],
    {
      maxBuffer: 2 ** 24,
    },
  );
  return (JSON.parse(stdout) as { seconds: number }).seconds;
}

export async function runComparison({ path, what }: ComparisonTask): Promise<number> {
  const model = await openModel(path);
  try {
    const start = performance.now();
    await cases[what](model);
    return (performance.now() - start) / 1000;
  } finally {
    await model.close();
  }
}

const target = { kind: "max-logit" } as const;

const cases: Readonly<Record<ComparisonCase, (model: Model) => Promise<void>>> = {
  pairs: (model) => runPairs(model, false),
  "pairs with contrast": (model) => runPairs(model, true),
  "one sweep": async (model) => {
    const samples = await shortTexts(model);
    const all = samples.map((_, i) => i);
    const reducers = [new StatisticsReducer(model.definition)];
    await through(
      runSweep({ model, target }, { samples, units: [{ sets: [all] }], reducers, keepsMatrices: false }, () => ({
        parameters: 0,
        figures: {},
      })),
    );
  },
  "all pairs": async (model) => {
    const samples = await shortTexts(model);
    const batch = { samples: samples.map((_, i) => i), tokens: TOKENS };
    const lengths = samples.map(({ ids }) => ids.length);
    const request = {
      model,
      lengths,
      target,
      units: [],
      keepsMatrices: false,
      budget: Infinity,
      products: "plain" as const,
    };
    const [plan] = planBatches(request, [batch]);
    const grams = new Grams(undefined);
    const sweeping = { samples, units: [], reducers: [], keepsMatrices: false, grams, plan };
    await through(runSweep({ model, target }, sweeping, () => ({ parameters: 0, figures: {} })));
  },
  patching: async (model) => {
    const [a, b] = [promptOf(0), promptOf(1)];
    await through(patching({ model, a, b, site: "residual" }));
  },
  /** As many runs of the whole model, logits included, as there are cells, all of them as one batch. */
  "every cell": async (model) => {
    const options = { window: model.context, maxSamples: 1, context: model.context };
    const { ids } = elementAt(
      formSamples([{ source: "prompt", text: PROMPTS[0] }], model.tokenizer, options).samples,
      0,
    );
    const cells = Array.from({ length: model.layers * ids.length }, (_, i) => i);
    const batch = {
      samples: cells.length,
      tokens: ids.length,
      texts: cells.map(() => ids),
      positions: undefined,
      lent: new LentStates(),
    };
    const blocks = new BlockRunner({ model, runtime: await openRuntime(), profiler: new Profiler() });
    let states = await new Embedding(model).states(
      cells.map(() => ids),
      { samples: cells, tokens: ids.length },
    );
    let output: Float32Array = new Float32Array(states.length);
    for (let layer = 0; layer < model.layers; layer++) {
      await blocks.load(layer);
      await blocks.forward([{ hidden: states, batch, output }]);
      [states, output] = [output, states];
    }
    await blocks.dispose();
    const head = new Head({ model, runtime: await openRuntime(), profiler: new Profiler() });
    const last = cells.map((cell) => {
      const end = (cell + 1) * ids.length * model.hiddenSize;
      return { hidden: states.slice(end - model.hiddenSize, end), following: [] };
    });
    await head.run(last, target);
    await head.dispose();
  },
};

async function runPairs(model: Model, contrast: boolean): Promise<void> {
  const table = readPairs(await readFile(TABLE, "utf8"), TABLE);
  await through(pairs({ model, target, pairs: table.pairs, source: TABLE, contrast, window: 512, seed: 0 }));
}

async function shortTexts({ tokenizer }: Model): Promise<Sample[]> {
  return (await benchTexts(TEXTS)).map((text, i) => {
    const { ids, starts, ends } = tokenizer.encode(text, { special: true });
    const cut = (values: readonly number[]): Int32Array => Int32Array.from(values.slice(0, TOKENS));
    return { source: `text ${i}`, text, offset: 0, ids: cut(ids), starts: cut(starts), ends: cut(ends) };
  });
}

async function through(events: AsyncIterator<RunEvent<unknown> | object, unknown, void>): Promise<void> {
  while (!(await events.next()).done);
}
