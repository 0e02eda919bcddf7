import { html, type TemplateResult } from "lit";
import type { ComparisonDocument } from "../../src/engine/document/document";
import { swapSides } from "../../src/engine/document/swap-sides";
import type { ComparisonState, FromComparisonView, ToComparisonView } from "../../src/views/comparison-protocol";
import { restoredView } from "../shared/restored-view";
import { errorMessage, interruptedMessage } from "../shared/run-messages";
import { themeKind } from "../shared/theme";
import { type Page, ViewApp } from "../shared/view-app";
import { curvesSection } from "./curves";
import { headSection } from "./head";
import { matricesSection } from "./matrices";
import { matrixSection } from "./matrix";
import { emptyMessage } from "./messages";
import { closeMatrix } from "./opening";
import type { Panel } from "./panel";
import { partingSection } from "./parting";
import { cancelledSection, type Partial as Around, runningSection } from "./running";
import { textsSection } from "./texts";
import { firstView, type ViewState, viewOf } from "./view-state";

/** The view of one comparison. */
export class ComparisonApp extends ViewApp<ToComparisonView, FromComparisonView, ViewState> {
  #state: ComparisonState | undefined;
  #swapped: { of: ComparisonDocument; document: ComparisonDocument } | undefined;

  constructor(page: Page<FromComparisonView>) {
    super(page, restoredView(firstView, page.host.kept()));
  }

  override receive(message: ToComparisonView): void {
    switch (message.type) {
      case "state":
        this.#accept(message.state);
        break;
      case "progress":
        if (this.#state?.phase === "running") this.#state = { ...this.#state, progress: message.progress };
        break;
      case "layer":
        if (this.#state?.phase === "running")
          this.#state = { ...this.#state, layers: [...this.#state.layers, message.layer] };
        break;
    }
    this.draw();
  }

  /** Escape: from one matrix back to the heat map. */
  override back(): boolean {
    if (this.#state?.phase !== "done" || !this.view.opened) return false;
    closeMatrix({ change: this.change, focus: this.focusOn });
    return true;
  }

  protected override content(): TemplateResult | undefined {
    const state = this.#state;
    const around: Around = {
      post: this.post,
      width: this.width,
      at: this.view.row,
      onMove: (row) => this.change({ row }),
    };
    switch (state?.phase) {
      case undefined:
        return undefined;
      case "empty":
        return emptyMessage(this.post);
      case "running":
        return runningSection(state, around);
      case "cancelled":
        return cancelledSection(state, around);
      case "interrupted":
        return interruptedMessage(state, this.post);
      case "error":
        return errorMessage(state, "compared", this.post);
      case "done":
        return finished(this.#panel(state));
    }
  }

  #accept(state: ComparisonState): void {
    this.#state = state;
    if (state.phase !== "done") return;
    const { document, title } = state;
    const { model, run, target, relevance } = document;
    const result = JSON.stringify([title, model.hash, target, run.seconds, relevance]);
    const isNew = result !== this.view.result;
    this.showView(viewOf(result, this.view));
    if (!isNew) this.restoreScroll();
  }

  #panel({ document, title, saved }: Extract<ComparisonState, { phase: "done" }>): Panel {
    return {
      title,
      document: this.view.swapped ? this.#swappedOf(document) : document,
      saved,
      view: this.view,
      theme: themeKind(),
      width: this.width,
      change: this.change,
      focus: this.focusOn,
      post: this.post,
    };
  }

  #swappedOf(document: ComparisonDocument): ComparisonDocument {
    if (this.#swapped?.of !== document) this.#swapped = { of: document, document: swapSides(document) };
    return this.#swapped.document;
  }
}

function finished(panel: Panel): TemplateResult {
  return html`${headSection(panel)} ${curvesSection(panel)} ${partingSection(panel)}
  ${panel.view.opened ? matrixSection(panel) : matricesSection(panel)} ${textsSection(panel)}`;
}
