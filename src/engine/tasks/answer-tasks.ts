import type { AskedTasks } from "../api";
import type { AnsweredTasksDescription } from "../document/tasks";
import type { Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import { randomNumbers, shuffle } from "../numbers/random";
import { comparedAt } from "../prune/evaluate";
import type { PredictionRows } from "../prune/predictions";
import type { PruneEvents } from "../prune/run-parts";
import { concatenate } from "../sweep/concatenate";
import { lastHiddenStates, type ForwardRequest } from "../sweep/hidden-states";
import { choiceIds, type ChoiceIds } from "./choice-ids";
import { LEVEL, mcNemar, mcNemarAtAnyTime } from "./mcnemar";
import type { TaskItem } from "./read-tasks";

/** Tokens that pass a model together: what is kept of them is hidden states, and weights are read anew for the next ones. */
const GROUP_TOKENS = 16_384;

/** Of the order in which questions are asked that need not all be asked. */
const SEED = 1;

/** How likely two models find an answer behind its question. */
export interface AnswerLikelihood {
  /** The sums of the log-likelihoods of its tokens. */
  readonly own: number;
  readonly other: number;
  /** Of the answer, as UTF-8. */
  readonly bytes: number;
}

/**
 * Has two models answer questions by how likely they find each choice behind the prompt: the sum of the log-likelihoods of its tokens, and that by its bytes, as lm-evaluation-harness
 * has `acc` and `acc_norm` (there by characters).
 * @param changed reads the same tokens, and has the same vocabulary.
 */
export async function* answerTasks(
  { source, format, items, untilDecided = false }: AskedTasks,
  changed: Model,
  request: Omit<ForwardRequest, "ids">,
): PruneEvents<AnsweredTasksDescription> {
  const order = [...items];
  // a file may have its questions by subject, and its first ones are not like all
  if (untilDecided) shuffle(order, randomNumbers(SEED));
  const compared = (
    likelihoods: readonly AnswerLikelihood[][],
  ): Pick<AnsweredTasksDescription, "accuracy" | "perByte"> => {
    const right = (of: (likelihood: AnswerLikelihood) => number): boolean[] =>
      likelihoods.map((own, i) => likeliest(own.map(of)) === elementAt(order, i).answer);
    const test = untilDecided ? mcNemarAtAnyTime : mcNemar;
    return {
      accuracy: comparedAnswers(
        right(({ own }) => own),
        right(({ other }) => other),
        test,
      ),
      perByte: comparedAnswers(
        right(({ own, bytes }) => own / bytes),
        right(({ other, bytes }) => other / bytes),
        test,
      ),
    };
  };
  const isDecided = (likelihoods: readonly AnswerLikelihood[][]): boolean => {
    const { accuracy, perByte } = compared(likelihoods);
    return accuracy.p < LEVEL || perByte.p < LEVEL;
  };
  const likelihoods = yield* answerLikelihoods(order, changed, request, untilDecided ? isDecided : undefined);
  return {
    source,
    kind: format,
    questions: likelihoods.length,
    ...(untilDecided && { available: items.length }),
    ...compared(likelihoods),
  };
}

/**
 * How likely two models find every answer of every question.
 * @param isEnough is asked of those so far, now and then, whether the others need not be asked.
 */
export async function* answerLikelihoods(
  items: readonly TaskItem[],
  changed: Model,
  request: Omit<ForwardRequest, "ids">,
  isEnough: (likelihoods: readonly AnswerLikelihood[][]) => boolean = () => false,
): PruneEvents<AnswerLikelihood[][]> {
  const { model, signal } = request;
  const all: AnswerLikelihood[][] = [];
  for (const group of groupsOf(items, model)) {
    signal?.throwIfAborted();
    const part = { done: all.length, group: group.length, all: items.length };
    const rows = yield* compared(group.flat(), changed, request, part);
    let at = 0;
    for (const choices of group)
      all.push(
        choices.map(({ ids, from, bytes }) => {
          const predicted = ids.length - from;
          const { loss, otherLoss } = rows(at, (at += predicted));
          return { own: -loss * predicted, other: -otherLoss * predicted, bytes };
        }),
      );
    if (isEnough(all)) break;
  }
  return all;
}

/** The choices of some questions, as many as pass together. */
function* groupsOf(items: readonly TaskItem[], { tokenizer, context }: Model): Generator<ChoiceIds[][]> {
  let group: ChoiceIds[][] = [];
  let tokens = 0;
  for (const item of items) {
    const choices = choiceIds(item, tokenizer, context);
    const own = choices.reduce((sum, { ids }) => sum + ids.length, 0);
    if (group.length > 0 && tokens + own > GROUP_TOKENS) {
      yield group;
      [group, tokens] = [[], 0];
    }
    group.push(choices);
    tokens += own;
  }
  if (group.length > 0) yield group;
}

/** What both models say of the tokens of the answers, one behind another. */
async function* compared(
  choices: readonly ChoiceIds[],
  other: Model,
  { model, ...shared }: Omit<ForwardRequest, "ids">,
  { done, group, all }: { readonly done: number; readonly group: number; readonly all: number },
): PruneEvents<PredictionRows> {
  const ids = choices.map((choice) => choice.ids);
  const states: Float32Array[] = [];
  for (const [number, one] of [model, other].entries()) {
    const run = lastHiddenStates({ ...shared, model: one, ids });
    let step = await run.next();
    for (; !step.done; step = await run.next())
      yield {
        type: "progress",
        phase: "answer",
        done: done + Math.floor((group * (number + step.value / one.layers)) / 2),
        layers: all,
        share: (done + (group * (number + step.value / one.layers)) / 2) / all,
        secondsLeft: undefined,
      };
    states.push(
      concatenate(
        step.value.map((hidden, i) => {
          const { from, ids: own } = elementAt(choices, i);
          return hidden.subarray((from - 1) * one.hiddenSize, (own.length - 1) * one.hiddenSize);
        }),
      ),
    );
  }
  const following = choices.flatMap(({ ids: own, from }) => [...own.subarray(from)]);
  const both = { own: elementAt(states, 0), other: elementAt(states, 1) };
  return await comparedAt({ model, ...shared }, both, following, other);
}

/** The first of the largest. */
const likeliest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

function comparedAnswers(
  own: readonly boolean[],
  other: readonly boolean[],
  test: (gained: number, lost: number) => number,
): AnsweredTasksDescription["accuracy"] {
  const count = (of: (i: number) => boolean): number => own.filter((_, i) => of(i)).length;
  const gained = count((i) => !elementAt(own, i) && elementAt(other, i));
  const lost = count((i) => elementAt(own, i) && !elementAt(other, i));
  return {
    dense: count((i) => elementAt(own, i)),
    changed: count((i) => elementAt(other, i)),
    gained,
    lost,
    p: test(gained, lost),
  };
}
