import type { PruneRequest } from "../api";
import { taskTokens } from "../tasks/choice-ids";
import type { EvaluationWindows } from "./evaluation-windows";
import { usesInputs } from "./prune-blocks";
import { isUneven, measuresDensities, measuresOutliers } from "./options";

/** How many passes of a token through the model a sweep takes, forward being one: its backward pass takes 2.75 products and forms scores. */
export const SWEEP_PASSES = 4.2;
/** What SparseGPT takes beside two forward passes: the products of inputs, the elimination, and the updates. */
const SPARSE_GPT_PASSES = 2;
/** The most tokens of the continuation that shows what pruning did. */
export const MOST_TOKENS = 40;
/** The passes of one model that is evaluated, with its logits. */
const EVALUATING_PASSES = 1.1;
/** How many tokens' pass takes as long as reading and choosing, whatever the calibration. */
const CHOOSING_TOKENS = 400;
/** The length of a prompt with what is written so far, on the average; and what reading a model's weights from memory costs. */
const CONTINUED_TOKENS = 100;
/** What a model costs that continues a prompt. */
export const CONTINUATION = MOST_TOKENS * CONTINUED_TOKENS;

/** What the parts of a run cost against each other, in tokens that pass through the model once. */
export interface RunCosts {
  readonly sweep: number;
  readonly outliers: number;
  readonly blocks: number;
  readonly evaluate: number;
  /** Of pruning evenly beside, and evaluating that; none where it is not asked for. */
  readonly even: readonly number[];
  readonly evaluateEven: number;
  readonly continuation: number;
  readonly tasks: number;
  /** Sweeps and continuations that the run has, and tokens that it evaluates. */
  readonly sweeps: number;
  readonly continuations: number;
  readonly predicted: number;
  /** The cost of every part of the pruning, and of every part that the run has. */
  readonly pruning: readonly number[];
  readonly all: readonly number[];
}

/**
 * The costs of a run, from sizes alone.
 * @param known what the dense model made of the windows and of the prompt, and is not made again.
 */
export function costsOf(
  request: PruneRequest,
  tokens: number,
  windows: EvaluationWindows | undefined,
  known = { states: false, continuation: false },
): RunCosts {
  const { criterion, prompt } = request;
  const passes = usesInputs(criterion) ? 2 + (criterion === "sparsegpt" ? SPARSE_GPT_PASSES : 0) : 0;
  const sweep = SWEEP_PASSES * tokens;
  const outliers = CHOOSING_TOKENS + 2 * tokens;
  const blocks = CHOOSING_TOKENS + passes * tokens;
  const predicted = windows?.ids.reduce((sum, { length }) => sum + length, 0) ?? 0;
  const evaluateOne = EVALUATING_PASSES * predicted;
  const evaluateFirst = (known.states ? 1 : 2) * evaluateOne;
  const isBeside = predicted > 0 && request.evaluation?.even === true && isUneven(request);
  const tasks = 2 * EVALUATING_PASSES * (request.tasks ? taskTokens(request.tasks.items, request.model) : 0);
  const sweeps = (measuresDensities(request) ? 1 : 0) + (criterion === "activation" ? 1 : 0);
  const pruning = [...new Array<number>(sweeps).fill(sweep), ...(measuresOutliers(request) ? [outliers] : []), blocks];
  const even = isBeside ? [...(criterion === "activation" ? [sweep] : []), blocks, evaluateFirst] : [];
  const evaluate = isBeside ? evaluateOne : evaluateFirst;
  const continuations = prompt === undefined ? 0 : known.continuation ? 1 : 2;
  const all = [...even, ...pruning, evaluate, tasks, ...new Array<number>(continuations).fill(CONTINUATION)];
  return {
    sweep,
    outliers,
    blocks,
    even,
    evaluateEven: evaluateFirst,
    evaluate,
    continuation: CONTINUATION,
    tasks,
    continuations,
    sweeps,
    predicted,
    pruning,
    all,
  };
}
