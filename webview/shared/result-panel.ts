import type { Stage } from "./page";
import type { PageView } from "./page-view";

/** What every view of a result keeps. */
export interface ResultView<ChartName extends string> extends PageView {
  readonly tables: readonly ChartName[];
  /** The drawer to export from is open. */
  readonly exports: boolean;
}

/** The view of a result before anything was chosen, for all that every view keeps. */
export const firstResultView: ResultView<never> = { result: "", tables: [], exports: false, scroll: 0 };

/** What every part of a result draws from. */
export interface ResultPanel<Document, View, From> extends Stage<View, From> {
  readonly title: string;
  readonly document: Document;
  /** A saved file that is shown, not run. */
  readonly saved: boolean;
}
