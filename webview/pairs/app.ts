import { html, type TemplateResult } from "lit";
import type { FromPairsView, PairsState, ToPairsView } from "../../src/views/pairs-protocol";
import { restoredView } from "../shared/restored-view";
import { errorMessage, interruptedMessage } from "../shared/run-messages";
import { type Page, ViewApp } from "../shared/view-app";
import { headSection } from "./head";
import { emptyMessage } from "./messages";
import { pairSection } from "./pair";
import type { Panel } from "./panel";
import { rhoSection } from "./rho";
import { cancelledSection, type Partial as Around, runningSection } from "./running";
import { scatterSection } from "./scatter";
import { firstView, type ViewState } from "./view-state";

/** The view of sentence pairs with human scores. */
export class PairsApp extends ViewApp<ToPairsView, FromPairsView, ViewState> {
  #state: PairsState | undefined;

  constructor(page: Page<FromPairsView>) {
    super(page, restoredView(firstView, page.host.kept()));
  }

  override receive(message: ToPairsView): void {
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

  protected override content(): TemplateResult | undefined {
    const state = this.#state;
    const around: Around = {
      post: this.post,
      width: this.width,
      at: this.view.layer,
      onMove: (layer) => this.change({ layer }),
    };
    switch (state?.phase) {
      case undefined:
        return undefined;
      case "empty":
        return emptyMessage();
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

  #accept(state: PairsState): void {
    this.#state = state;
    if (state.phase !== "done") return;
    const { document, title } = state;
    const { model, run, source, spearman } = document;
    const result = JSON.stringify([title, source, model.hash, run.seconds, spearman.deep]);
    const isNew = result !== this.view.result;
    const { contrast, tables } = this.view;
    this.showView(isNew ? { ...firstView, result, contrast, tables } : this.view);
    if (!isNew) this.restoreScroll();
  }

  #panel({ document, title, saved }: Extract<PairsState, { phase: "done" }>): Panel {
    const pair = Math.min(this.view.pair, document.pairs.length - 1);
    const view = { ...this.view, pair };
    return { title, document, saved, view, width: this.width, change: this.change, post: this.post };
  }
}

function finished(panel: Panel): TemplateResult {
  return html`${headSection(panel)} ${scatterSection(panel)} ${pairSection(panel)} ${rhoSection(panel)}`;
}
