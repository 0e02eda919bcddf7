import { html, type TemplateResult } from "lit";
import type { FromPruningView, PruningState, StreamedPrunedLayer, ToPruningView } from "../../src/pages/pruning";
import { type Phase, RunApp } from "../shared/run-app";
import { goneMessage } from "../shared/run-messages";
import { cancelledPage, runHeading, runningPage } from "../shared/run-page";
import type { Page } from "../shared/view-app";
import { finishedSection } from "./finished";
import { firstView, type ViewState } from "./view-state";

/** The view of a pruning, from the history or a saved file. */
export class PruningApp extends RunApp<PruningState, StreamedPrunedLayer, ToPruningView, FromPruningView, ViewState> {
  protected readonly tried = "pruned";

  constructor(page: Page<FromPruningView>) {
    super(page, firstView);
  }

  protected empty(): TemplateResult {
    return goneMessage(
      "This pruning is not there any more",
      "To make it again, evaluate it in the Pruning preview of the side bar.",
    );
  }

  protected running({ title, model, progress }: Phase<PruningState, "running">): TemplateResult {
    return runningPage({ heading: runHeading(title, model), progress, content: html``, post: this.post });
  }

  protected cancelled({ title, layerCount }: Phase<PruningState, "cancelled">): TemplateResult {
    return cancelledPage({
      heading: runHeading(title),
      layers: [],
      layerCount,
      kept: "",
      none: "Cancelled before all layers were pruned: nothing is kept.",
      post: this.post,
    });
  }

  protected finished(state: Phase<PruningState, "done">): TemplateResult {
    return finishedSection(this.panelOf(state));
  }

  protected identify({ document, title }: Phase<PruningState, "done">): string {
    return JSON.stringify([title, document.model.hash, document.run.seconds]);
  }

  protected viewOf(result: string): ViewState {
    return result === this.view.result ? this.view : { ...firstView, result, tables: this.view.tables };
  }
}
