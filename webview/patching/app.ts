import { html, nothing, type TemplateResult } from "lit";
import type { ErrorState } from "../../src/pages/run";
import type { FromPatchingView, PatchingState, ToPatchingView } from "../../src/pages/patching";
import { type Phase, RunApp } from "../shared/run-app";
import { goneMessage } from "../shared/run-messages";
import type { Page } from "../shared/view-app";
import { gridMap, gridSection } from "./grid";
import { headSection } from "./head";
import type { Panel } from "./panel";
import { placeSection } from "./place";
import { runAgainForm } from "./run-again";
import { cancelledSection, runningSection } from "./running";
import { firstView, type ViewState } from "./view-state";

/** The view of activation patching. */
export class PatchingApp extends RunApp<PatchingState, never, ToPatchingView, FromPatchingView, ViewState> {
  protected readonly tried = "patched";

  constructor(page: Page<FromPatchingView>) {
    super(page, firstView);
  }

  /** Escape: from the next tokens of one place back to the heat map. */
  override back(): boolean {
    if (!this.done || !this.view.opened) return false;
    this.change({ opened: false });
    this.focusOn(gridMap);
    return true;
  }

  protected empty(): TemplateResult {
    return goneMessage(
      "This patching is not there any more",
      "To patch one prompt into another, mark a selection as prompt A, select the other and choose Patch prompt A into selection, or select two files in the explorer.",
    );
  }

  protected running(state: Phase<PatchingState, "running">): TemplateResult {
    return runningSection(state, this.post);
  }

  protected cancelled(state: Phase<PatchingState, "cancelled">): TemplateResult {
    return cancelledSection(state, this.post);
  }

  /** Where other answers are what it takes, they are asked for. */
  protected override failed(state: ErrorState): TemplateResult {
    const form = state.settings?.includes("answers") ? runAgainForm({ site: "residual" }, this.post) : nothing;
    return html`${super.failed(state)}
      <div class="below-message">${form}</div>`;
  }

  protected finished(state: Phase<PatchingState, "done">): TemplateResult {
    return finished(this.panelOf(state));
  }

  protected identify({ document, title }: Phase<PatchingState, "done">): string {
    const { model, run, site, answers } = document;
    return JSON.stringify([title, model.hash, site, answers.a.id, answers.b.id, run.seconds]);
  }

  protected viewOf(result: string): ViewState {
    return result === this.view.result ? this.view : { ...firstView, result, tables: this.view.tables };
  }
}

function finished(panel: Panel): TemplateResult {
  return html`${headSection(panel)} ${gridSection(panel)} ${panel.view.opened ? placeSection(panel) : nothing}`;
}
