import { ParamscopeError } from "../errors";

/** The most characters of a text: its tokens, with their places, take about a hundred bytes of memory for each while they are made. */
export const LONGEST_TEXT = 20_000_000;

/** The most characters of all texts of a run. */
export const MOST_CHARACTERS = 100_000_000;

/** No text of at most as many characters as a run takes has more bytes. */
export const LARGEST_FILE = 4 * LONGEST_TEXT;

/** What the texts of a run may still have, so that what is too much is known before it is read. */
export class TextBudget {
  #characters = 0;

  /**
   * A file that is about to be read: in UTF-8 a character has three bytes at most for each of its code units.
   * @throws ParamscopeError where the texts are more than a run takes.
   */
  beforeReading(bytes: number): void {
    this.#check(this.#characters + Math.floor(bytes / 3));
  }

  /** @throws ParamscopeError where the texts are more than a run takes. */
  add(text: string): void {
    this.#characters += text.length;
    this.#check(this.#characters);
  }

  #check(characters: number): void {
    if (characters > MOST_CHARACTERS)
      throw new ParamscopeError(
        `The texts have more than ${MOST_CHARACTERS} characters, which is the most of a run`,
        "Name fewer of them.",
      );
  }
}

/** A text and how the user knows it: a file's path, `-`, or `text 1`. A byte-order mark is dropped, nothing else is changed. */
export interface Text {
  readonly source: string;
  readonly text: string;
}
