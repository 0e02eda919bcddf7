/** A text and how the user knows it: a file's path, `-`, or `text 1`. A byte-order mark is dropped, nothing else is changed. */
export interface Text {
  readonly source: string;
  readonly text: string;
}
