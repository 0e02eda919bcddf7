import type { CalibrationChoiceRequest, CalibrationResult, PrunePhase, RunEvent } from "../api";
import { subsample } from "../compare/subsample";
import { ParamscopeError } from "../errors";
import { SWEEP_PASSES } from "../prune/costs";
import { RunParts } from "../prune/run-parts";
import { elementAt, zip } from "../numbers/elements";
import { randomNumbers, randomSubset } from "../numbers/random";
import { openRuntime } from "../runtime/open-runtime";
import { Profiler } from "../sweep/profiler";
import { evenlySpacedOf } from "../text/choose-windows";
import { textKey, withoutCopies } from "../text/copies";
import type { Text } from "../text/text";
import { firstWindows } from "../text/form-samples";
import { plural } from "../numbers/plural";
import { divisible, evaluationOf, splitDomain } from "./held-out";
import { similaritiesTo } from "./similar-texts";
import { checkMethod } from "./study";
import { planTrials, runTrials } from "./trials";

/** The most texts of the domain that those of the pool are compared with: they are swept with every batch of the pool. */
const MODELS_OF_DOMAIN = 8;
/** The most ids of a text that say what it is like. */
const COMPARED_TOKENS = 128;
/** How many random choices the chosen texts are compared with: one alone may be a lucky one. */
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
  const ranked = zip(texts, similarity)
    .map(([text, alike], number) => ({ text, alike, number }))
    .sort((a, b) => b.alike - a.alike);
  const chosen = ranked.slice(0, request.choose).sort((a, b) => a.number - b.number);

  const context = { runtime: await openRuntime(request), profiler: new Profiler(), parts, notes };
  const tried = [{ name: "chosen", kind: "chosen" as const, texts: chosen.map(({ text }) => text) }, ...draws];
  const document = yield* runTrials(request, planTrials(request, tried, evaluations), context, {
    pool: pool.name,
    seed,
    similarities: ranked.map((one) => ({
      source: one.text.source,
      similarity: one.alike,
      chosen: chosen.includes(one),
    })),
  });
  yield { type: "done", result: { document, profile: context.profiler.seconds } };
}

/** The draws, what they and the choice take, and the texts that are compared to choose. */
export function planChoice(request: CalibrationChoiceRequest, notes: string[]) {
  const { model, choose, maxTexts, seed } = request;
  checkMethod(request);
  const domain = splitDomain(subsample(divisible(request.domain, notes), maxTexts, notes));
  const pool = subsample(poolBeside(request.domain.texts, request.pool, notes), maxTexts, notes);
  const { texts } = pool;
  if (choose >= texts.length)
    throw new ParamscopeError(
      `${pool.name} has ${texts.length} ${plural(texts.length, "text", "texts")} to choose from: ${choose} of them are no choice.`,
      texts.length > 1 ? `Choose ${texts.length - 1} or fewer, or name a larger pool.` : "Name a larger pool.",
    );
  const evaluations = [evaluationOf(domain, model, request, notes)];
  const next = randomNumbers(seed);
  const draws = Array.from({ length: DRAWS }, (_, i) => ({
    name: `random ${i + 1}`,
    kind: "random" as const,
    texts: randomSubset(texts.length, choose, next).map((text) => elementAt(texts, text)),
  }));
  // whatever is chosen, it takes about what the random ones take
  const planned = planTrials(request, [...draws, { ...elementAt(draws, 0), name: "chosen" }], evaluations);

  const window = Math.min(request.window, COMPARED_TOKENS);
  const comparedSamples = (some: readonly Text[]) =>
    firstWindows(some, model.tokenizer, { window, context: model.context }).samples;
  const { calibration } = domain;
  const models = evenlySpacedOf(calibration, Math.min(MODELS_OF_DOMAIN, calibration.length));
  const [ofDomain, ofPool] = [comparedSamples(models), comparedSamples(texts)];
  const tokens = [...ofDomain, ...ofPool].reduce((sum, { ids }) => sum + ids.length, 0);
  const sweep = SWEEP_PASSES * tokens;
  return { texts, pool, draws, evaluations, planned, ofDomain, ofPool, sweep };
}

/** A pool's texts, each once, without those that are the domain's own, which would be evaluated on what was seen. */
function poolBeside(
  own: readonly Text[],
  { name, texts: given }: CalibrationChoiceRequest["pool"],
  notes: string[],
): CalibrationChoiceRequest["pool"] {
  const texts = withoutCopies(given, notes, name);
  const known = new Set(own.map(textKey));
  const others = texts.filter((text) => !known.has(textKey(text)));
  const left = texts.length - others.length;
  if (left > 0)
    notes.push(
      `${left} ${plural(left, "text", "texts")} of ${name} ${plural(left, "is", "are")} the domain's own, and ${plural(left, "was", "were")} left out.`,
    );
  return { name, texts: others };
}
