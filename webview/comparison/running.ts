import type { nothing } from "lit";
import { html, type TemplateResult } from "lit";
import type { ComparisonState, StreamedComparisonLayer } from "../../src/views/comparison-protocol";
import { cancelledPage, partialLines, runningPage } from "../shared/run-page";
import { explain } from "../shared/section";
import { curvesChart } from "./curves";
import { explanations } from "./explanations";
import type { Post } from "./panel";
import { sidesHeading } from "./sides";

type Running = Extract<ComparisonState, { phase: "running" }>;
type Cancelled = Extract<ComparisonState, { phase: "cancelled" }>;

export interface Partial {
  readonly post: Post;
  readonly width: number;
  readonly at: number;
  readonly onMove: (row: number) => void;
}

export function runningSection({ a, b, model, progress, layers }: Running, around: Partial): TemplateResult {
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

export function cancelledSection({ a, b, layers, layerCount }: Cancelled, around: Partial): TemplateResult {
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
  { width, at, onMove }: Partial,
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
