import type { Stage } from "./page";

/** What every view of a result keeps. */
export interface ResultView {
  /** What the rest belongs to; another result starts afresh. */
  readonly result: string;
  readonly exports: boolean;
  readonly scroll: number;
}

/** What every part of a result draws from. */
export interface ResultPanel<Document, View, From> extends Stage<View, From> {
  readonly title: string;
  readonly document: Document;
  /** A saved file that is shown, not run. */
  readonly saved: boolean;
}
