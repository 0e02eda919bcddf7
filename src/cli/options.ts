import { InvalidArgumentError } from "commander";
import type { Threshold } from "../engine/api";

/* Values of options, from what the user typed. Each throws commander's error, which names the option. */

/** `10%`: that share of all scored parameters. `5e-6`: every activation of at least that. */
export function parseThreshold(text: string): Threshold {
  const percent = /^(.*?)\s*%$/.exec(text);
  const value = parseDecimal(percent ? percent[1] : text);
  if (percent) {
    if (value > 0 && value <= 100) return { mode: "share", share: value / 100 };
    throw new InvalidArgumentError("A share is above 0% and at most 100%.");
  }
  if (value >= 0) return { mode: "absolute", tau: value };
  throw new InvalidArgumentError("Write a share, 10%, or an activation, 5e-6.");
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

const unitBytes: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** `2GiB`, `1.5 GB`, `800M`, in bytes. */
export function parseBytes(text: string): number {
  const match = /^([\d.]+)\s*([a-z]*)$/i.exec(text);
  const unit = match ? unitBytes[match[2].toLowerCase()] : undefined;
  const bytes = match && unit !== undefined ? Math.floor(parseDecimal(match[1]) * unit) : NaN;
  if (bytes > 0) return bytes;
  throw new InvalidArgumentError("Write a size such as 2GiB or 800MB.");
}

/** Values of an option that may be given several times. */
export function collect(text: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), text];
}

function parseDecimal(text: string): number {
  return /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}
