import { html, type TemplateResult } from "lit";
import type { FromPairsView, PairsState, StreamedPairsLayer, ToPairsView } from "../../src/pages/pairs";
import { type Phase, RunApp } from "../shared/run-app";
import { goneMessage } from "../shared/run-messages";
import type { Around } from "../shared/run-page";
import type { Page } from "../shared/view-app";
import { headSection } from "./head";
import { pairSection } from "./pair";
import type { Panel } from "./panel";
import { rhoSection } from "./rho";
import { cancelledSection, runningSection } from "./running";
import { scatterSection } from "./scatter";
import { firstView, type ViewState } from "./view-state";

/** The view of sentence pairs with human scores. */
export class PairsApp extends RunApp<PairsState, StreamedPairsLayer, ToPairsView, FromPairsView, ViewState> {
  protected readonly tried = "compared";

  constructor(page: Page<FromPairsView>) {
    super(page, firstView);
  }

  protected empty(): TemplateResult {
    return goneMessage(
      "These sentence pairs are not there any more",
      "Right-click a table of sentence pairs (.csv or .tsv) in the explorer and choose Compare sentence pairs to make them again.",
    );
  }

  protected running(state: Phase<PairsState, "running">): TemplateResult {
    return runningSection(state, this.#around);
  }

  protected cancelled(state: Phase<PairsState, "cancelled">): TemplateResult {
    return cancelledSection(state, this.#around);
  }

  protected finished(state: Phase<PairsState, "done">): TemplateResult {
    const pair = Math.min(this.view.pair, state.document.pairs.length - 1);
    return finished({ ...this.panelOf(state), view: { ...this.view, pair } });
  }

  protected identify({ document, title }: Phase<PairsState, "done">): string {
    const { model, run, source, spearman } = document;
    return JSON.stringify([title, source, model.hash, run.seconds, spearman.deep]);
  }

  protected viewOf(result: string): ViewState {
    if (result === this.view.result) return this.view;
    const { contrast, tables } = this.view;
    return { ...firstView, result, contrast, tables };
  }

  get #around(): Around {
    return this.around(this.view.layer, (layer) => this.change({ layer }));
  }
}

function finished(panel: Panel): TemplateResult {
  return html`${headSection(panel)} ${scatterSection(panel)} ${pairSection(panel)} ${rhoSection(panel)}`;
}
