import type { Analyze, Compare, EstimateRun, OpenModel, Target } from "../engine/api";
import type { Tokenizer } from "../engine/model/tokenizer/tokenizer";

export interface Engine {
  readonly openModel: OpenModel;
  readonly analyze: Analyze;
  readonly compare: Compare;
  readonly estimate: EstimateRun;
  readonly parseTarget: (text: string, tokenizer: Tokenizer) => Target;
}

/** Loaded when a command needs it: `--help` and a wrong option answer without it. */
export async function loadEngine(): Promise<Engine> {
  return await import("../engine/index");
}
