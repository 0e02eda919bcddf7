import { html, nothing, type TemplateResult } from "lit";
import { formatCount, formatNumber } from "../../src/format/numbers";
import type { ComparisonState, StreamedComparisonLayer } from "../../src/views/comparison-protocol";
import { button } from "../shared/controls";
import { lineChart } from "../shared/line-chart";
import { progressText } from "../shared/progress-text";
import { explain } from "../shared/section";
import { curvesChart, layerAxis } from "./curves";
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
  const share = progress.phase === "queued" ? 0 : Math.min(1, Math.max(0, progress.share));
  return html`<header class="head">
      <div class="facts-column">
        ${sidesHeading(a, b)}
        <div class="facts"><span>${model}</span></div>
      </div>
      <div class="actions">${button("Cancel", () => around.post({ type: "cancel" }))}</div>
    </header>
    <p class="answer" role="status">${progressText(progress)}</p>
    <progress aria-label="Progress of the run" max="1" value=${share}></progress>
    ${partialCurves(layers, progress.layers, around)}
    <p class="finding">
      The deepest layers come first. Relevance, matrices and texts follow when all layers are there.
    </p>
    ${explain(around.post, explanations.curves, "Layers")}`;
}

export function cancelledSection({ a, b, layers, layerCount }: Cancelled, around: Partial): TemplateResult {
  const some = layers.length > 0;
  return html`<header class="head">
      <div class="facts-column">${sidesHeading(a, b)}</div>
      <div class="actions">
        ${button("Try again", () => around.post({ type: "tryAgain" }), { primary: true })}
      </div>
    </header>
    <p class="answer" role="status">
      ${
        some
          ? `Cancelled after ${formatCount(layers.length)} of ${formatCount(layerCount)} layers. What is there is final.`
          : "Cancelled before the first layer was compared."
      }
    </p>
    ${some ? partialCurves(layers, layerCount, around) : nothing}`;
}

/** The layers that are there, where the finished view has its curves. */
function partialCurves(
  streamed: readonly StreamedComparisonLayer[],
  layerCount: number,
  { width, at, onMove }: Partial,
): TemplateResult | typeof nothing {
  if (layerCount === 0) return nothing;
  const found = new Map(streamed.map((layer) => [layer.layer, layer]));
  const layers = Array.from({ length: layerCount }, (_, layer) => layer);
  return html`<section class="section curves" aria-labelledby="curves-title">
    <header><h2 id="curves-title">Layers</h2></header>
    ${lineChart({
      ...layerAxis(layers),
      id: curvesChart,
      label: "Similarity, Overlap by layer",
      lines: [
        { name: "Similarity", values: layers.map((layer) => found.get(layer)?.similarity) },
        { name: "Overlap", values: layers.map((layer) => found.get(layer)?.overlap) },
      ],
      width,
      at,
      onMove,
      describe: (layer) => {
        const known = found.get(layer);
        return known
          ? `Layer ${layer}: similarity ${formatNumber(known.similarity)}, overlap ${formatNumber(known.overlap)}`
          : `Layer ${layer}: not there yet`;
      },
    })}
  </section>`;
}
