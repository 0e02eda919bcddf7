import type { PatchingPhase, PatchingRequest, PatchingResult, RunEvent } from "../api";
import { describeModel, describeRun } from "../document/describe";
import type { PatchedPrompt, PatchingDocument } from "../document/document";
import { ParamscopeError } from "../errors";
import { budgetOf } from "../run/run";
import { openRuntime } from "../runtime/open-runtime";
import type { HeadResult } from "../sweep/head";
import { Profiler } from "../sweep/profiler";
import { tokenNamed } from "../sweep/target";
import type { Sample } from "../text/sample";
import { planPatching } from "./patching-plan";
import { PatchingRun, type Cell } from "./patching-run";
import { promptSamples, tokenizations } from "./prompts";

/** How far a difference of logits may be off by rounding. */
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
  const start = performance.now();
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
    yield* run.patch(answers, (cell) => (cells[cell.layer][cell.position] = cell));

    const differ = Math.abs(valueA - valueB) > NOTHING;
    const values = cells.map((layer) => layer.map(({ value }) => value));
    const token = (id: number) => ({ id, text: model.tokenizer.tokenText(id) });
    const named = (tokens: HeadResult["next"]) => tokens.map(({ id, probability }) => ({ ...token(id), probability }));
    const [a, b] = samples.map((sample, i): PatchedPrompt => ({
      source: sample.source,
      text: sample.text,
      tokens: Array.from(sample.ids, (id, t) => ({
        id,
        text:
          sample.starts[t] < 0 ? model.tokenizer.tokenText(id) : sample.text.slice(sample.starts[t], sample.ends[t]),
        start: sample.starts[t],
        end: sample.ends[t],
      })),
      value: [valueA, valueB][i],
      nextTokens: named(own[i].next),
    }));
    const document: PatchingDocument = {
      format: "paramscope.patching",
      version: 1,
      model: await describeModel(model),
      run: describeRun(runtime, (performance.now() - start) / 1000, []),
      site,
      a,
      b,
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

function answersOf(
  { answers, model: { tokenizer } }: PatchingRequest,
  own: readonly HeadResult[],
  samples: readonly Sample[],
): [number, number] {
  const [a, b] =
    answers === undefined
      ? own.map(({ next: [{ id }] }) => id)
      : answers.map((answer) => {
          const id = tokenNamed(answer, tokenizer);
          if (id !== undefined) return id;
          throw new ParamscopeError(
            `The answer ${JSON.stringify(answer)} is not one token of this model.`,
            "Most words are a token with the space in front, as in ' Paris'.",
            { settings: ["answers"] },
          );
        });
  if (a === b)
    throw new ParamscopeError(
      `Both prompts have the same answer, ${JSON.stringify(tokenizer.tokenText(a))}: there is no difference to trace.\n${tokenizations(samples, tokenizer)}`,
      "Give prompts with different answers, or two answers.",
      { settings: ["answers"] },
    );
  return [a, b];
}
