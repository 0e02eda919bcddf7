import type { CalibrationResult, CalibrationStudyRequest, PrunePhase, RunEvent } from "../api";
import { equalSubsamples } from "../compare/subsample";
import { ParamscopeError } from "../errors";
import { isCalibrated } from "../prune/options";
import { RunParts } from "../prune/run-parts";
import { openRuntime } from "../runtime/open-runtime";
import { Profiler } from "../sweep/profiler";
import { divisible, evaluationOf, seenNotes, splitDomain } from "./held-out";
import { planTrials, runTrials, type CalibrationRequest, type Trials } from "./trials";

/** The factor by which the tokens of calibrations may differ: beyond it they are told apart by their amount, not only by their kind. */
const UNEQUAL = 1.5;

/**
 * Which texts to calibrate with for which: prunes with the texts of each domain and measures perplexity on held-out texts of
 * each, K × K. Of every domain as many texts are taken as the smallest has; every other one is held out.
 * @throws ParamscopeError for fewer than two domains or a domain of one text; else as `prune` does.
 */
export async function* calibrationStudy(
  request: CalibrationStudyRequest,
): AsyncGenerator<RunEvent<CalibrationResult, PrunePhase>, void, void> {
  const notes: string[] = [];
  const trials = planStudy(request, notes);
  const context = {
    runtime: await openRuntime(request),
    profiler: new Profiler(),
    parts: new RunParts(trials.all),
    notes,
  };
  const document = yield* runTrials(request, trials, context);
  yield { type: "done", result: { document, profile: context.profiler.seconds } };
}

/** What a study tries, and what that takes. */
export function planStudy(request: CalibrationStudyRequest, notes: string[]): Trials {
  const { domains, maxTexts, model } = request;
  checkMethod(request);
  if (domains.length < 2)
    throw new ParamscopeError("A calibration study needs at least two domains.", "Name two folders of texts or more.");
  const distinct = domains.map((domain) => divisible(domain, notes));
  const split = equalSubsamples(distinct, maxTexts, notes).map(splitDomain);
  notes.push(...seenNotes(split));
  const evaluations = split.map((domain) => evaluationOf(domain, model, request, notes));
  const trials = planTrials(
    request,
    split.map(({ name, calibration }) => ({ name, kind: "domain", texts: calibration })),
    evaluations,
  );
  const tokens = trials.trials.map(({ set }) => set.tokens);
  if (Math.max(...tokens) > UNEQUAL * Math.min(...tokens))
    notes.push("The calibrations have unequally many tokens: what they are worth is a matter of amount too.");
  return trials;
}

/**
 * Checks that a method is one of which texts are worth anything.
 * @throws ParamscopeError where the texts have no say in what goes.
 */
export function checkMethod(request: CalibrationRequest): void {
  if (!isCalibrated(request))
    throw new ParamscopeError(
      "Magnitude, uniformly, looks at weights alone: every calibration gives the same model.",
      "Use another criterion, or the allocation by activation.",
    );
}
