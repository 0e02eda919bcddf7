import type { nothing } from "lit";
import { html, type TemplateResult } from "lit";
import type { ComparisonState, StreamedComparisonLayer } from "../../src/pages/comparison";
import { type Around, cancelledPage, partialLines, runningPage } from "../shared/run-page";
import { explain } from "../shared/section";
import { curvesChart } from "./curves";
import { explanations } from "./explanations";
import { sidesHeading } from "./sides";

type Running = Extract<ComparisonState, { phase: "running" }>;
type Cancelled = Extract<ComparisonState, { phase: "cancelled" }>;

export function runningSection({ a, b, model, progress, layers }: Running, around: Around): TemplateResult {
  const { post } = around;
  return runningPage({
    heading: html`<div class="facts-column">
      ${sidesHeading(a, b)}
      <div class="facts"><span>${model}</span></div>
    </div>`,
    progress,
    content: html`${partialCurves(layers, progress.layers, around)}
      <p class="finding">The deepest layers come first. Relevance, matrices and texts follow when all layers are there.</p>
      ${explain(post, explanations.curves, "Layers")}`,
    post,
  });
}

export function cancelledSection({ a, b, layers, layerCount }: Cancelled, around: Around): TemplateResult {
  return cancelledPage({
    heading: html`<div class="facts-column">${sidesHeading(a, b)}</div>`,
    layers,
    layerCount,
    kept: "What is there is final.",
    content: partialCurves(layers, layerCount, around),
    post: around.post,
  });
}

/** The layers that are there, where the finished view has its curves. */
function partialCurves(
  streamed: readonly StreamedComparisonLayer[],
  layerCount: number,
  { width, at, onMove }: Around,
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
    at,
    onMove,
  });
}
