import type { ShrinkRequest } from "../api";
import { ParamscopeError } from "../errors";
import { refuseWithoutRoom } from "../free-space";
import { checkTarget } from "../prune/export/whole-folder";
import { bytesOf } from "../prune/export/write-model-folder";
import { refuseOverlap } from "../prune/export/overlap";
import type { Model } from "../model/model";
import { evaluationWindows, type EvaluationWindows } from "../prune/evaluation-windows";
import { CONTINUATION, SWEEP_PASSES } from "../prune/costs";
import { promptOf } from "../prune/prepare";
import { seenNotes } from "../prune/seen-tokens";
import { checkGgufOutput, ggufTensors, usualBytes } from "../quantize/export/write-gguf";
import { fewestIds } from "../sweep/target";
import { taskTokens } from "../tasks/choice-ids";
import type { Sample } from "../text/sample";
import { groupsOf, keptOf, stepsOf } from "./choose-units";
import { LEAST_IDS } from "./left-out-losses";
import { readForSpeed, SPEED_PASSES } from "./measure-speed";
import { countOf, goesInSteps, type ShrinkWay, type Structure, usualSteps } from "./options";
import { checkStructure } from "./refusals";
import { shrunkModel, type Kept } from "./shrunk-model";
import { shrunkTensors } from "./write-shrunk";

/** With fewer tokens than this the choice is a matter of chance. */
const FEW_TOKENS = 1024;
/** The passes of one model that is evaluated, with its logits. */
const EVALUATING_PASSES = 1.2;
/** How many tokens' pass takes as long as writing the weights once. */
const WRITING_TOKENS = 300;

/** All that is known of a run before anything is computed. */
export interface PreparedShrinking {
  /** Those of the set that are long enough. */
  readonly samples: readonly Sample[];
  /** Per group of units that one has, how many there are, and how many go. */
  readonly of: number;
  readonly removed: number;
  /** The most that could. */
  readonly most: number;
  readonly steps: number;
  /** The way that is meant, then those that are compared with it. */
  readonly ways: readonly ShrinkWay[];
  /** Other numbers of units that go, ascending, each in its steps. */
  readonly curve: readonly { readonly removed: number; readonly steps: number }[];
  readonly windows: EvaluationWindows | undefined;
  readonly prompt: { readonly text: string; readonly ids: Int32Array } | undefined;
  /** What is read to measure how fast. */
  readonly read: readonly Int32Array[];
  readonly notes: readonly string[];
  readonly costs: {
    readonly sweep: number;
    readonly forward: number;
    readonly evaluate: number;
    readonly speed: number;
    readonly tasks: number;
    readonly continuation: number;
    readonly write: number;
    readonly sweeps: number;
    readonly forwards: number;
    readonly evaluations: number;
    readonly all: readonly number[];
  };
}

