import type { nothing } from "lit";
import type { TemplateResult } from "lit";
import type { ComparisonState, StreamedComparisonLayer, FromComparisonView } from "../../src/pages/comparison";
import type { Stage } from "../shared/page";
import { cancelledPage, partialLines, runningPage } from "../shared/run-page";
import { explain } from "../shared/section";
import { curvesChart } from "./curves";
import { explanations } from "./explanations";
import { sidesHeading } from "./sides";
import type { ViewState } from "./view-state";
import { html } from "../shared/template";

type Running = Extract<ComparisonState, { phase: "running" }>;
type Cancelled = Extract<ComparisonState, { phase: "cancelled" }>;
type RunStage = Stage<ViewState, FromComparisonView>;

/** A comparison that is under way, with the curves of the layers that are there. */
export function runningSection({ a, b, model, progress, layers }: Running, stage: RunStage): TemplateResult {
  const { post } = stage;
  return runningPage({
    heading: html`<div class="facts-column">
      ${sidesHeading(a, b)}
      <div class="facts"><span>${model}</span></div>
    </div>`,
    progress,
    content: html`${partialCurves(layers, progress.layers, stage)}
      <p class="finding">The deepest layers come first. Relevance, matrices and texts follow when all layers are there.</p>
      ${explain(post, explanations.curves, "Layers")}`,
    post,
  });
}

/** A comparison that was cancelled, with the layers that are there. */
export function cancelledSection({ a, b, layers, layerCount }: Cancelled, stage: RunStage): TemplateResult {
  return cancelledPage({
    heading: html`<div class="facts-column">${sidesHeading(a, b)}</div>`,
    layers,
    layerCount,
    kept: "What is there is final.",
    content: partialCurves(layers, layerCount, stage),
    post: stage.post,
  });
}

/** The layers that are there, where the finished view has its curves. */
function partialCurves(
  streamed: readonly StreamedComparisonLayer[],
  layerCount: number,
  { width, view, change }: RunStage,
): TemplateResult | typeof nothing {
  return partialLines({
    id: curvesChart,
    name: "curves",
    label: "Similarity, Overlap by layer",
    lines: [
      { name: "Similarity", of: (layer) => layer.similarity },
      { name: "Overlap", of: (layer) => layer.overlap },
    ],
    streamed,
    layerCount,
    width,
    at: view.row,
    onMove: (row) => change({ row }),
  });
}
