import type { ShrinkDocument } from "../document/shrink";
import type { Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import type { PruneEvents } from "../prune/run-parts";
import { resident } from "../run/continuation";
import { BlockRunner } from "../sweep/block-runner";
import { HiddenStates, type ForwardRequest } from "../sweep/hidden-states";

/** How often each model reads the tokens; the first time, in which graphs are compiled and weights come into memory, does not count. */
const ROUNDS = 7;
/** The most tokens that are read: enough that arithmetic takes the time, and not the handing over of weights. */
const MOST_TOKENS = 1024;

/** The first of these texts that together are as many tokens as are read. */
export function readForSpeed(ids: readonly Int32Array[]): Int32Array[] {
  const taken: Int32Array[] = [];
  let tokens = 0;
  for (const each of ids) {
    if (tokens > 0 && tokens + each.length > MOST_TOKENS) break;
    taken.push(each);
    tokens += each.length;
  }
  return taken;
}

/** Passes through each model that a measurement takes. */
export const SPEED_PASSES = ROUNDS + 1;

/**
 * How many tokens a second two models read, with our own forward pass through their blocks: both by turns, so that what else the machine does hits both alike.
 * @param inMemory whether there is room for the weights of both; else they are read anew each time, which counts.
 */
export async function* measureSpeed(
  dense: Model,
  shrunk: Model,
  { runtime, profiler, signal, ids }: Omit<ForwardRequest, "model">,
  inMemory: boolean,
): PruneEvents<ShrinkDocument["speed"]> {
  const tokens = ids.reduce((sum, { length }) => sum + length, 0);
  const runners = [dense, shrunk].map((model) => {
    const held = inMemory ? resident(model) : model;
    return { model: held, blocks: new BlockRunner({ model: held, runtime, profiler }), speeds: [] as number[] };
  });
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { model, blocks, speeds } of runners) {
        signal?.throwIfAborted();
        const start = performance.now();
        const texts = await HiddenStates.embedded({ model, profiler, ids, ...(signal && { signal }) });
        for (let layer = 0; layer < model.layers; layer++) {
          await blocks.load(layer);
          await texts.pass(blocks);
        }
        if (round > 0) speeds.push((1000 * tokens) / (performance.now() - start));
      }
      yield {
        type: "progress",
        phase: "evaluate",
        done: round,
        layers: ROUNDS + 1,
        share: (round + 1) / (ROUNDS + 1),
        secondsLeft: undefined,
      };
    }
  } finally {
    for (const { blocks } of runners) await blocks.dispose();
  }
  const [before, after] = [elementAt(runners, 0).speeds, elementAt(runners, 1).speeds];
  return { tokens, dense: before, shrunk: after };
}
