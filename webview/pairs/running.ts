import { html, nothing, type TemplateResult } from "lit";
import { formatCount, formatNumber } from "../../src/format/numbers";
import type { PairsState, StreamedRho } from "../../src/views/pairs-protocol";
import { button } from "../shared/controls";
import { lineChart } from "../shared/line-chart";
import { progressText } from "../shared/progress-text";
import { explain } from "../shared/section";
import { explanations } from "./explanations";
import type { Post } from "./panel";
import { rhoChart } from "./rho";

type Running = Extract<PairsState, { phase: "running" }>;
type Cancelled = Extract<PairsState, { phase: "cancelled" }>;

export interface Partial {
  readonly post: Post;
  readonly width: number;
  readonly at: number;
  readonly onMove: (layer: number) => void;
}

export function runningSection({ title, model, progress, layers }: Running, around: Partial): TemplateResult {
  const share = progress.phase === "queued" ? 0 : Math.min(1, Math.max(0, progress.share));
  return html`<header class="head">
      <div class="facts">
        <h1>${title}</h1>
        <span>${model}</span>
      </div>
      <div class="actions">${button("Cancel", () => around.post({ type: "cancel" }))}</div>
    </header>
    <p class="answer" role="status">${progressText(progress)}</p>
    <progress aria-label="Progress of the run" max="1" value=${share}></progress>
    ${partialRho(layers, progress.layers, around)}
    <p class="finding">The deepest layers come first. The pairs follow when all layers are there.</p>
    ${explain(around.post, explanations.rho, "Layers")}`;
}

export function cancelledSection({ title, layers, layerCount }: Cancelled, around: Partial): TemplateResult {
  const text =
    layers.length > 0
      ? `Cancelled after ${formatCount(layers.length)} of ${formatCount(layerCount)} layers. Their rho is final.`
      : "Cancelled before the first layer was scored.";
  return html`<header class="head">
      <div class="facts"><h1>${title}</h1></div>
      <div class="actions">
        ${button("Try again", () => around.post({ type: "tryAgain" }), { primary: true })}
      </div>
    </header>
    <p class="answer" role="status">${text}</p>
    ${layers.length > 0 ? partialRho(layers, layerCount, around) : nothing}`;
}

/** Rho of the layers that are there; where it stands at the end follows when all are. */
function partialRho(
  streamed: readonly StreamedRho[],
  layerCount: number,
  { width, at, onMove }: Partial,
): TemplateResult | typeof nothing {
  if (layerCount === 0) return nothing;
  const found = new Map(streamed.map(({ layer, rho }) => [layer, rho]));
  const values = Array.from({ length: layerCount }, (_, layer) => found.get(layer));
  return html`<section class="section rho" aria-labelledby="rho-title">
    <header><h2 id="rho-title">Layers</h2></header>
    ${lineChart({
      id: rhoChart,
      label: "Spearman's rho by layer",
      lines: [{ name: "Similarity", values }],
      places: values.map((_, layer) => String(layer)),
      axis: "layer",
      low: Math.min(0, ...found.values()),
      high: 1,
      width,
      at,
      onMove,
      describe: (layer) => {
        const rho = found.get(layer);
        return rho === undefined ? `Layer ${layer}: not there yet` : `Layer ${layer}: rho ${formatNumber(rho)}`;
      },
    })}
  </section>`;
}
