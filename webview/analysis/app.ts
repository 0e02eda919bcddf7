import { html, render, type TemplateResult } from "lit";
import type { AnalysisDocument } from "../../src/engine/document/document";
import type { AnalysisState, ProfileState, ToAnalysisView } from "../../src/views/analysis-protocol";
import { type Activity, ThresholdIndex } from "../shared/threshold-index";
import { themeKind } from "../shared/theme";
import { finishedSection } from "./finished";
import { closeMatrix } from "./matrix";
import { emptyMessage, errorMessage, interruptedMessage } from "./messages";
import type { Panel, Post } from "./panel";
import { cancelledSection, type Partial as Around, runningSection } from "./running";
import { type ViewState, viewOf } from "./view-state";

/** State in, drawing out: messages of the extension are drawn once a frame. */
export class AnalysisApp {
  #state: AnalysisState | undefined;
  #profile: ProfileState | undefined;
  #index: { document: AnalysisDocument; index: ThresholdIndex } | undefined;
  #activity: { index: ThresholdIndex; tau: number; activity: Activity } | undefined;
  #width = 0;
  #focus: string | undefined;
  #isAwaitingFrame = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly post: Post,
    private view: ViewState,
    private readonly keep: (view: ViewState) => void,
  ) {}

  receive(message: ToAnalysisView): void {
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

  resize(width: number): void {
    if (width === this.#width) return;
    this.#width = width;
    this.draw();
  }

  scrolled(scroll: number): void {
    this.view = { ...this.view, scroll };
    this.keep(this.view);
  }

  /** Escape: from one matrix back to the heat map. */
  back(): boolean {
    if (this.#state?.phase !== "done" || !this.view.opened) return false;
    closeMatrix({ change: this.#change, focus: this.#focusOn });
    return true;
  }

  readonly draw = (): void => {
    if (this.#isAwaitingFrame) return;
    this.#isAwaitingFrame = true;
    requestAnimationFrame(() => {
      this.#isAwaitingFrame = false;
      this.#drawNow();
    });
  };

  #accept(state: AnalysisState): void {
    this.#state = state;
    this.#profile = undefined;
    if (state.phase !== "done") return;
    const { document, title } = state;
    const { model, run, target, threshold, layers, samples } = document;
    const result = JSON.stringify([title, model.hash, target, run.seconds, threshold.tau]);
    const isNew = result !== this.view.result;
    this.view = viewOf(result, this.view, { layers: layers.length, samples: samples.length });
    this.keep(this.view);
    if (!isNew) requestAnimationFrame(() => requestAnimationFrame(() => window.scrollTo(0, this.view.scroll)));
  }

  /** Draws at once, so that the next key finds what this one did; pointers come once a frame anyway. */
  readonly #change = (change: Partial<ViewState>): void => {
    this.view = { ...this.view, ...change };
    this.keep(this.view);
    this.#drawNow();
  };

  readonly #focusOn = (id: string): void => {
    this.#focus = id;
    this.draw();
  };

  #drawNow(): void {
    if (!this.#state || this.#width === 0) return;
    const begun = performance.now();
    render(this.#content(this.#state), this.root);
    performance.measure("paramscope.draw", { start: begun });
    if (this.#focus) moveFocus(this.#focus);
    this.#focus = undefined;
  }

  #content(state: AnalysisState): TemplateResult {
    const around: Around = {
      post: this.post,
      width: this.#width,
      focused: this.view.row,
      onFocus: (row) => this.#change({ row }),
    };
    switch (state.phase) {
      case "empty":
        return emptyMessage(this.post);
      case "running":
        return runningSection(state, around);
      case "cancelled":
        return cancelledSection(state, around);
      case "interrupted":
        return interruptedMessage(state, this.post);
      case "error":
        return errorMessage(state, this.post);
      case "done":
        return html`${finishedSection(this.#panel(state))}`;
    }
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
      width: this.#width,
      change: this.#change,
      focus: this.#focusOn,
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

/** An element, or the first thing in it that takes the focus. */
function moveFocus(id: string): void {
  const element = document.getElementById(id);
  if (!element) return;
  if (id.startsWith("token-")) element.scrollIntoView({ block: "nearest" });
  else (element.querySelector<HTMLElement>("[tabindex='0']") ?? element).focus();
}
