import { InvalidArgumentError } from "commander";
import type { Threshold } from "../engine/api";
import { readBytes, readThreshold } from "../format/quantities";

/* Values of options, from what the user typed. Each throws commander's error, which names the option. */

/** `10%`, `5e-6` */
export function parseThreshold(text: string): Threshold {
  const threshold = readThreshold(text);
  if (threshold) return threshold;
  throw new InvalidArgumentError(
    text.endsWith("%") ? "A share is above 0% and at most 100%." : "Write a share, 10%, or an activation, 5e-6.",
  );
}

/** The form of a target; whether its tokens are tokens is for the model to say. */
export function checkTarget(text: string): string {
  if (/^(max-logit|loss|next-token:[1-9]\d*|logit:[^]+)$/.test(text)) return text;
  throw new InvalidArgumentError("Write max-logit, loss, next-token:T (T from 1 on), logit:TOKEN or logit:A-B.");
}

/** A whole number of at least `least`. */
export function parseCount(least: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`Write a whole number of at least ${least}.`);
  };
}

/** `2GiB`, `1.5 GB`, `800M`, in bytes. */
export function parseBytes(text: string): number {
  const bytes = readBytes(text);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError("Write a size such as 2GiB or 800MB.");
}

/** Values of an option that may be given several times. */
export function collect(text: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), text];
}
