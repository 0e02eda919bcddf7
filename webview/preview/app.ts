import { html, type TemplateResult } from "lit";
import type { PruningChoices } from "../../src/engine/prune/options";
import type { AnalysisDocument } from "../../src/engine/document/document";
import type { StreamedAnalysisLayer } from "../../src/pages/analysis";
import type { CalibrationState, EvaluationCost, FromPreview, PartStates, ToPreview } from "../../src/pages/preview";
import type { ErrorState } from "../../src/pages/run";
import { followRun, type Phase } from "../shared/follow-run";
import { RunApp } from "../shared/run-app";
import { themeKind } from "../shared/theme";
import type { Page } from "../shared/view-app";
import { ActivationLosses } from "./activation-losses";
import { calibrationCancelled, calibrationForm, calibrationHead, calibrationRunning, welcome } from "./calibration";
import { evaluationSection } from "./evaluation";
import { exportSection } from "./export";
import type { Panel } from "./panel";
import { planControls, planSection } from "./plan";
import { canContinue, firstView, viewOfOptions, type ViewState, wantedEvaluation } from "./view-state";

/** The pruning preview of the side bar: the plan follows every control at once, all else is run on request. */
export class PreviewApp extends RunApp<CalibrationState, StreamedAnalysisLayer, ToPreview, FromPreview, ViewState> {
  protected readonly tried = "measured";
  #choices: PruningChoices | null = null;
  #cost: EvaluationCost | null = null;
  /** What the cost was last asked of. */
  #asked = "";
  #parts: PartStates = { evaluation: { phase: "empty" }, curve: { phase: "empty" }, export: { phase: "empty" } };
  #losses: { readonly document: AnalysisDocument; readonly losses: ActivationLosses } | undefined;

  constructor(page: Page<FromPreview>) {
    super(page, firstView);
  }

  override receive(message: ToPreview): void {
    if (message.type === "options") {
      if (message.id !== this.view.taken) this.showView({ ...this.view, ...viewOfOptions(message), taken: message.id });
      this.draw();
    }
    if (message.type === "choices") this.#choices = message.choices;
    if (message.type === "cost") this.#cost = message.cost;
    if (message.type === "part") {
      const { part } = message;
      // each part's messages are of its own states
      const state = followRun<PartStates[typeof part], unknown>(this.#parts[part], message.message);
      this.#parts = { ...this.#parts, [part]: state };
      this.draw();
    } else super.receive(message);
    this.#askForCost();
  }

  /** The cost of an evaluation, whenever it is another: the plan itself hardly matters to it, nor what the prompt says. */
  #askForCost(): void {
    const { view, done } = this;
    const isRunning = Object.values(this.#parts).some(({ phase }) => phase === "running");
    if (!done || this.#choices === null || isRunning) return;
    const wanted = wantedEvaluation(view, canContinue(this.#choices));
    const { on, windows, prompt } = wanted;
    const asked = JSON.stringify([view.result, view.criterion, on, windows, prompt !== undefined]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#cost = null;
    if (on !== "other") this.post({ type: "estimate", ...wanted });
  }

  protected empty(): TemplateResult {
    return welcome(this.#form);
  }

  protected running(state: Phase<CalibrationState, "running">): TemplateResult {
    return calibrationRunning(
      state,
      this.around(this.view.layer, (layer) => this.change({ layer })),
    );
  }

  protected cancelled(state: Phase<CalibrationState, "cancelled">): TemplateResult {
    return html`${calibrationForm(this.#form)}
    ${calibrationCancelled(
      state,
      this.around(this.view.layer, (layer) => this.change({ layer })),
    )}`;
  }

  protected override failed(state: ErrorState): TemplateResult {
    return html`${calibrationForm(this.#form, { isAgain: true })} ${super.failed(state)}`;
  }

  protected finished(state: Phase<CalibrationState, "done">): TemplateResult {
    const panel = this.#panel(state);
    return html`${calibrationHead(panel)} ${planControls(panel)} ${planSection(panel)} ${evaluationSection(panel)}
    ${exportSection(panel)}`;
  }

  protected identify({ document, title }: Phase<CalibrationState, "done">): string {
    return JSON.stringify([title, document.model.hash, document.run.seconds]);
  }

  /** What the user has chosen stays; where charts stand does not. */
  protected viewOf(result: string): ViewState {
    return result === this.view.result ? this.view : { ...this.view, result, layer: 0, column: 0, place: 0, scroll: 0 };
  }

  get #form() {
    return { view: this.view, change: this.change, post: this.post };
  }

  #panel({ title, document }: Phase<CalibrationState, "done">): Panel {
    if (this.#losses?.document !== document) this.#losses = { document, losses: new ActivationLosses(document) };
    const { view, width, post } = this;
    const change = (changed: Partial<ViewState>) => {
      this.change(changed);
      this.#askForCost();
    };
    const parts = { choices: this.#choices, cost: this.#cost, parts: this.#parts, losses: this.#losses.losses };
    return { title, document, ...parts, view, change, post, focus: this.focusOn, width, theme: themeKind() };
  }
}
