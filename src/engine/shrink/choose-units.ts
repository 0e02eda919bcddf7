import type { RunOptions } from "../api";
import { scoredAt, type Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import { randomNumbers, randomSubset } from "../numbers/random";
import type { PruneEvents, RunParts } from "../prune/run-parts";
import { runSweep, type Sweeping } from "../run/run";
import type { Profiler } from "../sweep/profiler";
import type { Sample } from "../text/sample";
import { leftOutLosses } from "./left-out-losses";
import type { GroupScores, KnownScores } from "./known-scores";
import { goesInSteps, type ShrinkWay, type Structure } from "./options";
import { shrunkModel, type Kept } from "./shrunk-model";
import { magnitudeSums, UnitSums, unitScores, type SumsOfLayer } from "./unit-sums";
import { unitsAt } from "./units";

/** How many go, and how they are chosen. */
export interface ChoosingUnits {
  readonly structure: Structure;
  /** How many of each group go: of all layers, or of each layer's units. */
  readonly removed: number;
  readonly steps: number;
  readonly samples: readonly Sample[];
  readonly seed: number;
  /** What earlier runs have measured. */
  readonly known?: KnownScores | undefined;
}

/** What one way chose. */
export interface ChosenUnits {
  readonly kept: Kept;
  /** Per group what each unit came to when it was first looked at; undefined: nothing was measured. */
  readonly scores: GroupScores | undefined;
  /** Per group the units that went, in the order in which they did, and in which step, counted from 1. */
  readonly gone: readonly (readonly { readonly unit: number; readonly step: number }[])[];
}

/** What the parts of choosing cost, for the progress of the whole. */
export interface ChoosingCosts {
  readonly sweep: number;
  readonly forward: number;
}

/** How many of a group are gone behind each step. */
export function stepsOf(removed: number, steps: number): number[] {
  const ends = Array.from({ length: steps }, (_, step) => Math.round((removed * (step + 1)) / steps));
  return [...new Set(ends)].filter((gone) => gone > 0);
}

/** The units of each group; undefined: it has none. */
export function groupsOf(model: Model, structure: Structure): (number | undefined)[] {
  if (structure === "layers") return [model.layers];
  return Array.from({ length: model.layers }, (_, layer) => unitsAt(model, structure, layer)?.count);
}

/** The sweep that activations are measured in, without what it observes. */
export function activationSweep(samples: readonly Sample[]): Omit<Sweeping, "reducers"> {
  return { samples, units: [{ sets: [samples.map((_, i) => i)] }], keepsMatrices: false };
}

/** What stays where some are gone. @param gone per group, true where one is. */
export function keptOf(model: Model, structure: Structure, gone: readonly (readonly boolean[] | undefined)[]): Kept {
  const kept = gone.map((own) => own?.flatMap((isGone, unit) => (isGone ? [] : [unit])));
  const all = Array.from({ length: model.layers }, (_, layer) => layer);
  return structure === "layers"
    ? { structure, layers: kept[0] ?? [], units: [] }
    : { structure, layers: all, units: kept };
}

/**
 * Chooses which units go, by one way: those that come to the least, in steps, each of which is measured on the model as the steps before left it. Equally many go from every layer.
 * @param options `target` says what is differentiated.
 */
export async function* chooseUnits(
  options: RunOptions,
  choosing: ChoosingUnits,
  way: ShrinkWay,
  { parts, costs, profiler }: { readonly parts: RunParts; readonly costs: ChoosingCosts; readonly profiler: Profiler },
): PruneEvents<ChosenUnits> {
  const { model, signal } = options;
  const { structure, removed, seed } = choosing;
  const counts = groupsOf(model, structure);
  const gone = counts.map((count) => (count === undefined ? undefined : new Array<boolean>(count).fill(false)));
  const order = counts.map((): { unit: number; step: number }[] => []);
  let first: ChosenUnits["scores"];
  const ends = stepsOf(removed, goesInSteps(way) ? choosing.steps : 1);
  for (const [i, end] of ends.entries()) {
    const scores = yield* scoresBehind(ends.slice(0, i));
    first ??= scores;
    for (const [group, own] of gone.entries()) {
      if (own === undefined) continue;
      const left = own.flatMap((isGone, unit) => (isGone ? [] : [unit]));
      const going = end - (own.length - left.length);
      for (const at of leastOf(left.length, going, scores?.[group], group)) {
        const unit = elementAt(left, at);
        own[unit] = true;
        elementAt(order, group).push({ unit, step: i + 1 });
      }
    }
  }
  return { kept: keptOf(model, structure, gone), scores: first, gone: order };

  /** What those that are left come to: not measured again where that is known. */
  async function* scoresBehind(behind: readonly number[]): PruneEvents<GroupScores | undefined> {
    if (way === "random" || way === "last") return undefined;
    if (way === "magnitude") return unitScores(model, structure, await magnitudes());
    const measurement = { samples: choosing.samples, structure, way, behind };
    const known = choosing.known?.find(options, measurement);
    if (known) return known;
    const scores = yield* scoresNow(way, keptOf(model, structure, gone));
    choosing.known?.keep(options, measurement, scores);
    return scores;
  }

  async function* scoresNow(way: "activation" | "perplexity", kept: Kept): PruneEvents<GroupScores> {
    const isWhole = gone.every((own) => own?.includes(true) !== true);
    const left = isWhole ? model : shrunkModel(model, kept);
    if (way === "perplexity") return [yield* leftOutLosses({ ...options, model: left }, choosing, parts, costs)];
    const sums = new UnitSums();
    const swept = yield* parts.run(
      costs.sweep,
      runSweep({ ...options, model: left }, { ...activationSweep(choosing.samples), reducers: [sums] }, (layer) => ({
        parameters: scoredAt(left, layer),
        figures: {},
      })),
    );
    for (const [part, seconds] of swept.profiler.seconds) profiler.add(part, seconds);
    return unitScores(left, structure, (layer) => sums.layer(layer));
  }

  /** Of weights nothing changes by what is gone. */
  async function magnitudes(): Promise<(layer: number) => SumsOfLayer> {
    const all: SumsOfLayer[] = [];
    for (let layer = 0; layer < model.layers; layer++) all.push(await magnitudeSums(model, layer, signal));
    return (layer) => elementAt(all, layer);
  }

  /** Which of those that are left go, by their places among them. */
  function leastOf(left: number, going: number, scores: Float64Array | undefined, group: number): number[] {
    if (way === "random") return randomSubset(left, going, randomNumbers(seed + group));
    const places = Array.from({ length: left }, (_, place) => place);
    if (scores === undefined) return places.slice(left - going);
    return places.sort((a, b) => elementAt(scores, a) - elementAt(scores, b)).slice(0, going);
  }
}
