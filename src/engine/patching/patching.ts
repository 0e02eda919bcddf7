import type { PatchingPhase, PatchingRequest, PatchingResult, RunEvent } from "../api";
import { describeModel, describeRun, describeTokens } from "../document/describe";
import type { PatchedPrompt, PatchingDocument } from "../document/document";
import { ParamscopeError } from "../errors";
import { quoteText } from "../model/formats/quote";
import type { Tokenizer } from "../model/tokenizer/tokenizer";
import { elementAt } from "../numbers/elements";
import { budgetOf } from "../run/run";
import { stopwatch } from "../run/stopwatch";
import { openRuntime } from "../runtime/open-runtime";
import type { HeadResult } from "../sweep/head";
import { Profiler } from "../sweep/profiler";
import { tokenNamed } from "../sweep/target";
import type { Sample } from "../text/sample";
import { planPatching } from "./patching-plan";
import { PatchingRun, type Cell } from "./patching-run";
import { promptSamples, tokenizations } from "./prompts";

/** The most that a difference of logits may be off by rounding. */
const NOTHING = 1e-4;

/**
 * Activation patching: prompt B is run with what the site holds in A's run put in its place, at one layer and position at a
 * time, and the difference of the logits of A's answer and B's says how much of A's answer that place carries. Cells of all
 * positions run as a batch, and a cell of layer l starts from l.
 * @throws ParamscopeError when the prompts have not equally many tokens or the same answer, or there is not the memory.
 */
export async function* patching(
  request: PatchingRequest,
): AsyncGenerator<RunEvent<PatchingResult, PatchingPhase>, void, void> {
  const { model, site, signal } = request;
  const seconds = stopwatch();
  const samples = promptSamples(request);
  const runtime = await openRuntime(request);
  const profiler = new Profiler();
  const plan = planPatching(model, samples[0].ids.length, budgetOf(request));
  const run = new PatchingRun({ model, runtime, profiler, site, samples, plan, signal });
  try {
    const own = yield* run.ownRuns();
    const answers = answersOf(request, own, samples);
    const [valueA, valueB] = await run.differences(answers);
    const cells: Cell[][] = Array.from({ length: model.layers }, () => []);
    yield* run.patch(answers, (cell) => (elementAt(cells, cell.layer)[cell.position] = cell));

    const differ = Math.abs(valueA - valueB) > NOTHING;
    const values = cells.map((layer) => layer.map(({ value }) => value));
    const token = (id: number) => ({ id, text: model.tokenizer.tokenText(id) });
    const named = (tokens: HeadResult["next"]) => tokens.map(({ id, probability }) => ({ ...token(id), probability }));
    const prompt = (sample: Sample, value: number, { next }: HeadResult): PatchedPrompt => ({
      source: sample.source,
      text: sample.text,
      tokens: describeTokens(sample, model.tokenizer),
      value,
      nextTokens: named(next),
    });
    const document: PatchingDocument = {
      format: "paramscope.patching",
      version: 1,
      model: await describeModel(model),
      run: describeRun(runtime, seconds(), []),
      site,
      a: prompt(samples[0], valueA, own[0]),
      b: prompt(samples[1], valueB, own[1]),
      answers: { a: token(answers[0]), b: token(answers[1]) },
      grid: differ ? values.map((layer) => layer.map((value) => (value - valueB) / (valueA - valueB))) : null,
      values,
      nextTokens: cells.map((layer) => layer.map(({ next }) => named(next))),
    };
    yield { type: "done", result: { document, profile: profiler.seconds } };
  } finally {
    await run.dispose();
  }
}

/** The tokens of A's answer and of B's: those that were asked for, or the likeliest. */
function answersOf(
  { answers, model: { tokenizer } }: PatchingRequest,
  own: readonly [HeadResult, HeadResult],
  samples: readonly [Sample, Sample],
): [number, number] {
  const [a, b] =
    answers === undefined
      ? [elementAt(own[0].next, 0).id, elementAt(own[1].next, 0).id]
      : [answerToken(answers[0], tokenizer), answerToken(answers[1], tokenizer)];
  if (a === b)
    throw new ParamscopeError(
      `Both prompts have the same answer, ${quoteText(tokenizer.tokenText(a))}: there is no difference to trace.\n${tokenizations(samples, tokenizer)}`,
      "Give prompts with different answers, or two answers.",
      { settings: ["answers"] },
    );
  return [a, b];
}

function answerToken(answer: string, tokenizer: Tokenizer): number {
  const id = tokenNamed(answer, tokenizer);
  if (id !== undefined) return id;
  throw new ParamscopeError(
    `The answer ${quoteText(answer)} is not one token of this model.`,
    "Most words are a token with the space in front, as in ' Paris'.",
    { settings: ["answers"] },
  );
}
