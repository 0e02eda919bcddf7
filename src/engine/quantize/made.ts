import type { Model } from "../model/model";
import type { RunParts } from "../prune/run-parts";
import type { ChosenFormats, Choosing } from "./costs-by-way";
import type { Importance } from "./input-importance";
import type { PreparedQuantizing } from "./prepare";
import { roundedModel } from "./rounded-model";

/** What a run has come to once formats are chosen. */
export interface Made {
  readonly choosing: Choosing;
  readonly chosen: ChosenFormats;
  readonly importance: Importance;
  readonly parts: RunParts;
  readonly prepared: PreparedQuantizing;
}

/** The model as it is in some choice of formats. */
export function chosenModel(
  model: Model,
  { choosing: { tensors }, importance }: Pick<Made, "choosing" | "importance">,
  { formats }: ChosenFormats,
): Model {
  return roundedModel(model, tensors, formats, importance);
}
