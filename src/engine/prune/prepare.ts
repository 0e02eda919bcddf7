import type { PruneRequest } from "../api";
import { ParamscopeError } from "../errors";
import type { Model } from "../model/model";
import { budgetOf } from "../run/run";
import { calibrationSet, type CalibrationSet } from "./calibration";
import { costsOf, type RunCosts } from "./costs";
import { DenseResults } from "./dense-results";
import { evaluationWindows, type EvaluationWindows } from "./evaluation-windows";
import { isCalibrated, measuresOutliers } from "./options";
import { planPruning, pruningMemory, type PrunePlan } from "./plan";
import { seenNotes } from "./seen-tokens";

/** All that is known of a run before anything is computed. */
export interface PreparedRun {
  readonly calibration: CalibrationSet;
  readonly windows: EvaluationWindows | undefined;
  readonly prompt: { readonly text: string; readonly ids: Int32Array } | undefined;
  /** What the dense model made of the windows and of the prompt, where an earlier run kept it. */
  readonly known: { readonly states: Float32Array | undefined; readonly continuation: string | undefined };
  readonly budget: number;
  readonly plan: PrunePlan;
  readonly costs: RunCosts;
  /** The costs of the same run once more: the dense model is then known where that is kept. */
  readonly costsAgain: RunCosts;
}

/**
 * Reads the texts of a run, and plans it.
 * @throws ParamscopeError when a text or the memory does not allow the run.
 */
export function prepareRun(request: PruneRequest): PreparedRun {
  const { model, criterion, dense } = request;
  const calibration = calibrationSet(request);
  const windows = request.evaluation && evaluationOf(request.evaluation, request);
  const prompt = request.prompt === undefined ? undefined : promptOf(request.prompt, model);
  const notes =
    windows && request.evaluation && isCalibrated(request)
      ? seenNotes(request.evaluation.text.source, windows.ids, calibration.samples, "what pruning costs")
      : [];
  const budget = budgetOf(request);
  const sizes = {
    model,
    criterion,
    outliers: measuresOutliers(request),
    calibration: calibration.samples.map(({ ids }) => ids.length),
    windows: windows?.ids.map(({ length }) => length) ?? [],
  };
  const kept = windows && dense?.states.find(request, windows.ids);
  const known = kept?.byteLength ?? 0;
  // they stay in memory while the model is pruned; without the room for that they are computed again
  const fits = pruningMemory({ ...sizes, known }) <= budget;
  const states = fits ? kept : undefined;
  const continuation = prompt && dense?.continuation.find(request, [prompt.ids]);
  const costs = (knowsStates: boolean, knowsContinuation: boolean): RunCosts =>
    costsOf(request, calibration.tokens, windows, { states: knowsStates, continuation: knowsContinuation });
  const keepsStates = dense !== undefined && DenseResults.keeps(predictingBytes(model, windows));
  return {
    calibration: { ...calibration, notes: [...calibration.notes, ...notes] },
    windows,
    prompt,
    known: { states, continuation },
    budget,
    plan: planPruning({ ...sizes, known: fits ? known : 0 }, budget),
    costs: costs(states !== undefined, continuation !== undefined),
    costsAgain: costs(keepsStates, dense !== undefined),
  };
}

function evaluationOf(
  { text, windows }: NonNullable<PruneRequest["evaluation"]>,
  { model, window }: PruneRequest,
): EvaluationWindows {
  return evaluationWindows(text, model.tokenizer, { window: Math.min(window, model.context), count: windows });
}

/** The ids of a prompt to continue. @throws ParamscopeError where there are none, or more than the model reads. */
export function promptOf(
  text: string,
  { tokenizer, context }: Model,
): { readonly text: string; readonly ids: Int32Array } {
  const ids = Int32Array.from(tokenizer.encode(text, { special: true }).ids);
  if (ids.length === 0) throw new ParamscopeError("The prompt to continue has no tokens.", "Give a few words.");
  if (ids.length >= context)
    throw new ParamscopeError(
      `The prompt to continue has ${ids.length} tokens, and the model reads ${context}.`,
      "Give a shorter one.",
    );
  return { text, ids };
}

/** The bytes of hidden states at the positions that predict a token. */
function predictingBytes({ hiddenSize }: Model, windows: EvaluationWindows | undefined): number {
  return (windows?.ids ?? []).reduce((sum, { length }) => sum + 4 * hiddenSize * (length - 1), 0);
}
