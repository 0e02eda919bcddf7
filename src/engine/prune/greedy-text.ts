import type { Model } from "../model/model";
import { writtenText } from "../model/tokenizer/written-text";
import { elementAt } from "../numbers/elements";
import { continueGreedily, resident } from "../run/continuation";
import type { ForwardRequest } from "../sweep/hidden-states";
import { MOST_TOKENS } from "./costs";
import type { PruneEvents } from "./run-parts";

/**
 * What a model writes behind a prompt.
 * @param number of the two models that write one after the other.
 */
export async function* greedyText(
  model: Model,
  prompt: Int32Array,
  number: 0 | 1,
  shared: Pick<ForwardRequest, "runtime" | "profiler" | "signal">,
): PruneEvents<string> {
  const run = continueGreedily({ ...shared, model: resident(model), prompts: [prompt], most: MOST_TOKENS });
  let step = await run.next();
  for (; !step.done; step = await run.next())
    yield {
      type: "progress",
      phase: "continue",
      done: number * MOST_TOKENS + step.value,
      layers: 2 * MOST_TOKENS,
      share: step.value / MOST_TOKENS,
      secondsLeft: undefined,
    };
  return writtenText(elementAt(step.value, 0), model);
}
