import type { TemplateResult } from "lit";
import type { ModelDescription, RunDescription } from "../../src/engine/document/shared";
import type { FromResultView, ResultState, ToResultView } from "../../src/views/result-protocol";
import { restoredView } from "./restored-view";
import { errorMessage } from "./run-messages";
import type { ThemeKind } from "./colour-scale";
import { themeKind } from "./theme";
import { type Page, ViewApp } from "./view-app";

interface ResultDocument {
  readonly model: ModelDescription;
  readonly run: RunDescription;
}

/** What every view of a saved result keeps. */
export interface ResultView {
  /** What the rest belongs to; another result starts afresh. */
  readonly result: string;
  readonly exports: boolean;
  readonly scroll: number;
}

/** What every part of a saved result draws from. */
export interface ResultPanel<Document, View> {
  readonly title: string;
  readonly document: Document;
  readonly view: View;
  readonly theme: ThemeKind;
  /** Of the content, in pixels. */
  readonly width: number;
  readonly change: (change: Partial<View>) => void;
  /** Moves the focus to the element with this id once it is drawn. */
  readonly focus: (id: string) => void;
  readonly post: (message: FromResultView) => void;
}

/** The view of a saved result: it is there, or it cannot be shown. */
export abstract class ResultApp<Document extends ResultDocument, View extends ResultView> extends ViewApp<
  ToResultView<Document>,
  FromResultView,
  View
> {
  #state: ResultState<Document> | undefined;

  constructor(
    page: Page<FromResultView>,
    private readonly firstView: View,
  ) {
    super(page, restoredView(firstView, page.host.kept()));
  }

  protected abstract finished(panel: ResultPanel<Document, View>): TemplateResult;

  override receive({ state }: ToResultView<Document>): void {
    this.#state = state;
    if (state.phase === "done") this.#accept(state.title, state.document);
    this.draw();
  }

  protected override content(): TemplateResult | undefined {
    const state = this.#state;
    switch (state?.phase) {
      case undefined:
      case "empty":
        return undefined;
      case "error":
        return errorMessage(state, "shown", this.post);
      case "done":
        return this.finished({
          title: state.title,
          document: state.document,
          view: this.view,
          theme: themeKind(),
          width: this.width,
          change: this.change,
          focus: this.focusOn,
          post: this.post,
        });
    }
  }

  #accept(title: string, { model, run }: Document): void {
    const result = JSON.stringify([title, model.hash, run.seconds]);
    if (result === this.view.result) this.restoreScroll();
    else this.showView({ ...this.firstView, result });
  }
}
