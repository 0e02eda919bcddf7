import { availableParallelism } from "node:os";

import { analyze, estimateAnalysis, openModel, type Estimate } from "../src/engine/index";
import { GraphBuilder } from "../src/engine/graph/graph";
import { modulesAt, type Model } from "../src/engine/model/model";
import { OnnxRuntime } from "../src/engine/runtime/onnx/onnx-runtime";
import { tensor } from "../src/engine/runtime/runtime";
import type { Sample } from "../src/engine/text/sample";
import { runComparison } from "./comparisons";
import { runManyTexts, type ManyTextsTask } from "./many-texts";
import type { ChildTask, ComparisonTask, MeasuredCase, MeasuredRun, PruningTask } from "./measure";
import { runPruning } from "./pruning";
import { benchTexts } from "./texts";

/** DESIGN's count of products per matrix and sample: forward, recomputing, and both of backward. */
const PRODUCTS = 3.75;

/** What a measuring process does; its result goes to standard output as JSON. */
export async function runChild(argument: string): Promise<void> {
  const task = JSON.parse(argument) as ChildTask;
  if (task.kind === "many texts") {
    process.stdout.write(JSON.stringify(await runManyTexts(task)));
    return;
  }
  if (task.kind === "plan") {
    process.stdout.write(JSON.stringify(await planned(task)));
    return;
  }
  const seconds =
    task.kind === "comparison"
      ? await runComparison(task)
      : task.kind === "pruning"
        ? await runPruning(task)
        : await secondsOf(task);
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const measured: MeasuredRun = {
    seconds,
    peakMiB: maxRSS / 1024,
    processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
  };
  process.stdout.write(JSON.stringify(measured));
}

async function secondsOf(task: Exclude<ChildTask, ComparisonTask | PruningTask | ManyTextsTask>): Promise<number> {
  const model = await openModel(task.path);
  const seconds = task.kind === "limit" ? await limit(model, task) : await timed(model, task);
  await model.close();
  return seconds;
}

async function planned(task: MeasuredCase): Promise<Estimate> {
  const model = await openModel(task.path);
  const set = { samples: await benchSamples(model, task), windowsSkipped: 0, notes: [] };
  const { memory, wish } = task;
  const estimate = await estimateAnalysis({ model, set, target: { kind: "max-logit" }, memory, ...wish });
  await model.close();
  return estimate;
}

async function timed(model: Model, task: MeasuredCase): Promise<number> {
  const samples = await benchSamples(model, task);
  const start = performance.now();
  const run = analyze({
    model,
    set: { samples, windowsSkipped: 0, notes: [] },
    target: { kind: "max-logit" },
    threshold: { mode: "share", share: 0.1 },
    memory: task.memory,
    ...task.wish,
  });
  for await (const event of run) if (event.type === "done") return (performance.now() - start) / 1000;
  throw new Error("the analysis gave no result");
}

/** The first `tokens` ids of so many texts, as the peer takes them. */
async function benchSamples(model: Model, { texts, tokens }: MeasuredCase): Promise<Sample[]> {
  return (await benchTexts(texts)).map((text, i) => {
    const { ids, starts, ends } = model.tokenizer.encode(text, { special: true });
    if (ids.length < tokens) throw new Error(`text ${i} has only ${ids.length} tokens`);
    return {
      source: `text ${i}`,
      text,
      offset: 0,
      ids: Int32Array.from(ids.slice(0, tokens)),
      starts: Int32Array.from(starts.slice(0, tokens)),
      ends: Int32Array.from(ends.slice(0, tokens)),
    };
  });
}

async function limit(model: Model, { texts, tokens }: MeasuredCase): Promise<number> {
  const runtime = new OnnxRuntime(availableParallelism());
  const rows = texts * tokens;
  let seconds = 0;
  for (const module of modulesAt(model, 0)) {
    const b = new GraphBuilder();
    const x = b.input("x", ["rows", module.in]);
    const program = await runtime.compile(
      b.graph(new Map([["y", b.linear(x, b.input("w", [module.out, module.in]), undefined, module.name)]])),
    );
    const inputs = { x: random(rows, module.in), w: random(module.out, module.in) };
    const outputs = { y: tensor(new Float32Array(rows * module.out), rows, module.out) };
    const times: number[] = [];
    for (let round = 0; round < 8; round++) {
      const start = performance.now();
      await program.run(inputs, outputs);
      times.push((performance.now() - start) / 1000);
    }
    seconds += Math.min(...times);
    await program.dispose();
  }
  return PRODUCTS * seconds * model.layers;
}

function random(rows: number, columns: number) {
  return tensor(
    Float32Array.from({ length: rows * columns }, () => Math.random() - 0.5),
    rows,
    columns,
  );
}
