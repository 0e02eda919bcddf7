import { elementAt } from "../numbers/elements";
import { usualOf } from "./deviation";

/** What is unusual is found in so few texts of the same kind. */
export const UNUSUAL = 0.05;

/**
 * How far a text may be from the usual at its furthest place, with as many places as there are, at every level: from the furthest places
 * of the typical texts, each against all others (max-T: Westfall and Young, "Resampling-based multiple testing", 1993). Levels
 * have more places or fewer, so that each is measured by its own furthest places.
 */
export class Furthest {
  readonly #levels: readonly (readonly number[])[];
  readonly #usual: readonly { readonly mean: number; readonly deviation: number }[];
  /** Of each typical text, over all levels. */
  readonly #ofTexts: readonly number[];

  /** @param levels per level and typical text how far its furthest place is; empty: a level without places. */
  constructor(levels: readonly (readonly number[])[]) {
    this.#levels = levels;
    this.#usual = levels.map((level) => (level.length > 1 ? usualOf(level) : { mean: 0, deviation: 0 }));
    const texts = Math.max(0, ...levels.map(({ length }) => length));
    this.#ofTexts = Array.from({ length: texts }, (_, text) =>
      Math.max(...levels.flatMap((level, i) => (level.length > 0 ? [this.#measured(elementAt(level, text), i)] : []))),
    );
  }

  get texts(): number {
    return this.#ofTexts.length;
  }

  /** In how many typical texts something, at any place of any level, is at least as far as a place of this level. */
  textsWith(farness: number, level: number): number {
    if (elementAt(this.#levels, level).length === 0) return this.texts;
    const own = this.#measured(Math.abs(farness), level);
    return this.#ofTexts.filter((other) => other >= own).length;
  }

  /** How probable something as far is in a text that is like the typical ones. */
  p(farness: number, level: number): number {
    return (1 + this.textsWith(farness, level)) / (1 + this.texts);
  }

  #measured(furthest: number, level: number): number {
    const { mean, deviation } = elementAt(this.#usual, level);
    return deviation > 0 ? (furthest - mean) / deviation : 0;
  }
}
