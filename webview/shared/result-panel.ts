import type { ThemeKind } from "./colour-scale";

/** What every view of a result keeps. */
export interface ResultView {
  /** What the rest belongs to; another result starts afresh. */
  readonly result: string;
  readonly exports: boolean;
  readonly scroll: number;
}

/** What every part of a result draws from. */
export interface ResultPanel<Document, View, From> {
  readonly title: string;
  readonly document: Document;
  /** A saved file that is shown, not run. */
  readonly saved: boolean;
  readonly view: View;
  /** Whether an editor is there: without one, only what a page can do by itself is offered. */
  readonly inEditor: boolean;
  readonly theme: ThemeKind;
  /** Of the content, in pixels. */
  readonly width: number;
  readonly change: (change: Partial<View>) => void;
  /** Moves the focus to the element with this id once it is drawn. */
  readonly focus: (id: string) => void;
  readonly post: (message: From) => void;
}
