import type { Estimate, Model, RunEvent, RunOptions, RunPhase } from "../../engine/api";
import type { ResultDocument } from "../../engine/document/document";
import type { DenseResults, KnownCosts, KnownScores } from "../../engine/index";
import type { RunSettings } from "../../wire/protocol";
import type { ScoresStore } from "../scores-store";
import type { SumsStore } from "../sums-store";

/** What one kind of runs is in the scoring process: from what was asked for to the engine's request. */
export interface Run<Asked, Document extends ResultDocument> {
  /** The format of its documents, by which it is asked for. */
  readonly format: Document["format"];
  /** Starts it; its last event has the document. */
  start(
    asked: Asked,
    context: RunContext,
  ): AsyncGenerator<RunEvent<{ readonly document: Document }, RunPhase>, void, void>;
  /** At least so many multiplications and additions as it takes, from sizes that are known at once. */
  arithmetic(asked: Asked, context: RunContext, times: number): number;
  /** What it would take, measured and planned. */
  estimate(asked: Asked, context: RunContext, times: number): Promise<Estimate>;
}

/** What a run is given besides what was asked for. */
export interface RunContext {
  readonly model: Model;
  readonly settings: RunSettings;
  readonly signal: AbortSignal;
  readonly kept: Kept;
}

/** What the process keeps from one run to the next. */
export interface Kept {
  readonly sums: SumsStore;
  readonly scores: ScoresStore;
  readonly dense: DenseResults;
  readonly known: KnownCosts;
  readonly units: KnownScores;
}

/** What a run computes with, whatever is differentiated. */
export type MachineOptions = Omit<RunOptions, "target">;