/** @throws ParamscopeError when a text, the model or the number of units does not allow the run. */
export async function prepareShrinking(request: ShrinkRequest): Promise<PreparedShrinking> {
  const { model, set, by, structure, evaluation, exportTo, ggufTo } = request;
  await checkTargets(request);
  checkStructure(model, structure);
  const notes = [...(request.notes ?? []), ...set.notes];
  const ways = [...new Set([by, ...(request.compared ?? [])])];
  const samples = longSamples(request, ways, notes);
  const counts = groupsOf(model, structure);
  const of = oneCount(model, structure, counts);
  const removed = removedOf(request, of);
  const steps = possibleSteps(request, counts, removed);
  const others = evaluation ? (request.curve ?? []).map((amount) => removedOf({ ...request, amount }, of)) : [];
  const curve = [...new Set(others)]
    .filter((one) => one !== removed)
    .sort((a, b) => a - b)
    .map((one) => ({ removed: one, steps: possibleSteps(request, counts, one) }));
  await checkFiles(request, likeWhatIsLeft(model, structure, counts, removed));
  const windows =
    evaluation &&
    evaluationWindows(evaluation.text, model.tokenizer, {
      window: Math.min(evaluation.window, model.context),
      count: evaluation.windows,
    });
  if (windows && evaluation) notes.push(...seenNotes(evaluation.text.source, windows.ids, samples, "what it costs"));
  const prompt = request.prompt === undefined ? undefined : promptOf(request.prompt, model);
  const read = readForSpeed([...(windows?.ids ?? []), ...samples.map(({ ids }) => ids)]);

  const tokensOf = (ids: readonly Int32Array[]): number => ids.reduce((sum, { length }) => sum + length, 0);
  const tokens = tokensOf(samples.map(({ ids }) => ids));
  // what an earlier run, or a smaller choice of this one, has measured is not measured again
  const measurements = distinct(
    [{ removed, steps }, ...curve].flatMap((one) => {
      const rounds = stepsOf(one.removed, one.steps);
      return rounds.map((_, i) => rounds.slice(0, i));
    }),
  );
  const goneBefore = (way: ShrinkWay): number[] => {
    if (!ways.includes(way)) return [];
    return measurements
      .filter((behind) => request.known?.find(request, { samples, structure, way, behind }) === undefined)
      .map((behind) => behind.at(-1) ?? 0);
  };
  const sweeps = goneBefore("activation").length;
  const forwards = goneBefore("perplexity").reduce((sum, gone) => sum + 1 + model.layers - gone, 0);
  const evaluations = windows ? 1 + ways.length * (1 + curve.length) : 0;
  const costs = {
    sweep: SWEEP_PASSES * tokens,
    forward: EVALUATING_PASSES * tokens,
    evaluate: EVALUATING_PASSES * (windows ? tokensOf(windows.ids) : 0),
    speed: 2 * SPEED_PASSES * tokensOf(read),
    tasks: 2 * EVALUATING_PASSES * (request.tasks ? taskTokens(request.tasks.items, model) : 0),
    continuation: CONTINUATION,
    write: (exportTo ? WRITING_TOKENS : 0) + (ggufTo ? WRITING_TOKENS : 0),
  };
  return {
    samples,
    of,
    removed,
    most: of - leastLeft(model, structure),
    steps: ways.some(goesInSteps) ? stepsOf(removed, steps).length : 1,
    ways,
    curve,
    windows,
    prompt,
    read,
    notes,
    costs: {
      ...costs,
      sweeps,
      forwards,
      evaluations,
      all: [
        ...new Array<number>(sweeps).fill(costs.sweep),
        ...new Array<number>(forwards).fill(costs.forward),
        ...new Array<number>(evaluations).fill(costs.evaluate),
        costs.speed,
        costs.tasks,
        ...new Array<number>(prompt ? 2 : 0).fill(costs.continuation),
        costs.write,
      ],
    },
  };
}

/** Each list of numbers once. */
function distinct(lists: readonly (readonly number[])[]): (readonly number[])[] {
  return [...new Map(lists.map((list) => [list.join(), list])).values()];
}

async function checkTargets({ model, exportTo, ggufTo }: ShrinkRequest): Promise<void> {
  if (exportTo) {
    await refuseOverlap([exportTo.folder], model.checkpoint.path);
    await checkTarget(exportTo);
  }
  if (ggufTo === undefined) return;
  if (model.checkpoint.format === "gguf")
    throw new ParamscopeError(
      `${model.checkpoint.path} is a GGUF file, of which no other one is made here.`,
      "Export the shrunk model as a folder: of that GGUF files are written, in any formats.",
    );
  await checkGgufOutput(ggufTo.file, [model.checkpoint.path], ggufTo.force);
}

/**
 * A model as large as what will be left. Whatever goes, the configuration says the same of it but for which layers: one choice says whether it can be said.
 * @returns undefined: of layers, the last ones cannot be those that go.
 */
function likeWhatIsLeft(
  model: Model,
  structure: Structure,
  counts: readonly (number | undefined)[],
  removed: number,
): Model | undefined {
  try {
    return shrunkModel(model, keptWithoutLast(model, structure, counts, removed));
  } catch (error) {
    if (structure === "layers" && error instanceof ParamscopeError) return undefined;
    throw error;
  }
}

