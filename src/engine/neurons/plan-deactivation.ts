import { ParamscopeError } from "../errors";
import { largestBlock, neuronsAt, requiredNeurons, type Model } from "../model/model";
import { PART_POSITIONS } from "../sweep/block-batch";
import { memoryError } from "../sweep/memory-error";
import { BASE_BYTES, HEAD_BYTES } from "../sweep/plan";
import { COMPARED_BYTES } from "../prune/plan";
import { innerBytes } from "../sweep/inner-bytes";
import { largestOf } from "../numbers/statistics";

const MIB = 2 ** 20;
/** The most that the states of a group take, about: weights are read once per group, and more gains nothing. */
const GROUP_BYTES = 512 * MIB;

/**
 * The groups of samples that pass through the blocks together with all their runs: as many as there is memory for.
 * @param lengths ids per sample
 * @param runs of a sample
 * @param budget in bytes
 * @throws ParamscopeError with the figure that would do, where one sample is too many.
 */
export function groupSamples(
  model: Model,
  lengths: readonly number[],
  runs: number,
  budget: number,
): readonly (readonly number[])[] {
  checkNeurons(model);
  const { hiddenSize } = model;
  const longest = largestOf(lengths);
  // in front of a block and behind it
  const statesOf = (length: number): number => 2 * 4 * runs * length * hiddenSize;
  const neurons = model.blocks.reduce((sum, _, layer) => sum + requiredNeurons(model, layer).in, 0);
  const part = Math.max(longest, Math.min(PART_POSITIONS, runs * longest));
  const inner = innerBytes(model, part, longest);
  const scores = 2 * 4 * lengths.length * neurons;
  const rows = 5 * 4 * runs * lengths.length * hiddenSize;
  const base = BASE_BYTES + HEAD_BYTES + 4 * largestBlock(model) + scores + rows + Math.max(inner, COMPARED_BYTES);
  const room = Math.min(GROUP_BYTES, budget - base);
  const least = base + statesOf(longest);
  if (least > budget)
    throw memoryError({
      what: "Deactivating neurons",
      here: true,
      least,
      budget,
      otherwise: "give less text",
      settings: ["memory", "window"],
    });
  const groups: number[][] = [];
  let used = 0;
  for (const [sample, length] of lengths.entries()) {
    const open = groups.at(-1);
    if (open === undefined || used + statesOf(length) > room) {
      groups.push([sample]);
      used = 0;
    } else open.push(sample);
    used += statesOf(length);
  }
  return groups;
}

/** @throws ParamscopeError where a layer has no one matrix that takes the neurons in. */
function checkNeurons(model: Model): void {
  const layer = model.blocks.findIndex((_, layer) => neuronsAt(model, layer) === undefined);
  if (layer < 0) return;
  throw new ParamscopeError(
    `${model.name} has mixtures of experts, in layer ${layer} for one: a token passes the neurons of a few experts, and others' are off as it is.`,
    "Deactivate neurons in a model without experts; an analysis shows how much each expert is used.",
  );
}
