import type { RunEvent, RunOptions } from "../api";
import { describeNext } from "../document/describe";
import { ParamscopeError } from "../errors";
import { withinTime } from "../model/tokenizer/time-limit";
import { elementAt } from "../numbers/elements";
import { openRuntime } from "../runtime/open-runtime";
import { Head } from "../sweep/head";
import { lastHiddenStates } from "../sweep/hidden-states";
import { Profiler } from "../sweep/profiler";
import { formSamples, type SampleOptions } from "../text/form-samples";
import type { Sample } from "../text/sample";
import type { Text } from "../text/text";
import { withoutSuffix } from "./answers";

export interface NextTokensRequest extends Omit<RunOptions, "target" | "deep"> {
  readonly text: Text;
  /** The most tokens that are read: of a longer text its end. */
  readonly window: number;
  readonly chat: boolean;
  /** Also how little the model expected each of the last tokens: so many of them at most. */
  readonly losses?: number;
}

/** What a model expects behind a text. */
export interface NextTokens {
  /** The likeliest first, at most five. */
  readonly tokens: readonly { readonly id: number; readonly text: string; readonly probability: number }[];
  /** Whether only the text's end was read. */
  readonly isCut: boolean;
  /** The tokens whose losses were asked for, as UTF-16 offsets into the text, in their order, each with −log p of it, in nats. */
  readonly losses?: readonly { readonly start: number; readonly end: number; readonly loss: number }[];
}

/**
 * The likeliest tokens behind a text. The model is read once, forward.
 * @throws ParamscopeError when the text has no tokens or is longer than a text may be; the signal's reason when aborted.
 */
export async function* nextTokens(
  request: NextTokensRequest,
): AsyncGenerator<Exclude<RunEvent<NextTokens>, { type: "layer" }>, void, void> {
  const { model, signal } = request;
  const { sample, from, isCut } = endOf(request);
  const runtime = await openRuntime(request);
  const context = { model, runtime, profiler: new Profiler() };
  const run = lastHiddenStates({ ...context, ids: [sample.ids], ...(signal && { signal }) });
  const start = performance.now();
  let step = await run.next();
  for (; !step.done; step = await run.next()) {
    const share = step.value / model.layers;
    const seconds = (performance.now() - start) / 1000;
    const secondsLeft = step.value > 1 ? (seconds * (1 - share)) / share : undefined;
    yield { type: "progress", phase: "forward", done: step.value, layers: model.layers, share, secondsLeft };
  }
  const head = new Head(context);
  try {
    const states = elementAt(step.value, 0);
    const { ids, starts, ends } = sample;
    const first = Math.max(0, ids.length - 1 - (request.losses ?? 0));
    const rows = Array.from({ length: ids.length - first }, (_, i) => ({
      hidden: states.slice((first + i) * model.hiddenSize, (first + i + 1) * model.hiddenSize),
      following: [],
      next: ids[first + i + 1],
    }));
    const results = await head.run(rows, { kind: "max-logit" }, signal);
    const losses = results.flatMap(({ loss }, i) => {
      const [start, end] = [starts[first + i + 1] ?? -1, ends[first + i + 1] ?? -1];
      // a template's tokens are not in the text
      return loss === undefined || start < 0 ? [] : [{ start: from + start, end: from + end, loss }];
    });
    const tokens = describeNext(model.tokenizer, results.at(-1)?.next ?? []);
    yield { type: "done", result: { tokens, isCut, ...(request.losses !== undefined && { losses }) } };
  } finally {
    await head.dispose();
  }
}

/** The text as one sample, or as much of its end as the model reads at once, without what would end it. */
function endOf({ text, window, chat, model }: NextTokensRequest): { sample: Sample; from: number; isCut: boolean } {
  const options: SampleOptions = { window, chat, context: model.context, maxSamples: 1 };
  const whole = only(formSamples([text], model.tokenizer, options));
  if (whole) return { sample: chat ? whole : withoutSuffix(whole, model), from: 0, isCut: false };
  const starts = withinTime(text.text.length, () => model.tokenizer.encode(text.text, { special: false }).starts);
  // an end by itself may have a few more tokens than it had in its text, and a chat template has some too
  for (let room = Math.min(window, model.context); room > 0; room = Math.floor(room * 0.9)) {
    const from = starts.slice(-room).find((start) => start >= 0) ?? 0;
    const end = only(formSamples([{ ...text, text: text.text.slice(from) }], model.tokenizer, options));
    if (end) return { sample: chat ? end : withoutSuffix(end, model), from, isCut: true };
  }
  throw new ParamscopeError(`The window has no room for the end of ${text.source}`, "Take a larger window.", {
    settings: ["window"],
  });
}

/** The sample that is all of a text; undefined where it makes several. */
function only({ samples: [sample], windowsSkipped }: ReturnType<typeof formSamples>): Sample | undefined {
  return windowsSkipped === 0 ? sample : undefined;
}
