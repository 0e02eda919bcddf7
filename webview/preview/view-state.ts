import type { PruningChoices } from "../../src/engine/prune/options";
import { defaults } from "../../src/engine/run/defaults";
import { type ShrinkWay, type Structure, USUAL_AMOUNTS } from "../../src/engine/shrink/options";
import type { OfferedOptions, PruningPlan, TextChoice, WantedEvaluation } from "../../src/pages/preview";
import { firstPlaces, type PrunedView } from "../pruning/view-state";

/** What the user has chosen and is looking at: kept by VS Code while the view is hidden. */
export interface ViewState extends PrunedView {
  readonly result: string;
  readonly scroll: number;
  /** What is to become less: bits of weights, layers and other parts, or weights that are not zero. */
  readonly mode: "bits" | "structure" | "zeros";
  readonly calibrateWith: TextChoice;
  readonly criterion: PruningPlan["criterion"];
  readonly allocation: PruningPlan["allocation"];
  /** How a saved pruning was spread over the layers; empty: none was opened that needs it. */
  readonly sparsities: readonly number[];
  readonly sparsity: number;
  /** `2:4`; empty: none. */
  readonly pattern: string;
  readonly evaluateOn: TextChoice;
  readonly windows: number;
  /** What both models are to continue; empty: nothing. */
  readonly prompt: string;
  /** The criteria of the curve. */
  readonly criteria: readonly PruningPlan["criterion"][];
  readonly structure: Structure;
  /** How much of each structure goes: so many layers, so large a share of the others. */
  readonly amounts: Readonly<Record<Structure, number>>;
  /** What says which parts go. */
  readonly removeBy: ShrinkWay;
  /** Whether it is also measured what goes costs, by each way, and on which text. */
  readonly comparesWays: boolean;
  readonly compareOn: TextChoice;
  /** The last options of a saved pruning that the controls took. */
  readonly taken: string;
}

/** The most windows of an evaluation that can be chosen. */
export const WINDOWS = [2, 8, 32, 128];

export const firstView: ViewState = {
  ...firstPlaces,
  result: "",
  scroll: 0,
  mode: "zeros",
  calibrateWith: "file",
  criterion: defaults.pruning.criterion,
  allocation: defaults.pruning.allocation,
  sparsities: [],
  sparsity: defaults.pruning.sparsity,
  pattern: "",
  evaluateOn: "file",
  windows: defaults.windows,
  prompt: "",
  criteria: ["magnitude", "wanda"],
  structure: "layers",
  amounts: USUAL_AMOUNTS,
  removeBy: "activation",
  comparesWays: false,
  compareOn: "other",
  taken: "",
};

/** The plan that the controls stand for. */
export function planOf({ criterion, allocation, sparsities, sparsity, pattern }: ViewState): PruningPlan {
  const plan = { criterion, sparsity, pattern: patternOf(pattern) };
  return allocation === "given" ? { ...plan, allocation, sparsities } : { ...plan, allocation };
}

function patternOf(written: string): PruningPlan["pattern"] {
  if (written === "") return null;
  const [pruned = NaN, of = NaN] = written.split(":").map(Number);
  return { pruned, of };
}

/** The controls as a saved pruning was made; what it did not have stays. */
export function viewOfOptions({
  plan: { pattern, sparsities = [], ...plan },
  windows,
  prompt,
}: Omit<OfferedOptions, "id">): Partial<ViewState> {
  return {
    ...plan,
    sparsities,
    pattern: pattern === null ? "" : `${pattern.pruned}:${pattern.of}`,
    ...(windows === undefined ? {} : { windows: WINDOWS.find((most) => most >= windows) ?? Math.max(...WINDOWS) }),
    ...(prompt === undefined ? {} : { prompt }),
  };
}

/** The evaluation that the controls stand for. */
export function wantedEvaluation(view: ViewState, canContinue: boolean): WantedEvaluation {
  const { evaluateOn, windows, prompt } = view;
  return { plan: planOf(view), on: evaluateOn, windows, prompt: canContinue && prompt !== "" ? prompt : undefined };
}

/** Whether all weights fit into memory, which a continuation takes. */
export function canContinue(choices: PruningChoices | null): boolean {
  return choices !== null && choices.continuationMemory <= choices.budget;
}
