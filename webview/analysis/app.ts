import type { TemplateResult } from "lit";
import type { AnalysisDocument } from "../../src/engine/document/document";
import type { AnalysisState, FromAnalysisView, ProfileState, ToAnalysisView } from "../../src/views/analysis-protocol";
import { restoredView } from "../shared/restored-view";
import { errorMessage, interruptedMessage } from "../shared/run-messages";
import { type Activity, ThresholdIndex } from "../shared/threshold-index";
import { themeKind } from "../shared/theme";
import { type Page, ViewApp } from "../shared/view-app";
import { finishedSection } from "./finished";
import { closeMatrix } from "./matrix";
import { emptyMessage } from "./messages";
import type { Panel } from "./panel";
import { cancelledSection, type Partial as Around, runningSection } from "./running";
import { firstView, type ViewState, viewOf } from "./view-state";

/** The view of one analysis. Threshold changes are measured as `paramscope.threshold`. */
export class AnalysisApp extends ViewApp<ToAnalysisView, FromAnalysisView, ViewState> {
  #state: AnalysisState | undefined;
  #profile: ProfileState | undefined;
  #index: { document: AnalysisDocument; index: ThresholdIndex } | undefined;
  #activity: { index: ThresholdIndex; tau: number; activity: Activity } | undefined;

  constructor(page: Page<FromAnalysisView>) {
    super(page, restoredView(firstView, page.host.kept()));
  }

  override receive(message: ToAnalysisView): void {
    switch (message.type) {
      case "state":
        this.#accept(message.state);
        break;
      case "profile":
        this.#profile = message.profile;
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
      focused: this.view.row,
      onFocus: (row) => this.change({ row }),
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
        return errorMessage(state, "analyzed", this.post);
      case "done":
        return finishedSection(this.#panel(state));
    }
  }

  #accept(state: AnalysisState): void {
    this.#state = state;
    this.#profile = undefined;
    if (state.phase !== "done") return;
    const { document, title } = state;
    const { model, run, target, threshold, layers, samples } = document;
    const result = JSON.stringify([title, model.hash, target, run.seconds, threshold.tau]);
    const isNew = result !== this.view.result;
    this.showView(viewOf(result, this.view, { layers: layers.length, samples: samples.length }));
    if (!isNew) this.restoreScroll();
  }

  #panel({ document, title, saved, decorated }: Extract<AnalysisState, { phase: "done" }>): Panel {
    if (this.#index?.document !== document) this.#index = { document, index: new ThresholdIndex(document) };
    const { index } = this.#index;
    return {
      title,
      document,
      saved,
      decorated,
      profile: this.#profile,
      index,
      activity: this.#activityAt(index, document),
      view: this.view,
      theme: themeKind(),
      width: this.width,
      change: this.change,
      focus: this.focusOn,
      post: this.post,
    };
  }

  #activityAt(index: ThresholdIndex, { threshold }: AnalysisDocument): Activity {
    const begun = performance.now();
    const chosen = this.view.threshold;
    const tau = !chosen ? threshold.tau : chosen.mode === "share" ? index.tauOf(chosen.share) : chosen.tau;
    if (this.#activity?.index !== index || this.#activity.tau !== tau) {
      this.#activity = { index, tau, activity: index.at(tau) };
      performance.measure("paramscope.threshold", { start: begun });
    }
    return this.#activity.activity;
  }
}
