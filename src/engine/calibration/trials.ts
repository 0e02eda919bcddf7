import type { CalibrationChoiceRequest, CalibrationStudyRequest, PruneRequest } from "../api";
import { describeMethod, describeModel, describeRun } from "../document/describe";
import type { CalibrationDocument } from "../document/document";
import { elementAt, zip } from "../numbers/elements";
import { calibrationSet, type CalibrationSet } from "../prune/calibration";
import { costsOf, type RunCosts } from "../prune/costs";
import { comparedStates, predictingStates } from "../prune/evaluate";
import type { ForwardRequest } from "../sweep/hidden-states";
import { measuresOutliers } from "../prune/options";
import { planPruning, type PrunePlan } from "../prune/plan";
import { allocationNotes } from "../prune/prune";
import { pruneModel } from "../prune/prune-model";
import type { PruneEvents, RunParts } from "../prune/run-parts";
import { type EvaluatedWindows, evaluatedWindows } from "../prune/window-losses";
import { budgetOf } from "../run/run";
import { targetName } from "../sweep/target";
import type { Text } from "../text/text";
import type { Evaluation } from "./held-out";

export type CalibrationRequest = CalibrationStudyRequest | CalibrationChoiceRequest;

/** Texts that are tried as calibration. */
export interface TriedTexts {
  readonly name: string;
  readonly kind: CalibrationDocument["calibrations"][number]["kind"];
  readonly texts: readonly Text[];
}

/** Pruning with one set of texts, and what it takes. */
interface Trial extends TriedTexts {
  readonly request: PruneRequest;
  readonly set: CalibrationSet;
  readonly plan: PrunePlan;
  readonly costs: RunCosts;
}

/** A run that tries several sets of texts as calibration. */
export interface Trials {
  readonly trials: readonly Trial[];
  readonly evaluations: readonly Evaluation[];
  /** The windows of all evaluations, one behind the other. */
  readonly windows: readonly Int32Array[];
  /** The cost of evaluating one model, and of every part of the run, as `costsOf` counts. */
  readonly evaluate: number;
  readonly all: readonly number[];
}

/**
 * Plans to prune with each set of texts, and to evaluate each pruned model.
 * @throws ParamscopeError when a text, an option or the memory does not allow one of the runs.
 */
export function planTrials(
  request: CalibrationRequest,
  tried: readonly TriedTexts[],
  evaluations: readonly Evaluation[],
): Trials {
  const { model, criterion } = request;
  const budget = budgetOf(request);
  const windows = evaluations.flatMap((evaluation) => evaluation.windows);
  const trials = tried.map((texts): Trial => {
    const pruning: PruneRequest = { ...request, calibration: texts.texts, notes: undefined };
    const set = calibrationSet(pruning);
    const calibration = set.samples.map(({ ids }) => ids.length);
    return {
      ...texts,
      request: pruning,
      set,
      plan: planPruning(
        {
          model,
          criterion,
          outliers: measuresOutliers(pruning),
          calibration,
          windows: windows.map(({ length }) => length),
        },
        budget,
      ),
      costs: costsOf(pruning, set.tokens, { ids: windows, available: windows.length }),
    };
  });
  const evaluate = elementAt(trials, 0).costs.evaluate / 2;
  const all = [evaluate, ...trials.flatMap(({ costs }) => [...costs.pruning, evaluate])];
  return { trials, evaluations, windows, evaluate, all };
}

/** Prunes the model with each set of texts in turn, and measures what every pruned one predicts of each evaluation. */
export async function* runTrials(
  request: CalibrationRequest,
  { trials, evaluations, windows, evaluate }: Trials,
  context: Pick<ForwardRequest, "runtime" | "profiler"> & {
    readonly parts: RunParts;
    readonly notes: readonly string[];
  },
  choice: CalibrationDocument["choice"] = null,
): PruneEvents<CalibrationDocument> {
  const { model, signal } = request;
  const { runtime, profiler, parts } = context;
  const forward = { model, runtime, profiler, ids: windows, signal };
  const dense = yield* parts.run(evaluate, predictingStates(forward, 0, 1));
  const results: EvaluatedWindows[][] = [];
  const notes: string[][] = [];
  for (const { name, request: pruning, set, costs } of trials) {
    const prunedStates = async function* (): PruneEvents<Float32Array> {
      const pruned = yield* pruneModel(pruning, { ...context, samples: set.samples, costs });
      notes.push([...set.notes, ...allocationNotes(pruning, pruned)]);
      try {
        return yield* parts.run(evaluate, predictingStates({ ...forward, model: pruned.model }, 0, 1));
      } finally {
        await pruned.dispose();
      }
    };
    const rows = await comparedStates(forward, dense, yield* of(name, prunedStates()));
    let from = 0;
    results.push(
      evaluations.map((evaluation) => {
        const evaluated = evaluatedWindows(rows, evaluation.windows, from);
        from += evaluated.tokens;
        return evaluated;
      }),
    );
  }
  const all = <Value>(value: (result: EvaluatedWindows) => Value): Value[][] => results.map((each) => each.map(value));
  // the dense model is the same with every calibration
  const one = elementAt(results, 0);
  return {
    format: "paramscope.calibration",
    version: 1,
    model: await describeModel(model),
    run: describeRun(
      runtime,
      parts.seconds,
      [],
      [
        ...(request.notes ?? []),
        ...context.notes,
        ...sharedNotes(
          trials.map(({ name }) => name),
          notes,
        ),
      ],
    ),
    target: targetName(request.target, model.tokenizer),
    ...describeMethod(request),
    window: elementAt(trials, 0).set.window,
    calibrations: trials.map(({ name, kind, set: { samples, tokens } }) => ({
      name,
      kind,
      sources: samples.map(({ source }) => source),
      texts: samples.length,
      tokens,
    })),
    evaluations: evaluations.map((evaluation) => ({
      name: evaluation.name,
      sources: [...evaluation.sources],
      texts: evaluation.sources.length,
      tokens: predicted(evaluation.windows),
      windows: evaluation.windows.length,
      available: evaluation.available,
    })),
    dense: one.map(({ perplexity }) => perplexity),
    perplexity: all(({ otherPerplexity }) => otherPerplexity),
    agreement: all(({ agreement }) => agreement),
    divergence: all(({ divergence }) => divergence),
    losses: {
      tokens: one.map(({ losses }) => losses.tokens),
      dense: one.map(({ losses }) => losses.own),
      pruned: all(({ losses }) => losses.other),
    },
    choice,
  };
}

/** Progress that says of which set of texts it is; layers are no result here. */
async function* of<Result>(calibration: string, events: PruneEvents<Result>): PruneEvents<Result> {
  for (;;) {
    const step = await events.next();
    if (step.done) return step.value;
    if (step.value.type === "progress") yield { ...step.value, calibration };
  }
}

const predicted = (windows: readonly Int32Array[]): number => windows.reduce((sum, { length }) => sum + length - 1, 0);

/** Each note once, with the names of those that they are about where that is not all. */
export function sharedNotes(names: readonly string[], notes: readonly (readonly string[])[]): string[] {
  const about = new Map<string, string[]>();
  for (const [name, own] of zip(names, notes))
    for (const note of own) about.set(note, [...(about.get(note) ?? []), name]);
  return [...about].map(([note, of]) => (of.length === names.length ? note : `${of.join(", ")}: ${note}`));
}
