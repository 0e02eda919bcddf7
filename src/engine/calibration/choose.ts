import type { CalibrationChoiceRequest, CalibrationResult, PrunePhase, RunEvent } from "../api";
import { subsample } from "../compare/subsample";
import { ParamscopeError } from "../errors";
import { SWEEP_PASSES } from "../prune/costs";
import { RunParts } from "../prune/run-parts";
import { randomNumbers } from "../numbers/random";
import { openRuntime } from "../runtime/open-runtime";
import { Profiler } from "../sweep/profiler";
import { evenlySpaced } from "../text/choose-windows";
import type { Text } from "../text/text";
import { firstWindows } from "../text/form-samples";
import { plural } from "../numbers/plural";
import { evaluationOf, splitDomain } from "./held-out";
import { similaritiesTo } from "./similar-texts";
import { checkMethod } from "./study";
import { planTrials, runTrials } from "./trials";

/** Texts of the domain that those of the pool are compared with, at most: they are swept with every batch of the pool. */
const MODELS_OF_DOMAIN = 8;
/** Ids of a text that say what it is like, at most. */
const COMPARED_TOKENS = 128;
/** Random choices that the chosen texts are compared with: one alone may be a lucky one. */
const DRAWS = 3;

/**
 * Chooses of a pool the texts that activate the deep layers most like a domain's, and measures what they are worth as calibration
 * for that domain against as many random ones: perplexity on held-out texts of the domain.
 * @throws ParamscopeError where there is nothing to choose from; else as `prune` does.
 */
export async function* chooseCalibration(
  request: CalibrationChoiceRequest,
): AsyncGenerator<RunEvent<CalibrationResult, PrunePhase>, void, void> {
  const { seed } = request;
  const notes: string[] = [];
  const { texts, pool, draws, evaluations, planned, ofDomain, ofPool, sweep } = planChoice(request, notes);
  const parts = new RunParts([sweep, ...planned.all]);
  const similarity = yield* parts.run(sweep, similaritiesTo(request, ofDomain, ofPool));
  const order = texts.map((_, i) => i).sort((a, b) => similarity[b] - similarity[a]);
  const chosen = order.slice(0, request.choose).sort((a, b) => a - b);

  const context = { runtime: await openRuntime(request), profiler: new Profiler(), parts, notes };
  const tried = [{ name: "chosen", kind: "chosen" as const, texts: chosen.map((i) => texts[i]) }, ...draws];
  const document = yield* runTrials(request, planTrials(request, tried, evaluations), context, {
    pool: pool.name,
    seed,
    similarities: order.map((i) => ({
      source: texts[i].source,
      similarity: similarity[i],
      chosen: chosen.includes(i),
    })),
  });
  yield { type: "done", result: { document, profile: context.profiler.seconds } };
}

/** The draws, what they and the choice take, and the texts that are compared to choose. */
export function planChoice(request: CalibrationChoiceRequest, notes: string[]) {
  const { model, choose, maxTexts, seed } = request;
  checkMethod(request);
  const domain = splitDomain(subsample(request.domain, maxTexts, notes));
  const pool = subsample(withoutTextsOf(request.domain.texts, request.pool, notes), maxTexts, notes);
  const { texts } = pool;
  if (choose >= texts.length)
    throw new ParamscopeError(
      `${pool.name} has ${texts.length} ${plural(texts.length, "text", "texts")} to choose from: ${choose} of them are no choice.`,
      texts.length > 1 ? `Choose ${texts.length - 1} or fewer, or name a larger pool.` : "Name a larger pool.",
    );
  const evaluations = [evaluationOf(domain, model, request, notes)];
  const draws = randomDraws(texts.length, choose, seed).map((own, i) => ({
    name: `random ${i + 1}`,
    kind: "random" as const,
    texts: own.map((text) => texts[text]),
  }));
  // whatever is chosen, it takes about what the random ones take
  const planned = planTrials(request, [...draws, draws[0]], evaluations);

  const window = Math.min(request.window, COMPARED_TOKENS);
  const comparedSamples = (some: readonly Text[]) =>
    firstWindows(some, model.tokenizer, { window, context: model.context }).samples;
  const { calibration } = domain;
  const models = evenlySpaced(calibration.length, Math.min(MODELS_OF_DOMAIN, calibration.length));
  const [ofDomain, ofPool] = [comparedSamples(models.map((i) => calibration[i])), comparedSamples(texts)];
  const tokens = [...ofDomain, ...ofPool].reduce((sum, { ids }) => sum + ids.length, 0);
  const sweep = SWEEP_PASSES * tokens;
  return { texts, pool, draws, evaluations, planned, ofDomain, ofPool, sweep };
}

/** Texts that are the domain's own would be evaluated on what was seen. */
function withoutTextsOf(
  own: readonly Text[],
  { name, texts }: CalibrationChoiceRequest["pool"],
  notes: string[],
): CalibrationChoiceRequest["pool"] {
  const known = new Set(own.map(({ text }) => text));
  const others = texts.filter(({ text }) => !known.has(text));
  const left = texts.length - others.length;
  if (left > 0)
    notes.push(
      `${left} ${plural(left, "text", "texts")} of ${name} ${plural(left, "is", "are")} the domain's own, and ${plural(left, "was", "were")} left out.`,
    );
  return { name, texts: others };
}

/** `count` of `texts` texts, ascending, several times. */
function randomDraws(texts: number, count: number, seed: number): number[][] {
  const next = randomNumbers(seed);
  return Array.from({ length: DRAWS }, () => {
    const order = Array.from({ length: texts }, (_, i) => i);
    for (let i = 0; i < count; i++) {
      const j = i + Math.floor(next() * (texts - i));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order.slice(0, count).sort((a, b) => a - b);
  });
}
