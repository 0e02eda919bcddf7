import { html, type TemplateResult } from "lit";
import type {
  FrequencyState,
  FromFrequencyView,
  StreamedFrequencyLayer,
  ToFrequencyView,
} from "../../src/pages/frequency";
import { explain } from "../shared/section";
import { type Phase, RunApp } from "../shared/run-app";
import { goneMessage } from "../shared/run-messages";
import { cancelledPage, runHeading, runningPage } from "../shared/run-page";
import type { Page } from "../shared/view-app";
import { clusteringSection } from "./clustering";
import { distributionSection } from "./distribution";
import { explanations } from "./explanations";
import { headSection } from "./head";
import { layersSection } from "./layers";
import type { Panel } from "./panel";
import { firstView, type ViewState } from "./view-state";

/** The view of in how many texts weights are among the strongest. */
export class FrequencyApp extends RunApp<
  FrequencyState,
  StreamedFrequencyLayer,
  ToFrequencyView,
  FromFrequencyView,
  ViewState
> {
  protected readonly tried = "counted";

  constructor(page: Page<FromFrequencyView>) {
    super(page, firstView);
  }

  protected empty(): TemplateResult {
    return goneMessage(
      "These counts are not there any more",
      "To make them again, select several files or a folder in the explorer and choose Count how often weights are active.",
    );
  }

  protected running({ title, model, progress }: Phase<FrequencyState, "running">): TemplateResult {
    return runningPage({
      heading: runHeading(title, model),
      progress,
      content: html`<p class="finding">It is counted text by text; the figures follow when all layers are there.</p>
        ${explain(this.post, explanations.layers, "Layers")}`,
      post: this.post,
    });
  }

  protected cancelled({ title, layerCount }: Phase<FrequencyState, "cancelled">): TemplateResult {
    return cancelledPage({
      heading: runHeading(title),
      layers: [],
      layerCount,
      kept: "",
      none: "Cancelled before all layers were counted: nothing is kept.",
      post: this.post,
    });
  }

  protected finished(state: Phase<FrequencyState, "done">): TemplateResult {
    return finished(this.panelOf(state));
  }

  protected identify({ document, title }: Phase<FrequencyState, "done">): string {
    const { model, run, target, samples } = document;
    return JSON.stringify([title, model.hash, target, samples, run.seconds]);
  }

  protected viewOf(result: string): ViewState {
    return result === this.view.result ? this.view : { ...firstView, result, tables: this.view.tables };
  }
}

function finished(panel: Panel): TemplateResult {
  return html`${headSection(panel)} ${layersSection(panel)} ${distributionSection(panel)} ${clusteringSection(panel)}`;
}
