import type { Domain } from "../api";
import { distinctTexts } from "../compare/distinct-texts";
import { ParamscopeError } from "../errors";
import type { Model } from "../model/model";
import { evaluationWindows } from "../prune/evaluation-windows";
import { evenlySpacedOf } from "../text/choose-windows";
import { textKey } from "../text/copies";
import type { Text } from "../text/text";

/** A domain's texts in two: every other one is kept from the calibration, so that nothing is evaluated that was seen. */
export interface SplitDomain {
  readonly name: string;
  readonly calibration: readonly Text[];
  readonly heldOut: readonly Text[];
}

/**
 * A domain that can be split: every text is there once, or what is held out could have been seen.
 * @throws ParamscopeError for a domain of one text.
 */
export function divisible(domain: Domain, notes: string[]): Domain {
  return distinctTexts(domain, "some are kept from the calibration to measure perplexity on", notes);
}

/** Keeps every other text of a domain from the calibration. @param domain as `divisible` gives it. */
export function splitDomain({ name, texts }: Domain): SplitDomain {
  return {
    name,
    calibration: texts.filter((_, i) => i % 2 === 0),
    heldOut: texts.filter((_, i) => i % 2 === 1),
  };
}

/** What is to be said of domains of which one's calibration has texts that another holds out. */
export function seenNotes(domains: readonly SplitDomain[]): string[] {
  return domains.flatMap(({ name, heldOut }) => {
    const held = new Set(heldOut.map(textKey));
    return domains.flatMap(({ name: other, calibration }) => {
      const seen = calibration.filter((text) => held.has(textKey(text))).length;
      if (seen === 0) return [];
      const one = heldOut.length === 1 ? "the one held-out text" : undefined;
      const which = one ?? `${seen} of the ${heldOut.length} held-out texts`;
      return `The calibration with ${other} has seen ${which} of ${name}: its perplexity there is no figure of new texts.`;
    });
  });
}

/** What perplexity is measured on for a domain. */
export interface Evaluation {
  readonly name: string;
  /** How the user knows the texts that windows were taken of. */
  readonly sources: readonly string[];
  readonly windows: readonly Int32Array[];
  readonly available: number;
}

/**
 * What perplexity is measured on: at most `windows` windows of the held-out texts, evenly spaced. Texts of one token predict nothing and are left out, which is
 * said.
 * @throws ParamscopeError where all texts are so short.
 */
export function evaluationOf(
  { name, heldOut }: SplitDomain,
  { tokenizer, context }: Model,
  options: { readonly window: number; readonly windows: number },
  notes: string[],
): Evaluation {
  const window = Math.min(options.window, context);
  const long = heldOut.filter(({ text }) => tokenizer.encode(text, { special: false }).ids.length >= 2);
  if (long.length === 0)
    throw new ParamscopeError(
      `All held-out texts of ${name} have one token or none: perplexity is that of tokens predicted from those before.`,
      "Put longer texts into the folder.",
    );
  if (long.length < heldOut.length)
    notes.push(
      `${heldOut.length - long.length} of ${heldOut.length} held-out texts of ${name} predict nothing, with one token or none, and were left out.`,
    );
  const all = long.flatMap((text) =>
    evaluationWindows(text, tokenizer, { window, count: Infinity }).ids.map((ids) => ({ source: text.source, ids })),
  );
  const taken = evenlySpacedOf(all, Math.min(options.windows, all.length));
  return {
    name,
    sources: [...new Set(taken.map(({ source }) => source))],
    windows: taken.map(({ ids }) => ids),
    available: all.length,
  };
}
