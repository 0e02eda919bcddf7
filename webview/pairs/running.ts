import type { nothing } from "lit";
import { html, type TemplateResult } from "lit";
import type { PairsState, StreamedPairsLayer } from "../../src/pages/pairs";
import { type Around, cancelledPage, goesOn, partialLines, runHeading, runningPage } from "../shared/run-page";
import { explain } from "../shared/section";
import { explanations } from "./explanations";
import { rhoChart } from "./rho";

type Running = Extract<PairsState, { phase: "running" }>;
type Cancelled = Extract<PairsState, { phase: "cancelled" }>;

export function runningSection({ title, model, progress, layers }: Running, around: Around): TemplateResult {
  const { post } = around;
  return runningPage({
    heading: runHeading(title, model),
    progress,
    content: html`${partialRho(layers, progress.layers, around)}
      <p class="finding">The deepest layers come first. The pairs follow when all layers are there.</p>
      ${explain(post, explanations.rho, "Layers")}`,
    post,
  });
}

export function cancelledSection({ title, layers, layerCount }: Cancelled, around: Around): TemplateResult {
  return cancelledPage({
    heading: runHeading(title),
    layers,
    layerCount,
    kept: `Their rho is final. ${goesOn}`,
    content: partialRho(layers, layerCount, around),
    post: around.post,
  });
}

/** Rho of the layers that are there; where it stands at the end follows when all are. */
function partialRho(
  streamed: readonly StreamedPairsLayer[],
  layerCount: number,
  { width, at, onMove }: Around,
): TemplateResult | typeof nothing {
  return partialLines({
    id: rhoChart,
    name: "rho",
    label: "Spearman's rho by layer",
    lines: [{ name: "Rho of similarity", of: (layer) => layer.spearman }],
    streamed,
    layerCount,
    low: Math.min(0, ...streamed.map(({ spearman }) => spearman)),
    width,
    at,
    onMove,
  });
}
