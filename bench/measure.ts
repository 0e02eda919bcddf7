import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { elementAt } from "../src/engine/numbers/elements";
import type { Estimate, PruneCriterion } from "../src/engine/api";
import type { ManyTextsTask } from "./many-texts";

import type { RuntimeWish } from "../src/engine/runtime/runtime";

const run = promisify(execFile);

export interface Measured {
  /** Of the analysis, without starting the process and opening the model. */
  readonly seconds: number;
  /** Largest resident memory of the whole process. */
  readonly peakMiB: number;
}

export interface MeasuredRun extends Measured {
  /** Of all threads of the whole process: other than the seconds it hardly depends on what else the machine does. */
  readonly processorSeconds: number;
}

export interface MeasuredCase {
  readonly path: string;
  readonly texts: number;
  readonly tokens: number;
  /** Bytes. */
  readonly memory?: number;
  /** With what it computes. */
  readonly wish?: RuntimeWish;
}

export type ComparisonCase = "pairs" | "pairs with contrast" | "one sweep" | "all pairs" | "patching" | "every cell";

export interface ComparisonTask {
  readonly kind: "comparison";
  readonly path: string;
  readonly what: ComparisonCase;
}

export interface PruningTask {
  readonly kind: "pruning";
  readonly path: string;
  readonly criterion: PruneCriterion;
  /** The shipped samples so many tokens each; undefined: the texts and windows of the reference. */
  readonly tokens?: number;
  /** Bytes. */
  readonly memory?: number;
}

/** What a measuring process is told to do. */
export type ChildTask =
  (MeasuredCase & { readonly kind: "analyze" | "limit" | "plan" }) | ComparisonTask | PruningTask | ManyTextsTask;

/** One analysis in a process of its own. */
export async function measureRun(task: MeasuredCase): Promise<MeasuredRun> {
  return JSON.parse(await childOf({ kind: "analyze", ...task })) as MeasuredRun;
}

/** What an analysis is planned to take: bytes, and seconds from and to. */
export async function measurePlan(task: MeasuredCase): Promise<Pick<Estimate, "memory" | "seconds">> {
  return JSON.parse(await childOf({ kind: "plan", ...task })) as Estimate;
}

/** Seconds that 3.75 products of every matrix take at the speed of the runtime's own products on these shapes. */
export async function measureLimit(task: MeasuredCase): Promise<number> {
  return (JSON.parse(await childOf({ kind: "limit", ...task })) as { seconds: number }).seconds;
}

export async function childOf(task: ChildTask): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    ["--no-warnings", elementAt(process.argv, 1), "--child", JSON.stringify(task)],
    {
      maxBuffer: 2 ** 24,
    },
  );
  return stdout;
}
