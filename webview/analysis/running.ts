import type { TemplateResult } from "lit";
import type { AnalysisState, FromAnalysisView, StreamedAnalysisLayer } from "../../src/pages/analysis";
import { explanations } from "./explanations";
import { twoColumns } from "./panel";
import { meanActivationBars } from "../shared/mean-activation-bars";
import type { Stage } from "../shared/page";
import { cancelledPage, runHeading, runningPage } from "../shared/run-page";
import { explain } from "../shared/section";
import { typicalPlace } from "./typical";
import type { ViewState } from "./view-state";
import { html } from "../shared/template";

type Running = Extract<AnalysisState, { phase: "running" }>;
type Cancelled = Extract<AnalysisState, { phase: "cancelled" }>;

type RunStage = Stage<ViewState, FromAnalysisView>;

/** An analysis that is under way: bars of the layers that are there. */
export function runningSection({ title, model, progress, layers }: Running, stage: RunStage): TemplateResult {
  return runningPage({
    heading: runHeading(title, model),
    progress,
    content: html`${typicalPlace("What is unusual is said when all layers are there.")}
      <div class="threshold-control place note">The threshold follows when all layers are there.</div>
      ${partialCharts(layers, progress.layers, stage, [
        "The deepest layers come first. Mean activation is final per layer; density needs all layers and takes its place at the end.",
        "Matrices and text follow when all layers are there.",
      ])}`,
    post: stage.post,
  });
}

/** An analysis that was cancelled, with the layers that are there. */
export function cancelledSection({ title, layers, layerCount }: Cancelled, stage: RunStage): TemplateResult {
  return cancelledPage({
    heading: runHeading(title),
    layers,
    layerCount,
    kept: "Their mean activation is final.",
    content: partialCharts(layers, layerCount, stage, [
      "Density needs all layers.",
      "Matrices and text need all layers.",
    ]),
    post: stage.post,
  });
}

/** Bars of the layers that are there, thin lines for the others, where the finished panel will have its bars. */
function partialCharts(
  streamed: readonly StreamedAnalysisLayer[],
  layerCount: number,
  { post, width, view, change }: RunStage,
  [sentence, rest]: readonly [string, string],
): TemplateResult {
  const isWide = width >= twoColumns;
  return html`<div class="columns arriving">
    <section class="section layers" aria-labelledby="layers-title">
      <header>
        <h2 id="layers-title">Layers</h2>
        <span class="note">mean activation</span>
      </header>
      ${meanActivationBars(streamed, layerCount, {
        top: isWide ? undefined : 2,
        width: isWide ? Math.floor(width * 0.42) : width,
        focused: view.row,
        onFocus: (row) => change({ row }),
      })}
      <p class="finding">${sentence}</p>
      ${explain(post, explanations.layers, "Layers")}
    </section>
    <section class="section matrices waiting" aria-label="Matrices"><p class="note">${rest}</p></section>
  </div>`;
}
