import type { ShrinkRequest } from "../api";
import type { ShrinkDocument } from "../document/shrink";
import type { Model } from "../model/model";
import { elementAt } from "../numbers/elements";
import { changedFigures } from "../prune/changed-figures";
import { comparedStates, predictingStates } from "../prune/evaluate";
import type { PruneEvents, RunParts } from "../prune/run-parts";
import { evaluatedWindows } from "../prune/window-losses";
import type { ForwardRequest } from "../sweep/hidden-states";
import type { ShrinkWay } from "./options";
import type { PreparedShrinking } from "./prepare";

/** What is left where so many units went by some way. */
export interface LeftModel {
  readonly by: ShrinkWay;
  readonly removed: number;
  readonly model: Model;
}

/** What taking out units costs on the windows of a text, by each way and of each amount. @param models that which is meant first. */
export async function* evaluateShrunk(
  { evaluation }: ShrinkRequest,
  models: readonly LeftModel[],
  { windows, costs }: PreparedShrinking,
  forward: Omit<ForwardRequest, "ids">,
  parts: RunParts,
): PruneEvents<Pick<ShrinkDocument, "evaluation" | "compared" | "curve">> {
  if (windows === undefined || evaluation === undefined) return { evaluation: null, compared: [], curve: [] };
  const passing = { ...forward, ids: windows.ids };
  const dense = yield* parts.run(costs.evaluate, predictingStates(passing, 0, 1));
  const measured = async function* (model: Model) {
    const states = yield* parts.run(costs.evaluate, predictingStates({ ...passing, model }, 0, 1));
    // what is in front of the blocks and behind them is the dense model's
    const rows = await comparedStates(passing, dense, states);
    const { changed: shrunk, ...own } = changedFigures(evaluatedWindows(rows, windows.ids));
    return { ...own, shrunk };
  };
  const [first, ...others] = models;
  if (first === undefined) throw new Error("one way is meant");
  const own = yield* measured(first.model);
  const compared: ShrinkDocument["compared"] = [];
  const curve: ShrinkDocument["curve"] = [];
  for (const { by, removed, model } of others) {
    const { shrunk } = yield* measured(model);
    if (removed === first.removed) compared.push({ by, ...shrunk });
    else curve.push({ by, removed, parameters: model.parameters, ...shrunk });
  }
  return {
    evaluation: {
      text: evaluation.text.source,
      window: elementAt(windows.ids, 0).length,
      windows: windows.ids.length,
      available: windows.available,
      ...own,
    },
    compared,
    curve,
  };
}
