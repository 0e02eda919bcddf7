import type { RunEvent, RunOptions } from "../api";
import { ParamscopeError } from "../errors";
import type { Model } from "../model/model";
import { writtenText } from "../model/tokenizer/written-text";
import { zip } from "../numbers/elements";
import { openRuntime } from "../runtime/open-runtime";
import { Profiler } from "../sweep/profiler";
import type { Sample } from "../text/sample";
import { continueGreedily, resident } from "./continuation";
import { budgetOf } from "./run";

/** The most tokens of an answer that the model gives. */
export const MOST_TOKENS = 16;
/** The share of what a run may take that holds the model's weights while it answers: else they are read for every token. */
const RESIDENT_SHARE = 0.5;

/**
 * Samples with what the target `answer` asks for behind them: the text that it names, or what the model goes on with greedily, up to
 * its end token or the end of a line, at most `MOST_TOKENS`. For any other target they come without an answer.
 * @throws ParamscopeError for an answer without tokens, or one for which the model has no room; the signal's reason when aborted.
 */
export async function* answered(
  options: RunOptions,
  samples: readonly Sample[],
): AsyncGenerator<Extract<RunEvent<never>, { type: "progress" }>, Sample[], void> {
  const { model, target, signal } = options;
  const bare = samples.map(withoutAnswer);
  if (target.kind !== "answer") return bare;
  const prompts = bare.map((sample) => withoutSuffix(sample, model));
  if (target.text !== undefined) {
    const answer = answerTokens(target.text, model);
    return prompts.map((sample) => withAnswer(sample, answer, model));
  }
  for (const sample of prompts) checkRoom(sample, 1, model);
  const holds = 4 * model.parameters < RESIDENT_SHARE * budgetOf(options);
  const run = continueGreedily({
    model: holds ? resident(model) : model,
    runtime: await openRuntime(options),
    profiler: new Profiler(),
    prompts: prompts.map(({ ids }) => ids),
    most: MOST_TOKENS,
    isOver: (written, next) => isVisible(written, model) && model.tokenizer.tokenText(next).includes("\n"),
    ...(signal && { signal }),
  });
  let step = await run.next();
  for (; !step.done; step = await run.next())
    yield {
      type: "progress",
      phase: "continue",
      done: step.value,
      layers: MOST_TOKENS,
      share: 0,
      secondsLeft: undefined,
    };
  return zip(prompts, step.value).map(([sample, written]) => {
    if (written.length > 0) return withAnswer(sample, written, model);
    throw new ParamscopeError(
      `The model ends ${sample.source} without an answer.`,
      "Give an answer, or take another target.",
      { settings: ["target"] },
    );
  });
}

/** How many tokens an answer adds to a sample at most. */
export function answerLength({ model, target }: Pick<RunOptions, "model" | "target">): number {
  if (target.kind !== "answer") return 0;
  return target.text === undefined ? MOST_TOKENS : answerTokens(target.text, model).length;
}

function answerTokens(text: string, { tokenizer }: Model): readonly number[] {
  const { ids } = tokenizer.encode(text, { special: false });
  if (ids.length > 0) return ids;
  throw new ParamscopeError("The answer has no tokens for this model.", "Give one with visible characters.");
}

const isVisible = (written: readonly number[], model: Model): boolean => writtenText(written, model).trim() !== "";

/** The sample as its text has it. */
function withoutAnswer({ answer = 0, ...sample }: Sample): Sample {
  return answer === 0 ? sample : cutAt(sample, sample.ids.length - answer);
}

/** Without the special tokens that end a text: an answer goes on with it. */
export function withoutSuffix(sample: Sample, { tokenizer: { suffix } }: Model): Sample {
  const end = sample.ids.length - suffix.length;
  const hasIt =
    suffix.length > 0 && suffix.every((id, i) => sample.ids[end + i] === id && sample.starts[end + i] === -1);
  return hasIt ? cutAt(sample, end) : sample;
}

function cutAt(sample: Sample, end: number): Sample {
  const { ids, starts, ends } = sample;
  return { ...sample, ids: ids.slice(0, end), starts: starts.slice(0, end), ends: ends.slice(0, end) };
}

function withAnswer(sample: Sample, answer: readonly number[], model: Model): Sample {
  checkRoom(sample, answer.length, model);
  const behind = (own: Int32Array, more: readonly number[]): Int32Array => Int32Array.from([...own, ...more]);
  const nowhere = answer.map(() => -1);
  return {
    ...sample,
    ids: behind(sample.ids, answer),
    starts: behind(sample.starts, nowhere),
    ends: behind(sample.ends, nowhere),
    answer: answer.length,
  };
}

function checkRoom({ ids, source }: Sample, tokens: number, { context }: Model): void {
  if (ids.length + tokens <= context) return;
  throw new ParamscopeError(
    `${source} has ${ids.length} tokens, and with an answer of ${tokens} that is more than the ${context} that the model can read.`,
    "Take a smaller window.",
    { settings: ["window"] },
  );
}