/** Whether files can say what will be left, and there is room for them. */
async function checkFiles({ exportTo, ggufTo }: ShrinkRequest, left: Model | undefined): Promise<void> {
  if (left === undefined) return;
  await refuseWithoutRoom([
    ...(exportTo ? [{ path: exportTo.folder, bytes: bytesOf(shrunkTensors(left)) }] : []),
    ...(ggufTo ? [{ path: ggufTo.file, bytes: usualBytes(await ggufTensors(left)) }] : []),
  ]);
}

function longSamples({ set, target }: ShrinkRequest, ways: readonly ShrinkWay[], notes: string[]): Sample[] {
  const isAsked = ways.some(goesInSteps);
  const least = isAsked ? Math.max(fewestIds(target), ways.includes("perplexity") ? LEAST_IDS : 1) : 1;
  const long = set.samples.filter(({ ids }) => ids.length >= least);
  if (long.length === 0)
    throw new ParamscopeError(
      "No calibration text has two tokens: nothing is predicted in one.",
      "Give some texts of the kind that the model is for.",
    );
  if (long.length < set.samples.length)
    notes.push(
      `${set.samples.length - long.length} of ${set.samples.length} calibration samples are too short, and were left out.`,
    );
  const tokens = long.reduce((sum, { ids }) => sum + ids.length, 0);
  if (isAsked && tokens < FEW_TOKENS)
    notes.push(`The calibration has only ${tokens} tokens: with some thousands the choice is less a matter of chance.`);
  return long;
}

/** How many units every group has. */
export function oneCount(model: Model, structure: Structure, counts: readonly (number | undefined)[]): number {
  const [count, ...others] = new Set(counts.filter((one) => one !== undefined));
  if (count === undefined || others.length > 0)
    throw new ParamscopeError(
      `The layers of ${model.name} have not as many ${structure} each, and a configuration has one number for all.`,
      "Take out another structure.",
    );
  return count;
}

/** How many of each group must stay: as many experts as every token is sent to, else one. */
export function leastLeft(model: Model, structure: Structure): number {
  if (structure !== "experts") return 1;
  return Math.max(1, ...model.blocks.map(({ definition }) => definition.experts?.perToken ?? 1));
}

/** How many of so many go. @throws ParamscopeError where that is none, or as good as all. */
function removedOf({ model, structure, amount }: ShrinkRequest, of: number): number {
  const removed = countOf(amount, of);
  const each = structure === "layers" ? model.name : `each layer of ${model.name}`;
  if (removed < 1)
    throw new ParamscopeError(
      `That share of the ${of} ${structure} of ${each} is not one.`,
      `Take out a larger share: one of them is ${percent(1 / of)}.`,
    );
  const least = leastLeft(model, structure);
  if (of - removed < least)
    throw new ParamscopeError(
      least > 1
        ? `${model.name} sends every token to ${least} experts, and ${of - removed} of ${of} would be left.`
        : `${of - removed} of the ${of} ${structure} of ${each} would be left.`,
      of <= least
        ? "Take out another structure."
        : `Take out at most ${of - least}${amount.kind === "share" ? `, ${percent((of - least) / of)}` : ""}.`,
    );
  return removed;
}

const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;

/** What stays where the last ones of each group go. */
function keptWithoutLast(
  model: Model,
  structure: Structure,
  counts: readonly (number | undefined)[],
  gone: number,
): Kept {
  const isGone = counts.map((count) =>
    count ? Array.from({ length: count }, (_, unit) => unit >= count - gone) : undefined,
  );
  return keptOf(model, structure, isGone);
}

/** As many steps as asked for, or the usual ones; one where a model in between could not be said. */
function possibleSteps(request: ShrinkRequest, counts: readonly (number | undefined)[], removed: number): number {
  const { model, structure } = request;
  const steps = Math.min(request.steps ?? usualSteps(structure, removed), removed);
  if (structure === "layers") return steps;
  for (const gone of stepsOf(removed, steps).slice(0, -1))
    try {
      shrunkModel(model, keptWithoutLast(model, structure, counts, gone));
    } catch (error) {
      if (error instanceof ParamscopeError) return 1;
      throw error;
    }
  return steps;
}
