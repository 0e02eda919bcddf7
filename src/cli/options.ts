import { InvalidArgumentError } from "commander";
import type { DeepLayers, PrunePattern, Threshold } from "../engine/api";
import { readDeepLayers } from "../engine/compare/deep-layers";
import { MOST_SPARSITY } from "../engine/prune/allocation";
import { TARGETS } from "../engine/sweep/target";
import { readBytes, readShare, readThreshold } from "../format/quantities";

/* Values of options, from what the user typed. Each throws commander's error, which names the option. */

/** A threshold: `10%`, `5e-6`. */
export function parseThreshold(text: string): Threshold {
  const threshold = readThreshold(text);
  if (threshold) return threshold;
  throw new InvalidArgumentError(
    text.endsWith("%") ? "A share is above 0% and at most 100%." : "Write a share, 10%, or an activation, 5e-6.",
  );
}

/** A target, whose form is checked; whether its tokens are tokens is for the model to say. */
export function checkTarget(text: string): string {
  if (/^(spread|max-logit|answer|loss|next-token:[1-9]\d*|(logit|answer):[^]+)$/.test(text)) return text;
  throw new InvalidArgumentError(`Write ${TARGETS}.`);
}

/** Deep layers: `quarter`, `half`, `22-27`. */
export function parseDeepLayers(text: string): DeepLayers {
  const deep = readDeepLayers(text);
  if (deep) return deep;
  throw new InvalidArgumentError("Write quarter, half, or the first and the last layer: 22-27.");
}

/** A whole number of at least `least`. */
export function parseCount(least: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`Write a whole number of at least ${least}.`);
  };
}

/** A sparsity, the share of the weights that goes: `0.5`, `50%`. */
export function parseSparsity(text: string): number {
  const share = readShare(text);
  if (share !== undefined && share >= 0 && share <= MOST_SPARSITY) return share;
  throw new InvalidArgumentError(`Write a share from 0 to ${MOST_SPARSITY}, such as 0.5 or 50%.`);
}

/** How far layers may lie from their mean. */
export function parseStrength(text: string): number {
  const share = readShare(text);
  if (share !== undefined && share > 0 && share <= MOST_SPARSITY) return share;
  throw new InvalidArgumentError(`Write a share above 0, at most ${MOST_SPARSITY}, such as 0.08 or 8%.`);
}

/** A pattern: `2:4`, two of every four. */
export function parsePattern(text: string): PrunePattern {
  const match = /^(\d+):(\d+)$/.exec(text);
  const [pruned, of] = [Number(match?.[1]), Number(match?.[2])];
  if (pruned >= 1 && pruned < of) return { pruned, of };
  throw new InvalidArgumentError("Write how many of how many go: 2:4 or 4:8.");
}

/** A size in bytes: `2GiB`, `1.5 GB`, `800M`. */
export function parseBytes(text: string): number {
  const bytes = readBytes(text);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError("Write a size such as 2GiB or 800MB.");
}

/** The values of an option that may be given several times. */
export function collect(text: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), text];
}
