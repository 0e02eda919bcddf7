/*
 * When a sentence may claim something of its figures. A claim must hold of the figures as they are printed: a reader sees no
 * others. What the conditions of single sentences are made of is here, in one place.
 */

/** How many times as much something must be to be called one side's own, or clearly more. */
export const CLEARLY = 1.5;

type Format = (value: number) => string;

/** Figures that print alike are no difference, whatever lies behind. */
export function printAlike(format: Format, ...values: readonly number[]): boolean {
  return new Set(values.map(format)).size < 2;
}

/** The first is more, and is seen to be. */
export function printsMore(format: Format, more: number, less: number): boolean {
  return more > less && !printAlike(format, more, less);
}

/** `1.7`; undefined below 1.05, which is no difference. At most two digits: an estimate of how many times has no more. */
export function timesText(times: number): string | undefined {
  return times >= 1.05 ? String(Number(times.toPrecision(2))) : undefined;
}

/** The largest and the smallest of some things, by a figure. */
export function extremes<Thing>(
  things: readonly Thing[],
  of: (thing: Thing) => number,
): { readonly most: Thing; readonly least: Thing } | undefined {
  const ordered = [...things].sort((a, b) => of(b) - of(a));
  const [most] = ordered;
  const least = ordered.at(-1);
  return most === undefined || least === undefined ? undefined : { most, least };
}

/** `a`, `a and b`, `a, b and c` */
export function listed(texts: readonly string[], last = "and"): string {
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} ${last} ${texts.at(-1)}`;
}

/** `Layer 3` of `layer 3` */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
