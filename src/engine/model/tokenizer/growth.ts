import { ParamscopeError } from "../../errors";

/** What steps of a tokenizer may add to a text, beside so many characters for each that it has: Unicode's own forms make at most 18 of one. */
const CHARACTERS = 1000;
const TIMES = 20;
/** Of a long text no more than that, or three characters for each: syllables of Korean have as many letters. */
const MOST_CHARACTERS = 2_000_000;
const TIMES_OF_LONG = 3;

/** What the steps of a tokenizer have yet to add to a text, which its file, a stranger's, decides. */
export class Growth {
  readonly #characters: number;
  #left: number;

  /** @param characters that the text has. */
  constructor(characters: number) {
    this.#characters = characters;
    this.#left = Math.min(CHARACTERS + TIMES * characters, Math.max(MOST_CHARACTERS, TIMES_OF_LONG * characters));
  }

  /**
   * To be called before a text is made that has so many characters more, or fewer.
   * @throws ParamscopeError where that is more than any tokenizer should add.
   */
  add(characters: number): void {
    this.#left -= Math.max(0, characters);
    if (this.#left < 0)
      throw new ParamscopeError(
        `The model's tokenizer makes far more of a text of ${this.#characters} characters than it has`,
        "A normalizer or pre-tokenizer in its tokenizer.json adds without measure: use another model.",
      );
  }
}
