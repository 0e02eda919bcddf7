import type { nothing } from "lit";
import type { TemplateResult } from "lit";
import type { FromPairsView, PairsState, StreamedPairsLayer } from "../../src/pages/pairs";
import type { Stage } from "../shared/page";
import { cancelledPage, goesOn, partialLines, runHeading, runningPage } from "../shared/run-page";
import { explain } from "../shared/section";
import { explanations } from "./explanations";
import { rhoChart } from "./rho";
import type { ViewState } from "./view-state";
import { html } from "../shared/template";

type Running = Extract<PairsState, { phase: "running" }>;
type Cancelled = Extract<PairsState, { phase: "cancelled" }>;
type RunStage = Stage<ViewState, FromPairsView>;

/** A run of sentence pairs that is under way, with the layers that are there. */
export function runningSection({ title, model, progress, layers }: Running, stage: RunStage): TemplateResult {
  const { post } = stage;
  return runningPage({
    heading: runHeading(title, model),
    progress,
    content: html`${partialRho(layers, progress.layers, stage)}
      <p class="finding">The deepest layers come first. The pairs follow when all layers are there.</p>
      ${explain(post, explanations.rho, "Layers")}`,
    post,
  });
}

/** A run of sentence pairs that was cancelled, with the layers that are there. */
export function cancelledSection({ title, layers, layerCount }: Cancelled, stage: RunStage): TemplateResult {
  return cancelledPage({
    heading: runHeading(title),
    layers,
    layerCount,
    kept: `Their agreement is final. ${goesOn}`,
    content: partialRho(layers, layerCount, stage),
    post: stage.post,
  });
}

/** The rho of the layers that are there; its intervals follow when all are. */
function partialRho(
  streamed: readonly StreamedPairsLayer[],
  layerCount: number,
  { width, view, change }: RunStage,
): TemplateResult | typeof nothing {
  return partialLines({
    id: rhoChart,
    name: "rho",
    label: "Agreement by layer",
    lines: [{ name: "Agreement of similarity", of: (layer) => layer.spearman }],
    streamed,
    layerCount,
    low: Math.min(0, ...streamed.map(({ spearman }) => spearman)),
    width,
    at: view.layer,
    onMove: (layer) => change({ layer }),
  });
}
