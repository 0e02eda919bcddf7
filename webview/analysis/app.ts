import type { TemplateResult } from "lit";
import { chosenTau } from "../../src/engine/document/at-threshold";
import type { AnalysisDocument } from "../../src/engine/document/document";
import { type Activity, ThresholdIndex } from "../../src/engine/document/threshold-index";
import type {
  AnalysisState,
  FromAnalysisView,
  ProfileState,
  StreamedAnalysisLayer,
  ToAnalysisView,
} from "../../src/pages/analysis";
import { type Phase, RunApp } from "../shared/run-app";
import type { Page } from "../shared/view-app";
import { finishedSection } from "./finished";
import { closeMatrix } from "./matrix";
import { emptyMessage } from "./messages";
import type { Panel } from "./panel";
import { cancelledSection, type Partial as Around, runningSection } from "./running";
import { firstView, type ViewState, viewOf } from "./view-state";

/** The view of one analysis. Threshold changes are measured as `paramscope.threshold`. */
export class AnalysisApp extends RunApp<
  AnalysisState,
  StreamedAnalysisLayer,
  ToAnalysisView,
  FromAnalysisView,
  ViewState
> {
  protected readonly tried = "analyzed";
  protected override readonly choice = ({ threshold }: ViewState): FromAnalysisView => ({
    type: "chooseThreshold",
    threshold: threshold ?? null,
  });
  #profile: ProfileState | undefined;
  #isDecorated = false;
  #index: { document: AnalysisDocument; index: ThresholdIndex } | undefined;
  #activity: { index: ThresholdIndex; tau: number; activity: Activity } | undefined;

  constructor(page: Page<FromAnalysisView>) {
    super(page, firstView);
  }

  override receive(message: ToAnalysisView): void {
    if (message.type === "profile") this.#profile = message.profile;
    if (message.type === "decorated") this.#isDecorated = message.decorated;
    if (message.type === "state") {
      this.#profile = undefined;
      this.#isDecorated = false;
    }
    super.receive(message);
  }

  /** Escape: from one matrix back to the heat map. */
  override back(): boolean {
    if (!this.done || !this.view.opened) return false;
    closeMatrix({ change: this.change, focus: this.focusOn });
    return true;
  }

  protected empty(): TemplateResult {
    return emptyMessage(this.post);
  }

  protected running(state: Phase<AnalysisState, "running">): TemplateResult {
    return runningSection(state, this.#around);
  }

  protected cancelled(state: Phase<AnalysisState, "cancelled">): TemplateResult {
    return cancelledSection(state, this.#around);
  }

  protected finished(state: Phase<AnalysisState, "done">): TemplateResult {
    return finishedSection(this.#panel(state));
  }

  protected identify({ document, title }: Phase<AnalysisState, "done">): string {
    const { model, run, target, threshold } = document;
    return JSON.stringify([title, model.hash, target, run.seconds, threshold.tau]);
  }

  protected viewOf(result: string, { document }: Phase<AnalysisState, "done">): ViewState {
    const { layers, samples } = document;
    return viewOf(result, this.view, { layers: layers.length, samples: samples.length });
  }

  get #around(): Around {
    return { post: this.post, width: this.width, focused: this.view.row, onFocus: (row) => this.change({ row }) };
  }

  #panel(state: Phase<AnalysisState, "done">): Panel {
    const { document } = state;
    if (this.#index?.document !== document) this.#index = { document, index: new ThresholdIndex(document) };
    const { index } = this.#index;
    const activity = this.#activityAt(index, document);
    return { ...this.panelOf(state), decorated: this.#isDecorated, profile: this.#profile, index, activity };
  }

  #activityAt(index: ThresholdIndex, document: AnalysisDocument): Activity {
    const begun = performance.now();
    const tau = chosenTau(document, index, this.view.threshold);
    if (this.#activity?.index !== index || this.#activity.tau !== tau) {
      this.#activity = { index, tau, activity: index.at(tau) };
      performance.measure("paramscope.threshold", { start: begun });
    }
    return this.#activity.activity;
  }
}
