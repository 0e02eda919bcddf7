/** The most characters of a text: its tokens, with their places, take about a hundred bytes of memory for each while they are made. */
export const LONGEST_TEXT = 20_000_000;

/** The most characters of all texts of a run. */
export const MOST_CHARACTERS = 100_000_000;

/** A text and how the user knows it: a file's path, `-`, or `text 1`. A byte-order mark is dropped, nothing else is changed. */
export interface Text {
  readonly source: string;
  readonly text: string;
}
